"""What is wrong, as the facts of one look have it: one sign for each service, container and kind. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from kubedoor_api.findings.facts import (
    ContainerState,
    Facts,
    FindingKind,
    NodeState,
    PodState,
    Subject,
)
from kubedoor_api.findings.scheduling import NOT_CREATED, Room, exceeded, missing_of
from kubedoor_api.kube_events.event import KubeEvent
from kubedoor_api.pods.isolation import ISOLATED

EvidenceCode = Literal[
    "container_ended", "container_waits", "container_unready", "no_node", "scheduler_says", "rollout",
    "pods_not_made", "quota", "node_condition", "evicted", "event", "figure", "refused", "symptom",
    "affected",
]  # fmt: skip
Value = str | int | float
RECENT = timedelta(minutes=10)
"""How long an incident that is over by itself, such as a container that was killed, is worth telling."""
MOST_EVIDENCE = 5
"""So many pods of a service are shown as evidence of the same."""
KILLED = frozenset({137, 143})
"""Exit codes of a container that was told to end, or was made to."""
UNHEALTHY = "Unhealthy"


@dataclass(frozen=True)
class Evidence:
    """Something that was seen: a code and its parameters, of which readers make words."""

    code: EvidenceCode
    at: datetime
    parameters: Mapping[str, Value]


@dataclass(frozen=True)
class Sign:
    """Something that is wrong.

    :ivar since: when it began, as far as Kubernetes tells.
    :ivar pods: names of the pods that have it.
    :ivar nodes: that the pods are on; of pods without one, those that would take them were they well.
    :ivar services: whom a quota keeps from making pods.
    """

    kind: FindingKind
    subject: Subject
    since: datetime
    evidence: tuple[Evidence, ...]
    container: str = ""
    pods: tuple[str, ...] = ()
    nodes: frozenset[str] = frozenset()
    services: frozenset[Subject] = frozenset()


def signs(facts: Facts) -> list[Sign]:
    """Return all that is wrong, ordered by kind and subject."""
    found = [
        *_grouped(sign for pod in facts.pods.values() for sign in _of_pod(pod, facts)),
        *_unscheduled(facts),
        *(sign for node in facts.nodes.values() for sign in _of_node(node)),
        *_grouped(_of_deployments(facts)),
        *_figures(facts),
        *_refusals(facts),
    ]
    return sorted(found, key=lambda sign: (sign.kind, sign.subject, sign.container))


def _of_pod(pod: PodState, facts: Facts) -> Iterator[Sign]:
    if pod.leaving or pod.phase == "Succeeded" or pod.node in facts.dead_nodes or ISOLATED in pod.labels:
        return
    if pod.reason == "Evicted":
        if facts.now - pod.changed_at <= RECENT:
            shown = Evidence("evicted", pod.changed_at, _about(pod, said=pod.message))
            yield _sign("evicted", pod, facts, pod.changed_at, shown)
        return
    # What was told of its probes lately, the latest last.
    events = facts.events_of.get(("Pod", pod.namespace, pod.name), ())
    recent = (one for one in events if one.reason == UNHEALTHY and facts.now - one.last_at <= RECENT)
    told = sorted(recent, key=lambda one: one.last_at)
    if pod.trouble and pod.trouble.kind != "no_progress":
        sign = _of_trouble(pod, pod.trouble.kind, pod.trouble.container, facts, told)
        if sign is not None:
            yield sign
            return
    yield from _of_containers(pod, facts, told)


def _of_containers(pod: PodState, facts: Facts, told: list[KubeEvent]) -> Iterator[Sign]:
    """Tell containers that can't be created, or run and are not ready."""
    for one in pod.containers:
        if one.waiting in NOT_CREATED:
            about = _about(pod, container=one.name, reason=one.waiting, said=one.said)
            if (missing := missing_of(one.said)) is not None:  # as far as that is said
                about |= {"missing_kind": missing.kind, "missing_name": missing.name}
                about |= {"missing_key": missing.key} if missing.key else {}
            shown = Evidence("container_waits", pod.created_at, about)
            yield _sign("config", pod, facts, pod.created_at, shown, container=one.name)
        if (since := _unready(one, pod, facts.now, told)) is not None:
            parameters = _about(pod, container=one.name, allowed_s=one.unready_s or 0)
            evidence = (Evidence("container_unready", since, parameters), *map(event_evidence, told[-1:]))
            yield _sign("probe_failing", pod, facts, since, *evidence, container=one.name)


