"""What operations ask of a cluster: Deployments read, scaled and patched, autoscalers' bounds moved.

Patches only, never a whole object, so that nobody else's change in between is lost.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

from kubernetes_asyncio import client

from kubedoor_api.kube.clusters import NOT_FOUND, ClusterRefusedError, Clusters
from kubedoor_api.kube.objects.cluster import Event, Node
from kubedoor_api.kube.objects.meta import Listing
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.objects.workloads import Deployment, HorizontalPodAutoscaler, ReplicaSet, Scale
from kubedoor_api.kube.retry import MISSING, AskingError, Request

T = TypeVar("T")
Options = dict[str, str | int]
"""Options of a request, such as which page of a list."""
Patch = dict[str, object]
"""A patch of an object, as it is sent."""
BAD = 400


async def raw(
    kind: type[T],  # noqa: ARG001 says what comes back
    call: Callable[..., Awaitable[Any]],
    *arguments: object,
    **options: object,
) -> T:
    """Make a call and return the JSON that came back.

    :param kind: the shape of it, which the API server answers for.
    :raises ApiException: with the answer's status, headers and body.
    """
    response = await call(*arguments, _preload_content=False, **options)
    if response.status >= BAD:
        failure = client.ApiException(status=response.status, reason=response.reason)
        failure.body = await response.text()
        failure.headers = response.headers
        raise failure
    found: T = json.loads(await response.read())
    return found


MANAGER = "kubedoor-api"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
PAGE = 500


async def pages(ask: Callable[[Options], Awaitable[Listing[T]]]) -> AsyncIterator[Listing[T]]:
    """Yield a list page by page.

    :param ask: asks for one, with the options that say which.
    """
    options: Options = {"limit": PAGE}
    while True:
        page = await ask(options)
        yield page
        token = (page.get("metadata") or {}).get("continue") or ""
        if not token:
            return
        options = {"limit": PAGE, "_continue": token}


async def items(
    clusters: Clusters,
    env: str,
    request: Request,
    kind: type[T],  # noqa: ARG001 says what comes back
    call: Callable[[client.ApiClient], Callable[..., Awaitable[Any]]],
    **options: object,
) -> list[T]:
    """Return a list that is asked for in one piece: of the request's namespace, where it names one.

    :param kind: the shape of an item; ``call`` finds the client's call for it.
    """
    where = [request.namespace] if request.namespace else []
    found = await request.send(clusters, env, lambda api: raw(Listing[T], call(api), *where, **options))
    return found.get("items") or []


async def read(clusters: Clusters, env: str, namespace: str, name: str) -> Deployment:
    """Return a live Deployment.

    :raises AskingError: 404 where there is none.
    """

    async def ask(api: client.ApiClient) -> Deployment:
        return await raw(Deployment, client.AppsV1Api(api).read_namespaced_deployment, name, namespace)

    return await Request("get", "deployments", namespace, name).send(clusters, env, ask)


async def patch(clusters: Clusters, env: str, namespace: str, name: str, body: Patch) -> Deployment:
    """Lay a strategic merge patch over a Deployment and return what came of it."""

    async def ask(api: client.ApiClient) -> Deployment:
        call = client.AppsV1Api(api).patch_namespaced_deployment
        how = {"field_manager": MANAGER, "_content_type": STRATEGIC}
        return await raw(Deployment, call, name, namespace, body, **how)

    return await Request("patch", "deployments", namespace, name).send(clusters, env, ask)


async def resize(clusters: Clusters, env: str, namespace: str, pod: str, body: Patch) -> Pod:
    """Lay a strategic merge patch over a pod's resources, and return what came of it.

    :raises AskingError: 404 where there is no such pod, or a cluster before 1.33; 422 where it can't be done.
    """

    async def ask(api: client.ApiClient) -> Pod:
        call = client.CoreV1Api(api).patch_namespaced_pod_resize
        return await raw(Pod, call, pod, namespace, body, field_manager=MANAGER, _content_type=STRATEGIC)

    return await Request("patch", "pods/resize", namespace, pod).send(clusters, env, ask)


async def scale(clusters: Clusters, env: str, namespace: str, name: str, replicas: int) -> int:
    """Ask for a count through `deployments/scale` and return the count that was admitted."""

    async def ask(api: client.ApiClient) -> Scale:
        call, body = client.AppsV1Api(api).patch_namespaced_deployment_scale, {"spec": {"replicas": replicas}}
        return await raw(Scale, call, name, namespace, body, field_manager=MANAGER, _content_type=MERGE)

    answer = await Request("patch", "deployments/scale", namespace, name).send(clusters, env, ask)
    return int((answer.get("spec") or {}).get("replicas") or 0)


async def in_namespace(clusters: Clusters, env: str, namespace: str) -> list[Deployment]:
    """Return the live Deployments of a namespace."""
    request = Request("list", "deployments", namespace)
    return await items(
        clusters, env, request, Deployment, lambda api: client.AppsV1Api(api).list_namespaced_deployment
    )


async def pods(clusters: Clusters, env: str, namespace: str, selector: str) -> list[Pod]:
    """Return the pods of a namespace that a label selector finds; an empty one finds all."""
    return [pod async for page in pods_in_pages(clusters, env, namespace, selector) for pod in page]


async def pods_in_pages(
    clusters: Clusters, env: str, namespace: str = "", selector: str = ""
) -> AsyncIterator[list[Pod]]:
    """Return pods in pages: of a namespace or of all, those that a label selector finds or all."""
    selected = {"label_selector": selector} if selector else {}
    request = Request("list", "pods", namespace)

    def one(api: client.ApiClient, options: Options) -> Awaitable[Listing[Pod]]:
        core = client.CoreV1Api(api)
        if namespace:
            return raw(Listing[Pod], core.list_namespaced_pod, namespace, **selected, **options)
        return raw(Listing[Pod], core.list_pod_for_all_namespaces, **selected, **options)

    async for page in pages(lambda options: request.send(clusters, env, lambda api: one(api, options))):
        yield page.get("items") or []


async def pods_named(clusters: Clusters, env: str, namespace: str, name: str) -> list[Pod]:
    """Return the pod of a name, if it is there; it takes the right to list pods."""
    request, named = Request("list", "pods", namespace, name), {"field_selector": f"metadata.name={name}"}
    return await items(
        clusters, env, request, Pod, lambda api: client.CoreV1Api(api).list_namespaced_pod, **named
    )


async def pods_on_node(clusters: Clusters, env: str, node: str) -> list[Pod]:
    """Return the pods of a node."""
    request = Request("list", "pods")

    def one(api: client.ApiClient, options: Options) -> Awaitable[Listing[Pod]]:
        call = client.CoreV1Api(api).list_pod_for_all_namespaces
        return raw(Listing[Pod], call, field_selector=f"spec.nodeName={node}", **options)

    every = pages(lambda options: request.send(clusters, env, lambda api: one(api, options)))
    return [pod async for page in every for pod in page.get("items") or []]


async def autoscalers(clusters: Clusters, env: str, namespace: str) -> list[HorizontalPodAutoscaler]:
    """Return the HorizontalPodAutoscalers of a namespace; none where the cluster knows no such thing."""
    try:
        return await items(
            clusters,
            env,
            Request("list", "horizontalpodautoscalers", namespace),
            HorizontalPodAutoscaler,
            lambda api: client.AutoscalingV2Api(api).list_namespaced_horizontal_pod_autoscaler,
        )
    except AskingError as error:
        if error.status == MISSING:
            return []
        raise


async def move_bounds(clusters: Clusters, env: str, namespace: str, name: str, least: int, most: int) -> None:
    """Give a HorizontalPodAutoscaler other bounds."""
    body = {"spec": {"minReplicas": least, "maxReplicas": most}}
    how = {"field_manager": MANAGER, "_content_type": MERGE}
    await Request("patch", "horizontalpodautoscalers", namespace, name).send(
        clusters,
        env,
        lambda api: raw(
            HorizontalPodAutoscaler,
            client.AutoscalingV2Api(api).patch_namespaced_horizontal_pod_autoscaler,
            name,
            namespace,
            body,
            **how,
        ),
    )


async def nodes(clusters: Clusters, env: str, name: str = "") -> list[Node]:
    """Return the nodes; with a name that one alone, if it is there."""
    named = {"field_selector": f"metadata.name={name}"} if name else {}
    request = Request("list", "nodes", name=name)
    return await items(clusters, env, request, Node, lambda api: client.CoreV1Api(api).list_node, **named)


async def count_nodes(clusters: Clusters, env: str, timeout_s: float) -> int | None:
    """Return how many nodes there are, by a page of one and what the server says remains; None if it doesn't.

    It is asked once.

    :raises ClusterUnavailableError: no answer in time.
    :raises ClusterRefusedError: it refused.
    """
    async with clusters.use(env, timeout_s) as api:
        found = await raw(Listing[Node], client.CoreV1Api(api).list_node, limit=1)
    metadata = found.get("metadata") or {}
    if metadata.get("continue") and "remainingItemCount" not in metadata:
        return None
    return len(found.get("items") or []) + int(metadata.get("remainingItemCount") or 0)


async def patch_node(clusters: Clusters, env: str, name: str, body: Patch) -> Node:
    """Lay a merge patch over a node and return what came of it.

    :param body: with `metadata.resourceVersion`, so that a node that others changed meanwhile is left alone.
    :raises AskingError: 404 where there is none; 409 where others changed it.
    """

    async def ask(api: client.ApiClient) -> Node:
        call = client.CoreV1Api(api).patch_node
        return await raw(Node, call, name, body, field_manager=MANAGER, _content_type=MERGE)

    return await Request("patch", "nodes", "", name).once(clusters, env, ask)


async def one(clusters: Clusters, env: str, namespace: str, name: str) -> Deployment | None:
    """Return a live Deployment, or None."""
    try:
        async with clusters.use(env) as api:
            apps = client.AppsV1Api(api)
            return await raw(Deployment, apps.read_namespaced_deployment, name, namespace)
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
    selected = {"label_selector": labels} if labels else {}

    async def ask(options: Options) -> Listing[Deployment]:
        async with clusters.use(env) as api:
            apps, page = client.AppsV1Api(api), Listing[Deployment]
            if namespace:
                return await raw(page, apps.list_namespaced_deployment, namespace, **selected, **options)
            return await raw(page, apps.list_deployment_for_all_namespaces, **selected, **options)

    async for page in pages(ask):
        for item in page.get("items") or []:
            yield {"apiVersion": "apps/v1", "kind": "Deployment", **item}


MAX_PAGES = 10


async def replica_sets(clusters: Clusters, env: str, namespace: str, selector: str) -> list[ReplicaSet]:
    """Return the ReplicaSets of a namespace that a label selector finds."""
    return await items(
        clusters,
        env,
        Request("list", "replicasets", namespace),
        ReplicaSet,
        lambda api: client.AppsV1Api(api).list_namespaced_replica_set,
        label_selector=selector,
    )


async def events(clusters: Clusters, env: str, namespace: str) -> tuple[list[Event], bool]:
    """Return the events of a namespace, and whether these are all.

    One look at all of them costs the cluster less than one for each object: it keeps no index.
    """
    found: list[Event] = []
    options: Options = {"limit": PAGE}
    request = Request("list", "events", namespace)

    def ask(api: client.ApiClient) -> Awaitable[Listing[Event]]:
        return raw(Listing[Event], client.CoreV1Api(api).list_namespaced_event, namespace, **options)

    for _ in range(MAX_PAGES):
        page = await request.send(clusters, env, ask)
        found += page.get("items") or []
        options["_continue"] = (page.get("metadata") or {}).get("continue") or ""
        if not options["_continue"]:
            return found, True
    return found, False
