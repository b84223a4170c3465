"""Pods as people want to see them, from their JSON. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from kubedoor_api.kube.manifests import COLUMNS, VALUES, condition_of, control_value
from kubedoor_api.kube.rollout import trouble_of
from kubedoor_api.workloads.service_models import LiveContainer, LivePod
from kubedoor_core.errors import BadValueError

Json = dict[str, Any]
State = Literal["waiting", "running", "terminated", "unknown"]

STATES: tuple[State, ...] = ("waiting", "running", "terminated")
ANY_RESTART = 1


def moment(text: object) -> datetime | None:
    """Read a time of Kubernetes'."""
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None


def replica_set_of(pod: Json) -> str:
    """Return the name of the ReplicaSet that a pod belongs to; empty if to none."""
    owners = pod["metadata"].get("ownerReferences") or []
    return next((str(owner["name"]) for owner in owners if owner.get("kind") == "ReplicaSet"), "")


def _values(container: Json) -> dict[str, int | None]:
    resources = container.get("resources") or {}
    return {COLUMNS[name]: _value(name, (resources.get(kind) or {}).get(what)) for name, kind, what in VALUES}


def _value(name: str, text: object) -> int | None:
    try:
        return None if text is None else control_value(name, str(text))
    except BadValueError:
        return None


def _container(container: Json, status: Json) -> LiveContainer:
    state = status.get("state") or {}
    kind: State = next((name for name in STATES if name in state), "unknown")
    now: Json = state.get(kind) or {}
    ended: Json = (status.get("lastState") or {}).get("terminated") or {}
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
            **_values(container),
        }
    )


def _containers(pod: Json) -> list[LiveContainer]:
    spec, status = pod.get("spec") or {}, pod.get("status") or {}
    found: Mapping[str, Json] = {
        one["name"]: one
        for key in ("initContainerStatuses", "containerStatuses")
        for one in status.get(key) or []
    }
    lasting = [one for one in spec.get("initContainers") or [] if one.get("restartPolicy") == "Always"]
    return [_container(one, found.get(one["name"], {})) for one in (*lasting, *spec.get("containers", []))]


def _status(pod: Json, containers: Iterable[LiveContainer]) -> str:
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


def _reason(pod: Json, containers: Iterable[LiveContainer]) -> str:
    """Say why a pod is not well; nothing of one that is."""
    status = pod.get("status") or {}
    if trouble := trouble_of(pod, ANY_RESTART):
        return trouble.text
    scheduled = condition_of(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        return str(scheduled.get("message") or scheduled.get("reason") or "it fits on no node")
    waiting = (f"{one.name}: {one.message}" for one in containers if one.state == "waiting" and one.message)
    return str(status.get("message") or "") or next(waiting, "")


def pod_of(pod: Json, current: str | None, now: datetime) -> LivePod:
    """Return a pod.

    :param current: name of the newest ReplicaSet; None where it is not known.
    """
    metadata, spec, containers = pod["metadata"], pod.get("spec") or {}, _containers(pod)
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
