"""Looking at the nodes of a cluster and at what its pods hold of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubedoor_api.kube import workloads
from kubedoor_api.operations import capacity
from kubedoor_api.operations.capacity import Amount, Node

if TYPE_CHECKING:
    from kubedoor_api.context import Context


async def look(context: Context, env: str) -> list[Node]:
    """Return what the nodes that take ordinary pods have left.

    :raises AskingError: the cluster does not tell.
    """
    held: dict[str, tuple[Amount, int]] = {}
    nodes = await workloads.nodes(context.clusters, env)
    async for page in workloads.pods_in_pages(context.clusters, env):
        capacity.held_by(page, held)
    return capacity.rooms(nodes, held)
