"""What a store of metrics may answer that is no answer, and what a collection says of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
EMPTY = {"status": "success", "data": {"resultType": "vector", "result": []}}


def says(status: int, payload: object) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(payload, status=status)

    return answer


def refuses(status: int, error: str) -> Answer:
    return says(status, {"status": "error", "errorType": "x", "error": error})


async def html(_: web.Request) -> web.Response:
    return web.Response(text="<html><title>Sign in</title></html>", content_type="text/html")


async def gateway(_: web.Request) -> web.Response:
    return web.Response(status=503, text="<html>no upstream</html>", content_type="text/html")


async def slow(_: web.Request) -> web.Response:
    await asyncio.sleep(30)
    return web.json_response(EMPTY)


async def hangs_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


BAD_ANSWERS: Mapping[str, tuple[Answer, str]] = {
    "400": (refuses(400, "parse error"), "HTTP 400: parse error"),
    "422": (refuses(422, "many-to-many matching"), "HTTP 422: many-to-many matching"),
    "503": (refuses(503, "query timed out"), "HTTP 503: query timed out"),
    "gateway": (gateway, "the store is not up: HTTP 503"),
    "html": (html, "text/html instead of JSON"),
    "slow": (slow, "no answer in time"),
    "hangs up": (hangs_up, "can't be reached"),
    "warnings": (says(200, {**EMPTY, "warnings": ["a replica is away"]}), "a replica is away"),
    "partial": (says(200, {**EMPTY, "isPartial": True}), "partial"),
    "no data": (says(200, {"status": "success", "data": None}), "holds no result"),
    "no object": (says(200, [1, 2]), "instead of JSON"),
    "no vector": (says(200, {"status": "success", "data": {"result": [{"metric": {}}]}}), "not a vector"),
}
"""By name: a bad answer, and what a run's reason says of it."""


async def query_of(request: web.Request) -> str:
    """The PromQL that is asked for."""
    return str((await request.post())["query"])


async def of_a_metric(request: web.Request, end: datetime) -> bool:
    """Whether a request asks for the memory in the window that ends then."""
    form = await request.post()
    return float(str(form.get("time", 0))) == end.timestamp() and "working_set" in str(form["query"])


async def empty(request: web.Request) -> web.StreamResponse | None:
    """Know nothing but the time."""
    return None if "time()" in await query_of(request) else web.json_response(EMPTY)
