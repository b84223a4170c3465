"""Nodes and pods as far as placing goes by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from kubedoor_core.domain.placement.selecting import Labels, NodeTerm, Selector

CPU, MEMORY, SLOTS = "cpu", "memory", "pods"
"""Resources that every node has: millicores, MiB, and how many pods; others are in units of their own."""
HOST = "kubernetes.io/hostname"

Pin = Literal["", "daemon", "static", "no_owner"]
"""Why a pod stays on its node: it is one of a DaemonSet; a kubelet made it; nobody would remake it."""


class Taint(NamedTuple):
    """What keeps pods off a node that do not tolerate it."""

    key: str
    value: str
    effect: str


class Toleration(NamedTuple):
    """What lets a pod on a node with a taint."""

    key: str
    operator: str
    value: str
    effect: str

    def tolerates(self, taint: Taint) -> bool:
        """Tell whether it lets a pod past a taint."""
        if self.effect and self.effect != taint.effect:
            return False
        if not self.key:
            return self.operator == "Exists"
        return self.key == taint.key and (self.operator == "Exists" or self.value == taint.value)


class PodTerm(NamedTuple):
    """Pods that some part of the cluster has, or must not have.

    :ivar namespaces: those of the pods that are meant; None: all.
    """

    selector: Selector | None
    namespaces: frozenset[str] | None
    topology_key: str


class Spread(NamedTuple):
    """How much fuller than the emptiest part of the cluster another one may be."""

    term: PodTerm
    max_skew: int
    min_domains: int


class HostPort(NamedTuple):
    """A port of the node itself."""

    port: int
    protocol: str
    address: str

    def collides(self, other: HostPort) -> bool:
        """Tell whether both can't be on one node."""
        same = (self.port, self.protocol) == (other.port, other.protocol)
        every = {"", "0.0.0.0"}  # noqa: S104 an address that is compared
        return same and (self.address == other.address or bool(every & {self.address, other.address}))


@dataclass(frozen=True)
class Rules:
    """What a pod asks of the node that it is on, besides room.

    :ivar node_terms: any of which is enough; None: every node will do.
    :ivar volume_terms: likewise, of each of its volumes.
    """

    node_selector: Selector = ()
    node_terms: tuple[NodeTerm, ...] | None = None
    volume_terms: tuple[tuple[NodeTerm, ...], ...] = ()
    tolerations: tuple[Toleration, ...] = ()
    affinity: tuple[PodTerm, ...] = ()
    anti_affinity: tuple[PodTerm, ...] = ()
    spread: tuple[Spread, ...] = ()
    ports: tuple[HostPort, ...] = ()

    def tolerates(self, taint: Taint) -> bool:
        """Tell whether a pod may be on a node in spite of a taint."""
        return any(one.tolerates(taint) for one in self.tolerations)


@dataclass(frozen=True)
class Node:
    """A node; what its pods may ask for altogether is its capacity."""

    name: str
    capacity: Mapping[str, int]
    labels: Labels = field(default_factory=dict)
    taints: tuple[Taint, ...] = ()


@dataclass(frozen=True)
class Pod:
    """A pod.

    :ivar needs: how much of each resource; one of the slots, too.
    :ivar node: where it is; empty: nowhere yet.
    :ivar service: what made it, as people call it.
    """

    namespace: str
    name: str
    needs: Mapping[str, int]
    labels: Labels = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    node: str = ""
    pin: Pin = ""
    service: str = ""

    @property
    def holds_node(self) -> bool:
        """Whether its node has to stay: nobody would remake it elsewhere."""
        return self.pin == "no_owner"

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others."""
        return self.namespace, self.name
