"""The statements of the commit log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, get_args

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import ClickHouseUnavailableError

Table = Literal["control", "setting", "operation", "schedule", "pod_action", "node_action"]

HEAD = """
WITH (SELECT max(version) FROM {table}) AS head
SELECT head, count() AS entries,
    argMin(l.writer, (l.at, l.writer)) AS first_writer, argMin(l.rows, (l.at, l.writer)) AS first_rows,
    argMin(l.audit, (l.at, l.writer)) AS first_audit,
    argMin(l.audit_after, (l.at, l.writer)) AS first_audit_after
FROM commit_log AS l WHERE l.table_name = '{table}' AND l.base = head
"""
HEADS = {table: HEAD.format(table=table) for table in get_args(Table)}
ENTRY = """
SELECT writer FROM commit_log
WHERE table_name = {table:String} AND base = {base:UInt64}
ORDER BY at, writer LIMIT 1
"""


def _heads_of(tables: Iterable[str]) -> str:
    return " UNION ALL ".join(
        f"SELECT '{table}' AS table_name, max(version) AS head FROM {table}"  # noqa: S608 constants of this file
        for table in tables
    )


WORK: tuple[Table, ...] = ("operation", "pod_action", "node_action")
"""The tables of what waits for an env's leader."""
HEADS_OF_WORK = _heads_of(WORK)
# Not where the log goes on behind: then rows of the table were lost, and written one after the other
# they would govern as they did long ago.
LEFT = f"""
SELECT table_name, writer, rows, audit, audit_after FROM commit_log
WHERE (table_name, base) IN ({_heads_of(HEADS)})
    AND (table_name, base) IN (SELECT table_name, max(base) FROM commit_log GROUP BY table_name)
ORDER BY at, writer LIMIT 1 BY table_name
"""  # noqa: S608 constants of this file


class Logged(NamedTuple):
    """A commit in the log.

    :ivar rows: what it writes, as JSON (`writer.written_of`).
    :ivar audit: the entry of the audit log as JSON; `audit_after`: the last row there when it was logged.
    """

    table_name: Table
    writer: str
    rows: str
    audit: str
    audit_after: int


async def left(clickhouse: ClickHouse) -> list[Logged]:
    """Return the last commit of each table whose rows have not been written."""
    return await clickhouse.fetch_as(Logged, LEFT)


async def heads_of_work(clickhouse: ClickHouse) -> dict[str, int]:
    """Return the largest version of each table of work, 0 for an empty one: it grows with each commit."""
    return {row["table_name"]: int(row["head"]) for row in await clickhouse.fetch(HEADS_OF_WORK)}


async def head(clickhouse: ClickHouse, table: Table) -> tuple[int, Logged | None]:
    """Return the largest version of a table, 0 for an empty one, and the commit that follows it, if any."""
    row = await clickhouse.fetch_one(HEADS[table])
    if row is None:
        raise ClickHouseUnavailableError("ClickHouse answered nothing")
    first = (row[f"first_{name}"] for name in Logged._fields[1:])
    return int(row["head"]), Logged(table, *first) if row["entries"] else None


async def writer_after(clickhouse: ClickHouse, table: str, base: int) -> str | None:
    """Return who logged the commit that follows a version."""
    row = await clickhouse.fetch_one(ENTRY, table=table, base=base)
    return str(row["writer"]) if row else None
