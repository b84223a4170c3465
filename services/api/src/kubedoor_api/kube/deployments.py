"""Live Deployments as JSON: one, or all in pages."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from kubernetes_asyncio import client

from kubedoor_api.kube.clusters import NOT_FOUND, ClusterRefusedError, Clusters

PAGE = 500

Json = dict[str, Any]


async def _raw(call: Any, *arguments: str, **options: Any) -> Json:  # noqa: ANN401 the library is untyped
    response = await call(*arguments, _preload_content=False, **options)
    if response.status >= 400:
        failure = client.ApiException(status=response.status, reason=response.reason)
        failure.body = await response.text()
        raise failure
    found: Json = json.loads(await response.read())
    return found


async def one(clusters: Clusters, env: str, namespace: str, name: str) -> Json | None:
    """Return a live Deployment, or None."""
    try:
        async with clusters.use(env) as api:
            apps = client.AppsV1Api(api)
            return await _raw(apps.read_namespaced_deployment, name, namespace)
    except ClusterRefusedError as error:
        if error.status == NOT_FOUND:
            return None
        raise


async def every(clusters: Clusters, env: str) -> AsyncIterator[Json]:
    """Return all live Deployments of a cluster, a page at a time."""
    token = ""
    while True:
        async with clusters.use(env) as api:
            apps = client.AppsV1Api(api)
            options = {"limit": PAGE, **({"_continue": token} if token else {})}
            page = await _raw(apps.list_deployment_for_all_namespaces, **options)
        for item in page.get("items") or []:
            yield {"apiVersion": "apps/v1", "kind": "Deployment", **item}
        token = (page.get("metadata") or {}).get("continue") or ""
        if not token:
            return
