"""Where pods could go that leave their node, the others staying where they are. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from kubedoor_core.domain.placement.board import Board, most_common
from kubedoor_core.domain.placement.model import Node, Pod
from kubedoor_core.domain.placement.packing import Task, Unplaced


class Rehoming(NamedTuple):
    """Where pods could go.

    :ivar placed: node of each that finds room, by namespace and name.
    """

    placed: dict[tuple[str, str], str]
    unplaced: tuple[Unplaced, ...]


def rehome(
    nodes: Sequence[Node], usable: Collection[str], pods: Sequence[Pod], leaving: Sequence[Pod]
) -> Rehoming:
    """Put pods that leave on other nodes, the largest first, each on the fullest that has room for it.

    The scheduler may choose otherwise: what is found is that there is room for all of them together.

    :param usable: names of the nodes that take pods.
    :param pods: all pods; those that leave are among them. Those that nobody would remake go nowhere.
    """
    gone = {pod.key for pod in leaving}
    order = Task(nodes, leaving).order
    board = Board(nodes, [*(pod for pod in pods if pod.key not in gone), *order])
    among = np.array([node.name in usable for node in nodes], dtype=np.bool_)
    placed: dict[tuple[str, str], str] = {}
    unplaced: list[Unplaced] = []
    for pod in order:
        index, _ = board.fit(pod, among)
        if index is None:
            why = most_common(board.why_not(pod, one) for one in np.flatnonzero(among).tolist())
            unplaced.append(Unplaced(pod, why))
        else:
            board.put(pod, index)
            placed[pod.key] = nodes[index].name
    return Rehoming(placed, tuple(unplaced))
