"""Statistics against sums made by hand; a service's past; what its values were derived by."""

from __future__ import annotations

from typing import Any

from kubedoor_core.clickhouse import ClickHouse
from support.api import BASE, ENV, SERVICES, Api

DAY = "2099-11-20"
CART = f"{SERVICES}/shop/cart"


def day_row(namespace: str, name: str, container: str, date: str, **values: Any) -> dict[str, Any]:
    """A collected day of a container."""
    return {
        "env": ENV,
        "namespace": namespace,
        "name": name,
        "container": container,
        "date": date,
        "window_start": f"{date} 02:00:00.000",
        "window_end": f"{date} 03:30:00.000",
        "collected_at": f"{date} 04:00:00.000",
        **values,
    }


async def fill(clickhouse: ClickHouse) -> None:
    """Two namespaces, three services, two days; one row was replaced, one removed."""
    rows = [
        day_row("shop", "cart", "app", DAY, pod_count=4, p95_cpu_m=200, request_cpu_m=500, limit_cpu_m=1000,
                p95_mem_mib=300, request_mem_mib=256, limit_mem_mib=512, cpu_pct=20, coverage=1),
        day_row("shop", "cart", "sidecar", DAY, pod_count=4, p95_cpu_m=10, p95_mem_mib=20, coverage=1),
        day_row("shop", "pay", "app", DAY, pod_count=2, p95_cpu_m=50, request_cpu_m=20, p95_mem_mib=None),
        day_row("data", "etl", "app", DAY, pod_count=1, p95_cpu_m=60, p95_mem_mib=1000, cpu_pct=90),
        day_row("shop", "cart", "app", "2099-11-19", pod_count=3, p95_cpu_m=250, coverage=0.9),
        day_row("shop", "cart", "app", "2099-11-18", pod_count=9, p95_cpu_m=250, coverage=0.1),
    ]  # fmt: skip
    old = day_row("data", "etl", "app", DAY, pod_count=99, p95_cpu_m=9999)
    removed = [day_row("data", "gone", "app", DAY, pod_count=5, p95_cpu_m=5)]
    await clickhouse.insert("resource_daily", [{**old, "collected_at": "2099-11-20 03:00:00.000"}])
    await clickhouse.insert("resource_daily", removed)
    tombstone = {**removed[0], "deleted": True, "collected_at": "2099-11-20 05:00:00.000"}
    await clickhouse.insert("resource_daily", [*rows, tombstone])