def _of_trouble(
    pod: PodState, kind: Literal["crash_loop", "oom", "image"], name: str, facts: Facts, told: list[KubeEvent]
) -> Sign | None:
    """Return what a container's trouble is a sign of; None where it has got over it since."""
    one = next((each for each in pod.containers if each.name == name), None)
    if one is None:
        return None
    since = one.ended_at or pod.created_at
    if kind == "image":
        shown = Evidence(
            "container_waits",
            pod.created_at,
            _about(pod, container=name, reason=one.waiting, image=one.image),
        )
        return _sign("image", pod, facts, pod.created_at, shown, container=name)
    if pod.ready and (kind == "crash_loop" or facts.now - since > RECENT):
        return None
    ended = _about(pod, container=name, reason=one.ended, restarts=one.restarts)
    if one.exit_code is not None:
        ended["exit_code"] = one.exit_code
    shown = Evidence("container_ended", since, ended)
    if kind == "crash_loop" and told and one.exit_code in KILLED:  # its liveness probe had it killed
        return _sign(
            "probe_failing", pod, facts, since, shown, *map(event_evidence, told[-1:]), container=name
        )
    return _sign(kind, pod, facts, since, shown, container=name)


def _unready(one: ContainerState, pod: PodState, now: datetime, told: list[KubeEvent]) -> datetime | None:
    """Return since when a container that runs is not ready although its probes had the time to find it so."""
    if one.ready or one.running_since is None or one.unready_s is None or pod.phase != "Running":
        return None
    since = max(one.running_since, pod.changed_at)
    return since if told or now - one.running_since > timedelta(seconds=one.unready_s) else None


def event_evidence(event: KubeEvent) -> Evidence:
    """Return an event as evidence."""
    told: dict[str, Value] = {
        "reason": event.reason,
        "count": event.count,
        "said": event.message[:600],
        "uid": event.uid,
    }
    return Evidence("event", event.last_at, told)


def _about(pod: PodState, **further: Value) -> dict[str, Value]:
    return {"pod": pod.name, **({"node": pod.node} if pod.node else {}), **further}


def _sign(
    kind: FindingKind, pod: PodState, facts: Facts, since: datetime, *evidence: Evidence, container: str = ""
) -> Sign:
    nodes = frozenset({pod.node} if pod.node else ())
    return Sign(kind, facts.service_of(pod), since, evidence, container, (pod.name,), nodes=nodes)


def _grouped(found: Iterable[Sign]) -> Iterator[Sign]:
    """Make one sign of those of a service's pods that say the same of a container."""
    groups: dict[tuple[FindingKind, Subject, str], list[Sign]] = {}
    for sign in found:
        groups.setdefault((sign.kind, sign.subject, sign.container), []).append(sign)
    for (kind, subject, container), members in groups.items():
        members.sort(key=lambda sign: (sign.since, sign.pods))
        evidence = tuple(one for member in members[:MOST_EVIDENCE] for one in member.evidence)
        pods = tuple(pod for member in members for pod in member.pods)
        nodes = frozenset(node for member in members for node in member.nodes)
        services = frozenset(one for member in members for one in member.services)
        yield Sign(kind, subject, members[0].since, evidence, container, pods, nodes, services)


