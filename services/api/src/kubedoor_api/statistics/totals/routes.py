"""The endpoints of statistics: peaks added up, and many services over the last peak days."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from functools import partial

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.control.queries import latest_date
from kubedoor_api.statistics.totals import queries
from kubedoor_api.statistics.totals.models import (
    DayQuery,
    NamespaceStatsPath,
    NamespaceTotalsList,
    ServiceLines,
    ServiceLinesQuery,
    ServiceTrend,
    SpanQuery,
    Trend,
)
from kubedoor_api.web.concurrency import SingleFlight
from kubedoor_api.web.encoded_body import EncodedBody, listed, prepared
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing, ServicePath
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import bad_field

ENV = "/envs/{env}"
DEFAULT_DAYS = 90
CALENDAR_DAYS = 4
"""So many calendar days are searched for each peak day that is asked for: weekends and gaps lie between."""
FIRST, LAST = date(1970, 1, 1), date(2149, 6, 6)
"""What a Date column holds."""


def _storable(name: str, day: date | None) -> date | None:
    if day is not None and not FIRST <= day <= LAST:
        reason = f"must lie between {FIRST} and {LAST}"
        raise bad_field(name, reason, FieldCode.OUT_OF_RANGE, first=str(FIRST), last=str(LAST))
    return day


async def day_of(context: Context, env: str, wanted: date | None) -> date | None:
    """Return the day that is asked for, else the latest collected one, where there is one.

    :raises Problem: 400 for a day that the tables can't hold.
    """
    return _storable("date", wanted) or await latest_date(context[ClickHouse], env)


async def _span(context: Context, env: str, query: SpanQuery) -> tuple[date, date] | None:
    since, until = _storable("since", query.since), _storable("until", query.until)
    last = until or await latest_date(context[ClickHouse], env)
    if last is None:
        return None
    first = since or max(FIRST, last - timedelta(days=DEFAULT_DAYS))
    if first > last:
        reason = f"{first} is after {last}"
        raise bad_field("since", reason, FieldCode.NOT_AFTER, since=str(first), until=str(last))
    return first, last


@endpoint("GET", ENV + "/trend", tag="statistics", role=Role.VIEWER, by_target=True)
async def get_trend(call: Call[EnvPath, SpanQuery, Nothing]) -> Trend:
    """Show an env day by day, from a day to years.

    All of it, or the namespaces that you may see.
    """
    clickhouse, env = call.context[ClickHouse], call.path.env
    span = await _span(call.context, env, call.query)
    scope = await namespace_scope(call.caller, call.context, env)
    return Trend(days=await queries.trend(clickhouse, env, *span, scope=scope) if span else [])


@endpoint("GET", ENV + "/namespaces", tag="statistics", role=Role.VIEWER, by_target=True)
async def list_namespaces(call: Call[EnvPath, DayQuery, Nothing]) -> NamespaceTotalsList:
    """List the namespaces of an env that you may see, with their share of the whole of these."""
    env = call.path.env
    day = await day_of(call.context, env, call.query.date)
    scope = await namespace_scope(call.caller, call.context, env)
    items = await queries.namespaces(call.context[ClickHouse], env, day, scope) if day else []
    return NamespaceTotalsList(date=day, items=items)


@endpoint("GET", ENV + "/namespaces/{namespace}/trend", tag="statistics", role=Role.VIEWER)
async def get_namespace_trend(call: Call[NamespaceStatsPath, SpanQuery, Nothing]) -> Trend:
    """Show a namespace day by day."""
    clickhouse, (env, namespace) = call.context[ClickHouse], (call.path.env, call.path.namespace)
    span = await _span(call.context, env, call.query)
    return Trend(days=await queries.trend(clickhouse, env, *span, namespace=namespace) if span else [])


@endpoint("GET", ENV + "/services/{namespace}/{name}/trend", tag="statistics", role=Role.VIEWER)
async def get_service_trend(call: Call[ServicePath, SpanQuery, Nothing]) -> ServiceTrend:
    """Show one service day by day: its containers' use, requests and limits, its pods, traffic and JVMs."""
    span, clickhouse = await _span(call.context, call.path.env, call.query), call.context[ClickHouse]
    if span is None:
        return ServiceTrend(days=[], traffic=[], jvm=[])
    days, traffic, jvm = await asyncio.gather(
        queries.service(clickhouse, call.path, *span),
        queries.traffic(clickhouse, call.path, *span),
        queries.jvm(clickhouse, call.path, *span),
    )
    return ServiceTrend(days=days, traffic=traffic, jvm=jvm)


@endpoint(
    "GET", ENV + "/service-lines", tag="statistics", role=Role.VIEWER, answers=ServiceLines, by_target=True
)
async def list_service_lines(call: Call[EnvPath, ServiceLinesQuery, Nothing]) -> EncodedBody:
    """Show many services over the last peak days: P95 cpu and memory, a line each.

    All services that were seen and that you may see, or those of a namespace.
    """
    clickhouse, env, query = call.context[ClickHouse], call.path.env, call.query
    scope = await namespace_scope(call.caller, call.context, env)

    async def make() -> EncodedBody:
        latest = await latest_date(clickhouse, env)
        if latest is None:
            return prepared(ServiceLines(dates=[], items=[]))
        since = latest - timedelta(days=CALENDAR_DAYS * query.days)
        dates = (await queries.dates(clickhouse, env, since, latest))[-query.days :]
        return await listed(
            partial(queries.service_lines, clickhouse, env, dates, query.namespace, scope),
            lambda line: line,
            lambda _: ServiceLines(dates=dates, items=[]),
        )

    return await call.context[SingleFlight].get(("service-lines", env, query, scope), make)
