"""What a drain would do: where each pod could go, what finds no room, which services would be down. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from kubedoor_api.kube.manifests import controller_of
from kubedoor_api.kube.nodes import LiveNode
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.nodes.actions import draining
from kubedoor_api.nodes.actions.models import DrainedPod, DrainPreview, ServiceDown
from kubedoor_api.nodes.cluster import ClusterSeen
from kubedoor_api.nodes.movable import of_namespace
from kubedoor_api.pods.observed import budgets_of, is_ready
from kubedoor_api.workloads import placing
from kubedoor_core.domain.placement.board import Block
from kubedoor_core.domain.placement.rehoming import rehome


def preview_of(seen: ClusterSeen, node: LiveNode, own_namespace: str) -> DrainPreview:
    """Say what draining a node would do.

    :param own_namespace: KubeDoor's.
    """
    here = [pod for pod in seen.pods if (pod.get("spec") or {}).get("nodeName") == node.name]
    going = draining.leaving(here)
    usable = {one.name for one in seen.nodes if one.takes_pods and one.name != node.name}
    found = rehome(
        [one.node for one in seen.nodes],
        usable,
        [seen.placed(pod) for pod in seen.pods if (pod.get("spec") or {}).get("nodeName")],
        [seen.placed(pod) for pod in going],
    )
    why = {one.pod.key: one.why for one in found.unplaced}
    pods = [_pod(pod, seen, own_namespace, found.placed, why) for pod in here]
    return DrainPreview(
        node=node.name,
        cordoned=node.cordon is not None,
        control_plane=node.control_plane,
        pods=sorted(pods, key=lambda one: (one.stays is not None, one.namespace, one.pod)),
        goes=len(going),
        homeless=len(found.unplaced),
        down=_down(going, seen.pods),
    )


def _pod(
    pod: Pod,
    seen: ClusterSeen,
    own_namespace: str,
    placed: dict[tuple[str, str], str],
    why: dict[tuple[str, str], Block | None],
) -> DrainedPod:
    read, stays = placing.read_pod(pod), draining.stays(pod)
    held = budgets_of(of_namespace(seen.budgets, pod), pod) if stays is None and is_ready(pod) else ()
    return DrainedPod(
        namespace=read.namespace,
        pod=read.name,
        service=read.service,
        stays=stays,
        asks=[] if stays else list(draining.asks(pod, own_namespace)),
        scratch_only=stays is None and draining.loses_scratch_only(pod, own_namespace),
        blocked_by=[one.name for one in held if one.allowed < 1],
        target=placed.get(read.key, ""),
        why=why.get(read.key),
    )


def _down(going: Sequence[Pod], every: Sequence[Pod]) -> list[ServiceDown]:
    """Return the services all of whose ready pods go."""
    ready = Counter(_owner(pod) for pod in every if is_ready(pod))
    lost = Counter(_owner(pod) for pod in going if is_ready(pod))
    first = {_owner(pod): placing.read_pod(pod) for pod in going}
    return [
        ServiceDown(namespace=first[uid].namespace, service=first[uid].service, ready=count)
        for uid, count in sorted(lost.items())
        if uid and count == ready[uid]
    ]


def _owner(pod: Pod) -> str:
    return str(controller_of(pod).get("uid") or "")
