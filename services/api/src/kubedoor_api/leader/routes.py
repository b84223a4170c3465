"""The endpoint of who works for an env."""

from kubedoor_api.auth.roles import Role
from kubedoor_api.http.fields import EnvPath, Nothing
from kubedoor_api.http.operation import Call, Operation, operation
from kubedoor_api.leader.models import Leader


async def get_leader(call: Call[EnvPath, Nothing, Nothing]) -> Leader:
    """Say which instance of the API runs an env's schedules and operations, and if none does, why."""
    leadership = call.context.leadership
    standing = leadership.standing(call.path.env)
    return Leader(
        leading=standing.leading,
        instance=leadership.identity,
        holder=standing.holder,
        lease=standing.lease,
        trouble=standing.trouble,
    )


OPERATIONS: tuple[Operation, ...] = (
    operation("GET", "/envs/{env}/leader", get_leader, tag="envs", role=Role.VIEWER, by_target=True),
)
