"""Pods as people want to see them, from their JSON. Pure."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Literal

from kubedoor_api.kube.manifests import (
    COLUMNS,
    VALUES,
    condition_of,
    control_value,
    moment,
    occurrences_of,
    replica_set_of,
    replicas_of,
    value_of,
)
from kubedoor_api.kube.objects.cluster import Event
from kubedoor_api.kube.objects.pods import Container, ContainerStateDetail, ContainerStatus, Pod
from kubedoor_api.kube.objects.workloads import Deployment, HorizontalPodAutoscaler, ReplicaSet
from kubedoor_api.kube.rollout import TIMED_OUT, progress, statuses_of, trouble_of
from kubedoor_api.workloads.service_models import (
    LiveAutoscaler,
    LiveCondition,
    LiveContainer,
    LiveEvent,
    LivePod,
    LiveRollout,
)
from kubedoor_core.errors import BadValueError

State = Literal["waiting", "running", "terminated", "unknown"]

STATES: tuple[State, ...] = ("waiting", "running", "terminated")
ANY_RESTART = 1


def _container(container: Container, status: ContainerStatus) -> LiveContainer:
    state = status.get("state") or {}
    kind: State = next((name for name in STATES if name in state), "unknown")
    now: ContainerStateDetail = {} if kind == "unknown" else state.get(kind) or {}
    ended = (status.get("lastState") or {}).get("terminated") or {}
    values = dict.fromkeys(COLUMNS.values())
    for name, part, what in VALUES:
        if (text := value_of(container, part, what)) is not None:
            with contextlib.suppress(BadValueError):
                values[COLUMNS[name]] = control_value(name, text)
    return LiveContainer.model_validate(
        {
            "name": container["name"],
            "state": kind,
            "reason": now.get("reason") or "",
            "message": now.get("message") or "",
            "ready": bool(status.get("ready")),
            "restarts": int(status.get("restartCount") or 0),
            "last_exit_reason": ended.get("reason") or "",
            "last_exit_code": ended.get("exitCode"),
            "last_exit_at": moment(ended.get("finishedAt")),
            **values,
        }
    )


def _status(pod: Pod, containers: Iterable[LiveContainer]) -> str:
    """Say in one word how a pod is: the first reason that somebody ought to know, else its phase."""
    if pod["metadata"].get("deletionTimestamp"):
        return "Terminating"
    status = pod.get("status") or {}
    if status.get("reason"):
        return str(status["reason"])
    for container in containers:
        if container.state in {"waiting", "terminated"} and container.reason not in {"", "Completed"}:
            return container.reason
    return str(status.get("phase") or "Unknown")


def _reason(pod: Pod, containers: Iterable[LiveContainer]) -> str:
    """Say why a pod is not well; nothing of one that is."""
    status = pod.get("status") or {}
    if trouble := trouble_of(pod, ANY_RESTART):
        return trouble.text
    scheduled = condition_of(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        return str(scheduled.get("message") or scheduled.get("reason") or "it fits on no node")
    waiting = (f"{one.name}: {one.message}" for one in containers if one.state == "waiting" and one.message)
    return str(status.get("message") or "") or next(waiting, "")


def pod_of(pod: Pod, current: str | None, now: datetime) -> LivePod:
    """Return a pod.

    :param current: name of the newest ReplicaSet; None where it is not known.
    """
    metadata, spec = pod["metadata"], pod.get("spec") or {}
    found = {one["name"]: one for one in statuses_of(pod)}
    lasting = [one for one in spec.get("initContainers") or [] if one.get("restartPolicy") == "Always"]
    every = (*lasting, *spec.get("containers", []))
    containers = [_container(one, found.get(one["name"], {})) for one in every]
    created = moment(metadata.get("creationTimestamp")) or now
    revision = replica_set_of(pod)
    return LivePod(
        name=metadata["name"],
        phase=str((pod.get("status") or {}).get("phase") or "Unknown"),
        status=_status(pod, containers),
        reason=_reason(pod, containers),
        ready=condition_of(pod, "Ready").get("status") == "True",
        restarts=sum(one.restarts for one in containers),
        created_at=created,
        age_s=max(0, int((now - created).total_seconds())),
        node=str(spec.get("nodeName") or ""),
        revision=revision,
        current=None if current is None else revision == current,
        containers=containers,
    )


def ordered(pods: Iterable[LivePod]) -> list[LivePod]:
    """Put those first that are not well, then the newest."""
    return sorted(pods, key=lambda pod: (pod.ready, -pod.created_at.timestamp(), pod.name))


MOST = 100
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def concerns(event: Event, name: str, replica_sets: Collection[str], autoscalers: Collection[str]) -> bool:
    """Tell whether an event is of a Deployment or of what belongs to it."""
    subject = event.get("involvedObject") or {}
    kind, named = subject.get("kind"), str(subject.get("name") or "")
    if kind == "Pod":  # a ReplicaSet's pod bears its name and a suffix without a dash
        return named.rpartition("-")[0] in replica_sets
    own: dict[object, Collection[str]] = {
        "Deployment": {name},
        "ReplicaSet": replica_sets,
        "HorizontalPodAutoscaler": autoscalers,
    }
    return named in own.get(kind, ())


def event_of(event: Event) -> LiveEvent:
    """Return an event."""
    subject, (count, first, last) = event.get("involvedObject") or {}, occurrences_of(event)
    return LiveEvent(
        type=str(event.get("type") or "Normal"),
        reason=str(event.get("reason") or ""),
        message=str(event.get("message") or ""),
        object=f"{subject.get('kind')}/{subject.get('name')}",
        count=count,
        first_at=first,
        last_at=last,
    )


def latest(events: Iterable[LiveEvent]) -> list[LiveEvent]:
    """Return the last hundred, the latest first."""
    return sorted(events, key=lambda event: event.last_at or LONG_AGO, reverse=True)[:MOST]


REVISION = "deployment.kubernetes.io/revision"


def revision_of(obj: Deployment | ReplicaSet) -> str:
    """Return the revision that the Deployment's controller noted on an object."""
    return str((obj["metadata"].get("annotations") or {}).get(REVISION, ""))


