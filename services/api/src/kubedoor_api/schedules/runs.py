"""Beginning runs: which services they mean now, and the operations that they make."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import sees
from kubedoor_api.commits.writer import Writer
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.operations import service as operations
from kubedoor_api.operations.job import row_of
from kubedoor_api.operations.models import MAX_TARGETS, NewOperation
from kubedoor_api.operations.wake import Wake
from kubedoor_api.schedules import queries
from kubedoor_api.schedules import service as schedules
from kubedoor_api.schedules.calendar_models import Matches, MatchesQuery
from kubedoor_api.schedules.models import Selector
from kubedoor_api.schedules.run_models import ScheduleRun
from kubedoor_api.schedules.selecting import check_labels, select
from kubedoor_api.schedules.shown import run_of
from kubedoor_api.schedules.times import BadFieldError
from kubedoor_api.web.fields import ServiceName
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import KubeDoorError, UnavailableError
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem, unavailable

if TYPE_CHECKING:
    from kubedoor_api.schedules.stored import Stored
    from kubedoor_api.web.endpoint import AuditContext, Caller, Context
    from kubedoor_core.clickhouse import Row


async def _services(context: Context, stored: Stored) -> list[ServiceName]:
    """Return what the selector finds; nothing where the services are named.

    :raises Problem: 409 where it finds none, or more than an operation takes.
    """
    selector = stored.asked.selector
    if selector is None:
        return []
    found = await select(context, stored.env, selector)
    if not found:
        raise Problem(409, "The selector matches no service", code=ProblemCode.SELECTOR_FINDS_NOTHING)
    if len(found) > MAX_TARGETS:
        raise Problem(
            409,
            f"The selector matches {len(found)} services, and an operation takes {MAX_TARGETS}",
            code=ProblemCode.SELECTOR_FINDS_TOO_MANY,
            parameters={"count": len(found), "most": MAX_TARGETS},
        )
    return found


@dataclass(frozen=True)
class Asked:
    """An operation that a run is to make.

    :ivar actor: in whose name.
    """

    run_id: str
    schedule_id: str
    actor: str
    request: NewOperation


async def ask_for(context: Context, stored: Stored, run_id: str, actor: str) -> Asked:
    """Return what a run asks for now.

    :raises Problem: 4xx, for what is wrong with the schedule as things are now.
    :raises KubeDoorError: what is needed could not be asked.
    """
    operations.require_cluster(context, stored.env)
    request = stored.asked.operation(await _services(context, stored))
    return Asked(run_id, stored.id, actor, request)


async def begin(
    context: Context, env: str, asked: Sequence[Asked], audit: AuditContext | None = None
) -> None:
    """Make the operations of runs, all in one commit; one that is there already stays as it is.

    :raises UnavailableError: ClickHouse could not be asked; any of them may be there.
    """
    timeout_s = context[ApiSettings].rollout_timeout_s
    jobs = {
        one.run_id: operations.new_job(
            env, one.actor, one.request, rollout_timeout_s=timeout_s, schedule_id=one.schedule_id
        )
        for one in asked
    }

    async def prepare() -> list[Row]:
        there = await queries.made(context[ClickHouse], env, list(jobs))
        return [row_of(replace(job, id=run_id)) for run_id, job in jobs.items() if run_id not in there]

    await context[Writer].commit("operation", "schedules", prepare, audit)
    context[Wake].ring()


async def run_now(
    caller: Caller, context: Context, env: str, schedule_id: str, audit: AuditContext
) -> ScheduleRun:
    """Run a schedule at once, in the caller's name, whatever its times.

    :raises Problem: 403, 404, or 409 where it can't be.
    """
    stored = await schedules.load(caller, Role.OPERATOR, context, env, schedule_id)
    run_id, now, actor = uuid.uuid4().hex, datetime.now(UTC), caller.principal.name
    audit.set(None, {"id": schedule_id, "operation_id": run_id})
    try:
        await begin(context, env, [await ask_for(context, stored, run_id, actor)], audit)
    except UnavailableError:
        raise
    except KubeDoorError as error:
        reason = str(error)
        raise Problem(409, reason, code=ProblemCode.RUN_REFUSED, parameters={"reason": reason}) from error
    row = {
        "env": env,
        "schedule_id": schedule_id,
        "run_id": run_id,
        "state": "started",
        "trigger": "hand",
        "due_at": now,
        "until_at": now,
        "requested_by": actor,
        "at": now,
        "instance": context[Leadership].identity,
    }
    await queries.insert_run(context[ClickHouse], row, once=f"run:{run_id}")
    found = await queries.run(context[ClickHouse], env, schedule_id, run_id)
    if found is None:
        raise unavailable("ClickHouse does not show the run yet", "clickhouse")
    return run_of(found)


async def matches(caller: Caller, context: Context, env: str, query: MatchesQuery) -> Matches:
    """Return what a selector finds now, of what the caller may see.

    :raises Problem: 400 for labels that are none, 409 where the env has no cluster.
    """
    try:
        labels = check_labels(query.labels)
    except BadFieldError as error:
        raise schedules.refuse(error) from error
    selector = Selector(namespaces=query.namespaces, labels=labels, name=query.name)
    every = await select(context, env, selector)
    found = [service for service in every if sees(caller, env, service.namespace)]
    return Matches(items=found[:MAX_TARGETS], total=len(found))
