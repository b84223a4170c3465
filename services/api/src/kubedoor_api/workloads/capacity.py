"""What an env's nodes have left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from kubedoor_api.access.roles import Role
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.retry import AskingError, AskingReason, for_people
from kubedoor_api.web.concurrency import SingleFlight
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Model, Nothing
from kubedoor_api.workloads.room import free_in, free_nodes

if TYPE_CHECKING:
    pass


class Capacity(Model):
    """What the nodes of an env have left now: allocatable minus what all their pods request."""

    nodes: int | None
    """Nodes that take ordinary pods: ready, not cordoned, without a taint that repels; null while unknown"""
    free_cpu_m: int | None
    """Allocatable and not requested, over those nodes, millicores; null while unknown"""
    free_mem_mib: int | None
    """Allocatable and not requested, over those nodes, MiB; null while unknown"""
    reason: Literal["", "no_cluster"] | AskingReason
    """Why it is unknown, in one word; empty if it is known"""
    detail: str
    """Why it is unknown, in words"""


def _unknown(reason: str, detail: str) -> Capacity:
    known = dict.fromkeys(("nodes", "free_cpu_m", "free_mem_mib"))
    return Capacity.model_validate({**known, "reason": reason, "detail": detail})


@endpoint("GET", "/envs/{env}/capacity", tag="statistics", role=Role.VIEWER, by_target=True)
async def get_capacity(call: Call[EnvPath, Nothing, Nothing]) -> Capacity:
    """Show what an env's nodes have left, or why that is not known."""
    context, env = call.context, call.path.env
    if env not in context[Clusters].names:
        return _unknown("no_cluster", f"No cluster is configured for {env}: set KUBECONFIG or CLUSTERS_FILE")

    async def look() -> Capacity:
        try:
            async with for_people(env):
                found = await free_nodes(context, env)
        except AskingError as error:
            return _unknown(error.reason, str(error))
        free = free_in(found)
        return Capacity(
            nodes=len(found), free_cpu_m=free.cpu_m, free_mem_mib=free.mem_mib, reason="", detail=""
        )

    return await context[SingleFlight].get(("capacity", env), look)
