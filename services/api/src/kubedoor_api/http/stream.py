"""Server-sent events: sent as they come, until they end, the client leaves or the server closes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from kubedoor_api.http.operation import Stream

CLOSING = web.AppKey("closing", asyncio.Event)
HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx passes each event on at once
}


def add_streams(app: web.Application) -> None:
    """End the streams when the server closes: it waits for its requests."""
    closing = asyncio.Event()
    app[CLOSING] = closing

    async def close(_: web.Application) -> None:
        closing.set()

    app.on_shutdown.append(close)


async def send(request: web.Request, stream: Stream) -> web.StreamResponse:
    """Send the events."""
    response = web.StreamResponse(headers=HEADERS)
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):
        async for event in _until(stream.events, request.app[CLOSING]):
            await response.write(event.encode())
        await response.write_eof()
    return response


async def _until(events: AsyncIterator[str], closing: asyncio.Event) -> AsyncIterator[str]:
    """Pass the events on until the server closes."""
    closed = asyncio.create_task(closing.wait())
    try:
        while True:
            following = asyncio.ensure_future(_next(events))
            await asyncio.wait({following, closed}, return_when=asyncio.FIRST_COMPLETED)
            if not following.done():
                following.cancel()
                await asyncio.wait({following})
                return
            event = following.result()
            if event is None:
                return
            yield event
    finally:
        closed.cancel()


async def _next(events: AsyncIterator[str]) -> str | None:
    return await anext(events, None)
