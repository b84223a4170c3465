"""Two hundred Deployments as fast as the API server takes them, each once governed and once past the webhook.

The same write goes to a governed namespace and to one that no webhook is asked about, in turn and in one run,
so that both find the same machine. The run tells at its end what the webhook adds to a write, and what of it
is the API server's call and what the webhook's own time, each by its own metric.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from e2e.support.installation import ENV
from e2e.support.place import GOVERNED, Place, manifest
from e2e.support.telling import MS, compared, tell
from kubedoor_api.kube.webhook_configuration import HOOK
from kubedoor_dev.control_plane import ControlPlane
from kubedoor_webhook.store import IDLE_CHECK_S, UNCHANGED_S
from support.rows import containers, derived_row

Json = dict[str, Any]
DEPLOYMENTS = 200
WRITERS = 8
"""As many as the API server is kept busy by."""
AT_REST_S = IDLE_CHECK_S + UNCHANGED_S
"""After that the services are to the webhook as if they had been derived the night before."""
PAST = "kube-system"
"""No webhook is asked about it."""
LABEL = {"e2e": "load"}
CREATE, UPDATE, RESTART = "create", "update", "restart"
PHASES = ((CREATE, WRITERS), (UPDATE, WRITERS), (RESTART, 1))
CALLED, OWN = "apiserver_admission_webhook_admission_duration_seconds", "kubedoor_admission_seconds"
UNVERIFIED = ssl._create_unverified_context()  # as a scraper's, in the cluster
REQUESTS = {"cpu": "250m", "memory": "256Mi"}


@pytest.fixture
async def crowd(place: Place) -> AsyncIterator[Place]:
    """A namespace that knows of two hundred services without pods; what was written past it goes."""
    values = containers(app=GOVERNED)
    rows = [derived_row(ENV, place.name, name, replicas_observed=0, **values) for name in names()]
    await place.clickhouse.insert("derived", rows)
    await asyncio.sleep(AT_REST_S)
    yield place
    place.installation.plane.kubectl("delete", "deployments", "-l", "e2e=load", "-n", PAST, "--wait=false")


def names() -> list[str]:
    """Return the Deployments' names."""
    return [f"app-{number}" for number in range(DEPLOYMENTS)]


@asynccontextmanager
async def administrator(plane: ControlPlane) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session with the API server that waits for nothing but the answers."""
    context = ssl.create_default_context(cafile=plane.credentials.ca_file)
    certificate = plane.credentials.client("writer", ("system:masters",))
    context.load_cert_chain(*certificate.write(plane.folder, "writer"))
    connector = aiohttp.TCPConnector(ssl=context, limit=WRITERS)
    async with aiohttp.ClientSession(plane.credentials.server, connector=connector) as session:
        yield session


def asked(kind: str, namespace: str, name: str) -> tuple[str, str, Json, str]:
    """Return method, path, body and content type of a write."""
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    if kind == CREATE:
        made = manifest(name, replicas=0)
        made["metadata"]["labels"] = LABEL
        return "POST", path, made, "application/json"
    container = {"name": "app", "image": "registry.example/app:2"}
    template = {
        UPDATE: {"spec": {"containers": [container]}},
        RESTART: {"metadata": {"annotations": {"restarted": "yes"}}},
    }
    patch = {"spec": {"template": template[kind]}}
    return "PATCH", f"{path}/{name}", patch, "application/strategic-merge-patch+json"


@dataclass(frozen=True)
class Meter:
    """Where the time of a call is told: on both of its ends."""

    session: aiohttp.ClientSession
    webhook: Sequence[str]

    async def read(self) -> dict[str, tuple[float, float]]:
        """Return seconds and number of all calls so far, as each end counts them."""
        server = await self._counted("/metrics", CALLED, {"name": HOOK})
        own = [await self._counted(url, OWN, {}, UNVERIFIED) for url in self.webhook]
        return {"called": server, "own": (sum(one[0] for one in own), sum(one[1] for one in own))}

    async def _counted(
        self, url: str, name: str, labels: dict[str, str], trust: ssl.SSLContext | bool = True
    ) -> tuple[float, float]:
        async with self.session.get(url, ssl=trust) as response:
            text = await response.text()
        samples = [
            one
            for family in text_string_to_metric_families(text)
            for one in family.samples
            if labels.items() <= one.labels.items()
        ]
        seconds, number = (
            sum(one.value for one in samples if one.name == f"{name}_{what}") for what in ("sum", "count")
        )
        return seconds, number


def per_call(before: dict[str, tuple[float, float]], after: dict[str, tuple[float, float]]) -> str:
    """Return what a call took on each of its ends, in the mean."""
    means = {
        end: MS * (after[end][0] - before[end][0]) / max(1, after[end][1] - before[end][1]) for end in after
    }
    own = f"the webhook itself {means['own']:.1f} ms"
    return f"{'':20} the API server's call takes {means['called']:.1f} ms in the mean, {own}"


async def timed(session: aiohttp.ClientSession, kind: str, namespace: str, name: str) -> float:
    """Write, and return the seconds until the answer."""
    method, path, body, content_type = asked(kind, namespace, name)
    began = time.perf_counter()
    async with session.request(method, path, json=body, headers={"Content-Type": content_type}) as response:
        text = await response.text()
    assert response.status in {200, 201}, text
    return time.perf_counter() - began


async def test_two_hundred_deployments_as_fast_as_they_are_taken(crowd: Place) -> None:
    plane = crowd.installation.plane
    tell(f"{DEPLOYMENTS} Deployments, past the webhook -> enforced:")
    containers_of = crowd.installation.kubelet.running["webhook"]
    urls = [f"https://127.0.0.1:{one.port}/metrics" for one in containers_of]
    async with administrator(plane) as session:
        meter = Meter(session, urls)
        for kind, writers in PHASES:
            took: dict[str, list[float]] = {crowd.name: [], PAST: []}
            waiting = iter(enumerate(names()))

            async def write(kind: str = kind, took: Any = took, waiting: Any = waiting) -> None:
                for number, name in waiting:
                    both = [crowd.name, PAST]
                    for namespace in both if number % 2 else reversed(both):
                        took[namespace].append(await timed(session, kind, namespace, name))

            before = await meter.read()
            await asyncio.gather(*(write() for _ in range(writers)))
            tell(compared(f"{kind}, {writers} at once", took[crowd.name], took[PAST]))
            tell(per_call(before, await meter.read()))
        path = f"/apis/apps/v1/namespaces/{crowd.name}/deployments"
        async with session.get(path) as response:
            items = (await response.json())["items"]
    assert len(items) == DEPLOYMENTS
    for item in items:
        (container,) = item["spec"]["template"]["spec"]["containers"]
        assert container["resources"]["requests"] == REQUESTS, item["metadata"]["name"]
        assert container["image"].endswith(":2")
