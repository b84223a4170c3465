"""The MutatingWebhookConfiguration in a cluster: look, put, remove."""

from __future__ import annotations

from typing import Any

from kubernetes_asyncio import client

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.clusters import NOT_FOUND, ClusterRefusedError, Clusters
from kubedoor_api.kube.webhook_manifest import NAME, address_of, manifest, merge, ours


async def read(clusters: Clusters, env: str) -> dict[str, Any] | None:
    """Return the configuration that stands in the cluster, as JSON, or None."""
    try:
        async with clusters.use(env) as api:
            found = await client.AdmissionregistrationV1Api(api).read_mutating_webhook_configuration(NAME)
            serialised: dict[str, Any] = api.sanitize_for_serialization(found)
            return serialised
    except ClusterRefusedError as error:
        if error.status == NOT_FOUND:
            return None
        raise


async def put(clusters: Clusters, env: str, settings: ApiSettings) -> None:
    """Create the configuration, or bring the one that stands up to date."""
    standing, wanted = await read(clusters, env), manifest(clusters.settings_of(env, settings))
    async with clusters.use(env) as api:
        admission = client.AdmissionregistrationV1Api(api)
        if standing is None:
            await admission.create_mutating_webhook_configuration(wanted)  # type: ignore[arg-type]  # plain JSON is taken too
        else:
            await admission.replace_mutating_webhook_configuration(
                NAME,
                merge(wanted, standing),  # type: ignore[arg-type]  # plain JSON is taken too
            )


async def bring_up_to_date(clusters: Clusters, env: str, settings: ApiSettings) -> bool:
    """Put the settings' address into a configuration that stands; tell whether it was another.

    One that is not there is not made, since whoever has deleted it has switched admission off; one that is
    not the api's is left alone.
    """
    standing, wanted = await read(clusters, env), manifest(clusters.settings_of(env, settings))
    if standing is None or not ours(standing) or address_of(standing) == address_of(wanted):
        return False
    async with clusters.use(env) as api:
        await client.AdmissionregistrationV1Api(api).replace_mutating_webhook_configuration(
            NAME,
            merge(wanted, standing),  # type: ignore[arg-type]  # plain JSON is taken too
        )
    return True


async def remove(clusters: Clusters, env: str) -> None:
    """Remove the configuration; one that is not there is fine."""
    try:
        async with clusters.use(env) as api:
            await client.AdmissionregistrationV1Api(api).delete_mutating_webhook_configuration(NAME)
    except ClusterRefusedError as error:
        if error.status != NOT_FOUND:
            raise
