"""The endpoints of collections: asking for days, and what became of it."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from kubedoor_api.access.roles import Role
from kubedoor_api.collections import queries
from kubedoor_api.collections.models import (
    CollectionDetails,
    CollectionList,
    CollectionPath,
    CollectionQuery,
    NewCollection,
)
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.settings import store
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing, page_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.env_policy import PEAK_HOURS
from kubedoor_core.domain.peak import PeakSchedule
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import FieldError, Problem

COLLECTION = "/envs/{env}/collections"
EARLIEST = date(2000, 1, 1)


@endpoint("GET", COLLECTION, tag="collections", role=Role.VIEWER)
async def list_collections(call: Call[EnvPath, CollectionQuery, Nothing]) -> CollectionList:
    """List the collections of an env, the latest first."""
    part = partial(queries.list_collections, call.context[ClickHouse], call.path.env)
    found, total = await page_of(part, call.query)
    return CollectionList(items=[one.collection for one in found], total=total)


@endpoint("POST", COLLECTION, tag="collections", role=Role.OPERATOR, status=202)
async def request_collection(call: Call[EnvPath, Nothing, NewCollection]) -> CollectionDetails:
    """Ask for days to be collected.

    The collector takes the request up within seconds; its progress shows in the answer of
    `getCollection`. Days whose window is not over are refused. A day of which the store has clearly fewer
    samples by now keeps what it had, unless it is one of `dates`.
    """
    context, env, body = call.context, call.path.env, call.body
    schedule, zone = (await store.policy(context, env))[PEAK_HOURS], ZoneInfo(context[ApiSettings].timezone)
    now, request_id = datetime.now(UTC), uuid.uuid4().hex
    if body.dates is not None:
        dates = collectable(body.dates, schedule, zone, now)
    else:
        dates = schedule.last_finished(body.days or 0, zone, now)
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
    return await _details(context, CollectionPath(env=env, id=request_id))


def collectable(dates: list[date], schedule: PeakSchedule, zone: ZoneInfo, now: datetime) -> list[date]:
    """Return days in order, each once.

    :raises Problem: 400 for one whose window is not over, or that is none of the peak hours' days.
    """
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


@endpoint("GET", COLLECTION + "/{id}", tag="collections", role=Role.VIEWER)
async def get_collection(call: Call[CollectionPath, Nothing, Nothing]) -> CollectionDetails:
    """Show one collection: how far it is, and what was left out."""
    return await _details(call.context, call.path)


async def _details(context: Context, path: CollectionPath) -> CollectionDetails:
    found = await queries.one_collection(context[ClickHouse], path.env, path.id)
    if found is None:
        raise Problem(
            404,
            f"There is no collection {path.id} in {path.env}",
            code=ProblemCode.NO_COLLECTION,
            parameters={"env": path.env, "id": path.id},
        )
    left_out = await queries.left_out_of_run(context[ClickHouse], path.env, found.run_id)
    return CollectionDetails(left_out=left_out, **vars(found.collection))
