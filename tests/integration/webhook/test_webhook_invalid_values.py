"""A row of the control table that holds what is none of its column's values takes no other row with it."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.invalid_values import VALID
from support.reviews import deployment, review
from support.rows import autoscaler_row, containers, control_row, set_mode
from support.waiting import until
from support.webhook import ENV, Webhook, ask, metric, until_ready

VALUES = containers(app=(250, 1000, 512, 1024))
COLUMNS = [(table, column) for table, columns in VALID.items() for column in columns]
WRONG = "no such value"


async def warnings(client: aiohttp.ClientSession) -> list[str]:
    """Return what `/readyz` warns about; it stays ready."""
    async with client.get("/readyz") as response:
        told: dict[str, Any] = await response.json()
    assert told["status"] == "ready"
    return list(told.get("warnings", []))


async def count(client: aiohttp.ClientSession, name: str) -> int:
    """Return the count that a Deployment of 9 is admitted with."""
    document = review(deployment(name=name, replicas=9))
    admitted: int = (await ask(client, document)).admitted(document)["spec"]["replicas"]
    return admitted


async def put(clickhouse: ClickHouse, table: str, name: str, **columns: Any) -> None:
    """Write a row of a table, with what it needs to be one."""
    if table == "autoscaler":
        await clickhouse.insert(table, [autoscaler_row(ENV, "shop", name) | columns])
        return
    count = {"replicas_manual": 3} if table == "control" else {"replicas_observed": 3}
    await clickhouse.insert(table, [control_row(ENV, "shop", name, **VALUES, **(count | columns))])


@pytest.mark.parametrize(("table", "column"), COLUMNS)
async def test_one_wrong_text_is_read_as_unset_and_told_and_every_other_row_holds(
    client: aiohttp.ClientSession,
    clickhouse: ClickHouse,
    webhook: Webhook,
    table: str,
    column: str,
) -> None:
    await set_mode(clickhouse, ENV, "enforce")
    await put(clickhouse, "control", "good")
    assert await count(client, "good") == 3
    await put(clickhouse, table, "bad", **{column: WRONG})
    await put(clickhouse, "control", "good", replicas_manual=4)
    assert await count(client, "good") == 4, "edits go on to govern"
    if table == "control" and column != "kind":
        assert await count(client, "bad") == 3, "governed as its env says"

    async def told() -> bool:
        return bool(await warnings(client))

    await until(told)
    (warning,) = await warnings(client)
    assert f"the column {column} of the table {table}" in warning
    assert f"shop/bad ({WRONG!r})" in warning
    assert await metric(client, "kubedoor_snapshot_values_left_out") == 1

    async def heard() -> bool:
        statement = "SELECT message FROM event WHERE kind = 'admission.value_invalid'"
        return [row["message"] for row in await clickhouse.fetch(statement)] == [warning]

    await until(heard)
    await asyncio.to_thread(webhook.stop)
    await asyncio.to_thread(webhook.start)
    async with webhook.session() as fresh:
        await until_ready(fresh)
        assert await count(fresh, "good") == 4, "read from the start as well"
        assert await warnings(fresh) == [warning]
        await mended(clickhouse, table, column)

        async def over() -> bool:
            return not await warnings(fresh)

        await until(over)


async def mended(clickhouse: ClickHouse, table: str, column: str) -> None:
    """Write the row as it should be; one of a wrong kind is another row, which people delete."""
    if column == "kind":
        where = f"kind = '{WRONG}' SETTINGS mutations_sync = 1"
        await clickhouse.execute(f"ALTER TABLE {table} DELETE WHERE {where}")
    name = "later" if column == "kind" else "bad"
    await put(clickhouse, table, name)  # newer than all that was announced
