"""What the labels of counters are called that tell of pods: each scrape has its own habits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kubedoor_core.metrics.samples import Labels
from kubedoor_core.metrics.selecting import Names

NAMESPACES = ("exported_namespace", "namespace", "kubernetes_namespace")
PODS = ("exported_pod", "pod", "kubernetes_pod_name")
CONTAINERS = ("exported_container", "container", "kubernetes_container_name")
"""Scraped without `honor_labels`, the exporter's own place has the plain names."""


@dataclass(frozen=True)
class Candidates:
    """The labels that may hold a place, the likeliest first; empty where none does."""

    namespaces: tuple[str, ...] = NAMESPACES
    workloads: tuple[str, ...] = ()
    pods: tuple[str, ...] = PODS
    containers: tuple[str, ...] = ()

    @property
    def each(self) -> tuple[tuple[str, ...], ...]:
        """The candidates of each part of a place."""
        return (self.namespaces, self.workloads, self.pods, self.containers)

    def preferring(self, namespace: str, pod: str) -> Candidates:
        """Return the same with labels before all others, where they are not empty."""
        namespaces = (namespace, *self.namespaces) if namespace else self.namespaces
        pods = (pod, *self.pods) if pod and self.pods else self.pods
        return replace(self, namespaces=tuple(dict.fromkeys(namespaces)), pods=tuple(dict.fromkeys(pods)))


@dataclass(frozen=True)
class Labelling:
    """Which labels of some series tell their place; empty where none does.

    :ivar matchers: what tells these series from those of the same metric that are labelled in another way.
    """

    namespace: str
    workload: str = ""
    pod: str = ""
    container: str = ""
    matchers: tuple[str, ...] = ()

    @property
    def names(self) -> Names:
        """What a part of an env is chosen by: a large one by its pods' names, or its workloads'."""
        return Names(self.namespace, self.pod or self.workload)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels by which series are added up."""
        return tuple(name for name in (self.namespace, self.workload, self.pod, self.container) if name)

    def place(self, labels: Labels) -> tuple[str, str, str, str]:
        """Return a series' namespace, workload, pod and container; empty is unknown."""
        parts = (self.namespace, self.workload, self.pod, self.container)
        namespace, workload, pod, container = (labels.get(name, "") if name else "" for name in parts)
        return namespace, workload, pod, container


def labellings(candidates: Candidates, series: Mapping[frozenset[str], int]) -> tuple[list[Labelling], int]:
    """Return every labelling that some series of a metric have, and how many series tell no place.

    :param series: how many have just these labels of the candidates.
    """
    found: dict[Labelling, None] = {}
    unplaced = 0
    for present, count in sorted(series.items(), key=lambda item: -item[1]):
        one = _labelling(candidates, present)
        if one.namespace and (one.workload or one.pod):
            found[one] = None
        else:
            unplaced += count
    several = len(found) > 1
    every = [replace(one, matchers=_matchers(candidates, one)) if several else one for one in found]
    return every, unplaced


def _labelling(candidates: Candidates, present: frozenset[str]) -> Labelling:
    namespace, workload, pod, container = (
        next((name for name in names if name in present), "") for names in candidates.each
    )
    return Labelling(namespace, workload, pod, container)


def _matchers(candidates: Candidates, one: Labelling) -> tuple[str, ...]:
    matchers: list[str] = []
    chosen = (one.namespace, one.workload, one.pod, one.container)
    for names, taken in zip(candidates.each, chosen, strict=True):
        before = names[: names.index(taken)] if taken else names
        matchers += [f'{name}=""' for name in before]
        matchers += [f'{taken}!=""'] if taken else []
    return tuple(matchers)
