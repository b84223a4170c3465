"""Steady and cold: what the webhook does while ClickHouse is slow, away or talking nonsense."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.migrate import migrate
from kubedoor_core.settings import Settings
from support.clickhouse import Server
from support.proxy import Proxy, Trouble
from support.reviews import deployment, review
from support.rows import containers, control_row, set_mode
from support.waiting import until
from support.webhook import ENV, Answer, Webhook, ask, metric, until_ready

SOON = {"KUBEDOOR_CHECK_TIMEOUT_S": "0.5"}
"""When ClickHouse is in trouble, as it is set outside of tests."""


async def count_now(client: aiohttp.ClientSession) -> int:
    document = review(deployment())
    answer = await ask(client, document)
    assert answer.status == 200, answer.document
    refused = await ask(client, review(deployment(name="rogue")))
    assert refused.response["allowed"] is False
    count: int = answer.admitted(document)["spec"]["replicas"]
    return count


async def age(client: aiohttp.ClientSession) -> float:
    return await metric(client, "kubedoor_snapshot_age_seconds")


@pytest.fixture
async def proxy(clickhouse_server: str) -> AsyncIterator[Proxy]:
    port = urlsplit(clickhouse_server).port
    assert port
    async with Proxy(port).running() as running:
        yield running


@pytest.mark.parametrize("trouble", [t for t in Trouble if t is not Trouble.NONE])
async def test_decisions_go_on_unchanged_and_an_edit_is_seen_when_it_is_over(
    governed: ClickHouse, clickhouse_settings: dict[str, str], proxy: Proxy, tmp_path: Path, trouble: Trouble
) -> None:
    webhook = Webhook(tmp_path, {**clickhouse_settings, **SOON, "KUBEDOOR_CLICKHOUSE_URL": proxy.url})
    await asyncio.to_thread(webhook.start)
    try:
        async with webhook.session() as client:
            await until_ready(client)
            assert await count_now(client) == 3
            proxy.make(trouble)
            assert {await count_now(client) for _ in range(20)} == {3}
            await until(lambda: older_than(client, 1.0))
            assert {await count_now(client) for _ in range(5)} == {3}
            values = containers(app=(250, 1000, 512, 1024))
            row = control_row(ENV, "shop", "checkout", replicas_manual=4, **values)
            await governed.insert("control", [row])
            proxy.make(Trouble.NONE)
            await until(lambda: has_count(client, 4))
            await until(lambda: younger_than(client, 1.5))
    finally:
        await asyncio.to_thread(webhook.stop)


async def older_than(client: aiohttp.ClientSession, seconds: float) -> bool:
    return await age(client) > seconds


async def younger_than(client: aiohttp.ClientSession, seconds: float) -> bool:
    return await age(client) < seconds


async def has_count(client: aiohttp.ClientSession, count: int) -> bool:
    return await count_now(client) == count


async def are_done(tasks: list[asyncio.Task[Answer]], count: int) -> bool:
    return sum(task.done() for task in tasks) == count


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path).running() as running:
        yield running


async def govern(settings: Settings) -> None:
    async with connect(settings) as clickhouse:
        await migrate(clickhouse)
        row = control_row(ENV, "shop", "checkout", replicas_manual=3, **containers(app=(1, 2, 3, 4)))
        await clickhouse.insert("control", [row])
        await set_mode(clickhouse, ENV, "enforce")


async def test_killed_stopped_and_back(server: Server, tmp_path: Path) -> None:
    await govern(Settings(clickhouse_url=server.url))
    with Webhook(tmp_path, {**SOON, "KUBEDOOR_CLICKHOUSE_URL": server.url}).running() as webhook:
        async with webhook.session() as client:
            await until_ready(client)
            server.signal(signal.SIGSTOP)
            assert {await count_now(client) for _ in range(10)} == {3}
            await until(lambda: older_than(client, 1.0))
            server.signal(signal.SIGCONT)
            await until(lambda: younger_than(client, 1.0))
            server.signal(signal.SIGKILL)
            assert {await count_now(client) for _ in range(10)} == {3}
            await asyncio.to_thread(server.start)
            await until(lambda: younger_than(client, 1.0))
            assert await count_now(client) == 3


async def test_a_copy_that_is_suddenly_empty_is_not_believed(
    client: aiohttp.ClientSession, clickhouse: ClickHouse
) -> None:
    assert await count_now(client) == 3
    await clickhouse.execute("TRUNCATE TABLE control")
    assert {await count_now(client) for _ in range(10)} == {3}
    row = control_row(ENV, "shop", "checkout", replicas_manual=5, **containers(app=(1, 2, 3, 4)))
    await clickhouse.insert("control", [row])
    await until(lambda: has_count(client, 5))


async def test_the_last_service_can_be_removed(client: aiohttp.ClientSession, clickhouse: ClickHouse) -> None:
    await clickhouse.insert("control", [control_row(ENV, "shop", "checkout", deleted=True, **containers())])
    assert (await ask(client, review(deployment()))).response["allowed"] is False


async def test_cold_it_is_not_ready_and_asks_to_come_back(tmp_path: Path) -> None:
    nobody = {"KUBEDOOR_CLICKHOUSE_URL": "http://127.0.0.1:9"}
    with Webhook(tmp_path, nobody).running() as webhook:
        async with webhook.session() as client:
            async with client.get("/readyz") as response:
                assert response.status == 503
                assert "no copy of the control table" in (await response.json())["reason"]
            answer = await ask(client, review(deployment()))
            assert (answer.status, answer.document["status"]) == (503, 503)
            async with client.post("/mutate", json=review(deployment())) as response:
                assert response.headers["Retry-After"] == "1"
            unconcerned = await ask(client, review(deployment(), resource="statefulsets"))
            assert unconcerned.response["allowed"] is True


@pytest.mark.parametrize(("on_stale", "allowed"), [("allow", True), ("deny", False)])
async def test_a_copy_that_is_too_old_is_not_gone_by(
    governed: ClickHouse, clickhouse_settings: dict[str, str], proxy: Proxy, tmp_path: Path, on_stale: str,
    allowed: bool,
) -> None:  # fmt: skip
    settings = {"KUBEDOOR_MAX_STALENESS": "1.5", "KUBEDOOR_ON_STALE": on_stale}
    webhook = Webhook(tmp_path, {**clickhouse_settings, "KUBEDOOR_CLICKHOUSE_URL": proxy.url, **settings})
    await asyncio.to_thread(webhook.start)
    try:
        async with webhook.session() as client:
            await until_ready(client)
            proxy.make(Trouble.RESET)
            await until(lambda: older_than(client, 1.6))
            answer = await ask(client, review(deployment()))
            assert answer.response["allowed"] is allowed
            assert answer.patch() == []
            said = [
                *answer.response.get("warnings", []),
                answer.response.get("status", {}).get("message", ""),
            ]
            assert any("copy of the control table is" in text for text in said)
            unchanged = await ask(client, review(deployment(), deployment()))
            assert unchanged.response["allowed"] is True
            async with client.get("/readyz") as response:
                assert response.status == 503
    finally:
        await asyncio.to_thread(webhook.stop)


async def test_one_request_too_many_is_asked_to_come_back(
    governed: ClickHouse, clickhouse_settings: dict[str, str], proxy: Proxy, tmp_path: Path
) -> None:
    settings = {"KUBEDOOR_CLICKHOUSE_URL": proxy.url, "KUBEDOOR_MAX_IN_FLIGHT": "2"}
    webhook = Webhook(tmp_path, {**clickhouse_settings, **settings})
    await asyncio.to_thread(webhook.start)
    try:
        async with webhook.session() as client:
            await until_ready(client)
            proxy.make(Trouble.SILENCE)  # the first two wait for their check
            asked = [asyncio.create_task(ask(client, review(deployment()))) for _ in range(6)]
            await until(lambda: are_done(asked, 4))
            proxy.make(Trouble.NONE)
            answers = await asyncio.gather(*asked)
            assert sorted(answer.status for answer in answers) == [200, 200, 503, 503, 503, 503]
            assert "too many requests" in next(a for a in answers if a.status == 503).document["detail"]
    finally:
        await asyncio.to_thread(webhook.stop)
