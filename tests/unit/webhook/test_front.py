"""Admission requests take the short way; all others go to the application."""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer

from kubedoor_core.errors import UnavailableError
from kubedoor_webhook.front import in_front

SECRET, BEFORE = "a-secret-that-nobody-knows", "the-secret-that-was-before"


async def application(_: web.BaseRequest) -> web.StreamResponse:
    """Answer in the application's place."""
    return web.Response(text="application")


async def mutate(_: web.Request) -> web.StreamResponse:
    """Answer in the place of admission."""
    return web.Response(text="mutate")


async def ask(secrets: Sequence[str], method: str, path: str, headers: dict[str, str]) -> str:
    """Ask a server with requests like the application's; return who answered."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", application)
    runner = web.AppRunner(app)
    await runner.setup()
    assert runner.server is not None
    handler = in_front(runner.server.request_handler, mutate, secrets)
    server = RawTestServer(handler)
    await server.start_server(request_factory=runner.server.request_factory)
    try:
        url = server.make_url(path)
        async with aiohttp.request(method, url, headers=headers, data=b"{}") as response:
            return await response.text()
    finally:
        await server.close()
        await runner.cleanup()


@pytest.mark.parametrize(
    ("secrets", "method", "path", "headers", "answers"),
    [
        ((), "POST", "/mutate", {}, "mutate"),
        ((), "POST", "/mutate?timeout=10s", {}, "mutate"),
        ((), "POST", "/mutate/", {}, "application"),
        ((), "PUT", "/mutate", {}, "application"),
        ((), "POST", "/mutate", {"Expect": "100-continue"}, "application"),
        ((SECRET, BEFORE), "POST", f"/mutate/{SECRET}", {}, "mutate"),
        ((SECRET, BEFORE), "POST", f"/mutate/{BEFORE}", {}, "mutate"),
        ((SECRET, BEFORE), "POST", "/mutate", {}, "application"),
        ((SECRET, BEFORE), "POST", f"/mutate/{SECRET}x", {}, "application"),
        ((SECRET, BEFORE), "POST", "/mutate/%ED%A0%80", {}, "application"),
    ],
)
async def test_who_answers(
    secrets: Sequence[str], method: str, path: str, headers: dict[str, str], answers: str
) -> None:
    assert await ask(secrets, method, path, headers) == answers


async def test_an_error_is_a_problem_document_on_the_short_way_too(monkeypatch: pytest.MonkeyPatch) -> None:
    async def failing(_: web.Request) -> web.StreamResponse:
        raise UnavailableError("come back shortly")

    monkeypatch.setitem(globals(), "mutate", failing)
    assert '"detail": "come back shortly"' in await ask((), "POST", "/mutate", {})
