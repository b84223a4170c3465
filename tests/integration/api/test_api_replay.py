"""Rules replayed over stored days: what each would have asked for, and how often that would not have done."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from kubedoor_api.statistics.replay import routes
from kubedoor_collector.collect import Collector
from kubedoor_collector.day import Source
from kubedoor_collector.replay import replayed as command_replayed
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.clickhouse import ClickHouse
from support.api import BASE, ENV, Api
from support.rows import autoscaler_row, derived_row

Json = dict[str, Any]
REPLAY = f"{BASE}/replay"
FIRST = datetime.now(UTC).date() - timedelta(days=20)
"""Profiles are not kept for ever."""


def day_row(name: str, number: int, cpu_m: int, **values: Any) -> Json:
    """One collected day of a service's only container, busy from 10:00 to 14:00 and else idle."""
    day = (FIRST + timedelta(days=number)).isoformat()
    profile = [cpu_m if 120 <= slot < 168 else 1 for slot in range(288)]
    return {
        "env": ENV, "namespace": "shop", "name": name, "container": "app", "date": day,
        "window_start": f"{day} 02:00:00.000", "window_end": f"{day} 03:30:00.000",
        "collected_at": f"{day} 04:00:00.000", "pod_count": 2, "p95_cpu_m": cpu_m, "p95_mem_mib": 100,
        "coverage": 1, "profile_cpu_m": profile, "profile_mem_mib": [100] * 24, **values,
    }  # fmt: skip


async def fill(clickhouse: ClickHouse) -> None:
    """Ten days: `steady` uses 400m, `rising` 100m more each day."""
    rows = [day_row("steady", number, 400) for number in range(10)]
    rows += [day_row("rising", number, 100 * (number + 1)) for number in range(10)]
    await clickhouse.insert("resource_daily", rows)


async def replayed(api: Api, **asked: Any) -> Json:
    """Replay, and return the outcomes by name; rules that were asked for as `asked`."""
    answer = await api.change("POST", REPLAY, asked)
    assert answer.status == 200, answer.text
    found: Json = answer.json
    return {**found, "by_name": {one["name"]: one for one in found["outcomes"]}}


