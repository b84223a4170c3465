"""Runs: asked for by row or by the clock, claimed by one collector, picked up or closed after a crash."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.collector.stores import (
    Loaded,
    OpenCollector,
    daily_rows,
    not_now,
    prometheus_with,
    scenario_of,
    some_services,
)
from kubedoor_collector.collect import Collector
from kubedoor_collector.runs import Run, claim
from kubedoor_collector.service import Metrics, Service, not_ready
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.migrate import migrate
from kubedoor_dev.processes import free_port

FEW = ("cart", "checkout", "ledger", "pricing", "tracking")
KILLS = 20
SAME = {
    "resource_daily": "SELECT * EXCEPT (collected_at) FROM resource_daily FINAL ORDER BY ALL",
    "derived": "SELECT * EXCEPT (version, updated_at) FROM derived FINAL ORDER BY ALL",
    "effective": "SELECT * EXCEPT (version, derived_version, updated_at) FROM effective ORDER BY ALL",
    "event": "SELECT id, message FROM event ORDER BY id",
}


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A Prometheus with three days of a few services."""
    with prometheus_with(scenario_of(some_services(*FEW), 3), tmp_path_factory.mktemp("few")) as loaded:
        yield loaded


def environment(clickhouse_settings: dict[str, str], url: str, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        **clickhouse_settings,
        "KUBEDOOR_ENV": "test",
        "KUBEDOOR_TIMEZONE": "Asia/Shanghai",
        "KUBEDOOR_PROMETHEUS_URL": url,
        "KUBEDOOR_LOG_FORMAT": "json",
        "KUBEDOOR_LOOKBACK_DAYS": "3",
        **{f"KUBEDOOR_{name}": value for name, value in more.items()},
    }


def start(environ: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "kubedoor_collector", *arguments]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


async def finished(process: subprocess.Popen[str], timeout_s: float = 120) -> tuple[int, str, str]:
    out, err = await asyncio.to_thread(process.communicate, timeout=timeout_s)
    return process.returncode, out, err


async def tables(clickhouse: ClickHouse) -> dict[str, list[dict[str, Any]]]:
    return {name: await clickhouse.fetch(statement) for name, statement in SAME.items()}


async def until(condition: Any, what: str) -> Any:
    """Poll for something for as long as it may take on a busy machine."""
    for _ in range(1200):
        if found := await condition():
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"{what} did not happen within a minute")


async def ask(clickhouse: ClickHouse, request_id: str, dates: list[str]) -> None:
    row = {
        "id": request_id, "env": "test", "dates": dates, "requested_by": "alice",
        "requested_at": timestamp(datetime.now(UTC)),
    }  # fmt: skip
    await clickhouse.insert("collection_request", [row])


async def runs(clickhouse: ClickHouse) -> list[dict[str, Any]]:
    return await clickhouse.fetch("SELECT * FROM collection_run FINAL ORDER BY started_at")


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
    for _ in range(KILLS):
        process = start(environ, "--once", "--days", "3")
        stderr = process.stderr
        assert stderr is not None
        await asyncio.to_thread(stderr.readline)  # the run has begun
        await asyncio.sleep(moments.uniform(0, 0.8))
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        await finished(process)
    assert killed >= KILLS / 2
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


async def test_two_collectors_make_one_run_of_a_request(
    few: Loaded, clickhouse: ClickHouse, collector: OpenCollector
) -> None:
    dates = [day.isoformat() for day in few.scenario.dates]
    async with collector(few.url) as one, collector(few.url) as two:
        services = [Service(each, Metrics()) for each in (one, two)]
        for service in services:
            await service.look()
        for number in range(5):
            await ask(clickhouse, f"request-{number}", dates[:1])
            await asyncio.gather(*(service.look() for service in services))
    made = await runs(clickhouse)
    assert [run["id"] for run in made] == [f"request-{number}" for number in range(5)]
    assert {run["state"] for run in made} == {"succeeded"}
    written = await clickhouse.fetch(
        "SELECT id, groupUniqArray(collector) AS who FROM collection_run GROUP BY id"
    )
    assert all(len(row["who"]) == 1 for row in written)
    assert len(await daily_rows(clickhouse, few.scenario.dates[0])) == len(FEW) + 1


