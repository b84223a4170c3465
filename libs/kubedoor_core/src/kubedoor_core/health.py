"""`/healthz`, `/readyz` and `/metrics`, the same in every service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

ReadyCheck = Callable[[], Awaitable[str | None]]
"""Returns None when the service can do its job, else why not."""
Warnings = Callable[[], Sequence[str]]
"""Returns what somebody should look at, though the service does its job."""


def add_health_routes(
    app: web.Application, registry: CollectorRegistry, ready: ReadyCheck, warnings: Warnings = tuple
) -> None:
    """Serve liveness, readiness and metrics."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def readyz(_: web.Request) -> web.Response:
        reason = await ready()
        told = {"warnings": list(found)} if (found := warnings()) else {}
        if reason is None:
            return web.json_response({"status": "ready", **told})
        return web.json_response({"status": "not ready", "reason": reason, **told}, status=503)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        )

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
