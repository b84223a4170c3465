"""More statements at once than connections, or no time to connect: nobody is told of an outage."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from kubedoor_core.clickhouse import client as clickhouse
from kubedoor_core.clickhouse import connect
from kubedoor_core.errors import ClickHouseUnavailableError
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


async def ask_a_connector_that_fails(times: int, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Send a statement while the first attempts to connect take too long."""
    left, connected = times, aiohttp.TCPConnector.connect

    async def connecting(self: aiohttp.TCPConnector, *args: object, **named: object) -> object:
        nonlocal left
        if left:
            left -= 1
            raise aiohttp.ConnectionTimeoutError("too long")
        return await connected(self, *args, **named)  # type: ignore[arg-type]  # as aiohttp calls it

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text='{"n":1}\n')

    monkeypatch.setattr(aiohttp.TCPConnector, "connect", connecting)
    app = web.Application()
    app.router.add_post("/", answer)
    async with (
        TestServer(app) as server,
        connect(Settings(clickhouse_url=f"http://127.0.0.1:{server.port}")) as one,
    ):
        return await one.fetch("SELECT 1 AS n")


async def test_a_connection_that_was_not_made_in_time_is_made_at_the_second_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert await ask_a_connector_that_fails(1, monkeypatch) == [{"n": 1}]


async def test_two_that_were_not_are_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ClickHouseUnavailableError, match=r"within 5 s, twice$"):
        await ask_a_connector_that_fails(2, monkeypatch)
