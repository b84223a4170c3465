"""Runs: asked for by row or by the clock, claimed by one of several collectors, by the stored rules."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta

from aiohttp import web

from integration.collector.faulty import before
from integration.collector.running import FEW, ask, environment, finished, runs, start, until
from integration.collector.stores import ZONE, Loaded, OpenCollector, daily_rows, not_now
from kubedoor_collector.collect import Collector
from kubedoor_collector.runs import claim
from kubedoor_collector.service import Metrics, Service, not_ready
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_dev.processes import free_port


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
    long_ago = timestamp(datetime.now(UTC) - timedelta(hours=1))
    dead = {"env": "test", "run_id": "left", "attempt": 1, "collector": "dead", "claimed_at": long_ago}
    await clickhouse.insert("collection_claim", [dead])
    again = await asyncio.gather(*(claim(clickhouse, "test", "left", name, 30) for name in names))
    assert sum(again) == 1


async def test_a_request_is_served_and_seen_to_move(
    few: Loaded, clickhouse: ClickHouse, clickhouse_settings: dict[str, str]
) -> None:
    listen = f"127.0.0.1:{free_port()}"
    seen = asyncio.Event()

    async def hold(_: web.Request) -> None:
        """Let the store answer only once the run was seen to run: it might be over between two looks."""
        await seen.wait()

    async with before(few.url) as store:
        store.fault = hold
        process = start(environment(clickhouse_settings, store.url, LISTEN=listen, COLLECT_AT=not_now()))
        try:
            dates = [day.isoformat() for day in few.scenario.dates]
            await ask(clickhouse, "request-1", dates)
            await until(lambda: is_in(clickhouse, "running"), "the run's begin")
            seen.set()
            await until(lambda: is_in(clickhouse, "succeeded"), "the run's end")
            (run,) = await runs(clickhouse)
            assert (run["trigger"], run["request_id"]) == ("request", "request-1")
            assert (run["dates"], run["day_index"], run["day_count"]) == (dates, 3, 3)
            assert (run["services_seen"], run["updated_by"]) == (len(FEW), "alice")
        finally:
            process.terminate()
            await finished(process)


async def is_in(clickhouse: ClickHouse, state: str) -> bool:
    """Whether there is one run, in a state."""
    return [run["state"] for run in await runs(clickhouse)] == [state]


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


async def test_only_a_chosen_date_is_replaced_by_less(
    few: Loaded, clickhouse: ClickHouse, collector: OpenCollector
) -> None:
    day = few.scenario.dates[0]

    async def state_of(request_id: str) -> str:
        return str({run["id"]: run["state"] for run in await runs(clickhouse)}[request_id])

    async with collector(few.url) as one:
        service = Service(one, Metrics())
        await ask(clickhouse, "first", [day.isoformat()])
        await service.look()
        stored = await clickhouse.fetch("SELECT * FROM resource_daily FINAL")
        more = [{**row, "pod_count": 10 * row["pod_count"]} for row in stored]
        later = timestamp(datetime.now(UTC) + timedelta(minutes=1))
        await clickhouse.insert("resource_daily", [{**row, "collected_at": later} for row in more])
        known = await daily_rows(clickhouse, day)
        await ask(clickhouse, "last-days", [day.isoformat()])
        await service.look()
        assert (await state_of("first"), await state_of("last-days")) == ("succeeded", "failed")
        assert await daily_rows(clickhouse, day) == known
        await ask(clickhouse, "chosen", [day.isoformat()], by_name=True)
        await service.look()
    assert await state_of("chosen") == "succeeded"
    pods = sum(row["pod_count"] for row in (await daily_rows(clickhouse, day)).values())
    assert 10 * pods == sum(row["pod_count"] for row in known.values())


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
        assert (str(policy.peak), policy.lookback_days, policy.rule.margin_pct) == ("10:30-11:00", 2, 0)
        day = few.scenario.dates[-1]
        await ask(clickhouse, "request-1", [day.isoformat()])
        await Service(one, Metrics()).look()
    found = await daily_rows(clickhouse, day)
    assert {namespace for namespace, _, _ in found} == {"shop"}
    end = datetime.combine(day, time(11), ZONE).astimezone(UTC)
    assert {row["window_end"] for row in found.values()} == {f"{end:%Y-%m-%dT%H:%M}:00.000Z"}


async def test_ready_only_with_both_stores(few: Loaded, collector: OpenCollector) -> None:
    async with collector(few.url) as one:
        assert await not_ready(one) is None
    async with collector("http://127.0.0.1:1") as one:
        assert "can't be reached" in str(await not_ready(one))
