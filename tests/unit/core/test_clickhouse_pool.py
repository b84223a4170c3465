"""More statements at once than connections: the others wait, and nobody is told of an outage."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from kubedoor_core.clickhouse import client as clickhouse
from kubedoor_core.clickhouse import connect
from kubedoor_core.settings import Settings


async def test_who_waits_for_a_free_connection_is_not_told_that_clickhouse_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clickhouse, "CONNECT_S", 0.05)
    monkeypatch.setattr(clickhouse, "MOST_CONNECTIONS", 2)
    asked, free = asyncio.Queue[None](), asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        asked.put_nowait(None)
        await free.wait()
        return web.Response(text='{"n":1}\n')

    app = web.Application()
    app.router.add_post("/", answer)
    async with (
        TestServer(app) as server,
        connect(Settings(clickhouse_url=f"http://127.0.0.1:{server.port}")) as one,
    ):
        waiting = [asyncio.create_task(one.fetch("SELECT 1 AS n")) for _ in range(5)]
        await asked.get()
        await asked.get()
        await asyncio.sleep(4 * clickhouse.CONNECT_S)
        assert not any(task.done() for task in waiting)
        free.set()
        assert await asyncio.gather(*waiting) == [[{"n": 1}]] * 5
