"""What operations ask of a cluster: Deployments read, scaled and patched, autoscalers' bounds moved.

Patches only, never a whole object, so that nobody else's change in between is lost.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from kubedoor_api.kube.clusters import NOT_FOUND, ClusterRefusedError, Clusters
from kubedoor_api.kube.objects.cluster import Event, Node
from kubedoor_api.kube.objects.meta import Listing
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.objects.workloads import Deployment, HorizontalPodAutoscaler, ReplicaSet, Scale
from kubedoor_api.kube.retry import MERGE, MISSING, AskingError, Patch, Request, pages, patch_of


async def read(clusters: Clusters, env: str, namespace: str, name: str) -> Deployment:
    """Return a live Deployment.

    :raises AskingError: 404 where there is none.
    """
    return await Request("get", "deployments", namespace, name).ask(clusters, env, Deployment)


async def patch(clusters: Clusters, env: str, namespace: str, name: str, body: Patch) -> Deployment:
    """Lay a strategic merge patch over a Deployment and return what came of it."""
    return await patch_of("deployments", namespace, name, body).ask(clusters, env, Deployment)


async def resize(clusters: Clusters, env: str, namespace: str, pod: str, body: Patch) -> Pod:
    """Lay a strategic merge patch over a pod's resources, and return what came of it.

    :raises AskingError: 404 where there is no such pod, or a cluster before 1.33; 422 where it can't be done.
    """
    return await patch_of("pods/resize", namespace, pod, body).ask(clusters, env, Pod)


async def scale(clusters: Clusters, env: str, namespace: str, name: str, replicas: int) -> int:
    """Ask for a count through `deployments/scale` and return the count that was admitted."""
    request = patch_of("deployments/scale", namespace, name, {"spec": {"replicas": replicas}}, MERGE)
    answer = await request.ask(clusters, env, Scale)
    return int((answer.get("spec") or {}).get("replicas") or 0)


async def in_namespace(clusters: Clusters, env: str, namespace: str) -> list[Deployment]:
    """Return the live Deployments of a namespace."""
    return await Request("list", "deployments", namespace).items(clusters, env, Deployment)


async def pods(clusters: Clusters, env: str, namespace: str, selector: str) -> list[Pod]:
    """Return the pods of a namespace that a label selector finds; an empty one finds all."""
    return [pod async for page in pods_in_pages(clusters, env, namespace, selector) for pod in page]


async def pods_in_pages(
    clusters: Clusters, env: str, namespace: str = "", selector: str = ""
) -> AsyncIterator[list[Pod]]:
    """Return pods in pages: of a namespace or of all, those that a label selector finds or all."""
    options = {"labelSelector": selector} if selector else {}
    async for page in Request("list", "pods", namespace, options=options).pages(clusters, env, Pod):
        yield page.get("items") or []


async def pods_named(clusters: Clusters, env: str, namespace: str, name: str) -> list[Pod]:
    """Return the pod of a name, if it is there; it takes the right to list pods."""
    request = Request("list", "pods", namespace, name, {"fieldSelector": f"metadata.name={name}"})
    return await request.items(clusters, env, Pod)


async def pods_on_node(clusters: Clusters, env: str, node: str) -> list[Pod]:
    """Return the pods of a node."""
    request = Request("list", "pods", options={"fieldSelector": f"spec.nodeName={node}"})
    found = request.pages(clusters, env, Pod)
    return [pod async for page in found for pod in page.get("items") or []]


async def autoscalers(clusters: Clusters, env: str, namespace: str) -> list[HorizontalPodAutoscaler]:
    """Return the HorizontalPodAutoscalers of a namespace; none where the cluster knows no such thing."""
    request = Request("list", "horizontalpodautoscalers", namespace)
    try:
        return await request.items(clusters, env, HorizontalPodAutoscaler)
    except AskingError as error:
        if error.status == MISSING:
            return []
        raise


async def move_bounds(clusters: Clusters, env: str, namespace: str, name: str, least: int, most: int) -> None:
    """Give a HorizontalPodAutoscaler other bounds."""
    body = {"spec": {"minReplicas": least, "maxReplicas": most}}
    request = patch_of("horizontalpodautoscalers", namespace, name, body, MERGE)
    await request.ask(clusters, env, HorizontalPodAutoscaler)


async def nodes(clusters: Clusters, env: str, name: str = "") -> list[Node]:
    """Return the nodes; with a name that one alone, if it is there."""
    options = {"fieldSelector": f"metadata.name={name}"} if name else {}
    return await Request("list", "nodes", name=name, options=options).items(clusters, env, Node)


async def count_nodes(clusters: Clusters, env: str, timeout_s: float) -> int | None:
    """Return how many nodes there are, by a page of one and what the server says remains; None if it doesn't.

    It is asked once.

    :raises ClusterUnavailableError: no answer in time.
    :raises ClusterRefusedError: it refused.
    """
    async with clusters.use(env, timeout_s) as api:
        found = await Request("list", "nodes", options={"limit": 1}).on(api, Listing[Node])
    metadata = found.get("metadata") or {}
    if metadata.get("continue") and "remainingItemCount" not in metadata:
        return None
    return len(found.get("items") or []) + int(metadata.get("remainingItemCount") or 0)


async def patch_node(clusters: Clusters, env: str, name: str, body: Patch) -> Node:
    """Lay a merge patch over a node and return what came of it.

    :param body: with `metadata.resourceVersion`, so that a node that others changed meanwhile is left alone.
    :raises AskingError: 404 where there is none; 409 where others changed it.
    """
    request = patch_of("nodes", "", name, body, MERGE)
    return await request.once(clusters, env, lambda api: request.on(api, Node))


async def one(clusters: Clusters, env: str, namespace: str, name: str) -> Deployment | None:
    """Return a live Deployment, or None."""
    try:
        async with clusters.use(env) as api:
            return await Request("get", "deployments", namespace, name).on(api, Deployment)
    except ClusterRefusedError as error:
        if error.status == NOT_FOUND:
            return None
        raise


async def every(
    clusters: Clusters, env: str, namespace: str = "", labels: str = ""
) -> AsyncIterator[Deployment]:
    """Return the live Deployments of a cluster, a page at a time.

    :param namespace: only of this one; empty: of all.
    :param labels: only those that this label selector fits; empty: all.
    """
    options = {"labelSelector": labels} if labels else {}

    async def ask(page: Request) -> Listing[Deployment]:
        async with clusters.use(env) as api:
            return await page.on(api, Listing[Deployment])

    async for page in pages(Request("list", "deployments", namespace, options=options), ask):
        for item in page.get("items") or []:
            yield {"apiVersion": "apps/v1", "kind": "Deployment", **item}


MAX_PAGES = 10


async def replica_sets(clusters: Clusters, env: str, namespace: str, selector: str) -> list[ReplicaSet]:
    """Return the ReplicaSets of a namespace that a label selector finds."""
    request = Request("list", "replicasets", namespace, options={"labelSelector": selector})
    return await request.items(clusters, env, ReplicaSet)


async def events(clusters: Clusters, env: str, namespace: str) -> tuple[list[Event], bool]:
    """Return the events of a namespace, and whether these are all.

    One look at all of them costs the cluster less than one for each object: it keeps no index.
    """
    found, seen = list[Event](), 0
    async for page in Request("list", "events", namespace).pages(clusters, env, Event):
        found += page.get("items") or []
        seen += 1
        if seen == MAX_PAGES:
            return found, not (page.get("metadata") or {}).get("continue")
    return found, True
