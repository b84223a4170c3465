"""The statements of operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kubedoor_api.operations.operation import BEFORE, OF_TARGET, OWN, CountBefore, Operation, operation_of
from kubedoor_api.web.fields import AskedService
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import in_parts
from kubedoor_core.clickhouse.queries import EXPERT_COLUMNS, select
from kubedoor_core.domain.control import ExpertRow, expert_from_row

COLUMNS = ", ".join(OWN)
TARGETS = ", ".join(f"`targets.{name}`" for name in (*OF_TARGET, "detail"))
ONE = f"""
SELECT {COLUMNS}, {TARGETS} FROM operation FINAL
WHERE env = {{env:String}} AND id = {{id:String}} AND NOT deleted
"""  # noqa: S608 constants of this file
FOUND = f"""
SELECT {COLUMNS}, count() OVER () AS total,
    `targets.state` AS target_states,
    arraySlice(`targets.namespace`, 1, {{first:UInt8}}) AS first_namespaces,
    arraySlice(`targets.kind`, 1, {{first:UInt8}}) AS first_kinds,
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
SELECT id, cancelled_by, runner FROM operation FINAL
WHERE env = {env:String} AND state IN ('pending', 'running') AND NOT deleted
    AND (run_at IS NULL OR run_at <= now64(3))
ORDER BY requested_at, id
"""
CLAIMED = """
SELECT id, cancelled_by, runner FROM operation FINAL
WHERE env = {env:String} AND id = {id:String} AND NOT deleted
"""
EXISTING = "SELECT id FROM operation FINAL WHERE env = {env:String} AND id IN ({ids:Array(String)})"
SERVICES = """kind = 'Deployment' AND (namespace, name) IN (
    SELECT pair.1, pair.2 FROM
    (SELECT arrayJoin(arrayZip({namespaces:Array(String)}, {names:Array(String)})) AS pair)
)"""
EDITED = f"""
SELECT DISTINCT namespace, name FROM control_history
WHERE env = {{env:String}} AND {SERVICES} AND operation_id = {{operation_id:String}}
"""  # noqa: S608 constants of this file
COUNT_MADE_BY = f"""
SELECT namespace, name,
    arrayReverseSort(groupArray((version, ifNull(toInt64(replicas_manual), -1), operation_id))) AS versions,
    arrayFirstIndex(v -> v.2 != versions[1].2, versions) AS other,
    versions[if(other = 0, length(versions), other - 1)].3 AS made_by
FROM control_history
WHERE env = {{env:String}} AND {SERVICES}
GROUP BY namespace, name HAVING made_by != ''
"""  # noqa: S608 constants of this file
FOR_A_TIME = """
SELECT id, target_namespace AS namespace, target_name AS name, target_before AS before
FROM (SELECT * FROM operation FINAL WHERE env = {env:String} AND id IN ({ids:Array(String)}) AND NOT deleted)
ARRAY JOIN `targets.namespace` AS target_namespace, `targets.name` AS target_name,
    `targets.desired` AS target_desired, `targets.before` AS target_before
WHERE rollback_of = '' AND target_before != '' AND JSONExtractRaw(target_desired, 'replicas') != 'null'
    AND (until IS NOT NULL OR schedule_id IN
        (SELECT id FROM schedule FINAL WHERE env = {env:String} AND cron != ''))
