"""The endpoints of a service's past."""

from kubedoor_api.auth.roles import Role
from kubedoor_api.history import service
from kubedoor_api.history.models import Explanation, History, HistoryQuery, Restore
from kubedoor_api.http.fields import Nothing, ServicePath
from kubedoor_api.http.operation import Call, Operation, operation
from kubedoor_api.services.models import Service


async def get_service_history(call: Call[ServicePath, HistoryQuery, Nothing]) -> History:
    """List the versions of a service's expert values, the latest first.

    Every version is kept, those of removed services too.
    """
    return await service.history(call.context, call.path, call.query)


async def restore_service(call: Call[ServicePath, Nothing, Restore]) -> Service:
    """Bring back an old version of a service's expert values.

    It becomes a new version; nothing of the past is lost.
    """
    return await service.restore(call)


async def explain_service(call: Call[ServicePath, Nothing, Nothing]) -> Explanation:
    """Say why a service's numbers are what they are.

    With the peak days that were looked at and which of them was chosen.
    """
    return await service.why(call.context, call.path)


ITEM = "/envs/{env}/services/{namespace}/{deployment}"

OPERATIONS: tuple[Operation, ...] = (
    operation("GET", ITEM + "/history", get_service_history, tag="services", role=Role.VIEWER),
    operation(
        "POST",
        ITEM + "/restore",
        restore_service,
        tag="services",
        role=Role.OPERATOR,
        if_match=True,
        conflicts=True,
    ),
    operation("GET", ITEM + "/explanation", explain_service, tag="services", role=Role.VIEWER),
)
