"""Making a back-up, and restoring one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from kubedoor_api.audit.entry import Entry, Link, broken, link_of
from kubedoor_api.audit.recorder import Recorder
from kubedoor_api.audit.verify import Verdict, verify
from kubedoor_api.backup import queries
from kubedoor_api.backup.archive import Archive, Row, Summary, check, rows_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import BadValueError

BATCH = 2000


@dataclass(frozen=True)
class Restored:
    """What a restore did.

    :ivar rows: that were written, by table; rows that were there already are left out.
    """

    summary: Summary
    rows: dict[str, int]
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
    await _fits(clickhouse, path, links)
    written = {table: await _restore(clickhouse, path, table) for table in queries.ROWS}
    await _record(clickhouse, summary, written)
    return Restored(summary, written, await verify(clickhouse))


async def _fits(clickhouse: ClickHouse, path: Path, links: list[Link]) -> None:
    """Refuse an audit log that is not the beginning of the other one: two chains can't become one."""
    ours = [str(row["hash"]) async for row in queries.rows(clickhouse, "audit_log")]
    common = min(len(ours), len(links))
    if ours[:common] != [link.hash for link in links[:common]]:
        raise BadValueError(
            f"{path}: its audit log is not the one of {clickhouse.database}: restore into an empty database"
        )


async def _restore(clickhouse: ClickHouse, path: Path, table: str) -> int:
    there = await queries.keys(clickhouse, table)
    missing = (row for row in rows_of(path, table) if queries.key(table, row) not in there)
    count = 0
    for batch in _batches(missing):
        await queries.insert(clickhouse, table, batch)
        count += len(batch)
    return count


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


async def _record(clickhouse: ClickHouse, summary: Summary, written: dict[str, int]) -> None:
    told = {"made_at": summary.made_at, "sha256": summary.sha256, "rows": written}
    recorder = Recorder(clickhouse)
    recorder.add(
        Entry(
            actor="command line", role="admin", remote="", request_id="",
            action="restoreBackup", outcome="succeeded", after=json.dumps(told),
        )
    )  # fmt: skip
    await recorder.flush()
