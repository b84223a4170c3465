"""The endpoint of one live workload."""

from kubedoor_api.access.roles import Role
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Nothing, ServicePath
from kubedoor_api.workloads import live
from kubedoor_api.workloads.service_models import LiveService


@endpoint(
    "GET",
    "/envs/{env}/services/{namespace}/{name}/live",
    tag="services",
    role=Role.VIEWER,
    conflicts=True,
)
async def get_live_service(call: Call[ServicePath, Nothing, Nothing]) -> LiveService:
    """Show a service as it is in the cluster now: its pods, events, rollout and last changes.

    A part that can't be read is left out, and `untold` says why.
    """
    return await live.live(call.context, call.path)
