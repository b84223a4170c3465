"""What is asked of a cluster before pods are moved off nodes: its nodes, pods and budgets, at one moment."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from kubedoor_api.kube import surroundings, workloads
from kubedoor_api.kube.clusters import Clusters, no_cluster
from kubedoor_api.kube.nodes import LiveNode, read_node
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.objects.workloads import PodDisruptionBudget
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.nodes.volumes import Volumes, volumes
from kubedoor_api.workloads import placing
from kubedoor_core.domain.placement.model import Pod as Placed
from kubedoor_core.problems import unavailable

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Context

LIMIT_S = 60.0


class ClusterSeen(NamedTuple):
    """A cluster as it was seen; of its pods those that hold something of a node, or have none yet."""

    nodes: list[LiveNode]
    pods: list[Pod]
    budgets: list[PodDisruptionBudget]
    volumes: Volumes = Volumes()

    def placed(self, pod: Pod) -> Placed:
        """Return a pod as placing goes by it, with where its volumes can be mounted."""
        return placing.read_pod(pod, self.volumes.terms_of(pod))

    def pod(self, uid: str) -> Pod | None:
        """Return a pod; None: it is gone."""
        return next((one for one in self.pods if one["metadata"].get("uid") == uid), None)

    def node(self, name: str) -> LiveNode | None:
        """Return a node; None: there is none."""
        return next((one for one in self.nodes if one.name == name), None)


async def see(context: Context, env: str) -> ClusterSeen:
    """Look at a cluster.

    :raises AskingError: it does not tell.
    """
    clusters = context[Clusters]
    nodes = [read_node(one) for one in await workloads.nodes(clusters, env)]
    pods = [pod async for page in workloads.pods_in_pages(clusters, env) for pod in page]
    budgets = await surroundings.disruption_budgets(clusters, env)
    there = [pod for pod in pods if placing.is_there(pod)]
    return ClusterSeen(nodes, there, budgets, await volumes(context, env))


async def see_for_people(context: Context, env: str) -> ClusterSeen:
    """Look at a cluster for somebody who waits.

    :raises Problem: 409 without a cluster; 503 where it does not tell, or not in time.
    """
    if env not in context[Clusters].names:
        raise no_cluster(env)
    try:
        async with asyncio.timeout(LIMIT_S):
            return await see(context, env)
    except AskingError as error:
        raise unavailable(str(error), "cluster") from error
    except TimeoutError as error:
        raise unavailable(
            f"the cluster {env} did not tell its pods within {LIMIT_S:.0f} s", "cluster"
        ) from error
