"""Pods that no node takes, for each reason that there is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from e2e.support.acting import target
from e2e.support.installation import node
from e2e.support.troubles.trouble import NAME, Cause, Found, Json, Scene, Trouble, app, container

PLACED: Cause = ("rollout", "placement")
POOL = "pool"
APART = {
    "podAntiAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": [
            {"labelSelector": {"matchLabels": {"app": NAME}}, "topologyKey": "kubernetes.io/hostname"}
        ]
    }
}
TOO_MUCH_CPU = {"requests": {"cpu": "200", "memory": "128Mi"}, "limits": {"cpu": "200", "memory": "512Mi"}}
MORE_THAN_A_NODE_MIB = 300 * 1024


def in_pool(name: str, taints: tuple[Json, ...] = (), **room: str) -> Json:
    """Return a node of a pool of its name."""
    made = node(name, **room)
    made["metadata"]["labels"][POOL] = name
    return {**made, "spec": {"taints": list(taints)}}


NODES = (
    in_pool("small", pods="1"),
    in_pool("gpu", ({"key": "gpu", "value": "yes", "effect": "NoSchedule"},)),
    in_pool("old"),
    in_pool("pressed"),
)


def placed(**spec: Any) -> Callable[[Scene], Awaitable[None]]:
    """Roll out pods that are to go elsewhere."""

    async def make(scene: Scene) -> None:
        scene.roll_out(**spec)

    return make


async def more_memory(scene: Scene) -> None:
    """Raise the request by hand to more than any node has."""
    path = f"/services/{scene.place.name}/{NAME}"
    values = {"request_mem_mib": MORE_THAN_A_NODE_MIB, "limit_mem_mib": MORE_THAN_A_NODE_MIB}
    version = (await scene.api.get(path))["version"]
    await scene.api.change("PATCH", path, {"containers": [{"name": NAME, **values}]}, version)
    scene.place.kubectl("rollout", "restart", f"deployment/{NAME}")


async def more_than_nodes(scene: Scene) -> None:
    """Scale a service whose pods keep apart to more than there are nodes for it."""
    asked = target(scene.place, NAME, replicas=9)
    await scene.api.change(
        "POST", "/operations", {"kind": "scale", "targets": [asked], "wait_rollout": False}
    )


async def volume_elsewhere(scene: Scene) -> None:
    """Roll out pods with a volume that is in a zone without nodes."""
    name = scene.place.name
    zone = {"key": "topology.kubernetes.io/zone", "operator": "In", "values": ["z9"]}
    size, modes = {"storage": "1Gi"}, ["ReadWriteOnce"]
    volume = {
        "apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name},
        "spec": {
            "capacity": size, "accessModes": modes, "local": {"path": "/data"},
            "claimRef": {"namespace": name, "name": "data"},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [zone]}]}},
        },
    }  # fmt: skip
    claim = {
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data", "namespace": name},
        "spec": {
            "accessModes": modes, "storageClassName": "", "volumeName": name, "resources": {"requests": size},
        },
    }  # fmt: skip
    scene.installation.create(volume, claim)
    scene.roll_out(volumes=[{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}])


async def drained(scene: Scene) -> None:
    """Cordon the only node that a service's pods may go to, and let them go."""
    cordoned = scene.installation.plane.kubectl("cordon", "node-old")
    assert cordoned.returncode == 0, cordoned.stderr
    scene.place.kubectl("delete", "pods", "--all", "--wait=false")


def unschedulable(reason: str, cause: Cause, **shown: str | int) -> Found:
    return Found("unschedulable", cause=cause, shown={"reason": reason, **shown})


FOR_WANT_OF_ROOM = (
    Trouble(
        "no-cpu", placed(containers=container(resources=TOO_MUCH_CPU)),
        unschedulable("cpu", ("rollout", "request_cpu_m raised"), cpu_m=200_000), before=[app()],
    ),
    Trouble(
        "no-memory", more_memory,
        unschedulable("memory", ("edit", "request_mem_mib raised"), mem_mib=MORE_THAN_A_NODE_MIB),
        before=[app()], governed=True,
    ),
    Trouble("tainted", placed(nodeSelector={POOL: "gpu"}), unschedulable("taint", PLACED), before=[app()]),
    Trouble(
        "selector", placed(nodeSelector={"disk": "nvme"}), unschedulable("affinity", PLACED), before=[app()]
    ),
    Trouble(
        "apart", more_than_nodes, unschedulable("anti_affinity", ("operation", "replicas raised")),
        before=[app(affinity=APART)], governed=True,
    ),
    Trouble(
        "volume-elsewhere", volume_elsewhere, unschedulable("volume_zone", ("rollout", "template")),
        before=[app()],
    ),
    Trouble("no-slot", placed(nodeSelector={POOL: "small"}), unschedulable("pods", PLACED), before=[app()]),
    Trouble(
        "cordoned", drained, unschedulable("cordoned", ("node", "node")),
        before=[app(nodeSelector={POOL: "old"})],
    ),
)  # fmt: skip
