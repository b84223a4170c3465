"""The endpoints of schedules."""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import namespace_scope, sees
from kubedoor_api.commits.writer import Columns, Writer
from kubedoor_api.kube.clusters import no_cluster
from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.operations.models import MAX_TARGETS
from kubedoor_api.schedules import queries, runs, service
from kubedoor_api.schedules.models import (
    Calendar,
    CalendarItem,
    CalendarQuery,
    Matches,
    MatchesQuery,
    NewSchedule,
    RunList,
    RunQuery,
    Schedule,
    ScheduleList,
    SchedulePath,
    ScheduleQuery,
    ScheduleRun,
    Selector,
    Times,
    TimesQuery,
)
from kubedoor_api.schedules.schedule import (
    NEXT_RUNS,
    RunRecord,
    StoredSchedule,
    row_of,
    run_time,
    state_of,
    summary_of,
)
from kubedoor_api.schedules.selector import check_labels, select
from kubedoor_api.schedules.times import BadFieldError, Timing, check_cron, check_once, zone_of
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing, page_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import KubeDoorError, UnavailableError
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import Problem, bad_field, unavailable

COLLECTION = "/envs/{env}/schedules"
ITEM = COLLECTION + "/{id}"
LONGEST = timedelta(days=92)
MILLISECOND = timedelta(milliseconds=1)
ANY = {"kind": "", "namespace": "", "service": "", "q": ""}


@endpoint("GET", COLLECTION, tag="schedules", role=Role.VIEWER, by_target=True)
async def list_schedules(call: Call[EnvPath, ScheduleQuery, Nothing]) -> ScheduleList:
    """List the schedules of an env.

    Those of which the caller may see all services.
    """
    clickhouse, env, query = call.context[ClickHouse], call.path.env, call.query
    conditions = {name: getattr(query, name) or "" for name in ANY}
    scope = await namespace_scope(call.caller, call.context, env)
    stored = await queries.find(clickhouse, env, scope, conditions)
    cursors = await queries.cursors(clickhouse, env)
    column, down = query.sort.removeprefix("-"), query.sort.startswith("-")
    found: list[tuple[datetime | str, str, str]] = []
    last_ones: list[tuple[str, str]] = []  # by the next run, those without one come last either way
    for one in stored:
        due = one.next_due(cursors.get(one.id))
        if query.state not in {None, state_of(enabled=one.enabled, due=due)}:
            continue
        if column != "next_run":
            found.append((getattr(one, column), "", one.id))
        elif due is not None and one.enabled:
            found.append((due, one.name, one.id))
        else:
            last_ones.append((one.name, one.id))
    ordered = [*(each[-1] for each in sorted(found, reverse=down)), *(each[-1] for each in sorted(last_ones))]
    ids = ordered[query.offset : query.offset + query.limit]
    whole, last = await queries.some(clickhouse, env, ids), await queries.latest(clickhouse, env, ids)
    items = [summary_of(whole[each], cursors, last) for each in ids if each in whole]
    return ScheduleList(items=items, total=len(ordered))


@endpoint("POST", COLLECTION, tag="schedules", role=Role.OPERATOR, status=201, conflicts=True, by_target=True)
async def create_schedule(call: Call[EnvPath, Nothing, NewSchedule]) -> Schedule:
    """Make a schedule.

    It runs an operation at its times, in the name of the schedule: `requested_by` of the operation is
    `schedule` and its name.
    """
    context, env, asked = call.context, call.path.env, call.body
    service.authorize_namespaces(call.caller, Role.OPERATOR, env, asked)
    if env not in context[Leadership].envs:
        raise no_cluster(env)
    now, schedule_id = datetime.now(UTC), uuid.uuid4().hex
    try:
        row = row_of(schedule_id, env, asked, service.timing_asked(asked, now), now)
    except BadFieldError as error:
        raise service.refuse(error) from error

    async def prepare() -> list[Columns]:
        return [row]

    call.audit.set(None, {"id": schedule_id, **asked.model_dump()})
    await context[Writer].commit("schedule", call.caller.principal.name, prepare, call.audit)
    made = await service.load(call.caller, Role.VIEWER, context, env, schedule_id)
    return await service.shown(context, made)


@endpoint("GET", ITEM, tag="schedules", role=Role.VIEWER, by_target=True)
async def get_schedule(call: Call[SchedulePath, Nothing, Nothing]) -> Schedule:
    """Show one schedule and its next five runs."""
    stored = await service.load(call.caller, Role.VIEWER, call.context, call.path.env, call.path.id)
    return await service.shown(call.context, stored)


@endpoint("PUT", ITEM, tag="schedules", role=Role.OPERATOR, if_match=True, by_target=True)
async def change_schedule(call: Call[SchedulePath, Nothing, NewSchedule]) -> Schedule:
    """Put other values in the place of a schedule's."""
    return await service.change(call, lambda _: call.body)


@endpoint("POST", ITEM + "/pause", tag="schedules", role=Role.OPERATOR, if_match=True, by_target=True)
async def pause_schedule(call: Call[SchedulePath, Nothing, Nothing]) -> Schedule:
    """Pause a schedule: its times pass without a run."""
    return await service.change(call, lambda standing: standing.model_copy(update={"enabled": False}))


@endpoint("POST", ITEM + "/enable", tag="schedules", role=Role.OPERATOR, if_match=True, by_target=True)
async def enable_schedule(call: Call[SchedulePath, Nothing, Nothing]) -> Schedule:
    """Let a paused schedule run again, from its next time on."""
    return await service.change(call, lambda standing: standing.model_copy(update={"enabled": True}))


