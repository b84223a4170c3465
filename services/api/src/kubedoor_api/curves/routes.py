"""The endpoint of pods over time."""

from kubedoor_api.auth.roles import Role
from kubedoor_api.curves import service
from kubedoor_api.curves.models import CurveQuery, PodCurves
from kubedoor_api.http.fields import Nothing, ServicePath
from kubedoor_api.http.operation import Call, Operation, operation


async def get_pod_curves(call: Call[ServicePath, CurveQuery, Nothing]) -> PodCurves:
    """Show each pod of a service over time.

    Read from Prometheus at once; by default over the latest collected peak window.
    """
    return await service.curves(call.context, call.path, call.query)


OPERATIONS: tuple[Operation, ...] = (
    operation(
        "GET",
        "/envs/{env}/services/{namespace}/{deployment}/pods",
        get_pod_curves,
        tag="statistics",
        role=Role.VIEWER,
        conflicts=True,
    ),
)
