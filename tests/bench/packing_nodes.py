"""Deployments on kwok's nodes: placed by a real kube-scheduler, on as many nodes as are given or needed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from e2e.support.installation import node
from kubedoor_api.workloads.room import asked_by
from kubedoor_dev.control_plane import ControlPlane

Json = dict[str, Any]
NODE_CPU_M = 16_000
NODE_MEM_MIB = 64 * 1024
ROOM = {"cpu": f"{NODE_CPU_M}m", "memory": f"{NODE_MEM_MIB}Mi", "pods": "110"}
SETTLES_IN_S = 300.0
PAUSE_S = 0.5
QUIET_S = 12.0
"""Nothing more is placed for so long: the scheduler waits up to ten seconds before it tries a pod again."""


@dataclass(frozen=True)
class Placement:
    """Where the pods are.

    :ivar nodes: all of them, used or not.
    :ivar by_deployment: the node of each pod that has one, by namespace and name.
    :ivar pending: pods that fit nowhere.
    """

    nodes: Sequence[str]
    by_deployment: dict[tuple[str, str], list[str]]
    pending: int


class Fleet:
    """Nodes and namespaces that are made for one placement and removed after it."""

    def __init__(self, plane: ControlPlane) -> None:
        self._plane = plane
        self._rounds = count()
        self._numbers = count()

    def place(self, manifests: Sequence[Json], nodes: int) -> Placement:
        """Schedule Deployments on so many nodes."""
        names = self._add(nodes)
        suffix = self._deploy(manifests)
        try:
            return self._settled(manifests, suffix, names)
        finally:
            self._clear(suffix, names)

    def grow(self, manifests: Sequence[Json]) -> Placement:
        """Add nodes while pods are pending, as a cluster autoscaler does: as many as the pending ones fill.

        It begins with as many as hold the sums of all.
        """
        names = self._add(at_least(requested(manifests)))
        suffix = self._deploy(manifests)
        try:
            found = self._settled(manifests, suffix, names)
            while found.pending:
                names = [*names, *self._add(at_least(requested(_pending(manifests, found))))]
                before, found = found.pending, self._settled(manifests, suffix, names)
                if found.pending == before:
                    raise ValueError(f"{before} pods fit no node of {ROOM}")
            return found
        finally:
            self._clear(suffix, names)

    def _run(self, *arguments: str, stdin: Json | None = None) -> str:
        done = self._plane.kubectl(*arguments, stdin=json.dumps(stdin) if stdin else None)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _create(self, objects: Iterable[Json]) -> None:
        self._run("create", "-f", "-", stdin={"apiVersion": "v1", "kind": "List", "items": list(objects)})

    def _add(self, number: int) -> list[str]:
        made = [node(next(self._numbers), **ROOM) for _ in range(number)]
        self._create(made)
        names = [one["metadata"]["name"] for one in made]
        deadline = time.monotonic() + SETTLES_IN_S
        while not self._ready(names):
            if time.monotonic() > deadline:
                raise TimeoutError(f"not ready: {', '.join(names)}")
            time.sleep(PAUSE_S)
        return names

    def _ready(self, names: Sequence[str]) -> bool:
        items = json.loads(self._run("get", "nodes", *names, "-o", "json"))
        return not any(one["spec"].get("taints") for one in items.get("items", [items])) and all(
            any(each["type"] == "Ready" and each["status"] == "True" for each in one["status"]["conditions"])
            for one in items.get("items", [items])
        )

    def _deploy(self, manifests: Sequence[Json]) -> str:
        suffix = f"-{next(self._rounds)}"
        namespaces = {one["metadata"]["namespace"] + suffix for one in manifests}
        self._create(
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": one}} for one in namespaces
        )
        self._create(_moved(one, suffix) for one in manifests)
        return suffix

    def _settled(self, manifests: Sequence[Json], suffix: str, nodes: Sequence[str]) -> Placement:
        """Wait until the scheduler has said of each pod where it goes, or that it fits nowhere."""
        wanted = sum(int(one["spec"]["replicas"]) for one in manifests)
        deadline, before, since = time.monotonic() + SETTLES_IN_S, -1, time.monotonic()
        while True:
            pods = [pod for pod in self._pods() if pod["metadata"]["namespace"].endswith(suffix)]
            placed = sum(1 for pod in pods if pod["spec"].get("nodeName"))
            if placed != before:
                before, since = placed, time.monotonic()
            told = all(pod["spec"].get("nodeName") or _unschedulable(pod) for pod in pods)
            if len(pods) == wanted and told and (placed == wanted or time.monotonic() - since > QUIET_S):
                return Placement(nodes, _places(pods, suffix), wanted - placed)
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(pods)} of {wanted} pods, {placed} placed")
            time.sleep(PAUSE_S)

    def _pods(self) -> list[Json]:
        found: list[Json] = json.loads(self._run("get", "pods", "--all-namespaces", "-o", "json"))["items"]
        return found

    def _clear(self, suffix: str, nodes: Sequence[str]) -> None:
        names = self._run("get", "namespaces", "-o", "name").split()
        gone = [one for one in names if one.endswith(suffix)]
        self._run("delete", *gone, "--timeout=900s")
        self._run("delete", "nodes", *nodes)


def requested(manifests: Iterable[Json]) -> tuple[int, int]:
    """Return the cpu in millicores and the memory in MiB that Deployments ask for, sidecars included."""
    amounts = [(asked_by(one["spec"]["template"]["spec"]), int(one["spec"]["replicas"])) for one in manifests]
    return sum(one.cpu_m * n for one, n in amounts), sum(one.mem_mib * n for one, n in amounts)


def at_least(sums: tuple[int, int]) -> int:
    """Return how many nodes such a cpu and memory fill, one at the least."""
    cpu_m, mem_mib = sums
    return max(1, cpu_m // NODE_CPU_M, mem_mib // NODE_MEM_MIB)


def _pending(manifests: Iterable[Json], placement: Placement) -> Iterator[Json]:
    """Yield the Deployments with as many pods as are pending."""
    for one in manifests:
        metadata = one["metadata"]
        placed = placement.by_deployment.get((metadata["namespace"], metadata["name"]), [])
        yield {**one, "spec": {**one["spec"], "replicas": int(one["spec"]["replicas"]) - len(placed)}}


def _moved(manifest: Json, suffix: str) -> Json:
    metadata = manifest["metadata"]
    return {**manifest, "metadata": {**metadata, "namespace": metadata["namespace"] + suffix}}


def _unschedulable(pod: Json) -> bool:
    conditions = (pod.get("status") or {}).get("conditions") or []
    return any(one["type"] == "PodScheduled" and one.get("reason") == "Unschedulable" for one in conditions)


def _places(pods: Iterable[Json], suffix: str) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for pod in sorted(pods, key=lambda one: str(one["metadata"]["name"])):
        namespace = pod["metadata"]["namespace"].removesuffix(suffix)
        name = pod["metadata"]["labels"]["app.kubernetes.io/name"]
        if pod["spec"].get("nodeName"):
            found.setdefault((namespace, name), []).append(pod["spec"]["nodeName"])
    return found
