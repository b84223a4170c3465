"""The status of a Deployment: counts and conditions, as its controller works them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster.rollout import bounds
from kubedoor_dev.cluster.store import now

if TYPE_CHECKING:
    from collections.abc import Sequence

Json = dict[str, Any]

COMPLETE, TIMED_OUT = "NewReplicaSetAvailable", "ProgressDeadlineExceeded"


@dataclass(frozen=True)
class Pods:
    """The pods of a Deployment, counted; `updated` are those of the new ReplicaSet."""

    total: int
    updated: int
    ready: int
    available: int


def status(deployment: Json, pods: Pods, progress: Json) -> Json:
    """Return the status. Counts of zero are left out, as Go leaves them out."""
    spec = deployment["spec"]
    counts = {
        "observedGeneration": deployment["metadata"].get("generation", 1),
        "replicas": pods.total,
        "updatedReplicas": pods.updated,
        "readyReplicas": pods.ready,
        "availableReplicas": pods.available,
        "unavailableReplicas": max(0, pods.total - pods.available),
    }
    old = deployment.get("status", {}).get("conditions", [])
    enough = pods.available >= spec["replicas"] - bounds(spec)[1]
    conditions = [kept(old, availability(enough=enough)), kept(old, progress)]
    return {**{key: value for key, value in counts.items() if value}, "conditions": conditions}


def availability(*, enough: bool) -> Json:
    """Return the Available condition."""
    if enough:
        message = "Deployment has minimum availability."
        return condition("Available", "True", "MinimumReplicasAvailable", message)
    message = "Deployment does not have minimum availability."
    return condition("Available", "False", "MinimumReplicasUnavailable", message)


def condition(kind: str, holds: str, reason: str, message: str) -> Json:
    """Make a condition that begins now."""
    return {
        "type": kind,
        "status": holds,
        "lastUpdateTime": now(),
        "lastTransitionTime": now(),
        "reason": reason,
        "message": message,
    }


def kept(old: Sequence[Json], new: Json) -> Json:
    """Keep a condition's times where it says what it said before."""
    for before in old:
        if before["type"] != new["type"]:
            continue
        if (before["status"], before["reason"]) == (new["status"], new["reason"]):
            return {**new, "lastUpdateTime": before["lastUpdateTime"],
                    "lastTransitionTime": before["lastTransitionTime"]}  # fmt: skip
        if before["status"] == new["status"]:
            return {**new, "lastTransitionTime": before["lastTransitionTime"]}
    return new


def progressing(deployment: Json, name: str, pods: Pods, *, late: bool) -> Json:
    """Return the Progressing condition.

    :param name: of the new ReplicaSet.
    :param late: nothing got better within `progressDeadlineSeconds`.
    """
    desired = deployment["spec"]["replicas"]
    if deployment["spec"].get("paused"):
        return condition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused")
    if pods.updated == pods.total == pods.available == desired or _was_complete(deployment, name):
        message = f'ReplicaSet "{name}" has successfully progressed.'
        return condition("Progressing", "True", COMPLETE, message)
    if late:
        message = f'ReplicaSet "{name}" has timed out progressing.'
        return condition("Progressing", "False", TIMED_OUT, message)
    if not pods.updated:
        message = f'Created new replica set "{name}"'
        return condition("Progressing", "True", "NewReplicaSetCreated", message)
    message = f'ReplicaSet "{name}" is progressing.'
    return condition("Progressing", "True", "ReplicaSetUpdated", message)


def _was_complete(deployment: Json, name: str) -> bool:
    """A finished rollout stays finished: later trouble is told by Available."""
    return any(
        one["reason"] == COMPLETE and f'"{name}"' in one["message"]
        for one in deployment.get("status", {}).get("conditions", [])
    )
