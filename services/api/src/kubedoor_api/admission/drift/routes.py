"""The endpoints that compare a cluster with the control table."""

from kubedoor_api.access.roles import Role
from kubedoor_api.admission.drift import service
from kubedoor_api.admission.drift.models import Drift, DriftQuery, Readiness
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing


@endpoint("GET", "/envs/{env}/drift", tag="admission", role=Role.VIEWER, conflicts=True, by_target=True)
async def get_drift(call: Call[EnvPath, DriftQuery, Nothing]) -> Drift:
    """List live Deployments that differ from the control table.

    Of the namespaces that you may see. Also those that are not in it, and services in it that do not run.
    """
    return await service.drift(call.caller, call.context, call.path.env, call.query)


@endpoint("GET", "/envs/{env}/mode/readiness", tag="mode", role=Role.VIEWER, conflicts=True, by_target=True)
async def check_mode(call: Call[EnvPath, Nothing, Nothing]) -> Readiness:
    """Say what enforcing an env would refuse and change, and whether the webhook is ready.

    Of the namespaces that you may see.
    """
    return await service.readiness(call.caller, call.context, call.path.env)
