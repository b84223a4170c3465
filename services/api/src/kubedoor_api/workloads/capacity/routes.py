"""The endpoint of an env's capacity."""

from kubedoor_api.access.roles import Role
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing
from kubedoor_api.workloads.capacity import service
from kubedoor_api.workloads.capacity.models import Capacity


@endpoint("GET", "/envs/{env}/capacity", tag="statistics", role=Role.VIEWER, by_target=True)
async def get_capacity(call: Call[EnvPath, Nothing, Nothing]) -> Capacity:
    """Show what an env's nodes have left, or why that is not known."""
    return await service.get(call.context, call.path.env)
