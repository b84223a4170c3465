"""What pods ask of nodes and what nodes have left, as the scheduler adds it up, and its endpoint."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kubedoor_api.access.roles import Role
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import NANO_PER_M, NANO_PER_MIB, condition_of
from kubedoor_api.kube.objects import cluster
from kubedoor_api.kube.objects.pods import Container, Pod, PodSpec, Quantities
from kubedoor_api.kube.objects.workloads import DeploymentSpec
from kubedoor_api.kube.retry import AskingError, AskingReason, for_people
from kubedoor_api.web.concurrency import SingleFlight
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import EnvPath, Model, Nothing
from kubedoor_core.domain import quantity

FINISHED = frozenset({"Succeeded", "Failed"})
REPELLING = frozenset({"NoSchedule", "NoExecute"})
DEFAULT_SURGE = "25%"


@dataclass(frozen=True)
class Amount:
    """Cpu in millicores and memory in MiB."""

    cpu_m: int = 0
    mem_mib: int = 0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.cpu_m + other.cpu_m, self.mem_mib + other.mem_mib)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.cpu_m - other.cpu_m, self.mem_mib - other.mem_mib)

    def times(self, number: int) -> Amount:
        """Return the amount for so many pods."""
        return Amount(self.cpu_m * number, self.mem_mib * number)

    def fits_into(self, other: Amount) -> bool:
        """Tell whether it fits into another."""
        return self.cpu_m <= other.cpu_m and self.mem_mib <= other.mem_mib


@dataclass(frozen=True)
class Node:
    """What a node that takes ordinary pods has left."""

    name: str
    free: Amount
    pods: int


def _amount(requests: Quantities) -> Amount:
    cpu, memory = quantity.parse(requests.get("cpu", "0")), quantity.parse(requests.get("memory", "0"))
    return Amount(math.ceil(cpu / NANO_PER_M), math.ceil(memory / NANO_PER_MIB))


def _asked(holder: Container | PodSpec) -> Amount:
    return _amount((holder.get("resources") or {}).get("requests") or {})


def _most(one: Amount, other: Amount) -> Amount:
    return Amount(max(one.cpu_m, other.cpu_m), max(one.mem_mib, other.mem_mib))


def asked_by(spec: PodSpec) -> Amount:
    """Return what a pod asks of its node.

    Its containers and sidecars together, or what an init container needs beside the sidecars before it if
    that is more, and the runtime's overhead. Pod-level requests, where there are some, stand for all.

    :param spec: of a pod or a pod template.
    """
    sidecars, starting = Amount(), Amount()
    for container in spec.get("initContainers") or []:
        if container.get("restartPolicy") == "Always":
            sidecars += _asked(container)
            starting = _most(starting, sidecars)
        else:
            starting = _most(starting, sidecars + _asked(container))
    running = sum((_asked(container) for container in spec.get("containers") or []), sidecars)
    asked, whole = _most(running, starting), (spec.get("resources") or {}).get("requests") or {}
    level = _asked(spec)
    asked = Amount(
        level.cpu_m if "cpu" in whole else asked.cpu_m, level.mem_mib if "memory" in whole else asked.mem_mib
    )
    return asked + _amount(spec.get("overhead") or {})


def held_by(pods: Iterable[Pod], held: dict[str, tuple[Amount, int]]) -> None:
    """Add up what pods hold of each node."""
    for pod in pods:
        spec, name = pod.get("spec") or {}, (pod.get("spec") or {}).get("nodeName")
        if name and (pod.get("status") or {}).get("phase") not in FINISHED:
            amount, number = held.get(name, (Amount(), 0))
            held[name] = amount + asked_by(spec), number + 1


def rooms(nodes: Iterable[cluster.Node], held: dict[str, tuple[Amount, int]]) -> list[Node]:
    """Return what the nodes have left: those that are ready, not cordoned and without a taint."""
    found = []
    for node in nodes:
        spec = node.get("spec") or {}
        repels = any(taint.get("effect") in REPELLING for taint in spec.get("taints") or [])
        ready = condition_of(node, "Ready").get("status") == "True"
        if not ready or repels or spec.get("unschedulable"):
            continue
        name = str(node["metadata"]["name"])
        has = (node.get("status") or {}).get("allocatable") or {}
        cpu, memory = quantity.parse(has.get("cpu", "0")), quantity.parse(has.get("memory", "0"))
        amount, number = held.get(name, (Amount(), 0))
        free = Amount(cpu // NANO_PER_M, memory // NANO_PER_MIB) - amount
        found.append(Node(name, free, quantity.parse(has.get("pods", "0")) // quantity.NANO - number))
    return found


def free_in(nodes: Iterable[Node]) -> Amount:
    """Return what nodes have left together; a node that has promised too much adds nothing."""
    free = (Amount(max(0, node.free.cpu_m), max(0, node.free.mem_mib)) for node in nodes)
    return sum(free, Amount())


def place(nodes: Sequence[Node], asked: Amount, number: int) -> tuple[list[Node], int]:
    """Put pods on nodes; return what is left of the nodes, and how many pods found no room."""
    left = []
    for node in nodes:
        by_cpu = node.free.cpu_m // asked.cpu_m if asked.cpu_m else node.pods
        by_memory = node.free.mem_mib // asked.mem_mib if asked.mem_mib else node.pods
        here = min(number, max(0, min(node.pods, by_cpu, by_memory)))
        number -= here
        left.append(replace(node, free=node.free - asked.times(here), pods=node.pods - here))
    return left, number


def surge_of(spec: DeploymentSpec, replicas: int) -> int:
    """Return how many pods beyond its count a Deployment's rollout makes."""
    strategy = spec.get("strategy") or {}
    if strategy.get("type") == "Recreate":
        return 0
    surge = (strategy.get("rollingUpdate") or {}).get("maxSurge", DEFAULT_SURGE)
    if isinstance(surge, int):
        return surge
    text = str(surge)
    return math.ceil(int(text[:-1]) * replicas / 100) if text.endswith("%") else int(text)


