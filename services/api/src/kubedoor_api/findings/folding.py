"""Makes one finding of what has one cause: a node that dies is one, not forty. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from kubedoor_api.findings.causes import Evidence, Sign
from kubedoor_api.findings.facts import Facts, FindingKind, Subject

POD_KINDS: tuple[FindingKind, ...] = (
    "oom", "crash_loop", "image", "config", "unschedulable", "quota", "pods_refused", "admission_refused",
    "probe_failing",
)  # fmt: skip
EXPLAINED_BY: Mapping[FindingKind, tuple[FindingKind, ...]] = {
    "crash_loop": ("oom",),
    "memory_near_limit": ("oom", "heap_full"),
    "gc_storm": ("oom", "heap_full"),
    "heap_full": ("oom",),
    "rollout_stuck": POD_KINDS,
    "errors_up": (*POD_KINDS, "heap_full", "gc_storm"),
    "latency_up": (*POD_KINDS, "heap_full", "gc_storm", "throttled", "hot_pod", "hpa_capped", "errors_up"),
    "hpa_capped": ("throttled",),
    "evicted": (),
}
"""By kind, of what it may be a mere symptom in the same service, the likeliest cause first."""
OF_DEAD_NODE: frozenset[FindingKind] = frozenset(
    {"rollout_stuck", "errors_up", "latency_up", "probe_failing", "hpa_capped", "hot_pod"}
)
"""What follows in services whose pods were on a node that is not ready any more."""
MOST_AFFECTED = 50
"""So many services are named as affected; the count says how many there are."""


class Folded(NamedTuple):
    """A sign that is a cause, with its symptoms.

    :ivar affected: the services that have symptoms of it besides its own.
    """

    sign: Sign
    symptoms: tuple[Sign, ...]
    affected: tuple[Subject, ...]


def fold(signs: Iterable[Sign], facts: Facts) -> list[Folded]:
    """Return the causes among signs, in the order of the signs, each with what it explains."""
    own = list(signs)
    hosts: dict[Subject, set[str]] = {}  # the dead nodes that each service has pods on
    for pod in facts.pods.values():
        if pod.node in facts.dead_nodes and pod.phase != "Succeeded":
            hosts.setdefault(facts.service_of(pod), set()).add(pod.node)
    by_subject = {(one.kind, one.subject): one for one in own}
    nodes = {one.subject.name: one for one in own if one.kind == "node_pressure"}
    nodes |= {one.subject.name: one for one in own if one.kind == "node_not_ready"}
    quota_of = {service: one for one in own for service in one.services}
    symptoms: dict[int, list[Sign]] = {id(sign): [] for sign in own}
    for sign in own:
        root = sign
        while (cause := _of_node(root, nodes, hosts) or _in_service(root, by_subject, quota_of)) is not None:
            root = cause
        if root is not sign:
            symptoms[id(root)].append(sign)
    explained = {id(sign) for found in symptoms.values() for sign in found}
    return [_merged(sign, symptoms[id(sign)], hosts) for sign in own if id(sign) not in explained]


def _of_node(sign: Sign, nodes: Mapping[str, Sign], hosts: Mapping[Subject, set[str]]) -> Sign | None:
    """Return the node's sign that explains another."""
    if sign.subject.kind == "Node":
        found = nodes[sign.subject.name]
        return None if found is sign else found
    own = hosts.get(sign.subject, set())
    if sign.kind == "unschedulable":
        unwell = [name for name in sorted(sign.nodes) if name in nodes]
        return nodes[min(unwell, key=lambda name: name not in own)] if unwell else None
    dead = [nodes[name] for name in sorted(own) if name in nodes]
    if sign.kind in OF_DEAD_NODE and dead:
        return dead[0]
    if sign.kind == "evicted" and len(sign.nodes) == 1:
        return nodes.get(next(iter(sign.nodes)))
    return None


def _in_service(
    sign: Sign,
    by_subject: Mapping[tuple[FindingKind, Subject], Sign],
    quota_of: Mapping[Subject, Sign],
) -> Sign | None:
    """Return what else of the same service explains a sign."""
    for kind in EXPLAINED_BY.get(sign.kind, ()):
        found = quota_of.get(sign.subject) if kind == "quota" else by_subject.get((kind, sign.subject))
        if found is not None:
            return found
    return None


def _merged(sign: Sign, symptoms: list[Sign], hosts: Mapping[Subject, set[str]]) -> Folded:
    affected = {one.subject for one in symptoms if one.subject != sign.subject} | sign.services
    if sign.kind == "node_not_ready":
        affected |= {service for service, names in hosts.items() if sign.subject.name in names}
    affected = {one for one in affected if one.kind != "Node"}
    told = [
        Evidence(
            "symptom",
            one.since,
            {
                "kind": one.kind,
                "object": one.subject.kind,
                "namespace": one.subject.namespace,
                "name": one.subject.name,
            },
        )
        for one in symptoms[:MOST_AFFECTED]
    ]
    if affected:
        told.append(Evidence("affected", sign.since, {"services": len(affected)}))
    evidence = (*sign.evidence, *told)
    return Folded(replace(sign, evidence=evidence), tuple(symptoms), tuple(sorted(affected)[:MOST_AFFECTED]))
