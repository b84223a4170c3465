"""What an error of a handler is answered with."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from kubedoor_core.errors import ClickHouseUnavailableError
from kubedoor_core.problems import problem_middleware


@pytest.mark.parametrize(
    ("error", "status", "comes_back"),
    [
        (MemoryError(), 503, True),
        (ClickHouseUnavailableError("away"), 503, True),
        (RuntimeError("a mistake of ours"), 500, False),
    ],
)
async def test_want_of_memory_is_no_mistake_of_ours_but_passes(
    error: Exception, status: int, comes_back: bool
) -> None:
    async def fail(_: web.Request) -> web.Response:
        raise error

    app = web.Application(middlewares=[problem_middleware])
    app.router.add_get("/", fail)
    async with TestClient(TestServer(app)) as client, client.get("/") as answer:
        assert (answer.status, "Retry-After" in answer.headers) == (status, comes_back)
        told = await answer.json()
        assert told["status"] == status
        assert "mistake" not in told["detail"]


async def test_who_goes_away_in_the_middle_of_an_answer_is_no_mistake_of_ours() -> None:
    over = asyncio.Event()

    async def stream(request: web.Request) -> web.StreamResponse:
        try:
            response = web.StreamResponse()
            await response.prepare(request)
            while True:
                await response.write(b"more")
                await asyncio.sleep(0)
        finally:
            over.set()

    app = web.Application(middlewares=[problem_middleware])
    app.router.add_get("/", stream)
    runner = web.AppRunner(app)  # as the services do: a test server of aiohttp's would end the handler
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        with capture_logs() as logged:
            _, writer = await asyncio.open_connection(*runner.addresses[0])
            writer.write(b"GET / HTTP/1.1\r\nHost: it\r\n\r\n")
            await writer.drain()
            writer.transport.abort()
            await over.wait()
    finally:
        await runner.cleanup()
    assert [(one["event"], one["log_level"]) for one in logged] == [("http.client_gone", "info")]
