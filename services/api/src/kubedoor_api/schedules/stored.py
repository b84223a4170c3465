"""A schedule as it is stored, and back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kubedoor_api.schedules.models import NewSchedule
from kubedoor_api.schedules.times import Timing
from kubedoor_core.clickhouse import Row
from kubedoor_core.clickhouse.parameters import timestamp

OWN = ("name", "kind", "enabled", "once_at", "cron", "timezone", "misfire", "grace_s")
"""Fields with a column of their own; the others are in `spec`."""


@dataclass(frozen=True)
class Stored:
    """One schedule.

    :ivar asked: what somebody asked for.
    :ivar armed_at: only times later than this count, UTC.
    """

    id: str
    env: str
    asked: NewSchedule
    timing: Timing
    armed_at: datetime
    version: int
    updated_at: datetime
    updated_by: str


def instant(text: str) -> datetime:
    """Read a time of ClickHouse's."""
    return datetime.fromisoformat(text)


def timing_of(row: Row) -> Timing:
    """Return when a schedule runs."""
    once_at = instant(row["once_at"]) if row["once_at"] else None
    return Timing(timezone=row["timezone"], cron=row["cron"], once_at=once_at)


def read(row: Row) -> Stored:
    """Read a row."""
    fields = {name: row[name] for name in OWN} | json.loads(row["spec"])
    once = instant(row["once_at"]).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if row["once_at"] else None
    asked = NewSchedule.model_validate({**fields, "once_at": once, "cron": row["cron"] or None})
    return Stored(
        id=row["id"],
        env=row["env"],
        asked=asked,
        timing=timing_of(row),
        armed_at=instant(row["armed_at"]),
        version=int(row["version"]),
        updated_at=instant(row["updated_at"]),
        updated_by=row["updated_by"],
    )


def namespaces_of(asked: NewSchedule) -> list[str]:
    """Return the namespaces that a schedule names; none: it may reach any."""
    if asked.selector:
        return asked.selector.namespaces
    return list(dict.fromkeys(target.namespace for target in asked.targets or []))


def _places(asked: NewSchedule) -> tuple[list[str], list[str]]:
    """Return namespaces and names by which a schedule is found."""
    if asked.selector:
        return asked.selector.namespaces, [asked.selector.name or "*"]
    targets = asked.targets or []
    return [target.namespace for target in targets], [target.name for target in targets]


def row_of(
    schedule_id: str, env: str, asked: NewSchedule, timing: Timing, armed_at: datetime
) -> dict[str, Any]:
    """Return the row to write."""
    namespaces, names = _places(asked)
    return {
        "id": schedule_id,
        "env": env,
        "name": asked.name,
        "kind": asked.kind,
        "enabled": asked.enabled,
        "once_at": timestamp(timing.once_at) if timing.once_at else None,
        "cron": timing.cron,
        "timezone": timing.timezone,
        "spec": asked.model_dump_json(exclude=set(OWN)),
        "misfire": asked.misfire,
        "grace_s": asked.grace_s,
        "armed_at": timestamp(armed_at),
        "namespaces": namespaces,
        "names": names,
        "deleted": False,
    }
