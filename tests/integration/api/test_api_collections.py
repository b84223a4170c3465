"""Collections: asked for, refused with a reason, and their progress told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kubedoor_core.clickhouse import ClickHouse
from support.api import BASE, ENV, Api

COLLECTIONS = f"{BASE}/collections"
TODAY = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()


async def test_a_request_is_a_row_and_its_run_is_its_state(api: Api, clickhouse: ClickHouse) -> None:
    asked = await api.change("POST", COLLECTIONS, {"days": 3})
    assert asked.status == 202
    request = asked.json
    assert (request["state"], request["day_index"], request["day_count"]) == ("pending", 0, 3)
    assert request["started_at"] is None
    rows = await clickhouse.fetch("SELECT id, env, dates, requested_by FROM collection_request")
    expected = {"id": request["id"], "env": ENV, "dates": request["dates"], "requested_by": "alice"}
    assert rows == [expected]
    run = {
        "id": "run-1",
        "request_id": request["id"],
        "env": ENV,
        "trigger": "request",
        "state": "running",
        "dates": request["dates"],
        "day_index": 1,
        "day_count": 3,
        "services_seen": 40,
        "errors.date": [request["dates"][0]],
        "errors.reason": ["Prometheus answered 503"],
        "collector": "c",
        "started_at": "2026-11-20 10:00:00.000",
        "heartbeat_at": "2026-11-20 10:00:05.000",
        "version": 1,
        "updated_at": "2026-11-20 10:00:05.000",
        "updated_by": "collector",
    }
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