async def test_each_rule_is_scored_on_the_days_after(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    found = await replayed(api, days=10)
    last = FIRST + timedelta(days=9)
    assert (found["since"], found["until"]) == (FIRST.isoformat(), last.isoformat())
    assert [one["name"] for one in found["outcomes"]] == ["now", "as_announced", "steady", "careful"]
    now = found["by_name"]["now"]
    # Nine days of two services: the steady one is enough each time, the rising one never.
    assert (now["services"], now["days"], now["bad_days_pct"]) == (2, 18, 50.0)
    assert now["cores"] == pytest.approx(2 * 0.4 + 2 * sum(range(1, 10)) / 9 / 10)
    assert now["money_month"] is None
    assert found["by_name"]["careful"]["cores"] > now["cores"]


async def test_a_rule_that_is_asked_for_says_whose_request_changes_most(
    api: Api, clickhouse: ClickHouse
) -> None:
    await fill(clickhouse)
    found = await replayed(api, days=10, rules=[{"margin_pct": 100}])
    asked = found["by_name"]["asked"]
    assert asked["bad_days_pct"] == pytest.approx(0.0)
    assert [one["name"] for one in asked["largest"]] == ["rising", "steady"]
    rising = asked["largest"][0]
    assert rising["cores_then"] == pytest.approx(2 * rising["cores_now"])
    assert (rising["bad_days_now"], rising["bad_days_then"], rising["days"]) == (9, 0, 9)
    assert found["by_name"]["now"]["largest"] == []


async def test_the_services_in_parts_are_the_services_at_once(
    api: Api, clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(clickhouse)
    whole = await replayed(api, days=10)
    monkeypatch.setattr(routes, "AT_ONCE", 1)
    assert await replayed(api, days=10) == whole


def collector(clickhouse: ClickHouse) -> Collector:
    """What the command works with; it asks no store of metrics."""
    settings = CollectorSettings(
        env=ENV, clickhouse_url="http://127.0.0.1:9", prometheus_url="http://127.0.0.1:9"
    )
    return Collector(clickhouse, cast("Source", None), settings, "command")


@pytest.mark.parametrize("hpa_requests", ["divide", "leave"])
async def test_its_figures_are_those_of_the_command(
    api: Api, clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch, hpa_requests: str
) -> None:
    """With autoscalers, exceptions, and one day for the whole fleet, whichever services are read together."""
    await fill(clickhouse)
    await clickhouse.insert("resource_daily", [
        day_row(name, number, 900 - 80 * number) for name in ("falling", "scaled") for number in range(10)
    ])  # fmt: skip
    await clickhouse.insert("autoscaler", [autoscaler_row(ENV, "shop", "scaled", cpu_target_pct=40)])
    await clickhouse.insert("derived", [derived_row(ENV, "shop", "steady", hpa_cpu_pct=80)])
    for key, value in {
        "hpa_requests": hpa_requests,
        "request_rule": "fleet",
        "rule_exceptions": "shop/rising: own_peak margin_pct=30; shop/.*ing: careful",
    }.items():
        answer = await api.change("PUT", f"{BASE}/settings/{key}", {"value": value}, version="0")
        assert answer.status == 200, answer.text
    monkeypatch.setattr(routes, "AT_ONCE", 1)
    told = (await replayed(api, days=60))["by_name"]
    command = await command_replayed(collector(clickhouse), 60)
    assert len(command) == len(told) == 4
    for name, summary in command.items():
        outcome = told["now" if name == "as set now" else name.replace(" ", "_")]
        assert {key: outcome[key] for key in asdict(summary)} == pytest.approx(asdict(summary)), name


async def test_an_autoscaler_and_an_exception_change_what_a_rule_asks_for(
    api: Api, clickhouse: ClickHouse
) -> None:
    await fill(clickhouse)
    plain = (await replayed(api, days=10))["by_name"]["now"]["cores"]
    await clickhouse.insert("autoscaler", [autoscaler_row(ENV, "shop", "steady", cpu_target_pct=50)])
    scaled = (await replayed(api, days=10))["by_name"]["now"]["cores"]
    assert scaled == pytest.approx(plain + 2 * 0.4)
    found = await replayed(api, days=10, rules=[{}], rule_exceptions="shop/rising: margin_pct=100")
    asked = found["by_name"]["asked"]
    assert (asked["changed"], [one["name"] for one in asked["largest"]]) == (1, ["rising"])
    assert found["by_name"]["now"]["cores"] == pytest.approx(scaled)


async def test_it_says_what_the_figures_lack(api: Api, clickhouse: ClickHouse) -> None:
    """Days of which nothing is stored, weekdays that do not count, and services that are too young."""
    days = [number for number in range(15) if number != 6]
    await clickhouse.insert("resource_daily", [day_row("steady", number, 400) for number in days])
    await clickhouse.insert("resource_daily", [day_row("young", 14, 100)])
    found = await replayed(api, days=10)
    assert (found["days"], found["missing"]) == (9, [(FIRST + timedelta(days=6)).isoformat()])
    assert (found["services"], found["unscored"], found["rest_days"]) == (2, 1, [])
    value = {"value": "10:00-11:30 mon-fri"}
    await api.change("PUT", f"{BASE}/settings/peak_hours", value, version="0")
    found = await replayed(api, days=10)
    assert found["rest_days"] == [5, 6]


async def test_too_few_days_are_no_figures(api: Api, clickhouse: ClickHouse) -> None:
    nothing = await replayed(api)
    assert (nothing["since"], nothing["outcomes"]) == (None, [])
    await clickhouse.insert("resource_daily", [day_row("young", 0, 100)])
    now = (await replayed(api))["by_name"]["now"]
    assert (now["days"], now["bad_days_pct"], now["peak_slack_pct"]) == (0, None, None)


@pytest.mark.parametrize(
    "asked",
    [{"days": 1}, {"days": 400}, {"rules": [{"margin_pct": -1}]}, {"rules": [{"request_rule": "best"}]},
     {"rules": [{}] * 6}, {"rules": [{"lookback_days": 0}]}, {"rule_exceptions": "shop/.*: best"}],
)  # fmt: skip
async def test_an_impossible_rule_is_refused(api: Api, asked: Json) -> None:
    answer = await api.change("POST", REPLAY, asked)
    assert answer.status == 400, answer.text
    assert answer.json["errors"]


async def test_it_changes_nothing_and_is_written_down_by_nobody(api: Api, clickhouse: ClickHouse) -> None:
    await fill(clickhouse)
    before = (await api.get(f"{BASE}/settings")).json
    await replayed(api, rules=[{"margin_pct": 50}])
    assert (await api.get(f"{BASE}/settings")).json == before
