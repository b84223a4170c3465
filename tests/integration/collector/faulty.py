"""A store that stands before a real one and spoils some of its answers."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

Fault = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


class FaultyStore:
    """Passes everything on, but what its fault answers itself."""

    def __init__(self, target: str, session: aiohttp.ClientSession, prefix: str) -> None:
        self.target, self._session, self._prefix = target, session, prefix
        self.fault: Fault | None = None
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        if self.fault is not None and (spoilt := await self.fault(request)) is not None:
            return spoilt
        path = request.path.removeprefix(self._prefix)
        form = {"Content-Type": request.headers.get("Content-Type", "")} if request.body_exists else {}
        async with self._session.request(
            request.method,
            self.target + path,
            params=request.query,
            data=await request.read(),
            headers=form,
        ) as answer:
            return web.Response(
                status=answer.status, body=await answer.read(), content_type=answer.content_type
            )


@asynccontextmanager
async def before(
    target: str, prefix: str = "", context: ssl.SSLContext | None = None, port: int = 0
) -> AsyncIterator[FaultyStore]:
    """Stand before a store, below a path, with TLS where a context is given."""
    async with aiohttp.ClientSession() as session:
        store = FaultyStore(target, session, prefix)
        app = web.Application()
        app.router.add_route("*", prefix + "/{path:.*}", store.handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port, ssl_context=context)
        await site.start()
        store.url = f"{'https' if context else 'http'}://127.0.0.1:{site.port}"
        try:
            yield store
        finally:
            await runner.cleanup()
