"""The endpoints of the admission mode."""

from kubedoor_api.access.roles import Role
from kubedoor_api.admission.mode import service
from kubedoor_api.admission.mode.models import EnvMode, ModeChange
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, NamespacePath, Nothing

MODE = "/envs/{env}/mode"
NAMESPACE = "/envs/{env}/namespaces/{namespace}/mode"


@endpoint("GET", MODE, tag="mode", role=Role.VIEWER, by_target=True)
async def get_mode(call: Call[EnvPath, Nothing, Nothing]) -> EnvMode:
    """Show the admission mode of an env, and what stands in its cluster.

    With those of its namespaces that have their own and that you may see.
    """
    return await service.get(call.caller, call.context, call.path.env)


@endpoint("PUT", MODE, tag="mode", role=Role.ADMIN, if_match=True, conflicts=True)
async def set_mode(call: Call[EnvPath, Nothing, ModeChange]) -> EnvMode:
    """Switch the admission mode of an env.

    `observe` and `enforce` create or update the MutatingWebhookConfiguration in the cluster before
    the mode is stored, and `enforce` takes a webhook that answers; `off` is stored first, so that it
    holds at once, and then removes it.
    """
    return await service.switch(call)


@endpoint("PUT", NAMESPACE, tag="mode", role=Role.ADMIN, if_match=True)
async def set_namespace_mode(call: Call[NamespacePath, Nothing, ModeChange]) -> EnvMode:
    """Give a namespace an admission mode of its own."""
    return await service.set_namespace(call)


@endpoint("DELETE", NAMESPACE, tag="mode", role=Role.ADMIN, if_match=True)
async def clear_namespace_mode(call: Call[NamespacePath, Nothing, Nothing]) -> EnvMode:
    """Let a namespace follow its env again."""
    return await service.clear_namespace(call)
