"""The endpoints of envs."""

from kubedoor_api.access.roles import Role
from kubedoor_api.envs import service
from kubedoor_api.envs.models import EnvList
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Nothing


@endpoint("GET", "/envs", tag="envs", role=Role.VIEWER)
async def list_envs(call: Call[Nothing, Nothing, Nothing]) -> EnvList:
    """List the clusters that are known, and the state each is in."""
    return await service.list_envs(call.context, call.caller.principal)
