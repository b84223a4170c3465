"""The endpoint of who works for an env."""

from kubedoor_api.access.roles import Role
from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.leader.models import Leader
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing


@endpoint("GET", "/envs/{env}/leader", tag="envs", role=Role.VIEWER, by_target=True)
async def get_leader(call: Call[EnvPath, Nothing, Nothing]) -> Leader:
    """Say which instance of the API runs an env's schedules and operations, and if none does, why."""
    leadership = call.context[Leadership]
    standing = leadership.standing(call.path.env)
    return Leader(
        leading=standing.leading,
        instance=leadership.identity,
        holder=standing.holder,
        lease=standing.lease,
        trouble=standing.trouble,
    )
