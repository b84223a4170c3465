"""Whether a move of a plan is still right when its turn comes, and where another pod got ready. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubedoor_api.kube.manifests import made_by
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.nodes.actions.action import ActedPod, PodReason
from kubedoor_api.nodes.actions.draining import acted_pod
from kubedoor_api.nodes.cluster import ClusterSeen
from kubedoor_api.nodes.movable import stays
from kubedoor_api.nodes.plan import AskedMove
from kubedoor_api.pods.observed import is_ready, replacement
from kubedoor_core.domain.placement.board import Board


class Refusal(NamedTuple):
    """Why a move is not made."""

    reason: PodReason
    detail: str = ""


def acted(asked: AskedMove, seen: ClusterSeen) -> ActedPod:
    """Return a move as an action keeps it; a pod that is gone already, or elsewhere, is skipped."""
    pod = seen.pod(asked.uid)
    if pod is None or (pod.get("spec") or {}).get("nodeName") != asked.source:
        return ActedPod(
            asked.namespace, asked.pod, asked.uid, source=asked.source, target=asked.target,
            state="skipped", reason="gone_already",
        )  # fmt: skip
    return acted_pod(pod, asked.target)


def refusal(one: ActedPod, seen: ClusterSeen) -> Refusal | None:
    """Return why a move is not made, as the cluster is now; None: it is."""
    pod = seen.pod(one.uid)
    if pod is None or pod["metadata"].get("deletionTimestamp"):
        return Refusal("gone_already")
    ready = sum(map(is_ready, made_by(one.owner_uid, seen.pods)))
    reason = stays(pod, seen.budgets, ready, measured=True)
    if reason is not None:
        return Refusal(reason)
    target = seen.node(one.target)
    if target is None or not target.takes_pods:
        return Refusal("target_gone", one.target)
    pods = [seen.placed(each) for each in seen.pods]
    board, moved = Board([node.node for node in seen.nodes], pods), seen.placed(pod)
    board.take(moved)
    why = board.why_not(moved, board.number[one.target])
    return Refusal("no_room", why) if why is not None else None


def landed_on(one: ActedPod, pods: Iterable[Pod]) -> str | None:
    """Return the node on which another pod of the same owner got ready; None: none has yet."""
    new = replacement(one.owner_uid, (*one.siblings, one.uid), pods)
    return None if new is None else str((new.get("spec") or {}).get("nodeName") or "")
