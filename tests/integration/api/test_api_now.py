"""An env as it is now, by a real Prometheus and a real VictoriaMetrics that hold what a cluster told."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiohttp import ClientResponse, web

from integration.collector.faulty import Fault, before
from integration.collector.stores import prometheus_with_series, some_services
from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.now import board
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev import live
from kubedoor_dev.metrics.model import Labels
from kubedoor_dev.prometheus import fill_victoria_metrics, running, start_victoria_metrics
from support.api import BASE, Api, serving
from support.waiting import until

NOW = f"{BASE}/now"
STEP_S, BACK_S, AHEAD_S = 30, 20 * 60, 40 * 60
"""Samples reach into the future, so that a slow machine still finds them."""
QPS = 20.0
SURVEY = 6
"""What is asked besides: the time, what labels are called, the interval, who counts requests."""


def cluster() -> live.Cluster:
    """A few of the company's services, with something wrong with some of them."""
    names = ("cart", "pricing", "payment-gateway", "ledger", "postgres", "log-shipper", "catalog")
    services = tuple(replace(one, speaks="micrometer") if one.name == "cart" else replace(one, speaks=None)
                     for one in some_services(*names))  # fmt: skip
    made = live.running(services, nodes=3, qps=QPS)
    first = {
        one.name: next(pod for pod in made.pods if pod.name.startswith(f"{one.name}-")) for one in services
    }

    def ill(name: str, **how: Any) -> live.Pod:
        pod = first[name]
        return replace(pod, containers=tuple(replace(one, **how) for one in pod.containers))

    changed = {
        first["ledger"]: ill("ledger", restarts=4, lately=2),
        first["pricing"]: ill("pricing", waiting="CrashLoopBackOff", restarts=9, lately=5),
        first["payment-gateway"]: replace(first["payment-gateway"], phase="Pending", node=""),
    }
    pods = [
        replace(pod, failed=0.05) if pod.name.startswith("cart-") else changed.get(pod, pod)
        for pod in made.pods
    ]
    evicted = replace(pods[0], name=f"{pods[0].name[:-5]}xxxxx", phase="Failed")
    workloads = tuple(
        replace(one, ready=one.asked - 1) if one.name in ("pricing", "payment-gateway") else one
        for one in made.workloads
    )
    nodes = (*made.nodes[:2], replace(made.nodes[2], ready=False, cordoned=True, pressure=("DiskPressure",)))
    return live.Cluster(
        workloads,
        (*pods, evicted),
        nodes,
        (live.Autoscaler("shop", "cart", "cart", 3, 3), live.Autoscaler("shop", "catalog", "catalog", 4, 9)),
        (live.Claim("data", "postgres-0", 91.0), live.Claim("data", "postgres-1", 40.0)),
    )


@dataclass(frozen=True)
class Stored:
    """A store that has them."""

    url: str
    type: str


@pytest.fixture(scope="module", params=["prometheus", "victoria-metrics-single"])
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stored]:
    """A real one."""
    now = int(time.time())
    extra: Labels = {"cluster": "a"}
    series = live.series(cluster(), range(now - BACK_S, now + AHEAD_S, STEP_S), extra)
    folder = tmp_path_factory.mktemp("now")
    if request.param == "prometheus":
        with prometheus_with_series(series, folder) as url:
            yield Stored(url, request.param)
        return
    with running(start_victoria_metrics(folder)) as victoria:
        fill_victoria_metrics(victoria, series)
        yield Stored(victoria.url, request.param)


@pytest.fixture
def on_store(settings: ApiSettings, stored: Stored) -> ApiSettings:
    """Settings of an API that asks it."""
    return settings.model_copy(update={"prometheus_url": stored.url, "prometheus_type": stored.type})


async def rows(api: Api, query: str = "") -> dict[str, Any]:
    answer = await api.get(f"{NOW}/services{query}")
    assert answer.status == 200, answer.text
    return {one["name"]: one for one in answer.json["items"]}


