"""Many services over the last peak days at once, small enough for a line in each row of a table."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.control.services.queries import latest_date
from kubedoor_api.statistics.totals import queries
from kubedoor_api.statistics.totals.models import ServiceLine, ServiceLines, ServiceLinesQuery
from kubedoor_api.web.concurrency import SingleFlight
from kubedoor_api.web.encoded_body import EncodedBody, listed, prepared
from kubedoor_core.clickhouse import ClickHouse

if TYPE_CHECKING:
    from kubedoor_api.auth.namespace_scope import NamespaceScope
    from kubedoor_api.web.endpoint import Caller, Context
    from kubedoor_core.clickhouse import Row

CALENDAR_DAYS = 4
"""So many calendar days are searched for each peak day that is asked for: weekends and gaps lie between."""


def _line(row: Row, dates: list[date]) -> ServiceLine:
    days = {date.fromisoformat(day): (cpu, mem) for day, cpu, mem in row["days"]}
    points = [days.get(day, (None, None)) for day in dates]
    return ServiceLine(
        namespace=row["namespace"],
        kind=row["kind"],
        name=row["name"],
        cpu_m=[cpu for cpu, _ in points],
        mem_mib=[mem for _, mem in points],
    )


async def lines(caller: Caller, context: Context, env: str, query: ServiceLinesQuery) -> EncodedBody:
    """Return the P95 of each service that the caller may see, over the last peak days that were collected."""
    scope = await namespace_scope(caller, context, env)
    key = ("service-lines", env, query.model_dump_json(), scope)
    return await context[SingleFlight].get(key, lambda: _lines(context, env, query, scope))


async def _lines(context: Context, env: str, query: ServiceLinesQuery, scope: NamespaceScope) -> EncodedBody:
    latest = await latest_date(context[ClickHouse], env)
    if latest is None:
        return prepared(ServiceLines(dates=[], items=[]))
    since = latest - timedelta(days=CALENDAR_DAYS * query.days)
    dates = (await queries.dates(context[ClickHouse], env, since, latest))[-query.days :]
    rows = queries.service_lines(
        context[ClickHouse],
        env=env,
        since=dates[0],
        until=latest,
        namespace=query.namespace,
        scope=scope,
    )

    async def rest(_: Row | None) -> ServiceLines:
        return ServiceLines(dates=dates, items=[])

    return await listed(rows, lambda row: _line(row, dates), rest)
