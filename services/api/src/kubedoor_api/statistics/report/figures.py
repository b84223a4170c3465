"""What a report tells, gathered from what is kept of the peaks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from kubedoor_api.control.queries import latest_date
from kubedoor_api.settings import store
from kubedoor_api.statistics.score.routes import score_day
from kubedoor_api.statistics.score.stored import queries as scores
from kubedoor_api.statistics.totals import queries
from kubedoor_api.statistics.totals.models import DayTotals, Money, NamespaceTotals, ServiceTotals
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse

WEEK = timedelta(days=7)
MOST = 10


class Report(NamedTuple):
    """An env at its last peak, and against the week before.

    :ivar before: the totals seven days earlier; None where that day was not collected.
    :ivar missing: days of the week up to `day` that were not collected.
    :ivar score: mean score of its services, 0 to 100; None while it is not known.
    :ivar scope: the namespaces that it is of; None: all.
    """

    env: str
    day: date
    scope: Sequence[str] | None
    totals: DayTotals
    before: DayTotals | None
    money: Money | None
    score: float | None
    unregistered: int
    missing: tuple[date, ...]
    wasteful: tuple[ServiceTotals, ...]
    namespaces: tuple[NamespaceTotals, ...]


async def gathered(
    context: Context, env: str, scope: Sequence[str] | None, until: date | None = None
) -> Report | None:
    """Gather the report of an env; None where nothing was collected.

    :param scope: only these namespaces; None: all.
    :param until: not of a later day than this.
    """
    clickhouse = context[ClickHouse]
    latest = await latest_date(clickhouse, env)
    if latest is None:
        return None
    last = min(latest, until or latest)
    days = {one.date: one for one in await queries.trend(clickhouse, env, last - 2 * WEEK, last, scope=scope)}
    if not days:
        return None
    day = max(days)
    policy, means, unregistered, wasteful, namespaces = await asyncio.gather(
        store.policy(context, env),
        scores.means(clickhouse, env, day, day, scope),
        queries.unregistered(clickhouse, env, day, scope),
        queries.wasteful(clickhouse, env, day, MOST, scope),
        queries.namespaces(clickhouse, env, day, scope),
    )
    week = [day - timedelta(days=back) for back in range(6, -1, -1)]
    return Report(
        env,
        day,
        scope,
        days[day],
        days.get(day - WEEK),
        Money.of(days[day], policy),
        score_day(means[-1]).score if means else None,
        unregistered,
        tuple(one for one in week if one not in days),
        tuple(wasteful),
        tuple(sorted(namespaces, key=lambda one: -one.cpu_m.waste)[:MOST]),
    )