@pytest.mark.parametrize(("sources", "counted"), [("istio, otel", False), ("otel, micrometer", True)])
async def test_only_sources_that_are_believed_count(
    clickhouse: ClickHouse, on_store: ApiSettings, sources: str, counted: bool
) -> None:
    async with serving(on_store.model_copy(update={"traffic_sources": sources})) as api:
        assert ((await rows(api))["cart"]["qps"] is not None) == counted


async def test_it_is_told_as_it_is(clickhouse: ClickHouse, on_store: ApiSettings) -> None:
    async with serving(on_store) as api:
        now = (await api.get(NOW)).json
        failed = [one for one in now["queries"] if one["state"] != "ok"]
        assert (failed, now["stale"], now["interval_s"]) == ([], False, STEP_S)
        services = await rows(api)
        cart, pricing, ledger = services["cart"], services["pricing"], services["ledger"]
        described = {one.name: one for one in some_services(*services)}
        per_pod = described["cart"].containers[0]
        count = described["cart"].replicas
        assert (cart["ready"], cart["asked"], cart["pods"]["running"]) == (count, count, count)
        assert per_pod.request_cpu_m is not None
        assert cart["cpu"]["request"] == pytest.approx(count * per_pod.request_cpu_m)
        assert cart["cpu"]["limit"] == pytest.approx(count * (per_pod.limit_cpu_m or 0))
        assert cart["mem"]["used"] == pytest.approx(count * per_pod.use_mem_mib)
        assert cart["cpu"]["used"] == pytest.approx(count * per_pod.use_cpu_m, rel=0.26)
        assert cart["qps"] == pytest.approx(count * QPS, rel=0.01)
        assert cart["error_pct"] == pytest.approx(5, rel=0.01)
        assert cart["p95_ms"] == pytest.approx(240.6, rel=0.01)
        assert cart["autoscaler"] == {"current": 3, "most": 3}
        assert cart["troubles"] == ["errors", "at_most"]
        assert pricing["waiting"] == {"CrashLoopBackOff": 1}
        assert (pricing["pods"]["failing"], pricing["restarts_1h"]) == (1, 5)
        assert pricing["troubles"][:2] == ["crash_loop", "pods_missing"]
        assert (ledger["restarts_1h"], ledger["troubles"]) == (2, ["restarts"])
        assert services["payment-gateway"]["troubles"] == ["pods_missing", "pending"]
        assert services["postgres"]["kind"] == "StatefulSet"
        assert (services["log-shipper"]["kind"], services["log-shipper"]["qps"]) == ("DaemonSet", None)
        assert next(iter(services)) == "pricing", "what is worst comes first"
        tiles = now["tiles"]
        assert tiles["nodes"] == {"ready": 2, "all": 3}
        assert tiles["pods"]["pending"] == 1
        assert tiles["cpu"]["allocatable"] == 3 * 16_000
        assert tiles["volumes"] == {
            "all": 2, "full": [{"namespace": "data", "claim": "postgres-0", "used_pct": 91.0}],
        }  # fmt: skip
        nodes = (await api.get(f"{NOW}/nodes")).json["items"]
        assert [(one["ready"], one["cordoned"], one["pressure"]) for one in nodes] == [
            (True, False, []), (True, False, []), (False, True, ["DiskPressure"]),
        ]  # fmt: skip
        assert nodes[0]["cpu"]["used"] > 350, "its pods' and the system's"
        assert nodes[2]["cpu"]["used"] is None, "its kubelet is not scraped"
        requested = sum(one["cpu"]["requested"] for one in nodes)
        spaces = {one["namespace"]: one for one in (await api.get(f"{NOW}/namespaces")).json["items"]}
        waiting = described["payment-gateway"]
        without = sum(one.request_cpu_m or 0 for one in waiting.containers)
        assert requested == pytest.approx(sum(one["cpu"]["request"] for one in spaces.values()) - without)
        assert spaces["shop"]["services"] == 3
        curves = (await api.get(f"{NOW}/services/shop/cart/curves")).json
        known = [value for value in curves["mem_mib"] if value is not None]
        assert known
        assert known[-1] == pytest.approx(count * per_pod.use_mem_mib)
        assert len(curves["times"]) == len(curves["cpu_m"])


