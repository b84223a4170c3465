"""What a pod's JSON says of a resize in place, and the patch that asks for one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from kubedoor_api.kube.manifests import VALUES, Part, Resource, condition_of, replica_set_of
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.retry import Patch
from kubedoor_api.kube.rollout import HASH
from kubedoor_api.operations.manifests import equal, resources_of
from kubedoor_api.operations.operation import Resources

PENDING, IN_PROGRESS = "PodResizePending", "PodResizeInProgress"
"""Conditions that a kubelet sets: why it has not begun, and that it is at it."""
INFEASIBLE = "Infeasible"
RESTARTS = "RestartContainer"


@dataclass(frozen=True)
class Standing:
    """How a pod stands between what it is asked to have and what it has.

    :ivar why: what it waits for, or why it can't be.
    """

    state: Literal["done", "waiting", "refused"]
    why: str = ""


def running_pods(pods: Iterable[Pod], deployment: str) -> list[Pod]:
    """Return the pods of a Deployment that run and stay."""
    return [
        pod
        for pod in pods
        if (pod.get("status") or {}).get("phase") == "Running"
        and not pod["metadata"].get("deletionTimestamp")
        and replica_set_of(pod) == f"{deployment}-{(pod['metadata'].get('labels') or {}).get(HASH, '')}"
    ]


def resources_of_pod(pod: Pod) -> tuple[Resources, ...]:
    """Return requests and limits of each container of a pod."""
    return tuple(resources_of(pod.get("spec") or {}))


def _missing(pod: Pod, wanted: Iterable[Resources]) -> Iterator[tuple[str, Part, Resource, str]]:
    """Yield container, `requests` or `limits`, resource and value of what a pod does not ask for yet.

    A value that is not wanted at all stays: a resize can't take one away.
    """
    standing = {one.name: one for one in resources_of_pod(pod) if not one.init}
    for one in wanted:
        if one.init or one.name not in standing:
            continue
        for name, kind, what in VALUES:
            value = getattr(one, name)
            if value is not None and not equal(value, getattr(standing[one.name], name)):
                yield one.name, kind, what, value


def resize_patch(pod: Pod, wanted: Iterable[Resources]) -> Patch | None:
    """Return the strategic merge patch that asks for what is wanted; None where the pod asks for it."""
    changed: dict[str, dict[str, dict[str, str]]] = {}
    for container, kind, what, value in _missing(pod, wanted):
        changed.setdefault(container, {}).setdefault(kind, {})[what] = value
    if not changed:
        return None
    return {"spec": {"containers": [{"name": name, "resources": one} for name, one in changed.items()]}}


def restarts(pod: Pod, wanted: Iterable[Resources]) -> bool:
    """Tell whether a container is restarted for what is wanted: its `resizePolicy` asks for that."""
    policies = {
        (one.get("name"), policy.get("resourceName"))
        for one in pod["spec"]["containers"]
        for policy in one.get("resizePolicy") or []
        if policy.get("restartPolicy") == RESTARTS
    }
    return any((container, what) in policies for container, _, what, _ in _missing(pod, wanted))


def standing_of(pod: Pod) -> Standing:
    """Tell whether the kubelet has given a pod what it asks for."""
    node = f"node {pod['spec'].get('nodeName', '')}"
    pending, progress = condition_of(pod, PENDING), condition_of(pod, IN_PROGRESS)
    if pending.get("status") == "True":
        why = f"{node}: {pending.get('reason', '')}: {pending.get('message', '')}"
        return Standing("refused" if pending.get("reason") == INFEASIBLE else "waiting", why)
    if progress.get("status") == "True":
        return Standing("waiting", f"{node} is at it {progress.get('message') or ''}".rstrip())
    if not _seen(pod):
        return Standing("waiting", f"the kubelet of {node} has not said that it has done it")
    return Standing("done")


def _seen(pod: Pod) -> bool:
    """Tell whether the kubelet has seen what is asked: newer ones say so, older ones show what there is."""
    status = pod.get("status") or {}
    if status.get("observedGeneration") is not None:
        return bool(status["observedGeneration"] >= int(pod["metadata"].get("generation") or 0))
    has = {one.get("name"): one.get("resources") or {} for one in status.get("containerStatuses") or []}
    return all(
        equal(getattr(one, name), (has.get(one.name, {}).get(kind) or {}).get(what))
        for one in resources_of_pod(pod)
        if not one.init
        for name, kind, what in VALUES
    )
