"""What an error of a handler is answered with."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

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
