"""Makes one finding of what has one cause, opens it if it lasts and closes it when it is over. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from kubedoor_api.findings.before import Change
from kubedoor_api.findings.causes import Evidence, Sign
from kubedoor_api.findings.facts import MEASURED, Facts, FindingKind, Subject

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


LOOKS_TO_OPEN = 2
LOOKS_TO_OPEN_MEASURED = 12
"""What metrics tell comes and goes with load: it must last for three minutes of looks every quarter."""
FORGOTTEN_AFTER = timedelta(seconds=100)
"""So long something that is not a finding yet may be away between two looks."""
CLOSED_AFTER = timedelta(minutes=10)


class Key(NamedTuple):
    """What makes two signs the same."""

    kind: FindingKind
    subject: Subject
    container: str


@dataclass(frozen=True)
class Finding:
    """Something that is wrong or was.

    :ivar began_at: when its cause began, as far as Kubernetes tells; `opened_at`: when it was found.
    :ivar ended_at: when it was seen the last time; None while it is open.
    :ivar changes: what was changed within the hour before, the likeliest cause first.
    """

    id: str
    key: Key
    began_at: datetime
    opened_at: datetime
    seen_at: datetime
    evidence: tuple[Evidence, ...]
    affected: tuple[Subject, ...] = ()
    pods: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Waiting:
    """Something that may become a finding."""

    seen_at: datetime
    looks: int


@dataclass(frozen=True)
class Tracked:
    """What is remembered from look to look."""

    open: Mapping[Key, Finding]
    waiting: Mapping[Key, Waiting]


NOTHING = Tracked({}, {})


class Step(NamedTuple):
    """What a look comes to."""

    tracked: Tracked
    opened: list[Finding]
    changed: list[Finding]
    closed: list[Finding]


def finding_id(env: str, key: Key, opened_at: datetime) -> str:
    """Return the identity of a finding: two leaders that open the same at once make one."""
    text = "\0".join((env, key.kind, *key.subject, key.container, opened_at.isoformat(timespec="minutes")))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def step(
    env: str, before: Tracked, found: Iterable[Folded], now: datetime, unknown: frozenset[FindingKind]
) -> Step:
    """Take up a look.

    :param unknown: kinds that could not be told this time: none of them is closed.
    """
    seen = {Key(one.sign.kind, one.sign.subject, one.sign.container): one for one in found}
    again = {key: _seen_again(known, seen[key], now) for key, known in before.open.items() if key in seen}
    over = {
        key
        for key, known in before.open.items()
        if key not in seen and key.kind not in unknown and now - known.seen_at >= CLOSED_AFTER
    }
    waiting = {
        key: waits
        for key, waits in before.waiting.items()
        if key not in seen and now - waits.seen_at < FORGOTTEN_AFTER
    }
    opened = dict[Key, Finding]()
    for key, one in seen.items():
        if key not in before.open:
            looks = before.waiting[key].looks + 1 if key in before.waiting else 1
            if looks < (LOOKS_TO_OPEN_MEASURED if key.kind in MEASURED else LOOKS_TO_OPEN):
                waiting[key] = Waiting(now, looks)
            else:
                identity, began_at = finding_id(env, key, now), min(one.sign.since, now)
                opened[key] = Finding(
                    identity, key, began_at, now, now, one.sign.evidence, one.affected, one.sign.pods
                )
    still = {key: known for key, known in before.open.items() if key not in over} | again | opened
    closed = [replace(before.open[key], ended_at=before.open[key].seen_at) for key in over]
    changed = [one for key, one in again.items() if _says(one) != _says(before.open[key])]
    return Step(Tracked(still, waiting), list(opened.values()), changed, closed)


def _says(one: Finding) -> tuple[object, ...]:
    seen = tuple(
        each.parameters.get("uid") if each.code == "event" else each
        for each in one.evidence
        if each.code != "figure"
    )  # a figure, and the count of an event, never stand still
    return one.began_at, seen, one.affected, one.pods


def _seen_again(known: Finding, one: Folded, now: datetime) -> Finding:
    """Return a finding as it is now: it keeps when it began, and what was changed before."""
    began_at = min(known.began_at, one.sign.since)
    return replace(
        known,
        began_at=began_at,
        seen_at=now,
        evidence=one.sign.evidence,
        affected=one.affected,
        pods=one.sign.pods,
    )
