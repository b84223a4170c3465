"""From rows to what is told of schedules and their runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kubedoor_api.operations.serializers import counts_of
from kubedoor_api.schedules.models import Schedule, ScheduleSummary, When
from kubedoor_api.schedules.run_models import RunTime, ScheduleRun
from kubedoor_api.schedules.stored import Stored, instant
from kubedoor_api.schedules.times import Timing, local_text, next_time

if TYPE_CHECKING:
    from kubedoor_core.clickhouse import Row

NEXT_RUNS = 5
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def run_of(row: Row) -> ScheduleRun:
    """Return a run. One whose operation is there has started, whatever else is noted of it."""
    made = bool(row["operation_id"])
    due, decided = instant(row["due_at"]), instant(row["decided_at"])
    outcome = "started" if made else row["state"]
    return ScheduleRun(
        id=row["run_id"],
        schedule_id=row["schedule_id"],
        due_at=due,
        trigger=row["trigger"],
        outcome=outcome,
        reason=row["reason"],
        skipped_count=row["skipped_count"],
        skipped_until=instant(row["until_at"]) if outcome == "skipped" else None,
        late_s=max(0, int((decided - due).total_seconds())),
        decided_at=decided,
        by=row["requested_by"],
        operation_id=row["operation_id"],
        operation_state=row["operation_state"] if made else None,
        counts=counts_of(row["target_states"]) if made else None,
        finished_at=row["finished_at"] if made else None,
    )


def next_due(timing: Timing, armed_at: datetime, cursor: datetime | None) -> datetime | None:
    """Return the first time of which nothing is decided yet; it may be past, if nobody runs schedules."""
    return next_time(timing, max(armed_at, cursor or EPOCH))


def state_of(*, enabled: bool, due: datetime | None) -> When:
    """Return the state of a schedule."""
    if due is None:
        return "finished"
    return "waiting" if enabled else "paused"


def run_time(at: datetime, timing: Timing) -> RunTime:
    """Return a time, and what the schedule's clock shows then."""
    return RunTime(at=at, local=local_text(at, timing.zone))


def summary_of(stored: Stored, cursor: datetime | None, last: Row | None) -> ScheduleSummary:
    """Return a schedule for a list.

    :param cursor: up to which due time its runs are decided.
    :param last: its last run.
    """
    return ScheduleSummary.model_validate(_fields(stored, cursor, last))


def _fields(stored: Stored, cursor: datetime | None, last: Row | None) -> dict[str, object]:
    asked = stored.asked
    names = (name for name in type(asked).model_fields if name != "once_at")
    due = next_due(stored.timing, stored.armed_at, cursor)
    return {
        **{name: getattr(asked, name) for name in names},
        "id": stored.id,
        "env": stored.env,
        "once_at": stored.timing.once_at,
        "state": state_of(enabled=asked.enabled, due=due),
        "next_run": run_time(due, stored.timing) if due and asked.enabled else None,
        "last_run": run_of(last) if last else None,
        "version": str(stored.version),
        "updated_at": stored.updated_at,
        "updated_by": stored.updated_by,
    }


def schedule_of(stored: Stored, cursor: datetime | None, last: Row | None, now: datetime) -> Schedule:
    """Return a schedule with its next runs."""
    times = [run_time(at, stored.timing) for at in stored.timing.next(now, NEXT_RUNS)]
    return Schedule.model_validate({**_fields(stored, cursor, last), "next_runs": times})
