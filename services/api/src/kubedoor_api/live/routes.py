"""The endpoints of live Deployments."""

from kubedoor_api.auth.roles import Role
from kubedoor_api.http.fields import EnvPath, Nothing, ServicePath
from kubedoor_api.http.operation import Call, Operation, operation
from kubedoor_api.live import one, service
from kubedoor_api.live.models import Drift, DriftQuery, Readiness
from kubedoor_api.live.service_models import LiveService


async def get_drift(call: Call[EnvPath, DriftQuery, Nothing]) -> Drift:
    """List live Deployments that differ from the control table.

    Of the namespaces that you may see. Also those that are not in it, and services in it that do not run.
    """
    return await service.drift(call.caller, call.context, call.path.env, call.query)


async def get_live_service(call: Call[ServicePath, Nothing, Nothing]) -> LiveService:
    """Show a service as it is in the cluster now: its pods, events, rollout and last changes.

    A part that can't be read is left out, and `untold` says why.
    """
    return await one.live(call.context, call.path)


async def check_mode(call: Call[EnvPath, Nothing, Nothing]) -> Readiness:
    """Say what enforcing an env would refuse and change, and whether the webhook is ready.

    Of the namespaces that you may see.
    """
    return await service.readiness(call.caller, call.context, call.path.env)


OPERATIONS: tuple[Operation, ...] = (
    operation(
        "GET",
        "/envs/{env}/drift",
        get_drift,
        tag="admission",
        role=Role.VIEWER,
        conflicts=True,
        by_target=True,
    ),
    operation(
        "GET",
        "/envs/{env}/services/{namespace}/{deployment}/live",
        get_live_service,
        tag="services",
        role=Role.VIEWER,
        conflicts=True,
    ),
    operation(
        "GET",
        "/envs/{env}/mode/readiness",
        check_mode,
        tag="mode",
        role=Role.VIEWER,
        conflicts=True,
        by_target=True,
    ),
)
