"""Which pods to move so that use lies more evenly: by what they really use, within what they request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kubedoor_core.domain.placement.board import Board
from kubedoor_core.domain.placement.model import Node, Pod

Floats = npt.NDArray[np.float64]
MOST_MOVES = 20
OVER_POINTS = 10.0
"""A node is hot where it is used by so many points more than the mean."""
LEAST_GAIN = 0.05
"""Points of standard deviation that a move must bring at least."""


class Use(NamedTuple):
    """What is used at the peak: millicores and MiB."""

    cpu_m: float
    mem_mib: float


class Move(NamedTuple):
    """A pod that goes from a node to another one.

    :ivar deviation: standard deviation of the nodes' use afterwards, points, the mean of cpu and memory.
    """

    pod: Pod
    source: str
    target: str
    use: Use
    deviation: float


@dataclass(frozen=True)
class Plan:
    """Moves, one after the other; every state between them fits.

    :ivar hot: the nodes that are used by much more than the mean.
    :ivar before: standard deviation of the nodes' use, points, the mean of cpu and memory.
    """

    moves: tuple[Move, ...]
    hot: tuple[str, ...]
    before: float

    @property
    def after(self) -> float:
        """The deviation once all moves are done."""
        return self.moves[-1].deviation if self.moves else self.before


def plan(
    nodes: Sequence[Node],
    pods: Sequence[Pod],
    used: Mapping[str, Use],
    movable: Mapping[tuple[str, str], Use],
    most_moves: int = MOST_MOVES,
) -> Plan:
    """Choose moves, each the one after which use lies most evenly.

    :param pods: all that are on the nodes, with what they request: it decides where one fits.
    :param used: of each node at the peak; a node that is not in it is neither hot nor a target.
    :param movable: the pods that may be moved, by namespace and name, with what each uses.
    """
    known = [node for node in nodes if node.name in used]
    if not known:
        return Plan((), (), 0.0)
    board = Board([*known, *(node for node in nodes if node.name not in used)], pods)
    size = np.maximum(board.capacity[: len(known), :2].astype(np.float64), 1.0)
    load = np.array([used[node.name] for node in known], dtype=np.float64)
    hot = tuple(known[index].name for index in np.flatnonzero(_hot(100 * load / size)))
    before = _deviation(100 * load / size)
    moves: list[Move] = []
    while len(moves) < most_moves:
        found = _best(board, pods, movable, load, size)
        if found is None:
            break
        pod, source, target, deviation = found
        board.take(pod)
        board.put(pod, target)
        load[source] -= movable[pod.key]
        load[target] += movable[pod.key]
        moves.append(Move(pod, known[source].name, known[target].name, movable[pod.key], deviation))
    return Plan(tuple(moves), hot, before)


def _hot(shares: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray((shares > shares.mean(axis=0) + OVER_POINTS).any(axis=1))


def _deviation(shares: Floats) -> float:
    return float(shares.std(axis=0).mean())


def _after(shares: Floats, use: Floats, source: int) -> Floats:
    """Return the deviation after a move from a node to each of all nodes.

    :param use: the pod's share of each node, points.
    """
    count, gone = len(shares), use[source]
    total = shares.sum(axis=0) - gone + use
    squares = (shares**2).sum(axis=0) - shares[source] ** 2 + (shares[source] - gone) ** 2
    squares = squares - shares**2 + (shares + use) ** 2
    variance = np.maximum(squares / count - (total / count) ** 2, 0.0)
    return np.asarray(np.sqrt(variance).mean(axis=1))


def _best(
    board: Board,
    pods: Sequence[Pod],
    movable: Mapping[tuple[str, str], Use],
    load: Floats,
    size: Floats,
) -> tuple[Pod, int, int, float] | None:
    """Return the move after which use lies most evenly, of those that fit."""
    shares = 100 * load / size
    hot, cool = _hot(shares), (shares < shares.mean(axis=0)).any(axis=1) & ~_hot(shares)
    now = _deviation(shares)
    found: list[tuple[float, tuple[str, str], int, int, Pod]] = []
    for pod in pods:
        source = board.where.get(pod.key, -1)
        if not 0 <= source < len(load) or not hot[source] or pod.key not in movable:
            continue
        deviations = _after(shares, 100 * np.array(movable[pod.key]) / size, source)
        found += [
            (float(deviations[target]), pod.key, int(target), source, pod)
            for target in np.flatnonzero(cool & (deviations <= now - LEAST_GAIN))
        ]
    for deviation, _, target, source, pod in sorted(found, key=lambda one: one[:3]):
        board.take(pod)
        fits = board.why_not(pod, target) is None
        board.put(pod, source)
        if fits:
            return pod, source, target, deviation
    return None
