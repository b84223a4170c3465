"""The statements of schedules and their runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import timestamp

IDS = 100
COLUMNS = """id, env, name, kind, enabled, once_at, cron, timezone, spec, misfire, grace_s, armed_at,
    namespaces, names, version, updated_at, updated_by, deleted"""
ONE = f"""
SELECT {COLUMNS} FROM schedule FINAL WHERE env = {{env:String}} AND id = {{id:String}} AND NOT deleted
"""  # noqa: S608 constants of this file
SOME = f"""
SELECT {COLUMNS} FROM schedule FINAL
WHERE env = {{env:String}} AND id IN ({{ids:Array(String)}}) AND NOT deleted
"""  # noqa: S608 constants of this file
FOUND = """
SELECT id, name, kind, enabled, once_at, cron, timezone, armed_at, updated_at FROM schedule FINAL
WHERE env = {env:String} AND NOT deleted
    AND ({kind:String} = '' OR kind = {kind:String})
    AND ({namespace:String} = '' OR empty(namespaces) OR has(namespaces, {namespace:String}))
    AND ({service:String} = ''
        OR arrayExists(p -> {service:String} LIKE translate(p, '*?', '%_'), names))
    AND ({q:String} = '' OR arrayExists(t -> positionCaseInsensitiveUTF8(t, {q:String}) > 0,
        arrayConcat([name, updated_by], namespaces, names, arrayMap((n, d) -> concat(n, '/', d),
            arrayResize(namespaces, length(names)), names))))
    AND ({everywhere:Bool} OR (notEmpty(namespaces) AND hasAll({reach:Array(String)}, namespaces)))
"""
MADE = "SELECT id FROM operation FINAL WHERE env = {env:String} AND id IN ({ids:Array(String)})"
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
    r.due_at AS due_at, r.until_at AS until_at, r.skipped_count AS skipped_count, r.reason AS reason,
    r.requested_by AS requested_by, r.decided_at AS decided_at, o.id AS operation_id,
    o.state AS operation_state, o.target_states AS target_states, o.finished_at AS finished_at,
    count() OVER () AS total
FROM
(
    SELECT l.run_id AS run_id, any(l.schedule_id) AS schedule_id, any(l.trigger) AS trigger,
        argMax(l.state, (l.state != 'starting', l.at)) AS state, any(l.due_at) AS due_at,
        max(l.until_at) AS until_at, max(l.skipped_count) AS skipped_count,
        argMax(l.reason, (l.state != 'starting', l.at)) AS reason, any(l.requested_by) AS requested_by,
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
SELECT state, until_at, instance FROM schedule_run
WHERE env = {env:String} AND schedule_id = {schedule_id:String} AND run_id = {run_id:String}
    AND state IN ('starting', 'skipped')
ORDER BY at LIMIT 1
"""

