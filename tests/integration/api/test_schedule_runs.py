"""What runs when: a clock that the test sets, and the real store."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest

from kubedoor_api.schedules import queries, runs
from kubedoor_api.schedules.models import NewSchedule
from kubedoor_api.schedules.schedule import row_of
from kubedoor_api.schedules.service import timing_asked
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.errors import ClickHouseUnavailableError
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import DEPLOYMENTS
from support.api import ENV
from support.operations import deployment
from support.operations import run as deploy
from support.schedules import SPRING, FakeClock, Json, schedule
from support.terms import START, events, history, operations, store, term


async def test_each_day_has_one_run_also_when_the_clocks_change(context: Context, clock: FakeClock) -> None:
    await store(context, "a", cron="30 2 * * *", timezone="Europe/Berlin")
    leader = await term(context, clock)
    while clock.at < START + timedelta(days=5):
        clock.pass_(minutes=30)
        await leader.round()
        await leader.round()
    found = await history(context, "a")
    assert [run.due_at.isoformat()[:16] for run in found] == [
        f"{SPRING + timedelta(days=day)}T{at}"
        for day, at in [(-2, "01:30"), (-1, "01:30"), (0, "01:00"), (1, "00:30"), (2, "00:30")]
    ]
    assert {(run.outcome, run.reason, run.trigger) for run in found} == {("started", "", "time")}
    made = await operations(context)
    assert {row["id"] for row in made} == {run.operation_id for run in found}
    assert {row["requested_by"] for row in made} == {"schedule nightly"}
    assert await events(context) == []


async def test_two_leaders_at_once_run_everything_once(context: Context, clock: FakeClock) -> None:
    for digit in "abcdef01":
        await store(context, digit, cron="0 * * * *", name=f"schedule {digit}")
    both = [await term(context, clock) for _ in range(2)]
    for hour in range(1, 4):
        clock.at = START + timedelta(hours=hour)
        await asyncio.gather(*(leader.round() for leader in both))
    made = await operations(context)
    assert len(made) == 8 * 3
    for digit in "abcdef01":
        found = await history(context, digit)
        assert [run.outcome for run in found] == ["started"] * 3
    assert await events(context) == []


async def test_a_change_that_was_acknowledged_before_its_time_counts(
    context: Context, clock: FakeClock
) -> None:
    await store(context, "a", cron="0 * * * *")
    await store(context, "b", cron="0 * * * *")
    leader = await term(context, clock)
    await store(context, "a", cron="0 * * * *", enabled=False)
    await store(context, "b", cron="30 * * * *", kind="scale")
    clock.at = START + timedelta(hours=1)
    await leader.round()
    assert await operations(context) == []
    clock.pass_(minutes=30)
    await leader.round()
    [operation] = await operations(context)
    assert (operation["schedule_id"], operation["kind"]) == ("b" * 32, "scale")


async def test_a_selector_is_looked_up_when_it_runs(
    context: Context, clock: FakeClock, cluster: Cluster
) -> None:
    await store(context, "a", cron="0 * * * *", targets=None, selector={"name": "web-*"})
    labelled = {"namespaces": ["shop"], "labels": "tier in (front, other),!legacy"}
    await store(context, "b", cron="0 * * * *", targets=None, selector=labelled)
    await store(context, "c", cron="0 * * * *", targets=None, selector={"name": "nothing"}, name="idle")
    leader = await term(context, clock)
    await deploy(cluster, "web-1", "cart")
    labelled_one = deployment("web-2")
    labelled_one["metadata"]["labels"] = {"tier": "front"}
    await cluster.create(Target(DEPLOYMENTS, "shop", "web-2"), labelled_one)
    clock.at = START + timedelta(hours=1)
    await leader.round()
    names = {row["schedule_id"][0]: row["names"] for row in await operations(context)}
    assert names == {"a": ["web-1", "web-2"], "b": ["web-2"]}
    [idle] = await history(context, "c")
    assert (idle.outcome, idle.reason) == ("failed", "The selector matches no service")
    [(kind, message)] = await events(context)
    assert kind == "schedule.failed"
    assert "'idle'" in message
    assert "The selector matches no service" in message


async def test_a_cluster_that_refuses_or_is_busy(
    context: Context, clock: FakeClock, cluster: Cluster
) -> None:
    selector: Json = {"targets": None, "selector": {"name": "*"}}
    await store(context, "a", cron="0 1,13 * * *", **selector)
    leader = await term(context, clock)
    await deploy(cluster, "cart")
    clock.at = START + timedelta(hours=1)
    cluster.fault(method="GET", path="/deployments", status=503, count=1)
    await leader.round()
    [waiting] = await history(context, "a")
    assert waiting.outcome == "starting"
    clock.pass_(seconds=1)
    await leader.round()
    [begun] = await history(context, "a")
    assert begun.outcome == "started"
    cluster.fault(method="GET", path="/deployments", status=403, count=None)
    clock.at = START + timedelta(hours=13)
    await leader.round()
    refused = (await history(context, "a"))[-1]
    assert refused.outcome == "failed"
    assert "may not list deployments in all namespaces" in refused.reason
    cluster.faults.clear()
    cluster.fault(method="GET", path="/deployments", drop=True, count=None)
    clock.at = START + timedelta(hours=25)
    await leader.round()
    assert (await history(context, "a"))[-1].outcome == "starting"
    clock.pass_(minutes=2)
    await leader.round()
    lost = (await history(context, "a"))[-1]
    assert lost.outcome == "failed"
    assert len(await operations(context)) == 1


async def test_a_store_that_is_away_for_a_while_loses_nothing(
    context: Context, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store(context, "a", cron="0 * * * *")
    leader = await term(context, clock)
    clock.at = START + timedelta(hours=1)

    async def away(*_: object, **__: object) -> None:
        raise ClickHouseUnavailableError("ClickHouse can't be reached: the test has taken it away")

    for place, name in [(queries, "head"), (runs, "claim"), (runs, "begin"), (runs, "close")]:
        with monkeypatch.context() as patched:
            patched.setattr(place, name, away)
            with contextlib.suppress(ClickHouseUnavailableError):  # the whole term begins anew
                await leader.round()
            clock.pass_(seconds=1)
    await leader.round()
    [run] = await history(context, "a")
    assert (run.outcome, run.reason) == ("started", "")
    assert len(await operations(context)) == 1
    assert await events(context) == []


async def test_a_schedule_that_can_not_be_read_hurts_no_other(context: Context, clock: FakeClock) -> None:
    await store(context, "a", cron="0 * * * *")
    row = await context[ClickHouse].fetch_one("SELECT * FROM schedule FINAL")
    assert row
    odd = {**row, "id": "b" * 32, "spec": '{"unknown": 1}', "version": int(row["version"]) + 1}
    await context[ClickHouse].insert("schedule", [odd])
    leader = await term(context, clock)
    clock.at = START + timedelta(hours=1)
    await leader.round()
    assert [run.outcome for run in await history(context, "a")] == ["started"]
    assert [run.outcome for run in await history(context, "b")] == ["failed"]


async def test_ten_thousand_schedules_take_no_query_each(
    context: Context, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = NewSchedule.model_validate(schedule(cron="0 5 * * *"))
    rows = []
    for number in range(10_000):
        changed = asked.model_copy(update={"cron": f"{number % 60} {number % 24} * * *"})
        row = row_of(f"{number:032x}", ENV, changed, timing_asked(changed, START), START)
        stamps = {"version": number + 1, "updated_at": timestamp(START), "updated_by": "alice"}
        rows.append({**row, **stamps})
    for first in range(0, len(rows), 1000):
        await context[ClickHouse].insert("schedule", rows[first : first + 1000])
    asked_for: list[str] = []
    fetch = ClickHouse.fetch

    async def counted(self: ClickHouse, statement: str, **parameters: Any) -> list[Row]:
        asked_for.append(statement)
        return await fetch(self, statement, **parameters)

    monkeypatch.setattr(ClickHouse, "fetch", counted)
    leader = await term(context, clock)
    assert len(asked_for) < 10
    asked_for.clear()
    await leader.round()
    assert asked_for == [queries.HEAD]