async def test_lists_are_filtered_sorted_and_cut(clickhouse: ClickHouse, on_store: ApiSettings) -> None:
    async with serving(on_store) as api:
        assert set(await rows(api, "?namespace=shop")) == {"cart", "catalog", "pricing"}
        assert set(await rows(api, "?q=pay+gate")) == {"payment-gateway"}
        found = (await api.get(f"{NOW}/services?trouble=restarts")).json
        assert {one["name"] for one in found["items"]} == {"pricing", "ledger"}
        assert (found["total"], found["troubles"]["errors"]) == (2, 1), "the others are counted, too"
        by_cpu = (await api.get(f"{NOW}/services?sort=-cpu&limit=2")).json
        used = [one["cpu"]["used"] for one in by_cpu["items"]]
        assert (used, len(used), by_cpu["total"]) == (sorted(used, reverse=True), 2, 7)
        by_qps = list(await rows(api, "?sort=qps"))
        assert by_qps[0] == "cart", "unknown comes last"
        assert (await api.get(f"{NOW}/services?sort=colour")).fields == {"sort"}


async def test_each_sees_their_own_namespaces(clickhouse: ClickHouse, on_store: ApiSettings) -> None:
    async with serving(on_store) as api:
        bounded = api.as_(Role.VIEWER, namespace="shop")
        now = (await bounded.get(NOW)).json
        assert now["scope"] == ["shop"]
        assert (now["tiles"]["nodes"], now["tiles"]["cpu"]["allocatable"]) == (None, None)
        assert (now["tiles"]["services"], now["tiles"]["volumes"]) == (3, {"full": [], "all": None})
        assert set(await rows(bounded)) == {"cart", "catalog", "pricing"}
        spaces = (await bounded.get(f"{NOW}/namespaces")).json["items"]
        assert [one["namespace"] for one in spaces] == ["shop"]
        assert (await bounded.get(f"{NOW}/nodes")).status == 403
        assert (await bounded.get(f"{NOW}/services/data/postgres/curves")).status == 403
        async with AsyncExitStack() as stack:
            followed = await follow(stack, bounded)
            assert (await event(followed))["scope"] == ["shop"]


async def follow(stack: AsyncExitStack, api: Api) -> ClientResponse:
    """Open the stream."""
    headers = {"Authorization": f"Bearer {api.bearer}"}
    response = await stack.enter_async_context(api.client.get(f"{NOW}/stream", headers=headers))
    assert response.status == 200, await response.text()
    return response


async def event(response: ClientResponse) -> Any:
    """The data of the next event."""
    while not (line := await response.content.readline()).startswith(b"data: "):
        assert line, "the stream has ended"
    return json.loads(line.removeprefix(b"data: "))


Refuses = Callable[[str], bool]


def spoilt(refuses: Refuses, asked: list[str] | None = None) -> Fault:
    """Answers 422 to what a test says, and notes what is asked."""

    async def fault(request: web.Request) -> web.StreamResponse | None:
        query = str((await request.post())["query"])
        if asked is not None:
            asked.append(query)
        if not refuses(query):
            return None
        return web.json_response({"status": "error", "error": "no such luck"}, status=400)

    return fault


async def test_a_query_that_fails_makes_unknown_what_depends_on_it(
    clickhouse: ClickHouse, on_store: ApiSettings, stored: Stored
) -> None:
    async with before(stored.url) as shaky:
        shaky.fault = spoilt(lambda query: "phase" in query or "resource_requests" in query)
        async with serving(on_store.model_copy(update={"prometheus_url": shaky.url})) as api:
            now = (await api.get(NOW)).json
            failed = {one["name"]: one["reason"] for one in now["queries"] if one["state"] == "failed"}
            assert set(failed) == {"pods", "requests"}
            assert "no such luck" in failed["pods"]
            assert now["tiles"]["pods"] == {"running": None, "pending": None, "failing": None}
            assert now["tiles"]["cpu"]["requested"] is None
            assert now["tiles"]["cpu"]["used"] > 0
            cart = (await rows(api))["cart"]
            assert (cart["cpu"]["request"], cart["pods"]["running"]) == (None, None)
            assert cart["mem"]["used"] > 0
            assert {one["mem"]["requested"] for one in (await api.get(f"{NOW}/nodes")).json["items"]} == {
                None
            }


