"""The statements of schedules and their runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple

from kubedoor_api.operations.notes import NOTES, note, sentence
from kubedoor_api.operations.serializers import counts_of
from kubedoor_api.schedules.models import ScheduleRun
from kubedoor_api.schedules.schedule import STORED, RunRecord, StoredSchedule
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import in_parts, timestamp

COLUMNS = ", ".join(STORED)
ONE = f"""
SELECT {COLUMNS} FROM schedule FINAL WHERE env = {{env:String}} AND id = {{id:String}} AND NOT deleted
"""  # noqa: S608 constants of this file
SOME = f"""
SELECT {COLUMNS} FROM schedule FINAL
WHERE env = {{env:String}} AND id IN ({{ids:Array(String)}}) AND NOT deleted
"""  # noqa: S608 constants of this file
FOUND = f"""
SELECT {", ".join("'' AS spec" if name == "spec" else name for name in STORED)} FROM schedule FINAL
"""  # noqa: S608 constants of this file
CONDITIONS = """
WHERE env = {env:String} AND NOT deleted
    AND ({kind:String} = '' OR kind = {kind:String})
    AND ({namespace:String} = '' OR empty(namespaces) OR has(namespaces, {namespace:String}))
    AND ({service:String} = ''
        OR arrayExists(p -> {service:String} LIKE translate(p, '*?', '%_'), names))
    AND ({q:String} = '' OR arrayExists(t -> positionCaseInsensitiveUTF8(t, {q:String}) > 0,
        arrayConcat([name, updated_by], namespaces, names, arrayMap((n, d) -> concat(n, '/', d),
            arrayResize(namespaces, length(names)), names))))
    AND ({everywhere:Bool} OR (notEmpty(namespaces) AND hasAll({scope:Array(String)}, namespaces)))
"""
CHANGED = f"""
SELECT {COLUMNS} FROM schedule FINAL WHERE env = {{env:String}} AND version > {{after:UInt64}}
"""  # noqa: S608 constants of this file
HEAD = "SELECT max(version) AS head FROM schedule"
CURSORS = """
SELECT schedule_id, max(until_at) AS cursor FROM schedule_run
WHERE env = {env:String} AND trigger = 'time' AND state != 'started' GROUP BY schedule_id
"""
RUN = """
SELECT r.run_id AS run_id, r.schedule_id AS schedule_id, r.state AS state, r.trigger AS trigger,
    r.due_at AS due_at, r.until_at AS until_at, r.skipped_count AS skipped_count,
    r.notes AS notes, r.reason AS reason, r.requested_by AS requested_by, r.decided_at AS decided_at,
    o.id AS operation_id,
    o.state AS operation_state, o.target_states AS target_states, o.finished_at AS finished_at,
    count() OVER () AS total
FROM
(
    SELECT l.run_id AS run_id, any(l.schedule_id) AS schedule_id, any(l.trigger) AS trigger,
        argMax(l.state, (l.state != 'starting', l.at)) AS state, any(l.due_at) AS due_at,
        max(l.until_at) AS until_at, max(l.skipped_count) AS skipped_count,
        argMax(l.reason, (l.state != 'starting', l.at)) AS reason,
        argMax(l.notes, (l.state != 'starting', l.at)) AS notes, any(l.requested_by) AS requested_by,
        min(l.at) AS decided_at
    FROM schedule_run AS l
    WHERE l.env = {env:String} AND l.schedule_id IN ({ids:Array(String)})
    GROUP BY l.run_id
"""
JOIN = """
) AS r
LEFT JOIN
(
    SELECT id, state, `targets.state` AS target_states, finished_at FROM operation FINAL
    WHERE env = {env:String} AND schedule_id IN ({ids:Array(String)}) AND NOT deleted
) AS o ON o.id = r.run_id
"""
RUNS = f"""
{RUN}{JOIN}
WHERE {{outcome:String}} = '' OR if(o.id != '', 'started', r.state) = {{outcome:String}}
ORDER BY r.due_at DESC, r.run_id LIMIT {{limit:UInt32}} OFFSET {{offset:UInt32}}
"""
LATEST = f"""
{RUN}
    ORDER BY due_at DESC LIMIT 1 BY schedule_id
{JOIN}
"""
ONE_RUN = f"""
{RUN}{JOIN}
WHERE r.run_id = {{run_id:String}}
"""
DECISION = """
SELECT state, until_at FROM schedule_run
WHERE env = {env:String} AND schedule_id = {schedule_id:String} AND run_id = {run_id:String}
    AND state IN ('starting', 'skipped')
