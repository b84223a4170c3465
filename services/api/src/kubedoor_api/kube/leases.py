"""Leases: which of several instances works for a cluster stands in one."""

from __future__ import annotations

from typing import Any

from kubernetes_asyncio import client

from kubedoor_api.kube.clusters import NOT_FOUND, ClusterRefusedError, Clusters

Lease = Any
"""`kubernetes_asyncio.client.V1Lease`; the library is untyped."""


async def read(clusters: Clusters, env: str, namespace: str, name: str) -> Lease | None:
    """Return a Lease, or None."""
    try:
        async with clusters.use(env) as api:
            return await client.CoordinationV1Api(api).read_namespaced_lease(name, namespace)
    except ClusterRefusedError as error:
        if error.status == NOT_FOUND:
            return None
        raise


async def create(clusters: Clusters, env: str, namespace: str, lease: Lease) -> None:
    """Make a Lease.

    :raises ClusterRefusedError: 409, somebody else was faster.
    """
    async with clusters.use(env) as api:
        await client.CoordinationV1Api(api).create_namespaced_lease(namespace, lease)


async def replace(clusters: Clusters, env: str, namespace: str, lease: Lease) -> None:
    """Put a Lease back that was read and changed.

    :raises ClusterRefusedError: 409, somebody has changed it since it was read.
    """
    async with clusters.use(env) as api:
        await client.CoordinationV1Api(api).replace_namespaced_lease(lease.metadata.name, namespace, lease)
