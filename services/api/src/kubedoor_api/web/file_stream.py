"""Files that are sent as they come, with their size or in chunks: one that breaks off is seen as such."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import aclosing
from typing import TYPE_CHECKING

from aiohttp import web

from kubedoor_api.web.stream import CLOSING, until_closing
from kubedoor_core.logs import get_logger

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import FileStream

log = get_logger(__name__)

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
