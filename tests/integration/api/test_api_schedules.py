"""Schedules over HTTP: making, changing, finding, pausing; every bad input named; who may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from kubedoor_api.access.roles import Role
from kubedoor_api.commits.writer import Writer
from kubedoor_api.schedules.models import NewSchedule
from kubedoor_api.schedules.schedule import row_of
from kubedoor_api.schedules.service import timing_asked
from kubedoor_core.clickhouse import ClickHouse, Row
from support.api import BASE, ENV, Api
from support.schedules import CART, SCHEDULES, SPRING, made, runs_of, schedule, soon
from support.waiting import until

TO_ONE: dict[str, Any] = {"kind": "scale", "targets": [{**CART, "replicas": 1}]}
BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"cron": "* * * *"}, "cron", "has 4 fields; give five"),
    ({"cron": "0 0 30 2 *"}, "cron", "never comes: there is no day 30 in month 2"),
    ({"cron": "61 * * * *"}, "cron", "'61' is not valid for minute"),
    ({"cron": "x" * 300}, "cron", "at most 200"),
    ({"cron": None, "once_at": "2020-01-01T00:00"}, "once_at", "is past"),
    ({"cron": None, "once_at": f"{SPRING.year}-02-30T00:00"}, "once_at", "is not a date"),
    ({"cron": None, "once_at": "03-01T00:00"}, "once_at", "pattern"),
    ({"cron": None, "once_at": "2099-01-01T00:00"}, "once_at", "ten years"),
    ({"cron": None}, "cron", "either once_at or cron"),
    ({"once_at": f"{SPRING.year}-01-01T00:00"}, "cron", "either once_at or cron"),
    ({"timezone": "Mars/Olympus"}, "timezone", "is not a time zone"),
    ({"timezone": ""}, "timezone", "at least 1"),
    ({"targets": []}, "targets", "is empty"),
    ({"targets": None}, "targets", "either targets or selector"),
    ({"selector": {"name": "*"}}, "targets", "either targets or selector"),
    ({"targets": [CART, CART]}, "targets.1", "is duplicated"),
    ({"targets": [{"namespace": "No Such", "name": "cart"}]}, "targets.0.namespace", "pattern"),
    ({"targets": [{**CART, "replicas": 3}]}, "targets.0.replicas", "a restart takes no count"),
    ({"kind": "scale", "targets": [{**CART, "replicas": -1}]}, "targets.0.replicas", "greater"),
    ({"kind": "scale", "targets": [{**CART, "replicas": 10**9}]}, "targets.0.replicas", "less"),
    ({"kind": "scale", "targets": [{**CART, "replicas": 2.5}]}, "targets.0.replicas", "integer"),
    ({"targets": None, "selector": {}}, "selector", "is empty"),
    ({"targets": None, "selector": {"labels": "tier in"}}, "selector.labels", "is not a label selector"),
    ({"targets": None, "selector": {"labels": "a=b,=c"}}, "selector.labels", "'=c' is not a label"),
    ({"targets": None, "selector": {"name": "Cart_*"}}, "selector.name", "pattern"),
    (
        {"targets": None, "selector": {"name": "*", "replicas": 3}},
        "selector.replicas",
        "a restart takes no count",
    ),
    ({"misfire": "run_late"}, "grace_s", "how many seconds"),
    ({"misfire": "sometimes"}, "misfire", "skip"),
    ({"name": ""}, "name", "at least 1"),
    ({"name": "a\nb"}, "name", "pattern"),
    ({"for_s": 600}, "for_s", "only a scale"),
    ({"until_cron": "0 7 * * *"}, "until_cron", "only a scale"),
    ({**TO_ONE, "until_cron": "@daily"}, "until_cron", "has 1 fields; give five"),
    ({**TO_ONE, "until_cron": "0 7 * * *", "for_s": 600}, "until_cron", "either for_s or until_cron"),
    ({"kind": "scale", "until_cron": "0 7 * * *"}, "targets.0.replicas", "needs a count"),
    ({"surprise": 1}, "surprise", "not permitted"),
]
"""What is changed, the field that the answer names, and words of the reason."""


async def test_a_schedule_is_made_shown_changed_paused_and_removed(api: Api) -> None:
    one = await made(api, cron="30  3 * * 1-5", timezone="Asia/Shanghai")
    assert (one["state"], one["enabled"], one["cron"], one["updated_by"]) == (
        "waiting", True, "30 3 * * 1-5", "alice",
    )  # fmt: skip
    assert len(one["next_runs"]) == 5
    assert one["next_run"] == one["next_runs"][0]
    assert one["next_run"]["local"].endswith("T03:30:00+08:00")
    assert one["next_run"]["at"].endswith("T19:30:00.000Z")
    place = f"{SCHEDULES}/{one['id']}"
    shown = await api.as_(Role.VIEWER).get(place)
    assert shown.json == one
    assert shown.headers["ETag"] == f'"{one["version"]}"'
    changed = await api.change("PUT", place, schedule(name="later", cron="0 4 * * *"), version=one["version"])
    assert (changed.status, changed.json["name"], changed.json["timezone"]) == (200, "later", "UTC")
    stale = await api.change("PUT", place, schedule(), version=one["version"])
    assert stale.status == 412
    assert stale.json["current"]["name"] == "later"
    paused = await api.change("POST", f"{place}/pause", version=changed.json["version"])
    assert (paused.json["state"], paused.json["next_run"]) == ("paused", None)
    assert len(paused.json["next_runs"]) == 5
    enabled = await api.change("POST", f"{place}/enable", version=paused.json["version"])
    assert enabled.json["state"] == "waiting"
    assert (await api.change("DELETE", place)).status == 428
    assert (await api.change("DELETE", place, version=paused.json["version"])).status == 412
    assert (await api.change("DELETE", place, version=enabled.json["version"])).status == 204
    assert (await api.get(place)).status == 404
    assert (await api.get(f"{place}/runs")).status == 404
    assert (await api.get(SCHEDULES)).json == {"items": [], "total": 0}


async def test_changes_are_audited_with_before_and_after(api: Api) -> None:
    one = await made(api)
    place = f"{SCHEDULES}/{one['id']}"
    await api.change("POST", f"{place}/pause", version=one["version"])
    entries = (await api.get("/api/v1/audit")).json["items"]
    actions = {entry["action"]: entry for entry in entries}
    assert {"createSchedule", "pauseSchedule"} <= set(actions)
    assert actions["pauseSchedule"]["before"]["enabled"] is True
    assert actions["pauseSchedule"]["after"]["enabled"] is False


async def test_names_are_free_and_two_schedules_of_a_service_do_not_collide(api: Api) -> None:
    first, second = await made(api), await made(api)
    assert first["id"] != second["id"]
    assert (await api.get(SCHEDULES)).json["total"] == 2
    await api.change("DELETE", f"{SCHEDULES}/{first['id']}", version=first["version"])
    assert (await api.get(f"{SCHEDULES}/{second['id']}")).json == second


async def test_what_can_not_be_is_refused_with_field_and_reason(api: Api) -> None:
    one = await made(api)
    for changes, field, words in BAD:
        answer = await api.change("POST", SCHEDULES, schedule(**changes))
        assert answer.status == 400, (changes, answer.text)
        reasons = {error["field"]: error["reason"] for error in answer.json["errors"]}
        assert words in reasons.get(field, ""), (changes, reasons)
        place = f"{SCHEDULES}/{one['id']}"
        again = await api.change("PUT", place, schedule(**changes), version=one["version"])
        assert (again.status, again.fields) == (400, answer.fields)
    assert (await api.get(SCHEDULES)).json["total"] == 1


async def test_where_nobody_would_run_it_there_is_no_schedule(api: Api) -> None:
    answer = await api.change("POST", SCHEDULES.replace("/test/", "/other/"), schedule())
    assert answer.status == 409
    assert "No cluster is configured for other" in answer.json["detail"]


async def test_a_date_that_is_past_may_stay_when_something_else_is_changed(
    api: Api, clickhouse: ClickHouse
) -> None:
    before = datetime.now(UTC) - timedelta(hours=1)
    asked = NewSchedule.model_validate(schedule(cron=None, once_at=soon(-60)))
    row = row_of("a" * 32, ENV, asked, timing_asked(asked, before), before)

    async def prepare() -> list[Row]:
        return [row]

    await Writer(clickhouse).commit("schedule", "alice", prepare)
    place = f"{SCHEDULES}/{'a' * 32}"

    async def finished() -> Any:
        found = (await api.get(place)).json
        return found if found["state"] == "finished" else None

    one = await until(finished)
    renamed = schedule(cron=None, once_at=one["once_at"], name="done")
    changed = await api.change("PUT", place, renamed, version=one["version"])
    assert (changed.status, changed.json["state"], changed.json["name"]) == (200, "finished", "done")
    moved = schedule(cron=None, once_at="2020-01-01T00:00:00Z")
    assert (await api.change("PUT", place, moved, version=changed.json["version"])).status == 400


async def test_the_list_is_found_sorted_and_paged(api: Api) -> None:
    pay = {"namespace": "pay", "name": "bill"}
    ahead = f"{(datetime.now(UTC).month + 5) % 12 + 1} *"  # half a year, so that none comes due meanwhile
    early = await made(api, name="b", cron=f"0 1 1 {ahead}")
    late = await made(api, name="a", cron=f"0 1 2 {ahead}", targets=[pay])
    off = await made(api, name="c", enabled=False)
    select = await made(api, name="d", cron=f"0 2 2 {ahead}", targets=None, selector={"name": "ca*"})
    names = {one["id"]: one["name"] for one in (early, late, off, select)}

    async def found(query: str = "") -> list[str]:
        answer = await api.get(f"{SCHEDULES}{query}")
        assert answer.status == 200, answer.text
        return [names[item["id"]] for item in answer.json["items"]]

    assert await found() == ["b", "a", "d", "c"]
    assert await found("?sort=-next_run") == ["d", "a", "b", "c"]
    assert await found("?sort=name") == ["a", "b", "c", "d"]
    assert await found("?sort=-name&limit=2&offset=1") == ["c", "b"]
    assert await found("?sort=updated_at") == ["b", "a", "c", "d"]
    assert await found("?state=paused") == ["c"]
    assert await found("?state=waiting&kind=restart&sort=name") == ["a", "b", "d"]
    assert await found("?kind=scale") == []
    assert await found("?namespace=pay&sort=name") == ["a", "d"]
    assert await found("?service=cart&sort=name") == ["b", "c", "d"]
    assert await found("?q=PAY/bi") == ["a"]
    assert await found("?q=D") == ["d"]
    assert (await api.get(f"{SCHEDULES}?limit=1")).json["total"] == 4


async def test_a_long_page_is_one_answer(api: Api, clickhouse: ClickHouse) -> None:
    now = datetime.now(UTC)
    asked = NewSchedule.model_validate(schedule())
    rows = [
        row_of(f"{n:032x}", ENV, asked, timing_asked(asked, now), now)
        | {"version": n, "updated_at": "2026-11-23 00:00:00.000", "updated_by": "alice"}
        for n in range(300)
    ]
    await clickhouse.insert("schedule", rows)
    page = await api.get(f"{SCHEDULES}?limit=1000&offset=10&sort=updated_at")
    assert (page.status, page.json["total"]) == (200, 300)
    assert [item["id"] for item in page.json["items"]] == [row["id"] for row in rows[10:]]


async def test_times_are_checked_while_they_are_typed(api: Api) -> None:
    async def check(**query: str) -> tuple[int, Any]:
        answer = await api.as_(Role.VIEWER).get(f"{BASE}/schedule-times", params=query)
        return answer.status, answer.json

    status, five = await check(cron="0 12 * * *", timezone="Europe/Berlin")
    assert (status, len(five["items"])) == (200, 5)
    assert all("T12:00:00+0" in item["local"] for item in five["items"])
    summer = f"{SPRING.year}-07-01"
    _, one = await check(once_at=f"{summer}T12:00", timezone="Europe/Berlin")
    assert one["items"] == [{"at": f"{summer}T10:00:00.000Z", "local": f"{summer}T12:00:00+02:00"}]
    for query, field in [
        ({"cron": "0 0 30 2 *", "timezone": "UTC"}, "cron"),
        ({"cron": "* * * *", "timezone": "UTC"}, "cron"),
        ({"cron": "0 0 * * *", "timezone": "Nowhere"}, "timezone"),
        ({"once_at": "2001-01-01T00:00", "timezone": "UTC"}, "once_at"),
        ({"timezone": "UTC"}, "cron"),
    ]:
        status, refused = await check(**query)
        assert refused["errors"][0]["code"]
        assert (status, refused["errors"][0]["field"]) == (400, field)


async def test_the_calendar_says_what_runs_when(api: Api) -> None:
    daily = await made(api, name="daily", cron="0 2 * * *", timezone="Europe/Berlin")
    once = await made(api, name="once", cron=None, once_at=f"{SPRING}T01:30:00Z")
    before, after, last = (f"{SPRING + timedelta(days=days)}" for days in (-1, 1, 2))
    await made(api, name="off", enabled=False)

    async def between(since: str, until: str, **more: Any) -> Any:
        query = {"since": since, "until": until, **more}
        return await api.get(f"{BASE}/schedule-calendar", params=query)

    found = (await between(f"{before}T00:00:00Z", f"{last}T00:00:00Z")).json
    assert [(item["schedule_id"], item["local"]) for item in found["items"]] == [
        (daily["id"], f"{before}T02:00:00+01:00"),
        (daily["id"], f"{SPRING}T03:00:00+02:00"),
        (once["id"], f"{SPRING}T01:30:00+00:00"),
        (daily["id"], f"{after}T02:00:00+02:00"),
    ]
    assert found["truncated"] is False
    part = (await between(f"{before}T00:00:00Z", f"{last}T00:00:00Z", limit=2)).json
    assert (len(part["items"]), part["truncated"]) == (2, True)
    assert (await between(f"{before}T00:00:00Z", f"{before}T00:00:00Z")).fields == {"until"}
    assert (await between(f"{before}T00:00:00Z", f"{SPRING.year}-09-01T00:00:00Z")).fields == {"until"}


async def test_a_role_in_a_namespace_reaches_its_schedules_alone(api: Api) -> None:
    mine = api.as_(Role.OPERATOR, namespace="shop", name="bob")
    one = await made(mine)
    both = await made(api, targets=[dict(CART), {"namespace": "pay", "name": "bill"}])
    anywhere = await made(api, targets=None, selector={"labels": "tier=web"})
    within = await made(mine, targets=None, selector={"namespaces": ["shop"], "labels": "tier=web"})
    listed = (await mine.get(SCHEDULES)).json
    assert ({item["id"] for item in listed["items"]}, listed["total"]) == ({one["id"], within["id"]}, 2)
    for other in (both, anywhere):
        place = f"{SCHEDULES}/{other['id']}"
        assert (await mine.get(place)).status == 403
        assert (await mine.get(f"{place}/runs")).status == 403
        assert (await mine.change("POST", f"{place}/run")).status == 403
        assert (await mine.change("POST", f"{place}/pause", version=other["version"])).status == 403
        assert (await mine.change("DELETE", place, version=other["version"])).status == 403
    wider = schedule(targets=[{"namespace": "pay", "name": "bill"}])
    assert (await mine.change("POST", SCHEDULES, wider)).status == 403
    place = f"{SCHEDULES}/{one['id']}"
    assert (await mine.change("PUT", place, wider, version=one["version"])).status == 403
    watcher = api.as_(Role.VIEWER, namespace="shop")
    assert (await watcher.get(place)).status == 200
    assert (await watcher.change("POST", f"{place}/run")).status == 403
    assert (await watcher.change("DELETE", place, version=one["version"])).status == 403


async def test_without_a_cluster_a_run_fails_and_says_so(api: Api) -> None:
    one = await made(api)
    answer = await api.change("POST", f"{SCHEDULES}/{one['id']}/run")
    assert answer.status == 409
    assert "No cluster is configured" in answer.json["detail"]
    assert await runs_of(api, one["id"]) == []
    assert (await api.get(f"{BASE}/leader")).json["leading"] is True
    assert (await api.get(f"{BASE}/schedule-matches?name=*")).status == 409
    assert (await api.get(f"{BASE}/schedule-matches?labels=a+b+c")).fields == {"selector.labels"}
