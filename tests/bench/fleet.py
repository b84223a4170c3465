"""All envs at once: 20 clusters of which one hangs, and their figures from one ClickHouse."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bench.growth import prepare
from bench.results import Result, at_most, seen
from bench.rounds import SHORT, median_seen
from kubedoor_core.logs import configure_logging
from kubedoor_dev.cluster.cluster import Cluster, Options
from support.api import Api, api_settings, serving, write_htpasswd
from support.clickhouse import Server

SUITE = "fleet"
CLUSTERS = 4 if SHORT else 20
SERVICES = 20 if SHORT else 1000
ROUNDS = 2 if SHORT else 5
GOAL_S = 1.5
PATH = "/api/v1/fleet"


@asynccontextmanager
async def _clusters(folder: Path) -> AsyncIterator[dict[str, Cluster]]:
    """Serve the clusters and write their file."""
    made = {f"cluster-{number}": Cluster(Options(tls=True)) for number in range(CLUSTERS)}
    async with AsyncExitStack() as stack:
        for cluster in made.values():
            await stack.enter_async_context(cluster.serve())
        files = {env: str(cluster.write_kubeconfig(folder / env)) for env, cluster in made.items()}
        (folder / "clusters.yaml").write_text(json.dumps(files))
        yield made


async def _taken(api: Api, path: str = PATH) -> float:
    begun = time.perf_counter()
    answer = await api.get(path)
    if answer.status != 200:
        raise RuntimeError(answer.text)
    return time.perf_counter() - begun


async def _run(folder: Path, url: str) -> list[Result]:
    async with _clusters(folder) as clusters:
        await prepare(url, "kubedoor", dict.fromkeys(clusters, SERVICES))
        write_htpasswd(folder / "htpasswd", alice="x")
        settings = api_settings(
            folder,
            {"KUBEDOOR_CLICKHOUSE_URL": url},
            env="cluster-0",
            clusters_file=str(folder / "clusters.yaml"),
        )
        clusters[f"cluster-{CLUSTERS - 1}"].fault(hang=True, count=None, path="/nodes")
        async with serving(settings) as api:
            first = await _taken(api)
            later = [await _taken(api) for _ in range(ROUNDS)]
            found = [await _taken(api, f"{PATH}/services?q=service-1") for _ in range(ROUNDS)]
    return [
        at_most(SUITE, f"all of {CLUSTERS} clusters, one of which hangs, at first", first, "s", GOAL_S),
        at_most(SUITE, "the same afterwards, the slowest", max(later), "s", GOAL_S),
        *median_seen(SUITE, "the same afterwards", later, "s"),
        *median_seen(SUITE, f"a service found among {CLUSTERS * SERVICES}", found, "s"),
        seen(SUITE, "services in all", CLUSTERS * SERVICES, ""),
    ]


def main() -> list[Result]:
    """Run the suite."""
    configure_logging("bench", "console", "error")
    with tempfile.TemporaryDirectory(prefix="kubedoor-bench-") as name:
        folder = Path(name)
        with Server(folder).running() as server:
            return asyncio.run(_run(folder, server.url))
