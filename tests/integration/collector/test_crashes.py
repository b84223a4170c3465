"""A collector that dies at any moment: run again it ends in the same tables, and its run is not lost."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.collector.running import ask, environment, finished, runs, start, until
from integration.collector.stores import Loaded, OpenCollector, daily_rows
from kubedoor_collector.runs import Run
from kubedoor_collector.service import Metrics, Service
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.migrate import migrate

KILLS = 20
SAME = {
    "resource_daily": "SELECT * EXCEPT (collected_at) FROM resource_daily FINAL ORDER BY ALL",
    "derived": "SELECT * EXCEPT (version, updated_at) FROM derived FINAL ORDER BY ALL",
    "effective": "SELECT * EXCEPT (version, derived_version, updated_at) FROM effective ORDER BY ALL",
    "event": "SELECT id, message FROM event ORDER BY id",
}


async def tables(clickhouse: ClickHouse) -> dict[str, list[dict[str, Any]]]:
    return {name: await clickhouse.fetch(statement) for name, statement in SAME.items()}


@pytest.fixture
async def undisturbed(
    few: Loaded, clickhouse: ClickHouse, clickhouse_settings: dict[str, str]
) -> AsyncIterator[dict[str, list[dict[str, Any]]]]:
    """What an undisturbed run makes, in a database of its own."""
    other = clickhouse.in_database(clickhouse.database + "_undisturbed")
    await migrate(other)
    environ = environment({**clickhouse_settings, "KUBEDOOR_CLICKHOUSE_DATABASE": other.database}, few.url)
    code, _, err = await finished(start(environ, "--once", "--days", "3"))
    assert code == 0, err
    yield await tables(other)
    await other.in_database("default").execute(f"DROP DATABASE {other.database}")


async def test_killed_at_any_moment_it_ends_in_the_same_tables(
    few: Loaded,
    clickhouse: ClickHouse,
    clickhouse_settings: dict[str, str],
    undisturbed: dict[str, list[dict[str, Any]]],
) -> None:
    environ = environment(clickhouse_settings, few.url, RUN_LEASE_S="1")
    moments, killed = random.Random(7), 0
    while killed < KILLS:  # on a fast machine some are over before their moment comes
        process = start(environ, "--once", "--days", "3")
        stderr = process.stderr
        assert stderr is not None
        await asyncio.to_thread(stderr.readline)  # the run has begun
        await asyncio.sleep(moments.uniform(0, 0.8))
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        await finished(process)
    code, out, err = await finished(start(environ, "--once", "--days", "3"))
    assert code == 0, err
    assert "3 of 3 days collected" in out
    assert await tables(clickhouse) == undisturbed


async def test_a_dead_run_of_the_command_line_is_closed(
    few: Loaded, clickhouse: ClickHouse, clickhouse_settings: dict[str, str]
) -> None:
    environ = environment(clickhouse_settings, few.url, RUN_LEASE_S="1")
    process = start(environ, "--once", "--days", "3")
    await until(lambda: runs(clickhouse), "the run")
    process.send_signal(signal.SIGKILL)
    await finished(process)

    async def closed() -> bool:
        await finished(start(environ, "--once", "--days", "1"))
        return bool((await runs(clickhouse))[0]["state"] == "abandoned")

    await until(closed, "closing the run")


async def test_a_request_whose_collector_died_is_picked_up(
    few: Loaded, clickhouse: ClickHouse, collector: OpenCollector
) -> None:
    dates = [day.isoformat() for day in few.scenario.dates]
    await ask(clickhouse, "request-1", dates)
    async with collector(few.url, run_lease_s=1) as one:
        dead = asyncio.create_task(Service(one, Metrics()).look())
        await until(lambda: runs(clickhouse), "the run")
        dead.cancel()
        await asyncio.gather(dead, return_exceptions=True)
        assert (await runs(clickhouse))[0]["state"] == "running"
        service = Service(one, Metrics())

        async def done() -> bool:
            await service.look()
            return bool((await runs(clickhouse))[0]["state"] == "succeeded")

        await until(done, "picking up the run")
    assert [run["id"] for run in await runs(clickhouse) if run["trigger"] == "request"] == ["request-1"]
    for day in few.scenario.dates:
        assert await daily_rows(clickhouse, day)


async def test_a_daily_run_that_died_is_closed_the_next_day_and_its_days_are_made(
    few: Loaded, clickhouse: ClickHouse, collector: OpenCollector
) -> None:
    first, second, last = few.scenario.dates
    long_ago = datetime.now(UTC) - timedelta(days=1)
    died = Run("daily-2026-01-01", "test", "daily", (first, second), "gone", long_ago, day_index=1)
    stamp = timestamp(long_ago)
    row = {**died.row(), "version": 1, "updated_at": stamp, "heartbeat_at": stamp}
    await clickhouse.insert("collection_run", [row])
    async with collector(few.url, lookback_days=3, collect_at="00:00") as one:
        await Service(one, Metrics()).look()
    states = {run["id"]: (run["state"], run["dates"]) for run in await runs(clickhouse)}
    assert states.pop("daily-2026-01-01") == ("abandoned", [str(first), str(second)])
    assert list(states.values()) == [("succeeded", [str(second), str(last)])]
