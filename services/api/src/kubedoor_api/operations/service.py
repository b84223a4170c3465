"""Asking for operations, looking at them, cancelling them, and taking them back."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kubedoor_api.access.roles import Role, authorize
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.commits.writer import Writer
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.clusters import Clusters, no_cluster
from kubedoor_api.operations import queries
from kubedoor_api.operations.desired import BEFORE, Rollback, require_one_fit, validate_targets, wanted_of
from kubedoor_api.operations.job import Job, Step, ended, job_of, row_of
from kubedoor_api.operations.models import (
    NewOperation,
    Operation,
    OperationList,
    OperationQuery,
    OperationSummary,
)
from kubedoor_api.operations.serializers import (
    FIRST,
    can_roll_back,
    look,
    noted,
    operation_of,
    summary_of_row,
)
from kubedoor_api.operations.wake import Wake
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import FieldCode, ProblemCode
from kubedoor_core.problems import Problem, bad_field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kubedoor_api.web.endpoint import AuditContext, Caller, Context
    from kubedoor_core.clickhouse import Row


def _missing(env: str, operation_id: str) -> Problem:
    return Problem(
        404,
        f"There is no operation {operation_id} in {env}",
        code=ProblemCode.NO_OPERATION,
        parameters={"env": env, "id": operation_id},
    )


async def load(context: Context, env: str, operation_id: str) -> Job:
    """Return an operation.

    :raises Problem: 404.
    """
    row = await queries.one(context[ClickHouse], env, operation_id)
    if row is None:
        raise _missing(env, operation_id)
    return job_of(row)


def shown(context: Context, job: Job) -> Operation:
    """Tell of an operation, and of what keeps it waiting now."""
    return operation_of(job, look(context, job.env, job.state, job.run_at))


def authorize_targets(caller: Caller, role: Role, env: str, namespaces: Iterable[str]) -> None:
    """Refuse where the caller's role doesn't reach each of the namespaces.

    :raises Problem: 403 naming the first.
    """
    for namespace in dict.fromkeys(namespaces):
        authorize(caller.principal.grants, role, env, namespace)


async def load_for(caller: Caller, role: Role, context: Context, env: str, operation_id: str) -> Job:
    """Return an operation to whoever has a role in all of its services' namespaces.

    :raises Problem: 404, 403.
    """
    job = await load(context, env, operation_id)
    authorize_targets(caller, role, env, (step.namespace for step in job.steps))
    return job


def require_cluster(context: Context, env: str) -> None:
    """Refuse where there is no cluster to act on.

    :raises Problem: 409.
    """
    if env not in context[Clusters].names:
        raise no_cluster(env)


def _until(request: NewOperation, now: datetime) -> datetime | None:
    if request.for_s is not None:
        return now + timedelta(seconds=request.for_s)
    if request.until is not None and request.until <= now:
        given = request.until.isoformat()
        reason = f"{given} is past; the time must be in the future"
        raise bad_field("until", reason, FieldCode.IN_THE_PAST, value=given)
    return request.until


def new_job(
    env: str, actor: str, request: NewOperation, *, rollout_timeout_s: int, schedule_id: str = ""
) -> Job:
    """Return the operation that a request asks for, not begun.

    :raises Problem: 400 for a time that is past, or where nothing could be acted on.
    """
    now, wrong = datetime.now(UTC), validate_targets(request.targets)
    require_one_fit(request.targets, wrong)
    steps = tuple(
        Step(
            target.namespace,
            target.name,
            wanted_of(request.kind, target, wrong.get(index)).model_dump_json(),
        )
        for index, target in enumerate(request.targets)
    )
    return Job(
        id=uuid.uuid4().hex,
        env=env,
        kind=request.kind,
        requested_by=actor,
        requested_at=now,
        steps=steps,
        pause_s=request.pause_s,
        stop_on_error=request.stop_on_error,
        wait_rollout=request.wait_rollout,
        rollback_on_failure=request.rollback_on_failure,
        rollout_timeout_s=request.rollout_timeout_s or rollout_timeout_s,
        until=_until(request, now),
        schedule_id=schedule_id,
    )


async def add(context: Context, job: Job, audit: AuditContext | None = None) -> Job:
    """Commit a new operation and wake the executor; one that is there already stays as it is."""

    async def prepare() -> list[Row]:
        standing = await queries.one(context[ClickHouse], job.env, job.id)
        return [] if standing else [row_of(job)]

    if audit:
        audit.set(None, noted(shown(context, job)))
    version = await context[Writer].commit("operation", job.requested_by, prepare, audit)
    context[Wake].ring()
    return replace(job, version=version)


async def create(
    context: Context,
    env: str,
    actor: str,
    request: NewOperation,
    schedule_id: str = "",
    *,
    operation_id: str = "",
) -> str:
    """Ask for an operation in somebody's name and return its id; it is run by whoever leads.

    The caller has seen to it that the actor may do this with each of the services.

    :param schedule_id: the schedule that makes it, or empty.
    :param operation_id: an id of the caller's own, so that asking twice makes one operation.
    :raises Problem: 400 for a time that is past, 409 where the env has no cluster.
    """
    require_cluster(context, env)
    timeout_s = context[ApiSettings].rollout_timeout_s
    job = new_job(env, actor, request, rollout_timeout_s=timeout_s, schedule_id=schedule_id)
    return (await add(context, replace(job, id=operation_id or job.id))).id


async def request_operation(
    caller: Caller, context: Context, env: str, request: NewOperation, audit: AuditContext
) -> Operation:
    """Ask for an operation in the caller's name.

    :raises Problem: 400, 403, 409.
    """
    authorize_targets(caller, Role.OPERATOR, env, (target.namespace for target in request.targets))
    timeout_s = context[ApiSettings].rollout_timeout_s
    job = new_job(env, caller.principal.name, request, rollout_timeout_s=timeout_s)
    require_cluster(context, env)
    return shown(context, await add(context, job, audit))


async def list_operations(caller: Caller, context: Context, env: str, query: OperationQuery) -> OperationList:
    """Return one page of the operations of which the caller may see all services."""
    rows = await queries.list_operations(
        context[ClickHouse],
        env=env,
        first=FIRST,
        scope=await namespace_scope(caller, context, env),
        sort=query.sort,
        limit=query.limit,
        offset=query.offset,
        state=query.state or "",
        kind=query.kind or "",
        namespace=query.namespace,
        name=query.name,
        actor=query.actor,
        schedule_id=query.schedule_id,
        q=query.q,
    )
    total = rows[0]["total"] if rows else query.offset
    return OperationList(items=[_summary(context, row) for row in rows], total=total)


def _summary(context: Context, row: Row) -> OperationSummary:
    run_at = datetime.fromisoformat(row["run_at"]) if row["run_at"] else None
    return summary_of_row(row, look(context, row["env"], row["state"], run_at))


async def cancel(
    caller: Caller, context: Context, env: str, operation_id: str, audit: AuditContext
) -> Operation:
    """Ask whoever runs an operation to begin no further service.

    :raises Problem: 404, 403, or 409 where it has ended.
    """
    await load_for(caller, Role.OPERATOR, context, env, operation_id)
    name = caller.principal.name

    async def prepare() -> list[Row]:
        standing = await load(context, env, operation_id)
        if standing.state not in {"pending", "running"}:
            raise Problem(
                409,
                f"The operation {operation_id} has ended: it {standing.state}",
                code=ProblemCode.OPERATION_ENDED,
                parameters={"id": operation_id, "state": standing.state},
            )
        if standing.cancelled_by:
            return []
        cancelled = replace(standing, cancelled_by=name)
        # What nobody has begun, such as the end of a temporary scale, ends here and now.
        return [row_of(ended(cancelled, datetime.now(UTC)) if standing.state == "pending" else cancelled)]

    audit.set(None, {"id": operation_id})
    await context[Writer].commit("operation", name, prepare, audit)
    context[Wake].ring()
    return shown(context, await load(context, env, operation_id))


def rollback_job(job: Job, actor: str, *, operation_id: str = "", states: Iterable[str] = ("failed",)) -> Job:
    """Return the operation that restores what stood before another, in the reverse order.

    :param states: of which services, by what became of them.
    """
    steps = tuple(
        Step(
            step.namespace,
            step.name,
            Rollback(operation=job.id, before=BEFORE.validate_json(step.before)).model_dump_json(),
        )
        for step in reversed(job.steps)
        if step.state in states and can_roll_back(step)
    )
    return Job(
        id=operation_id or uuid.uuid4().hex,
        env=job.env,
        kind=job.kind,
        requested_by=actor,
        requested_at=datetime.now(UTC),
        steps=steps,
        pause_s=job.pause_s,
        rollout_timeout_s=job.rollout_timeout_s,
        rollback_of=job.id,
        schedule_id=job.schedule_id,
    )


async def roll_back(
    caller: Caller, context: Context, env: str, operation_id: str, audit: AuditContext
) -> Operation:
    """Ask for the rollback of the services of an operation that failed after they were changed.

    :raises Problem: 404, 403, or 409 where there is nothing to roll back.
    """
    job = await load_for(caller, Role.OPERATOR, context, env, operation_id)
    require_cluster(context, env)
    if job.state in {"pending", "running"}:
        raise Problem(
            409,
            f"The operation {operation_id} is under way: cancel it first",
            code=ProblemCode.OPERATION_UNDER_WAY,
            parameters={"id": operation_id},
        )
    made = rollback_job(job, caller.principal.name, operation_id=f"{job.id}-back")
    if not made.steps:
        raise Problem(
            409,
            f"No service of the operation {operation_id} failed after it was changed",
            code=ProblemCode.NOTHING_TO_ROLL_BACK,
            parameters={"id": operation_id},
        )
    await add(context, made, audit)
    return shown(context, await load(context, env, made.id))
