"""How far a Deployment's newest template is, from its JSON. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from kubedoor_api.kube.manifests import condition_of, replicas_of
from kubedoor_api.kube.rollout import TIMED_OUT, progress
from kubedoor_api.workloads.pods import moment
from kubedoor_api.workloads.service_models import LiveAutoscaler, LiveCondition, LiveRollout

Json = dict[str, Any]

REVISION = "deployment.kubernetes.io/revision"


def revision_of(obj: Json) -> str:
    """Return the revision that the Deployment's controller noted on an object."""
    return str((obj["metadata"].get("annotations") or {}).get(REVISION, ""))


def _state(deployment: Json) -> tuple[Literal["complete", "progressing", "stalled", "paused"], str]:
    if (deployment.get("spec") or {}).get("paused"):
        return "paused", "the Deployment is paused: kubectl rollout resume goes on with it"
    waits = progress(deployment)
    if not waits:
        return "complete", "every pod is of the newest template and available"
    if failure := condition_of(deployment, "ReplicaFailure").get("message"):
        waits = f"{waits}; pods can't be made: {failure}"
    if condition_of(deployment, "Progressing").get("reason") == TIMED_OUT:
        return "stalled", f"no progress within the Deployment's deadline: {waits}"
    return "progressing", waits


def _condition(condition: Json) -> LiveCondition:
    return LiveCondition(
        type=condition["type"],
        status=condition["status"],
        reason=condition.get("reason") or "",
        message=condition.get("message") or "",
        since=moment(condition.get("lastTransitionTime")),
    )


def rollout_of(deployment: Json) -> LiveRollout:
    """Return how a rollout stands."""
    status = deployment.get("status") or {}
    state, detail = _state(deployment)
    return LiveRollout(
        state=state,
        detail=detail,
        wanted=replicas_of(deployment),
        current=int(status.get("replicas") or 0),
        updated=int(status.get("updatedReplicas") or 0),
        ready=int(status.get("readyReplicas") or 0),
        available=int(status.get("availableReplicas") or 0),
        unavailable=int(status.get("unavailableReplicas") or 0),
        revision=revision_of(deployment),
        conditions=[_condition(one) for one in status.get("conditions") or []],
    )


def own(replica_sets: Iterable[Json], deployment: Json) -> list[Json]:
    """Return the ReplicaSets that a Deployment owns: others may bear its labels."""
    uid = deployment["metadata"].get("uid")
    return [
        one
        for one in replica_sets
        if any(owner.get("uid") == uid for owner in one["metadata"].get("ownerReferences") or [])
    ]


def newest(replica_sets: Iterable[Json], deployment: Json) -> str:
    """Return the name of the ReplicaSet of the newest template; empty if it is not made yet."""
    revision = revision_of(deployment)
    return next((str(one["metadata"]["name"]) for one in replica_sets if revision_of(one) == revision), "")


def autoscaler(found: Json) -> LiveAutoscaler:
    """Return an autoscaler."""
    spec, status = found.get("spec") or {}, found.get("status") or {}
    return LiveAutoscaler(
        name=found["metadata"]["name"],
        min_replicas=int(spec.get("minReplicas") or 1),
        max_replicas=int(spec["maxReplicas"]),
        current_replicas=status.get("currentReplicas"),
        desired_replicas=status.get("desiredReplicas"),
    )
