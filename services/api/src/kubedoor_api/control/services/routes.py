"""The endpoints of services."""

from kubedoor_api.access.roles import Role
from kubedoor_api.control.services import service
from kubedoor_api.control.services.models import NewService, Service, ServiceEdit, ServiceList, ServiceQuery
from kubedoor_api.web.encoded_body import EncodedBody
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, NewServicePath, Nothing, ServicePath

COLLECTION = "/envs/{env}/services"
ITEM = COLLECTION + "/{namespace}/{name}"


@endpoint("GET", COLLECTION, tag="services", role=Role.VIEWER, answers=ServiceList, by_target=True)
async def list_services(call: Call[EnvPath, ServiceQuery, Nothing]) -> EncodedBody:
    """List the registered services of an env, those of the namespaces that you may see.

    Each with its effective, expert's and derived values and its use at the latest collected peak.
    """
    return await service.list_services(call.caller, call.context, call.path.env, call.query)


@endpoint("GET", ITEM, tag="services", role=Role.VIEWER)
async def get_service(call: Call[ServicePath, Nothing, Nothing]) -> Service:
    """Show one service."""
    return await service.get(call.context, call.path)


@endpoint("PUT", ITEM, tag="services", role=Role.OPERATOR, status=201, conflicts=True)
async def register_service(call: Call[NewServicePath, Nothing, NewService]) -> Service:
    """Register a service.

    The only door for a new one; 409 if it is registered already.
    """
    return await service.register(call)


@endpoint("PATCH", ITEM, tag="services", role=Role.OPERATOR, if_match=True)
async def change_service(call: Call[ServicePath, Nothing, ServiceEdit]) -> Service:
    """Change the expert's values of a service.

    Fields left out stay as they are, null clears one. If-Match takes the service's `version`; if
    somebody else was faster the answer is 412, with the current service in `current`.
    """
    return await service.change(call)


@endpoint("DELETE", ITEM, tag="services", role=Role.OPERATOR, status=204, if_match=True)
async def remove_service(call: Call[ServicePath, Nothing, Nothing]) -> None:
    """Remove a service.

    It is unregistered from then on, even while it still runs; registering it again brings it back.
    """
    await service.remove(call)
