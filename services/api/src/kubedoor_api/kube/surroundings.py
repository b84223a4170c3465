"""What stands around a Deployment: its ReplicaSets, and what Kubernetes tells of a namespace."""

from __future__ import annotations

from typing import Any

from kubernetes_asyncio import client

from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.raw import Json, raw
from kubedoor_api.kube.retry import Request

PAGE = 500
MAX_PAGES = 10


async def replica_sets(clusters: Clusters, env: str, namespace: str, selector: str) -> list[Json]:
    """Return the ReplicaSets of a namespace that a label selector finds."""

    async def ask(api: Any) -> Json:  # noqa: ANN401 the library is untyped
        return await raw(
            client.AppsV1Api(api).list_namespaced_replica_set, namespace, label_selector=selector
        )

    found = await Request("list", "replicasets", namespace).send(clusters, env, ask)
    return list(found.get("items") or [])


async def events(clusters: Clusters, env: str, namespace: str) -> tuple[list[Json], bool]:
    """Return the events of a namespace, and whether these are all.

    One look at all of them costs the cluster less than one for each object: it keeps no index.
    """
    found: list[Json] = []
    token = ""
    for _ in range(MAX_PAGES):
        page = await _events_page(clusters, env, namespace, token)
        found += page.get("items") or []
        token = (page.get("metadata") or {}).get("continue") or ""
        if not token:
            return found, True
    return found, False


async def _events_page(clusters: Clusters, env: str, namespace: str, token: str) -> Json:
    async def ask(api: Any) -> Json:  # noqa: ANN401 the library is untyped
        options = {"limit": PAGE, **({"_continue": token} if token else {})}
        return await raw(client.CoreV1Api(api).list_namespaced_event, namespace, **options)

    return await Request("list", "events", namespace).send(clusters, env, ask)
