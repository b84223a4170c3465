"""Leaving: two instances are restarted in turn under load, with pooled connections; no request fails."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path

import aiohttp

from kubedoor_core.clickhouse import ClickHouse
from support.reviews import deployment, review
from support.waiting import until
from support.webhook import Webhook, ask, until_ready

WORKERS = 8


async def is_ready(client: aiohttp.ClientSession) -> bool:
    try:
        async with client.get("/readyz") as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False


class Service:
    """A Kubernetes Service over two instances: it sends to those that were ready when last looked at."""

    def __init__(self, clients: list[aiohttp.ClientSession]) -> None:
        self._clients = clients
        self._ready = list(clients)
        self._turn = itertools.count()
        self.answered = 0

    async def probe(self) -> None:
        """Look at readiness again and again, as the kubelet does."""
        while True:
            self._ready = [client for client in self._clients if await is_ready(client)] or self._ready
            await asyncio.sleep(0.1)

    async def work(self) -> None:
        """Send one request after the other, by turns."""
        while True:
            client = self._ready[next(self._turn) % len(self._ready)]
            answer = await ask(client, review(deployment()))
            assert answer.response["allowed"] is True
            self.answered += 1

    async def has_answered(self, count: int) -> bool:
        return self.answered >= count


async def restart(webhook: Webhook, client: aiohttp.ClientSession, service: Service) -> None:
    await asyncio.to_thread(webhook.stop)
    await asyncio.to_thread(webhook.start)
    await until_ready(client)
    sofar = service.answered
    await until(lambda: service.has_answered(sofar + 100))


async def test_two_instances_restarted_in_turn(
    governed: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    settings = {**clickhouse_settings, "KUBEDOOR_DRAIN_SECONDS": "6"}
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    first, second = (Webhook(folder, settings) for folder in folders)
    with first.running(), second.running():
        async with first.session() as to_first, second.session() as to_second:
            await until_ready(to_first)
            await until_ready(to_second)
            service = Service([to_first, to_second])
            tasks = [asyncio.create_task(service.probe())]
            tasks += [asyncio.create_task(service.work()) for _ in range(WORKERS)]
            await until(lambda: service.has_answered(100))
            await restart(first, to_first, service)
            await restart(second, to_second, service)
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(end, asyncio.CancelledError) for end in ended), ended


async def test_what_waits_is_written_before_it_goes(webhook_process: Webhook, clickhouse: ClickHouse) -> None:
    async with webhook_process.session() as client:
        await until_ready(client)
        for _ in range(50):
            await ask(client, review(deployment()))
    await asyncio.to_thread(webhook_process.stop)
    assert await clickhouse.fetch_one("SELECT count() AS n FROM admission_log") == {"n": 50}
