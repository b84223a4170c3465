"""Which pods of a node a drain takes, what it takes and comes to, and how far each is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kubedoor_api.kube.manifests import controller_of
from kubedoor_api.kube.nodes import LiveNode
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.nodes.actions.action import ActedPod, Asks, StaysWhy
from kubedoor_api.nodes.actions.models import DrainedPod, DrainPreview, ServiceDown
from kubedoor_api.nodes.cluster import ClusterSeen
from kubedoor_api.nodes.movable import of_namespace
from kubedoor_api.pods.observed import budgets_of, is_ready
from kubedoor_api.workloads import placing
from kubedoor_core.domain.placement.board import Block
from kubedoor_core.domain.placement.rehoming import rehome

PART_OF, OURS = "app.kubernetes.io/part-of", "kubedoor"
SCRATCH = "tmp"
"""What the chart calls the `emptyDir` at `/tmp` of each of its pods: none keeps anything there."""
AT_ONCE = 10
"""Pods that are being deleted at the same time; of one owner one at a time."""
GONE_AFTER = timedelta(seconds=60)
"""So long after its grace period a pod that is being deleted must be gone."""
DEFAULT_GRACE_S = 30
NEVER = datetime.min.replace(tzinfo=UTC)


def stays(pod: Pod) -> StaysWhy | None:
    """Return why a drain leaves a pod; None: it takes it."""
    pin = placing.pin_of(pod)
    return pin if pin in ("daemon", "static") else None


def _empty_dirs(pod: Pod) -> set[str]:
    volumes = (pod.get("spec") or {}).get("volumes") or ()
    return {str(one.get("name") or "") for one in volumes if "emptyDir" in one}


def loses_scratch_only(pod: Pod, own_namespace: str) -> bool:
    """Tell whether a pod is KubeDoor's own, and what goes with it is its `/tmp` alone.

    :param own_namespace: KubeDoor's; empty: it is not known, so that no pod counts as its own.
    """
    metadata = pod.get("metadata") or {}
    own = bool(own_namespace) and metadata.get("namespace") == own_namespace
    labelled = (metadata.get("labels") or {}).get(PART_OF) == OURS
    return own and labelled and _empty_dirs(pod) == {SCRATCH}


def asks(pod: Pod, own_namespace: str) -> tuple[Asks, ...]:
    """Return what has to be agreed to before a pod is taken."""
    wants: dict[Asks, bool] = {
        "no_owner": placing.pin_of(pod) == "no_owner",
        "local_data": bool(_empty_dirs(pod)) and not loses_scratch_only(pod, own_namespace),
    }
    return tuple(name for name, holds in wants.items() if holds)


def leaving(pods: Iterable[Pod]) -> list[Pod]:
    """Return the pods of a node that a drain takes; those that have ended hold nothing, and are left."""
    return [pod for pod in pods if placing.is_there(pod) and stays(pod) is None]


def acted_pod(pod: Pod, target: str = "") -> ActedPod:
    """Return a pod as an action keeps it."""
    metadata, spec, read = pod["metadata"], pod.get("spec") or {}, placing.read_pod(pod)
    grace_s = spec.get("terminationGracePeriodSeconds")
    return ActedPod(
        namespace=read.namespace,
        name=read.name,
        uid=str(metadata.get("uid") or ""),
        owner_uid=str(controller_of(pod).get("uid") or ""),
        service=read.service,
        source=read.node,
        target=target,
        grace_s=DEFAULT_GRACE_S if grace_s is None else grace_s,
    )


def progressed(one: ActedPod, here: Mapping[str, Pod], now: datetime) -> ActedPod:
    """Return how far a pod is.

    :param here: the pods that are on its node, by uid.
    """
    pod = here.get(one.uid)
    if one.state == "gone":
        return one
    if pod is None or not placing.is_there(pod):
        asked = one.asked_at is not None
        return replace(one, state="gone", reason="" if asked else "gone_already", detail="", ended_at=now)
    if not pod["metadata"].get("deletionTimestamp"):
        return replace(one, state="waiting") if one.state == "going" else one
    since = one.asked_at or now
    if now >= since + timedelta(seconds=one.grace_s) + GONE_AFTER:
        return replace(one, state="stuck", reason="", asked_at=since, ended_at=one.ended_at or now)
    return replace(one, state="going", reason="", detail="", asked_at=since)


def next_ones(pods: Sequence[ActedPod]) -> list[ActedPod]:
    """Return the pods that are to be asked to go now: those that were never asked first."""
    going = [one for one in pods if one.state == "going"]
    busy = {one.owner_uid for one in going if one.owner_uid}
    waiting = [one for one in pods if one.state in ("waiting", "blocked")]
    found: list[ActedPod] = []
    for one in sorted(waiting, key=lambda one: (one.asked_at or NEVER, one.name)):
        if len(going) + len(found) >= AT_ONCE:
            break
        if one.owner_uid not in busy:
            found.append(one)
            busy |= {one.owner_uid} - {""}
    return found


def preview_of(seen: ClusterSeen, node: LiveNode, own_namespace: str) -> DrainPreview:
    """Say what draining a node would do.

    :param own_namespace: KubeDoor's.
    """
    here = [pod for pod in seen.pods if (pod.get("spec") or {}).get("nodeName") == node.name]
    going = leaving(here)
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
    read, why_stays = placing.read_pod(pod), stays(pod)
    held = budgets_of(of_namespace(seen.budgets, pod), pod) if why_stays is None and is_ready(pod) else ()
    return DrainedPod(
        namespace=read.namespace,
        pod=read.name,
        service=read.service,
        stays=why_stays,
        asks=[] if why_stays else list(asks(pod, own_namespace)),
        scratch_only=why_stays is None and loses_scratch_only(pod, own_namespace),
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