def _unscheduled(facts: Facts) -> Iterator[Sign]:
    """Work out once for each service why its pods have no node."""
    waiting: dict[Subject, list[PodState]] = {}
    for pod in facts.pods.values():
        if pod.unscheduled_at is not None and not pod.leaving:
            waiting.setdefault(facts.service_of(pod), []).append(pod)
    room = Room(facts) if waiting else None
    for subject, pods in waiting.items():
        assert room is not None
        pods.sort(key=lambda pod: (pod.unscheduled_at or pod.created_at, pod.name))
        first, place = pods[0], room.place(pods[0])
        since = first.unscheduled_at or first.created_at
        shown: dict[str, Value] = {
            "pod": first.name,
            "reason": place.reason or "unknown",
            "cpu_m": first.asked.cpu_m,
            "mem_mib": first.asked.mem_mib,
            "nodes": len(facts.nodes),
            **{f"nodes_{block}": count for block, count in sorted(place.blocked.items())},
        }
        if place.nearest:
            name, free = place.nearest
            shown |= {"nearest": name, "free_cpu_m": free.cpu_m, "free_mem_mib": free.mem_mib}
        evidence = [Evidence("no_node", since, shown)]
        if place.reason is None:
            evidence.append(Evidence("scheduler_says", since, {"pod": first.name, "said": first.message}))
        names = tuple(pod.name for pod in pods)
        nodes = place.unwell if place.reason else frozenset[str]()
        yield Sign("unschedulable", subject, since, tuple(evidence), "", names, nodes)


def _of_node(node: NodeState) -> Iterator[Sign]:
    subject, at = Subject("Node", "", node.name), node.ready_changed_at
    nodes = frozenset({node.name})
    if not node.ready:
        shown = {"node": node.name, "condition": "Ready", "reason": node.ready_reason}
        yield Sign("node_not_ready", subject, at, (Evidence("node_condition", at, shown),), nodes=nodes)
    for kind, since in node.pressures:
        shown = {"node": node.name, "condition": kind}
        yield Sign("node_pressure", subject, since, (Evidence("node_condition", since, shown),), nodes=nodes)


def _of_deployments(facts: Facts) -> Iterator[Sign]:
    """Tell rollouts that don't come through, and pods that can't be made: for want of quota, or refused."""
    for one in facts.deployments.values():
        subject = Subject("Deployment", one.namespace, one.name)
        if one.refused_at is not None:
            over = exceeded(facts, one)
            if over is not None:
                quota, parameters = over
                shown = Evidence("quota", one.refused_at, {"deployment": one.name, **parameters})
                place = Subject("ResourceQuota", one.namespace, quota)
                yield Sign("quota", place, one.refused_at, (shown,), services=frozenset({subject}))
            else:
                shown = Evidence("pods_not_made", one.refused_at, {"said": one.refused})
                yield Sign("pods_refused", subject, one.refused_at, (shown,))
        if one.stuck_at is not None:  # the pods before it may serve on
            counts = {"desired": one.desired, "updated": one.updated, "available": one.available}
            yield Sign("rollout_stuck", subject, one.stuck_at, (Evidence("rollout", one.stuck_at, counts),))


def _figures(facts: Facts) -> Iterator[Sign]:
    """Tell what is measured to be over a threshold; what a pod has is its service's."""
    found = list[Sign]()
    for one in facts.figures:
        subject, pods = one.subject, tuple[str, ...]()
        shown: dict[str, Value] = {"value": _rounded(one.value), "threshold": _rounded(one.threshold)}
        nodes = frozenset[str]()
        if subject.kind == "Pod":
            pod = facts.pods.get((subject.namespace, subject.name))
            if pod is None:
                continue  # gone since it was measured
            subject, pods, nodes = facts.service_of(pod), (pod.name,), frozenset({pod.node})
            shown["pod"] = pod.name
        evidence = (Evidence("figure", facts.now, shown),)
        found.append(Sign(one.kind, subject, facts.now, evidence, one.container, pods, nodes=nodes))
    return _grouped(found)


def _rounded(value: float) -> float:
    return round(value, 0 if value >= 100 else 1)


def _refusals(facts: Facts) -> Iterator[Sign]:
    for one in facts.refusals:
        shown = Evidence("refused", one.at, {"uid": one.uid, "user": one.user})
        yield Sign("admission_refused", Subject(one.kind, one.namespace, one.name), one.at, (shown,))
