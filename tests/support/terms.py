"""A leader's term of schedules in a test: what is stored, what ran, what was told."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from kubedoor_api.commits.writer import Writer
from kubedoor_api.schedules import queries
from kubedoor_api.schedules.models import NewSchedule, ScheduleRun
from kubedoor_api.schedules.schedule import row_of
from kubedoor_api.schedules.scheduler_loop import SchedulerLoop
from kubedoor_api.schedules.service import timing_asked
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse, Row
from support.api import ENV
from support.schedules import SPRING, FakeClock, schedule

START = datetime.combine(SPRING - timedelta(days=3), time(12), UTC)
"""Three days before Berlin's clocks skip an hour."""


async def store(context: Context, schedule_id: str, at: datetime = START, **changes: Any) -> None:
    """Write a schedule as it would have been made at a time."""
    asked = NewSchedule.model_validate(schedule(**changes))
    row = row_of(schedule_id * 32, ENV, asked, timing_asked(asked, at), at)

    async def prepare() -> list[Row]:
        return [row]

    await context[Writer].commit("schedule", "alice", prepare)


async def term(context: Context, clock: FakeClock) -> SchedulerLoop:
    """A leader that has taken office."""
    made = SchedulerLoop(context, ENV, clock)
    await made.open()
    return made


async def history(context: Context, schedule_id: str) -> list[ScheduleRun]:
    """The runs of a schedule, the first due first."""
    runs, _ = await queries.runs(context[ClickHouse], ENV, schedule_id * 32, "", 1000, 0)
    return runs[::-1]


async def operations(context: Context) -> list[Row]:
    """Every operation that was made."""
    return await context[ClickHouse].fetch(
        "SELECT id, kind, schedule_id, requested_by, `targets.name` AS names FROM operation FINAL"
    )


async def events(context: Context) -> list[tuple[str, str]]:
    """Kind and message of every event, the first first."""
    rows = await context[ClickHouse].fetch("SELECT kind, message FROM event ORDER BY at, id")
    return [(row["kind"], row["message"]) for row in rows]