ORDER BY at LIMIT 1
"""

OPEN = """
SELECT schedule_id, run_id, any(l.due_at) AS due_at FROM schedule_run AS l
WHERE l.env = {env:String} AND l.trigger = 'time' AND l.at >= {since:DateTime64(3, 'UTC')}
GROUP BY schedule_id, run_id HAVING countIf(l.state != 'starting') = 0 ORDER BY due_at, run_id
"""
UNREPORTED = """
SELECT r.env AS env, r.schedule_id AS schedule_id, r.run_id AS run_id, r.state AS state, r.due_at AS due_at,
    r.until_at AS until_at, r.skipped_count AS skipped_count, r.reason AS reason, s.name AS name
FROM
(
    SELECT * FROM schedule_run
    WHERE env = {env:String} AND trigger = 'time' AND at >= {since:DateTime64(3, 'UTC')}
        AND (state IN ('skipped', 'failed') OR (state = 'started' AND reason != ''))
        AND concat('schedule-', run_id) NOT IN
            (SELECT id FROM event WHERE env = {env:String} AND at >= {since:DateTime64(3, 'UTC')})
) AS r
LEFT JOIN (SELECT id, name FROM schedule FINAL WHERE env = {env:String}) AS s ON s.id = r.schedule_id
ORDER BY r.due_at, r.run_id, r.at DESC LIMIT 1 BY r.run_id
"""


class Decision(NamedTuple):
    """How a run was decided: its state, and up to which due time the decision goes."""

    state: str
    until_at: datetime


class Unreported(NamedTuple):
    """A run that was skipped, failed or late and has no event yet; times as ClickHouse writes them."""

    env: str
    schedule_id: str
    run_id: str
    state: str
    due_at: str
    until_at: str
    skipped_count: int
    reason: str
    name: str


async def one(clickhouse: ClickHouse, env: str, schedule_id: str) -> StoredSchedule | None:
    """Return one schedule."""
    return await clickhouse.fetch_one_as(StoredSchedule, ONE, env=env, id=schedule_id)


async def some(clickhouse: ClickHouse, env: str, ids: Sequence[str]) -> dict[str, StoredSchedule]:
    """Return schedules by their identity."""
    return {
        one.id: one
        for part in in_parts(ids)
        for one in await clickhouse.fetch_as(StoredSchedule, SOME, env=env, ids=part)
    }


async def find(
    clickhouse: ClickHouse, env: str, scope: Sequence[str] | None, conditions: Mapping[str, str]
) -> list[StoredSchedule]:
    """Return the schedules that are looked for, without their `spec`.

    :param scope: only schedules of no other namespaces than these; None: any.
    :param conditions: `kind`, `namespace`, `service` and `q`; empty for any.
    """
    statement, everywhere, names = FOUND + CONDITIONS, scope is None, scope or ()
    return await clickhouse.fetch_as(
        StoredSchedule, statement, env=env, everywhere=everywhere, scope=names, **conditions
    )


async def head(clickhouse: ClickHouse) -> int:
    """Return the largest version of all schedules; 0 without any."""
    row = await clickhouse.fetch_one(HEAD)
    return int(row["head"]) if row else 0


async def changed(clickhouse: ClickHouse, env: str, after: int) -> list[StoredSchedule]:
    """Return an env's schedules that are newer than a version, tombstones included."""
    return await clickhouse.fetch_as(StoredSchedule, CHANGED, env=env, after=after)


async def cursors(clickhouse: ClickHouse, env: str) -> dict[str, datetime]:
    """Return up to which due time each schedule's runs are decided, UTC."""
    rows = await clickhouse.fetch(CURSORS, env=env)
    return {row["schedule_id"]: datetime.fromisoformat(row["cursor"]) for row in rows}


