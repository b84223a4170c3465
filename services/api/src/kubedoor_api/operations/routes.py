"""The endpoints of operations."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.leader.claims import cancel
from kubedoor_api.operations import preview, queries, repository, serializers
from kubedoor_api.operations.models import (
    NewOperation,
    OperationDetail,
    OperationList,
    OperationPath,
    OperationPreview,
    OperationProgress,
    OperationQuery,
)
from kubedoor_api.operations.operation import OPEN, Operation
from kubedoor_api.operations.repository import OPERATIONS
from kubedoor_api.operations.requests import authorize_targets, new_operation, require_cluster
from kubedoor_api.web.endpoint import Call, Stream, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing, page_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

COLLECTION = "/envs/{env}/operations"
ITEM = COLLECTION + "/{id}"

ItemCall = Call[OperationPath, Nothing, Nothing]


async def _load(call: ItemCall, role: Role) -> Operation:
    """Return the operation to whoever has a role in all of its services' namespaces.

    :raises Problem: 404, 403.
    """
    operation = await OPERATIONS.load(call.context, call.path.env, call.path.id)
    authorize_targets(call.caller, role, call.path.env, (target.namespace for target in operation.targets))
    return operation


@endpoint(
    "POST", COLLECTION, tag="operations", role=Role.OPERATOR, status=202, conflicts=True, by_target=True
)
async def create_operation(call: Call[EnvPath, Nothing, NewOperation]) -> OperationDetail:
    """Scale or restart services, one or many.

    The answer comes at once; look at the operation or follow its events. A scale to a count makes
    it the service's manual count first, then asks the cluster. A service that can't be acted on
    fails with the reason, and the others go on.
    """
    env, actor, now = call.path.env, call.caller.principal.name, datetime.now(UTC)
    authorize_targets(call.caller, Role.OPERATOR, env, (target.namespace for target in call.body.targets))
    operation = new_operation(call.context, env, actor, call.body, now)
    require_cluster(call.context, env)
    call.audit.set(None, serializers.audited(serializers.detail_of(call.context, operation)))
    version = await repository.add(call.context, [operation], actor, call.audit)
    return serializers.detail_of(call.context, replace(operation, version=version))


@endpoint(
    "POST", COLLECTION + "/preview", tag="operations", role=Role.OPERATOR, conflicts=True, by_target=True
)
async def preview_operation(call: Call[EnvPath, Nothing, NewOperation]) -> OperationPreview:
    """Say what an operation would do, and whether the cluster has room for it.

    Nothing is changed.
    """
    env = call.path.env
    authorize_targets(call.caller, Role.OPERATOR, env, (target.namespace for target in call.body.targets))
    return await preview.preview(call.context, env, call.body)


@endpoint("GET", COLLECTION, tag="operations", role=Role.VIEWER, by_target=True)
async def list_operations(call: Call[EnvPath, OperationQuery, Nothing]) -> OperationList:
    """List the operations of an env.

    Those of which the caller may see all services.
    """
    query = call.query
    scope = await namespace_scope(call.caller, call.context, call.path.env)
    names = ("state", "kind", "namespace", "name", "actor", "schedule_id", "q")
    part = partial(
        queries.list_operations,
        call.context[ClickHouse],
        call.path.env,
        serializers.FIRST,
        scope,
        query.sort,
        {name: getattr(query, name) or "" for name in names},
    )
    found, total = await page_of(part, query)
    return OperationList(items=[serializers.summary_of(call.context, *one) for one in found], total=total)


@endpoint("GET", ITEM, tag="operations", role=Role.VIEWER, by_target=True)
async def get_operation(call: Call[OperationPath, Nothing, Nothing]) -> OperationDetail:
    """Show one operation, and what became of each of its services."""
    return serializers.detail_of(call.context, await _load(call, Role.VIEWER))


@endpoint(
    "GET",
    ITEM + "/events",
    tag="operations",
    role=Role.VIEWER,
    by_target=True,
    media_types=("text/event-stream",),
    event_model=OperationProgress,
)
async def watch_operation(call: Call[OperationPath, Nothing, Nothing]) -> Stream:
    """Follow an operation.

    Server-sent events: `progress`, whose data is an `OperationProgress` (the first holds all services, the
    following those that changed), and `end`, after which the stream closes. A comment every few
    seconds keeps the connection open.
    """
    return Stream(serializers.progress(call.context, await _load(call, Role.VIEWER)))


@endpoint(
    "POST", ITEM + "/cancel", tag="operations", role=Role.OPERATOR, status=202, conflicts=True, by_target=True
)
async def cancel_operation(call: Call[OperationPath, Nothing, Nothing]) -> OperationDetail:
    """Cancel an operation.

    No further service is begun; what has been asked of the cluster stays. 409 if it has ended.
    """
    context, operation = call.context, await _load(call, Role.OPERATOR)
    by, now = call.caller.principal.name, datetime.now(UTC)
    call.audit.set(None, {"id": operation.id})
    cancelled = await cancel(
        OPERATIONS, context, operation, by, call.audit, lambda one: one.ended(now), repository.ENDED
    )
    return serializers.detail_of(context, cancelled)


@endpoint(
    "POST",
    ITEM + "/rollback",
    tag="operations",
    role=Role.OPERATOR,
    status=202,
    conflicts=True,
    by_target=True,
)
async def rollback_operation(call: Call[OperationPath, Nothing, Nothing]) -> OperationDetail:
    """Restore the previous values of the services whose rollout failed.

    Answers the operation that does so. After a scale that is the former count, in the control table
    too; after a restart the former pod template: its requests and limits, which become the expert's
    values so that admission agrees. Asking twice makes one operation.
    """
    operation, context = await _load(call, Role.OPERATOR), call.context
    require_cluster(context, operation.env)
    parameters = {"id": operation.id}
    if operation.state in OPEN:
        detail = f"The operation {operation.id} is under way: cancel it first"
        raise Problem(409, detail, code=ProblemCode.OPERATION_UNDER_WAY, parameters=parameters)
    actor = call.caller.principal.name
    back = operation.rollback(f"{operation.id}-back", actor, datetime.now(UTC))
    if not back.targets:
        detail = f"No service of the operation {operation.id} failed after it was changed"
        raise Problem(409, detail, code=ProblemCode.NOTHING_TO_ROLL_BACK, parameters=parameters)
    call.audit.set(None, serializers.audited(serializers.detail_of(context, back)))
    await repository.add(context, [back], actor, call.audit)
    return serializers.detail_of(context, await OPERATIONS.load(context, back.env, back.id))
