"""What runs when: the times of one schedule that is not yet made, and of all that are."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.schedules import queries
from kubedoor_api.schedules.calendar_models import Calendar, CalendarItem, CalendarQuery, Times, TimesQuery
from kubedoor_api.schedules.service import refuse
from kubedoor_api.schedules.shown import NEXT_RUNS, run_time
from kubedoor_api.schedules.stored import timing_of
from kubedoor_api.schedules.times import BadFieldError, Timing, check_cron, check_once, zone_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import bad_field

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Caller, Context
    from kubedoor_core.clickhouse import Row

LONGEST = timedelta(days=92)
MILLISECOND = timedelta(milliseconds=1)
ANY = {"kind": "", "namespace": "", "service": "", "q": ""}


def _timing(query: TimesQuery, now: datetime) -> Timing:
    zone = zone_of(query.timezone)
    if (query.cron is None) == (query.once_at is None):
        raise BadFieldError("cron", "give either cron or once_at", FieldCode.CRON_OR_ONCE)
    if query.cron is not None:
        return Timing(timezone=query.timezone, cron=check_cron(query.cron))
    return Timing(timezone=query.timezone, once_at=check_once(query.once_at or "", zone, now))


def check_times(query: TimesQuery) -> Times:
    """Return when something would run.

    :raises Problem: 400, naming the field.
    """
    now = datetime.now(UTC)
    try:
        timing = _timing(query, now)
    except BadFieldError as error:
        raise refuse(error) from error
    return Times(items=[run_time(at, timing) for at in timing.next(now, NEXT_RUNS)])


def _times(row: Row, since: datetime, until: datetime) -> Iterator[tuple[datetime, str]]:
    for at in timing_of(row).after(since - MILLISECOND):
        if at >= until:
            return
        yield at, row["id"]


def _item(row: Row, at: datetime) -> CalendarItem:
    time = run_time(at, timing_of(row))
    return CalendarItem(schedule_id=row["id"], name=row["name"], kind=row["kind"], at=at, local=time.local)


async def calendar(caller: Caller, context: Context, env: str, query: CalendarQuery) -> Calendar:
    """Return what is to run between two times, of what the caller may see.

    :raises Problem: 400 for times in the wrong order or too far apart.
    """
    if not query.since < query.until <= query.since + LONGEST:
        reason = f"must be later than since, by at most {LONGEST.days} days"
        raise bad_field("until", reason, FieldCode.TOO_FAR_APART, days=LONGEST.days)
    found = await queries.find(context[ClickHouse], env, await namespace_scope(caller, context, env), ANY)
    rows = {row["id"]: row for row in found if row["enabled"]}
    every = heapq.merge(*(_times(row, query.since, query.until) for row in rows.values()))
    part = list(islice(every, query.limit + 1))
    items = [_item(rows[schedule_id], at) for at, schedule_id in part[: query.limit]]
    return Calendar(items=items, truncated=len(part) > query.limit)
