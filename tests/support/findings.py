"""A cluster's objects as findings see them: services that are well, and ways in which they are not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from kubedoor_api.findings.causes import signs
from kubedoor_api.findings.facts import Facts
from kubedoor_api.findings.reading import (
    read_deployment,
    read_node,
    read_pod,
    read_quota,
    read_replica_set,
)
from kubedoor_api.findings.tracking import Folded, fold

Json = Any
NOW = datetime(2026, 3, 2, 10, 45, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=3)


def ago(**since: float) -> str:
    """A time so long before the look, as Kubernetes writes it."""
    return (NOW - timedelta(**since)).strftime("%Y-%m-%dT%H:%M:%SZ")


def template(image: str = "cart:1", limit_mem: str = "512Mi", cpu: str = "100m", **spec: Any) -> Json:
    """A pod template with one container."""
    resources = {"requests": {"cpu": cpu, "memory": "256Mi"}, "limits": {"memory": limit_mem}}
    probe = {"periodSeconds": 10, "failureThreshold": 3}
    app = {"name": "app", "image": image, "resources": resources, "readinessProbe": probe}
    return {"metadata": {"labels": {"app": "cart"}}, "spec": {"containers": [app], **spec}}


def pod(number: int = 0, node: str = "n1", rs: str = "cart-1", of: Json | None = None, **status: Any) -> Json:
    """A pod of a ReplicaSet that runs and is ready, but for what its status is to say."""
    ready = bool(status.pop("ready", True))
    container = {
        "name": "app",
        "ready": ready,
        "restartCount": 0,
        "state": {"running": {"startedAt": ago(hours=5)}},
        **status.pop("container", {}),
    }
    spec = {**(of or template())["spec"], **({"nodeName": node} if node else {})}
    return {
        "metadata": {
            "uid": f"{rs}-{number}",
            "namespace": "shop",
            "name": f"{rs}-{number}",
            "labels": {"app": "cart"},
            "creationTimestamp": ago(hours=5),
            "ownerReferences": [{"kind": "ReplicaSet", "name": rs, "controller": True}],
        },
        "spec": spec,
        "status": {
            "phase": "Running",
            "conditions": [
                {"type": "Ready", "status": str(ready), "lastTransitionTime": ago(hours=1 if ready else 0.2)}
            ],
            "containerStatuses": [container],
            **status,
        },
    }


def waiting_for_a_node(number: int = 0, of: Json | None = None) -> Json:
    """A pod for which the scheduler finds no node."""
    condition = {
        "type": "PodScheduled",
        "status": "False",
        "reason": "Unschedulable",
        "message": "0/1 nodes are available",
        "lastTransitionTime": ago(minutes=1),
    }
    return pod(number, "", of=of, ready=False, phase="Pending", conditions=[condition], containerStatuses=[])


def ended(reason: str, code: int, *, restarts: int = 4, minutes: float = 1) -> Json:
    """A container's status: it waits to be started again after it has ended."""
    last = {"reason": reason, "exitCode": code, "finishedAt": ago(minutes=minutes)}
    return {
        "restartCount": restarts,
        "state": {"waiting": {"reason": "CrashLoopBackOff"}},
        "lastState": {"terminated": last},
    }


def node(name: str = "n1", cpu: str = "8", memory: str = "16Gi", pods: int = 110, **more: Any) -> Json:
    """A node that is ready, but for what its conditions are to say."""
    conditions = more.pop(
        "conditions", [{"type": "Ready", "status": "True", "lastTransitionTime": ago(days=3)}]
    )
    return {
        "metadata": {
            "name": name,
            "labels": {"kubernetes.io/hostname": name, **more.pop("labels", {})},
            "creationTimestamp": ago(days=3),
        },
        "spec": more,
        "status": {
            "allocatable": {"cpu": cpu, "memory": memory, "pods": str(pods)},
            "conditions": conditions,
        },
    }


def not_ready(name: str, minutes: float = 2) -> Json:
    """A node that has gone."""
    gone = {
        "type": "Ready",
        "status": "Unknown",
        "reason": "NodeStatusUnknown",
        "lastTransitionTime": ago(minutes=minutes),
    }
    return node(name, conditions=[gone])


def deployment(name: str = "cart", replicas: int = 1, **status: Any) -> Json:
    """A Deployment whose pods are all there, but for what its status is to say."""
    counts = {"updatedReplicas": replicas, "availableReplicas": replicas}
    return {
        "metadata": {"namespace": "shop", "name": name},
        "spec": {"replicas": replicas},
        "status": {**counts, **status},
    }


def condition(kind: str, status: str, reason: str, message: str = "") -> Json:
    """A condition of a Deployment, of three minutes ago."""
    at = {"lastTransitionTime": ago(minutes=3), "lastUpdateTime": ago(minutes=3)}
    return {"type": kind, "status": status, "reason": reason, "message": message, **at}


def replica_set(revision: int = 1, of: Json | None = None, name: str = "cart", created_at: str = "") -> Json:
    """A ReplicaSet of a Deployment."""
    return {
        "metadata": {
            "namespace": "shop",
            "name": f"{name}-{revision}",
            "creationTimestamp": created_at or ago(days=3),
            "annotations": {"deployment.kubernetes.io/revision": str(revision)},
            "ownerReferences": [{"kind": "Deployment", "name": name, "controller": True}],
        },
        "spec": {"template": of or template()},
    }


def quota(used: str, hard: str, resource: str = "requests.memory") -> Json:
    """A ResourceQuota of one resource."""
    return {
        "metadata": {"namespace": "shop", "name": "team"},
        "spec": {"hard": {resource: hard}},
        "status": {"hard": {resource: hard}, "used": {resource: used}},
    }


def facts(
    pods: Iterable[Json] = (),
    nodes: Iterable[Json] = (),
    deployments: Iterable[Json] = (),
    replica_sets: Iterable[Json] = (),
    quotas: Iterable[Json] = (),
    **more: Any,
) -> Facts:
    """What a look has of objects; one node, Deployment and ReplicaSet where none are given."""

    def keyed(read: Callable[[Json], Any], found: Iterable[Json]) -> dict[tuple[str, str], Any]:
        return {(one["metadata"]["namespace"], one["metadata"]["name"]): read(one) for one in found}

    return Facts(
        now=more.pop("now", NOW),
        pods=keyed(read_pod, pods),
        nodes={one["metadata"]["name"]: read_node(one) for one in nodes or (node(),)},
        deployments=keyed(read_deployment, deployments or (deployment(),)),
        replica_sets=keyed(read_replica_set, replica_sets or (replica_set(),)),
        quotas=tuple(read for one in quotas if (read := read_quota(one))),
        **more,
    )


def found(given: Facts) -> list[Folded]:
    """The causes among what is wrong."""
    return fold(signs(given), given)


def company(services: int, pods: int = 4, nodes: int = 100) -> Facts:
    """A cluster of so many services that are well."""
    named = [f"svc{number}" for number in range(services)]
    made = facts(
        nodes=[node(f"n{number}", cpu="512", memory="2Ti", pods=2000) for number in range(nodes)],
        deployments=[deployment(name, pods) for name in named],
        replica_sets=[replica_set(1, name=name) for name in named],
    )
    one = read_pod(pod())
    return replace(
        made,
        pods={
            ("shop", f"{name}-1-{number}"): replace(
                one,
                name=f"{name}-1-{number}",
                uid=f"{name}-{number}",
                node=f"n{(place + number) % nodes}",
                owner=("ReplicaSet", f"{name}-1"),
            )
            for place, name in enumerate(named)
            for number in range(pods)
        },
    )
