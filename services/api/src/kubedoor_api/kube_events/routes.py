"""The endpoints of the events of clusters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from functools import partial
from zoneinfo import ZoneInfo

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import NamespaceScope, sees
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube_events import queries
from kubedoor_api.kube_events.keeper import Keepings
from kubedoor_api.kube_events.models import (
    EventDays,
    EventPage,
    EventQuery,
    EventWatch,
    ServiceEventQuery,
)
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing, ServicePath, page_of
from kubedoor_core.clickhouse import ClickHouse

DAY = timedelta(days=1)
FIRST, LAST = date(2000, 1, 1), date(2200, 1, 1)
"""Days that can be asked for; there is nothing on others."""


def _asked_time(query: EventQuery, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return from when on, and until before when; nothing is of the future, whatever clocks say."""
    if query.day is None:
        now = datetime.now(UTC)
        return now - query.days * DAY, now + DAY
    day = min(max(query.day, FIRST), LAST)
    return (
        datetime.combine(day, time_of_day(), zone),
        datetime.combine(day + DAY, time_of_day(), zone),
    )


@endpoint("GET", "/envs/{env}/events", tag="events", role=Role.VIEWER, by_target=True)
async def list_events(call: Call[EnvPath, EventQuery, Nothing]) -> EventPage:
    """List what Kubernetes has told of its objects, in the namespaces that you may see.

    One that repeats is there once, with how often it has happened. Those of nodes are for those who may see
    the whole env. `watch` says whether they are kept.
    """
    env, context, query = call.path.env, call.context, call.query
    clickhouse, time = context[ClickHouse], _asked_time(query, ZoneInfo(context[ApiSettings].timezone))
    scope: NamespaceScope = None
    if not sees(call.caller, env, None):
        known = await queries.namespaces(clickhouse, env, *time)
        scope = tuple(namespace for namespace in known if sees(call.caller, env, namespace))
    items, total = await page_of(partial(queries.search, clickhouse, env, query, time, scope), query)
    dropped = await queries.dropped(clickhouse, env, *time)
    keeping = context[Keepings].get(env)
    return EventPage(
        items=items,
        total=total,
        dropped=dropped,
        watch=EventWatch(
            on=context[ApiSettings].keep_events,
            chart_value="events.keep",
            watching=keeping is not None and keeping.watching,
            waiting=len(keeping.buffer) if keeping else 0,
            clocks_wrong=keeping.buffer.clocks_wrong if keeping else 0,
            trouble=(keeping.trouble or keeping.unwritten) if keeping else "",
        ),
    )


@endpoint("GET", "/envs/{env}/services/{namespace}/{name}/event-days", tag="events", role=Role.VIEWER)
async def list_service_event_days(call: Call[ServicePath, ServiceEventQuery, Nothing]) -> EventDays:
    """Tell what happened to a service and its pods on each day, as Kubernetes has told it."""
    path, settings, now = call.path, call.context[ApiSettings], datetime.now(UTC)
    since = now - call.query.days * DAY
    found = await queries.by_day(
        call.context[ClickHouse], path.env, path.key, settings.timezone, since, now + DAY
    )
    return EventDays(items=found)
