"""What a node serves the API server: `exec` and logs of its pods. Without a certificate nobody is served."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import AsyncIterator

from aiohttp import web

from e2e.support.local_pods import LocalPods
from kubedoor_dev.cluster.errors import ApiError
from kubedoor_dev.containers import channels
from kubedoor_dev.control_plane.credentials import Credentials

PLACE = "/{namespace}/{pod}/{container}"


@contextlib.asynccontextmanager
async def serving(credentials: Credentials, pods: LocalPods) -> AsyncIterator[int]:
    """Serve while the block lasts; yields the port at 127.0.0.1."""

    async def execute(request: web.Request) -> web.StreamResponse:
        container = pods.containers.by_place.get(_place(request))
        if container is None:
            raise web.HTTPNotFound(text="the container is not found")
        return await channels.serve(request, container)

    async def log(request: web.Request) -> web.StreamResponse:
        namespace, name, container = _place(request)
        pod = pods.known.get((namespace, name))
        if pod is None:
            raise web.HTTPNotFound(text=f"pod {name} is not found")
        response = web.StreamResponse(headers={"Content-Type": "text/plain"})
        try:
            lines = pods.logs.read(pod, {**request.query, "container": container})
        except ApiError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            async for line in lines:
                await response.write(line)
        return response

    app = web.Application()
    app.router.add_route("*", f"/exec{PLACE}", execute)
    app.router.add_get(f"/containerLogs{PLACE}", log)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=_for_the_api_server(credentials))
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        _abort(runner)
        await runner.cleanup()


def _abort(runner: web.AppRunner) -> None:
    """End every connection at once: one that is ended as TLS wants it outlives the loop, half closed."""
    for connection in runner.server.connections if runner.server else ():
        if connection.transport is not None:
            connection.transport.abort()


def _place(request: web.Request) -> tuple[str, str, str]:
    found = request.match_info
    return found["namespace"], found["pod"], found["container"]


def _for_the_api_server(credentials: Credentials) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(credentials.ca_file))
    context.load_cert_chain(*credentials.serving("node"))
    context.verify_mode = ssl.CERT_REQUIRED
    return context
