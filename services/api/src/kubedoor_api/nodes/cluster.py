"""What is asked of a cluster before pods are moved off nodes: nodes, pods, budgets, volumes at one moment."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kubedoor_api.kube import surroundings, workloads
from kubedoor_api.kube.clusters import Clusters, no_cluster
from kubedoor_api.kube.manifests import key_of
from kubedoor_api.kube.nodes import ZONES, LiveNode, read_node
from kubedoor_api.kube.objects.cluster import PersistentVolume
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.objects.workloads import PodDisruptionBudget
from kubedoor_api.kube.retry import FORBIDDEN, AskingError
from kubedoor_api.web.endpoint import Context
from kubedoor_api.workloads import placing
from kubedoor_core.domain.placement.model import Pod as Placed
from kubedoor_core.domain.placement.selecting import NodeTerm, Requirement, read_node_terms
from kubedoor_core.problems import unavailable

Key = tuple[str, str]
Terms = tuple[NodeTerm, ...]
SEVERAL = "__"
"""Between the zones of a volume that is in several."""


@dataclass(frozen=True)
class Volumes:
    """Claims and volumes of a cluster.

    :ivar known: whether the api may list them.
    :ivar claims: the volume that each claim is bound to, by namespace and name.
    :ivar terms: where each volume can be mounted; one that is in none can be everywhere.
    """

    known: bool = False
    claims: Mapping[Key, str] = field(default_factory=dict)
    terms: Mapping[str, Terms] = field(default_factory=dict)

    def terms_of(self, pod: Pod) -> tuple[Terms, ...]:
        """Return where each of a pod's volumes can be mounted, of those that are bound to a place."""
        namespace, name = key_of(pod)
        found = (self.claims.get((namespace, claim), "") for claim in placing.claims_of(pod, name))
        return tuple(self.terms[volume] for volume in found if volume in self.terms)


async def volumes(context: Context, env: str) -> Volumes:
    """List claims and volumes; nothing is known where the api may not.

    :raises AskingError: the cluster does not tell, for another reason.
    """
    try:
        claims = await surroundings.listed(
            context[Clusters],
            env,
            "persistentvolumeclaims",
            lambda one: (key_of(one), str((one.get("spec") or {}).get("volumeName") or "")),
        )
        found = await surroundings.listed(context[Clusters], env, "persistentvolumes", _where)
    except AskingError as error:
        if error.status == FORBIDDEN:
            return Volumes()
        raise
    return Volumes(True, dict(claims.items), {name: terms for name, terms in found.items if terms})


def _where(volume: PersistentVolume) -> tuple[str, Terms]:
    """Return where a volume can be mounted: by its node affinity, else by the zone that its labels name."""
    metadata = volume.get("metadata") or {}
    required = ((volume.get("spec") or {}).get("nodeAffinity") or {}).get("required") or {}
    terms, labels = read_node_terms(required.get("nodeSelectorTerms")), metadata.get("labels") or {}
    zones = next((labels[key] for key in ZONES if key in labels), "")
    if not terms and zones:
        parts = tuple(zones.split(SEVERAL))
        terms = tuple(NodeTerm((Requirement(key, "In", parts),), ()) for key in ZONES)
    return str(metadata.get("name") or ""), terms


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
