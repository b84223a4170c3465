"""One day's peak data: a page of it, or all of it to take along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.collections.service import of_day
from kubedoor_api.statistics.daily import queries
from kubedoor_api.statistics.daily.models import FlagCount, PeakExportQuery, PeakList, PeakQuery, PeakRow
from kubedoor_api.statistics.totals.service import day_of
from kubedoor_api.web.concurrency import SingleFlight
from kubedoor_api.web.csv_text import render
from kubedoor_api.web.encoded_body import EncodedBody, listed, prepared
from kubedoor_api.web.endpoint import Download
from kubedoor_core.clickhouse import ClickHouse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import date

    from kubedoor_api.auth.namespace_scope import NamespaceScope
    from kubedoor_api.statistics.daily.models import PeakFilter
    from kubedoor_api.web.endpoint import Caller, Context
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
    context: Context, env: str, day: date, query: PeakFilter, scope: NamespaceScope, limit: int, offset: int
) -> AsyncIterator[Row]:
    return queries.peaks(
        context[ClickHouse],
        env=env,
        day=day,
        sort=query.sort,
        q=query.q,
        namespace=query.namespace,
        flag=query.flag,
        limit=limit,
        offset=offset,
        scope=scope,
    )


async def list_peaks(caller: Caller, context: Context, env: str, query: PeakQuery) -> EncodedBody:
    """Return one page of a day's rows that the caller may see; large ones are made a few at a time."""
    scope = await namespace_scope(caller, context, env)

    async def make() -> EncodedBody:
        day = await day_of(context, env, query.date)
        if day is None:
            return prepared(
                PeakList(date=None, items=[], total=0, flags=[], left_out=[], failed=False, error=None)
            )
        counted = await queries.flag_counts(
            context[ClickHouse], env=env, day=day, q=query.q, namespace=query.namespace, scope=scope
        )
        error, left_out = await of_day(context, env, day, scope)
        flags = [FlagCount.model_validate(row) for row in counted]

        async def rest(first: Row | None) -> PeakList:
            total = first["total"] if first else await _total(context, env, day, query, scope)
            told = {"failed": error is not None, "error": error if scope is None else None}
            return PeakList(date=day, items=[], total=total, flags=flags, left_out=left_out, **told)

        rows = _rows(context, env, day, query, scope, query.limit, query.offset)
        return await listed(rows, _row, rest)

    if query.limit <= SMALL:
        return await make()
    return await context[SingleFlight].get(("peaks", env, query, scope), make)


async def _total(context: Context, env: str, day: date, query: PeakQuery, scope: NamespaceScope) -> int:
    """Return how many rows there are: a page beyond the last one doesn't tell."""
    if not query.offset:
        return 0
    rows = [row async for row in _rows(context, env, day, query, scope, 1, 0)]
    return int(rows[0]["total"]) if rows else 0


async def export(caller: Caller, context: Context, env: str, query: PeakExportQuery) -> Download:
    """Return all of a day's rows that the caller may see as CSV or JSON."""
    day = await day_of(context, env, query.date)
    scope = await namespace_scope(caller, context, env)
    rows = [row async for row in _rows(context, env, day, query, scope, EVERY, 0)] if day else []
    name = f"kubedoor-peaks-{day}" if day else "kubedoor-peaks"
    if query.format == "json":
        body = ROWS.dump_json([_row(row) for row in rows]).decode()
        return Download(body, "application/json", f"{name}.json")
    header = ("date", *PeakRow.model_fields)
    lines = ([str(day), *(row[column] for column in queries.COLUMNS), " ".join(row["flags"])] for row in rows)
    return Download(render(header, lines), "text/csv", f"{name}.csv")