async def test_a_store_that_goes_away_leaves_what_was_known_with_its_age(
    clickhouse: ClickHouse, on_store: ApiSettings, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "EVERY_S", 0.05)
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(before(stored.url))
        settings = on_store.model_copy(update={"prometheus_url": proxy.url})
        api = await stack.enter_async_context(serving(settings))
        followed = await follow(stack, api)
        first = await event(followed)
        assert (first["stale"], first["reason"]) == (False, "")

        async def gone(_: web.Request) -> web.StreamResponse:
            return web.Response(status=503, text="gone")

        proxy.fault = gone
        while not (now := await event(followed))["stale"]:
            first = now
        assert (now["at"], now["tiles"]) == (first["at"], first["tiles"])
        assert now["asked_at"] > first["asked_at"]
        assert "503" in now["reason"]
        assert (await rows(api))["cart"]["mem"]["used"] > 0
        proxy.fault = None
        while (now := await event(followed))["stale"]:
            pass
        assert now["at"] >= first["at"]


async def test_who_opens_the_page_sees_the_last_minute_at_once_and_the_next_evaluation_soon(
    clickhouse: ClickHouse, on_store: ApiSettings, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "EVERY_S", 0.0)  # each evaluation is due again at once
    answering = asyncio.Event()

    async def slow(_: web.Request) -> None:
        await answering.wait()

    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(before(stored.url))
        settings = on_store.model_copy(update={"prometheus_url": store.url})
        api = await stack.enter_async_context(serving(settings))
        first = (await api.get(NOW)).json
        store.fault = slow
        assert (await api.get(NOW)).json["asked_at"] == first["asked_at"], "it waited for no answer"
        answering.set()

        async def newer() -> bool:
            return bool((await api.get(NOW)).json["asked_at"] > first["asked_at"])

        await until(newer)
        monkeypatch.setattr(board, "SHOWN_S", 0.0)
        had = (await api.get(NOW)).json
        assert (await api.get(NOW)).json["asked_at"] > had["asked_at"], "what is too old is not shown"


async def test_a_store_that_has_never_answered_is_told_not_hidden(
    clickhouse: ClickHouse, settings: ApiSettings
) -> None:
    nowhere = settings.model_copy(update={"prometheus_url": "http://127.0.0.1:1"})
    async with serving(nowhere) as api:
        now = (await api.get(NOW)).json
        assert (now["at"], now["stale"], now["tiles"]["nodes"]) == (None, True, None)
        assert "can't be reached" in now["reason"]
        assert {one["state"] for one in now["queries"]} == {"failed"}
        assert (await api.get(f"{NOW}/services")).json["items"] == []
    async with serving(settings) as api:
        unset = await api.get(NOW)
        assert (unset.status, unset.json["code"]) == (409, "no_prometheus")


async def test_all_who_look_cost_one_evaluation_and_nobody_costs_none(
    clickhouse: ClickHouse, on_store: ApiSettings, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "MOST_VIEWERS", 30)
    asked: list[str] = []
    async with before(stored.url) as counting:
        counting.fault = spoilt(lambda _: False, asked)
        async with serving(on_store.model_copy(update={"prometheus_url": counting.url})) as api:
            people = [api.as_(Role.VIEWER, name=f"viewer-{number}") for number in range(30)]
            async with AsyncExitStack() as stack:
                streams = await asyncio.gather(*(follow(stack, one) for one in people))
                seen = await asyncio.gather(*map(event, streams))
                assert len({one["at"] for one in seen}) == 1
                assert len(asked) == len(set(asked)), "no query was asked twice"
                assert len(asked) <= 14 + SURVEY
                refused = await api.get(f"{NOW}/stream")
                assert (refused.status, refused.json["code"]) == (429, "too_many_now_viewers")
                monkeypatch.setattr(board, "EVERY_S", 0.05)

            async def left() -> bool:
                headers = {"Authorization": f"Bearer {api.bearer}"}
                async with api.client.get(f"{NOW}/stream", headers=headers) as response:
                    return response.status == 200

            await until(left)
