"""The endpoints of one day's peak data: a page of it, or all of it to take along."""

from __future__ import annotations

from functools import partial

from pydantic import TypeAdapter

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.collections.queries import day_error, left_out_of_day
from kubedoor_api.statistics.daily import queries
from kubedoor_api.statistics.daily.models import PeakExportQuery, PeakList, PeakQuery, PeakRow
from kubedoor_api.statistics.totals.routes import day_of
from kubedoor_api.web.concurrency import SingleFlight
from kubedoor_api.web.csv_text import render
from kubedoor_api.web.encoded_body import EncodedBody, listed, prepared
from kubedoor_api.web.endpoint import Call, Download, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing
from kubedoor_core.clickhouse import ClickHouse

COLLECTION = "/envs/{env}/peaks"
EVERY = 4_000_000_000
"""More rows than a day has."""
SMALL = 1000
"""Up to so many rows a page costs next to nothing."""
ROWS = TypeAdapter(list[PeakRow])


@endpoint("GET", COLLECTION, tag="statistics", role=Role.VIEWER, answers=PeakList, by_target=True)
async def list_peaks(call: Call[EnvPath, PeakQuery, Nothing]) -> EncodedBody:
    """List what was collected of one day, a row per container.

    Of the namespaces that you may see. Each with what is odd about it, and how often each oddity is
    found that day.
    """
    context, env, query = call.context, call.path.env, call.query
    clickhouse, scope = context[ClickHouse], await namespace_scope(call.caller, context, env)

    async def make() -> EncodedBody:
        day = await day_of(context, env, query.date)
        if day is None:
            nothing = PeakList(date=None, items=[], total=0, flags=[], left_out=[], failed=False, error=None)
            return prepared(nothing)
        flags = await queries.flag_counts(clickhouse, env, day, query, scope)
        error = await day_error(clickhouse, env, day)
        left_out = await left_out_of_day(clickhouse, env, day, scope)

        return await listed(
            partial(queries.peaks, clickhouse, env, day, query, scope),
            lambda row: row,
            lambda total: PeakList(
                date=day,
                items=[],
                total=total,
                flags=flags,
                left_out=left_out,
                failed=error is not None,
                error=error if scope is None else None,
            ),
            query.limit,
            query.offset,
        )

    # Large ones are made a few at a time.
    if query.limit <= SMALL:
        return await make()
    return await context[SingleFlight].get(("peaks", env, query, scope), make)


@endpoint(
    "GET",
    COLLECTION + "/export",
    tag="statistics",
    role=Role.VIEWER,
    media_types=("text/csv", "application/json"),
    by_target=True,
)
async def export_peaks(call: Call[EnvPath, PeakExportQuery, Nothing]) -> Download:
    """Download what was collected of one day, as CSV or JSON."""
    clickhouse, env, query = call.context[ClickHouse], call.path.env, call.query
    day = await day_of(call.context, env, query.date)
    scope = await namespace_scope(call.caller, call.context, env)
    rows: list[PeakRow] = []
    if day is not None:
        rows = [row async for row, _ in queries.peaks(clickhouse, env, day, query, scope, EVERY, 0)]
    name = f"kubedoor-peaks-{day}" if day else "kubedoor-peaks"
    if query.format == "json":
        return Download(ROWS.dump_json(rows).decode(), "application/json", f"{name}.json")
    header = ("date", *PeakRow.model_fields)
    values = (row.model_dump(mode="json") for row in rows)
    lines = (
        [str(day), *one.values()] for one in ({**row, "flags": " ".join(row["flags"])} for row in values)
    )
    return Download(render(header, lines), "text/csv", f"{name}.csv")
