"""Making a back-up, restoring one, and bringing back from its history what a table has lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from kubedoor_api.audit.entry import Link, broken, link_of
from kubedoor_api.audit.logger import record_command
from kubedoor_api.audit.verify import Verdict, verify
from kubedoor_api.cli.backup import queries
from kubedoor_api.cli.backup.archive import Archive, Row, Summary, check, rows_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import BadValueError

BATCH = 2000


@dataclass(frozen=True)
class Restored:
    """What a restore did.

    :ivar rows: that were written, by table; rows that were there already are left out.
    :ivar lacking: rows of the file that the tables don't have all the same, by table.
    """

    summary: Summary
    rows: dict[str, int]
    lacking: dict[str, int]
    verdict: Verdict


async def dump(clickhouse: ClickHouse, path: Path) -> Summary:
    """Write a back-up."""
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    with Archive(path, made_at, await queries.schema(clickhouse)) as archive:
        for table in queries.ROWS:
            async for row in queries.rows(clickhouse, table):
                archive.add(table, row)
    return archive.summary


def links_of(path: Path) -> list[Link]:
    """Return the audit log of a file.

    :raises BadValueError: where its chain is broken.
    """
    links = [link_of({**row, "at": f"{row['at']}Z"}) for row in rows_of(path, "audit_log")]
    if problem := broken(links):
        raise BadValueError(f"{path}: its audit log is not whole: {problem}")
    return links


async def restore(clickhouse: ClickHouse, path: Path, *, into_non_empty: bool = False) -> Restored:
    """Bring back what a file holds; of two versions of a row the higher one counts, as ever.

    :raises BadValueError: for a file that is not whole, or a database that it doesn't fit.
    """
    summary, links = check(path), links_of(path)
    if summary.schema > await queries.schema(clickhouse):
        raise BadValueError(f"{path} was made by a later KubeDoor: upgrade first, then restore")
    there = {table: n for table, n in (await queries.counts(clickhouse)).items() if n}
    if there and not into_non_empty:
        what = ", ".join(f"{n} rows in {table}" for table, n in there.items())
        raise BadValueError(
            f"{clickhouse.database} is not empty ({what}): restore into an empty database, or say"
            " --into-non-empty to add what is missing"
        )
    # Two chains can't become one: one audit log must be the beginning of the other.
    ours = [str(row["hash"]) async for row in queries.rows(clickhouse, "audit_log")]
    common = min(len(ours), len(links))
    if ours[:common] != [link.hash for link in links[:common]]:
        raise BadValueError(
            f"{path}: its audit log is not the one of {clickhouse.database}: restore into an empty database"
        )
    written = {}
    for table in queries.ROWS:
        missing = await _missing(clickhouse, path, table)
        written[table] = await _insert(clickhouse, table, filter(missing, rows_of(path, table)))
    for table, count in (await mend(clickhouse)).items():
        written[table] += count
    told = {"made_at": summary.made_at, "sha256": summary.sha256, "rows": written}
    await record_command(clickhouse, "restoreBackup", told)
    lacking = {}  # an INSERT that was answered may have been lost
    for table in queries.ROWS:
        missing = await _missing(clickhouse, path, table)
        if count := sum(1 for row in rows_of(path, table) if missing(row)):
            lacking[table] = count
    return Restored(summary, written, lacking, await verify(clickhouse))


async def mend(clickhouse: ClickHouse) -> dict[str, int]:
    """Bring back what tables lack of the last version that their histories have; return the rows by table."""
    written = {}
    for table in queries.HISTORY:
        there = await queries.standing(clickhouse, table)
        names = queries.IDENTITY[table]
        lost = [
            row
            async for row in queries.latest(clickhouse, table)
            if int(row["version"]) > there.get(queries.key(names, row), -1)
        ]
        written[table] = await _insert(clickhouse, table, lost)
    return written


async def mend_and_record(clickhouse: ClickHouse) -> dict[str, int]:
    """Likewise, with an entry in the audit log."""
    written = await mend(clickhouse)
    await record_command(clickhouse, "restoreFromHistory", {"rows": written})
    return written


async def _missing(clickhouse: ClickHouse, path: Path, table: str) -> Callable[[Row], bool]:
    """Return what tells the rows of a file that a table lacks.

    Of a table with a history these are the versions that the history lacks, and the last version of each
    row where the table itself has none or a lower one.
    """
    if table in queries.APPENDED:
        added = await queries.appended(clickhouse, table)
        return lambda row: queries.key(queries.APPENDED[table], row) not in added
    names = queries.IDENTITY[table]
    there, past = await queries.standing(clickhouse, table), await queries.past(clickhouse, table)
    last = dict[queries.Key, int]()
    for row in rows_of(path, table):
        about = queries.key(names, row)
        last[about] = max(int(row["version"]), last.get(about, -1))

    def missing(row: Row) -> bool:
        about, version = queries.key(names, row), int(row["version"])
        forgotten = table in queries.HISTORY and (*about, row["version"]) not in past
        return forgotten or (version == last[about] and version > there.get(about, -1))

    return missing


async def _insert(clickhouse: ClickHouse, table: str, rows: Iterable[Row]) -> int:
    count, iterator = 0, iter(rows)
    while batch := list(islice(iterator, BATCH)):
        await queries.insert(clickhouse, table, batch)
        count += len(batch)
    return count
