"""Slow bodies, large ones, and connections without end, over real TLS: real requests are answered."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from kubedoor_core.clickhouse import ClickHouse
from support.reviews import deployment, review
from support.tls import connections, head, open_connection
from support.waiting import until
from support.webhook import Webhook, ask, metric, until_ready

BODY = json.dumps(review(deployment())).encode()
MIB = 1024 * 1024
POD_LIMIT_MIB = 512


@asynccontextmanager
async def serving(folder: Path, settings: dict[str, str], **own: str) -> AsyncIterator[Webhook]:
    """A webhook with settings of its own, ready."""
    extra = {f"KUBEDOOR_{name.upper()}": value for name, value in own.items()}
    webhook = Webhook(folder, {**settings, **extra})
    await asyncio.to_thread(webhook.start)
    try:
        async with webhook.session() as client:
            await until_ready(client)
        yield webhook
    finally:
        await asyncio.to_thread(webhook.stop)


async def decides(client: aiohttp.ClientSession) -> None:
    """A real request is answered as ever."""
    document = review(deployment())
    assert (await ask(client, document)).admitted(document)["spec"]["replicas"] == 3


async def test_bodies_that_never_come_hold_no_real_request_up_and_get_408(
    governed: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    own = {"max_in_flight": "4", "body_timeout_s": "2"}
    async with serving(tmp_path, clickhouse_settings, **own) as webhook, webhook.session() as client:
        async with connections(webhook, 30, head(len(BODY)) + b"{") as slow:
            for _ in range(20):
                await decides(client)
            replies = await asyncio.gather(*(one.reply() for one in slow))
            assert {reply.status for reply in replies} == {408}
            assert "2 s" in replies[0].document()["detail"]
            await asyncio.gather(*(one.ended() for one in slow))
        assert await metric(client, "kubedoor_admission_refused_total") == 30


async def test_a_body_that_comes_in_parts_is_decided(webhook: Webhook, client: aiohttp.ClientSession) -> None:
    one = await open_connection(webhook)
    await one.send(head(len(BODY)))
    for begin in range(0, len(BODY), 1000):
        await one.send(BODY[begin : begin + 1000])
        await asyncio.sleep(0.01)
    reply = await one.reply()
    assert reply.status == 200
    assert reply.document()["response"]["patch"]
    one.writer.transport.abort()
    assert await metric(client, "kubedoor_admission_bytes_in_flight") == 0


@pytest.mark.parametrize("rest", [b"ZZZ\r\nx\r\n", b"3\r\n{}\r\n\r\nXX"])
async def test_a_body_that_breaks_off_is_no_500(webhook_process: Webhook, rest: bytes) -> None:
    one = await open_connection(webhook_process)
    await one.send(head("chunked") + rest)
    assert (await one.reply()).status == 400
    one.writer.transport.abort()
    gone = await open_connection(webhook_process)
    await gone.send(head(len(BODY)) + BODY[:100])
    gone.writer.transport.abort()
    async with webhook_process.session() as client:
        await until_ready(client)
        await decides(client)
    assert "http.failed" not in await asyncio.to_thread((webhook_process.folder / "log").read_text)


async def test_connections_are_bounded_and_those_that_ask_nothing_make_room(
    governed: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    async with serving(tmp_path, clickhouse_settings, max_connections="16") as webhook:
        servers = await open_connection(webhook)
        await servers.send(head(len(BODY)) + BODY)
        assert (await servers.reply()).status == 200
        silent = [await asyncio.open_connection("127.0.0.1", webhook.port) for _ in range(20)]
        try:
            async with connections(webhook, 50, b"POST /mutate HTTP/1.1\r\nHo"), webhook.session() as client:
                await decides(client)
                assert await metric(client, "kubedoor_connections") <= 16
                assert await metric(client, "kubedoor_connections_closed_for_room_total") >= 50
                await servers.send(head(len(BODY)) + BODY)
                assert (await servers.reply()).status == 200
        finally:
            for _, writer in silent:
                writer.transport.abort()


async def test_connections_that_have_left_are_forgotten(
    webhook: Webhook, client: aiohttp.ClientSession
) -> None:
    async with connections(webhook, 20, head(len(BODY)) + BODY) as used, connections(webhook, 20):
        await asyncio.gather(*(one.reply() for one in used))
        assert await metric(client, "kubedoor_connections") >= 40

    async def forgotten() -> bool:
        return await metric(client, "kubedoor_connections") <= 3

    await until(forgotten)


def peak_mib(webhook: Webhook) -> float:
    """The most memory that the process has held."""
    assert webhook.process
    status = Path(f"/proc/{webhook.process.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


async def test_many_large_bodies_stay_within_the_pods_memory_and_some_get_503(
    governed: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    padded = b'{"padding":"' + b"x" * (8 * MIB - 14) + b'"}'
    async with serving(tmp_path, clickhouse_settings) as webhook, webhook.session() as client:
        async with connections(webhook, 60, head(len(padded)) + padded[: 7 * MIB // 2]) as large:
            sending = [asyncio.create_task(one.send(padded[7 * MIB // 2 :])) for one in large]
            replies = await asyncio.gather(*(one.reply() for one in large), return_exceptions=True)
            await asyncio.gather(*sending)
        found = [reply for reply in replies if not isinstance(reply, BaseException)]
        statuses = Counter(reply.status for reply in found)
        assert set(statuses) <= {400, 408, 503}, statuses
        assert statuses[503] > 0
        assert {reply.headers["retry-after"] for reply in found if reply.status == 503} == {"1"}
        assert await asyncio.to_thread(peak_mib, webhook) < POD_LIMIT_MIB
        await decides(client)
        assert await metric(client, "kubedoor_admission_bytes_in_flight") == 0
