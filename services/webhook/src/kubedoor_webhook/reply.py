"""The answer to an admission request as it goes over the wire: its few headers are put together at once."""

from __future__ import annotations

import asyncio
import time
from email.utils import formatdate
from functools import lru_cache

from aiohttp import HttpVersion11, web
from aiohttp.abc import AbstractStreamWriter

CONTENT_TYPE = "application/json"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nDate: %b\r\n\r\n%b"


def reply(request: web.BaseRequest, document: bytes, *, last: bool) -> web.StreamResponse:
    """Answer a request with a JSON document.

    :param last: the connection is closed after it.
    """
    transport = request.transport
    if (
        not last
        and transport is not None
        and request.version == HttpVersion11
        and request.keep_alive
        and not transport.get_write_buffer_size()
    ):
        return _Reply(transport, document)
    response = web.Response(body=document, content_type=CONTENT_TYPE)
    if last:
        response.force_close()
    return response


class _Reply(web.StreamResponse):
    """200 and a document, over a connection that goes on and over which nothing waits to be sent.

    What takes aiohttp most of its time is what any answer might need: cookies, compression, chunks, signals.
    """

    def __init__(self, transport: asyncio.Transport, document: bytes) -> None:
        super().__init__()
        self._transport = transport
        self._document = document
        self._keep_alive = True

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:  # noqa: ARG002 aiohttp's
        """Do nothing: the headers go with the document."""
        return None

    async def write_eof(self, data: bytes = b"") -> None:  # noqa: ARG002 aiohttp's, which gives none
        """Send everything.

        :raises ConnectionResetError: whoever asked has gone.
        """
        if self._transport.is_closing():
            raise ConnectionResetError("the connection is closed")
        self._transport.write(HEAD % (len(self._document), _date(int(time.time())), self._document))
        self._eof_sent = True


@lru_cache(maxsize=1)
def _date(now_s: int) -> bytes:
    """Return the time as HTTP writes it; made once a second."""
    return formatdate(now_s, usegmt=True).encode()
