"""A container with tools beside another one: an ephemeral container, which stays until the pod goes."""

from __future__ import annotations

from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.commands import ContainerRef
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.retry import STRATEGIC, Request

LIFETIME_S = 7200
"""After which it ends, though it stays listed: above all that a heap dump may take until it is gone."""


def runs(pod: Pod, name: str) -> bool:
    """Tell whether an ephemeral container of a pod runs."""
    statuses = (pod.get("status") or {}).get("ephemeralContainerStatuses") or []
    return any(one.get("name") == name and "running" in (one.get("state") or {}) for one in statuses)


def _user_of(pod: Pod, container: str) -> dict[str, object]:
    """Return the user that a container is said to run as: a JVM answers to its own user alone."""
    spec = pod.get("spec") or {}
    both: dict[str, object] = {**(spec.get("securityContext") or {})}
    for one in spec.get("containers") or []:
        both |= (one.get("securityContext") or {}) if one["name"] == container else {}
    return {key: both[key] for key in ("runAsUser", "runAsGroup", "runAsNonRoot") if key in both}


async def add(clusters: Clusters, where: ContainerRef, name: str, image: str, pod: Pod) -> None:
    """Put a toolbox beside a container, which sees its processes; one of the name that is there stays.

    :raises AskingError: in plain words.
    """
    there = (pod.get("spec") or {}).get("ephemeralContainers") or []
    if any(one["name"] == name for one in there):
        return
    dropped = {"capabilities": {"drop": ["ALL"]}, "allowPrivilegeEscalation": False}
    profile = {"seccompProfile": {"type": "RuntimeDefault"}}
    added = {
        "name": name,
        "image": image,
        "command": ["sleep", str(LIFETIME_S)],
        "targetContainerName": where.container,
        "securityContext": {**dropped, **profile, **_user_of(pod, where.container)},
    }
    body = {"spec": {"ephemeralContainers": [added]}}
    what, headers = "pods/ephemeralcontainers", {"Content-Type": STRATEGIC}
    request = Request("patch", what, where.namespace, where.pod, body=body, headers=headers)
    await request.ask(clusters, where.env, Pod)
