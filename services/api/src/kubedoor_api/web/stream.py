"""Server-sent events: sent as they come, until they end, the client leaves or the server closes."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web

from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Stream

T = TypeVar("T")
STREAMS_PER_PERSON = 10
"""Of one instance: a browser's tabs, and some scripts."""
RETRY_AFTER_S = 5

CLOSING = web.AppKey("closing", asyncio.Event)
OPEN: web.AppKey[Counter[str]] = web.AppKey("open_streams")
HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx passes each event on at once
}


def add_streams(app: web.Application) -> None:
    """End the streams when the server closes: it waits for its requests."""
    closing = asyncio.Event()
    app[CLOSING] = closing
    app[OPEN] = Counter[str]()

    async def close(_: web.Application) -> None:
        closing.set()

    app.on_shutdown.append(close)


@contextlib.contextmanager
def _counted(request: web.Request, person: str) -> Iterator[None]:
    """Count one more stream of somebody while it is open.

    :raises Problem: 429 where there are too many.
    """
    is_open = request.app[OPEN]
    if is_open[person] >= STREAMS_PER_PERSON:
        raise Problem(
            429,
            f"You have {STREAMS_PER_PERSON} event streams open, the most that one may have: close one first",
            code=ProblemCode.TOO_MANY_STREAMS,
            headers={"Retry-After": str(RETRY_AFTER_S)},
            parameters={"most": STREAMS_PER_PERSON},
        )
    is_open[person] += 1
    try:
        yield
    finally:
        is_open[person] -= 1
        if not is_open[person]:
            del is_open[person]


async def send(request: web.Request, stream: Stream, person: str) -> web.StreamResponse:
    """Send the events.

    :param person: who watches.
    :raises Problem: 429 where they have too many streams open.
    """
    try:
        with _counted(request, person):
            response = web.StreamResponse(headers=HEADERS)
            await response.prepare(request)
            with contextlib.suppress(ConnectionError):
                async for event in until_closing(stream.events, request.app[CLOSING]):
                    await response.write(event.encode())
                await response.write_eof()
            return response
    finally:
        if stream.close is not None:
            await stream.close()


async def until_closing(parts: AsyncIterator[T], closing: asyncio.Event) -> AsyncIterator[T]:
    """Pass on what comes, until the server closes."""
    closed = asyncio.create_task(closing.wait())
    try:
        while True:
            following = asyncio.ensure_future(anext(parts, None))
            await asyncio.wait({following, closed}, return_when=asyncio.FIRST_COMPLETED)
            if not following.done():
                following.cancel()
                await asyncio.wait({following})
                return
            part = following.result()
            if part is None:
                return
            yield part
    finally:
        closed.cancel()
