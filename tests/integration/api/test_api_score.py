"""Scores: by rules alone, of what was collected; unknown is not nothing; each deduction has its remedy."""

from __future__ import annotations

from typing import Any

import pytest

from integration.api.test_api_statistics import DAY, day_row
from kubedoor_core.clickhouse import ClickHouse
from support.api import BASE, ENV, SERVICES, Api

pytestmark = pytest.mark.usefixtures("unwatched_scores")
SCORES = f"{BASE}/scores"
Json = dict[str, Any]


def measured(name: str, container: str = "app", date: str = DAY, **values: Any) -> Json:
    """A container that asks for what it uses."""
    plain = {
        "pod_count": 2, "p95_cpu_m": 450, "p95_cpu_hot_m": 500, "p95_mem_mib": 900, "request_cpu_m": 500,
        "request_mem_mib": 1000, "limit_cpu_m": 1000, "limit_mem_mib": 2000, "coverage": 1, "oom_kills": 0,
        "throttled_pct": 0,
    }  # fmt: skip
    return day_row("shop", name, container, date, **{**plain, **values})


async def fill(clickhouse: ClickHouse) -> None:
    """One that is well, one that wastes, one that was killed on two days, one of which little is known."""
    rows = [
        measured("well"),
        measured("wasteful", request_cpu_m=4500, request_mem_mib=9000, limit_cpu_m=9000, limit_mem_mib=18000),
        measured("killed"),
        *(measured("killed", date=f"2099-11-{day}", oom_kills=2) for day in (17, 19)),
        measured("killed", date="2099-11-01", oom_kills=2),
        day_row("shop", "unknown", "app", DAY, coverage=0.3),
    ]
    await clickhouse.insert("resource_daily", rows)
    derived = {
        "env": ENV, "namespace": "shop", "name": "wasteful", "containers.name": ["app"],
        "containers.request_cpu_m": [460], "containers.request_mem_mib": [910],
        "containers.limit_cpu_m": [None], "containers.limit_mem_mib": [None], "version": 1,
    }  # fmt: skip
    await clickhouse.insert("derived", [derived])


async def scores(api: Api, query: str = "") -> tuple[Json, dict[str, Json]]:
    """Return the list, and its items by name."""
    answer = await api.get(f"{SCORES}{query}")
    assert answer.status == 200, answer.text
    return answer.json, {item["name"]: item for item in answer.json["items"]}


