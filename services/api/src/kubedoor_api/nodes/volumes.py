"""Where the volumes that pods have claimed can be mounted, as far as the api may look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kubedoor_api.kube import surroundings
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import key_of
from kubedoor_api.kube.nodes import ZONES
from kubedoor_api.kube.objects.cluster import PersistentVolume
from kubedoor_api.kube.retry import FORBIDDEN, AskingError
from kubedoor_api.workloads import placing
from kubedoor_core.domain.placement.selecting import NodeTerm, Requirement, read_node_terms

if TYPE_CHECKING:
    from kubedoor_api.kube.objects.pods import Pod
    from kubedoor_api.web.endpoint import Context

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
