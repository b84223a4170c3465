"""The endpoint of pods over time."""

from kubedoor_api.access.roles import Role
from kubedoor_api.statistics.pod_metrics import service
from kubedoor_api.statistics.pod_metrics.models import CurveQuery, PodCurves
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import Nothing, ServicePath


@endpoint(
    "GET",
    "/envs/{env}/services/{namespace}/{name}/pods",
    tag="statistics",
    role=Role.VIEWER,
    conflicts=True,
)
async def get_pod_curves(call: Call[ServicePath, CurveQuery, Nothing]) -> PodCurves:
    """Show each pod of a service over time.

    Read from Prometheus at once; by default over the latest collected peak window.
    """
    return await service.curves(call.context, call.path, call.query)
