"""Live Deployments as JSON: one, or all in pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from kubernetes_asyncio import client

from kubedoor_api.kube.clusters import NOT_FOUND, ClusterRefusedError, Clusters
from kubedoor_api.kube.raw import raw

PAGE = 500

Json = dict[str, Any]


async def one(clusters: Clusters, env: str, namespace: str, name: str) -> Json | None:
    """Return a live Deployment, or None."""
    try:
        async with clusters.use(env) as api:
            apps = client.AppsV1Api(api)
            return await raw(apps.read_namespaced_deployment, name, namespace)
    except ClusterRefusedError as error:
        if error.status == NOT_FOUND:
            return None
        raise


async def every(clusters: Clusters, env: str, namespace: str = "", labels: str = "") -> AsyncIterator[Json]:
    """Return the live Deployments of a cluster, a page at a time.

    :param namespace: only of this one; empty: of all.
    :param labels: only those that this label selector fits; empty: all.
    """
    token = ""
    while True:
        async with clusters.use(env) as api:
            apps = client.AppsV1Api(api)
            options: Json = {"limit": PAGE, **({"_continue": token} if token else {})}
            options |= {"label_selector": labels} if labels else {}
            if namespace:
                page = await raw(apps.list_namespaced_deployment, namespace, **options)
            else:
                page = await raw(apps.list_deployment_for_all_namespaces, **options)
        for item in page.get("items") or []:
            yield {"apiVersion": "apps/v1", "kind": "Deployment", **item}
        token = (page.get("metadata") or {}).get("continue") or ""
        if not token:
            return
