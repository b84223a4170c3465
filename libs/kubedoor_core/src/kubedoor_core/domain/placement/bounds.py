"""How many nodes are needed at least, whatever is done: no packing can do with fewer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from kubedoor_core.domain.placement.model import CPU, HOST, MEMORY, SLOTS, Node, Pod
from kubedoor_core.domain.placement.selecting import matches

Floats = npt.NDArray[np.float64]
Binding = Literal["cpu", "memory", "pods", "other_resource", "apart", "held"]
"""What decides it: room of a kind, pods that must be apart, pods that stay where they are."""


class Bound(NamedTuple):
    """A number of nodes, and what decides it."""

    nodes: int
    binding: Binding


def lower_bound(nodes: Sequence[Node], pods: Sequence[Pod], usable: float = 1.0) -> Bound:
    """Return how many of some nodes pods need at least.

    The largest of: what is asked for against the largest nodes' room, of each resource; Martello and Toth's
    L2 for cpu and memory; pods none of which may share a node; nodes that some pod can't leave.

    :param pods: of these nodes; what stays with each node, as a DaemonSet's, takes of its room.
    :param usable: share of the nodes' cpu and memory that may be asked for.
    """
    free = [pod for pod in pods if not pod.pin or pod.holds_node]
    found = [Bound(len({pod.node for pod in pods if pod.holds_node}), "held"), Bound(_apart(free), "apart")]
    others = {name for pod in pods for name in pod.needs} - {CPU, MEMORY, SLOTS}
    for resource in (CPU, MEMORY, SLOTS, *sorted(others)):
        share = usable if resource in (CPU, MEMORY) else 1.0
        taken = _taken(pods, resource)
        room = (int(node.capacity.get(resource, 0) * share) - taken[node.name] for node in nodes)
        sizes = np.array([max(0.0, float(one)) for one in room])
        asked = np.array([float(pod.needs.get(resource, 0)) for pod in free])
        least = _by_sum(sizes, asked)
        if resource in (CPU, MEMORY):
            least = max(least, martello_toth(asked, float(sizes.max(initial=0.0))))
        found.append(Bound(least, _binding(resource)))
    return max(found, key=lambda one: one.nodes)


def _binding(resource: str) -> Binding:
    match resource:
        case "cpu" | "memory" | "pods":
            return resource
        case _:
            return "other_resource"


def _taken(pods: Iterable[Pod], resource: str) -> Counter[str]:
    """Return how much of each node those have that stay with it."""
    found: Counter[str] = Counter()
    for pod in pods:
        if pod.pin and not pod.holds_node:
            found[pod.node] += pod.needs.get(resource, 0)
    return found


def _by_sum(sizes: Floats, asked: Floats) -> int:
    """Return how many of the largest nodes have room for all that is asked; one more than all where none."""
    total = asked.sum()
    if not total:
        return 0
    room = np.cumsum(np.sort(sizes)[::-1])
    return int(np.searchsorted(room, total, side="left")) + 1


def martello_toth(asked: Floats, size: float) -> int:
    """Return the bound L2 of Martello and Toth (1990) for bins of one size.

    For each threshold: what is larger than the size less it needs a bin of its own, likewise what is larger
    than half; of the rest, what is at least the threshold goes into what those leave, or into bins more.
    Whatever is larger than the size fits nowhere, and counts as one.
    """
    if size <= 0:
        return 0
    items = np.sort(np.minimum(asked[asked > 0], size))
    if not items.size:
        return 0
    before = np.concatenate(([0.0], np.cumsum(items)))
    halves = int(np.searchsorted(items, size / 2, side="right"))
    thresholds = np.unique(np.concatenate(([0.0], items[:halves])))
    low = np.searchsorted(items, thresholds, side="left")
    large = np.maximum(np.searchsorted(items, size - thresholds, side="right"), halves)
    alone, middle = items.size - large, large - halves
    left = middle * size - (before[large] - before[halves])
    small = before[halves] - before[np.minimum(low, halves)]
    more = np.ceil(np.maximum(0.0, (small - left) / size - 1e-9))
    return int((alone + middle + more).max())


def _apart(pods: Iterable[Pod]) -> int:
    """Return the most pods no two of which may be on one node: those that repel their own kind."""
    found: Counter[object] = Counter()
    for pod in pods:
        for term in set(pod.rules.anti_affinity):
            named = term.namespaces is None or pod.namespace in term.namespaces
            if term.topology_key == HOST and named and matches(term.selector, pod.labels):
                found[term] += 1
    return max(found.values(), default=0)
