"""A service's requests, JVMs and score on the shown day: told, sorted by, flagged, and why not known."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_core.clickhouse import ClickHouse
from support.api import ENV, SERVICES, Api
from support.services import daily

DAY = "2099-11-20"
NAMES = ("busy", "fast", "silent", "thin")
Json = dict[str, Any]


def of(name: str, date: str = DAY, **values: Any) -> Json:
    """A service's row of a day."""
    place = {"env": ENV, "namespace": "shop", "name": name, "date": date}
    return {**place, "collected_at": f"{date} 04:00:00.000", **values}


async def fill(api: Api, clickhouse: ClickHouse) -> None:
    """One that is busy and troubled, one that is well, one that nobody counts, one that is hardly known."""
    for name in NAMES:
        await api.change("PUT", f"{SERVICES}/shop/{name}", {"replicas_manual": 4})
        await daily(clickhouse, name, "app", DAY, pod_count=4, coverage=1)
    usual = [
        of("busy", f"2099-11-{day:02}", source="istio", qps_p95=10, latency_p95_ms=50)
        for day in range(10, 20)
    ]
    today = [
        of("busy", source="istio", qps_p95=100, latency_p95_ms=80, error_pct=1.5, coverage=1),
        of("fast", source="micrometer", qps_p95=20, latency_p95_ms=5, error_pct=0, coverage=0.9),
        of("thin", source="istio", qps_p95=1, coverage=0.3),
    ]
    await clickhouse.insert("traffic_daily", [*usual, *today])
    jvm: Json = {
        "container": "app", "source": "micrometer", "heap_max_mib": 1000, "heap_live_mib": 100,
        "heap_used_p95_mib": 500, "gc_overhead_pct": 1, "coverage": 1,
    }  # fmt: skip
    sidecar = {**jvm, "container": "sidecar", "heap_live_mib": 900, "gc_overhead_pct": 6, "coverage": 0.8}
    await clickhouse.insert("jvm_daily", [of("busy", **jvm), of("busy", **sidecar), of("fast", **jvm)])
    scores: list[Json] = [
        of("busy", score=41.26, known_pct=80, cost=1, written_at=f"{DAY} 05:00:00.000"),
        of("fast", score=99.5, known_pct=80, cost=1, written_at=f"{DAY} 05:00:00.000"),
        of("thin", score=None, known_pct=30, cost=1, written_at=f"{DAY} 05:00:00.000"),
    ]
    for row in scores:
        del row["collected_at"]
    await clickhouse.insert("score_daily", scores)


async def items(api: Api, query: str = "") -> dict[str, Json]:
    """Return the listed services by name, in their order."""
    answer = await api.get(f"{SERVICES}{query}")
    assert answer.status == 200, answer.text
    return {item["name"]: item for item in answer.json["items"]}


async def test_a_service_tells_its_requests_jvms_and_score(api: Api, clickhouse: ClickHouse) -> None:
    await fill(api, clickhouse)
    listed = await items(api)
    busy = listed["busy"]
    assert busy["traffic"] == {
        "source": "istio", "qps_p95": 100, "qps_per_pod": 25, "latency_p95_ms": 80, "error_pct": 1.5,
        "coverage": 1,
    }  # fmt: skip
    assert busy["jvm"] == {
        "source": "micrometer", "heap_used_pct": 50, "heap_live_pct": 90, "gc_overhead_pct": 6,
        "coverage": pytest.approx(0.8),
    }  # fmt: skip
    assert busy["score"] == {"score": 41.3, "grade": "D", "known_pct": 80}
    assert {"errors", "gc_overhead", "heap_full", "slow"} <= set(busy["flags"])
    assert not {"errors", "gc_overhead", "heap_full", "slow"} & set(listed["fast"]["flags"])
    for name, item in listed.items():
        assert (await api.get(f"{SERVICES}/shop/{name}")).json == item, "one service says what the list says"


async def test_what_is_unknown_says_why(api: Api, clickhouse: ClickHouse) -> None:
    await api.change("PUT", f"{SERVICES}/shop/busy", {})
    nothing = await items(api)
    assert nothing["busy"]["unknown"] == dict.fromkeys(("traffic", "jvm", "score"), "not_collected")
    await daily(clickhouse, "busy", "app", DAY, coverage=1)
    assert (await items(api))["busy"]["unknown"] == {
        "traffic": "no_source", "jvm": "no_source", "score": "not_scored",
    }  # fmt: skip
    await fill(api, clickhouse)
    answer = (await api.get(SERVICES)).json
    assert answer["sources"] == {"traffic": ["istio", "micrometer"], "jvm": ["micrometer"]}
    listed = {item["name"]: item for item in answer["items"]}
    assert listed["busy"]["unknown"] == {"traffic": None, "jvm": None, "score": None}
    assert listed["silent"]["unknown"] == {
        "traffic": "no_such_pod", "jvm": "no_such_pod", "score": "not_scored",
    }  # fmt: skip
    assert (listed["silent"]["traffic"], listed["silent"]["jvm"], listed["silent"]["score"]) == (None,) * 3
    assert listed["thin"]["unknown"] == {
        "traffic": "low_coverage", "jvm": "no_such_pod", "score": "little_known",
    }  # fmt: skip
    assert listed["thin"]["score"] == {"score": None, "grade": None, "known_pct": 30}


async def test_a_list_is_sorted_by_them(api: Api, clickhouse: ClickHouse) -> None:
    await fill(api, clickhouse)
    for sort, names in (
        ("qps", ["thin", "fast", "busy", "silent"]),
        ("-qps_per_pod", ["busy", "fast", "thin", "silent"]),
        ("-latency", ["busy", "fast", "silent", "thin"]),
        ("-errors", ["busy", "fast", "silent", "thin"]),
        ("-gc", ["busy", "fast", "silent", "thin"]),
        ("heap", ["busy", "fast", "silent", "thin"]),
        ("score", ["busy", "fast", "silent", "thin"]),
        ("-score", ["fast", "busy", "silent", "thin"]),
    ):
        assert list(await items(api, f"?sort={sort}")) == names, "the unknown come last"
        page = await items(api, f"?sort={sort}&limit=2&offset=1&namespace=shop&q=s")
        assert list(page) == names[1:3]
    other = await api.get(f"{SERVICES}?namespace=data&sort=-qps")
    assert other.json["items"] == []
