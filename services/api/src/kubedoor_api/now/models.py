"""What is told of an env as it is now."""

from __future__ import annotations

from typing import Literal

from kubedoor_api.web.fields import Model, ServiceName, Time

QueryName = Literal[
    "cpu",
    "memory",
    "pods",
    "restarts",
    "owners",
    "replicas",
    "requests",
    "limits",
    "nodes",
    "node_use",
    "volumes",
    "autoscalers",
    "traffic",
    "latency",
]
QueryState = Literal["ok", "none", "failed"]

Trouble = Literal[
    "crash_loop",
    "image",
    "config",
    "none_ready",
    "pods_missing",
    "pending",
    "failing",
    "mem_near_limit",
    "restarts",
    "errors",
    "at_most",
    "cpu_near_limit",
]
"""What is wrong with a service, what is worst first."""


class NowQuery(Model):
    """How one of an evaluation's queries went."""

    name: QueryName
    """Which"""
    state: QueryState
    """`ok`; `none`: the store has no such series; `failed`: it did not answer. What depends on one that is
    not `ok` is unknown"""
    reason: str
    """Why it failed; empty otherwise"""
    took_ms: int
    """How long the store took, milliseconds"""


class NowUse(Model):
    """A resource, over all pods."""

    used: float | None
    """Used now, millicores or MiB; null while unknown"""
    request: float | None
    """Requested; null for none, or while unknown"""
    limit: float | None
    """Limit; null where a container has none, or while unknown"""


class NowPods(Model):
    """How many pods there are, by how they are; null while unknown."""

    running: int | None
    """Running, and not waiting for what does not come"""
    pending: int | None
    """Neither running nor failing yet"""
    failing: int | None
    """Failed, or with a container in a crash loop, without its image or its configuration"""


class NowRow(Model):
    """What a namespace or a service comes to."""

    pods: NowPods
    """Its pods"""
    cpu: NowUse
    """Millicores"""
    mem: NowUse
    """MiB, working set"""
    restarts_1h: int | None
    """Restarts of containers within the last hour; null while unknown"""
    qps: float | None
    """Requests per second; null where nobody counts them, or while unknown"""
    error_pct: float | None
    """Share of them that failed, per cent"""


class NowAutoscaler(Model):
    """Between which counts an autoscaler is."""

    current: int
    """Pods that it has"""
    most: int
    """The most that it may have"""


class NowService(ServiceName, NowRow):
    """A service as it is now."""

    ready: int | None
    """Pods that are available, as the cluster counts them; null while unknown"""
    asked: int | None
    """Pods that are asked for; null while unknown"""
    waiting: dict[str, int]
    """Why containers wait, as Kubernetes calls it, and how many do"""
    p95_ms: float | None
    """Latency that 95 per cent of requests stay within, milliseconds; of several ReplicaSets the longest"""
    autoscaler: NowAutoscaler | None
    """Its HorizontalPodAutoscaler; null without one"""
    troubles: list[Trouble]
    """What is wrong with it, what is worst first"""


class NowNamespace(NowRow):
    """A namespace as it is now, with pods that are of no service, too."""

    namespace: str
    """Kubernetes namespace"""
    services: int
    """Services in it"""
    troubled: int
    """Services with which something is wrong"""


class NowNodeUse(Model):
    """A resource of one node or of all."""

    used: float | None
    """Used now: of a node by whatever runs there, of an env by its pods; null while unknown"""
    requested: float | None
    """Requested by its pods; null while unknown"""
    allocatable: float | None
    """What its pods may have; null while unknown"""


class NowNode(Model):
    """A node as it is now."""

    node: str
    """Name of the node"""
    ready: bool | None
    """Whether it is; null while unknown"""
    cordoned: bool
    """Whether it takes no more pods"""
    pressure: list[str]
    """Conditions that it has besides being ready, such as `MemoryPressure`"""
    pods: int | None
    """Pods on it that have not ended; null while unknown"""
    pods_most: int | None
    """Pods that it can take; null while unknown"""
    cpu: NowNodeUse
    """Millicores"""
    mem: NowNodeUse
    """MiB"""


class NowNodeCounts(Model):
    """How many nodes there are."""

    ready: int
    """Ready"""
    all: int
    """All"""


class NowVolume(Model):
    """A volume that is nearly full."""

    namespace: str
    """Kubernetes namespace"""
    claim: str
    """Name of the PersistentVolumeClaim"""
    used_pct: float
    """Share that is used, per cent"""


class NowVolumes(Model):
    """How full volumes are."""

    full: list[NowVolume]
    """Volumes that are at least 85 per cent full, the fullest first"""
    all: int | None
    """Volumes of which it is told; null for whom not the whole env is in scope"""


class NowTiles(Model):
    """What an env comes to: all of it, or the namespaces that you may see."""

    nodes: NowNodeCounts | None
    """Nodes; null while unknown, and for whom not the whole env is in scope"""
    pods: NowPods
    """Pods"""
    cpu: NowNodeUse
    """Millicores. What nodes may give is null for whom not the whole env is in scope"""
    mem: NowNodeUse
    """MiB. Likewise"""
    volumes: NowVolumes | None
    """Volumes; null while unknown"""
    services: int
    """Services"""
    troubled: int
    """Services with which something is wrong"""


class Now(Model):
    """An env as it is now."""

    scope: list[str] | None
    """The namespaces that this is about; null for all"""
    at: Time | None
    """When it was evaluated, UTC; null where the store has not answered since the API runs"""
    asked_at: Time
    """When the store was asked last, UTC: later than `at` where it did not answer since"""
    every_s: int
    """Seconds between two evaluations while somebody looks"""
    stale: bool
    """Whether the store does not answer, so that this is how it was"""
    reason: str
    """Why it does not; empty otherwise"""
    interval_s: int | None
    """Seconds between two scrapes, as its samples show; null where they do not"""
    queries: list[NowQuery]
    """How each query went"""
    tiles: NowTiles
    """What the env comes to"""


class NowServices(Model):
    """Some of an env's services as they are now."""

    at: Time | None
    """When they were evaluated, UTC; null where the store has not answered since the API runs"""
    total: int
    """How many match in all"""
    troubles: dict[str, int]
    """How many services have each trouble, of those that the other filters leave"""
    items: list[NowService]
    """Those of this part"""


class NowNamespaces(Model):
    """An env's namespaces as they are now."""

    at: Time | None
    """When they were evaluated, UTC; null where the store has not answered since the API runs"""
    items: list[NowNamespace]
    """By name"""


class NowNodes(Model):
    """An env's nodes as they are now."""

    at: Time | None
    """When they were evaluated, UTC; null where the store has not answered since the API runs"""
    items: list[NowNode]
    """By name"""


class NowCurves(Model):
    """A service's use over the last three hours, all its pods together."""

    step_s: int
    """Seconds between two times"""
    times: list[Time]
    """The times, UTC"""
    cpu_m: list[float | None]
    """Millicores at each; null where there is none"""
    mem_mib: list[float | None]
    """MiB at each, working set"""
