"""A JSON answer as bytes: put together piece by piece and compressed on the way, so that it stays small.

A list of 5,000 services is 6 MB of JSON and a multiple of that as models; compressed it is a twentieth.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel

R = TypeVar("R")

LARGE = 256 * 1024
"""Bytes from which on an answer is compressed."""
PIECE = 64 * 1024
GZIP = 16 + zlib.MAX_WBITS
FASTEST = 1


@dataclass(frozen=True)
class EncodedBody:
    """The body of an answer, compressed where it is large."""

    body: bytes
    compressed: bool


class Body:
    """Takes pieces; holds them compressed once they are many."""

    def __init__(self) -> None:
        self._plain: list[bytes] = []
        self._size = 0
        self._gzip: Any = None
        self._out: list[bytes] = []

    def add(self, piece: bytes) -> None:
        """Append a piece."""
        self._plain.append(piece)
        self._size += len(piece)
        if self._size >= LARGE:
            self._compress()

    def _compress(self) -> None:
        if self._gzip is None:
            self._gzip = zlib.compressobj(FASTEST, zlib.DEFLATED, GZIP)
        self._out.append(self._gzip.compress(b"".join(self._plain)))
        self._plain, self._size = [], 0

    def finish(self) -> EncodedBody:
        """Return the whole."""
        if self._gzip is None:
            return EncodedBody(b"".join(self._plain), compressed=False)
        self._compress()
        self._out.append(self._gzip.flush())
        return EncodedBody(b"".join(self._out), compressed=True)


def prepared(answer: BaseModel) -> EncodedBody:
    """Prepare a whole answer."""
    body = Body()
    body.add(answer.model_dump_json().encode())
    return body.finish()


Part = Callable[[int, int], AsyncIterator[tuple[R, int]]]
"""Yields the rows of one part of a list by limit and offset, each with how many there are in all parts."""


async def listed(
    part: Part[R],
    item: Callable[[R], BaseModel],
    rest: Callable[[int], BaseModel],
    limit: int = 0,
    offset: int = 0,
) -> EncodedBody:
    """Put a list together: each row becomes an item as it comes, so that there are never many as models.

    :param rest: the list's other fields, with `items` empty, from the number of rows in all parts.
    """
    body, total = Body(), 0
    body.add(b'{"items":[')
    async for row, every in part(limit, offset):
        body.add((b"," if total else b"") + item(row).model_dump_json().encode())
        total = every
    if not total and offset:  # there is no row beyond the last part, so the very first tells
        async for _, every in part(1, 0):
            total = every
    body.add(b"]," + rest(total).model_dump_json(exclude={"items"}).encode().removeprefix(b"{"))
    return body.finish()


async def send_encoded(
    request: web.Request, prepared: EncodedBody, headers: dict[str, str]
) -> web.StreamResponse:
    """Send it, compressed to whoever takes that; piece by piece, so that a slow reader costs no memory."""
    takes = "gzip" in request.headers.get("Accept-Encoding", "")
    plain = prepared.compressed and not takes
    encoding = {"Content-Encoding": "gzip"} if prepared.compressed and takes else {}
    response = web.StreamResponse(headers={**headers, **encoding, "Vary": "Accept-Encoding"})
    response.content_type = "application/json"
    if not plain:
        response.content_length = len(prepared.body)
    await response.prepare(request)
    inflate = zlib.decompressobj(GZIP)
    for start in range(0, len(prepared.body), PIECE):
        piece = prepared.body[start : start + PIECE]
        if not plain:
            await response.write(piece)
            continue
        while piece:
            await response.write(inflate.decompress(piece, PIECE))
            piece = inflate.unconsumed_tail
    await response.write_eof(inflate.flush() if plain else b"")
    return response