async def runs(
    clickhouse: ClickHouse, env: str, schedule_id: str, outcome: str, limit: int, offset: int
) -> tuple[list[ScheduleRun], int]:
    """Return one part of a schedule's runs, the latest first, and the total."""
    rows = await clickhouse.fetch(
        RUNS, env=env, ids=[schedule_id], outcome=outcome, limit=limit, offset=offset
    )
    return list(map(_run_of, rows)), int(rows[0]["total"]) if rows else 0


async def latest(clickhouse: ClickHouse, env: str, ids: Sequence[str]) -> dict[str, ScheduleRun]:
    """Return the last run of each schedule that had one."""
    return {
        row["schedule_id"]: _run_of(row)
        for part in in_parts(ids)
        for row in await clickhouse.fetch(LATEST, env=env, ids=part)
    }


async def run(clickhouse: ClickHouse, env: str, schedule_id: str, run_id: str) -> ScheduleRun | None:
    """Return one run."""
    row = await clickhouse.fetch_one(ONE_RUN, env=env, ids=[schedule_id], run_id=run_id)
    return _run_of(row) if row else None


def _run_of(row: Row) -> ScheduleRun:
    """Return a run. One whose operation is there has started, whatever else is noted of it."""
    made = bool(row["operation_id"])
    due, decided = datetime.fromisoformat(row["due_at"]), datetime.fromisoformat(row["decided_at"])
    outcome = "started" if made else row["state"]
    # Rows of before there were notes have the sentence alone.
    said = [note("said", text=row["reason"])] if row["reason"] else []
    return ScheduleRun(
        id=row["run_id"],
        schedule_id=row["schedule_id"],
        due_at=due,
        trigger=row["trigger"],
        outcome=outcome,
        notes=list(NOTES.validate_json(row["notes"])) if row["notes"] else said,
        reason=row["reason"],
        skipped_count=row["skipped_count"],
        skipped_until=datetime.fromisoformat(row["until_at"]) if outcome == "skipped" else None,
        late_s=max(0, int((decided - due).total_seconds())),
        decided_at=decided,
        by=row["requested_by"],
        operation_id=row["operation_id"],
        operation_state=row["operation_state"] if made else None,
        counts=counts_of(row["target_states"]) if made else None,
        finished_at=row["finished_at"] if made else None,
    )


async def decide(clickhouse: ClickHouse, record: RunRecord) -> Decision:
    """Write a decision and return the one that counts: of several about one run, the first."""
    await clickhouse.insert("schedule_run", [_row_of(record)], once=f"run:{record.run_id}")
    key = {"env": record.env, "schedule_id": record.schedule_id, "run_id": record.run_id}
    won = await clickhouse.fetch_one_as(Decision, DECISION, **key)
    return won or Decision(record.state, record.until_at)


async def insert_runs(clickhouse: ClickHouse, records: Sequence[RunRecord]) -> None:
    """Note what became of runs; the same noted twice is as good as once."""
    await clickhouse.insert("schedule_run", list(map(_row_of, records)))


def _row_of(record: RunRecord) -> dict[str, object]:
    times = {name: timestamp(getattr(record, name)) for name in ("due_at", "until_at", "at")}
    notes = NOTES.dump_json(record.notes).decode() if record.notes else ""
    return {**asdict(record), **times, "notes": notes, "reason": sentence(record.notes)}


async def open_runs(clickhouse: ClickHouse, env: str, since: datetime) -> list[tuple[str, datetime]]:
    """Return schedule and due time of the runs that were to start since a time, without any end."""
    rows = await clickhouse.fetch(OPEN, env=env, since=since)
    return [(row["schedule_id"], datetime.fromisoformat(row["due_at"])) for row in rows]


async def unreported(clickhouse: ClickHouse, env: str, since: datetime) -> list[Unreported]:
    """Return what was skipped, failed or late since a time and has no event yet."""
    return await clickhouse.fetch_as(Unreported, UNREPORTED, env=env, since=since)
