"""Scores that are kept: by the leader, of days that lack them; as they would be made; made anew on change."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from integration.api.test_api_score import fill, measured
from integration.api.test_api_statistics import DAY, day_row
from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.statistics.score.stored import keeper
from kubedoor_api.statistics.score.stored.keeper import score_days
from kubedoor_core.clickhouse import ClickHouse
from support.api import BASE, ENV, SERVICES, Api, serving
from support.schedules import parts
from support.waiting import until

Json = dict[str, Any]
pytestmark = pytest.mark.usefixtures("unwatched_scores")
BEFORE = "2099-11-19"
MARKED = """
ALTER TABLE score_daily UPDATE known_pct = known_pct - 1 WHERE true SETTINGS mutations_sync = 2
"""
COUNTED = "SELECT count() AS n FROM score_daily FINAL WHERE NOT deleted AND date = {date:Date}"


async def kept(settings: ApiSettings, clickhouse: ClickHouse, most: int = 9) -> list[str]:
    """Do a round of the leader's; return the days that it scored."""
    async with parts(settings, clickhouse) as context:
        return [day.isoformat() for day in await score_days(context, ENV, most)]


async def two_days(clickhouse: ClickHouse) -> None:
    """The company of a day, and one more namespace; one of its services on the day before as well."""
    await fill(clickhouse)
    other = day_row("data", "etl", "app", DAY, pod_count=1, p95_cpu_m=100, p95_mem_mib=100, request_cpu_m=900,
                    request_mem_mib=900, limit_mem_mib=1000, coverage=1)  # fmt: skip
    await clickhouse.insert("resource_daily", [other, measured("well", date=BEFORE, request_cpu_m=4500)])


async def test_kept_scores_are_those_that_would_be_made(
    api: Api, settings: ApiSettings, clickhouse: ClickHouse
) -> None:
    await two_days(clickhouse)
    asked = [f"{BASE}/scores?date={day}&limit=100" for day in (DAY, BEFORE)]
    made = [(await api.get(path)).json for path in asked]
    assert await kept(settings, clickhouse, most=1) == [DAY], "the latest first, a few at a time"
    assert await kept(settings, clickhouse) == [BEFORE, "2099-11-17", "2099-11-01"]
    assert await kept(settings, clickhouse) == [], "nothing has changed"
    await clickhouse.execute(MARKED)
    told = [(await api.get(path)).json for path in asked]
    for before, after in zip(made, told, strict=True):
        assert {one["name"]: one["known_pct"] for one in after["items"]} == {
            one["name"]: one["known_pct"] - 1 for one in before["items"]
        }, "these are the kept ones"
        for one in (before, after):
            for item in (one, *one["items"], *one["namespaces"]):
                del item["known_pct"]
        assert before == after


async def test_what_has_changed_is_scored_anew(
    api: Api, settings: ApiSettings, clickhouse: ClickHouse
) -> None:
    await two_days(clickhouse)
    await kept(settings, clickhouse)
    path = f"{SERVICES}/shop/well/score?date="
    assert (await api.get(path + BEFORE)).json["score"] < 100
    again = {"collected_at": "2099-11-22 04:00:00.000", "date": BEFORE}
    gone = {**measured("killed", date=BEFORE), **again, "deleted": True}
    await clickhouse.insert("resource_daily", [{**measured("well", date=BEFORE), **again}, gone])
    assert (await api.get(path + BEFORE)).json["score"] == 100, "before the leader has looked"
    assert await kept(settings, clickhouse) == [BEFORE]
    assert (await api.get(path + BEFORE)).json["score"] == 100
    rows = await clickhouse.fetch(COUNTED, date=BEFORE)
    assert int(rows[0]["n"]) == 1, "one that is gone from the day has no score any more"
    asked: Json = {"env": ENV, "namespace": "shop", "name": "well", "date": DAY}
    asked |= {"source": "istio", "collected_at": f"{DAY} 05:00:00.000"}
    await clickhouse.insert("traffic_daily", [{**asked, "error_pct": 9}])
    assert (await api.get(path + DAY)).json["parts"]["runtime"] == 40
    assert await kept(settings, clickhouse) == [DAY]


async def test_settings_count_for_the_latest_day_and_not_for_the_past(
    api: Api, settings: ApiSettings, clickhouse: ClickHouse
) -> None:
    await two_days(clickhouse)
    await kept(settings, clickhouse)
    path = f"{SERVICES}/shop/well/score?date="
    past = (await api.get(path + BEFORE)).json["score"]
    for key, value in (("price_core_month", 0.01), ("price_gib_month", 100)):
        changed = await api.change("PUT", f"{BASE}/settings/{key}", {"value": value}, version="0")
        assert changed.status == 200, changed.text
    assert await kept(settings, clickhouse) == [DAY]
    assert (await api.get(path + BEFORE)).json["score"] == past


