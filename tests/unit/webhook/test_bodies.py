"""The bytes that bodies hold: counted, bounded, and given back whatever happens."""

from __future__ import annotations

import asyncio
import ssl
from typing import cast

import pytest
from aiohttp import StreamReader, web
from aiohttp.base_protocol import BaseProtocol

from kubedoor_core.errors import BadValueError
from kubedoor_webhook import bodies as module
from kubedoor_webhook.bodies import MAX_BODY_BYTES, Bodies, NoRoomError, TooSlowError


class Request:
    """What of a request the reading of its body needs."""

    def __init__(self, content_length: int | None = None) -> None:
        loop = asyncio.get_running_loop()
        protocol = BaseProtocol(loop)
        protocol.connection_made(asyncio.Transport())
        self.content = StreamReader(protocol, 2**25, loop=loop)
        self.content_length = content_length

    def reading(self, bodies: Bodies) -> asyncio.Task[bytes]:
        """Begin to read it."""
        return asyncio.create_task(bodies.read(cast("web.Request", self)))


async def _turn() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_a_whole_body_is_held_until_it_is_released() -> None:
    bodies, request = Bodies(100, 60), Request()
    request.content.feed_data(b"x" * 60)
    request.content.feed_eof()
    body = await request.reading(bodies)
    assert (body, bodies.held_bytes) == (b"x" * 60, 60)
    another = Request()
    another.content.feed_data(b"x" * 60)
    another.content.feed_eof()
    with pytest.raises(NoRoomError):
        await another.reading(bodies)
    bodies.release(len(body))
    assert bodies.held_bytes == 0


async def test_one_that_never_ends_is_given_up() -> None:
    bodies, request = Bodies(100, 0.01), Request()
    request.content.feed_data(b"x")
    with pytest.raises(TooSlowError):
        await request.reading(bodies)
    assert bodies.held_bytes == 0


async def test_the_slowest_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SLOW_AFTER_S", -1.0)
    bodies, slow, quick = Bodies(100, 60), Request(), Request()
    slow.content.feed_data(b"s" * 60)
    put_out = slow.reading(bodies)
    await _turn()
    assert bodies.held_bytes == 60
    quick.content.feed_data(b"q" * 60)
    served = quick.reading(bodies)
    await _turn()
    quick.content.feed_eof()
    assert await served == b"q" * 60
    with pytest.raises(NoRoomError):
        await put_out
    assert bodies.held_bytes == 60


async def test_the_slowest_of_all_does_not_make_room_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SLOW_AFTER_S", -1.0)
    bodies, request = Bodies(100, 60), Request()
    task = request.reading(bodies)
    request.content.feed_data(b"x" * 60)
    await _turn()
    request.content.feed_data(b"x" * 60)
    with pytest.raises(NoRoomError):
        await task
    assert bodies.held_bytes == 0


async def test_the_newest_is_refused_where_none_is_slow() -> None:
    bodies, first, second = Bodies(100, 60), Request(), Request()
    first.content.feed_data(b"1" * 60)
    served = first.reading(bodies)
    await _turn()
    second.content.feed_data(b"2" * 60)
    with pytest.raises(NoRoomError):
        await second.reading(bodies)
    first.content.feed_eof()
    assert await served == b"1" * 60


async def test_what_is_too_large_is_refused_by_its_header_or_as_it_comes() -> None:
    bodies = Bodies(10 * MAX_BODY_BYTES, 60)
    with pytest.raises(web.HTTPRequestEntityTooLarge):
        await Request(MAX_BODY_BYTES + 1).reading(bodies)
    request = Request()
    task = request.reading(bodies)
    for _ in range(9):
        request.content.feed_data(b"x" * 1024 * 1024)
        await _turn()
    with pytest.raises(web.HTTPRequestEntityTooLarge):
        await task
    assert bodies.held_bytes == 0


@pytest.mark.parametrize(
    "error", [web.RequestPayloadError("cut"), ConnectionResetError(), ssl.SSLError("no memory for it")]
)
async def test_one_that_breaks_off_is_a_bad_value(error: Exception) -> None:
    bodies, request = Bodies(100, 60), Request()
    request.content.feed_data(b"x")
    task = request.reading(bodies)
    await _turn()
    request.content.set_exception(error)
    with pytest.raises(BadValueError):
        await task
    assert bodies.held_bytes == 0


class Parts:
    """Content whose parts have a length and can't be put together, as where there is no memory for it."""

    def __init__(self) -> None:
        self.coming = iter([["part"] * 7, []])

    def is_eof(self) -> bool:
        """It is still to come."""
        return False

    async def readany(self) -> list[str]:
        """Return the next part."""
        return next(self.coming)


async def test_one_that_can_not_be_put_together_is_given_back() -> None:
    bodies, request = Bodies(100, 60), Request()
    request.content = cast("StreamReader", Parts())
    with pytest.raises(TypeError):
        await request.reading(bodies)
    assert bodies.held_bytes == 0
