"""Three hundred services restarted without a pause: the cluster is asked for ten things at a time at most."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from aiohttp import web

from kubedoor_api.kube.retry import Request
from kubedoor_api.kube.surroundings import LabeledName
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster import server
from kubedoor_dev.cluster.cluster import Cluster
from support.api_process import ApiProcess
from support.operations import live, register, run, targets
from support.waiting import until

Json = dict[str, Any]
SERVICES = int(os.environ.get("KUBEDOOR_TEST_OPERATION_SERVICES", "300"))
AT_ONCE = 10
LABELED = frozenset(Request("list", resource).path for resource in get_args(LabeledName))

Handler = Callable[[Any, web.Request], Awaitable[web.StreamResponse]]


class InFlight:
    """Counts the requests of operations that a cluster is answering; beside: Leases, watches, labels."""

    def __init__(self) -> None:
        self.now = 0
        self.most = 0

    def around(self, handler: Handler) -> Handler:
        """Count what passes through a handler of the cluster's server."""

        async def counted(own: Any, request: web.Request) -> web.StreamResponse:
            if "/leases" in request.path or "watch" in request.query or request.path in LABELED:
                return await handler(own, request)
            self.now += 1
            self.most = max(self.most, self.now)
            try:
                await asyncio.sleep(0)
                return await handler(own, request)
            finally:
                self.now -= 1

        return counted


@pytest.fixture
def in_flight(monkeypatch: pytest.MonkeyPatch) -> InFlight:
    """Count before the cluster is served."""
    counter = InFlight()
    monkeypatch.setattr(server.Server, "_serve", counter.around(server.Server._serve))
    return counter


async def test_the_cluster_bounds_an_operation(
    in_flight: InFlight,
    cluster: Cluster,
    clickhouse: ClickHouse,
    clickhouse_settings: dict[str, str],
    tmp_path: Path,
) -> None:
    names = [f"service-{number:03}" for number in range(SERVICES)]
    await register(clickhouse, *names)
    await run(cluster, *names, replicas=1)
    kubeconfig = str(cluster.write_kubeconfig(tmp_path / "kubeconfig"))
    api = ApiProcess(tmp_path, {**clickhouse_settings, "KUBEDOOR_KUBECONFIG": kubeconfig})
    await api.start()
    try:
        await api.ask("GET", "/operations")
        before_kib, begun = api.peak_memory_kib(), time.monotonic()
        body = {"kind": "restart", "targets": targets(*names)}
        identity = (await api.ask("POST", "/operations", body))["id"]
        answered_s = time.monotonic() - begun

        async def ended() -> Json | None:
            shown = await api.ask("GET", f"/operations/{identity}")
            return shown if shown["state"] not in {"pending", "running"} else None

        shown = await until(ended, 300)
        took_s, after_kib = time.monotonic() - begun, api.peak_memory_kib()
    finally:
        await api.stop()
    assert shown["counts"]["succeeded"] == SERVICES, shown["counts"]
    assert {live(cluster, name)["metadata"]["generation"] for name in names} == {2}
    assert 1 < in_flight.most <= AT_ONCE
    print(
        f"{SERVICES} services in {took_s:.1f} s, answered in {answered_s * 1000:.0f} ms, at most"
        f" {in_flight.most} requests in flight, peak memory {before_kib} -> {after_kib} KiB"
    )
