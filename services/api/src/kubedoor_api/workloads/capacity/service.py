"""Adding up what an env's nodes have left."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.web.single_flight import SingleFlight
from kubedoor_api.workloads.capacity.models import Capacity
from kubedoor_api.workloads.room import free_in, free_nodes

if TYPE_CHECKING:
    from kubedoor_api.web.context import Context

LIMIT_S = 20.0
"""Seconds after which people want to hear that the cluster does not answer."""


def _unknown(reason: str, detail: str) -> Capacity:
    known = dict.fromkeys(("nodes", "free_cpu_m", "free_mem_mib"))
    return Capacity.model_validate({**known, "reason": reason, "detail": detail})


async def _look(context: Context, env: str) -> Capacity:
    try:
        async with asyncio.timeout(LIMIT_S):
            found = await free_nodes(context, env)
    except AskingError as error:
        return _unknown(error.reason, str(error))
    except TimeoutError:
        return _unknown("unreachable", f"The cluster {env} does not answer")
    free = free_in(found)
    return Capacity(nodes=len(found), free_cpu_m=free.cpu_m, free_mem_mib=free.mem_mib, reason="", detail="")


async def get(context: Context, env: str) -> Capacity:
    """Tell what is free, or why that is not known; a cluster is asked once for all who wait."""
    if env not in context[Clusters].names:
        return _unknown("no_cluster", f"No cluster is configured for {env}: set KUBECONFIG or CLUSTERS_FILE")
    return await context[SingleFlight].get(("capacity", env), lambda: _look(context, env))
