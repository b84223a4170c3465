"""Collections: asked for, refused with a reason, and their progress told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kubedoor_core.clickhouse import ClickHouse
from support.api import BASE, ENV, Api
from support.runs import left_out, run_row

COLLECTIONS = f"{BASE}/collections"
TODAY = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()


async def test_a_request_is_a_row_and_its_run_is_its_state(api: Api, clickhouse: ClickHouse) -> None:
    asked = await api.change("POST", COLLECTIONS, {"days": 3})
    assert asked.status == 202
    request = asked.json
    assert (request["state"], request["day_index"], request["day_count"]) == ("pending", 0, 3)
    assert request["started_at"] is None
    rows = await clickhouse.fetch("SELECT id, env, dates, by_name, requested_by FROM collection_request")
    expected = {"id": request["id"], "env": ENV, "dates": request["dates"], "requested_by": "alice"}
    assert rows == [{**expected, "by_name": False}]
    run = run_row(
        request["dates"],
        request_id=request["id"],
        state="running",
        day_index=1,
        services_seen=40,
        **{"errors.date": [request["dates"][0]], "errors.reason": ["Prometheus answered 503"]},
    )
    daily = {**run, "id": "run-2", "request_id": "", "trigger": "daily", "state": "succeeded"}
    await clickhouse.insert("collection_run", [run, daily])
    shown = (await api.get(f"{COLLECTIONS}/{request['id']}")).json
    assert (shown["state"], shown["day_index"], shown["services_seen"]) == ("running", 1, 40)
    assert shown["errors"] == [{"date": request["dates"][0], "reason": "Prometheus answered 503"}]
    listed = (await api.get(COLLECTIONS)).json
    assert listed["total"] == 2
    assert {item["trigger"]: item["state"] for item in listed["items"]} == {
        "request": "running",
        "daily": "succeeded",
    }
    assert (await api.get(f"{COLLECTIONS}/run-2")).json["requested_by"] == "collector"
    assert (await api.get(f"{COLLECTIONS}/run-3")).status == 404


async def test_bad_requests_are_refused(api: Api, clickhouse: ClickHouse) -> None:
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    bad: list[tuple[object, str]] = [
        ({}, "days"),
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
        ({"days": "3"}, "days"),
        ({"days": 1, "dates": [yesterday]}, "days"),
        ({"dates": []}, "dates"),
        ({"dates": ["2026-13-01"]}, "dates.0"),
        ({"dates": [yesterday, (TODAY + timedelta(days=2)).isoformat()]}, "dates.1"),
        ({"dates": ["0001-01-01"]}, "dates.0"),
        ({"dates": ["9999-12-31"]}, "dates.0"),
    ]
    for body, field in bad:
        answer = await api.change("POST", COLLECTIONS, body)
        assert answer.status == 400, body
        assert answer.fields == {field}
    assert await clickhouse.fetch("SELECT id FROM collection_request") == []
    good = await api.change("POST", COLLECTIONS, {"dates": [yesterday, yesterday]})
    assert good.json["dates"] == [yesterday]


async def test_only_dates_that_somebody_chose_are_asked_for_by_name(api: Api, clickhouse: ClickHouse) -> None:
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    last = (await api.change("POST", COLLECTIONS, {"days": 1})).json["id"]
    chosen = (await api.change("POST", COLLECTIONS, {"dates": [yesterday]})).json["id"]
    rows = await clickhouse.fetch("SELECT id, by_name FROM collection_request")
    assert {row["id"]: row["by_name"] for row in rows} == {last: False, chosen: True}


async def test_a_run_tells_its_interval_and_what_it_left_out(api: Api, clickhouse: ClickHouse) -> None:
    found = [
        ("2026-11-20", "not_in_spec", "shop", "cart/debugger-x", 1),
        ("2026-11-19", "odd_interval", "", "45 s", 1),
        ("2026-11-20", "no_owner", "", "", 7),
        ("2026-11-20", "no_owner", "shop", "toolbox", 2),
        ("2026-11-20", "of_the_future", "shop", "cart", 1),
    ]
    dates = ["2026-11-19", "2026-11-20"]
    await clickhouse.insert("collection_run", [run_row(dates, scrape_interval_s=45, **left_out(*found))])
    (listed,) = (await api.get(COLLECTIONS)).json["items"]
    assert (listed["scrape_interval_s"], listed["left_out_count"]) == (45, 5)
    assert "left_out" not in listed
    shown = (await api.get(f"{COLLECTIONS}/run-1")).json
    assert shown["left_out_count"] == 5
    assert [tuple(one[key] for key in ("date", "reason", "namespace", "name", "count"))
            for one in shown["left_out"]] == [
        ("2026-11-19", "odd_interval", "", "45 s", 1),
        ("2026-11-20", "no_owner", "", "", 7),
        ("2026-11-20", "no_owner", "shop", "toolbox", 2),
        ("2026-11-20", "not_in_spec", "shop", "cart/debugger-x", 1),
        ("2026-11-20", "other", "shop", "cart", 1),
    ]  # fmt: skip
    asked = (await api.change("POST", COLLECTIONS, {"days": 1})).json
    assert (asked["scrape_interval_s"], asked["left_out_count"], asked["left_out"]) == (None, 0, [])
