"""TLS connections as raw as an attacker's: each byte is sent when the test says so."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from support.webhook import Webhook


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def document(self) -> dict[str, Any]:
        """The body as JSON."""
        document: dict[str, Any] = json.loads(self.body)
        return document


@dataclass(frozen=True)
class Connection:
    """One TLS connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """Send bytes; a peer that has closed is no error."""
        with contextlib.suppress(ConnectionError):
            self.writer.write(data)
            await self.writer.drain()

    async def reply(self) -> Reply:
        """Read one response."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return Reply(int(head[0].split(" ")[1]), headers, body)

    async def ended(self) -> bytes:
        """Wait until the peer closes; return what it sent before."""
        with contextlib.suppress(ConnectionError):
            return await self.reader.read()
        return b""


def head(length: int | str, path: str = "/mutate") -> bytes:
    """Headers of a POST whose body has a length, or is `chunked`."""
    framing = "Transfer-Encoding: chunked" if length == "chunked" else f"Content-Length: {length}"
    lines = [f"POST {path} HTTP/1.1", "Host: webhook", "Content-Type: application/json", framing]
    return "\r\n".join([*lines, "", ""]).encode()


async def open_connection(webhook: Webhook) -> Connection:
    """Connect and shake hands."""
    return Connection(
        *await asyncio.open_connection(
            "127.0.0.1", webhook.port, ssl=webhook.tls, server_hostname="127.0.0.1"
        )
    )


@asynccontextmanager
async def connections(webhook: Webhook, count: int, sends: bytes = b"") -> AsyncIterator[list[Connection]]:
    """Open connections one after the other, each of which sends something."""
    opened = []
    try:
        for _ in range(count):
            one = await open_connection(webhook)
            await one.send(sends)
            opened.append(one)
        yield opened
    finally:
        for one in opened:
            one.writer.transport.abort()
