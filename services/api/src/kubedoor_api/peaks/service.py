"""One day's peak data: a page of it, or all of it to take along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from kubedoor_api.collections.service import of_day
from kubedoor_api.http.csv_text import render
from kubedoor_api.http.operation import Download
from kubedoor_api.http.prepared import Prepared, listed, prepared
from kubedoor_api.peaks import queries
from kubedoor_api.peaks.models import FlagCount, PeakExportQuery, PeakList, PeakQuery, PeakRow
from kubedoor_api.reach.service import reach_of
from kubedoor_api.statistics.service import day_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import date

    from kubedoor_api.context import Context
    from kubedoor_api.http.operation import Caller
    from kubedoor_api.peaks.models import PeakFilter
    from kubedoor_api.reach.service import Reach
    from kubedoor_core.clickhouse import Row

EVERY = 4_000_000_000
"""More rows than a day has."""
SMALL = 1000
"""Up to so many rows a page costs next to nothing."""
ROWS = TypeAdapter(list[PeakRow])
NOTHING = PeakList(date=None, items=[], total=0, flags=[], left_out=[], failed=False, error=None)


def _row(row: Row) -> PeakRow:
    return PeakRow.model_validate({name: row[name] for name in PeakRow.model_fields})


def _rows(
    context: Context, env: str, day: date, query: PeakFilter, reach: Reach, limit: int, offset: int
) -> AsyncIterator[Row]:
    return queries.peaks(
        context.clickhouse,
        env=env,
        day=day,
        sort=query.sort,
        q=query.q,
        namespace=query.namespace,
        flag=query.flag,
        limit=limit,
        offset=offset,
        reach=reach,
    )


async def list_peaks(caller: Caller, context: Context, env: str, query: PeakQuery) -> Prepared:
    """Return one page of a day's rows that the caller may see; large ones are made a few at a time."""
    reach = await reach_of(caller, context, env)

    async def make() -> Prepared:
        day = await day_of(context, env, query.date)
        if day is None:
            return prepared(
                PeakList(date=None, items=[], total=0, flags=[], left_out=[], failed=False, error=None)
            )
        counted = await queries.flag_counts(
            context.clickhouse, env=env, day=day, q=query.q, namespace=query.namespace, reach=reach
        )
        error, left_out = await of_day(context, env, day, reach)
        flags = [FlagCount.model_validate(row) for row in counted]

        async def rest(first: Row | None) -> PeakList:
            total = first["total"] if first else await _total(context, env, day, query, reach)
            told = {"failed": error is not None, "error": error if reach is None else None}
            return PeakList(date=day, items=[], total=total, flags=flags, left_out=left_out, **told)

        rows = _rows(context, env, day, query, reach, query.limit, query.offset)
        return await listed(rows, _row, rest)

    if query.limit <= SMALL:
        return await make()
    return await context.sharing.get(("peaks", env, query, reach), make)


async def _total(context: Context, env: str, day: date, query: PeakQuery, reach: Reach) -> int:
    """Return how many rows there are: a page beyond the last one doesn't tell."""
    if not query.offset:
        return 0
    rows = [row async for row in _rows(context, env, day, query, reach, 1, 0)]
    return int(rows[0]["total"]) if rows else 0


async def export(caller: Caller, context: Context, env: str, query: PeakExportQuery) -> Download:
    """Return all of a day's rows that the caller may see as CSV or JSON."""
    day = await day_of(context, env, query.date)
    reach = await reach_of(caller, context, env)
    rows = [row async for row in _rows(context, env, day, query, reach, EVERY, 0)] if day else []
    name = f"kubedoor-peaks-{day}" if day else "kubedoor-peaks"
    if query.format == "json":
        body = ROWS.dump_json([_row(row) for row in rows]).decode()
        return Download(body, "application/json", f"{name}.json")
    header = ("date", *PeakRow.model_fields)
    lines = ([str(day), *(row[column] for column in queries.COLUMNS), " ".join(row["flags"])] for row in rows)
    return Download(render(header, lines), "text/csv", f"{name}.csv")
