"""How few nodes hold some pods: best fit, the largest first, by all rules that the scheduler keeps to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from kubedoor_core.domain.placement.board import Block, Board, most_common
from kubedoor_core.domain.placement.model import CPU, MEMORY, Node, Pin, Pod
from kubedoor_core.domain.placement.neighbours import Kinds, NeighbourBlock


class Holding(NamedTuple):
    """A pod that takes a node of its own though others have room, or that stays where it is, and why."""

    pod: Pod
    why: NeighbourBlock | Pin


class Unplaced(NamedTuple):
    """A pod that found no node, and what stood against it at the most nodes."""

    pod: Pod
    why: Block | None


@dataclass(frozen=True)
class Packing:
    """Pods on few nodes.

    :ivar nodes: those that are needed, by name.
    :ivar placed: the node of each pod, by namespace and name.
    """

    nodes: tuple[str, ...]
    placed: dict[tuple[str, str], str]
    holding: tuple[Holding, ...]
    unplaced: tuple[Unplaced, ...]


@dataclass(frozen=True)
class Task:
    """Pods, and the nodes that they may be on.

    :ivar pods: of these nodes; one with a pin stays where it is.
    :ivar others: pods on the nodes elsewhere: they stay there; pods may have to be with or away from them.
    :ivar usable: share of the nodes' cpu and memory that may be asked for.
    """

    nodes: Sequence[Node]
    pods: Sequence[Pod]
    elsewhere: Sequence[Node] = ()
    others: Sequence[Pod] = ()
    usable: float = 1.0

    @property
    def order(self) -> list[Pod]:
        """The pods that can move, the largest share of a node first; those that want others come last."""
        cpu = max((node.capacity.get(CPU, 0) for node in self.nodes), default=0) or 1
        memory = max((node.capacity.get(MEMORY, 0) for node in self.nodes), default=0) or 1

        def rank(pod: Pod) -> tuple[bool, float, tuple[str, str]]:
            share = max(pod.needs.get(CPU, 0) / cpu, pod.needs.get(MEMORY, 0) / memory)
            return bool(pod.rules.affinity), -share, pod.key

        return [replace(pod, node="") for pod in sorted((one for one in self.pods if not one.pin), key=rank)]

    @property
    def staying(self) -> list[Pod]:
        """The pods that stay where they are."""
        return [pod for pod in self.pods if pod.pin]


def pack(task: Task) -> Packing:
    """Put pods on few nodes.

    A first try opens nodes as it needs them. As pods are spread over the nodes that there are, what it comes
    to is tried again with just these nodes, and with more until all have a place.
    """
    order, kinds = task.order, Kinds([*task.pods, *task.others])
    first = _Try(task, order, kinds, {pod.node for pod in task.staying if pod.holds_node}, growing=True).run()
    chosen, more = set(first.nodes), 1
    best = first
    if any(pod.rules.spread for pod in order):
        best = _Try(task, order, kinds, chosen, growing=False).run()
    closed = [node.name for node in task.nodes if node.name not in chosen]
    while best.unplaced and closed:
        chosen |= set(closed[:more])
        closed, more = closed[more:], 2 * more
        best = _Try(task, order, kinds, chosen, growing=False).run()
    return replace(best, holding=first.holding)


class _Try:
    """Pods placed one by one.

    :param chosen: the nodes that there are at first; growing: others are added as they are needed.
    """

    def __init__(
        self, task: Task, order: Sequence[Pod], kinds: Kinds, chosen: set[str], *, growing: bool
    ) -> None:
        self._task, self._order = task, order
        nodes, stay = [*task.nodes, *task.elsewhere], task.staying
        self._board = Board(nodes, [*stay, *order, *task.others], task.usable, kinds)
        own = np.arange(len(nodes)) < len(task.nodes)
        self._opened = own & np.array([node.name in chosen for node in nodes], dtype=np.bool_)
        self._closed = own & ~self._opened if growing else np.zeros(len(nodes), dtype=np.bool_)
        self._board.neighbours.remove(*(one.name for one in task.nodes if one.name not in chosen))
        self._holding = [Holding(pod, pod.pin) for pod in stay if pod.holds_node]
        self._placed: dict[tuple[str, str], str] = {}

    def run(self) -> Packing:
        """Place them; those that found no place are tried again as long as others found one."""
        waiting, left = list(self._order), list[Pod]()
        while waiting:
            left = [pod for pod in waiting if not self._place(pod)]
            if len(left) == len(waiting):
                break
            waiting = left
        used = {*self._placed.values(), *(one.pod.node for one in self._holding if one.pod.pin)}
        nodes = self._task.nodes
        return Packing(
            tuple(node.name for node in nodes if node.name in used),
            self._placed,
            tuple(self._holding),
            tuple(
                Unplaced(pod, most_common(self._board.why_not(pod, index) for index in range(len(nodes))))
                for pod in left
            ),
        )

    def _place(self, pod: Pod) -> bool:
        index, blocked = self._board.fit(pod, self._opened)
        if index is None:
            index = self._open(pod)
            if index is None:
                return False
            if blocked is not None:
                self._holding.append(Holding(pod, blocked))
        self._board.put(pod, index)
        self._placed[pod.key] = self._board.nodes[index].name
        return True

    def _open(self, pod: Pod) -> int | None:
        """Make the largest closed node on which a pod fits a part of the cluster."""
        board = self._board
        found = np.flatnonzero(self._closed & board.reached(pod) & board.roomy(pod))
        for index in sorted(found.tolist(), key=lambda one: (-int(board.capacity[one, 0]), one)):
            board.neighbours.add(board.nodes[index].name)
            if board.block_of_others(pod, index) is None:
                self._opened[index], self._closed[index] = True, False
                return int(index)
            board.neighbours.remove(board.nodes[index].name)
        return None