OPEN = """
SELECT schedule_id, run_id, any(l.due_at) AS due_at FROM schedule_run AS l
WHERE l.env = {env:String} AND l.trigger = 'time' AND l.at >= {since:DateTime64(3, 'UTC')}
GROUP BY schedule_id, run_id HAVING countIf(l.state != 'starting') = 0 ORDER BY due_at, run_id
"""
UNTOLD = """
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


async def one(clickhouse: ClickHouse, env: str, schedule_id: str) -> Row | None:
    """Return one schedule."""
    return await clickhouse.fetch_one(ONE, env=env, id=schedule_id)


async def _by_ids(clickhouse: ClickHouse, statement: str, env: str, ids: Sequence[str]) -> list[Row]:
    """Fetch in parts: parameters travel in the address, whose length is bounded."""
    return [
        row
        for first in range(0, len(ids), IDS)
        for row in await clickhouse.fetch(statement, env=env, ids=list(ids[first : first + IDS]))
    ]


async def some(clickhouse: ClickHouse, env: str, ids: Sequence[str]) -> dict[str, Row]:
    """Return schedules by their identity."""
    return {row["id"]: row for row in await _by_ids(clickhouse, SOME, env, ids)}


async def made(clickhouse: ClickHouse, env: str, run_ids: Sequence[str]) -> set[str]:
    """Return the runs whose operations are there."""
    return {row["id"] for row in await _by_ids(clickhouse, MADE, env, run_ids)}


async def find(
    clickhouse: ClickHouse, env: str, reach: Sequence[str] | None, conditions: Mapping[str, str]
) -> list[Row]:
    """Return when each schedule that is looked for runs, and what lists are sorted by.

    :param reach: only schedules of no other namespaces than these; None: any.
    :param conditions: `kind`, `namespace`, `service` and `q`; empty for any.
    """
    return await clickhouse.fetch(FOUND, env=env, everywhere=reach is None, reach=reach or (), **conditions)


async def head(clickhouse: ClickHouse) -> int:
    """Return the largest version of all schedules; 0 without any."""
    row = await clickhouse.fetch_one(HEAD)
    return int(row["head"]) if row else 0


async def changed(clickhouse: ClickHouse, env: str, after: int) -> list[Row]:
    """Return an env's schedules that are newer than a version, tombstones included."""
    return await clickhouse.fetch(CHANGED, env=env, after=after)


async def cursors(clickhouse: ClickHouse, env: str) -> dict[str, datetime]:
    """Return up to which due time each schedule's runs are decided, UTC."""
    rows = await clickhouse.fetch(CURSORS, env=env)
    return {row["schedule_id"]: datetime.fromisoformat(row["cursor"]) for row in rows}


async def runs(
    clickhouse: ClickHouse, env: str, schedule_id: str, outcome: str, limit: int, offset: int
) -> list[Row]:
    """Return one page of a schedule's runs, the latest first; every row tells the total."""
    return await clickhouse.fetch(
        RUNS, env=env, ids=[schedule_id], outcome=outcome, limit=limit, offset=offset
    )


async def latest(clickhouse: ClickHouse, env: str, ids: Sequence[str]) -> dict[str, Row]:
    """Return the last run of each schedule that had one."""
    return {row["schedule_id"]: row for row in await _by_ids(clickhouse, LATEST, env, ids)}


async def run(clickhouse: ClickHouse, env: str, schedule_id: str, run_id: str) -> Row | None:
    """Return one run."""
    return await clickhouse.fetch_one(ONE_RUN, env=env, ids=[schedule_id], run_id=run_id)


async def decision(clickhouse: ClickHouse, env: str, schedule_id: str, run_id: str) -> Row | None:
    """Return how a run was decided, or None for one that is open."""
    return await clickhouse.fetch_one(DECISION, env=env, schedule_id=schedule_id, run_id=run_id)


async def insert_run(clickhouse: ClickHouse, row: Mapping[str, Any], *, once: str) -> None:
    """Note a run; of several that bear the same token, the first counts.

    :param row: with its times as `datetime`.
    """
    await clickhouse.insert("schedule_run", [_written(row)], once=once)


async def insert_ends(clickhouse: ClickHouse, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note what became of runs; the same noted twice is as good as once."""
    await clickhouse.insert("schedule_run", [_written(row) for row in rows])


def _written(row: Mapping[str, Any]) -> Row:
    return {**row, **{name: timestamp(row[name]) for name in ("due_at", "until_at", "at")}}


async def open_runs(clickhouse: ClickHouse, env: str, since: datetime) -> list[Row]:
    """Return the runs that were to start since a time, and of which nothing more was noted."""
    return await clickhouse.fetch(OPEN, env=env, since=since)


async def untold(clickhouse: ClickHouse, env: str, since: datetime) -> list[Row]:
    """Return what was skipped, failed or late since a time and has no event yet."""
    return await clickhouse.fetch(UNTOLD, env=env, since=since)
