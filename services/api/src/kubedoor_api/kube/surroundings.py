"""What is listed and watched of a cluster: what else steers its workloads, and what findings go by."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any, Generic, Literal, NamedTuple, TypeVar

import aiohttp
from kubernetes_asyncio import client

from kubedoor_api.kube.clusters import Clusters, ClusterUnavailableError
from kubedoor_api.kube.objects import workloads
from kubedoor_api.kube.objects.meta import KubeObject
from kubedoor_api.kube.objects.workloads import PodDisruptionBudget
from kubedoor_api.kube.retry import MISSING, AskingError, Options, Request
from kubedoor_core.errors import KubeDoorError

V = TypeVar("V")
WatchedName = Literal["horizontalpodautoscalers", "limitranges", "resourcequotas"]
VolumeName = Literal["persistentvolumeclaims", "persistentvolumes"]
LookedAtName = Literal["pods", "nodes", "deployments", "replicasets", VolumeName]
"""What findings go by besides: only where they are switched on."""
KeptName = Literal["events"]
"""What is kept as it comes: only where that is switched on."""
LabeledName = Literal["deployments", "namespaces"]
"""What is looked at for its labels alone."""
ListedName = WatchedName | LookedAtName | KeptName

WATCH_S = 240
"""So long a watch lasts; below the five minutes after which the client gives a request up."""
GONE = 410
WATCH: Options = {"watch": True, "allowWatchBookmarks": True, "timeoutSeconds": WATCH_S}


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


async def listed(clusters: Clusters, env: str, resource: ListedName, read: Callable[[Any], V]) -> Listed[V]:
    """List a resource in all namespaces, page by page: never more than one is kept as it came.

    :param read: what is kept of each object, which is of the resource's kind.
    :raises AskingError: in plain words.
    """
    items, version = list[V](), ""
    async for page in Request("list", resource).pages(clusters, env, KubeObject):
        items += map(read, page.get("items") or [])
        version = str((page.get("metadata") or {}).get("resourceVersion") or "")
    return Listed(items, version)


async def followed(clusters: Clusters, env: str, resource: ListedName, version: str) -> AsyncIterator[Change]:
    """Watch a resource from a version on, until the watch's time is over.

    :raises WatchExpiredError: what came after that version is not known any more.
    :raises ClusterRefusedError, ClusterUnavailableError: the cluster refuses, or the connection broke.
    """
    watch = Request("watch", resource, options={**WATCH, "resourceVersion": version})
    async with clusters.use(env) as api:
        try:
            response = await watch.open(api)
        except client.ApiException as error:
            if error.status == GONE:
                raise WatchExpiredError(str(error.body)[:300]) from error
            raise
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


METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"


async def labels(
    clusters: Clusters, env: str, resource: LabeledName
) -> dict[tuple[str, str], dict[str, str]]:
    """Return the labels of a resource's objects, by namespace and name; nothing else of them is asked for.

    :raises AskingError: in plain words.
    """
    request = Request("list", resource, headers={"Accept": METADATA_ONLY})
    found = dict[tuple[str, str], dict[str, str]]()
    async for page in request.pages(clusters, env, KubeObject):
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
    request = Request("list", "verticalpodautoscalers", namespace)
    try:
        found = await request.items(clusters, env, workloads.VerticalPodAutoscaler)
    except AskingError as error:
        if error.status == MISSING:
            return []
        raise
    return [vertical_autoscaler_of(item) for item in found]


async def disruption_budgets(clusters: Clusters, env: str, namespace: str = "") -> list[PodDisruptionBudget]:
    """List the PodDisruptionBudgets of a namespace, or of all.

    :raises AskingError: in plain words.
    """
    request = Request("list", "poddisruptionbudgets", namespace)
    found = request.pages(clusters, env, PodDisruptionBudget)
    return [item async for page in found for item in page.get("items") or []]


async def namespaces_with(clusters: Clusters, env: str, label: str, value: str) -> list[str]:
    """Return the names of the namespaces that bear a label with a value.

    :raises AskingError: in plain words.
    """
    request = Request("list", "namespaces", options={"labelSelector": f"{label}={value}"})
    found = await request.items(clusters, env, KubeObject)
    return sorted(str(one["metadata"]["name"]) for one in found)