"""
CONTROL_ROWS = f"""
SELECT {select(EXPERT_COLUMNS)} FROM control FINAL WHERE env = {{env:String}} AND {SERVICES}
"""  # noqa: S608 constants of this file
DERIVED_KEYS = f"""
SELECT namespace, name FROM derived FINAL
WHERE env = {{env:String}} AND {SERVICES} AND NOT deleted
"""  # noqa: S608 constants of this file

Key = tuple[str, str]


class Listed(NamedTuple):
    """An operation in a list, without its targets.

    :ivar states: of all targets.
    :ivar first: the first few services.
    """

    operation: Operation
    states: Sequence[str]
    first: Sequence[AskedService]


class Claim(NamedTuple):
    """What others may have changed of an operation: who cancelled it, who runs it; empty for nobody."""

    id: str
    cancelled_by: str
    runner: str


async def one(clickhouse: ClickHouse, env: str, operation_id: str) -> Operation | None:
    """Return one operation."""
    row = await clickhouse.fetch_one(ONE, env=env, id=operation_id)
    return operation_of(row) if row else None


async def list_operations(
    clickhouse: ClickHouse,
    env: str,
    first: int,
    scope: Sequence[str] | None,
    sort: str,
    conditions: Mapping[str, str],
    limit: int,
    offset: int,
) -> tuple[list[Listed], int]:
    """Return one part, and the total.

    :param first: of how many services the names are returned.
    :param scope: only operations on services of these; None: on any.
    :param sort: one of `SORTS`.
    :param conditions: `state`, `kind`, `namespace`, `name`, `actor`, `schedule_id` and `q`; empty for
        any.
    """
    rows = await clickhouse.fetch(
        f"{FOUND} ORDER BY {SORTS[sort]} {PART}",
        env=env,
        first=first,
        everywhere=scope is None,
        scope=scope or (),
        limit=limit,
        offset=offset,
        **conditions,
    )
    found = []
    for row in rows:
        keys = zip(row["first_namespaces"], row["first_kinds"], row["first_names"], strict=True)
        services = [AskedService(namespace=space, kind=kind, name=name) for space, kind, name in keys]
        found.append(Listed(operation_of(row), row["target_states"], services))
    return found, int(rows[0]["total"]) if rows else 0


async def open_operations(clickhouse: ClickHouse, env: str) -> list[Claim]:
    """Return what is due and not finished, in the order in which it was asked for."""
    return [Claim(**row) for row in await clickhouse.fetch(OPEN, env=env)]


async def claimed(clickhouse: ClickHouse, env: str, operation_id: str) -> Claim | None:
    """Return who runs an operation and who cancelled it; None without the operation."""
    row = await clickhouse.fetch_one(CLAIMED, env=env, id=operation_id)
    return Claim(**row) if row else None


async def existing(clickhouse: ClickHouse, env: str, ids: Sequence[str]) -> set[str]:
    """Return which operations are there."""
    return {
        row["id"] for part in in_parts(ids) for row in await clickhouse.fetch(EXISTING, env=env, ids=part)
    }


def _pairs(keys: Sequence[Key]) -> dict[str, list[str]]:
    return {"namespaces": [key[0] for key in keys], "names": [key[1] for key in keys]}


async def edited(clickhouse: ClickHouse, env: str, keys: Sequence[Key], operation_id: str) -> set[Key]:
    """Return of which of the services an operation has made a version of the expert's row."""
    rows = await clickhouse.fetch(EDITED, env=env, operation_id=operation_id, **_pairs(keys))
    return {(row["namespace"], row["name"]) for row in rows}


async def counts_before_those_for_a_time(
    clickhouse: ClickHouse, env: str, keys: Sequence[Key]
) -> dict[Key, int | None]:
    """Return the manual counts, or None for none, that come back after those that stand.

    Only of services whose count was made by a scale for a time, or by a schedule that runs again and again.
    """
    made_by: dict[Key, str] = {}
    for part in in_parts(keys):
        found = await clickhouse.fetch(COUNT_MADE_BY, env=env, **_pairs(part))
        made_by |= {(row["namespace"], row["name"]): row["made_by"] for row in found}
    ids, before = sorted(set(made_by.values())), {}
    for some in in_parts(ids):
        for row in await clickhouse.fetch(FOR_A_TIME, env=env, ids=some):
            key, stood = (row["namespace"], row["name"]), BEFORE.validate_json(row["before"])
            if made_by.get(key) == row["id"] and isinstance(stood, CountBefore) and stood.made is not None:
                before[key] = stood.manual
    return before


async def control_rows(clickhouse: ClickHouse, env: str, keys: Sequence[Key]) -> dict[Key, ExpertRow]:
    """Return the expert's rows of services, tombstones included."""
    rows = map(expert_from_row, await clickhouse.fetch(CONTROL_ROWS, env=env, **_pairs(keys)))
    return {(row.namespace, row.name): row for row in rows}


async def derived_keys(clickhouse: ClickHouse, env: str, keys: Sequence[Key]) -> set[Key]:
    """Return which of the services have a derived row."""
    rows = await clickhouse.fetch(DERIVED_KEYS, env=env, **_pairs(keys))
    return {(row["namespace"], row["name"]) for row in rows}
