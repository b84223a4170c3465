"""What sends requests to pods, or keeps them away."""

from __future__ import annotations

from typing import TypedDict

from kubedoor_api.kube.objects.meta import KubeObject, LabelSelector


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
