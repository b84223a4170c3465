"""How many nodes of each group could go: at least, as packing shows, and at most, as no packing can beat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kubedoor_core.domain.placement.bounds import Binding, lower_bound
from kubedoor_core.domain.placement.model import Node, Pod
from kubedoor_core.domain.placement.packing import Holding, Task, Unplaced, pack


@dataclass(frozen=True)
class Wish:
    """What is kept free.

    :ivar headroom: share of every node's cpu and memory, below 1.
    :ivar spare_nodes: of each group, so that what was on as many lost ones finds room.
    """

    headroom: float = 0.1
    spare_nodes: int = 1


@dataclass(frozen=True)
class GroupResult:
    """What a group of like nodes comes to.

    :ivar least: nodes that are needed whatever is done, with the spare ones; ``binding`` decides it.
    :ivar packed: nodes on which a packing was found, with the spare ones.
    :ivar keeps: of those, the ones that packing chose.
    """

    name: str
    nodes: tuple[Node, ...]
    pods: int
    least: int
    binding: Binding
    packed: int
    keeps: tuple[str, ...]
    holding: tuple[Holding, ...]
    unplaced: tuple[Unplaced, ...]

    @property
    def gives_back_least(self) -> int:
        """Nodes that can go: there is a packing without them."""
        return len(self.nodes) - self.packed

    @property
    def gives_back_most(self) -> int:
        """No more can go than these."""
        return len(self.nodes) - self.least


def simulate(
    groups: Mapping[str, Sequence[Node]], left_out: Sequence[Node], pods: Sequence[Pod], wish: Wish
) -> list[GroupResult]:
    """Pack the pods of each group on as few of its own nodes as they fit on.

    Pods stay within their group, and so within their zone; those of other groups stay where they are.

    :param left_out: nodes that are in no group: their pods stay, too.
    """
    every = [*(node for nodes in groups.values() for node in nodes), *left_out]
    return [_of_group(name, nodes, every, pods, wish) for name, nodes in groups.items()]


def _of_group(
    name: str, nodes: Sequence[Node], every: Sequence[Node], pods: Sequence[Pod], wish: Wish
) -> GroupResult:
    own, usable = {node.name for node in nodes}, 1.0 - wish.headroom
    here, known = [pod for pod in pods if pod.node in own], {node.name for node in every}
    others = [pod for pod in pods if pod.node in known - own]
    elsewhere = [node for node in every if node.name not in own]
    bound = lower_bound(nodes, here, usable)
    packing = pack(Task(nodes, here, elsewhere, others, usable))
    size = len(nodes)
    packed = size if packing.unplaced else min(size, len(packing.nodes) + wish.spare_nodes)
    return GroupResult(
        name=name,
        nodes=tuple(nodes),
        pods=len(here),
        least=min(packed, bound.nodes + wish.spare_nodes),
        binding=bound.binding,
        packed=packed,
        keeps=packing.nodes,
        holding=packing.holding,
        unplaced=packing.unplaced,
    )
