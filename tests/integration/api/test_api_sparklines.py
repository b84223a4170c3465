"""Many services over the last peak days at once."""

from __future__ import annotations

from typing import Any

from kubedoor_core.clickhouse import ClickHouse
from support.api import BASE, ENV, Api

LINES = f"{BASE}/service-lines"
DAYS = ["2026-11-12", "2026-11-13", "2026-11-16", "2026-11-17"]


def row(name: str, day: str, cpu: int | None, container: str = "app", **other: Any) -> dict[str, Any]:
    """A row of the table."""
    return {
        "env": ENV, "namespace": "shop", "name": name, "container": container, "date": day,
        "window_start": f"{day} 02:00:00.000", "window_end": f"{day} 03:30:00.000", "p95_cpu_m": cpu,
        "p95_mem_mib": 100, "pod_count": 3, "collected_at": f"{day} 04:00:00.000", **other,
    }  # fmt: skip


async def fill(clickhouse: ClickHouse) -> None:
    """A service on four days with a sidecar on the last, one on the last two, one elsewhere."""
    rows = [row("cart", day, 10 * n) for n, day in enumerate(DAYS, 1)]
    rows.append(row("cart", DAYS[-1], 5, "sidecar"))
    rows += [row("pay", DAYS[-2], None), row("pay", DAYS[-1], 7)]
    rows.append(row("cart", DAYS[-1], 9, namespace="data"))
    rows.append({**row("gone", DAYS[0], 1, deleted=True), "collected_at": f"{DAYS[0]} 05:00:00.000"})
    await clickhouse.insert("resource_daily", rows)


async def test_every_service_has_a_point_a_day_or_none(api: Api, clickhouse: ClickHouse) -> None:
    assert (await api.get(LINES)).json == {"dates": [], "items": []}
    await fill(clickhouse)
    shown = (await api.get(LINES)).json
    assert shown["dates"] == DAYS
    assert [(item["namespace"], item["name"], item["cpu_m"]) for item in shown["items"]] == [
        ("data", "cart", [None, None, None, 9]),
        ("shop", "cart", [10, 20, 30, 45]),
        ("shop", "pay", [None, None, None, 7]),
    ]
    assert shown["items"][1]["mem_mib"] == [100, 100, 100, 200]
    assert shown["items"][2]["mem_mib"] == [None, None, 100, 100]


async def test_fewer_days_and_fewer_services_can_be_asked_for(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    two = (await api.get(LINES, params={"days": 2})).json
    assert (two["dates"], two["items"][1]["cpu_m"]) == (DAYS[-2:], [30, 45])
    data = (await api.get(LINES, params={"namespace": "data"})).json["items"]
    assert [item["name"] for item in data] == ["cart"]
    for wrong in ("days=0", "days=91", "service=a/b"):
        assert (await api.get(f"{LINES}?{wrong}")).status == 400
