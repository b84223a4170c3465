"""What runs in a cluster: workloads with their pods and what these use, nodes, autoscalers, volumes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kubedoor_dev.metrics.model import Container, Kind
from kubedoor_dev.metrics.model import Service as Described
from kubedoor_dev.metrics.pods import generated, replica_set

BOUNDS_S = (0.025, 0.1, 0.25, 1.0)
WITHIN = (0.4, 0.8, 0.96, 1.0)
"""Shares of requests that are answered within each bound."""
NODE_CPU_M, NODE_MEM_MIB, NODE_PODS = 16_000, 65_536, 110


@dataclass(frozen=True)
class Running:
    """A container of a pod.

    :ivar of: what it asks for and uses.
    :ivar waiting: why it does not run, as Kubernetes calls it; empty where it does.
    :ivar restarts: how often it was started anew before the last hour; ``lately`` within it.
    :ivar throttled: share of periods in which it waits for cpu.
    :ivar heap_live: share of its JVM's largest heap that is left after collections; ``gc`` the share of time
        for which it stands still. Zero for both: it runs no JVM.
    """

    of: Container
    waiting: str = ""
    restarts: int = 0
    lately: int = 0
    throttled: float = 0.0
    heap_live: float = 0.0
    gc: float = 0.0


@dataclass(frozen=True)
class Pod:
    """A pod.

    :ivar owner_kind: of what owns it directly; empty for nothing.
    :ivar qps: requests per second that it counts, as Micrometer does; ``failed`` is the share that fails,
        ``within`` the shares that are answered within each of `BOUNDS_S`.
    """

    namespace: str
    name: str
    containers: tuple[Running, ...]
    owner_kind: str = ""
    owner: str = ""
    node: str = ""
    phase: str = "Running"
    qps: float = 0.0
    failed: float = 0.0
    within: tuple[float, ...] = WITHIN


@dataclass(frozen=True)
class Workload:
    """A workload.

    :ivar sets: a Deployment's ReplicaSets, and how many pods each asks for.
    """

    namespace: str
    kind: Kind
    name: str
    asked: int
    ready: int
    sets: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Node:
    """A node; its address is what the kubelet is scraped at."""

    name: str
    address: str
    ready: bool = True
    cordoned: bool = False
    pressure: tuple[str, ...] = ()
    cpu_m: int = NODE_CPU_M
    mem_mib: int = NODE_MEM_MIB


@dataclass(frozen=True)
class Autoscaler:
    """A HorizontalPodAutoscaler of a Deployment."""

    namespace: str
    name: str
    deployment: str
    current: int
    most: int


@dataclass(frozen=True)
class Claim:
    """A PersistentVolumeClaim."""

    namespace: str
    name: str
    used_pct: float


@dataclass(frozen=True)
class Cluster:
    """Everything that is told of."""

    workloads: tuple[Workload, ...] = ()
    pods: tuple[Pod, ...] = ()
    nodes: tuple[Node, ...] = ()
    autoscalers: tuple[Autoscaler, ...] = ()
    claims: tuple[Claim, ...] = ()


def running(services: tuple[Described, ...], nodes: int = 6, qps: float = 20.0) -> Cluster:
    """Return a cluster in which services run as they are described, and nothing is wrong."""
    made = tuple(Node(f"node-{number}", f"10.1.0.{number}") for number in range(1, nodes + 1))
    workloads: list[Workload] = []
    pods: list[Pod] = []
    for service in services:
        mine = [
            replace(pod, node=made[(len(pods) + at) % nodes].name)
            for at, pod in enumerate(_pods(service, qps))
        ]
        pods += mine
        sets = ((replica_set(service, 0), len(mine)),) if service.kind == "Deployment" else ()
        workloads.append(Workload(service.namespace, service.kind, service.name, len(mine), len(mine), sets))
    return Cluster(tuple(workloads), tuple(pods), made)


def _pods(service: Described, qps: float) -> list[Pod]:
    of, owner = str(service.kind), service.name
    if service.kind == "Deployment":
        of, owner = "ReplicaSet", replica_set(service, 0)
    containers = tuple(Running(one) for one in service.containers)
    ends = [
        str(at) if of == "StatefulSet" else generated(f"{owner}/{at}", 5) for at in range(service.replicas)
    ]
    return [
        Pod(service.namespace, f"{owner}-{end}", containers, of, owner, qps=qps if service.speaks else 0.0)
        for end in ends
    ]
