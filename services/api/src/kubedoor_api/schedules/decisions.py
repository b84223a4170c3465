"""Deciding about a due time, once for good, whoever decides and whoever dies in between.

A decision is a row of `schedule_run` that bears the run's id as a token, of which the table takes one row;
whoever loses reads what the winner decided and goes on from there. The run's id follows from the schedule
and the due time, and is the id of the operation that it makes, so that making it twice makes one. After
`starting` comes `started` or `failed`; where neither came, the next leader begins the run, or says that it is
too late.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.schedules import queries
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp

if TYPE_CHECKING:
    from kubedoor_api.schedules.misfire import Skip
    from kubedoor_api.web.endpoint import Context
    from kubedoor_core.clickhouse import Row

KINDS = {"skipped": ("schedule.missed", "warning"), "failed": ("schedule.failed", "error")}
TOLD_FOR = timedelta(days=1)
LATE = ("schedule.late", "info")


def run_id_of(schedule_id: str, due: datetime) -> str:
    """Return the id of a run: 32 hexadecimal digits that follow from the schedule and the due time."""
    text = f"{schedule_id}@{due.astimezone(UTC).isoformat(timespec='milliseconds')}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _row(context: Context, row: Row, state: str, due: datetime, at: datetime, **more: Any) -> dict[str, Any]:  # noqa: ANN401 columns
    return {
        "env": row["env"],
        "schedule_id": row["id"],
        "run_id": run_id_of(row["id"], due),
        "state": state,
        "trigger": "time",
        "due_at": due,
        "until_at": due,
        "at": at,
        "instance": context[Leadership].identity,
        **more,
    }


async def _decide(context: Context, row: dict[str, Any]) -> tuple[str, datetime]:
    """Write a decision and return the one that counts: its state, and up to which due time it goes."""
    await queries.insert_run(context[ClickHouse], row, once=f"run:{row['run_id']}")
    won = await queries.decision(context[ClickHouse], row["env"], row["schedule_id"], row["run_id"])
    if won is None:
        return row["state"], row["until_at"]
    return won["state"], datetime.fromisoformat(won["until_at"])


async def leave_out(context: Context, row: Row, skip: Skip, at: datetime) -> tuple[str, datetime]:
    """Decide at a time that due times are skipped; return what was decided."""
    more = {"until_at": skip.last, "skipped_count": skip.count, "reason": skip.reason}
    return await _decide(context, _row(context, row, "skipped", skip.first, at, **more))


async def take_up(context: Context, row: Row, due: datetime, at: datetime) -> tuple[str, datetime]:
    """Decide at a time that a run starts; return what was decided."""
    return await _decide(context, _row(context, row, "starting", due, at))


@dataclass(frozen=True)
class End:
    """What became of a run that was to start: `started` or `failed`."""

    row: Row
    due: datetime
    state: str
    reason: str


async def close(context: Context, ends: Sequence[End], at: datetime) -> None:
    """Note at a time what became of runs."""
    rows = [_row(context, end.row, end.state, end.due, at, reason=end.reason) for end in ends]
    await queries.insert_ends(context[ClickHouse], rows)


async def tell(context: Context, env: str, at: datetime) -> None:
    """Write an event for each run of the last day that was skipped, failed or late, and has none yet."""
    rows = await queries.untold(context[ClickHouse], env, at - TOLD_FOR)
    await context[ClickHouse].insert("event", [_event(row, at) for row in rows])


def _event(row: Row, at: datetime) -> dict[str, Any]:
    kind, severity = KINDS.get(row["state"], LATE)
    many = f", {row['skipped_count']} times up to {row['until_at']}" if row["skipped_count"] > 1 else ""
    what = {"skipped": "was skipped", "failed": "failed"}.get(row["state"], "began late")
    name = row["name"] or row["schedule_id"]
    return {
        "id": f"schedule-{row['run_id']}",
        "at": timestamp(at),
        "env": row["env"],
        "namespace": "",
        "name": "",
        "kind": kind,
        "severity": severity,
        "message": f"The schedule {name!r}, due at {row['due_at']}{many}, {what}: {row['reason']}",
        "data": json.dumps({"schedule_id": row["schedule_id"], "run_id": row["run_id"]}),
        "source": "api",
    }