async def free_nodes(context: Context, env: str) -> list[Node]:
    """Return what the nodes that take ordinary pods have left.

    :raises AskingError: the cluster does not tell.
    """
    held: dict[str, tuple[Amount, int]] = {}
    nodes = await workloads.nodes(context[Clusters], env)
    async for page in workloads.pods_in_pages(context[Clusters], env):
        held_by(page, held)
    return rooms(nodes, held)


class Capacity(Model):
    """What the nodes of an env have left now: allocatable minus what all their pods request."""

    nodes: int | None
    """Nodes that take ordinary pods: ready, not cordoned, without a taint that repels; null while unknown"""
    free_cpu_m: int | None
    """Allocatable and not requested, over those nodes, millicores; null while unknown"""
    free_mem_mib: int | None
    """Allocatable and not requested, over those nodes, MiB; null while unknown"""
    reason: Literal["", "no_cluster"] | AskingReason
    """Why it is unknown, in one word; empty if it is known"""
    detail: str
    """Why it is unknown, in words"""


def _unknown(reason: str, detail: str) -> Capacity:
    known = dict.fromkeys(("nodes", "free_cpu_m", "free_mem_mib"))
    return Capacity.model_validate({**known, "reason": reason, "detail": detail})


@endpoint("GET", "/envs/{env}/capacity", tag="statistics", role=Role.VIEWER, by_target=True)
async def get_capacity(call: Call[EnvPath, Nothing, Nothing]) -> Capacity:
    """Show what an env's nodes have left, or why that is not known."""
    context, env = call.context, call.path.env
    if env not in context[Clusters].names:
        return _unknown("no_cluster", f"No cluster is configured for {env}: set KUBECONFIG or CLUSTERS_FILE")

    async def look() -> Capacity:
        try:
            async with for_people(env):
                found = await free_nodes(context, env)
        except AskingError as error:
            return _unknown(error.reason, str(error))
        free = free_in(found)
        return Capacity(
            nodes=len(found), free_cpu_m=free.cpu_m, free_mem_mib=free.mem_mib, reason="", detail=""
        )

    return await context[SingleFlight].get(("capacity", env), look)
