"""The server: `/v1/models` and `/v1/chat/completions`, by a script; it keeps what it was sent."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from kubedoor_dev.ai.protocol import Asked, Json, Script
from kubedoor_dev.ai.scripts import SCRIPTS

MODEL = "kubedoor-scripted"
PREFIX = "/v1"
MOST_KEPT = 10_000


@dataclass
class ScriptedServer:
    """A server that may change its script at any time.

    :ivar bodies: what it was sent, the first request first; ``headers`` likewise.
    """

    script: Script = SCRIPTS["good"]
    bodies: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def follow(self, name: str) -> None:
        """Go by a script of a name, as if nobody had asked yet."""
        self.script = SCRIPTS[name]
        self.bodies.clear()
        self.headers.clear()

    def app(self) -> web.Application:
        """Build the application."""
        app = web.Application(client_max_size=16 << 20)
        app.router.add_get(f"{PREFIX}/models", self._models)
        app.router.add_post(f"{PREFIX}/chat/completions", self._completions)
        return app

    @asynccontextmanager
    async def serving(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[ScriptedServer]:
        """Serve on a free port of 127.0.0.1."""
        runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=0, handler_cancellation=True)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
            await site.start()
            self.url = f"{'https' if tls else 'http'}://127.0.0.1:{site.port}{PREFIX}"
            yield self
        finally:
            await runner.cleanup()

    async def _models(self, _: web.Request) -> web.Response:
        model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "kubedoor"}
        return web.json_response({"object": "list", "data": [model]})

    async def _completions(self, request: web.Request) -> web.StreamResponse:
        body, number = await request.json(), len(self.bodies)
        if number < MOST_KEPT:
            self.bodies.append(body)
            self.headers.append(dict(request.headers))
        return await self.script(Asked(request, body, number))
