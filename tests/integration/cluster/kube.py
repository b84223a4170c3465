"""kubernetes_asyncio's client for a cluster, and waiting for what it shows."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from typing import TYPE_CHECKING, Any

from kubernetes_asyncio import client, config

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from integration.cluster.hook import Hook
    from kubedoor_dev.cluster import Cluster

Json = dict[str, Any]

PATIENCE_S = 120.0


class Kube:
    """The APIs that the tests use."""

    def __init__(self, api: Any) -> None:
        self.api = api
        # Any: the generated signatures ask for models where they take dictionaries as well.
        self.apps: Any = client.AppsV1Api(api)
        self.core: Any = client.CoreV1Api(api)
        self.autoscaling: Any = client.AutoscalingV2Api(api)
        self.coordination: Any = client.CoordinationV1Api(api)
        self.webhooks: Any = client.AdmissionregistrationV1Api(api)

    async def settled(self) -> None:
        """Wait until webhook configurations that were changed are in effect; here they are at once."""

    async def raw(
        self, method: str, path: str, body: Any = None, content_type: str = "application/json",
        **query: str,
    ) -> tuple[int, Json, Any]:  # fmt: skip
        """Send a request as it is and return status, body and headers."""
        configuration = self.api.configuration
        headers = {"Content-Type": content_type, **configuration_headers(configuration)}
        session = self.api.rest_client.pool_manager
        async with session.request(
            method,
            configuration.host + path,
            data=body if isinstance(body, bytes | io.BytesIO | None) else json.dumps(body),
            params=query,
            headers=headers,
            ssl=configuration_ssl(configuration),
        ) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else {}, response.headers


def configuration_headers(configuration: Any) -> dict[str, str]:
    """The bearer token."""
    return {"Authorization": configuration.api_key["BearerToken"]}


def configuration_ssl(configuration: Any) -> Any:
    """What to trust; plain HTTP needs none."""
    import ssl

    if not configuration.ssl_ca_cert:
        return False
    return ssl.create_default_context(cafile=configuration.ssl_ca_cert)


@contextlib.asynccontextmanager
async def connected(cluster: Cluster) -> AsyncIterator[Kube]:
    """Connect by the cluster's kubeconfig."""
    async with signed_in(cluster.kubeconfig()) as api:
        yield Kube(api)


@contextlib.asynccontextmanager
async def signed_in(kubeconfig: Json) -> AsyncIterator[client.ApiClient]:
    """Return the client of a kubeconfig."""
    configuration = client.Configuration()
    await config.load_kube_config_from_dict(kubeconfig, client_configuration=configuration)
    async with client.ApiClient(configuration) as api:
        yield api


async def eventually(ask: Callable[[], Awaitable[Any]], holds: Callable[[Any], bool]) -> Any:
    """Ask until the answer holds, and return it."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while True:
        answer = await ask()
        if holds(answer):
            return answer
        assert asyncio.get_running_loop().time() < deadline, f"still {answer}"
        await asyncio.sleep(0.01)


async def register(kube: Kube, hook: Hook, **fields: Any) -> Json:
    """Register a webhook and return its configuration."""
    configuration = hook.configuration(**fields)
    await kube.webhooks.create_mutating_webhook_configuration(configuration)
    await kube.settled()
    return configuration


def status_of(error: Any) -> Json:
    """The Status that came with an ApiException that pytest caught."""
    status: Json = json.loads(error.value.body)
    assert (status["kind"], status["status"], status["code"]) == ("Status", "Failure", error.value.status)
    return status


def rolled_out(deployment: Any) -> bool:
    """Whether all pods are of the newest template, and available."""
    status, wanted = deployment.status, deployment.spec.replicas
    return bool(
        status.observed_generation == deployment.metadata.generation
        and (status.updated_replicas or 0) == wanted
        and (status.replicas or 0) == wanted
        and (status.available_replicas or 0) == wanted
    )
