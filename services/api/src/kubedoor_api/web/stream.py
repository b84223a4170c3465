"""What lasts: events of a thing as they come, files and WebSockets, until they or the server end."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterator
from contextlib import aclosing
from typing import Protocol, TypeVar

from aiohttp import web
from pydantic import BaseModel

from kubedoor_api.web.concurrency import Polls
from kubedoor_api.web.endpoint import Channel, FileStream, Stream
from kubedoor_core.errors import UnavailableError
from kubedoor_core.logs import get_logger
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

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


log = get_logger(__name__)

HEARTBEAT_S = 20.0
"""Below the minute after which nginx closes a connection that is silent."""
MAX_MESSAGE_BYTES = 64 << 10


async def serve_channel(request: web.Request, channel: Channel) -> web.StreamResponse:
    """Serve it until it ends, the client leaves or the server closes.

    :raises Problem: 426 where the client wants no WebSocket; what opening it refuses.
    """
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=MAX_MESSAGE_BYTES)
    if not socket.can_prepare(request).ok:
        detail = "This is a WebSocket: ask for it with Connection: Upgrade and Upgrade: websocket"
        raise Problem(426, detail, code=ProblemCode.UPGRADE_REQUIRED, headers={"Upgrade": "websocket"})
    await channel.open()
    await socket.prepare(request)
    try:
        await channel.run(socket, request.app[CLOSING])
    except Exception:
        # The head is out: nothing else can be answered.
        log.exception("channel.failed", path=request.path)
    await socket.close()
    return socket


STALLED_S = 60.0
"""So long a reader may take nothing."""


async def send_file(request: web.Request, file: FileStream) -> web.StreamResponse:
    """Send it; where it breaks off, break the connection off, so that nobody takes a part for the whole."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{file.filename}"',
        "X-Accel-Buffering": "no",  # nginx keeps none of it on its disk
    }
    response = web.StreamResponse(headers=headers)
    response.content_type, response.content_length = "application/octet-stream", file.bytes
    if file.bytes is None:
        response.enable_chunked_encoding()
    try:
        async with aclosing(file.chunks) as chunks:
            await response.prepare(request)
            with contextlib.suppress(ConnectionError):
                async for chunk in until_closing(chunks, request.app[CLOSING]):
                    async with asyncio.timeout(STALLED_S):
                        await response.write(chunk)
    except Exception as error:  # noqa: BLE001 whatever it is, the head is out: nothing else can be answered
        log.warning("file.broken", file=file.filename, reason=str(error))
    finally:
        await file.close()
    if not file.is_whole() and request.transport is not None:
        request.transport.abort()
    else:
        with contextlib.suppress(ConnectionError):
            await response.write_eof()
    return response


V = TypeVar("V", bound="Versioned")

POLL_S = 0.5
BEAT_S = 15.0
BEAT = ": still here\n\n"
"""A comment, which keeps the connection open."""


class Versioned(Protocol):
    """What has another version with each change."""

    @property
    def version(self) -> int:
        """The version, as the table has it."""


def event(name: str, data: BaseModel, version: int | None = None) -> str:
    """Return an event of a stream; JSON has no line breaks."""
    identity = "" if version is None else f"id: {version}\n"
    return f"event: {name}\n{identity}data: {data.model_dump_json()}\n\n"


def follow_versions(
    polls: Polls,
    key: Hashable,
    found: V,
    look: Callable[[], Awaitable[V]],
    view: Callable[[V], BaseModel],
    is_open: Callable[[V], bool],
) -> AsyncIterator[str]:
    """Yield each version of a thing as `progress`, the last one as `end`; the rest is as in `follow`."""
    sent = -1

    def tell(now: V) -> str:
        nonlocal sent
        before, sent = sent, now.version
        return "" if sent == before else event("progress" if is_open(now) else "end", view(now), sent)

    return follow(polls, key, found, look, tell, is_open)


async def follow(
    polls: Polls,
    key: Hashable,
    found: T,
    look: Callable[[], Awaitable[T]],
    tell: Callable[[T], str],
    is_open: Callable[[T], bool],
) -> AsyncIterator[str]:
    """Yield events of a thing, and a comment where there is nothing to tell for long.

    :param key: names the thing among all that are watched.
    :param found: how it stands; ``look`` finds how it stands then.
    :param tell: returns what is new as events; empty for nothing.
    """
    quiet_s = 0.0
    while True:
        if told := tell(found):
            yield told
            quiet_s = 0.0
        if not is_open(found):
            return
        quiet_s += POLL_S
        if quiet_s >= BEAT_S:
            yield BEAT
            quiet_s = 0.0
        try:
            found = await polls.next(key, POLL_S, look)
        except UnavailableError:
            yield BEAT  # the stream is older than the trouble, and may outlive it
