"""The client of Prometheus on real stores, and behind what stands before them."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace
from datetime import timedelta

import aiohttp
import numpy as np
import pytest
from aiohttp import web

from integration.collector.faulty import before
from integration.prometheus.conftest import END, NAMESPACES, START, STEP_S
from kubedoor_core.prometheus import (
    PrometheusError,
    PrometheusUnavailableError,
    QueryTooHeavyError,
    Store,
    connect,
)
from kubedoor_core.prometheus.client import MAX_QUERY_BYTES

EMPTY = {"status": "success", "data": {"resultType": "vector", "result": []}}


def long_query(characters: int) -> str:
    """Return a query of that many characters that finds all series."""
    alternatives = "|".join(f"no-such-namespace-{number:06}" for number in range((characters - 40) // 25))
    query = f'load{{namespace=~"team-.*|{alternatives}"}}'
    return query + " " * (characters - len(query))


@pytest.mark.parametrize("kind", ["prometheus", "victoria-metrics-single"])
async def test_a_real_store(kind: str, prometheus: str, victoria: str) -> None:
    url, finite = (prometheus, NAMESPACES - 2) if kind == "prometheus" else (victoria, NAMESPACES - 2)
    async with connect(
        Store(url, "prometheus" if kind == "prometheus" else "victoria-metrics-single")
    ) as one:
        assert await one.ping() is None
        vector = await one.instant("sum by (namespace) (load)", END)
        assert {sample.labels["namespace"]: sample.value for sample in vector} == {
            f"team-{number:02}": number for number in range(finite)
        }
        matrix = await one.range("load", START, END, STEP_S)
        times = list(range(int(START.timestamp()), int(END.timestamp()) + 1, STEP_S))
        known = {curve.labels["namespace"]: curve for curve in matrix}
        for number in range(finite):
            curve = known[f"team-{number:02}"]
            assert curve.times.tolist() == times
            assert np.all(curve.values == number)
        assert all(np.isnan(curve.values).all() for name, curve in known.items() if int(name[5:]) >= finite)
        with pytest.raises(PrometheusError, match=r"HTTP 4\d\d: "):
            await one.instant("sum(", END)


async def test_a_step_may_begin_between_two_seconds(prometheus: str) -> None:
    async with connect(Store(prometheus)) as one:
        (curve,) = await one.range(
            'load{namespace="team-07"}', START + timedelta(seconds=0.7), START + timedelta(seconds=120.2), 60
        )
    assert (curve.times - int(START.timestamp())).tolist() == [0, 60, 120]


@pytest.mark.parametrize("characters", [12_000, 90_000])
async def test_a_long_query_passes_a_gateway_that_takes_no_long_address(nginx: str, characters: int) -> None:
    query = long_query(characters)
    async with aiohttp.ClientSession() as session:
        address = f"{nginx}/api/v1/query"
        async with session.get(address, params={"query": query}) as response:
            assert response.status == 414, "the gateway is not what this test is about"
    async with connect(Store(nginx)) as one:
        assert len(await one.instant(query, END)) == NAMESPACES - 2
        assert len(await one.range(query, START, END, STEP_S)) == NAMESPACES


async def test_what_is_too_long_is_split_and_not_sent(prometheus: str) -> None:
    async with connect(Store(prometheus)) as one:
        assert await one.instant(long_query(MAX_QUERY_BYTES), END)
        with pytest.raises(QueryTooHeavyError, match="100001 bytes"):
            await one.instant(long_query(MAX_QUERY_BYTES + 1), END)


async def test_a_body_that_the_gateway_refuses_is_too_heavy(nginx: str) -> None:
    async with connect(Store(f"{nginx}/small")) as one:
        assert await one.ping() is None
        with pytest.raises(QueryTooHeavyError, match="HTTP 413: Request Entity Too Large"):
            await one.instant(long_query(2_000), END)


async def test_a_query_longer_than_victoria_metrics_takes_is_too_heavy(victoria: str) -> None:
    async with connect(Store(victoria, "victoria-metrics-single")) as one:
        with pytest.raises(QueryTooHeavyError, match="maxQueryLen"):
            await one.instant(long_query(20_000), END)


async def test_a_gateway_that_wants_a_tenant(nginx: str) -> None:
    store = Store(f"{nginx}/tenants")
    async with connect(replace(store, headers=(("X-Scope-OrgID", "team-a"),))) as one:
        assert len(await one.instant("load", END)) == NAMESPACES - 2
        assert len(await one.range("load", START, END, STEP_S)) == NAMESPACES
    async with connect(store) as one:
        reason = await one.ping()
    assert reason
    assert "HTTP 401: no org id" in reason
    assert "KUBEDOOR_PROMETHEUS_HEADERS" in reason


@pytest.mark.parametrize(("path", "status"), [("moved", 301), ("kept", 307)])
async def test_a_redirect_is_refused_and_says_where_to(
    nginx: str, prometheus: str, path: str, status: int
) -> None:
    async with connect(Store(f"{nginx}/{path}", token="s3cret-token")) as one:
        with pytest.raises(PrometheusError, match=f"HTTP {status}: redirected to {prometheus}/") as raised:
            await one.instant("load", END)
    assert "s3cret" not in str(raised.value)


async def test_every_query_is_a_form_and_is_answered_uncompressed(prometheus: str) -> None:
    async def look(request: web.Request) -> web.StreamResponse | None:
        assert (request.method, request.query_string) == ("POST", "")
        assert request.content_type == "application/x-www-form-urlencoded"
        assert request.headers["Accept-Encoding"] == "identity"
        return None

    async with before(prometheus) as store:
        store.fault = look
        async with connect(Store(store.url)) as one:
            assert await one.ping() is None
            assert await one.instant("load", END)
            assert await one.range("load", START, END, STEP_S)


@pytest.mark.parametrize("packed", [False, True])
async def test_an_answer_is_bounded_also_one_that_is_packed(prometheus: str, packed: bool) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        chunk = b" " * (1 << 20)
        try:
            for _ in range(512):
                await response.write(chunk)
                sent += 1
        except ConnectionError:
            pass
        return response

    async def bomb(_: web.Request) -> web.StreamResponse:
        body = gzip.compress(b" " * (64 << 20))
        return web.Response(
            body=body, headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}
        )

    async with before(prometheus) as store:
        store.fault = bomb if packed else endless
        async with connect(Store(store.url, max_answer_bytes=2 << 20)) as one:
            with pytest.raises(QueryTooHeavyError, match="larger than 2 MiB"):
                await one.range("load", START, END, STEP_S)
            store.fault = None
            assert await one.instant("load", END)
    assert sent < 512


@pytest.mark.parametrize("kind", ["closed", "502"])
async def test_a_connection_that_breaks_is_tried_once_more(prometheus: str, kind: str) -> None:
    asked = 0

    async def breaks_once(request: web.Request) -> web.StreamResponse | None:
        nonlocal asked
        asked += 1
        if asked > 1:
            return None
        if kind == "502":
            return web.Response(status=502, text="<html>", content_type="text/html")
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async with before(prometheus) as store:
        store.fault = breaks_once
        async with connect(Store(store.url)) as one:
            assert await one.instant("load", END)
    assert asked == 2


@pytest.mark.parametrize("kind", ["cut", "packed"])
async def test_an_answer_that_breaks_off_is_tried_once_more_and_then_told(prometheus: str, kind: str) -> None:
    asked = 0

    async def breaks_off(request: web.Request) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        headers = {"Content-Type": "application/json"}
        headers |= {"Content-Length": "1000"} if kind == "cut" else {"Content-Encoding": "gzip"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await response.write(b'{"status":"success"')
        assert request.transport is not None
        request.transport.close()
        return response

    async with before(prometheus) as store:
        store.fault = breaks_off
        async with connect(Store(store.url)) as one:
            with pytest.raises(PrometheusUnavailableError, match="answer broke off"):
                await one.instant("load", END)
    assert asked == 2


async def test_a_few_at_once_and_the_time_beside_them(prometheus: str) -> None:
    two, free, running, most = asyncio.Event(), asyncio.Event(), 0, 0

    async def hold(request: web.Request) -> web.StreamResponse | None:
        nonlocal running, most
        if "time()" in str((await request.post())["query"]):
            return None
        running += 1
        most = max(most, running)
        if running == 2:
            two.set()
        await free.wait()
        running -= 1
        return web.json_response(EMPTY)

    async with before(prometheus) as store:
        store.fault = hold
        async with connect(Store(store.url, concurrency=2)) as one:
            queries = [asyncio.create_task(one.instant("load", END)) for _ in range(6)]
            await two.wait()
            assert await one.ping() is None
            free.set()
            await asyncio.gather(*queries)
    assert most == 2


async def test_what_is_not_there_or_slow_is_unavailable(prometheus: str) -> None:
    async with connect(Store("http://127.0.0.1:1")) as one:
        with pytest.raises(PrometheusUnavailableError, match="can't be reached"):
            await one.now()

    async def too_slow(_: web.Request) -> web.StreamResponse:
        return web.json_response({"status": "error", "error": "timed out"}, status=504)

    async with before(prometheus) as store:
        store.fault = too_slow
        async with connect(Store(store.url)) as one:
            with pytest.raises(QueryTooHeavyError):
                await one.instant("load", END)
            with pytest.raises(PrometheusUnavailableError, match="504"):
                await one.now()


async def test_too_many_samples_are_too_heavy_for_the_real_one(prometheus: str) -> None:
    """11,000 steps are Prometheus' own bound: no smaller query mends that."""
    async with connect(Store(prometheus)) as one:
        with pytest.raises(PrometheusError, match="11,000 points") as raised:
            await one.range("load", START, END + timedelta(days=30), 60)
    assert not isinstance(raised.value, QueryTooHeavyError)
