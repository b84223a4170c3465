"""Reading request bodies within bounds: of size, of time, and of bytes that all requests together hold."""

from __future__ import annotations

import asyncio
import ssl
import time

from aiohttp import StreamReader, web

from kubedoor_core.errors import BadValueError, KubeDoorError

MAX_BODY_BYTES = 8 * 1024 * 1024
SLOW_AFTER_S = 1.0
"""The API server sends a body in milliseconds; one that takes longer than this makes room for others."""


class NoRoomError(KubeDoorError):
    """All requests together hold as many bytes as they may."""


class TooSlowError(KubeDoorError):
    """A body did not come in its time."""


class _Reading:
    """A body that is being read.

    :ivar put_out: it made room for others; its bytes are given back already.
    """

    __slots__ = ("began_s", "limit", "put_out", "size")

    def __init__(self, limit: asyncio.Timeout) -> None:
        self.began_s = time.monotonic()
        self.limit = limit
        self.put_out = False
        self.size = 0


class Bodies:
    """Reads bodies and counts their bytes until they are released.

    Where there is no room for more, the slowest make room first: somebody who sends a byte now and then can
    hold neither the bytes nor anything else.
    """

    def __init__(self, most_bytes: int, timeout_s: float) -> None:
        self._most_bytes = most_bytes
        self._timeout_s = timeout_s
        self._readings: dict[_Reading, None] = {}
        self.held_bytes = 0

    async def read(self, request: web.Request) -> bytes:
        """Return a whole body; its length is to be released.

        :raises NoRoomError, TooSlowError, BadValueError: the last for one that breaks off.
        :raises HTTPRequestEntityTooLarge: for more than 8 MiB.
        """
        content = request.content
        if (announced := request.content_length or 0) > MAX_BODY_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, announced)
        try:
            if content.is_eof():  # as nearly always: it came with the headers
                body = content.read_nowait()
                self._take(len(body))
                return body
            return await self._read_slowly(content)
        except (
            web.RequestPayloadError,
            ConnectionError,
            ssl.SSLError,
            RuntimeError,
        ) as error:  # the last: it has gone already
            raise BadValueError(f"the body breaks off: {error}") from error

    def release(self, size: int) -> None:
        """Give the bytes of a body back."""
        self.held_bytes -= size

    async def _read_slowly(self, content: StreamReader) -> bytes:
        reading, chunks = _Reading(asyncio.timeout(self._timeout_s)), list[bytes]()
        try:
            async with reading.limit:
                self._readings[reading] = None
                try:
                    while chunk := await content.readany():
                        self._grow(reading, len(chunk))
                        chunks.append(chunk)
                    self._grow(reading, 0)
                    return b"".join(chunks)
                except BaseException:  # want of memory among them
                    if not reading.put_out:
                        self.held_bytes -= reading.size
                    raise
                finally:
                    del self._readings[reading]
        except TimeoutError as error:
            raise NoRoomError if reading.put_out else TooSlowError from error

    def _grow(self, reading: _Reading, more: int) -> None:
        if reading.put_out:
            raise NoRoomError
        if reading.size + more > MAX_BODY_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, reading.size + more)
        self._take(more, reading)
        reading.size += more

    def _take(self, more: int, own: _Reading | None = None) -> None:
        """Take bytes; where there is no room, put out the slowest, which may be the one that asks."""
        if self.held_bytes + more > self._most_bytes:
            self._make_room(more, own)
        self.held_bytes += more

    def _make_room(self, more: int, own: _Reading | None) -> None:
        began_before_s = time.monotonic() - SLOW_AFTER_S
        for reading in self._readings:  # the longest first
            if self.held_bytes + more <= self._most_bytes:
                return
            if reading is own or reading.began_s > began_before_s:
                break
            if not reading.put_out and not reading.limit.expired():
                reading.put_out = True
                reading.limit.reschedule(0)
                self.held_bytes -= reading.size
        if self.held_bytes + more > self._most_bytes:
            raise NoRoomError
