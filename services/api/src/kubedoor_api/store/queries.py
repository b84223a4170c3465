"""The statements of the commit log."""

from __future__ import annotations

from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.errors import ClickHouseUnavailableError

HEAD = """
WITH (SELECT max(version) FROM {table}) AS head
SELECT head, count() AS entries,
    argMin(l.writer, (l.at, l.writer)) AS first_writer, argMin(l.rows, (l.at, l.writer)) AS first_rows
FROM commit_log AS l WHERE l.table_name = '{table}' AND l.base = head
"""
HEADS = {table: HEAD.format(table=table) for table in ("control", "setting", "operation", "schedule")}
ENTRY = """
SELECT writer FROM commit_log
WHERE table_name = {table:String} AND base = {base:UInt64}
ORDER BY at, writer LIMIT 1
"""


async def head(clickhouse: ClickHouse, table: str) -> Row:
    """Return the largest version of a table, 0 for an empty one, and the commit that follows it.

    `entries` is 0 where none does.
    """
    row = await clickhouse.fetch_one(HEADS[table])
    if row is None:
        raise ClickHouseUnavailableError("ClickHouse answered nothing")
    return row


async def writer_after(clickhouse: ClickHouse, table: str, base: int) -> str | None:
    """Return who logged the commit that follows a version."""
    row = await clickhouse.fetch_one(ENTRY, table=table, base=base)
    return str(row["writer"]) if row else None
