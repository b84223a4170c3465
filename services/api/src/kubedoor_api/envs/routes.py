"""The endpoints of envs."""

from kubedoor_api.auth.roles import Role
from kubedoor_api.envs import service
from kubedoor_api.envs.models import EnvList
from kubedoor_api.http.fields import Nothing
from kubedoor_api.http.operation import Call, Operation, operation


async def list_envs(call: Call[Nothing, Nothing, Nothing]) -> EnvList:
    """List the clusters that are known, and the state each is in."""
    return await service.list_envs(call.context, call.caller.principal)


OPERATIONS: tuple[Operation, ...] = (operation("GET", "/envs", list_envs, tag="envs", role=Role.VIEWER),)
