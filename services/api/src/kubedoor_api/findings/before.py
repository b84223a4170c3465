"""What was changed within the hour before something went wrong, the likeliest cause first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from kubedoor_api.findings.facts import (
    Facts,
    FindingKind,
    NodeState,
    ReplicaSetState,
    Subject,
    Template,
)
from kubedoor_core.domain.control import ContainerValues, by_name

ChangeCode = Literal["edit", "derived", "operation", "schedule", "admission", "rollout", "node", "setting"]
"""Who did it: somebody by hand, the collector, an operation, a schedule, admission, who rolled out."""
Value = str | int | None
WINDOW = timedelta(minutes=60)
SLACK = timedelta(seconds=30)
"""Clocks of a cluster's machines, and what one change sets off, may be so far apart."""
MOST = 20

EXPLAINS: Mapping[FindingKind, tuple[str, ...]] = {
    "oom": ("limit_mem_mib lowered", "image", "template", "replicas lowered"),
    "crash_loop": ("image", "template", "limit_mem_mib lowered", "limit_cpu_m lowered"),
    "image": ("image",),
    "config": ("template", "image"),
    "unschedulable": (
        "placement", "request_cpu_m raised", "request_mem_mib raised", "replicas raised", "node", "template",
    ),
    "probe_failing": ("image", "template", "limit_cpu_m lowered", "limit_mem_mib lowered"),
    "rollout_stuck": ("image", "template", "placement", "request_cpu_m raised", "request_mem_mib raised"),
    "throttled": ("limit_cpu_m lowered", "replicas lowered", "image"),
    "memory_near_limit": ("limit_mem_mib lowered", "image", "replicas lowered"),
    "heap_full": ("limit_mem_mib lowered", "image", "template", "replicas lowered"),
    "gc_storm": ("limit_mem_mib lowered", "limit_cpu_m lowered", "image", "template"),
    "hpa_capped": ("request_cpu_m lowered", "request_mem_mib lowered", "image"),
    "quota": ("replicas raised", "request_mem_mib raised", "request_cpu_m raised", "limit_mem_mib raised",
              "limit_cpu_m raised"),
    "pods_refused": (
        "limit_mem_mib raised", "limit_cpu_m raised", "request_mem_mib raised", "request_cpu_m raised",
        "limit_mem_mib lowered", "limit_cpu_m lowered", "request_mem_mib lowered", "request_cpu_m lowered",
        "template", "image",
    ),
    "admission_refused": ("mode", "setting", "removed"),
    "errors_up": ("image", "template", "limit_mem_mib lowered", "limit_cpu_m lowered", "replicas lowered"),
    "latency_up": ("limit_cpu_m lowered", "image", "template", "replicas lowered", "limit_mem_mib lowered"),
    "hot_pod": ("image", "replicas lowered", "restart"),
    "node_pressure": ("node",),
}  # fmt: skip
"""By kind, which aspects of a change may bring it about, the likeliest first."""
EXPLAINS_NO_NODE: Mapping[str, tuple[str, ...]] = {
    "cpu": ("request_cpu_m raised", "replicas raised", "node", "placement"),
    "memory": ("request_mem_mib raised", "replicas raised", "node", "placement"),
    "pods": ("replicas raised", "placement", "node"),
    "taint": ("placement", "node"),
    "affinity": ("placement", "node"),
    "anti_affinity": ("replicas raised", "placement", "node"),
    "volume_zone": ("template", "placement", "node"),
    "cordoned": ("node", "placement"),
    "not_ready": ("node",),
    "pressure": ("node",),
}
"""The same for pods without a node, by what stands against them; where that is not known, by kind."""
ORIGIN: tuple[ChangeCode, ...] = (
    "schedule", "operation", "edit", "setting", "derived", "admission", "rollout", "node",
)  # fmt: skip
"""Of changes with the same aspect one follows from another: who decided comes before what carried it out."""


@dataclass(frozen=True)
class Aspect:
    """One thing that a change changed.

    :ivar name: such as `limit_mem_mib lowered`, `image`, `template`, `placement`, `replicas raised`.
    """

    name: str
    container: str = ""
    before: Value = None
    after: Value = None


@dataclass(frozen=True)
class Change:
    """What somebody or something changed.

    :ivar source: identity of its record: a version, an id, the uid of a review, a ReplicaSet.
    :ivar explains: whether it may have brought the finding about, rather than only come before it.
    """

    code: ChangeCode
    at: datetime
    by: str
    subject: Subject
    source: str
    aspects: tuple[Aspect, ...]
    explains: bool = False