async def test_a_claim_is_given_once(clickhouse: ClickHouse) -> None:
    names = [f"collector-{number}" for number in range(10)]
    won = await asyncio.gather(*(claim(clickhouse, "test", "run", name, 30) for name in names))
    assert sum(won) == 1
    assert not await claim(clickhouse, "test", "run", "late", 30)
    again = await asyncio.gather(*(claim(clickhouse, "test", "run", name, 0) for name in names))
    assert sum(again) == 1


async def test_a_request_is_served_and_seen_to_move(
    few: Loaded, clickhouse: ClickHouse, clickhouse_settings: dict[str, str]
) -> None:
    listen = f"127.0.0.1:{free_port()}"
    process = start(environment(clickhouse_settings, few.url, LISTEN=listen, COLLECT_AT=not_now()))
    try:
        dates = [day.isoformat() for day in few.scenario.dates]
        await ask(clickhouse, "request-1", dates)
        seen: set[tuple[str, int]] = set()

        async def ended() -> bool:
            for run in await runs(clickhouse):
                seen.add((run["state"], run["day_index"]))
            return any(state != "running" for state, _ in seen)

        await until(ended, "the run")
        (run,) = await runs(clickhouse)
        assert (run["state"], run["trigger"], run["request_id"]) == ("succeeded", "request", "request-1")
        assert (run["dates"], run["day_index"], run["day_count"]) == (dates, 3, 3)
        assert (run["services_seen"], run["updated_by"]) == (len(FEW), "alice")
        assert any(state == "running" for state, _ in seen)
    finally:
        process.terminate()
        await finished(process)


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


async def test_the_daily_run_also_tries_the_days_that_failed(
    few: Loaded, clickhouse: ClickHouse, collector: OpenCollector
) -> None:
    first, second, last = few.scenario.dates
    async with collector("http://127.0.0.1:1") as broken:
        await ask(clickhouse, "request-1", [first.isoformat()])
        await Service(broken, Metrics()).look()
    async with collector(few.url, lookback_days=3, collect_at="00:00") as one:
        service = Service(one, Metrics())
        await service.look()
        await service.look()
    daily = [run for run in await runs(clickhouse) if run["trigger"] == "daily"]
    assert [run["dates"] for run in daily] == [[first.isoformat(), last.isoformat()]]
    assert daily[0]["state"] == "succeeded"
    assert await daily_rows(clickhouse, second) == {}


async def test_a_new_installation_waits_for_its_first_request(
    few: Loaded, clickhouse: ClickHouse, collector: OpenCollector
) -> None:
    async with collector(few.url, collect_at="00:00") as one:
        await Service(one, Metrics()).look()
    assert await runs(clickhouse) == []


async def test_stored_settings_win_over_the_environment(
    few: Loaded, clickhouse: ClickHouse, collector: OpenCollector
) -> None:
    stored = {
        "peak_hours": '"10:30-11:00"',
        "lookback_days": "2",
        "namespaces": '"shop"',
        "margin_pct": '"x"',
    }
    now = timestamp(datetime.now(UTC))
    rows = [
        {"env": "test", "namespace": "", "key": key, "value": value, "version": number, "updated_at": now,
         "updated_by": "alice"}
        for number, (key, value) in enumerate(stored.items(), start=1)
    ]  # fmt: skip
    await clickhouse.insert("setting", rows)
    async with collector(few.url) as one:
        policy = await Collector.policy(one)
        assert (str(policy.peak), policy.lookback_days, policy.margin_pct) == ("10:30-11:00", 2, 0)
        day = few.scenario.dates[-1]
        await ask(clickhouse, "request-1", [day.isoformat()])
        await Service(one, Metrics()).look()
    found = await daily_rows(clickhouse, day)
    assert {namespace for namespace, _, _ in found} == {"shop"}
    assert {row["window_end"] for row in found.values()} == {f"{day}T03:00:00.000Z"}


async def test_ready_only_with_both_stores(few: Loaded, collector: OpenCollector) -> None:
    async with collector(few.url) as one:
        assert await not_ready(one) is None
    async with collector("http://127.0.0.1:1") as one:
        assert "can't be reached" in str(await not_ready(one))


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