async def test_a_row_that_is_of_no_service_stops_nothing(
    api: Api, settings: ApiSettings, clickhouse: ClickHouse
) -> None:
    await fill(clickhouse)
    await clickhouse.insert("resource_daily", [{**measured("odd"), "kind": "CronJob"}])
    listed = (await api.get(f"{BASE}/scores")).json
    assert "odd" not in {item["name"] for item in listed["items"]}
    assert (await kept(settings, clickhouse))[0] == DAY
    assert (await api.get(f"{BASE}/scores")).json == listed


async def test_a_service_has_a_history(api: Api, settings: ApiSettings, clickhouse: ClickHouse) -> None:
    await two_days(clickhouse)
    await kept(settings, clickhouse)
    one = (await api.get(f"{SERVICES}/shop/well/score")).json
    assert [(day["date"], day["grade"]) for day in one["history"]] == [(BEFORE, "D"), (DAY, "A")]
    before = (await api.get(f"{SERVICES}/shop/well/score?date={BEFORE}")).json
    assert before["history"] == one["history"][:1]
    assert before["score"] == before["history"][0]["score"]


async def test_the_overview_tells_the_score_of_all_and_the_cheapest_points(
    api: Api, settings: ApiSettings, clickhouse: ClickHouse
) -> None:
    await two_days(clickhouse)
    unscored = (await api.get(f"{BASE}/overview")).json["score"]
    assert unscored == {"score": None, "grade": None, "known_pct": 0, "days": [], "cheapest": []}
    for key in ("price_core_month", "price_gib_month"):
        await api.change("PUT", f"{BASE}/settings/{key}", {"value": 8}, version="0")
    await kept(settings, clickhouse)
    listed = (await api.get(f"{BASE}/scores")).json
    score = (await api.get(f"{BASE}/overview")).json["score"]
    assert [score[name] for name in ("score", "grade", "known_pct")] == [
        listed[name] for name in ("score", "grade", "known_pct")
    ], "ClickHouse adds them up as the core does"
    assert [day["date"] for day in score["days"]] == ["2099-11-01", "2099-11-17", BEFORE, DAY]
    assert score["days"][-1]["score"] == score["score"]
    by_name = {item["name"]: item for item in listed["items"]}
    first = score["cheapest"][0]
    assert (first["name"], first["rule"], first["changes"]) == ("wasteful", "request_unused", 2)
    assert first["money_month"] == pytest.approx(2 * 8 * (4.5 + 9000 / 1024), abs=0.01)
    assert {name: first[name] for name in by_name["wasteful"]["deductions"][0]} == (
        by_name["wasteful"]["deductions"][0]
    )
    assert all(one["remedy"] for one in score["cheapest"]), "only what can be done"
    data = await api.as_(Role.VIEWER, namespace="data").get(f"{BASE}/overview")
    of_data = next(one for one in listed["namespaces"] if one["namespace"] == "data")
    assert data.json["score"]["score"] == of_data["score"]
    assert {one["namespace"] for one in data.json["score"]["cheapest"]} <= {"data"}


async def test_the_list_of_services_tells_the_kept_score(
    api: Api, settings: ApiSettings, clickhouse: ClickHouse
) -> None:
    await two_days(clickhouse)
    await api.change("PUT", f"{SERVICES}/shop/well", {})
    await kept(settings, clickhouse)
    (item,) = (await api.get(f"{SERVICES}?namespace=shop&q=well")).json["items"]
    one = (await api.get(f"{SERVICES}/shop/well/score")).json
    assert item["score"] == {name: one[name] for name in ("score", "grade", "known_pct")}


async def test_the_leader_keeps_them_by_itself(
    settings: ApiSettings, clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "PAUSE_S", 0.1)
    await fill(clickhouse)
    async with serving(settings) as api:

        async def score() -> float | None:
            told: float | None = (await api.get(f"{BASE}/overview")).json["score"]["score"]
            return told

        assert await until(score) == (await api.get(f"{BASE}/scores")).json["score"]


async def test_nothing_is_scored_where_nothing_was_collected(
    settings: ApiSettings, clickhouse: ClickHouse
) -> None:
    assert await kept(settings, clickhouse) == []
    rows = await clickhouse.fetch(COUNTED, date=date.fromisoformat(DAY))
    assert int(rows[0]["n"]) == 0
