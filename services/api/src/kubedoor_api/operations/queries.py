"""The statements of operations."""

from __future__ import annotations

from collections.abc import Sequence

from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.queries import EXPERT_COLUMNS, select
from kubedoor_core.domain.control import ExpertRow, expert_from_row

OWN = """id, env, kind, state, pause_s, stop_on_error, wait_rollout, rollback_on_failure, rollout_timeout_s,
    run_at, until, rollback_of, schedule_id, requested_at, requested_by, cancelled_by, runner, started_at,
    finished_at, version"""
TARGETS = """`targets.namespace`, `targets.kind`, `targets.name`, `targets.wanted`, `targets.replicas_before`,
    `targets.replicas_after`, `targets.before`, `targets.state`, `targets.detail`, `targets.reason`,
    `targets.started_at`, `targets.finished_at`"""
ONE = f"""
SELECT {OWN}, {TARGETS} FROM operation FINAL
WHERE env = {{env:String}} AND id = {{id:String}} AND NOT deleted
"""  # noqa: S608 constants of this file
FOUND = f"""
SELECT {OWN}, count() OVER () AS total,
    `targets.state` AS target_states,
    arraySlice(`targets.namespace`, 1, {{first:UInt8}}) AS first_namespaces,
    arraySlice(`targets.name`, 1, {{first:UInt8}}) AS first_names
FROM operation FINAL
WHERE env = {{env:String}} AND NOT deleted
    AND ({{state:String}} = '' OR state = {{state:String}})
    AND ({{kind:String}} = '' OR kind = {{kind:String}})
    AND ({{actor:String}} = '' OR requested_by = {{actor:String}})
    AND ({{schedule_id:String}} = '' OR schedule_id = {{schedule_id:String}})
    AND (({{namespace:String}} = '' AND {{name:String}} = '') OR arrayExists(
        (n, d) -> ({{namespace:String}} = '' OR n = {{namespace:String}})
            AND ({{name:String}} = '' OR d = {{name:String}}),
        `targets.namespace`, `targets.name`))
    AND ({{q:String}} = '' OR positionCaseInsensitiveUTF8(requested_by, {{q:String}}) > 0 OR arrayExists(
        (n, d) -> positionCaseInsensitiveUTF8(concat(n, '/', d), {{q:String}}) > 0,
        `targets.namespace`, `targets.name`))
    AND ({{everywhere:Bool}} OR hasAll({{scope:Array(String)}}, `targets.namespace`))
"""  # noqa: S608 constants of this file
SORTS = {
    f"{sign}{column}": f"{column} {direction}, requested_at DESC, id"
    for column in ("requested_at", "kind", "state", "requested_by")
    for sign, direction in (("", "ASC"), ("-", "DESC"))
}
"""The order of a list by the name of its sort; the latest first among equals."""
PART = "LIMIT {limit:UInt32} OFFSET {offset:UInt32}"
OPEN = """
SELECT id, state, cancelled_by, runner FROM operation FINAL
WHERE env = {env:String} AND state IN ('pending', 'running') AND NOT deleted
    AND (run_at IS NULL OR run_at <= now64(3))
ORDER BY requested_at, id
"""
MARKS = """
SELECT version, state, cancelled_by, runner FROM operation FINAL
WHERE env = {env:String} AND id = {id:String} AND NOT deleted
"""
SERVICES = """kind = 'Deployment' AND (namespace, name) IN (
    SELECT pair.1, pair.2 FROM
    (SELECT arrayJoin(arrayZip({namespaces:Array(String)}, {names:Array(String)})) AS pair)
)"""
EDITED = f"""
SELECT DISTINCT namespace, name FROM control_history
WHERE env = {{env:String}} AND {SERVICES} AND operation_id = {{operation_id:String}}
"""  # noqa: S608 constants of this file
CONTROL_ROWS = f"""
SELECT {select(EXPERT_COLUMNS)} FROM control FINAL WHERE env = {{env:String}} AND {SERVICES}
"""  # noqa: S608 constants of this file
DERIVED_KEYS = f"""
SELECT namespace, name FROM derived FINAL
WHERE env = {{env:String}} AND {SERVICES} AND NOT deleted
"""  # noqa: S608 constants of this file

Key = tuple[str, str]


async def one(clickhouse: ClickHouse, env: str, operation_id: str) -> Row | None:
    """Return one operation."""
    return await clickhouse.fetch_one(ONE, env=env, id=operation_id)


async def list_operations(
    clickhouse: ClickHouse,
    *,
    env: str,
    first: int,
    scope: Sequence[str] | None,
    sort: str,
    limit: int,
    offset: int,
    **conditions: str,
) -> list[Row]:
    """Return one page; every row tells the total.

    :param first: of how many services the names are returned.
    :param reach: only operations on services of these; None: on any.
    :param sort: one of `SORTS`.
    :param conditions: `state`, `kind`, `namespace`, `name`, `actor`, `schedule_id` and `q`; empty for
        any.
    """
    return await clickhouse.fetch(
        f"{FOUND} ORDER BY {SORTS[sort]} {PART}",
        env=env,
        first=first,
        everywhere=scope is None,
        scope=scope or (),
        limit=limit,
        offset=offset,
        **conditions,
    )


async def open_operations(clickhouse: ClickHouse, env: str) -> list[Row]:
    """Return what is due and not finished, in the order in which it was asked for; without targets."""
    return await clickhouse.fetch(OPEN, env=env)


async def marks(clickhouse: ClickHouse, env: str, operation_id: str) -> Row | None:
    """Return of one operation what others may have changed: its state, who runs it, who cancelled it."""
    return await clickhouse.fetch_one(MARKS, env=env, id=operation_id)


def _pairs(keys: Sequence[Key]) -> dict[str, list[str]]:
    return {"namespaces": [key[0] for key in keys], "names": [key[1] for key in keys]}


async def edited(clickhouse: ClickHouse, env: str, keys: Sequence[Key], operation_id: str) -> set[Key]:
    """Return of which of the services an operation has made a version of the expert's row."""
    rows = await clickhouse.fetch(EDITED, env=env, operation_id=operation_id, **_pairs(keys))
    return {(row["namespace"], row["name"]) for row in rows}


async def control_rows(clickhouse: ClickHouse, env: str, keys: Sequence[Key]) -> dict[Key, ExpertRow]:
    """Return the expert's rows of services, tombstones included."""
    rows = map(expert_from_row, await clickhouse.fetch(CONTROL_ROWS, env=env, **_pairs(keys)))
    return {(row.namespace, row.name): row for row in rows}


async def derived_keys(clickhouse: ClickHouse, env: str, keys: Sequence[Key]) -> set[Key]:
    """Return which of the services have a derived row."""
    rows = await clickhouse.fetch(DERIVED_KEYS, env=env, **_pairs(keys))
    return {(row["namespace"], row["name"]) for row in rows}


async def insert_events(clickhouse: ClickHouse, events: Sequence[Row]) -> None:
    """Tell what people are to hear of."""
    await clickhouse.insert("event", events)
