"""Peaks added up."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.control.services.queries import count_services, latest_date
from kubedoor_api.settings import service as preferences
from kubedoor_api.statistics.totals import queries
from kubedoor_api.statistics.totals.costs import Prices, cost_of
from kubedoor_api.statistics.totals.models import (
    Amount,
    ContainerDay,
    DayQuery,
    DayTotals,
    NamespaceTotals,
    NamespaceTotalsList,
    Overview,
    ServiceTrend,
    SpanQuery,
    Top,
    TopItem,
    TopQuery,
    Totals,
    Trend,
)
from kubedoor_api.web.fields import ServicePath
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import bad_field

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Caller, Context
    from kubedoor_core.clickhouse import Row

DEFAULT_DAYS = 90
FIRST, LAST = date(1970, 1, 1), date(2149, 6, 6)
"""What a Date column holds."""


def _amount(row: Row, resource: str) -> Amount:
    return Amount.model_validate({name: row[f"{resource}_{name}"] for name in Amount.model_fields})


def _totals(row: Row) -> dict[str, object]:
    return {
        "services": row["services"],
        "pods": row["pods"],
        "cpu_m": _amount(row, "cpu"),
        "mem_mib": _amount(row, "mem"),
    }


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


async def overview(caller: Caller, context: Context, env: str, query: DayQuery) -> Overview:
    """Return an env at the peak of one day: all of it, or the namespaces that the caller may see."""
    day = await day_of(context, env, query.date)
    scope = await namespace_scope(caller, context, env)
    registered = await count_services(context[ClickHouse], env, scope)
    if day is None:
        return Overview(
            date=None, scope=scope, totals=None, money=None, registered=registered, unregistered=0
        )
    rows, unregistered, settings = await asyncio.gather(
        queries.trend(context[ClickHouse], env, day, day, scope),
        queries.unregistered(context[ClickHouse], env, day, scope),
        preferences.values(context, env),
    )
    totals = Totals.model_validate(_totals(rows[0])) if rows else None
    return Overview(
        date=day,
        scope=scope,
        totals=totals,
        money=cost_of(totals, Prices.of(settings)) if totals else None,
        registered=registered,
        unregistered=unregistered,
    )


def _trend(rows: list[Row]) -> Trend:
    return Trend(days=[DayTotals.model_validate({"date": row["date"], **_totals(row)}) for row in rows])


async def trend(caller: Caller, context: Context, env: str, query: SpanQuery) -> Trend:
    """Return an env day by day: all of it, or the namespaces that the caller may see."""
    span = await _span(context, env, query)
    scope = await namespace_scope(caller, context, env)
    return _trend(await queries.trend(context[ClickHouse], env, *span, scope) if span else [])


async def namespace_trend(context: Context, env: str, namespace: str, query: SpanQuery) -> Trend:
    """Return a namespace day by day."""
    span = await _span(context, env, query)
    return _trend(await queries.namespace_trend(context[ClickHouse], env, namespace, *span) if span else [])


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


async def namespaces(caller: Caller, context: Context, env: str, query: DayQuery) -> NamespaceTotalsList:
    """Return the namespaces of an env that the caller may see, with their share of the whole of these."""
    day = await day_of(context, env, query.date)
    scope = await namespace_scope(caller, context, env)
    rows = await queries.namespaces(context[ClickHouse], env, day, scope) if day else []
    whole = {name: sum(row[name] for row in rows) for name in ("cpu_used", "mem_used", "pods")}
    items = [
        NamespaceTotals.model_validate(
            {
                "namespace": row["namespace"],
                "cpu_share": _share(row["cpu_used"], whole["cpu_used"]),
                "mem_share": _share(row["mem_used"], whole["mem_used"]),
                "pod_share": _share(row["pods"], whole["pods"]),
                **_totals(row),
            }
        )
        for row in rows
    ]
    return NamespaceTotalsList(date=day, items=items)


async def top(caller: Caller, context: Context, env: str, query: TopQuery) -> Top:
    """Rank the services of an env that the caller may see on one day."""
    day = await day_of(context, env, query.date)
    scope = await namespace_scope(caller, context, env)
    rows = await queries.top(context[ClickHouse], env, day, query.by, query.limit, scope) if day else []
    items = [
        TopItem.model_validate(
            {**{name: row[name] for name in ("namespace", "name", "value")}, **_totals(row)}
        )
        for row in rows
    ]
    return Top(date=day, items=items)


async def service_trend(context: Context, path: ServicePath, query: SpanQuery) -> ServiceTrend:
    """Return one service day by day."""
    span = await _span(context, path.env, query)
    if span is None:
        return ServiceTrend(days=[])
    rows = await queries.service(context[ClickHouse], path, *span)
    return ServiceTrend(days=[ContainerDay.model_validate(row) for row in rows])
