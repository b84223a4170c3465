"""What is told of nodes."""

from __future__ import annotations

from datetime import date as LocalDate  # noqa: N812 `date` is a field of models
from typing import Literal, Self

from kubedoor_api.kube.retry import AskingReason
from kubedoor_api.web.fields import EnvPath, LooseName, Model, Time
from kubedoor_core.domain.placement.model import Taint
from kubedoor_core.problem_codes import ProblemCode

CLUSTERS_OWN = ("node.kubernetes.io/", "node.cloudprovider.kubernetes.io/")
"""Beginnings of taints that come and go with a node's conditions."""


class NodePath(EnvPath):
    """A node of a cluster."""

    name: LooseName
    """Name of the node"""


class NodeResource(Model):
    """A resource of one node, millicores or MiB; null while unknown."""

    p95: float | None
    """P95 of what all that ran on it used in the last peak window"""
    used: float | None
    """Used now"""
    requested: float | None
    """Requested by its pods: now where that is known, else at the last peak"""
    allocatable: float | None
    """What its pods may have"""


def is_clusters_own(key: str) -> bool:
    """Tell whether a taint of that key comes and goes with a node's conditions."""
    return key.startswith(CLUSTERS_OWN)


class NodeTaint(Model):
    """What keeps pods off that do not tolerate it."""

    key: str
    """Key"""
    value: str
    """Value; empty for none"""
    effect: str
    """`NoSchedule`, `PreferNoSchedule` or `NoExecute`"""
    of_cluster: bool
    """Whether it is the cluster's own: it comes and goes with the node's conditions"""

    @classmethod
    def of(cls, taint: Taint) -> Self:
        """Return what is told of a taint."""
        return cls(**taint._asdict(), of_cluster=is_clusters_own(taint.key))


class NodeCordon(Model):
    """Who keeps pods off a node, as its annotations tell."""

    by: str
    """Who; empty where it was done by other means than KubeDoor's"""
    at: Time | None
    """Since when; null while unknown"""
    until: Time | None
    """Until when it is meant; null: open"""
    reason: str
    """Why, in their words"""
    action: str
    """The drain that cordoned it; empty: none did"""


class NodeSummary(Model):
    """A node: what it gives, is asked for and uses."""

    node: str
    """Name of the node"""
    group: str
    """Nodes of the same kind: instance type or size, zone, taints; empty while unknown"""
    zone: str
    """Its zone; empty where it has none, or while unknown"""
    ready: bool | None
    """Whether it is; null while unknown"""
    cordoned: bool | None
    """Whether it takes no more pods; null while unknown"""
    cordon: NodeCordon | None
    """By whom; null where it is not cordoned, or where the cluster was not asked"""
    taints: list[NodeTaint]
    """What keeps pods off"""
    pressure: list[str]
    """Conditions that it has besides being ready, such as `MemoryPressure`"""
    created_at: Time | None
    """Since when it is there; null while unknown"""
    control_plane: bool
    """Whether it runs the cluster itself"""
    pods: int | None
    """Pods on it; null while unknown"""
    pods_most: int | None
    """Pods that it can take; null while unknown"""
    cpu: NodeResource
    """Millicores"""
    mem: NodeResource
    """MiB"""
    money_month: float | None
    """What that much cpu and memory costs a month; null where no price is set"""


class NodeImbalance(Model):
    """How unevenly nodes are loaded, in points of what each has."""

    mean_pct: float
    """Mean over the nodes, per cent"""
    deviation: float
    """Standard deviation over the nodes, points"""
    hottest_over_mean: float
    """How far the hottest node is above their mean, points"""
    hottest: str
    """The hottest node"""


class NodeBalance(Model):
    """One resource over all nodes at the last peak."""

    used: NodeImbalance | None
    """How unevenly they are used; null while unknown"""
    requested: NodeImbalance | None
    """How unevenly they are asked for. Where this is even and use is not, the requests are wrong, and not
    the scheduler; null while unknown"""
    used_pct: float | None
    """Used at the peak of what they may give together, per cent; null while unknown"""
    requested_pct: float | None
    """Requested of it"""
    stranded: float
    """Not requested, on nodes where nothing of the other resource is left: millicores or MiB"""


NodeReason = Literal["", "no_cluster", "no_store"] | AskingReason


class NodeList(Model):
    """An env's nodes."""

    as_of: LocalDate | None
    """The day whose peak the figures are of; null where no collection knew nodes"""
    cluster_reason: NodeReason
    """Why the cluster did not tell taints, cordons, zones and ages; empty where it did"""
    cluster_detail: str
    """The same in words"""
    now_at: Time | None
    """When what is used now was evaluated; null while unknown"""
    now_reason: str
    """Why it is not known what is used now; empty where it is"""
    now_code: ProblemCode | None
    """The same as the code of a problem, where it is one, such as `no_prometheus`"""
    may_control: bool
    """Whether nodes can be cordoned, tainted and drained from here: `nodes.control` of the chart"""
    cpu: NodeBalance
    """Cpu over all nodes"""
    mem: NodeBalance
    """Memory over all nodes"""
    items: list[NodeSummary]
    """The nodes, by name"""


class NodeDay(Model):
    """A node in the peak window of one day; null is unknown."""

    date: LocalDate
    """Local day"""
    source: str
    """Who told its use: `cadvisor`, `kubelet` or `node_exporter`; empty: nobody"""
    cpu_alloc_m: float | None
    """Allocatable, millicores"""
    mem_alloc_mib: float | None
    """Allocatable, MiB"""
    pods_alloc: float | None
    """Pods that it may have"""
    p95_cpu_m: float | None
    """P95 of the cpu in use, millicores"""
    p95_mem_mib: float | None
    """P95 of the memory in use, MiB"""
    max_mem_mib: float | None
    """Most memory that was in use, MiB"""
    requested_cpu_m: float | None
    """Requested by its running pods, millicores"""
    requested_mem_mib: float | None
    """Requested by its running pods, MiB"""
    pods: float | None
    """Pods that ran on it"""
    ready_pct: float | None
    """Share of the window in which it was ready, per cent"""
    psi_cpu_pct: float | None
    """Share of the window in which something waited for a cpu, per cent"""
    coverage: float
    """Share of the window's minutes of which its use is known"""


class NodePod(Model):
    """A pod on a node."""

    namespace: str
    """Kubernetes namespace"""
    name: str
    """Name of the pod"""
    owner: str
    """What made it, such as `ReplicaSet cart-7d9f8c6b5d`; empty for none"""
    phase: str
    """Phase"""
    cpu_m: int
    """Requested, millicores"""
    mem_mib: int
    """Requested, MiB"""


class NodeDetail(Model):
    """A node, its last days, and the pods on it."""

    node: NodeSummary
    """As it is"""
    days: list[NodeDay]
    """Its peaks, oldest first"""
    pods: list[NodePod] | None
    """Those on it that have not ended; null where the cluster does not tell"""
    cluster_reason: NodeReason
    """Why it does not; empty where it does"""
    cluster_detail: str
    """The same in words"""
