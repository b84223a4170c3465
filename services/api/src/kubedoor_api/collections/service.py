"""Asking for days and telling what became of it."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, get_args
from zoneinfo import ZoneInfo

from kubedoor_api.collections import queries
from kubedoor_api.collections.models import (
    Collection,
    CollectionDetails,
    CollectionList,
    CollectionPath,
    CollectionQuery,
    DayError,
    DayLeftOut,
    LeftOut,
    NewCollection,
)
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.settings import service as preferences
from kubedoor_api.web.fields import EnvPath, Nothing
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.left_out import LeftOutReason
from kubedoor_core.domain.peak import PeakSchedule, parse_peak_hours
from kubedoor_core.errors import BadValueError
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import FieldError, Problem

if TYPE_CHECKING:
    from kubedoor_api.auth.namespace_scope import NamespaceScope
    from kubedoor_api.web.endpoint import Call, Context
    from kubedoor_core.clickhouse import Row


EARLIEST = date(2000, 1, 1)
REASONS = frozenset(get_args(LeftOutReason))


def _collection(env: str, row: Row) -> Collection:
    begun = bool(row["run_id"])
    dates = row["run_dates"] or row["dates"]
    errors = zip(row["error_dates"], row["error_reasons"], strict=True)
    return Collection(
        id=row["id"],
        env=env,
        trigger=row["trigger"],
        state=row["state"] if begun else "pending",
        dates=dates,
        day_index=row["day_index"],
        day_count=row["day_count"] or len(dates),
        services_seen=row["services_seen"],
        scrape_interval_s=row["scrape_interval_s"],
        left_out_count=row["left_out_count"],
        errors=[DayError(date=day, reason=reason) for day, reason in errors],
        requested_by=row["requested_by"],
        requested_at=row["requested_at"],
        started_at=row["started_at"] if begun else None,
        heartbeat_at=row["heartbeat_at"] if begun else None,
        finished_at=row["finished_at"] if begun else None,
    )


async def list_collections(context: Context, env: str, query: CollectionQuery) -> CollectionList:
    """Return one page of the collections of an env."""
    rows = await queries.list_collections(context[ClickHouse], env, query.limit, query.offset)
    return CollectionList(
        items=[_collection(env, row) for row in rows], total=rows[0]["total"] if rows else query.offset
    )


def _entry(row: Row) -> dict[str, Any]:
    return {**row, "reason": row["reason"] if row["reason"] in REASONS else "other"}


async def of_day(
    context: Context, env: str, day: date, scope: NamespaceScope
) -> tuple[str | None, list[LeftOut]]:
    """Return why the last collection of a day failed, if it did, and what is left out of what it has."""
    error = await queries.day_error(context[ClickHouse], env, day)
    rows = await queries.left_out_of_day(context[ClickHouse], env, day, scope)
    return error, [LeftOut.model_validate(_entry(row)) for row in rows]


async def get(context: Context, path: CollectionPath) -> CollectionDetails:
    """Return one collection.

    :raises Problem: 404.
    """
    row = await queries.one_collection(context[ClickHouse], path.env, path.id)
    if row is None:
        raise Problem(
            404,
            f"There is no collection {path.id} in {path.env}",
            code=ProblemCode.NO_COLLECTION,
            parameters={"env": path.env, "id": path.id},
        )
    rows = await queries.left_out_of_run(context[ClickHouse], path.env, row["run_id"])
    left_out = [DayLeftOut.model_validate(_entry(one)) for one in rows]
    return CollectionDetails(left_out=left_out, **vars(_collection(path.env, row)))


async def _schedule(context: Context, env: str) -> PeakSchedule:
    value = str(await preferences.effective(context, env, "peak_hours"))
    try:
        return parse_peak_hours(value)
    except BadValueError as error:
        raise Problem(
            409,
            f"The peak hours of {env} are no good: {error}",
            code=ProblemCode.PEAK_HOURS_UNUSABLE,
            parameters={"env": env, "reason": str(error)},
        ) from error


def _checked(dates: list[date], schedule: PeakSchedule, zone: ZoneInfo, now: datetime) -> list[date]:
    errors: list[FieldError] = []
    for index, day in enumerate(dates):
        if not EARLIEST <= day <= now.astimezone(zone).date():
            code, reason = FieldCode.OUT_OF_RANGE, f"{day} lies in the future or too far back"
        elif not schedule.on(day):
            reason = f"{day} is not among the days that the peak hours {schedule} count"
            code = FieldCode.NOT_COUNTED
        elif not schedule.finished(day, zone, now):
            code, reason = FieldCode.NOT_OVER, f"the peak window of {day} is not over yet"
        else:
            continue
        date_of = {"date": str(day)}
        errors.append({"field": f"dates.{index}", "reason": reason, "code": code, "parameters": date_of})
    if errors:
        raise Problem(400, errors[0]["reason"], errors=errors)
    return sorted(set(dates))


async def request(call: Call[EnvPath, Nothing, NewCollection]) -> CollectionDetails:
    """Write a request for the collector.

    :raises Problem: 400 for days whose window is not over.
    """
    context, env, body = call.context, call.path.env, call.body
    schedule, zone = await _schedule(context, env), ZoneInfo(context[ApiSettings].timezone)
    now = datetime.now(UTC)
    if body.dates is not None:
        dates = _checked(body.dates, schedule, zone, now)
    else:
        dates = schedule.last_finished(body.days or 0, zone, now)
    request_id = uuid.uuid4().hex
    call.audit.set(None, {"id": request_id, "dates": [day.isoformat() for day in dates]})
    await queries.insert_request(
        context[ClickHouse],
        request_id=request_id,
        env=env,
        dates=dates,
        by_name=body.dates is not None,
        at=now,
        by=call.caller.principal.name,
    )
    return await get(context, CollectionPath(env=env, id=request_id))