def number_aspect(what: str, before: int | None, after: int | None, container: str = "") -> Aspect | None:
    """Return the aspect of a count that moved; None where it did not.

    A limit that comes where there was none is lowered, one that goes is raised.
    """
    if before == after:
        return None
    none = float("inf") if what.startswith("limit") else 0
    lowered = (none if after is None else after) < (none if before is None else before)
    return Aspect(f"{what} {'lowered' if lowered else 'raised'}", container, before, after)


def values_aspects(before: Iterable[ContainerValues], after: Iterable[ContainerValues]) -> Iterator[Aspect]:
    """Return what changed between two rows' values of containers."""
    old, new = by_name(before), by_name(after)
    for name in {**old, **new}:
        was, now = old.get(name, ContainerValues(name)), new.get(name, ContainerValues(name))
        for what in ContainerValues._fields[1:]:
            aspect = number_aspect(what, getattr(was, what), getattr(now, what), name)
            if aspect is not None:
                yield aspect


def template_aspects(before: Template, after: Template) -> tuple[Aspect, ...]:
    """Return what changed between two pod templates."""
    found = list[Aspect | None]()
    for name, image in after.images.items():
        if before.images.get(name) not in (None, image):
            found.append(Aspect("image", name, before.images[name], image))
    for name, what in {**before.values, **after.values}:
        if name in before.images and name in after.images:
            old, new = before.values.get((name, what)), after.values.get((name, what))
            found.append(number_aspect(what, old, new, name))
    if before.placement != after.placement:
        found.append(Aspect("placement"))
    if before.rest != after.rest or before.images.keys() != after.images.keys():
        found.append(Aspect("template"))
    elif before.restarted_at != after.restarted_at:
        found.append(Aspect("restart"))
    return tuple(one for one in found if one is not None)


def rollouts(facts: Facts, service: Subject, since: datetime) -> Iterator[Change]:
    """Return the newest rollout of a Deployment, if it is as young."""
    sets: list[ReplicaSetState] = facts.sets_of.get((service.namespace, service.name), [])
    if service.kind == "Deployment" and len(sets) > 1 and sets[0].created_at >= since:
        aspects = template_aspects(sets[1].template, sets[0].template)
        yield Change("rollout", sets[0].created_at, "", service, sets[0].name, aspects)


def node_changes(facts: Facts, since: datetime) -> Iterator[Change]:
    """Return the nodes that went away or came within a time."""
    for node in facts.nodes.values():
        state = "not ready" if not node.ready else "cordoned" if node.cordoned else "ready"
        changed_at = node.cordoned_at if state == "cordoned" else node.ready_changed_at
        if state != "ready" and changed_at is not None and changed_at >= since:
            yield _node_change(node, changed_at, state)
        elif node.created_at >= since:
            yield _node_change(node, node.created_at, "new")


def _node_change(node: NodeState, at: datetime, state: str) -> Change:
    """Return what became of a node: one that is new brings no finding about."""
    aspect = Aspect("node added" if state == "new" else "node", after=state)
    return Change("node", at, "", Subject("Node", "", node.name), node.name, (aspect,))


def ranked(
    kind: FindingKind, container: str, began_at: datetime, changes: Iterable[Change], reason: str = ""
) -> list[Change]:
    """Return the changes of the hour before, the likeliest cause first.

    What may bring the finding about comes before what may not, a likelier aspect before another, who decided
    it before what carried it out, and the later before the earlier.

    :param reason: why a pod has no node.
    """
    explaining = EXPLAINS.get(kind, ())
    if kind == "unschedulable":
        explaining = EXPLAINS_NO_NODE.get(reason, explaining)
    order = {name: place for place, name in enumerate(explaining)}

    def place(change: Change) -> tuple[int, int, float]:
        own = (
            order[one.name]
            for one in change.aspects
            if one.name in order and (not container or one.container in ("", container))
        )
        return min(own, default=len(order)), ORIGIN.index(change.code), -change.at.timestamp()

    near = [one for one in changes if began_at - WINDOW <= one.at <= began_at + SLACK and one.aspects]
    near.sort(key=lambda one: (place(one), one.source))
    return [replace(one, explains=place(one)[0] < len(order)) for one in near[:MOST]]
