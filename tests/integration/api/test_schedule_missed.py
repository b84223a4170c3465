"""What was missed is told and follows its rule, and leaders that die at the worst moments lose nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kubedoor_api.commits.writer import Writer
from kubedoor_api.schedules import runs
from kubedoor_api.schedules.models import NewSchedule
from kubedoor_api.schedules.schedule import row_of
from kubedoor_api.schedules.scheduler_loop import SchedulerLoop
from kubedoor_api.schedules.service import timing_asked
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import Row
from support.api import ENV, Api
from support.schedules import SCHEDULES, FakeClock, schedule
from support.terms import START, events, history, operations, store, term


async def test_what_was_due_while_nobody_ran_is_skipped_and_said(context: Context, clock: FakeClock) -> None:
    await store(context, "a", cron="0 * * * *", name="hourly")
    await store(context, "b", cron=None, once_at=(START + timedelta(minutes=90)).isoformat(), name="once")
    clock.pass_(hours=3, minutes=10)
    await (await term(context, clock)).round()
    leader = await term(context, clock)  # finds it decided
    await leader.round()
    [hourly], [once] = await history(context, "a"), await history(context, "b")
    assert (hourly.outcome, hourly.skipped_count, hourly.operation_id) == ("skipped", 3, "")
    assert hourly.skipped_until == START + timedelta(hours=3)
    assert "nobody was there to run it" in hourly.reason
    assert (once.outcome, once.skipped_count) == ("skipped", 1)
    assert await operations(context) == []
    told = await events(context)
    assert [kind for kind, _ in told] == ["schedule.missed", "schedule.missed"]
    assert any("'hourly'" in message and "3 times" in message for _, message in told)
    clock.at = START + timedelta(hours=4)
    await leader.round()
    assert [run.outcome for run in await history(context, "a")] == ["skipped", "started"]


async def test_what_was_due_while_nobody_ran_is_run_late_within_its_grace(
    context: Context, clock: FakeClock
) -> None:
    await store(context, "a", cron="0 * * * *", misfire="run_late", grace_s=1800)
    clock.pass_(hours=3, minutes=20)
    await (await term(context, clock)).round()
    skipped, started = await history(context, "a")
    assert (skipped.outcome, skipped.skipped_count) == ("skipped", 2)
    assert (started.outcome, started.due_at) == ("started", START + timedelta(hours=3))
    assert started.reason == "began 1200 s late"
    assert len(await operations(context)) == 1
    assert sorted(kind for kind, _ in await events(context)) == ["schedule.late", "schedule.missed"]
    clock.pass_(hours=1, minutes=15)
    await (await term(context, clock)).round()
    assert [run.outcome for run in await history(context, "a")] == ["skipped", "started", "skipped"]


class KilledError(BaseException):
    """The process ends here."""


async def _killed_at(
    place: object, name: str, leader: SchedulerLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(*_: object, **__: object) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(place, name, die)
        with pytest.raises(KilledError):
            await leader.round()


@pytest.mark.parametrize(
    ("place", "name", "made"),
    [(runs, "claim", 0), (runs, "begin", 0), (runs, "close", 1)],
)
async def test_a_leader_that_dies_at_any_step_leaves_one_run(
    context: Context,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
    place: object,
    name: str,
    made: int,
) -> None:
    await store(context, "a", cron="0 * * * *")
    first = await term(context, clock)
    clock.at = START + timedelta(hours=1)
    await _killed_at(place, name, first, monkeypatch)
    assert len(await operations(context)) == made
    clock.pass_(seconds=20)
    second = await term(context, clock)
    await second.round()
    await second.round()
    [run] = await history(context, "a")
    assert (run.outcome, run.due_at, run.reason) == ("started", START + timedelta(hours=1), "")
    [operation] = await operations(context)
    assert (operation["id"], operation["schedule_id"]) == (run.operation_id, "a" * 32)
    assert await events(context) == []


async def test_what_a_dead_leader_had_not_begun_follows_the_misfire_rule(
    context: Context, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store(context, "a", cron="0 * * * *")
    await store(context, "b", cron="0 * * * *", misfire="run_late", grace_s=3000)
    first = await term(context, clock)
    clock.at = START + timedelta(hours=1)
    await _killed_at(runs, "begin", first, monkeypatch)
    clock.pass_(minutes=30)
    await (await term(context, clock)).round()
    [lost], [late] = await history(context, "a"), await history(context, "b")
    assert lost.outcome in {"failed", "skipped"}
    assert "nobody was there" in lost.reason
    assert (late.outcome, late.reason) == ("started", "began 1800 s late")
    assert len(await operations(context)) == 1


async def test_an_operation_that_is_there_counts_however_late_it_is_found(
    context: Context, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store(context, "a", cron="0 0 * * *")
    first = await term(context, clock)
    clock.at = START + timedelta(hours=12)
    await _killed_at(runs, "close", first, monkeypatch)
    clock.pass_(hours=5)
    await (await term(context, clock)).round()
    [run] = await history(context, "a")
    assert run.outcome == "started"
    assert len(await operations(context)) == 1


async def test_what_nobody_ran_before_a_change_is_said(context: Context, api: Api) -> None:
    """Nobody leads this env."""
    now = datetime.now(UTC)
    asked = NewSchedule.model_validate(schedule(cron="* * * * *"))
    row = row_of("a" * 32, "far", asked, timing_asked(asked, now), now - timedelta(hours=1))

    async def prepare() -> list[Row]:
        return [row]

    version = await context[Writer].commit("schedule", "alice", prepare)
    place = SCHEDULES.replace(f"/{ENV}/", "/far/") + f"/{'a' * 32}"
    paused = await api.change("POST", f"{place}/pause", version=str(version))
    assert paused.status == 200, paused.text
    [run] = (await api.get(f"{place}/runs")).json["items"]
    assert (run["outcome"], run["reason"]) == ("skipped", "nobody was there to run it before it was changed")
    assert run["skipped_count"] >= 59
    assert "schedule.missed" in {kind for kind, _ in await events(context)}
    again = await api.change("POST", f"{place}/enable", version=paused.json["version"])
    assert len((await api.get(f"{place}/runs")).json["items"]) == 1
    assert again.json["next_run"]["at"] > now.isoformat()[:19]
