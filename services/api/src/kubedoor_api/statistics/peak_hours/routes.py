"""The endpoints of peak hours: found ones, and use by hour and day."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.control.queries import latest_date
from kubedoor_api.settings import store
from kubedoor_api.statistics.peak_hours import queries
from kubedoor_api.statistics.peak_hours.models import (
    Found,
    FoundInNamespace,
    HeatMap,
    HeatMapQuery,
    PeakHoursFound,
    PeakHoursQuery,
)
from kubedoor_api.statistics.peak_hours.queries import NamespaceDay
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.arrays import Floats
from kubedoor_core.domain.env_policy import OWN_PEAK_HOURS, PEAK_HOURS
from kubedoor_core.domain.peak import PeakSchedule
from kubedoor_core.domain.peak_found import ELSEWHERE, SLOTS, FoundHours, as_day, found_hours
from kubedoor_core.domain.workload import ServiceKey

CORE_M = 1000.0
HOURS, PER_HOUR = 24, 12
NO_DAY = date(1970, 1, 1)


@endpoint("GET", "/envs/{env}/peak-hours", tag="statistics", role=Role.VIEWER, by_target=True)
async def find_peak_hours(call: Call[EnvPath, PeakHoursQuery, Nothing]) -> PeakHoursFound:
    """Find the hours in which most is used, of all services and of each namespace.

    In the days that are known as a whole, of the namespaces that you may see. Nothing is changed: those of
    all services are the setting `peak_hours`; the services of a namespace that peaks elsewhere can go by
    their own busiest hours, with the setting `rule_exceptions`.
    """
    context, env = call.context, call.path.env
    clickhouse, scope = context[ClickHouse], await namespace_scope(call.caller, context, env)
    policy, until = await store.policy(context, env), await latest_date(clickhouse, env) or NO_DAY
    since = until - timedelta(days=call.query.days - 1)
    days = await queries.days(clickhouse, env, since, until, scope)
    usual = await queries.usual_days(clickhouse, env, since, until, scope)
    return await asyncio.to_thread(found_in, days, usual, policy[PEAK_HOURS], policy[OWN_PEAK_HOURS])


def found_in(
    days: Sequence[NamespaceDay],
    usual: Sequence[tuple[ServiceKey, Sequence[float]]],
    peak: PeakSchedule,
    own_hours: int,
) -> PeakHoursFound:
    """Return the peak hours of all services and of each namespace.

    :param usual: what one pod of each service uses over a usual day, millicores.
    """
    dates = sorted({one.date for one in days})
    groups: dict[str, Floats] = {}
    for one in days:
        groups[one.namespace] = groups.get(one.namespace, np.zeros(SLOTS)) + as_day(one.used) / len(dates)
    services = np.array([as_day(used) for _, used in usual]).reshape(-1, SLOTS)
    namespace_of = np.array([namespace for (namespace, _, _), _ in usual], dtype=np.str_)
    whole = np.sum([np.zeros(SLOTS), *groups.values()], axis=0)
    return PeakHoursFound(
        peak_hours=str(peak),
        since=dates[0] if dates else None,
        until=dates[-1] if dates else None,
        days=len(dates),
        env=Found(**_told(found_hours(whole, services, peak, own_hours), peak)),
        namespaces=[
            FoundInNamespace(
                namespace=name,
                **_told(found_hours(groups[name], services[namespace_of == name], peak, own_hours), peak),
            )
            for name in sorted(groups)
        ],
    )


def _told(found: FoundHours, peak: PeakSchedule) -> dict[str, Any]:
    now, then = int(found.missed_now.sum()), int(found.missed_then.sum())
    other = found.hours is not None and str(found.hours) != str(peak)
    return {
        "peak_hours": None if found.hours is None else str(found.hours),
        "cores_now": found.now / CORE_M,
        "cores_then": found.then / CORE_M,
        "services": len(found.missed_now),
        "missed_now": now,
        "missed_then": then,
        "better": other and (then < now or found.then >= ELSEWHERE * found.now),
    }


@endpoint("GET", "/envs/{env}/heat-map", tag="statistics", role=Role.VIEWER, by_target=True)
async def show_heat_map(call: Call[EnvPath, HeatMapQuery, Nothing]) -> HeatMap:
    """Show what was used hour by hour and day by day: by all services, a namespace, or one service."""
    context, env, asked = call.context, call.path.env, call.query
    clickhouse, scope = context[ClickHouse], await namespace_scope(call.caller, context, env)
    policy, until = await store.policy(context, env), await latest_date(clickhouse, env) or NO_DAY
    since = until - timedelta(days=asked.days - 1)
    service = (asked.kind, asked.name) if asked.name else None
    days = await queries.days(clickhouse, env, since, until, scope, asked.namespace, service)
    dates = sorted({one.date for one in days})
    return HeatMap(
        peak_hours=str(policy[PEAK_HOURS]),
        dates=dates,
        cores=[_by_hour([one for one in days if one.date == day]) for day in dates],
    )


def _by_hour(days: Sequence[NamespaceDay]) -> list[float | None]:
    """Return the mean of each hour of a day, cores; None where nothing is known of it."""
    used = np.sum([as_day(one.used) for one in days], axis=0).reshape(HOURS, PER_HOUR)
    known = np.sum([as_day(one.known) for one in days], axis=0).reshape(HOURS, PER_HOUR) > 0
    return [
        float(hour[there].mean()) / CORE_M if there.any() else None
        for hour, there in zip(used, known, strict=True)
    ]
