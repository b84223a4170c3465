"""Many services over the last peak days at once, small enough for a line in each row of a table."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from kubedoor_api.http.prepared import Prepared, listed, prepared
from kubedoor_api.reach.service import reach_of
from kubedoor_api.services.queries import latest_date
from kubedoor_api.statistics import queries
from kubedoor_api.statistics.models import ServiceLine, ServiceLines, ServiceLinesQuery

if TYPE_CHECKING:
    from kubedoor_api.context import Context
    from kubedoor_api.http.operation import Caller
    from kubedoor_api.reach.service import Reach
    from kubedoor_core.clickhouse import Row

CALENDAR_DAYS = 4
"""So many calendar days are searched for each peak day that is asked for: weekends and gaps lie between."""


def _line(row: Row, dates: list[date]) -> ServiceLine:
    days = {date.fromisoformat(day): (cpu, mem) for day, cpu, mem in row["days"]}
    points = [days.get(day, (None, None)) for day in dates]
    return ServiceLine(
        namespace=row["namespace"],
        deployment=row["deployment"],
        cpu_m=[cpu for cpu, _ in points],
        mem_mib=[mem for _, mem in points],
    )


async def lines(caller: Caller, context: Context, env: str, query: ServiceLinesQuery) -> Prepared:
    """Return the P95 of each service that the caller may see, over the last peak days that were collected."""
    reach = await reach_of(caller, context, env)
    key = ("service-lines", env, query.model_dump_json(), reach)
    return await context.sharing.get(key, lambda: _lines(context, env, query, reach))


async def _lines(context: Context, env: str, query: ServiceLinesQuery, reach: Reach) -> Prepared:
    latest = await latest_date(context.clickhouse, env)
    if latest is None:
        return prepared(ServiceLines(dates=[], items=[]))
    since = latest - timedelta(days=CALENDAR_DAYS * query.days)
    dates = (await queries.dates(context.clickhouse, env, since, latest))[-query.days :]
    rows = queries.service_lines(
        context.clickhouse,
        env=env,
        since=dates[0],
        until=latest,
        namespace=query.namespace,
        reach=reach,
    )

    async def rest(_: Row | None) -> ServiceLines:
        return ServiceLines(dates=dates, items=[])

    return await listed(rows, lambda row: _line(row, dates), rest)
