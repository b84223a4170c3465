"""Peak hours found in stored days, and use by hour and day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kubedoor_api.access.roles import Role
from kubedoor_core.clickhouse import ClickHouse
from support.api import BASE, ENV, Api

Json = dict[str, Any]
FIRST = datetime.now(UTC).date() - timedelta(days=10)
"""Profiles are not kept for ever."""


def day_row(namespace: str, name: str, number: int, hour: int, **values: Any) -> Json:
    """One day of a service's only container: 100 m, and 500 m for two hours."""
    day = (FIRST + timedelta(days=number)).isoformat()
    profile = [500 if hour * 12 <= slot < (hour + 2) * 12 else 100 for slot in range(288)]
    return {
        "env": ENV, "namespace": namespace, "name": name, "container": "app", "date": day,
        "window_start": f"{day} 02:00:00.000", "window_end": f"{day} 03:30:00.000",
        "collected_at": f"{day} 04:00:00.000", "pod_count": 2, "p95_cpu_m": 100, "coverage": 1,
        "profile_cpu_m": profile, "profile_pods": [2] * 24, **values,
    }  # fmt: skip


async def fill(clickhouse: ClickHouse) -> None:
    """Three days: two services of `shop` peak at 20:00, one of `data` at 10:00."""
    evening = [day_row("shop", name, number, 20) for name in ("cart", "pay") for number in range(3)]
    await clickhouse.insert(
        "resource_daily", evening + [day_row("data", "etl", number, 10) for number in range(3)]
    )


async def test_peak_hours_are_found_for_the_env_and_each_namespace(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    found = (await api.get(f"{BASE}/peak-hours?days=7")).json
    assert (found["peak_hours"], found["days"]) == ("10:00-11:30", 3)
    assert (found["since"], found["until"]) == (FIRST.isoformat(), (FIRST + timedelta(days=2)).isoformat())
    env = found["env"]
    assert (env["peak_hours"], env["services"], env["better"]) == ("20:00-21:30", 3, True)
    assert (env["missed_now"], env["missed_then"]) == (2, 1)
    assert (env["cores_now"], env["cores_then"]) == (pytest.approx(1.4), pytest.approx(2.2))
    data, shop = found["namespaces"]
    assert (data["namespace"], data["peak_hours"], data["better"]) == ("data", "10:00-11:30", False)
    assert (shop["namespace"], shop["peak_hours"], shop["better"]) == ("shop", "20:00-21:30", True)
    assert (shop["missed_now"], shop["missed_then"]) == (2, 0)


async def test_days_that_are_not_known_as_a_whole_offer_nothing(api: Api, clickhouse: ClickHouse) -> None:
    nothing = (await api.get(f"{BASE}/peak-hours")).json
    assert (nothing["days"], nothing["env"]["peak_hours"], nothing["namespaces"]) == (0, None, [])
    await clickhouse.insert("resource_daily", [day_row("shop", "cart", 0, 20, profile_cpu_m=[])])
    nothing = (await api.get(f"{BASE}/peak-hours")).json
    assert (nothing["days"], nothing["env"]["better"]) == (0, False)
    assert (await api.get(f"{BASE}/heat-map")).json["cores"] == []


async def test_the_heat_map_is_of_all_a_namespace_or_a_service(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    unknown = [None] * 12 + [100] * 276
    await clickhouse.insert("resource_daily", [
        day_row("shop", "late", 3, 20, profile_cpu_m=unknown, profile_pods=[1] * 24),
    ])  # fmt: skip

    async def cores(asked: str) -> list[list[float | None]]:
        answer = await api.get(f"{BASE}/heat-map?days=9{asked}")
        assert answer.status == 200, answer.text
        return [[hour and round(hour, 6) for hour in day] for day in answer.json["cores"]]

    every = await cores("")
    assert [len(day) for day in every] == [24] * 4
    assert (every[0][9], every[0][10], every[0][20]) == (0.6, 1.4, 2.2)
    assert every[3][:2] == [None, 0.1]
    assert (await cores("&namespace=data"))[0][10] == 1.0
    assert [day[20] for day in await cores("&namespace=shop&name=cart")] == [1.0] * 3
    assert await cores("&namespace=shop&name=cart&kind=StatefulSet") == []


async def test_who_is_limited_to_namespaces_sees_theirs_alone(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    viewer = api.as_(Role.VIEWER, namespace="data")
    found = (await viewer.get(f"{BASE}/peak-hours")).json
    assert [one["namespace"] for one in found["namespaces"]] == ["data"]
    assert (found["env"]["peak_hours"], found["env"]["services"]) == ("10:00-11:30", 1)
    assert (await viewer.get(f"{BASE}/heat-map")).json["cores"][0][20] == pytest.approx(0.2)


@pytest.mark.parametrize("asked", ["peak-hours?days=0", "heat-map?days=101", "heat-map?kind=Job"])
async def test_impossible_days_are_refused(api: Api, asked: str) -> None:
    assert (await api.get(f"{BASE}/{asked}")).status == 400