@endpoint("DELETE", ITEM, tag="schedules", role=Role.OPERATOR, status=204, if_match=True, by_target=True)
async def remove_schedule(call: Call[SchedulePath, Nothing, Nothing]) -> None:
    """Remove a schedule; the operations that it made stay."""
    await service.remove(call)


@endpoint(
    "POST", ITEM + "/run", tag="schedules", role=Role.OPERATOR, status=202, conflicts=True, by_target=True
)
async def run_schedule(call: Call[SchedulePath, Nothing, Nothing]) -> ScheduleRun:
    """Run a schedule now, in your own name, whatever its times and whether it is paused."""
    context, env, schedule_id = call.context, call.path.env, call.path.id
    stored = await service.load(call.caller, Role.OPERATOR, context, env, schedule_id)
    run_id, now, actor = uuid.uuid4().hex, datetime.now(UTC), call.caller.principal.name
    call.audit.set(None, {"id": schedule_id, "operation_id": run_id})
    try:
        asked = await runs.ask_for(context, stored, run_id, actor, runs.Moment(now, now))
        await runs.begin(context, env, [asked], now, call.audit)
    except UnavailableError:
        raise
    except KubeDoorError as error:
        reason = str(error)
        raise Problem(409, reason, code=ProblemCode.RUN_REFUSED, parameters={"reason": reason}) from error
    record = RunRecord(
        env=env,
        schedule_id=schedule_id,
        run_id=run_id,
        state="started",
        due_at=now,
        until_at=now,
        at=now,
        instance=context[Leadership].identity,
        trigger="hand",
        requested_by=actor,
    )
    await queries.insert_runs(context[ClickHouse], [record])
    found = await queries.run(context[ClickHouse], env, schedule_id, run_id)
    if found is None:
        raise unavailable("ClickHouse does not show the run yet", "clickhouse")
    return found


@endpoint("GET", ITEM + "/runs", tag="schedules", role=Role.VIEWER, by_target=True)
async def list_schedule_runs(call: Call[SchedulePath, RunQuery, Nothing]) -> RunList:
    """List what became of a schedule's runs, the latest first; those that were left out too."""
    context, env, query = call.context, call.path.env, call.query
    stored = await service.load(call.caller, Role.VIEWER, context, env, call.path.id)
    part = partial(queries.runs, context[ClickHouse], env, stored.id, query.outcome or "")
    found, total = await page_of(part, query)
    return RunList(items=found, total=total)


@endpoint("GET", "/envs/{env}/schedule-times", tag="schedules", role=Role.VIEWER, by_target=True)
async def check_schedule_times(call: Call[EnvPath, TimesQuery, Nothing]) -> Times:
    """Check a cron expression or a date, and say when it would run."""
    query, now = call.query, datetime.now(UTC)
    if (query.cron is None) == (query.once_at is None):
        raise bad_field("cron", "give either cron or once_at", FieldCode.CRON_OR_ONCE)
    try:
        zone, at = zone_of(query.timezone), query.once_at
        cron = check_cron(query.cron) if query.cron is not None else ""
        timing = Timing(query.timezone, cron, check_once(at, zone, now) if at is not None else None)
    except BadFieldError as error:
        raise service.refuse(error) from error
    return Times(items=[run_time(at, timing) for at in timing.next(now, NEXT_RUNS)])


@endpoint(
    "GET", "/envs/{env}/schedule-matches", tag="schedules", role=Role.VIEWER, conflicts=True, by_target=True
)
async def match_schedule_selector(call: Call[EnvPath, MatchesQuery, Nothing]) -> Matches:
    """Say which services a selector means now, of what the caller may see."""
    env, query = call.path.env, call.query
    try:
        labels = check_labels(query.labels)
    except BadFieldError as error:
        raise service.refuse(error) from error
    selector = Selector(namespaces=query.namespaces, labels=labels, name=query.name)
    every = await select(call.context, env, selector)
    found = [one for one in every if sees(call.caller, env, one.namespace)]
    return Matches(items=found[:MAX_TARGETS], total=len(found))


@endpoint("GET", "/envs/{env}/schedule-calendar", tag="schedules", role=Role.VIEWER, by_target=True)
async def get_schedule_calendar(call: Call[EnvPath, CalendarQuery, Nothing]) -> Calendar:
    """Say what is to run when, over all schedules of an env that the caller may see."""
    env, query = call.path.env, call.query
    if not query.since < query.until <= query.since + LONGEST:
        reason = f"must be later than since, by at most {LONGEST.days} days"
        raise bad_field("until", reason, FieldCode.TOO_FAR_APART, days=LONGEST.days)

    def times(stored: StoredSchedule) -> Iterator[tuple[datetime, str]]:
        for at in stored.timing.after(query.since - MILLISECOND):
            if at >= query.until:
                return
            yield at, stored.id

    scope = await namespace_scope(call.caller, call.context, env)
    found = await queries.find(call.context[ClickHouse], env, scope, ANY)
    enabled = {stored.id: stored for stored in found if stored.enabled}
    part = list(islice(heapq.merge(*map(times, enabled.values())), query.limit + 1))
    items = []
    for at, schedule_id in part[: query.limit]:
        one = enabled[schedule_id]
        told = {"schedule_id": one.id, "name": one.name, "kind": one.kind}
        items.append(CalendarItem.model_validate({**told, **dict(run_time(at, one.timing))}))
    return Calendar(items=items, truncated=len(part) > query.limit)