async def test_the_whole_is_the_sum_of_its_parts(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    await api.change("PUT", CART, {})
    overview = (await api.get(f"{BASE}/overview")).json
    assert overview == {
        "date": DAY,
        "scope": None,
        "registered": 1,
        "unregistered": 2,
        "money": None,
        "score": {"score": None, "grade": None, "known_pct": 0, "days": [], "cheapest": []},
        "totals": {
            "services": 3,
            "pods": 7,
            "cpu_m": {"used": 1000, "requested": 2040, "limited": 4000, "waste": 1200, "shortage": 60},
            "mem_mib": {"used": 2280, "requested": 1024, "limited": 2048, "waste": 0, "shortage": 176},
        },
    }
    namespaces = (await api.get(f"{BASE}/namespaces")).json["items"]
    assert [(item["namespace"], item["pods"], item["cpu_share"]) for item in namespaces] == [
        ("shop", 6, 0.94),
        ("data", 1, 0.06),
    ]
    days = (await api.get(f"{BASE}/trend")).json["days"]
    assert [(day["date"], day["pods"]) for day in days] == [("2099-11-18", 9), ("2099-11-19", 3), (DAY, 7)]
    shop = (await api.get(f"{BASE}/namespaces/shop/trend?since={DAY}")).json["days"]
    assert [day["cpu_m"]["used"] for day in shop] == [940]


async def test_one_service_over_time_keeps_gaps_and_unknowns(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    days = (await api.get(f"{SERVICES}/shop/pay/trend")).json["days"]
    assert [(day["container"], day["p95_cpu_m"], day["p95_mem_mib"]) for day in days] == [("app", 50, None)]
    assert len((await api.get(f"{CART}/trend?until=2099-11-19")).json["days"]) == 2


def jvm_row(container: str, date: str, version: int, **values: Any) -> dict[str, Any]:
    """A collected day of a container's JVMs."""
    return {
        "env": ENV, "namespace": "shop", "name": "cart", "container": container, "date": date,
        "source": "micrometer", "collected_at": f"{date} 04:00:0{version}.000", **values,
    }  # fmt: skip


async def test_one_services_jvms_are_told_by_container_the_latest_of_each_day(
    api: Api, clickhouse: ClickHouse
) -> None:
    await fill(clickhouse)
    await clickhouse.insert("jvm_daily", [jvm_row("app", DAY, 1, heap_used_p95_mib=900.0)])
    gone = jvm_row("gone", DAY, 1, heap_used_p95_mib=5.0)
    await clickhouse.insert("jvm_daily", [gone])
    rows = [
        jvm_row("app", DAY, 2, heap_used_p95_mib=300.0, gc_overhead_pct=1.5, full_gc=0.0),
        jvm_row("sidecar", DAY, 2, source="otel", threads_p95=12.0),
        jvm_row("app", "2099-11-19", 2, heap_used_p95_mib=280.0),
        jvm_row("app", "2099-11-10", 2, heap_used_p95_mib=100.0),
        {**jvm_row("gone", DAY, 2), "deleted": True},
        {**jvm_row("app", DAY, 2), "name": "pay"},
    ]
    await clickhouse.insert("jvm_daily", rows)
    told = (await api.get(f"{CART}/trend?since=2099-11-12")).json["jvm"]
    assert [(one["date"], one["container"], one["source"]) for one in told] == [
        ("2099-11-19", "app", "micrometer"), (DAY, "app", "micrometer"), (DAY, "sidecar", "otel"),
    ]  # fmt: skip
    assert told[1] == {
        "date": DAY, "container": "app", "source": "micrometer", "heap_max_mib": None,
        "heap_used_p95_mib": 300.0, "heap_live_mib": None, "nonheap_p95_mib": None, "gc_overhead_pct": 1.5,
        "gc_per_min": None, "full_gc": 0.0, "gc_pause_max_ms": None, "threads_p95": None, "coverage": None,
    }  # fmt: skip


async def test_nothing_collected_is_said_and_bad_days_are_refused(api: Api) -> None:
    assert (await api.get(f"{BASE}/overview")).json["totals"] is None
    assert (await api.get(f"{BASE}/namespaces")).json == {"date": None, "items": []}
    assert (await api.get(f"{BASE}/trend")).json == {"days": []}
    bad = ["trend?since=0001-01-01", "namespaces?date=9999-12-31", "overview?date=x"]
    for path in bad:
        assert (await api.get(f"{BASE}/{path}")).status == 400, path
    assert (await api.get(f"{BASE}/trend?since=2099-02-01&until=2099-01-01")).fields == {"since"}


async def test_any_version_can_be_brought_back(api: Api) -> None:
    app = {"name": "app", "limit_cpu_m": 500}
    first = (await api.change("PUT", CART, {"replicas_manual": 3, "containers": [app]})).json["version"]
    edit = {"replicas_manual": 9, "containers": [{"name": "app", "limit_cpu_m": None}]}
    second = (await api.change("PATCH", CART, edit, version=first)).json["version"]
    await api.change("DELETE", CART, version=second)
    history = (await api.get(f"{CART}/history")).json
    assert [(item["removed"], item["replicas_manual"]) for item in history["items"]] == [
        (True, 9),
        (False, 9),
        (False, 3),
    ]
    page = (await api.get(f"{CART}/history?limit=2")).json
    rest = (await api.get(f"{CART}/history?limit=2&cursor={page['next_cursor']}")).json
    assert [item["version"] for item in rest["items"]] == [first]
    again = (await api.change("PUT", CART, {})).json["version"]
    body = {"restore_version": first}
    assert (await api.change("POST", f"{CART}/restore", body, version=second)).status == 412
    back = await api.change("POST", f"{CART}/restore", body, version=again)
    assert (back.status, back.json["replicas"]["manual"]) == (200, 3)
    assert back.json["containers"][0]["expert"]["limit_cpu_m"] == 500
    never = await api.change("POST", f"{CART}/restore", {"restore_version": "7"}, version="0")
    assert never.status == 404


async def test_waste_is_told_in_money_once_a_price_is_known(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    prices: dict[str, object] = {"price_core_month": 40, "price_gib_month": 2.56, "currency": "CNY"}
    for key, value in prices.items():
        await api.change("PUT", f"{BASE}/settings/{key}", {"value": value}, version="0")
    assert (await api.get(f"{BASE}/overview")).json["money"] == {
        "currency": "CNY",
        "core_month": 40,
        "gib_month": 2.56,
        "requested": 84.16,  # 2.04 cores and 1 GiB
        "used": 45.7,  # 1 core and 2280 MiB
        "waste": 48.0,
        "waste_cpu": 48.0,  # 1.2 cores
        "waste_mem": 0.0,
    }


async def test_a_service_tells_what_its_values_were_derived_by(api: Api, clickhouse: ClickHouse) -> None:
    """The rule, its exception and margins and the autoscaler of the derivation; and hours that are missed."""
    row = {
        "env": ENV, "namespace": "shop", "peak_date_cpu": DAY, "peak_date_mem": DAY, "version": 1,
        "containers.name": ["app"], "containers.request_cpu_m": [250], "containers.request_mem_mib": [400],
        "containers.limit_cpu_m": [1000], "containers.limit_mem_mib": [512],
        "updated_at": f"{DAY} 04:00:00.000", "updated_by": "collector", "memory_rule": "max",
    }  # fmt: skip
    cart = {
        "name": "cart", "request_rule": "peak_day", "rule_exception": "shop/c.*", "lookback_days": 5,
        "margin_pct": 25.0, "memory_margin_pct": 0.0, "hpa_cpu_pct": 60, "hpa_left": True,
        "peak_pods_cpu": 4, "coverage_cpu": 1, "window_cpu": "10:00-11:30",
    }  # fmt: skip
    elsewhere = {
        "name": "pay", "request_rule": "own_peak", "peaks_elsewhere": True, "own_peak_hour": 22,
        "own_peak_cpu_m": 330, "runner_up_dates_cpu": ["2099-11-18", "2099-11-19"],
    }  # fmt: skip
    await clickhouse.insert("derived", [{**row, **cart}, {**row, **elsewhere}])
    told = (await api.get(CART)).json["provenance"]
    assert (told["peak_date_cpu"], told["memory_rule"]) == (DAY, "max")
    assert {name: told[name] for name in cart if name != "name"} == {
        name: value for name, value in cart.items() if name != "name"
    }
    shown = (await api.get(f"{SERVICES}/shop/pay")).json
    assert "peaks_elsewhere" in shown["flags"]
    provenance = shown["provenance"]
    assert (provenance["request_rule"], provenance["rule_exception"]) == ("own_peak", "")
    assert (provenance["own_peak_hour"], provenance["own_peak_cpu_m"]) == (22, 330)
    assert provenance["runner_up_dates_cpu"] == ["2099-11-18", "2099-11-19"]
