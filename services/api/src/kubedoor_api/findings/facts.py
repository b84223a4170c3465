"""What a look at a cluster goes by: pods, nodes and workloads, reduced to what findings need. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal, NamedTuple

from kubedoor_api.kube.objects.pods import PodSpec
from kubedoor_api.kube.rollout import Trouble
from kubedoor_api.kube_events.event import KubeEvent
from kubedoor_api.workloads.room import Amount
from kubedoor_core.domain.placement.model import Taint
from kubedoor_core.domain.placement.selecting import NodeTerm
from kubedoor_core.domain.placement.static import CORDON

FindingKind = Literal[
    "crash_loop", "oom", "image", "config", "unschedulable", "probe_failing", "rollout_stuck", "throttled",
    "memory_near_limit", "heap_full", "gc_storm", "hpa_capped", "quota", "node_not_ready", "node_pressure",
    "evicted", "pvc_full", "errors_up", "latency_up", "hot_pod", "admission_refused", "pods_refused",
]  # fmt: skip
MEASURED: frozenset[FindingKind] = frozenset(
    {"throttled", "memory_near_limit", "heap_full", "gc_storm", "hpa_capped", "pvc_full", "errors_up",
     "latency_up", "hot_pod"}
)  # fmt: skip
"""The kinds that only metrics tell."""
Named = tuple[str, str]
"""Namespace and name of an object; the namespace of a node is empty."""


class Subject(NamedTuple):
    """What a finding is about: a workload, a node, a quota or a volume claim.

    :ivar namespace: empty for a node.
    """

    kind: str
    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class ContainerState:
    """One container of a pod, as its kubelet tells.

    :ivar waiting: why it waits, in Kubernetes' own word; ``said`` what is said of it: data, of which
        only what is missing is read.
    :ivar unready_s: seconds for which its probes let it be unready after it has begun to run; None: it has
        no probe of which readiness depends.
    """

    name: str
    image: str
    ready: bool
    restarts: int
    waiting: str
    said: str
    running_since: datetime | None
    ended: str
    exit_code: int | None
    ended_at: datetime | None
    unready_s: int | None


@dataclass(frozen=True, slots=True)
class PodState:
    """One pod.

    :ivar owner: what made it: kind and name.
    :ivar unscheduled_at: since when the scheduler finds no node for it.
    :ivar message: what is said of it as a whole, by the scheduler or the kubelet: data, never read.
    :ivar spec: kept only while it has no node.
    """

    uid: str
    namespace: str
    name: str
    labels: Mapping[str, str]
    node: str
    owner: tuple[str, str]
    phase: str
    reason: str
    created_at: datetime
    changed_at: datetime
    leaving: bool
    ready: bool
    unscheduled_at: datetime | None
    message: str
    containers: tuple[ContainerState, ...]
    asked: Amount
    trouble: Trouble | None
    spec: PodSpec | None = field(default=None, compare=False)


class Pressure(NamedTuple):
    """A condition of a node under which it sends pods away."""

    type: str
    since: datetime


CORDON_TAINT = CORDON.key
"""Key of the taint that the cluster gives to nodes that are cordoned."""


@dataclass(frozen=True, slots=True)
class NodeState:
    """One node; what pods may ask of it altogether is `allocatable`, and how many they may be `pods`.

    :ivar cordoned_at: since when it is cordoned; None where it is not, or that is not told.
    """

    name: str
    labels: Mapping[str, str]
    ready: bool
    ready_changed_at: datetime
    ready_reason: str
    created_at: datetime
    pressures: tuple[Pressure, ...]
    cordoned: bool
    cordoned_at: datetime | None
    taints: tuple[Taint, ...]
    allocatable: Amount
    pods: int


@dataclass(frozen=True, slots=True)
class DeploymentState:
    """One Deployment.

    :ivar stuck_at: since when it has made no progress within its deadline.
    :ivar refused_at: since when pods of it can't be made, and in `refused` why: data, never read.
    """

    namespace: str
    name: str
    desired: int
    updated: int
    available: int
    stuck_at: datetime | None
    refused_at: datetime | None
    refused: str


@dataclass(frozen=True, slots=True)
class Template:
    """What a pod template says, as far as two are compared.

    :ivar values: of each container and resource, in millicores and MiB.
    :ivar placement: a digest of what chooses nodes; `rest` one of everything else but restarts.
    """

    images: Mapping[str, str]
    values: Mapping[tuple[str, str], int]
    placement: str
    rest: str
    restarted_at: str


@dataclass(frozen=True, slots=True)
class ReplicaSetState:
    """One ReplicaSet of a Deployment."""

    namespace: str
    name: str
    deployment: str
    revision: int
    created_at: datetime
    template: Template


class Volume(NamedTuple):
    """Where a PersistentVolume can be mounted: terms of a node selector, any of which is enough."""

    terms: tuple[NodeTerm, ...]


@dataclass(frozen=True, slots=True)
class QuotaState:
    """A ResourceQuota: what it allows, and what of it is used, both in its own units."""

    namespace: str
    name: str
    hard: Mapping[str, int]
    used: Mapping[str, int]


class Figure(NamedTuple):
    """A measured value that is over its threshold.

    :ivar subject: a pod or a claim where its kind says so, else a workload.
    :ivar value: in per cent, milliseconds, requests per second or pods, as the kind has it; so ``threshold``.
    """

    kind: FindingKind
    subject: Subject
    container: str
    value: float
    threshold: float


class Refusal(NamedTuple):
    """A Deployment that admission refused to be changed, and was not admitted since."""

    namespace: str
    kind: str
    name: str
    at: datetime
    uid: str
    user: str


@dataclass(frozen=True)
class Facts:
    """All that one look goes by.

    :ivar unknown: kinds of findings that can't be told this time, because what they go by was not had.
    """

    now: datetime
    pods: Mapping[Named, PodState] = field(default_factory=dict)
    nodes: Mapping[str, NodeState] = field(default_factory=dict)
    deployments: Mapping[Named, DeploymentState] = field(default_factory=dict)
    replica_sets: Mapping[Named, ReplicaSetState] = field(default_factory=dict)
    claims: Mapping[Named, str] = field(default_factory=dict)
    volumes: Mapping[str, Volume] = field(default_factory=dict)
    quotas: tuple[QuotaState, ...] = ()
    events: tuple[KubeEvent, ...] = ()
    figures: tuple[Figure, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    unknown: frozenset[FindingKind] = frozenset()

    def service_of(self, pod: PodState) -> Subject:
        """Return the workload that a pod belongs to; a pod that nobody owns is one itself."""
        kind, name = pod.owner
        if kind == "ReplicaSet":
            owner = self.replica_sets.get((pod.namespace, name))
            if owner is not None and owner.deployment:
                return Subject("Deployment", pod.namespace, owner.deployment)
        return Subject(kind, pod.namespace, name) if kind else Subject("Pod", pod.namespace, pod.name)

    @cached_property
    def dead_nodes(self) -> frozenset[str]:
        """Names of the nodes that are not ready."""
        return frozenset(name for name, node in self.nodes.items() if not node.ready)

    @cached_property
    def events_of(self) -> Mapping[tuple[str, str, str], list[KubeEvent]]:
        """Events by kind, namespace and name of their object."""
        found: dict[tuple[str, str, str], list[KubeEvent]] = {}
        for event in self.events:
            found.setdefault((event.object_kind, event.namespace, event.object_name), []).append(event)
        return found

    @cached_property
    def events_of_services(self) -> Mapping[tuple[str, str, str], list[KubeEvent]]:
        """Events of services, and of their pods and ReplicaSets, by kind, namespace and name."""
        found: dict[tuple[str, str, str], list[KubeEvent]] = {}
        for event in self.events:
            if event.name:
                found.setdefault((event.kind, event.namespace, event.name), []).append(event)
        return found

    @cached_property
    def sets_of(self) -> Mapping[Named, list[ReplicaSetState]]:
        """The ReplicaSets of each Deployment, the newest revision first."""
        found: dict[Named, list[ReplicaSetState]] = {}
        for one in self.replica_sets.values():
            if one.deployment:
                found.setdefault((one.namespace, one.deployment), []).append(one)
        for sets in found.values():
            sets.sort(key=lambda one: (one.revision, one.created_at), reverse=True)
        return found
