"""The statements of back-up and restore."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from kubedoor_core.clickhouse import ClickHouse, Row

# Every version that there is: the INSERT into the table itself makes its history again. Of operations and
# actions on pods and nodes only those that have ended: one that was running then must not go on when it
# is restored.
_VERSIONS = """
SELECT DISTINCT * FROM (SELECT * FROM {table}_history UNION ALL SELECT * FROM {table}) ORDER BY version
"""
Key = tuple[object, ...]

_SIMPLE = " SETTINGS date_time_output_format = 'simple'"
ROWS = {
    "derived": _VERSIONS.format(table="derived"),
    "control": _VERSIONS.format(table="control"),
    "setting": "SELECT * FROM setting FINAL ORDER BY version",
    "schedule": "SELECT * FROM schedule FINAL ORDER BY version",
    "schedule_run": "SELECT DISTINCT * FROM schedule_run ORDER BY at, run_id",
    "operation": "SELECT * FROM operation FINAL WHERE finished_at IS NOT NULL ORDER BY version",
    "pod_action": "SELECT * FROM pod_action FINAL WHERE finished_at IS NOT NULL ORDER BY version",
    "node_action": "SELECT * FROM node_action FINAL WHERE finished_at IS NOT NULL ORDER BY version",
    "audit_log": "SELECT * FROM audit_log ORDER BY seq",
}
"""By table, in the order in which they are restored: what governs comes before the mode that enforces it."""

IDENTITY = {
    "derived": ("env", "namespace", "kind", "name"),
    "control": ("env", "namespace", "kind", "name"),
    "setting": ("env", "namespace", "key"),
    "schedule": ("env", "id"),
    "operation": ("env", "id"),
    "pod_action": ("env", "id"),
    "node_action": ("env", "id"),
}
"""What one row of a table is about, of which the highest version counts."""

APPENDED = {
    "schedule_run": ("env", "schedule_id", "run_id", "state", "at"),
    "audit_log": ("seq", "hash"),
}
"""What tells one row from every other in tables to which rows are only added."""

HISTORY = ("derived", "control")
"""Tables with a history beside them. It never counts as the table: admission goes by the table alone."""

STANDING = {
    table: f"SELECT {', '.join(names)}, max(version) AS version FROM {table} GROUP BY {', '.join(names)}"  # noqa: S608 constants of this file
    for table, names in IDENTITY.items()
}
PAST = {
    table: f"SELECT DISTINCT {', '.join(IDENTITY[table])}, version FROM {table}_history"  # noqa: S608 constants of this file
    for table in HISTORY
}
LATEST = {
    table: f"SELECT * FROM {table}_history ORDER BY version DESC LIMIT 1 BY {', '.join(IDENTITY[table])}"  # noqa: S608 constants of this file
    for table in HISTORY
}

COUNTS = " UNION ALL ".join(f"SELECT '{table}' AS name, count() AS n FROM {table}" for table in ROWS)  # noqa: S608 constants of this file
SCHEMA = "SELECT max(number) AS number FROM schema_migration"


def rows(clickhouse: ClickHouse, table: str) -> AsyncIterator[Row]:
    """Yield what is backed up of a table."""
    return clickhouse.iterate(ROWS[table] + _SIMPLE)


def latest(clickhouse: ClickHouse, table: str) -> AsyncIterator[Row]:
    """Yield the highest version of each row that a table's history has."""
    return clickhouse.iterate(LATEST[table] + _SIMPLE)


async def standing(clickhouse: ClickHouse, table: str) -> dict[Key, int]:
    """Return the highest version of each row that the table itself has, by what it is about."""
    rows = clickhouse.iterate(STANDING[table])
    return {key(IDENTITY[table], row): int(row["version"]) async for row in rows}


async def past(clickhouse: ClickHouse, table: str) -> set[Key]:
    """Return every version that a table's history has: what it is about, and the version."""
    if table not in HISTORY:
        return set()
    names = (*IDENTITY[table], "version")
    return {key(names, row) async for row in clickhouse.iterate(PAST[table])}


async def appended(clickhouse: ClickHouse, table: str) -> set[Key]:
    """Return what tells the rows of a table apart to which rows are only added."""
    return {key(APPENDED[table], row) async for row in rows(clickhouse, table)}


def key(names: Sequence[str], row: Row) -> Key:
    """Return some values of a row."""
    return tuple(row[name] for name in names)


async def counts(clickhouse: ClickHouse) -> dict[str, int]:
    """Return how many rows each table has."""
    return {str(row["name"]): int(row["n"]) for row in await clickhouse.fetch(COUNTS)}


async def schema(clickhouse: ClickHouse) -> int:
    """Return the number of the last migration."""
    row = await clickhouse.fetch_one(SCHEMA)
    return int(row["number"]) if row else 0


async def insert(clickhouse: ClickHouse, table: str, values: Sequence[Row]) -> None:
    """Insert rows; a part of the audit log once, others also where they equal rows that were lost."""
    if table == "audit_log":
        await clickhouse.insert(table, values, once=f"audit:{values[0]['seq']}")
    else:
        await clickhouse.insert(table, values, again=True)
