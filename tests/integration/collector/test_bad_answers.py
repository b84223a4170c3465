"""A store that answers badly fails the day with a reason; nothing is lost, and the other days go on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from aiohttp import web

from integration.collector.faulty import before
from integration.collector.stores import Loaded, OpenCollector, collected, daily_rows
from kubedoor_collector.collect import policy_of, run_collection
from kubedoor_collector.runs import Run
from kubedoor_core.clickhouse import ClickHouse

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
EMPTY = {"status": "success", "data": {"resultType": "vector", "result": []}}


def says(status: int, payload: object) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(payload, status=status)

    return answer


def refuses(status: int, error: str) -> Answer:
    return says(status, {"status": "error", "errorType": "x", "error": error})


async def html(_: web.Request) -> web.Response:
    return web.Response(text="<html><title>Sign in</title></html>", content_type="text/html")


async def gateway(_: web.Request) -> web.Response:
    return web.Response(status=503, text="<html>no upstream</html>", content_type="text/html")


async def slow(_: web.Request) -> web.Response:
    await asyncio.sleep(30)
    return web.json_response(EMPTY)


async def hangs_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


BAD = [
    pytest.param(refuses(400, "parse error"), "HTTP 400: parse error", id="400"),
    pytest.param(refuses(422, "many-to-many matching"), "HTTP 422: many-to-many matching", id="422"),
    pytest.param(refuses(503, "query timed out"), "HTTP 503: query timed out", id="503"),
    pytest.param(gateway, "the store is not up: HTTP 503", id="gateway"),
    pytest.param(html, "text/html instead of JSON", id="html"),
    pytest.param(slow, "no answer in time", id="slow"),
    pytest.param(hangs_up, "can't be reached", id="hangs-up"),
    pytest.param(says(200, {**EMPTY, "warnings": ["a replica is away"]}), "a replica is away", id="warnings"),
    pytest.param(says(200, {**EMPTY, "isPartial": True}), "partial", id="partial"),
    pytest.param(says(200, {"status": "success", "data": None}), "holds no result", id="no-data"),
    pytest.param(says(200, [1, 2]), "instead of JSON", id="no-object"),
    pytest.param(
        says(200, {"status": "success", "data": {"result": [{"metric": {}}]}}), "not a vector", id="no-vector"
    ),
]


async def query_of(request: web.Request) -> str:
    return str((await request.post())["query"])


def run_of(loaded: Loaded, days: int = 2) -> Run:
    dates = loaded.scenario.dates[:days]
    return Run("run-1", "test", "command", dates, "tester", datetime.now(UTC))


@pytest.mark.parametrize(("answer", "reason"), BAD)
async def test_a_bad_answer_fails_its_day_alone(
    answer: Answer, reason: str, company_store: Loaded, collector: OpenCollector, clickhouse: ClickHouse
) -> None:
    run = run_of(company_store)
    bad, good = run.dates
    end = company_store.scenario.peak.windows[0].window(bad, company_store.scenario.zone).end

    async def spoil(request: web.Request) -> web.StreamResponse | None:
        form = await request.post()
        if float(str(form.get("time", 0))) == end.timestamp() and "working_set" in str(form["query"]):
            return await answer(request)
        return None

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

    async def nothing(request: web.Request) -> web.StreamResponse | None:
        return None if "time()" in await query_of(request) else web.json_response(EMPTY)

    async with before(company_store.url) as store, collector(store.url) as one:
        kept = await collected(one, run.dates[0])
        store.fault = nothing
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
