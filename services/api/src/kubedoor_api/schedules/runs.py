"""Runs of schedules: decided once for good, whoever decides and whoever dies in between, and begun.

A decision is a row of `schedule_run` that bears the run's id as a token, of which the table takes one row;
whoever loses reads what the winner decided and goes on from there. The run's id follows from the schedule
and the due time, and is the id of the operation that it makes, so that making it twice makes one. After
`starting` comes `started` or `failed`; where neither came, the next leader begins the run, or says that it is
too late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.operations import repository as operations
from kubedoor_api.operations.models import MAX_TARGETS, NewOperation
from kubedoor_api.operations.notes import OperationNote, note
from kubedoor_api.operations.requests import new_operation, require_cluster
from kubedoor_api.schedules import queries
from kubedoor_api.schedules.due_queue import Skip
from kubedoor_api.schedules.queries import Decision
from kubedoor_api.schedules.schedule import RunRecord, StoredSchedule, run_id_of
from kubedoor_api.schedules.selector import select
from kubedoor_api.schedules.times import Timing, next_time
from kubedoor_api.web.endpoint import AuditContext, Context
from kubedoor_api.web.fields import ServiceName
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.events import event_row
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

KINDS = {
    "skipped": ("schedule.missed", "was skipped"),
    "failed": ("schedule.failed", "failed"),
    "started": ("schedule.late", "began late"),
}
"""Of an event by the run's state: kind, and what became of it."""
REPORTED_FOR = timedelta(days=1)
SHORTEST = timedelta(seconds=10)
"""For less than that no count is changed."""


def _record(
    context: Context, env: str, schedule_id: str, state: str, due: datetime, at: datetime
) -> RunRecord:
    instance, run_id = context[Leadership].identity, run_id_of(schedule_id, due)
    return RunRecord(env, schedule_id, run_id, state, due_at=due, until_at=due, at=at, instance=instance)


async def skip(context: Context, schedule: StoredSchedule, skipped: Skip, at: datetime) -> Decision:
    """Decide at a time that due times are skipped; return what was decided."""
    record = _record(context, schedule.env, schedule.id, "skipped", skipped.first, at)
    made = replace(record, until_at=skipped.last, skipped_count=skipped.count, notes=(skipped.why,))
    return await queries.decide(context[ClickHouse], made)


async def claim(context: Context, schedule: StoredSchedule, due: datetime, at: datetime) -> Decision:
    """Decide at a time that a run starts; return what was decided."""
    record = _record(context, schedule.env, schedule.id, "starting", due, at)
    return await queries.decide(context[ClickHouse], record)


@dataclass(frozen=True)
class End:
    """What became of a run that was to start: `started` or `failed`."""

    schedule_id: str
    due: datetime
    state: str
    notes: tuple[OperationNote, ...] = ()


async def close(context: Context, env: str, ends: Sequence[End], at: datetime) -> None:
    """Note at a time what became of runs."""
    records = [
        replace(_record(context, env, end.schedule_id, end.state, end.due, at), notes=end.notes)
        for end in ends
    ]
    await queries.insert_runs(context[ClickHouse], records)


async def report(context: Context, env: str, at: datetime) -> None:
    """Write an event for each run of the last day that was skipped, failed or late, and has none yet."""
    events = []
    for run in await queries.unreported(context[ClickHouse], env, at - REPORTED_FOR):
        kind, became = KINDS[run.state]
        many = f", {run.skipped_count} times up to {run.until_at}" if run.skipped_count > 1 else ""
        name = run.name or run.schedule_id
        events.append(
            event_row(
                f"schedule-{run.run_id}",
                at,
                run.env,
                kind,
                f"The schedule {name!r}, due at {run.due_at}{many}, {became}: {run.reason}",
                {"schedule_id": run.schedule_id, "run_id": run.run_id},
            )
        )
    await context[ClickHouse].insert("event", events)


@dataclass(frozen=True)
class Asked:
    """An operation that a run is to make.

    :ivar actor: in whose name.
    """

    run_id: str
    schedule_id: str
    actor: str
    request: NewOperation


class RunError(KubeDoorError):
    """A run can't be begun."""

    def __init__(self, why: OperationNote) -> None:
        super().__init__(str(why))
        self.note = why


class Moment(NamedTuple):
    """When a run was due, and when it is begun; UTC."""

    due: datetime
    now: datetime


def _until(schedule: StoredSchedule, when: Moment) -> datetime:
    """Return when the previous counts come back, as the other one of a pair says.

    :raises RunError: they would be due back before anything is done.
    """
    back = Timing(timezone=schedule.timezone, cron=schedule.asked.until_cron or "")
    until = next_time(back, when.due)
    if until is None or until <= when.now + SHORTEST:
        raise RunError(note("given_back_before"))
    return until


async def ask_for(context: Context, schedule: StoredSchedule, run_id: str, actor: str, when: Moment) -> Asked:
    """Return what a run asks for now.

    :raises Problem: 4xx, for what is wrong with the schedule as things are now: among others 409 where the
        selector matches no service, or more than an operation takes.
    :raises RunError: it is too late for it.
    :raises KubeDoorError: what is needed could not be asked.
    """
    require_cluster(context, schedule.env)
    matches: list[ServiceName] = []
    if selector := schedule.asked.selector:
        matches = await select(context, schedule.env, selector)
        if not matches:
            raise Problem(409, "The selector matches no service", code=ProblemCode.SELECTOR_FINDS_NOTHING)
        if len(matches) > MAX_TARGETS:
            raise Problem(
                409,
                f"The selector matches {len(matches)} services, and an operation takes {MAX_TARGETS}",
                code=ProblemCode.SELECTOR_FINDS_TOO_MANY,
                parameters={"count": len(matches), "most": MAX_TARGETS},
            )
    asked = schedule.asked
    until = {"until": _until(schedule, when)} if asked.until_cron is not None else {}
    return Asked(run_id, schedule.id, actor, asked.operation(matches, **until))


async def begin(
    context: Context, env: str, asked: Sequence[Asked], now: datetime, audit: AuditContext | None = None
) -> None:
    """Make the operations of runs, all in one commit; one that is there already stays as it is.

    :param now: by the clock on the wall.
    :raises UnavailableError: ClickHouse could not be asked; any of them may be there.
    """
    made = [
        replace(new_operation(context, env, one.actor, one.request, now, one.schedule_id), id=one.run_id)
        for one in asked
    ]
    await operations.add(context, made, "schedules", audit)
