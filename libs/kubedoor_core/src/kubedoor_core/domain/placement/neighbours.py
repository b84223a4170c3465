"""What pods ask of one another: which are together, which are apart, how evenly they lie."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kubedoor_core.domain.placement.model import HOST, HostPort, Node, Pod, PodTerm, Spread
from kubedoor_core.domain.placement.selecting import Labels, matches
from kubedoor_core.domain.placement.static import chosen

NeighbourBlock = Literal["anti_affinity", "pod_affinity", "spread", "host_port"]


@dataclass(frozen=True, eq=False)
class Kind:
    """What pods have in common that are alike.

    :ivar selected: terms of any pod that select them.
    :ivar alone: only room and the node itself matter to them.
    """

    pod: Pod
    selected: tuple[PodTerm, ...]
    alone: bool


class Kinds:
    """The kinds of some pods: what is alike is looked at once."""

    def __init__(self, pods: Iterable[Pod]) -> None:
        keys = {pod.key: _key(pod) for pod in pods}
        of_kind: dict[object, Pod] = {}
        for pod in pods:
            of_kind.setdefault(keys[pod.key], pod)
        by_namespace: dict[str | None, list[PodTerm]] = defaultdict(list)
        for term in dict.fromkeys(term for pod in of_kind.values() for term in _terms(pod)):
            for namespace in term.namespaces or (None,):
                by_namespace[namespace].append(term)
        made = {
            key: _kind(pod, (*by_namespace[pod.namespace], *by_namespace[None]))
            for key, pod in of_kind.items()
        }
        self._of = {name: made[key] for name, key in keys.items()}

    def __getitem__(self, pod: Pod) -> Kind:
        """Return the kind of a pod."""
        return self._of[pod.key]


def _kind(pod: Pod, terms: Iterable[PodTerm]) -> Kind:
    rules, selected = pod.rules, tuple(term for term in terms if matches(term.selector, pod.labels))
    asks = rules.affinity or rules.anti_affinity or rules.spread or rules.ports
    return Kind(pod, selected, not (selected or asks))


class Neighbours:
    """Which pods are where, counted as terms ask for it.

    :param nodes: all that there are; pods are spread over those that are present.
    """

    def __init__(self, nodes: Sequence[Node], kinds: Kinds) -> None:
        self._nodes = {node.name: node for node in nodes}
        self._present = set(self._nodes)
        self.kinds = kinds
        self._reached: dict[object, dict[str, str]] = {}
        self._domains_now: dict[tuple[Kind, Spread], set[str]] = {}
        self._counts: dict[PodTerm, Counter[str]] = defaultdict(Counter)
        self._apart: dict[PodTerm, Counter[str]] = defaultdict(Counter)
        self._ports: dict[str, Counter[HostPort]] = defaultdict(Counter)

    def add(self, node: str) -> None:
        """Let a node be present."""
        self._present.add(node)
        self._domains_now.clear()

    def remove(self, *nodes: str) -> None:
        """Let nodes not be present."""
        self._present.difference_update(nodes)
        self._domains_now.clear()

    def put(self, pod: Pod, node: str, by: int = 1) -> None:
        """Count a pod on a node, or, by -1, no longer."""
        labels, kind = self._nodes[node].labels, self.kinds[pod]
        for term in kind.selected:
            domain = _domain(term.topology_key, node, labels)
            if domain is not None:
                self._counts[term][domain] += by
        for term in pod.rules.anti_affinity:
            domain = _domain(term.topology_key, node, labels)
            if domain is not None:
                self._apart[term][domain] += by
        for port in pod.rules.ports:
            self._ports[node][port] += by

    def block(self, pod: Pod, node: str) -> NeighbourBlock | None:
        """Return what about other pods keeps a pod off a node; None: nothing does."""
        kind, labels, rules = self.kinds[pod], self._nodes[node].labels, pod.rules
        if any(self._counted(self._counts, term, node, labels) for term in rules.anti_affinity) or any(
            self._counted(self._apart, term, node, labels) for term in kind.selected if term in self._apart
        ):
            return "anti_affinity"
        if any(not self._together(term, kind, node, labels) for term in rules.affinity):
            return "pod_affinity"
        if any(not self._even(one, kind, node, labels) for one in rules.spread):
            return "spread"
        held = [port for port, count in self._ports[node].items() if count] if rules.ports else []
        return "host_port" if any(one.collides(other) for one in rules.ports for other in held) else None

    @staticmethod
    def _counted(counts: Mapping[PodTerm, Counter[str]], term: PodTerm, node: str, labels: Labels) -> bool:
        domain = _domain(term.topology_key, node, labels)
        return domain is not None and term in counts and counts[term][domain] > 0

    def _together(self, term: PodTerm, kind: Kind, node: str, labels: Labels) -> bool:
        """Tell whether the pods that a term wants are there; the first of them may go anywhere."""
        domain = _domain(term.topology_key, node, labels)
        if domain is None:
            return False
        found = self._counts[term]
        return found[domain] > 0 or (term in kind.selected and not any(found.values()))

    def _even(self, spread: Spread, kind: Kind, node: str, labels: Labels) -> bool:
        domain = _domain(spread.term.topology_key, node, labels)
        if domain is None:
            return False
        found = self._counts[spread.term]
        every = self._domains(spread, kind)
        some_empty = len(every) < spread.min_domains or len(found) < len(every)
        least = 0 if some_empty else min((found[one] for one in every), default=0)
        return found[domain] + (spread.term in kind.selected) - least <= spread.max_skew

    def _domains(self, spread: Spread, kind: Kind) -> set[str]:
        """Return the parts of the cluster that a pod of a kind might be in, of those that are present."""
        found = self._domains_now.get((kind, spread))
        if found is None:
            reached = self._in_domains(spread.term.topology_key, kind.pod)
            found = {domain for node, domain in reached.items() if node in self._present}
            self._domains_now[kind, spread] = found
        return found

    def _in_domains(self, topology_key: str, pod: Pod) -> dict[str, str]:
        """Return the part of the cluster of each node that a pod chooses."""
        key = (topology_key, pod.rules.node_selector, pod.rules.node_terms)
        if key not in self._reached:
            self._reached[key] = {
                name: domain
                for name, node in self._nodes.items()
                if (domain := _domain(topology_key, name, node.labels)) is not None
                and chosen(pod.rules, name, node.labels)
            }
        return self._reached[key]


def _key(pod: Pod) -> object:
    return pod.namespace, frozenset(pod.labels.items()), pod.rules


def _terms(pod: Pod) -> Iterable[PodTerm]:
    yield from pod.rules.affinity
    yield from pod.rules.anti_affinity
    for one in pod.rules.spread:
        yield one.term


def _domain(topology_key: str, node: str, labels: Labels) -> str | None:
    """Return the part of the cluster that a node is in; None: in none that the key speaks of."""
    return labels.get(topology_key, node if topology_key == HOST else None)
