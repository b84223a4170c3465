"""What a node's JSON tells: where it is, of which kind it is, who keeps pods off. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kubedoor_api.kube.manifests import NANO_PER_M, NANO_PER_MIB, condition_of
from kubedoor_api.kube.objects.cluster import Node as NodeObject
from kubedoor_api.kube.objects.cluster import NodeTaint
from kubedoor_core.domain import quantity
from kubedoor_core.domain.placement.model import CPU, MEMORY, SLOTS, Node, Taint
from kubedoor_core.domain.placement.static import OF_CONDITIONS

CORDONED_BY = "kubedoor.io/cordoned-by"
CORDONED_AT = "kubedoor.io/cordoned-at"
CORDON_UNTIL = "kubedoor.io/cordon-until"
CORDON_REASON = "kubedoor.io/cordon-reason"
CORDON_ACTION = "kubedoor.io/action"
"""Annotations of a node that was cordoned from here."""
ZONES = ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone")
TYPES = ("node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type")
CONTROL_PLANE = ("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master")
PRESSURES = ("MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable")
MIB_PER_GIB = 1024


@dataclass(frozen=True)
class Cordon:
    """Who keeps pods off a node; empty and None where annotations do not tell.

    :ivar action: the drain that cordoned it; empty: none did.
    """

    by: str
    at: datetime | None
    until: datetime | None
    reason: str
    action: str


@dataclass(frozen=True)
class LiveNode:
    """A node as its cluster tells it.

    :ivar node: what pods fit on it; taints of its conditions are left out.
    :ivar cordon: None where it takes pods.
    :ivar every_taint: also those of its conditions; ``version`` is what a change is based on.
    """

    node: Node
    group: str
    zone: str
    ready: bool
    cordon: Cordon | None
    taints: tuple[Taint, ...]
    every_taint: tuple[Taint, ...]
    pressure: tuple[str, ...]
    created_at: datetime | None
    control_plane: bool
    uid: str
    version: str

    @property
    def name(self) -> str:
        """Its name."""
        return self.node.name

    @property
    def takes_pods(self) -> bool:
        """Whether the scheduler puts pods on it."""
        return self.ready and self.cordon is None


def read_node(found: NodeObject) -> LiveNode:
    """Read a node."""
    metadata, spec = found.get("metadata") or {}, found.get("spec") or {}
    labels = metadata.get("labels") or {}
    every = tuple(
        Taint(str(one["key"]), str(one.get("value") or ""), str(one.get("effect") or ""))
        for one in spec.get("taints") or ()
    )
    taints = tuple(one for one in every if one.key not in OF_CONDITIONS)
    node = Node(
        str(metadata.get("name") or ""),
        amounts((found.get("status") or {}).get("allocatable") or {}),
        labels,
        taints,
    )
    zone = next((labels[key] for key in ZONES if key in labels), "")
    annotations, cordon = metadata.get("annotations") or {}, None
    if spec.get("unschedulable"):
        cordon = Cordon(
            str(annotations.get(CORDONED_BY) or ""),
            time_of(annotations.get(CORDONED_AT)),
            time_of(annotations.get(CORDON_UNTIL)),
            str(annotations.get(CORDON_REASON) or ""),
            str(annotations.get(CORDON_ACTION) or ""),
        )
    return LiveNode(
        node=node,
        group=_group(node, zone),
        zone=zone,
        ready=condition_of(found, "Ready").get("status") == "True",
        cordon=cordon,
        taints=taints,
        every_taint=every,
        pressure=tuple(one for one in PRESSURES if condition_of(found, one).get("status") == "True"),
        created_at=time_of(metadata.get("creationTimestamp")),
        control_plane=any(key in labels for key in CONTROL_PLANE),
        uid=str(metadata.get("uid") or ""),
        version=str(metadata.get("resourceVersion") or ""),
    )


def taint_of(taint: Taint) -> NodeTaint:
    """Return a taint as a node has it."""
    found: NodeTaint = {"key": taint.key, "effect": taint.effect}
    return {**found, "value": taint.value} if taint.value else found


def amounts(values: Mapping[str, str]) -> dict[str, int]:
    """Return quantities as placing counts them, rounded down."""
    units = {CPU: NANO_PER_M, MEMORY: NANO_PER_MIB, SLOTS: quantity.NANO}
    return {
        name: quantity.parse(str(value)) // units.get(name, quantity.NANO) for name, value in values.items()
    }


def _group(node: Node, zone: str) -> str:
    """Return what nodes have in common that are alike: type or size, zone, and taints."""
    size = f"{node.capacity.get(CPU, 0) / 1000:.0f} cpu {node.capacity.get(MEMORY, 0) / MIB_PER_GIB:.0f} GiB"
    kind = next((node.labels[key] for key in TYPES if key in node.labels), size)
    taints = sorted(f"{one.key}={one.value}" if one.value else one.key for one in node.taints)
    return "/".join(part for part in (kind, zone, ",".join(taints)) if part)


def time_of(text: object) -> datetime | None:
    """Read a time; None where there is none, or no such."""
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None
