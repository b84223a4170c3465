"""The answer to an admission request: few headers where the connection goes on, else aiohttp's own answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer

from kubedoor_webhook.reply import reply
from support.waiting import until

DOCUMENT = b'{"allowed":true}'
Made = list[web.StreamResponse]
HUGE = b"x" * 4 * 1024 * 1024


@asynccontextmanager
async def server(document: bytes = DOCUMENT, *, last: bool = False) -> AsyncIterator[tuple[int, Made]]:
    """Serve one document; yields the port and the answers that were made."""
    made: Made = []

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        made.append(answer := reply(request, document, last=last))
        return answer

    async with RawTestServer(handle) as running:
        yield running.port or 0, made


async def one_answer(reader: asyncio.StreamReader) -> tuple[list[bytes], bytes]:
    """Read an answer; return the lines of its head, and its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    return head.strip().split(b"\r\n"), await reader.readexactly(len(DOCUMENT))


def post(version: str = "1.1", *headers: str) -> bytes:
    """A request of an API server."""
    lines = [f"POST /mutate HTTP/{version}", "Host: x", "Content-Length: 2", *headers, "", "{}"]
    return "\r\n".join(lines).encode()


async def test_a_document_goes_with_its_few_headers_and_the_connection_goes_on() -> None:
    async with server() as (port, made):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(post())
        first = await one_answer(reader)
        writer.write(post())
        lines, body = await one_answer(reader)
        writer.close()
    assert first[1] == DOCUMENT
    assert (lines[0], body) == (b"HTTP/1.1 200 OK", DOCUMENT)
    names = {line.partition(b":")[0]: line.partition(b":")[2].strip().decode() for line in lines[1:]}
    assert names.keys() == {b"Content-Type", b"Content-Length", b"Date"}
    assert names[b"Content-Type"] == "application/json"
    assert names[b"Content-Length"] == str(len(DOCUMENT))
    assert parsedate_to_datetime(names[b"Date"]).tzinfo is not None
    assert not any(isinstance(one, web.Response) for one in made)


@pytest.mark.parametrize(
    ("request_", "last"),
    [(post("1.0"), False), (post("1.1", "Connection: close"), False), (post(), True)],
    ids=["HTTP/1.0", "the client closes", "the webhook leaves"],
)
async def test_what_ends_the_connection_is_aiohttps_own_answer(request_: bytes, last: bool) -> None:
    async with server(last=last) as (port, made):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request_)
        everything = await reader.read()
        writer.close()
    assert everything.endswith(DOCUMENT), "the connection was closed after it"
    assert all(isinstance(one, web.Response) for one in made)


async def test_who_reads_nothing_is_waited_for() -> None:
    """Answers that nobody reads do not pile up: once something waits to be sent, the next waits with it."""
    async with server(HUGE) as (port, made):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(50):
            writer.write(post())

        async def two() -> bool:
            return len(made) > 1

        await until(two)
        assert isinstance(made[1], web.Response), "the second waits until what is there has been read"
        writer.transport.abort()
