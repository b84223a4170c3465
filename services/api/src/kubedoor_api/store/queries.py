"""The statements of the commit log."""

from __future__ import annotations

from kubedoor_core.clickhouse import ClickHouse, Row

HEADS = {
    "control": "SELECT max(version) AS head FROM control",
    "setting": "SELECT max(version) AS head FROM setting",
    "operation": "SELECT max(version) AS head FROM operation",
    "schedule": "SELECT max(version) AS head FROM schedule",
}
ENTRY = """
SELECT writer, version, rows FROM commit_log
WHERE table_name = {table:String} AND base = {base:UInt64}
ORDER BY at, writer LIMIT 1
"""


async def head(clickhouse: ClickHouse, table: str) -> int:
    """Return the largest version of a table, 0 for an empty one."""
    row = await clickhouse.fetch_one(HEADS[table])
    return int(row["head"]) if row else 0


async def entry(clickhouse: ClickHouse, table: str, base: int) -> Row | None:
    """Return the commit that follows a version, if there is one."""
    return await clickhouse.fetch_one(ENTRY, table=table, base=base)
