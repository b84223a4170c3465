"""A day in ClickHouse: replaced in one step, never doubled, never seen half."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

from integration.collector.stores import daily_rows
from kubedoor_collector.day import replace_day
from kubedoor_collector.domain.figures import DayRow
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.peak import Window

DAY = date(2026, 3, 2)
WINDOW = Window(datetime(2026, 3, 2, 2, tzinfo=UTC), datetime(2026, 3, 2, 3, 30, tzinfo=UTC))


def rows(services: int, generation: int, first: int = 0) -> list[DayRow]:
    return [
        DayRow("shop", f"service-{n}", container, DAY, WINDOW, p95_cpu_m=generation)
        for n in range(first, first + services)
        for container in ("app", "sidecar")
    ]


async def test_a_second_collection_doubles_nothing(clickhouse: ClickHouse) -> None:
    for _ in range(3):
        await replace_day(clickhouse, "test", DAY, rows(10, 1))
    found = await clickhouse.fetch("SELECT count() AS n FROM resource_daily FINAL")
    assert found == [{"n": 20}]


async def test_what_is_gone_is_gone_and_can_come_back(clickhouse: ClickHouse) -> None:
    await replace_day(clickhouse, "test", DAY, rows(3, 1))
    await replace_day(clickhouse, "test", DAY, rows(2, 2, first=1))
    assert {name for _, name, _ in await daily_rows(clickhouse, DAY)} == {"service-1", "service-2"}
    await replace_day(clickhouse, "test", DAY, rows(3, 3))
    found = await daily_rows(clickhouse, DAY)
    assert {row["p95_cpu_m"] for row in found.values()} == {3}
    assert len(found) == 6


async def test_another_env_and_another_day_stay(clickhouse: ClickHouse) -> None:
    await replace_day(clickhouse, "other", DAY, rows(2, 1))
    await replace_day(clickhouse, "test", DAY, rows(2, 2))
    await replace_day(clickhouse, "test", DAY, rows(1, 3))
    found = await clickhouse.fetch(
        "SELECT env, count() AS n FROM resource_daily FINAL GROUP BY env ORDER BY env"
    )
    assert found == [{"env": "other", "n": 4}, {"env": "test", "n": 2}]


async def test_the_version_is_above_one_of_a_clock_that_runs_ahead(clickhouse: ClickHouse) -> None:
    ahead = timestamp(datetime.now(UTC) + timedelta(hours=3))
    stored = {
        "env": "test", "namespace": "shop", "name": "service-0", "container": "app",
        "date": DAY.isoformat(), "window_start": ahead, "window_end": ahead,
        "collected_at": ahead, "p95_cpu_m": 7,
    }  # fmt: skip
    await clickhouse.insert("resource_daily", [stored])
    await replace_day(clickhouse, "test", DAY, rows(1, 8))
    assert (await daily_rows(clickhouse, DAY))["shop", "service-0", "app"]["p95_cpu_m"] == 8


async def test_a_reader_never_sees_half_a_day(clickhouse: ClickHouse) -> None:
    """Each generation has another number of rows and its own value in all of them."""
    sizes = {generation: 200 + generation for generation in range(12)}
    seen: set[tuple[int, int, int]] = set()
    await replace_day(clickhouse, "test", DAY, rows(sizes[0], 0))
    writing = True

    async def read() -> None:
        while writing:
            found = await clickhouse.fetch(
                "SELECT min(p95_cpu_m) AS least, max(p95_cpu_m) AS most, count() AS n"
                " FROM resource_daily FINAL"
            )
            seen.add((found[0]["least"], found[0]["most"], found[0]["n"]))

    readers = [asyncio.create_task(read()) for _ in range(3)]
    for generation, size in sizes.items():
        await replace_day(clickhouse, "test", DAY, rows(size, generation))
    writing = False
    await asyncio.gather(*readers)
    assert seen
    assert all(least == most and n == 2 * sizes[least] for least, most, n in seen), seen
