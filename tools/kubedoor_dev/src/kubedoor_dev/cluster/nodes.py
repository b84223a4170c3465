"""Nodes, and what their pods ask of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster.quantities import parse
from kubedoor_dev.cluster.store import now

if TYPE_CHECKING:
    from collections.abc import Iterable

Json = dict[str, Any]

FINISHED = ("Succeeded", "Failed")


@dataclass(frozen=True)
class NodeSize:
    """What a node has; quantities as in Kubernetes. A tenth of cpu and memory is the system's."""

    cpu: str = "64"
    memory: str = "256Gi"
    pods: int = 500


def node(name: str, size: NodeSize) -> Json:
    """Make a ready Node."""
    memory_mib = int(parse(size.memory).value / 2**20)
    cpu_m = int(parse(size.cpu).value * 1000)
    return {
        "kind": "Node",
        "apiVersion": "v1",
        "metadata": {"name": name, "labels": _labels(name)},
        "spec": {},
        "status": {
            "capacity": {"cpu": size.cpu, "memory": size.memory, "pods": str(size.pods)},
            "allocatable": {
                "cpu": str(parse(f"{cpu_m * 9 // 10}m")),
                "memory": str(parse(f"{memory_mib * 9 // 10}Mi")),
                "pods": str(size.pods),
            },
            "conditions": [
                {
                    "type": "Ready",
                    "status": "True",
                    "reason": "KubeletReady",
                    "message": "kubelet is posting ready status",
                    "lastHeartbeatTime": now(),
                    "lastTransitionTime": now(),
                }
            ],
            "addresses": [{"type": "Hostname", "address": name}],
            "nodeInfo": {
                "architecture": "amd64", "bootID": "", "containerRuntimeVersion": "containerd://2.1",
                "kernelVersion": "6.12", "kubeProxyVersion": "", "kubeletVersion": "v1.34.0",
                "machineID": "", "operatingSystem": "linux", "osImage": "Debian", "systemUUID": "",
            },
        },
    }  # fmt: skip


def _labels(name: str) -> Json:
    return {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
    }


def requested(pod: Json, resource: str) -> Fraction:
    """Return what a pod asks of a node: containers and sidecars together, or one init container.

    Pod-level requests, where there are some, stand for all of it.
    """
    spec = pod["spec"]
    whole = spec.get("resources", {}).get("requests", {})
    if resource in whole:
        return parse(whole[resource]).value
    inits = spec.get("initContainers", [])
    sidecars = [one for one in inits if one.get("restartPolicy") == "Always"]
    running = sum((_of(one, resource) for one in [*spec["containers"], *sidecars]), Fraction(0))
    return max([running, *(_of(one, resource) for one in inits)])


def _of(container: Json, resource: str) -> Fraction:
    text = container.get("resources", {}).get("requests", {}).get(resource)
    return parse(text).value if text else Fraction(0)


@dataclass
class Scheduler:
    """Knows which pods are on which node. It hears of them through `changed` and `gone`."""

    _placed: dict[str, tuple[str, Amounts]] = field(default_factory=dict)
    _taken: dict[str, Amounts] = field(default_factory=dict)

    def changed(self, pod: Json) -> None:
        """Take a pod's node and requests down; one that finished holds nothing."""
        name = pod["spec"].get("nodeName")
        self.gone(pod)
        if name and pod.get("status", {}).get("phase") not in FINISHED:
            asked = _asked(pod)
            self._placed[pod["metadata"]["uid"]] = name, asked
            self._taken[name] = self._taken.get(name, NOTHING).plus(asked)

    def gone(self, pod: Json) -> None:
        """Forget a pod."""
        placed = self._placed.pop(pod["metadata"]["uid"], None)
        if placed:
            name, asked = placed
            self._taken[name] = self._taken[name].minus(asked)

    def place(self, pod: Json, nodes: Iterable[Json]) -> str | None:
        """Return the node with the most free cpu that the pod fits on, if there is one."""
        asked = _asked(pod)
        fitting: dict[str, Amounts] = {}
        for node in filter(_usable, nodes):
            name = node["metadata"]["name"]
            free = _allocatable(node).minus(self._taken.get(name, NOTHING))
            if free.hold(asked):
                fitting[name] = free
        return max(fitting, key=lambda name: fitting[name].cpu, default=None)


@dataclass(frozen=True)
class Amounts:
    """Cores, bytes and pods."""

    cpu: Fraction
    memory: Fraction
    pods: int

    def plus(self, other: Amounts) -> Amounts:
        """Add."""
        return Amounts(self.cpu + other.cpu, self.memory + other.memory, self.pods + other.pods)

    def minus(self, other: Amounts) -> Amounts:
        """Subtract."""
        return Amounts(self.cpu - other.cpu, self.memory - other.memory, self.pods - other.pods)

    def hold(self, asked: Amounts) -> bool:
        """Tell whether that much is in them."""
        return asked.cpu <= self.cpu and asked.memory <= self.memory and asked.pods <= self.pods


NOTHING = Amounts(Fraction(0), Fraction(0), 0)


def _asked(pod: Json) -> Amounts:
    return Amounts(requested(pod, "cpu"), requested(pod, "memory"), 1)


def _usable(node: Json) -> bool:
    return not node.get("spec", {}).get("unschedulable")


def _allocatable(node: Json) -> Amounts:
    has = node.get("status", {}).get("allocatable", {})
    cpu, memory, pods = (parse(has.get(name, "0")).value for name in ("cpu", "memory", "pods"))
    return Amounts(cpu, memory, int(pods))
