"""Rows of the control table that are lost: what goes on to hold, what is told, and edits that govern."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from kubedoor_core.clickhouse import ClickHouse
from support.reviews import deployment, review
from support.rows import containers, control_row, set_mode
from support.waiting import until
from support.webhook import ENV, WebhookThread, ask, metric, until_ready

VALUES = containers(app=(250, 1000, 512, 1024))
LOSSES = {
    "truncated": "TRUNCATE TABLE {table}",
    "newest row deleted": "ALTER TABLE {table} DELETE WHERE version = (SELECT max(version) FROM {table})"
    " SETTINGS mutations_sync = 1",
}


@pytest.fixture
async def governed(clickhouse: ClickHouse) -> ClickHouse:
    """Ten services of `shop` and ten of `pay`, all derived; `shop/s1` has an expert's count."""
    rows = [
        control_row(ENV, namespace, f"s{number}", replicas_observed=3, **VALUES)
        for namespace in ("shop", "pay")
        for number in range(10)
    ]
    await clickhouse.insert("derived", rows)
    await clickhouse.insert("control", [control_row(ENV, "shop", "s1", replicas_manual=7, **VALUES)])
    await set_mode(clickhouse, ENV, "enforce")
    return clickhouse


async def _count(client: aiohttp.ClientSession, name: str, namespace: str = "shop") -> int:
    document = review(deployment(name=name, namespace=namespace))
    answer = await ask(client, document)
    assert answer.status == 200, answer.document
    count: int = answer.admitted(document)["spec"]["replicas"]
    return count


async def _edit(clickhouse: ClickHouse, name: str, count: int) -> None:
    await clickhouse.insert("control", [control_row(ENV, "shop", name, replicas_manual=count, **VALUES)])


async def _readiness(client: aiohttp.ClientSession) -> dict[str, Any]:
    async with client.get("/readyz") as response:
        told: dict[str, Any] = await response.json()
        return told


async def _is_alarmed(client: aiohttp.ClientSession) -> bool:
    return "warnings" in await _readiness(client)


@asynccontextmanager
async def _another(folder: Path, settings: dict[str, str]) -> AsyncIterator[aiohttp.ClientSession]:
    await asyncio.to_thread(folder.mkdir)
    webhook = WebhookThread(folder, settings)
    await asyncio.to_thread(webhook.start)
    try:
        async with webhook.session() as client:
            await until_ready(client)
            yield client
    finally:
        await asyncio.to_thread(webhook.stop)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("table", ["control", "derived", "setting"])
async def test_after_a_loss_edits_govern_here_and_in_one_that_starts(
    client: aiohttp.ClientSession,
    governed: ClickHouse,
    clickhouse_settings: dict[str, str],
    tmp_path: Path,
    table: str,
    loss: str,
) -> None:
    assert (await _count(client, "s1"), await _count(client, "s2")) == (7, 3)
    await governed.execute(LOSSES[loss].format(table=table))
    await until(lambda: _is_alarmed(client))
    assert (await _readiness(client))["status"] == "ready"
    for count in range(20, 25):
        await _edit(governed, "s2", count)
        assert await _count(client, "s2") == count
    if loss == "truncated":
        assert (await _count(client, "s1"), await _count(client, "s3")) == (7, 3)
    await set_mode(governed, ENV, "enforce")
    async with _another(tmp_path / "another", clickhouse_settings) as fresh:
        assert await _count(fresh, "s2") == 24
        for count in range(30, 33):
            await _edit(governed, "s2", count)
            assert await _count(fresh, "s2") == count
        rogue = await ask(fresh, review(deployment(name="rogue")))
        assert rogue.response["allowed"] is False


async def test_rows_that_vanish_without_tombstones_are_not_believed_beyond_a_share(
    client: aiohttp.ClientSession, governed: ClickHouse
) -> None:
    await governed.execute("ALTER TABLE derived DELETE WHERE namespace != 'pay' SETTINGS mutations_sync = 1")
    await until(lambda: _is_alarmed(client))
    assert {await _count(client, f"s{number}") for number in (2, 5, 9)} == {3}
    assert await _count(client, "s2", "pay") == 3
    [warning] = (await _readiness(client))["warnings"]
    assert "10 of 20 rows of the table derived are gone without a tombstone" in warning
    assert await metric(client, "kubedoor_snapshot_rows_lost") == 10

    async def told() -> bool:
        rows = await governed.fetch("SELECT message, severity FROM event WHERE kind = 'admission.rows_lost'")
        return [(row["message"], row["severity"]) for row in rows] == [(warning, "error")]

    await until(told)
    await governed.execute(
        "INSERT INTO derived SELECT * FROM derived_history"
        " ORDER BY version DESC LIMIT 1 BY env, namespace, name"
    )

    async def over() -> bool:
        return not await _is_alarmed(client)

    await until(over)
    assert await _count(client, "s2") == 3


async def test_a_few_that_vanish_are_believed(client: aiohttp.ClientSession, governed: ClickHouse) -> None:
    await governed.execute(
        "ALTER TABLE derived DELETE WHERE namespace = 'shop' AND name = 's5' SETTINGS mutations_sync = 1"
    )

    async def refused() -> bool:
        answer = await ask(client, review(deployment(name="s5")))
        return answer.response["allowed"] is False

    await until(refused)
    assert not await _is_alarmed(client)


async def test_one_that_starts_while_the_control_table_is_empty_is_not_ready_until_it_has_rows_again(
    client: aiohttp.ClientSession,
    governed: ClickHouse,
    clickhouse_settings: dict[str, str],
    tmp_path: Path,
) -> None:
    """What was derived is there still, but whatever people registered would be refused."""
    await governed.execute("TRUNCATE TABLE control")
    folder = tmp_path / "another"
    folder.mkdir()
    webhook = WebhookThread(folder, clickhouse_settings)
    with webhook.running():
        async with webhook.session() as fresh:

            async def told() -> bool:
                return "no row although some were announced" in str(await _readiness(fresh))

            await until(told)
            assert (await ask(fresh, review(deployment(name="s1")))).status == 503
            assert await _count(client, "s1") == 7
            await governed.execute("INSERT INTO control SELECT * FROM control_history")
            await until_ready(fresh)
            assert await _count(fresh, "s1") == 7
