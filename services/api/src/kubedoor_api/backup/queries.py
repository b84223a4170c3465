"""The statements of back-up and restore."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from kubedoor_core.clickhouse import ClickHouse, Row

# Every version that there is: the INSERT into the table itself makes its history again. Of operations only
# those that have ended: one that was running then must not go on when it is restored.
_VERSIONS = """
SELECT DISTINCT * FROM (SELECT * FROM {table}_history UNION ALL SELECT * FROM {table}) ORDER BY version
"""
_SIMPLE = " SETTINGS date_time_output_format = 'simple'"
ROWS = {
    "derived": _VERSIONS.format(table="derived"),
    "control": _VERSIONS.format(table="control"),
    "setting": "SELECT * FROM setting FINAL ORDER BY version",
    "schedule": "SELECT * FROM schedule FINAL ORDER BY version",
    "schedule_run": "SELECT DISTINCT * FROM schedule_run ORDER BY at, run_id",
    "operation": "SELECT * FROM operation FINAL WHERE finished_at IS NOT NULL ORDER BY version",
    "audit_log": "SELECT * FROM audit_log ORDER BY seq",
}
"""By table, in the order in which they are restored: what governs comes before the mode that enforces it."""

KEYS = {
    "derived": ("env", "namespace", "deployment", "version"),
    "control": ("env", "namespace", "deployment", "version"),
    "setting": ("env", "namespace", "key", "version"),
    "schedule": ("env", "id", "version"),
    "schedule_run": ("env", "schedule_id", "run_id", "state", "at"),
    "operation": ("env", "id", "version"),
    "audit_log": ("seq", "hash"),
}
"""What tells one row from every other."""

COUNTS = " UNION ALL ".join(f"SELECT '{table}' AS name, count() AS n FROM {table}" for table in ROWS)  # noqa: S608 constants of this file
SCHEMA = "SELECT max(number) AS number FROM schema_migration"


def rows(clickhouse: ClickHouse, table: str) -> AsyncIterator[Row]:
    """Yield what is backed up of a table."""
    return clickhouse.iterate(ROWS[table] + _SIMPLE)


async def keys(clickhouse: ClickHouse, table: str) -> set[tuple[object, ...]]:
    """Return the keys of the rows that a table has."""
    found = set()
    async for row in clickhouse.iterate(ROWS[table] + _SIMPLE):
        found.add(key(table, row))
    return found


def key(table: str, row: Row) -> tuple[object, ...]:
    """Return what tells a row from every other of its table."""
    return tuple(row[name] for name in KEYS[table])


async def counts(clickhouse: ClickHouse) -> dict[str, int]:
    """Return how many rows each table has."""
    return {str(row["name"]): int(row["n"]) for row in await clickhouse.fetch(COUNTS)}


async def schema(clickhouse: ClickHouse) -> int:
    """Return the number of the last migration."""
    row = await clickhouse.fetch_one(SCHEMA)
    return int(row["number"]) if row else 0


async def insert(clickhouse: ClickHouse, table: str, values: Sequence[Row]) -> None:
    """Insert rows; a part of the audit log once."""
    once = f"audit:{values[0]['seq']}" if table == "audit_log" else ""
    await clickhouse.insert(table, values, once=once)
