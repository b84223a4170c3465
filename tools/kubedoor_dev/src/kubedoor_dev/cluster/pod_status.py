"""The status of a pod through its life: waiting, scheduled, running, or failing as it is told to.

A pod template's annotation `kubedoor.dev/fail` makes its pods fail: `crashloop` (exit code 1),
`oom` (OOMKilled), `image` (the image cannot be pulled).
"""

from __future__ import annotations

from typing import Any

from kubedoor_dev.cluster.store import now

Json = dict[str, Any]

FAIL = "kubedoor.dev/fail"
RESIZE = "kubedoor.dev/resize"
FAILURES = ("crashloop", "oom", "image")
CRASHES = {"crashloop": ("Error", 1), "oom": ("OOMKilled", 137)}


def failure_of(pod: Json) -> str | None:
    """Return how a pod is to fail, if it is."""
    told = pod["metadata"].get("annotations", {}).get(FAIL)
    return told if told in FAILURES else None


def unscheduled(pod: Json, nodes: int) -> Json:
    """Return the status of a pod that fits nowhere."""
    message = f"0/{nodes} nodes are available: {nodes} Insufficient cpu or memory."
    condition = _condition("PodScheduled", False, "Unschedulable", message)
    return {"phase": "Pending", "qosClass": qos_class(pod), "conditions": [condition]}


def starting(pod: Json) -> Json:
    """Return the status of a pod that has a node and no running container."""
    waiting = {"waiting": {"reason": "ContainerCreating"}}
    return _status(pod, "Pending", [_container(one, waiting) for one in _containers(pod)])


def running(pod: Json) -> Json:
    """Return the status of a pod whose containers are all ready."""
    states = [_container(one, {"running": {"startedAt": now()}}, ready=True) for one in _containers(pod)]
    return _status(pod, "Running", states, ready=True)


def failing(pod: Json, failure: str, restarts: int) -> Json:
    """Return the status of a pod whose first container fails."""
    first, *others = _containers(pod)
    if failure == "image":
        message = f'Back-off pulling image "{first["image"]}"'
        waiting = {"waiting": {"reason": "ImagePullBackOff", "message": message}}
        return _status(pod, "Pending", [_container(one, waiting) for one in (first, *others)])
    reason, code = CRASHES[failure]
    message = f"back-off restarting failed container={first['name']} pod={pod['metadata']['name']}"
    state = _container(
        first, {"waiting": {"reason": "CrashLoopBackOff", "message": message}}, restarts=restarts
    )
    ended = {"reason": reason, "exitCode": code, "startedAt": now(), "finishedAt": now()}
    state["lastState"] = {"terminated": ended}
    rest = [_container(one, {"running": {"startedAt": now()}}, ready=True) for one in others]
    return _status(pod, "Running", [state, *rest])


def with_ephemeral(pod: Json, asked: Json) -> Json:
    """Return a pod with the ephemeral containers of another; those that are new run at once."""
    added = asked["spec"].get("ephemeralContainers") or []
    running = [{"name": one["name"], "image": one["image"], "state": {"running": {}}} for one in added]
    status = {**(pod.get("status") or {}), "ephemeralContainerStatuses": running}
    return {**pod, "spec": {**pod["spec"], "ephemeralContainers": added}, "status": status}


def resized(pod: Json, asked: Json) -> Json:
    """Return a pod that has got the resources that it was asked to have, as its kubelet shows it.

    A pod annotated `kubedoor.dev/resize: infeasible` never gets them, one with `deferred` not yet.
    """
    wanted = {one["name"]: one.get("resources", {}) for one in _containers(asked)}
    containers = [{**one, "resources": wanted.get(one["name"], {})} for one in _containers(pod)]
    made = {**pod, "spec": {**pod["spec"], "containers": containers}}
    told, status = pod["metadata"].get("annotations", {}).get(RESIZE), dict(pod.get("status", {}))
    if told:
        reason, message = told.capitalize(), "Node didn't have enough resource: cpu"
        condition = _condition("PodResizePending", True, reason, message)
        return {**made, "status": {**status, "conditions": [*status.get("conditions", []), condition]}}
    shown = [{**one, "resources": wanted.get(one["name"], {})} for one in status.get("containerStatuses", [])]
    return {**made, "status": {**status, "containerStatuses": shown}}


def is_ready(pod: Json) -> bool:
    """Tell whether a pod's Ready condition holds."""
    return ready_since(pod) is not None


def ready_since(pod: Json) -> str | None:
    """Return when a pod became ready, if it is."""
    for condition in pod.get("status", {}).get("conditions", []):
        if condition["type"] == "Ready" and condition["status"] == "True":
            since: str = condition["lastTransitionTime"]
            return since
    return None


def qos_class(pod: Json) -> str:
    """Return Guaranteed, Burstable or BestEffort."""
    resources = [one.get("resources", {}) for one in pod["spec"]["containers"]]
    if not any(one.get("requests") or one.get("limits") for one in resources):
        return "BestEffort"
    guaranteed = all(
        one.get("limits", {}).get(name) is not None
        and one["limits"][name] == one.get("requests", {}).get(name)
        for one in resources
        for name in ("cpu", "memory")
    )
    return "Guaranteed" if guaranteed else "Burstable"


def _containers(pod: Json) -> list[Json]:
    found: list[Json] = pod["spec"]["containers"]
    return found


def _container(container: Json, state: Json, *, ready: bool = False, restarts: int = 0) -> Json:
    return {
        "name": container["name"],
        "resources": container.get("resources", {}),
        "image": container["image"],
        "imageID": container["image"] if ready else "",
        "ready": ready,
        "started": ready,
        "restartCount": restarts,
        "state": state,
        "lastState": {},
    }


def _condition(kind: str, holds: bool, reason: str = "", message: str = "") -> Json:
    told = {"reason": reason, "message": message}
    return {
        "type": kind,
        "status": "True" if holds else "False",
        "lastTransitionTime": now(),
        **{key: value for key, value in told.items() if value},
    }


def _status(pod: Json, phase: str, containers: list[Json], *, ready: bool = False) -> Json:
    reason = "" if ready else "ContainersNotReady"
    return {
        "phase": phase,
        "qosClass": qos_class(pod),
        "startTime": pod.get("status", {}).get("startTime") or now(),
        "conditions": [
            _condition("PodScheduled", True),
            _condition("Initialized", True),
            _condition("ContainersReady", ready, reason),
            _condition("Ready", ready, reason),
        ],
        "containerStatuses": containers,
    }
