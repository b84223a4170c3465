"""A schedule and its runs as they are stored, and what the API answers of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cached_property

from kubedoor_api.operations.notes import OperationNote
from kubedoor_api.schedules.models import NewSchedule, RunTime, Schedule, ScheduleRun, ScheduleSummary, When
from kubedoor_api.schedules.times import Timing, local_text, next_time
from kubedoor_core.clickhouse.parameters import timestamp

OWN = ("name", "kind", "enabled", "once_at", "cron", "timezone", "misfire", "grace_s")
"""Fields of a request with a column of their own; the others are in `spec`."""
NEXT_RUNS = 5
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class StoredSchedule:
    """One schedule.

    :ivar spec: JSON of what has no column of its own; empty where it was not read.
    :ivar effective_from: only times later than this count, UTC.
    """

    id: str
    env: str
    name: str
    kind: str
    enabled: bool
    once_at: datetime | None
    cron: str
    timezone: str
    spec: str
    misfire: str
    grace_s: int
    effective_from: datetime
    version: int
    updated_at: datetime
    updated_by: str
    deleted: bool = False

    @property
    def timing(self) -> Timing:
        """When it runs."""
        return Timing(timezone=self.timezone, cron=self.cron, once_at=self.once_at)

    @cached_property
    def asked(self) -> NewSchedule:
        """What somebody asked for.

        :raises ValueError: it can't be read.
        """
        own = {name: getattr(self, name) for name in OWN}
        once = self.once_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if self.once_at else None
        stored = {**own, **json.loads(self.spec), "once_at": once, "cron": self.cron or None}
        return NewSchedule.model_validate(stored)

    def next_due(self, cursor: datetime | None) -> datetime | None:
        """Return the first time of which nothing is decided yet; it may be past, if nobody runs schedules."""
        return next_time(self.timing, max(self.effective_from, cursor or EPOCH))

    def run_id(self, due: datetime) -> str:
        """Return the id of a run."""
        return run_id_of(self.id, due)


STORED = [field.name for field in fields(StoredSchedule)]


def row_of(
    schedule_id: str,
    env: str,
    asked: NewSchedule,
    timing: Timing,
    effective_from: datetime,
    *,
    deleted: bool = False,
) -> dict[str, object]:
    """Return the row to write; it is found by the namespaces and names of its services or selector."""
    targets, selector = asked.targets or [], asked.selector
    return {
        **{name: getattr(asked, name) for name in OWN},
        "id": schedule_id,
        "env": env,
        "once_at": timestamp(timing.once_at) if timing.once_at else None,
        "cron": timing.cron,
        "spec": asked.model_dump_json(exclude=set(OWN)),
        "effective_from": timestamp(effective_from),
        "namespaces": selector.namespaces if selector else [target.namespace for target in targets],
        "names": [selector.name or "*"] if selector else [target.name for target in targets],
        "deleted": deleted,
    }


@dataclass(frozen=True)
class RunRecord:
    """A row of `schedule_run`.

    :ivar until_at: the last due time that was skipped, else `due_at`.
    """

    env: str
    schedule_id: str
    run_id: str
    state: str
    due_at: datetime
    until_at: datetime
    at: datetime
    instance: str
    trigger: str = "time"
    skipped_count: int = 0
    notes: tuple[OperationNote, ...] = ()
    requested_by: str = ""


def run_id_of(schedule_id: str, due: datetime) -> str:
    """Return the id of a run: 32 hexadecimal digits that follow from the schedule and the due time."""
    text = f"{schedule_id}@{due.astimezone(UTC).isoformat(timespec='milliseconds')}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def state_of(*, enabled: bool, due: datetime | None) -> When:
    """Return the state of a schedule."""
    if due is None:
        return "finished"
    return "waiting" if enabled else "paused"


def run_time(at: datetime, timing: Timing) -> RunTime:
    """Return a time, and what the schedule's clock shows then."""
    return RunTime(at=at, local=local_text(at, timing.zone))


def summary_of(
    stored: StoredSchedule, cursors: Mapping[str, datetime], last: Mapping[str, ScheduleRun]
) -> ScheduleSummary:
    """Return a schedule for a list.

    :param cursors: up to which due time the runs of each schedule are decided.
    :param last: the last run of each.
    """
    asked, due = stored.asked, stored.next_due(cursors.get(stored.id))
    return ScheduleSummary.model_validate(
        {
            **{name: getattr(asked, name) for name in type(asked).model_fields},
            "id": stored.id,
            "env": stored.env,
            "once_at": stored.once_at,
            "state": state_of(enabled=asked.enabled, due=due),
            "next_run": run_time(due, stored.timing) if due and asked.enabled else None,
            "last_run": last.get(stored.id),
            "version": str(stored.version),
            "updated_at": stored.updated_at,
            "updated_by": stored.updated_by,
        }
    )


def schedule_of(
    stored: StoredSchedule, cursors: Mapping[str, datetime], last: Mapping[str, ScheduleRun], now: datetime
) -> Schedule:
    """Return a schedule with its next runs."""
    times = [run_time(at, stored.timing) for at in stored.timing.next(now, NEXT_RUNS)]
    return Schedule(**dict(summary_of(stored, cursors, last)), next_runs=times)
