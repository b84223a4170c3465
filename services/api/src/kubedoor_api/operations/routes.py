"""The endpoints of operations."""

from kubedoor_api.access.roles import Role
from kubedoor_api.operations import events, preview, service
from kubedoor_api.operations.models import (
    NewOperation,
    Operation,
    OperationList,
    OperationPath,
    OperationProgress,
    OperationQuery,
)
from kubedoor_api.operations.preview_models import OperationPreview
from kubedoor_api.web.endpoint import Call, Stream, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing

COLLECTION = "/envs/{env}/operations"
ITEM = COLLECTION + "/{id}"


@endpoint(
    "POST", COLLECTION, tag="operations", role=Role.OPERATOR, status=202, conflicts=True, by_target=True
)
async def create_operation(call: Call[EnvPath, Nothing, NewOperation]) -> Operation:
    """Scale or restart services, one or many.

    The answer comes at once; look at the operation or follow its events. A scale to a count makes
    it the service's manual count first, then asks the cluster. A service that can't be acted on
    fails with the reason, and the others go on.
    """
    return await service.request_operation(call.caller, call.context, call.path.env, call.body, call.audit)


@endpoint(
    "POST", COLLECTION + "/preview", tag="operations", role=Role.OPERATOR, conflicts=True, by_target=True
)
async def preview_operation(call: Call[EnvPath, Nothing, NewOperation]) -> OperationPreview:
    """Say what an operation would do, and whether the cluster has room for it.

    Nothing is changed.
    """
    return await preview.preview(call.caller, call.context, call.path.env, call.body)


@endpoint("GET", COLLECTION, tag="operations", role=Role.VIEWER, by_target=True)
async def list_operations(call: Call[EnvPath, OperationQuery, Nothing]) -> OperationList:
    """List the operations of an env."""
    return await service.list_operations(call.caller, call.context, call.path.env, call.query)


@endpoint("GET", ITEM, tag="operations", role=Role.VIEWER, by_target=True)
async def get_operation(call: Call[OperationPath, Nothing, Nothing]) -> Operation:
    """Show one operation, and what became of each of its services."""
    path = call.path
    job = await service.load_for(call.caller, Role.VIEWER, call.context, path.env, path.id)
    return service.shown(call.context, job)


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
    path = call.path
    job = await service.load_for(call.caller, Role.VIEWER, call.context, path.env, path.id)
    return Stream(events.progress(call.context, job))


@endpoint(
    "POST", ITEM + "/cancel", tag="operations", role=Role.OPERATOR, status=202, conflicts=True, by_target=True
)
async def cancel_operation(call: Call[OperationPath, Nothing, Nothing]) -> Operation:
    """Cancel an operation.

    No further service is begun; what has been asked of the cluster stays. 409 if it has ended.
    """
    path = call.path
    return await service.cancel(call.caller, call.context, path.env, path.id, call.audit)


@endpoint(
    "POST",
    ITEM + "/rollback",
    tag="operations",
    role=Role.OPERATOR,
    status=202,
    conflicts=True,
    by_target=True,
)
async def rollback_operation(call: Call[OperationPath, Nothing, Nothing]) -> Operation:
    """Restore the previous values of the services whose rollout failed.

    Answers the operation that does so. After a scale that is the former count, in the control table
    too; after a restart the former pod template: its requests and limits, which become the expert's
    values so that admission agrees. Asking twice makes one operation.
    """
    path = call.path
    return await service.roll_back(call.caller, call.context, path.env, path.id, call.audit)