async def test_services_are_scored_by_what_was_collected(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    listed, by_name = await scores(api)
    assert (listed["date"], listed["total"]) == (DAY, 4)
    assert list(by_name) == ["wasteful", "killed", "well", "unknown"], "the worst first, the unknown last"
    well = by_name["well"]
    assert (well["score"], well["grade"], well["known_pct"], well["deductions"]) == (100, "A", 70, [])
    assert well["parts"] == {"cost": 100, "safety": 100, "count": None, "runtime": None, "steadiness": 100}
    unknown = by_name["unknown"]
    assert (unknown["score"], unknown["grade"], unknown["known_pct"]) == (None, None, 5)


async def test_a_deduction_says_what_could_be_done(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    _, by_name = await scores(api)
    (unused,) = by_name["wasteful"]["deductions"]
    assert unused["rule"] == "request_unused"
    assert unused["remedy"] == {
        "action": "set_request", "parameters": {"container": "app", "resource": "cpu", "value": 460},
    }  # fmt: skip
    assert by_name["wasteful"]["score"] == pytest.approx(100 - unused["points"], abs=0.1)
    (kills,) = by_name["killed"]["deductions"]
    assert (kills["rule"], kills["value"]) == ("oom_killed", 2), "a kill of three weeks ago does not count"
    assert (kills["date"], unused["date"]) == ("2099-11-19", DAY), "the day of the last kill"
    assert (unused["changes"], kills["changes"]) == (2, 1), "cpu and memory are both asked for in excess"
    one = (await api.get(f"{SERVICES}/shop/killed/score")).json
    today = {"date": DAY, **{name: one[name] for name in ("score", "grade", "known_pct")}}
    assert one == {**by_name["killed"], "history": [today]}


async def test_the_whole_weighs_services_by_what_they_ask_for(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    listed, by_name = await scores(api)
    assert listed["score"] < by_name["well"]["score"]
    assert abs(listed["score"] - by_name["wasteful"]["score"]) < 10, "it asks for most"
    none, _ = await scores(api, "?namespace=data")
    assert (none["total"], none["score"], none["grade"]) == (0, None, None)


async def test_prices_and_production_count(api: Api, clickhouse: ClickHouse) -> None:
    await clickhouse.insert("resource_daily", [measured("one", pod_count=1, request_mem_mib=9000)])
    for key, value in (
        ("price_core_month", 100),
        ("price_gib_month", 0.01),
        ("production_namespaces", "shop"),
    ):
        changed = await api.change("PUT", f"{BASE}/settings/{key}", {"value": value}, version="0")
        assert changed.status == 200, changed.text
    _, by_name = await scores(api)
    assert [one["rule"] for one in by_name["one"]["deductions"]] == ["one_pod"]


async def test_what_requests_say_counts_where_it_is_known(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    rows = [
        {"env": ENV, "namespace": "shop", "name": "well", "date": f"2099-11-{day:02}", "source": "istio",
         "error_pct": 0.2, "latency_p95_ms": 50 if day < 20 else 110,
         "collected_at": "2099-11-21 00:00:00.000"}
        for day in range(8, 21)
    ]  # fmt: skip
    await clickhouse.insert("traffic_daily", rows)
    _, by_name = await scores(api)
    well = by_name["well"]
    assert (well["parts"]["runtime"], well["known_pct"]) == (60, 80)
    assert [one["rule"] for one in well["deductions"]] == ["very_slow"]
    trend = (await api.get(f"{SERVICES}/shop/well/trend?since=2099-11-19")).json
    assert [(one["date"], one["latency_p95_ms"]) for one in trend["traffic"]] == [
        ("2099-11-19", 50), ("2099-11-20", 110),
    ]  # fmt: skip
    assert trend["traffic"][0]["source"] == "istio"


async def test_what_jvms_say_counts(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    jvm = {
        "env": ENV, "namespace": "shop", "name": "well", "date": DAY, "source": "otel", "container": "app",
        "gc_overhead_pct": 6, "full_gc": 2, "heap_live_mib": 90, "heap_max_mib": 100,
        "collected_at": f"{DAY} 04:00:00.000",
    }  # fmt: skip
    agent = {**jvm, "container": "agent", "gc_overhead_pct": 11, "full_gc": 0, "heap_live_mib": None}
    await clickhouse.insert("jvm_daily", [jvm, agent])
    _, by_name = await scores(api)
    well = by_name["well"]
    assert {one["rule"]: one["container"] for one in well["deductions"]} == {
        "much_gc": "agent", "full_gc": "app", "heap_full": "app",
    }  # fmt: skip
    assert (well["parts"]["runtime"], well["known_pct"]) == (100 - 40 - 15 - 20, 80)


def advice(name: str, as_of: str, at: str, needed: int | None) -> Json:
    """A row of advice."""
    return {
        "env": ENV, "namespace": "shop", "name": name, "id": f"{name}-{at}", "at": f"{at}.000",
        "as_of": as_of, "replicas_now": 2, "replicas_needed": needed, "verdict": "fewer", "confidence": 1,
        "version": 0,
    }  # fmt: skip


async def test_the_pods_that_advice_finds_needed_count(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    rows = [
        advice("well", "2099-11-18", "2099-11-19 04:00:00", 9),
        advice("well", DAY, "2099-11-21 04:00:00", 2),
        advice("well", "2099-11-25", "2099-11-26 04:00:00", 9),
        advice("killed", DAY, "2099-11-21 04:00:00", 3),
        advice("wasteful", "2099-11-19", "2099-11-20 04:00:00", 2),
        advice("wasteful", DAY, "2099-11-21 04:00:00", None),
    ]
    await clickhouse.insert("advice", rows)
    _, by_name = await scores(api)
    assert (by_name["well"]["parts"]["count"], by_name["well"]["known_pct"]) == (100, 90)
    assert by_name["killed"]["parts"]["count"] == 0, "fewer than needed"
    assert by_name["wasteful"]["parts"]["count"] is None, "the last one did not know"


async def test_one_that_was_not_measured_has_none(api: Api, clickhouse: ClickHouse) -> None:
    nothing, _ = await scores(api)
    assert (nothing["date"], nothing["items"], nothing["score"]) == (None, [], None)
    assert (nothing["namespaces"], nothing["known_pct"]) == ([], 0)
    await fill(clickhouse)
    made = await api.change("PUT", f"{SERVICES}/shop/new", {})
    assert made.status == 201, made.text
    one = (await api.get(f"{SERVICES}/shop/new/score")).json
    assert (one["score"], one["known_pct"], one["deductions"]) == (None, 0, [])
    assert one["history"] == []
    assert (await api.get(f"{SERVICES}/shop/nobody/score")).status == 404


async def test_pages_and_orders(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    for sort, names in (
        ("-score", ["well", "killed", "wasteful", "unknown"]),
        ("name", ["killed", "unknown", "well", "wasteful"]),
        ("-name", ["well", "wasteful", "unknown", "killed"]),
    ):
        _, by_name = await scores(api, f"?sort={sort}")
        assert list(by_name) == (sorted(names) if sort == "name" else names)
    second, by_name = await scores(api, "?sort=name&limit=1&offset=1")
    assert (list(by_name), second["total"]) == (["unknown"], 4)
    assert (await api.get(f"{SCORES}?sort=points")).status == 400
