"""A TCP proxy that makes trouble between a service and ClickHouse."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum


class Trouble(StrEnum):
    """What the proxy does to a connection."""

    NONE = "none"
    DELAY = "delay"
    RESET = "reset"
    TRUNCATE = "truncate"
    EXCEPTION_AFTER_200 = "exception after 200"
    GARBAGE = "garbage"
    SILENCE = "silence"


DELAY_S = 1.5
TEXT = b"Code: 241. DB::Exception: Memory limit (total) exceeded. (MEMORY_LIMIT_EXCEEDED)\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
CANNED = {
    Trouble.EXCEPTION_AFTER_200: HEAD + str(len(TEXT)).encode() + b"\r\n\r\n" + TEXT,
    Trouble.GARBAGE: HEAD + b"15\r\n\r\n<html>hi</html>",
}


@dataclass
class Proxy:
    """Forwards to a port until it is told to make trouble; then every open connection meets it too."""

    target_port: int
    trouble: Trouble = Trouble.NONE
    port: int = 0
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where to send requests."""
        return f"http://127.0.0.1:{self.port}"

    def make(self, trouble: Trouble) -> None:
        """Switch; open connections are cut, so that the next request meets the new state."""
        self.trouble = trouble
        for writer in self._writers:
            writer.transport.abort()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Proxy]:
        """Serve on a free port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.make(Trouble.RESET)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await self._meet(reader, writer)
        self._writers.discard(writer)
        writer.transport.abort()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match self.trouble:
            case Trouble.RESET:
                return
            case Trouble.SILENCE:
                await reader.read()
            case Trouble.EXCEPTION_AFTER_200 | Trouble.GARBAGE:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(CANNED[self.trouble])
                await writer.drain()
                await reader.read()
            case _:
                await self._forward(reader, writer)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind_reader, behind_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        self._writers.add(behind_writer)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_copy(reader, behind_writer, 0))
                group.create_task(self._answer(behind_reader, writer))
        except* OSError:
            pass
        finally:
            self._writers.discard(behind_writer)
            behind_writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.trouble is Trouble.TRUNCATE:
            writer.write((await reader.read(65536))[:-30])
            await writer.drain()
            raise ConnectionResetError
        await _copy(reader, writer, DELAY_S if self.trouble is Trouble.DELAY else 0)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay_s: float) -> None:
    while chunk := await reader.read(65536):
        await asyncio.sleep(delay_s)
        writer.write(chunk)
        await writer.drain()
    writer.transport.abort()
    raise ConnectionResetError
