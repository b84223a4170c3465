"""The endpoint of who works for an env."""

from kubedoor_api.access.roles import Role
from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Model, Nothing


class Leader(Model):
    """Which instance of the API runs an env's schedules and operations."""

    leading: bool
    """Whether it is the one that answers"""
    instance: str
    """The one that answers"""
    holder: str
    """The one that holds the Lease, as far as this one knows; empty for nobody"""
    lease: str
    """`namespace/name` of the Lease in the env's cluster; empty without a cluster"""
    trouble: str
    """What keeps the one that answers from taking over, such as `may not get leases in namespace kubedoor
    of the cluster prod`; empty if nothing does"""


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
