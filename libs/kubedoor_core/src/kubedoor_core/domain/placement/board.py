"""Nodes with pods on them: what is left of each, and what keeps a pod off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from kubedoor_core.domain.placement.model import CPU, MEMORY, SLOTS, Node, Pod
from kubedoor_core.domain.placement.neighbours import Kinds, NeighbourBlock, Neighbours
from kubedoor_core.domain.placement.static import StaticBlock, static_block

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Block = Literal[StaticBlock, NeighbourBlock, "cpu", "memory", "pods", "other_resource"]
"""What stands between a pod and a node."""
ALWAYS = (CPU, MEMORY, SLOTS)


class Board:
    """Pods on nodes.

    :param pods: all that will ever be put on it; those that are on one of its nodes are there at first.
    :param usable: share of the nodes' cpu and memory that may be asked for.
    :param kinds: of these pods, where they are known already.
    """

    def __init__(
        self, nodes: Sequence[Node], pods: Sequence[Pod], usable: float = 1.0, kinds: Kinds | None = None
    ) -> None:
        self.nodes = tuple(nodes)
        self.number = {node.name: index for index, node in enumerate(nodes)}
        others = {name for pod in pods for name in pod.needs} - set(ALWAYS)
        self.resources = (*ALWAYS, *sorted(others))
        self.capacity = np.array(
            [[node.capacity.get(name, 0) for name in self.resources] for node in nodes], dtype=np.int64
        ).reshape(len(nodes), len(self.resources))
        shares = np.array([usable, usable, *([1.0] * (len(self.resources) - 2))])
        self.free: Ints = np.floor(self.capacity * shares).astype(np.int64)
        self._share = 1.0 / np.maximum(self.capacity[:, :2], 1)
        self.where: dict[tuple[str, str], int] = {}
        self.neighbours = Neighbours(nodes, kinds or Kinds(pods))
        self._reached: dict[object, Bools] = {}
        self._needs: dict[tuple[str, str], Ints] = {}
        for pod in pods:
            if pod.node in self.number:
                self.put(pod, self.number[pod.node])

    def needs(self, pod: Pod) -> Ints:
        """Return how much of each resource a pod asks for."""
        found = self._needs.get(pod.key)
        if found is None:
            found = np.array([pod.needs.get(name, 0) for name in self.resources], dtype=np.int64)
            self._needs[pod.key] = found
        return found

    def put(self, pod: Pod, index: int) -> None:
        """Put a pod on a node, whether it fits or not."""
        self.where[pod.key] = index
        self.free[index] -= self.needs(pod)
        self.neighbours.put(pod, self.nodes[index].name)

    def take(self, pod: Pod) -> int:
        """Take a pod off its node, and return which that was."""
        index = self.where.pop(pod.key)
        self.free[index] += self.needs(pod)
        self.neighbours.put(pod, self.nodes[index].name, -1)
        return index

    def reached(self, pod: Pod) -> Bools:
        """Return which nodes a pod may be on, as far as these alone decide it."""
        rules = pod.rules
        key = (rules.node_selector, rules.node_terms, rules.volume_terms, rules.tolerations)
        found = self._reached.get(key)
        if found is None:
            allowed = [
                static_block(pod.rules, one.name, one.labels, one.taints) is None for one in self.nodes
            ]
            found = self._reached[key] = np.array(allowed, dtype=np.bool_)
        return found

    def roomy(self, pod: Pod) -> Bools:
        """Return which nodes have room for a pod: it need not fit there."""
        needs = self.needs(pod)
        return np.asarray(((self.free >= needs) | (needs == 0)).all(axis=1))

    def fit(self, pod: Pod, among: Bools) -> tuple[int | None, NeighbourBlock | None]:
        """Return the fullest of some nodes on which a pod fits, and what pods kept it off a fuller one."""
        found = np.flatnonzero(among & self.reached(pod) & self.roomy(pod))
        if self.neighbours.kinds[pod].alone:
            return (int(found[self._left(pod, found).argmin()]) if found.size else None), None
        first: NeighbourBlock | None = None
        for index in found[np.argsort(self._left(pod, found), kind="stable")].tolist():
            block = self.block_of_others(pod, index)
            if block is None:
                return index, first
            first = first or block
        return None, first

    def block_of_others(self, pod: Pod, index: int) -> NeighbourBlock | None:
        """Return what about other pods keeps a pod off a node."""
        return (
            None if self.neighbours.kinds[pod].alone else self.neighbours.block(pod, self.nodes[index].name)
        )

    def _left(self, pod: Pod, found: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
        """Return what of some nodes would be left with a pod on them: little of one resource counts most."""
        left = (self.free[found, :2] - self.needs(pod)[:2]) * self._share[found]
        return np.asarray(left.min(axis=1) + left.sum(axis=1))

    def why_not(self, pod: Pod, index: int) -> Block | None:
        """Return what keeps a pod off a node; None: it fits."""
        node, needs = self.nodes[index], self.needs(pod)
        fixed = static_block(pod.rules, node.name, node.labels, node.taints)
        if fixed is not None:
            return fixed
        for name, need, free in zip(self.resources, needs.tolist(), self.free[index].tolist(), strict=True):
            if need and need > free:
                return _resource_block(name)
        return self.block_of_others(pod, index)


def _resource_block(name: str) -> Block:
    match name:
        case "cpu":
            return "cpu"
        case "memory":
            return "memory"
        case "pods":
            return "pods"
        case _:
            return "other_resource"


def most_common(blocks: Iterable[Block | None]) -> Block | None:
    """Return what most often stands between a pod and nodes."""
    every = [one for one in blocks if one is not None]
    return max(sorted(set(every)), key=every.count, default=None)
