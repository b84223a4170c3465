"""Loading, checking and changing schedules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from pydantic import BaseModel

from kubedoor_api.access.roles import Role, authorize
from kubedoor_api.commits.writer import Columns, Writer
from kubedoor_api.operations.notes import note
from kubedoor_api.schedules import queries, runs
from kubedoor_api.schedules.due_queue import Rule, plan
from kubedoor_api.schedules.models import NewSchedule, Schedule, SchedulePath
from kubedoor_api.schedules.schedule import StoredSchedule, row_of, schedule_of
from kubedoor_api.schedules.selector import check_labels
from kubedoor_api.schedules.times import BadFieldError, Timing, check_cron, check_once, read_once, zone_of
from kubedoor_api.web.changed_since import changed_since
from kubedoor_api.web.endpoint import Call, Caller, Context
from kubedoor_api.web.fields import Nothing
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem, bad_field

B = TypeVar("B", bound=BaseModel)


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
    if asked.until_cron is not None:
        check_cron(asked.until_cron, "until_cron")
    if asked.cron is not None:
        return Timing(timezone=asked.timezone, cron=check_cron(asked.cron))
    text = asked.once_at or ""
    if standing and standing.once_at == read_once(text, zone):
        return replace(standing, timezone=asked.timezone)
    return Timing(timezone=asked.timezone, once_at=check_once(text, zone, now))


def authorize_namespaces(caller: Caller, role: Role, env: str, asked: NewSchedule) -> None:
    """Refuse where the caller's role doesn't reach every namespace that a schedule may.

    :raises Problem: 403.
    """
    named = [target.namespace for target in asked.targets or []]
    if asked.selector:
        named = asked.selector.namespaces
    for namespace in dict.fromkeys(named) or [None]:
        authorize(caller.principal.grants, role, env, namespace)


async def load(caller: Caller, role: Role, context: Context, env: str, schedule_id: str) -> StoredSchedule:
    """Return a schedule to whoever has a role in all of its namespaces.

    :raises Problem: 404, 403.
    """
    stored = await queries.one(context[ClickHouse], env, schedule_id)
    if stored is None:
        raise Problem(
            404,
            f"There is no schedule {schedule_id} in {env}",
            code=ProblemCode.NO_SCHEDULE,
            parameters={"env": env, "id": schedule_id},
        )
    authorize_namespaces(caller, role, env, stored.asked)
    return stored


async def shown(context: Context, stored: StoredSchedule) -> Schedule:
    """Return a schedule with its last and its next runs."""
    cursors = await queries.cursors(context[ClickHouse], stored.env)
    last = await queries.latest(context[ClickHouse], stored.env, [stored.id])
    return schedule_of(stored, cursors, last, datetime.now(UTC))


async def _standing(call: Call[SchedulePath, Nothing, B]) -> StoredSchedule:
    """Return the schedule that a change is based on.

    :raises Problem: 404, 403, or 412 with what stands now.
    """
    stored = await load(call.caller, Role.OPERATOR, call.context, call.path.env, call.path.id)
    if str(stored.version) == call.if_match:
        return stored
    current = (await shown(call.context, stored)).model_dump(mode="json")
    what = f"The schedule {stored.name!r}"
    raise changed_since(what, version=stored.version, by=stored.updated_by, current=current)


async def change(
    call: Call[SchedulePath, Nothing, B], edit: Callable[[NewSchedule], NewSchedule]
) -> Schedule:
    """Change a schedule.

    :param edit: returns what is asked for in the place of what stands.
    :raises Problem: 400, 403, 404, 412.
    """
    caller, context, env, schedule_id = call.caller, call.context, call.path.env, call.path.id
    before: list[StoredSchedule] = []

    async def prepare() -> list[Columns]:
        stored, now = await _standing(call), datetime.now(UTC)
        asked = edit(stored.asked)
        authorize_namespaces(caller, Role.OPERATOR, env, asked)
        timing = timing_asked(asked, now, stored.timing)
        # One that is enabled or put to other times counts from now on.
        anew = timing != stored.timing or (asked.enabled and not stored.enabled)
        before[:] = [stored]
        old, new = stored.asked.model_dump(), asked.model_dump()
        call.audit.set({"id": schedule_id, **old}, {"id": schedule_id, **new})
        return [row_of(schedule_id, env, asked, timing, now if anew else stored.effective_from)]

    try:
        await context[Writer].commit("schedule", caller.principal.name, prepare, call.audit)
    except BadFieldError as error:
        raise refuse(error) from error
    made = await load(caller, Role.OPERATOR, context, env, schedule_id)
    for stored in before:
        if stored.enabled and (made.effective_from != stored.effective_from or not made.enabled):
            # Times that nobody ran are noted as skipped: after the change nobody looks at them any more.
            now, since = datetime.now(UTC), stored.effective_from
            cursor = (await queries.cursors(context[ClickHouse], env)).get(stored.id, since)
            if passed := plan(stored.timing, max(cursor, since), now, Rule(0, 0)).skip:
                await runs.skip(context, stored, replace(passed, why=note("missed_before_change")), now)
                await runs.report(context, env, now)
    return await shown(context, made)


async def remove(call: Call[SchedulePath, Nothing, Nothing]) -> None:
    """Remove a schedule; its runs and their operations stay.

    :raises Problem: 403, 404, 412.
    """

    async def prepare() -> list[Columns]:
        stored = await _standing(call)
        call.audit.set({"id": stored.id, **stored.asked.model_dump()}, None)
        timing, since = stored.timing, stored.effective_from
        return [row_of(stored.id, stored.env, stored.asked, timing, since, deleted=True)]

    await call.context[Writer].commit("schedule", call.caller.principal.name, prepare, call.audit)
