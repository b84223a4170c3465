"""Making, changing, finding and removing schedules."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kubedoor_api.access.roles import Role, authorize
from kubedoor_api.commits.writer import Writer
from kubedoor_api.kube.clusters import no_cluster
from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.schedules import decisions, queries
from kubedoor_api.schedules.misfire import Rule, plan
from kubedoor_api.schedules.models import NewSchedule, Schedule
from kubedoor_api.schedules.selecting import check_labels
from kubedoor_api.schedules.shown import schedule_of
from kubedoor_api.schedules.stored import Stored, namespaces_of, read, row_of
from kubedoor_api.schedules.times import BadFieldError, Timing, check_cron, check_once, read_once, zone_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem, bad_field

if TYPE_CHECKING:
    from collections.abc import Callable

    from kubedoor_api.web.endpoint import AuditContext, Caller, Context
    from kubedoor_core.clickhouse import Row


def refuse(error: BadFieldError) -> Problem:
    """Return the 400 that names the field."""
    return bad_field(error.field, str(error), error.code, **error.parameters)


def timing_asked(asked: NewSchedule, now: datetime, standing: Timing | None = None) -> Timing:
    """Check when a schedule is to run.

    :param standing: what stands: a date that stays as it is may be past.
    :raises BadFieldError: naming the field.
    """
    zone = zone_of(asked.timezone)
    if asked.selector:
        check_labels(asked.selector.labels)
    if asked.cron is not None:
        return Timing(timezone=asked.timezone, cron=check_cron(asked.cron))
    text = asked.once_at or ""
    if standing and standing.once_at == read_once(text, zone):
        return replace(standing, timezone=asked.timezone)
    return Timing(timezone=asked.timezone, once_at=check_once(text, zone, now))


def authorize_reach(caller: Caller, role: Role, env: str, asked: NewSchedule) -> None:
    """Refuse where the caller's role doesn't reach every namespace that a schedule may.

    :raises Problem: 403.
    """
    named: list[str | None] = [*namespaces_of(asked)]
    for namespace in named or [None]:
        authorize(caller.principal.grants, role, env, namespace)


async def load(caller: Caller, role: Role, context: Context, env: str, schedule_id: str) -> Stored:
    """Return a schedule to whoever has a role in all of its namespaces.

    :raises Problem: 404, 403.
    """
    row = await queries.one(context[ClickHouse], env, schedule_id)
    if row is None:
        raise Problem(
            404,
            f"There is no schedule {schedule_id} in {env}",
            code=ProblemCode.NO_SCHEDULE,
            parameters={"env": env, "id": schedule_id},
        )
    stored = read(row)
    authorize_reach(caller, role, env, stored.asked)
    return stored


async def _shown(context: Context, stored: Stored) -> Schedule:
    cursor = (await queries.cursors(context[ClickHouse], stored.env)).get(stored.id)
    last = (await queries.latest(context[ClickHouse], stored.env, [stored.id])).get(stored.id)
    return schedule_of(stored, cursor, last, datetime.now(UTC))


async def get(caller: Caller, context: Context, env: str, schedule_id: str) -> Schedule:
    """Return one schedule.

    :raises Problem: 404, 403.
    """
    return await _shown(context, await load(caller, Role.VIEWER, context, env, schedule_id))


def _require_runner(context: Context, env: str) -> None:
    if env not in context[Leadership].envs:
        raise no_cluster(env)


async def create(
    caller: Caller, context: Context, env: str, asked: NewSchedule, audit: AuditContext
) -> Schedule:
    """Make a schedule.

    :raises Problem: 400 for times that can't be, 403, 409 where nobody would run it.
    """
    authorize_reach(caller, Role.OPERATOR, env, asked)
    _require_runner(context, env)
    now, schedule_id = datetime.now(UTC), uuid.uuid4().hex
    try:
        timing = timing_asked(asked, now)
    except BadFieldError as error:
        raise refuse(error) from error
    row = row_of(schedule_id, env, asked, timing, now)

    async def prepare() -> list[Row]:
        return [row]

    audit.set(None, {"id": schedule_id, **asked.model_dump()})
    await context[Writer].commit("schedule", caller.principal.name, prepare, audit)
    return await get(caller, context, env, schedule_id)


async def _standing(caller: Caller, context: Context, env: str, schedule_id: str, if_match: str) -> Stored:
    """Return a schedule that a change is based on.

    :raises Problem: 404, 403, or 412 with what stands now.
    """
    stored = await load(caller, Role.OPERATOR, context, env, schedule_id)
    if str(stored.version) == if_match:
        return stored
    current = (await _shown(context, stored)).model_dump(mode="json")
    detail = f"The schedule {stored.asked.name!r} has been changed since: look at `current` and try again"
    headers = {"ETag": f'"{stored.version}"'}
    by = {"by": stored.updated_by}
    raise Problem(412, detail, headers=headers, extra={"current": current}, parameters=by)


async def change(
    caller: Caller,
    context: Context,
    env: str,
    schedule_id: str,
    if_match: str,
    edit: Callable[[NewSchedule], NewSchedule],
    audit: AuditContext,
) -> Schedule:
    """Change a schedule.

    :param edit: returns what is asked for in the place of what stands.
    :raises Problem: 400, 403, 404, 412.
    """
    before: list[Stored] = []

    async def prepare() -> list[Row]:
        stored = await _standing(caller, context, env, schedule_id, if_match)
        asked = edit(stored.asked)
        authorize_reach(caller, Role.OPERATOR, env, asked)
        row = _changed(stored, asked, datetime.now(UTC))
        before[:] = [stored]
        audit.set({"id": schedule_id, **stored.asked.model_dump()}, {"id": schedule_id, **asked.model_dump()})
        return [row]

    try:
        await context[Writer].commit("schedule", caller.principal.name, prepare, audit)
    except BadFieldError as error:
        raise refuse(error) from error
    made = await load(caller, Role.OPERATOR, context, env, schedule_id)
    for stored in before:
        if made.armed_at != stored.armed_at or not made.asked.enabled:
            await _leave_out_what_passed(context, stored)
    return await _shown(context, made)


async def _leave_out_what_passed(context: Context, stored: Stored) -> None:
    """Say of times that nobody ran that they are skipped: after a change nobody looks at them any more."""
    if not stored.asked.enabled:
        return
    now = datetime.now(UTC)
    cursor = (await queries.cursors(context[ClickHouse], stored.env)).get(stored.id, stored.armed_at)
    passed = plan(stored.timing, max(cursor, stored.armed_at), now, Rule(0, 0)).skip
    if passed:
        skip = replace(passed, reason="nobody was there to run it before it was changed")
        await decisions.leave_out(context, {"id": stored.id, "env": stored.env}, skip, now)
        await decisions.tell(context, stored.env, now)


def _changed(stored: Stored, asked: NewSchedule, now: datetime) -> Row:
    """Return the new row; one that is enabled or put to other times counts from now on."""
    timing = timing_asked(asked, now, stored.timing)
    anew = timing != stored.timing or (asked.enabled and not stored.asked.enabled)
    return row_of(stored.id, stored.env, asked, timing, now if anew else stored.armed_at)


async def remove(
    caller: Caller, context: Context, env: str, schedule_id: str, if_match: str, audit: AuditContext
) -> None:
    """Remove a schedule; its runs and their operations stay.

    :raises Problem: 403, 404, 412.
    """

    async def prepare() -> list[Row]:
        stored = await _standing(caller, context, env, schedule_id, if_match)
        audit.set({"id": schedule_id, **stored.asked.model_dump()}, None)
        row = row_of(stored.id, env, stored.asked, stored.timing, stored.armed_at)
        return [{**row, "deleted": True}]

    await context[Writer].commit("schedule", caller.principal.name, prepare, audit)
