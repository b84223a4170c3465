"""WebSockets: opened once all is known to be right, pinged while they last, ended when the server closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from kubedoor_api.web.stream import CLOSING
from kubedoor_core.logs import get_logger
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Channel

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
