"""The endpoint of an env's capacity."""

from kubedoor_api.auth.roles import Role
from kubedoor_api.capacity import service
from kubedoor_api.capacity.models import Capacity
from kubedoor_api.http.fields import EnvPath, Nothing
from kubedoor_api.http.operation import Call, Operation, operation


async def get_capacity(call: Call[EnvPath, Nothing, Nothing]) -> Capacity:
    """Show what an env's nodes have left, or why that is not known."""
    return await service.get(call.context, call.path.env)


OPERATIONS: tuple[Operation, ...] = (
    operation(
        "GET", "/envs/{env}/capacity", get_capacity, tag="statistics", role=Role.VIEWER, by_target=True
    ),
)
