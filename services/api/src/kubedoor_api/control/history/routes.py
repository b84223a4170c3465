"""The endpoints of a service's past."""

from kubedoor_api.access.roles import Role
from kubedoor_api.control.history import service
from kubedoor_api.control.history.models import Explanation, History, HistoryQuery, Restore
from kubedoor_api.control.services.models import Service
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Nothing, ServicePath

ITEM = "/envs/{env}/services/{namespace}/{name}"


@endpoint("GET", ITEM + "/history", tag="services", role=Role.VIEWER)
async def get_service_history(call: Call[ServicePath, HistoryQuery, Nothing]) -> History:
    """List the versions of a service's expert values, the latest first.

    Every version is kept, those of removed services too.
    """
    return await service.history(call.context, call.path, call.query)


@endpoint("POST", ITEM + "/restore", tag="services", role=Role.OPERATOR, if_match=True, conflicts=True)
async def restore_service(call: Call[ServicePath, Nothing, Restore]) -> Service:
    """Bring back an old version of a service's expert values.

    It becomes a new version; nothing of the past is lost.
    """
    return await service.restore(call)


@endpoint("GET", ITEM + "/explanation", tag="services", role=Role.VIEWER)
async def explain_service(call: Call[ServicePath, Nothing, Nothing]) -> Explanation:
    """Say why a service's numbers are what they are.

    With the peak days that were looked at and which of them was chosen.
    """
    return await service.why(call.context, call.path)
