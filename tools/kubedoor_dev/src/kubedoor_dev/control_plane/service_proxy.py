"""`python -m kubedoor_dev.control_plane.service_proxy SOCKET FILE`: what kube-proxy does for the API server.

It is the API server's egress selector: a CONNECT names a Service by its cluster IP, and is sent to one of the
ports on 127.0.0.1 that the file gives for it, in turn; where there is none it is refused, as kube-proxy does
for a Service without ready endpoints. Serves until it is ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path

CHUNK = 65536
CONNECT_TIMEOUT_S = 10.0
BACKLOG = 128

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def connect(ports: list[int], turn: Iterator[int]) -> Streams:
    """Connect to the next port that takes the connection.

    :raises ConnectionRefusedError: when none does.
    """
    first = next(turn)
    for offset in range(len(ports)):
        port = ports[(first + offset) % len(ports)]
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                return await asyncio.open_connection("127.0.0.1", port)
    raise ConnectionRefusedError


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Copy until the source ends, then say so to the target."""
    with contextlib.suppress(OSError):
        while data := await source.read(CHUNK):
            target.write(data)
            await target.drain()
        target.write_eof()


class Proxy:
    """Serves the API server's connections."""

    def __init__(self, file: Path) -> None:
        """:param file: the ports by address, as JSON; read for each connection."""
        self._file = file
        self._turn = itertools.count()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one CONNECT, then copy bytes both ways until both have ended."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            method, address, _ = head.decode("latin-1").split(" ", 2)
            if method == "CONNECT":
                await self._lead(address, reader, writer)
            else:
                writer.write(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")
        writer.close()

    async def _lead(self, address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ports = json.loads(self._file.read_text(encoding="utf-8"))
        try:
            answers, backend = await connect(ports.get(address, []), self._turn)
        except ConnectionRefusedError:
            writer.write(b"HTTP/1.1 503 Service Unavailable\r\n\r\n")
            return
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(_copy(reader, backend), _copy(answers, writer))
        backend.close()


async def main() -> None:
    """Serve until ended."""
    socket, file = map(Path, sys.argv[1:])
    server = await asyncio.start_unix_server(Proxy(file).serve, socket, backlog=BACKLOG)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
