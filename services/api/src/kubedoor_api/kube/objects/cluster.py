"""Nodes, volumes, quotas, events and rights; what sends requests to pods, or keeps them away."""

from __future__ import annotations

from typing import TypedDict

from kubedoor_api.kube.objects.meta import Condition, KubeObject, LabelSelector, TargetReference
from kubedoor_api.kube.objects.pods import NodeSelector, Quantities


class NodeTaint(TypedDict, total=False):
    """What keeps pods from a node."""

    key: str
    value: str
    effect: str


class NodeSpec(TypedDict, total=False):
    """What a node is to take."""

    unschedulable: bool
    taints: list[NodeTaint]


class NodeStatus(TypedDict, total=False):
    """How a node is."""

    allocatable: Quantities
    conditions: list[Condition]


class Node(KubeObject, total=False):
    """A node."""

    spec: NodeSpec
    status: NodeStatus


class EventSeries(TypedDict, total=False):
    """How often an event was told, where it is kept apart."""

    count: int
    lastObservedTime: str


class EventSource(TypedDict, total=False):
    """Who tells an event, and on which node."""

    component: str
    host: str


class Event(KubeObject, total=False):
    """An event; its first and last time stand in one of several places."""

    involvedObject: TargetReference
    type: str
    reason: str
    message: str
    count: int
    series: EventSeries
    source: EventSource
    reportingComponent: str
    reportingInstance: str
    eventTime: str
    firstTimestamp: str
    lastTimestamp: str


class ClaimSpec(TypedDict, total=False):
    """The volume that a claim is bound to."""

    volumeName: str


class PersistentVolumeClaim(KubeObject, total=False):
    """A PersistentVolumeClaim."""

    spec: ClaimSpec


class VolumeNodeAffinity(TypedDict, total=False):
    """On which nodes a volume can be mounted."""

    required: NodeSelector


class VolumeSpec(TypedDict, total=False):
    """What a volume is."""

    nodeAffinity: VolumeNodeAffinity


class PersistentVolume(KubeObject, total=False):
    """A PersistentVolume."""

    spec: VolumeSpec


class QuotaSpec(TypedDict, total=False):
    """What a quota allows, and of which pods."""

    hard: Quantities
    scopes: list[str]
    scopeSelector: dict[str, object]


class QuotaStatus(TypedDict, total=False):
    """What of a quota is used."""

    hard: Quantities
    used: Quantities


class ResourceQuota(KubeObject, total=False):
    """A ResourceQuota."""

    spec: QuotaSpec
    status: QuotaStatus


class AccessReviewStatus(TypedDict, total=False):
    """Whether an account may do what was asked about."""

    allowed: bool


class AccessReview(KubeObject, total=False):
    """A SelfSubjectAccessReview."""

    status: AccessReviewStatus


class ServiceSpec(TypedDict, total=False):
    """Which labels a pod has all of that a Service selects."""

    selector: dict[str, str]


class Service(KubeObject, total=False):
    """A Service."""

    spec: ServiceSpec


class NetworkPolicySpec(TypedDict, total=False):
    """Which pods a NetworkPolicy is about."""

    podSelector: LabelSelector


class NetworkPolicy(KubeObject, total=False):
    """A NetworkPolicy."""

    spec: NetworkPolicySpec


class EndpointTarget(TypedDict, total=False):
    """The pod behind an address."""

    kind: str
    name: str
    uid: str


class Endpoint(TypedDict, total=False):
    """An address of a Service."""

    targetRef: EndpointTarget


class EndpointSlice(KubeObject, total=False):
    """Some of the addresses of a Service."""

    endpoints: list[Endpoint]