def rollout_of(deployment: Deployment) -> LiveRollout:
    """Return how a rollout stands."""
    status, waits = deployment.get("status") or {}, progress(deployment)
    state: Literal["complete", "progressing", "stalled", "paused"] = "progressing"
    if (deployment.get("spec") or {}).get("paused"):
        state, detail = "paused", "the Deployment is paused: kubectl rollout resume goes on with it"
    elif not waits:
        state, detail = "complete", "every pod is of the newest template and available"
    else:
        failure, detail = condition_of(deployment, "ReplicaFailure").get("message"), waits
        detail += f"; pods can't be made: {failure}" if failure else ""
        if condition_of(deployment, "Progressing").get("reason") == TIMED_OUT:
            state, detail = "stalled", f"no progress within the Deployment's deadline: {detail}"
    conditions = [
        LiveCondition(
            type=one["type"],
            status=one["status"],
            reason=one.get("reason") or "",
            message=one.get("message") or "",
            since=moment(one.get("lastTransitionTime")),
        )
        for one in status.get("conditions") or []
    ]
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
        conditions=conditions,
    )


def own(replica_sets: Iterable[ReplicaSet], deployment: Deployment) -> list[ReplicaSet]:
    """Return the ReplicaSets that a Deployment owns: others may bear its labels."""
    uid = deployment["metadata"].get("uid")
    return [
        one
        for one in replica_sets
        if any(owner.get("uid") == uid for owner in one["metadata"].get("ownerReferences") or [])
    ]


def newest(replica_sets: Iterable[ReplicaSet], deployment: Deployment) -> str:
    """Return the name of the ReplicaSet of the newest template; empty if it is not made yet."""
    revision = revision_of(deployment)
    return next((str(one["metadata"]["name"]) for one in replica_sets if revision_of(one) == revision), "")


def autoscaler(found: HorizontalPodAutoscaler) -> LiveAutoscaler:
    """Return an autoscaler."""
    spec, status = found.get("spec") or {}, found.get("status") or {}
    return LiveAutoscaler(
        name=found["metadata"]["name"],
        min_replicas=int(spec.get("minReplicas") or 1),
        max_replicas=int(spec["maxReplicas"]),
        current_replicas=status.get("currentReplicas"),
        desired_replicas=status.get("desiredReplicas"),
    )
