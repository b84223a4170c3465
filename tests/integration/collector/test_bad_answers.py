"""A store that answers badly fails the day with a reason; nothing is lost, and the other days go on."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from aiohttp import web

from integration.collector.faulty import before
from integration.collector.stores import Loaded, OpenCollector, collected, daily_rows
from kubedoor_collector.collect import policy_of, run_collection
from kubedoor_collector.runs import Run
from kubedoor_core.clickhouse import ClickHouse
from support.bad_answers import BAD_ANSWERS, EMPTY, Answer, empty, of_a_metric, query_of, slow


def run_of(loaded: Loaded, days: int = 2) -> Run:
    dates = loaded.scenario.dates[:days]
    return Run("run-1", "test", "command", dates, "tester", datetime.now(UTC))


@pytest.mark.parametrize(("answer", "reason"), BAD_ANSWERS.values(), ids=BAD_ANSWERS)
async def test_a_bad_answer_fails_its_day_alone(
    answer: Answer, reason: str, company_store: Loaded, collector: OpenCollector, clickhouse: ClickHouse
) -> None:
    run = run_of(company_store)
    bad, good = run.dates
    end = company_store.scenario.peak.windows[0].window(bad, company_store.scenario.zone).end

    async def spoil(request: web.Request) -> web.StreamResponse | None:
        return await answer(request) if await of_a_metric(request, end) else None

    limit_s = 5 if answer is slow else 60  # below what is slow, above what a busy machine needs
    async with (
        before(company_store.url) as store,
        collector(store.url, prometheus_timeout_s=limit_s) as one,
    ):
        kept = await collected(one, bad)
        store.fault = spoil
        ended, _ = await run_collection(one, run, policy_of(one.settings))
    assert ended.state == "failed"
    assert [day for day, _ in ended.errors] == [bad]
    assert reason in ended.errors[0][1]
    assert await daily_rows(clickhouse, bad) == kept
    assert len(await daily_rows(clickhouse, good)) == len(kept)
    (event,) = await clickhouse.fetch("SELECT * FROM event WHERE kind = 'collection.failed'")
    assert reason in event["message"]
    (row,) = await clickhouse.fetch("SELECT * FROM collection_run FINAL")
    assert (row["state"], row["errors.date"], row["day_index"]) == ("failed", [bad.isoformat()], 2)


async def test_a_store_that_is_down_fails_every_day(
    company_store: Loaded, collector: OpenCollector, clickhouse: ClickHouse
) -> None:
    async with collector("http://127.0.0.1:1") as one:
        ended, _ = await run_collection(one, run_of(company_store), policy_of(one.settings))
    assert ended.state == "failed"
    assert all("can't be reached" in reason for _, reason in ended.errors)
    assert len(ended.errors) == 2
    assert await clickhouse.fetch("SELECT * FROM resource_daily") == []


async def test_empty_answers_do_not_empty_a_day(company_store: Loaded, collector: OpenCollector) -> None:
    run = run_of(company_store, 1)

    async with before(company_store.url) as store, collector(store.url) as one:
        kept = await collected(one, run.dates[0])
        store.fault = empty
        ended, _ = await run_collection(one, run, policy_of(one.settings))
        assert "no samples of any container" in ended.errors[0][1]
        assert await daily_rows(one.clickhouse, run.dates[0]) == kept


async def test_infos_are_no_fault(company_store: Loaded, collector: OpenCollector) -> None:
    async def inform(request: web.Request) -> web.StreamResponse | None:
        if "throttled" not in await query_of(request):
            return None
        return web.json_response({**EMPTY, "infos": ["PromQL info: a name should end in _total"]})

    async with before(company_store.url) as store, collector(store.url) as one:
        store.fault = inform
        rows = await collected(one, company_store.scenario.dates[0])
    assert rows["shop", "cart", "cart"]["p95_cpu_m"] is not None
    assert rows["shop", "cart", "cart"]["throttled_pct"] is None


@pytest.mark.parametrize(("minutes", "words"), [(60, "60 minutes ahead"), (-60, "60 minutes behind")])
async def test_a_clock_that_is_an_hour_off(
    minutes: int, words: str, company_store: Loaded, collector: OpenCollector
) -> None:
    async def another_time(request: web.Request) -> web.StreamResponse | None:
        if "time()" not in await query_of(request):
            return None
        now = datetime.now(UTC).timestamp() + 60 * minutes
        result = [{"metric": {}, "value": [now, str(now)]}]
        data = {"resultType": "vector", "result": result}
        return web.Response(
            text=json.dumps({"status": "success", "data": data}), content_type="application/json"
        )

    async with before(company_store.url) as store, collector(store.url) as one:
        store.fault = another_time
        ended, _ = await run_collection(one, run_of(company_store, 1), policy_of(one.settings))
    assert words in ended.errors[0][1]
