"""What is listed and watched of a cluster: what else steers its workloads, and what findings go by."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Generic, Literal, NamedTuple, TypeVar

import aiohttp
from kubernetes_asyncio import client

from kubedoor_api.kube.clusters import Clusters, ClusterUnavailableError
from kubedoor_api.kube.objects import workloads
from kubedoor_api.kube.objects.meta import KubeObject, Listing
from kubedoor_api.kube.objects.workloads import PodDisruptionBudget
from kubedoor_api.kube.retry import MISSING, AskingError, Request
from kubedoor_api.kube.workloads import Options, items, pages, raw
from kubedoor_core.errors import KubeDoorError

V = TypeVar("V")
WatchedName = Literal["horizontalpodautoscalers", "limitranges", "resourcequotas"]
VolumeName = Literal["persistentvolumeclaims", "persistentvolumes"]
LookedAtName = Literal["pods", "nodes", "deployments", "replicasets", VolumeName]
"""What findings go by besides: only where they are switched on."""
KeptName = Literal["events"]
"""What is kept as it comes: only where that is switched on."""
ListedName = WatchedName | LookedAtName | KeptName

WATCH_S = 240
"""So long a watch lasts; below the five minutes after which the client gives a request up."""
GONE = 410
VERTICAL = ("autoscaling.k8s.io", "v1", "verticalpodautoscalers")


class WatchExpiredError(KubeDoorError):
    """What changed since the last look is not known any more: everything is to be listed again."""


class Listed(NamedTuple, Generic[V]):
    """All objects of a resource, and the version of the list, from which on it is watched."""

    items: list[V]
    version: str


class Change(NamedTuple):
    """One line of a watch; a bookmark tells only that it has come as far as a version."""

    type: Literal["ADDED", "MODIFIED", "DELETED", "BOOKMARK"]
    object: KubeObject

    @property
    def version(self) -> str:
        """Up to which version the watch has come."""
        return str((self.object.get("metadata") or {}).get("resourceVersion") or "")


LISTERS: Mapping[ListedName, tuple[Any, str]] = {
    "horizontalpodautoscalers": (
        client.AutoscalingV2Api,
        "list_horizontal_pod_autoscaler_for_all_namespaces",
    ),
    "limitranges": (client.CoreV1Api, "list_limit_range_for_all_namespaces"),
    "resourcequotas": (client.CoreV1Api, "list_resource_quota_for_all_namespaces"),
    "pods": (client.CoreV1Api, "list_pod_for_all_namespaces"),
    "nodes": (client.CoreV1Api, "list_node"),
    "deployments": (client.AppsV1Api, "list_deployment_for_all_namespaces"),
    "replicasets": (client.AppsV1Api, "list_replica_set_for_all_namespaces"),
    "persistentvolumeclaims": (
        client.CoreV1Api,
        "list_persistent_volume_claim_for_all_namespaces",
    ),
    "persistentvolumes": (client.CoreV1Api, "list_persistent_volume"),
    "events": (client.CoreV1Api, "list_event_for_all_namespaces"),
}
"""Which call of which API lists a resource in all namespaces."""


def _lister(api: client.ApiClient, resource: ListedName) -> Callable[..., Awaitable[Any]]:
    kind, name = LISTERS[resource]
    found: Callable[..., Awaitable[Any]] = getattr(kind(api), name)
    return found


async def listed(clusters: Clusters, env: str, resource: ListedName, read: Callable[[Any], V]) -> Listed[V]:
    """List a resource in all namespaces, page by page: never more than one is kept as it came.

    :param read: what is kept of each object, which is of the resource's kind.
    :raises AskingError: in plain words.
    """

    async def ask(options: Options) -> Listing[KubeObject]:
        kind, call = Listing[KubeObject], Request("list", resource)
        return await call.send(clusters, env, lambda api: raw(kind, _lister(api, resource), **options))

    items, version = list[V](), ""
    async for page in pages(ask):
        items += map(read, page.get("items") or [])
        version = str((page.get("metadata") or {}).get("resourceVersion") or "")
    return Listed(items, version)


async def followed(clusters: Clusters, env: str, resource: ListedName, version: str) -> AsyncIterator[Change]:
    """Watch a resource from a version on, until the watch's time is over.

    :raises WatchExpiredError: what came after that version is not known any more.
    :raises ClusterRefusedError, ClusterUnavailableError: the cluster refuses, or the connection broke.
    """
    async with clusters.use(env) as api:
        response = await _lister(api, resource)(
            watch=True,
            resource_version=version,
            allow_watch_bookmarks=True,
            timeout_seconds=WATCH_S,
            _preload_content=False,
        )
        if response.status != 200:
            text = await response.text()
            if response.status == GONE:
                raise WatchExpiredError(text[:300])
            failure: Any = client.ApiException(status=response.status)
            failure.body = text
            raise failure
    try:
        async for line in _lines(response):
            yield _change(line)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        text = str(error) or type(error).__name__
        raise ClusterUnavailableError(
            f"the watch of {resource} of the cluster {env} broke: {text}"
        ) from error
    finally:
        response.close()


async def _lines(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """Split what comes into lines, however long one is."""
    rest = b""
    async for chunk in response.content.iter_any():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line.strip():
                yield line


def _change(line: bytes) -> Change:
    document = json.loads(line)
    if document.get("type") == "ERROR":
        status = document.get("object") or {}
        if status.get("code") == GONE:
            raise WatchExpiredError(str(status.get("message") or "expired"))
        raise ValueError(str(status.get("message") or status)[:300])
    return Change(document["type"], document["object"])


LABELED = {"deployments": "/apis/apps/v1/deployments", "namespaces": "/api/v1/namespaces"}
METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"


async def labels(
    clusters: Clusters, env: str, resource: Literal["deployments", "namespaces"]
) -> dict[tuple[str, str], dict[str, str]]:
    """Return the labels of a resource's objects, by namespace and name; nothing else of them is asked for.

    :raises AskingError: in plain words.
    """

    async def ask(options: Options) -> Listing[KubeObject]:
        async def one(api: client.ApiClient) -> Listing[KubeObject]:
            return await raw(
                Listing[KubeObject],
                api.call_api,
                LABELED[resource],
                "GET",
                query_params=[(name.removeprefix("_"), value) for name, value in options.items()],
                header_params={"Accept": METADATA_ONLY},
                auth_settings=["BearerToken"],
                _return_http_data_only=True,
            )

        return await Request("list", resource).send(clusters, env, one)

    found = dict[tuple[str, str], dict[str, str]]()
    async for page in pages(ask):
        for item in page.get("items") or []:
            metadata = item["metadata"]
            key = str(metadata.get("namespace") or ""), str(metadata["name"])
            found[key] = {str(name): str(value) for name, value in (metadata.get("labels") or {}).items()}
    return found


class VerticalAutoscaler(NamedTuple):
    """A VerticalPodAutoscaler, as far as it concerns what it changes.

    :ivar kind: of its target, as `target` is its name.
    :ivar mode: its update mode; `Off`: it recommends and changes nothing.
    """

    namespace: str
    name: str
    kind: str
    target: str
    mode: str

    @property
    def changes(self) -> bool:
        """Tell whether it changes requests, of new pods or of all."""
        return self.mode != "Off"


def vertical_autoscaler_of(found: workloads.VerticalPodAutoscaler) -> VerticalAutoscaler:
    """Read a VerticalPodAutoscaler."""
    metadata, spec = found.get("metadata") or {}, found.get("spec") or {}
    target = spec.get("targetRef") or {}
    return VerticalAutoscaler(
        namespace=str(metadata.get("namespace") or ""),
        name=str(metadata.get("name") or ""),
        kind=str(target.get("kind") or ""),
        target=str(target.get("name") or ""),
        mode=str((spec.get("updatePolicy") or {}).get("updateMode") or "Auto"),
    )


async def vertical_autoscalers(clusters: Clusters, env: str, namespace: str = "") -> list[VerticalAutoscaler]:
    """List the VerticalPodAutoscalers, of a namespace or of all; none where the cluster has no such kind.

    :raises AskingError: in plain words.
    """
    group, version, plural = VERTICAL

    def ask(api: client.ApiClient) -> Awaitable[Listing[workloads.VerticalPodAutoscaler]]:
        kind, custom = Listing[workloads.VerticalPodAutoscaler], client.CustomObjectsApi(api)
        if namespace:
            return raw(kind, custom.list_namespaced_custom_object, group, version, namespace, plural)
        return raw(kind, custom.list_cluster_custom_object, *VERTICAL)

    try:
        found = await Request("list", plural, namespace).send(clusters, env, ask)
    except AskingError as error:
        if error.status == MISSING:
            return []
        raise
    return [vertical_autoscaler_of(item) for item in found.get("items") or []]


async def disruption_budgets(clusters: Clusters, env: str, namespace: str = "") -> list[PodDisruptionBudget]:
    """List the PodDisruptionBudgets of a namespace, or of all.

    :raises AskingError: in plain words.
    """
    request = Request("list", "poddisruptionbudgets", namespace)

    def ask(api: client.ApiClient, options: Options) -> Awaitable[Listing[PodDisruptionBudget]]:
        kind, policy = Listing[PodDisruptionBudget], client.PolicyV1Api(api)
        if namespace:
            return raw(kind, policy.list_namespaced_pod_disruption_budget, namespace, **options)
        return raw(kind, policy.list_pod_disruption_budget_for_all_namespaces, **options)

    found = pages(lambda options: request.send(clusters, env, lambda api: ask(api, options)))
    return [item async for page in found for item in page.get("items") or []]


async def namespaces_with(clusters: Clusters, env: str, label: str, value: str) -> list[str]:
    """Return the names of the namespaces that bear a label with a value.

    :raises AskingError: in plain words.
    """
    request, labeled = Request("list", "namespaces"), {"label_selector": f"{label}={value}"}
    found = await items(
        clusters, env, request, KubeObject, lambda api: client.CoreV1Api(api).list_namespace, **labeled
    )
    return sorted(str(one["metadata"]["name"]) for one in found)
