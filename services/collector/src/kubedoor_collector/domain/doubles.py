"""One of each: a store that holds a pod twice gives the figures of one of them, never the larger of both.

Two replicas of Prometheus, two jobs that scrape the same kubelets, an old and a new kube-state-metrics: their
series differ in a label. The label is found, and one value of it is taken for the whole run.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field
from itertools import pairwise

from kubedoor_core.metrics.samples import Labels, Samples

Group = list[int]

OVERLAP_S = 60.0
"""Series of the same thing that are there together for longer than this are doubles, not successors."""

_MOST_LABELS = 5


CGROUP = frozenset({"id", "name", "image", "cpu"})
"""Labels of cAdvisor's by which a container that was started anew, and a node's cores, are told apart."""


def _container(labels: Labels) -> Hashable:
    get = labels.get
    return get("namespace"), get("pod"), get("container"), get("resource"), get("phase")


@dataclass
class Doubles:
    """What was chosen in this run: of which label which value. One for each source.

    :ivar innocent: labels that differ between series of which none is another's double.
    """

    innocent: frozenset[str] = frozenset()
    chosen: dict[str, str] = field(default_factory=dict)

    def one_of_each(self, samples: Samples) -> Samples:
        """Leave out every series of which another tells the same at the same time."""
        for _ in range(_MOST_LABELS):
            groups = [group for group in _together(samples) if self._differing(samples, group)]
            if not groups:
                break
            samples = samples.take(self._kept(samples, groups))
        return samples

    def _kept(self, samples: Samples, groups: list[Group]) -> list[int]:
        label = self._label(samples, groups)
        value = self.chosen.setdefault(label, _most_samples(samples, groups, label)) if label else ""
        left_out: set[int] = set()
        for group in groups:
            kept = [i for i in group if samples.labels[i].get(label, "") == value]
            if not label or not kept or len(kept) == len(group):
                kept = [max(group, key=lambda i: (samples.counts[i], -i))]
            left_out.update(set(group) - set(kept))
        return [i for i in range(len(samples)) if i not in left_out]

    def _label(self, samples: Samples, groups: list[Group]) -> str:
        """Return the label that tells the doubles apart: one chosen before, else the one of fewest values."""
        differing: Counter[str] = Counter()
        for group in groups:
            differing.update(self._differing(samples, group))
        for label in self.chosen:
            if label in differing:
                return label
        values: dict[str, set[str]] = {
            label: {samples.labels[i].get(label, "") for group in groups for i in group}
            for label in differing
        }
        return min(
            differing,
            key=lambda label: (-differing[label], len(values[label]), "replica" not in label, label),
            default="",
        )

    def _differing(self, samples: Samples, group: Group) -> set[str]:
        """Return the labels by which the series of a group are told apart."""
        labels = [samples.labels[i] for i in group]
        names = {name for one in labels for name in one} - self.innocent
        return {name for name in names if len({one.get(name, "") for one in labels}) > 1}


def cadvisor_doubles() -> Doubles:
    """Return the choice for cAdvisor's series."""
    return Doubles(CGROUP)


def exporter_doubles() -> Doubles:
    """Return the choice for kube-state-metrics' series."""
    return Doubles()


def _together(samples: Samples) -> list[Group]:
    """Return the groups of series of the same container that are there at the same time."""
    groups: dict[Hashable, Group] = defaultdict(list)
    for index, labels in enumerate(samples.labels):
        groups[_container(labels)].append(index)
    several = [group for group in groups.values() if len(group) > 1]
    if not several:
        return []
    first, last = samples.first_and_last()
    return [group for group in several if _overlap(sorted((first[i], last[i]) for i in group))]


def _overlap(spans: list[tuple[float, float]]) -> bool:
    end = spans[0][1]
    for _, (begin, until) in pairwise(spans):
        # Of a single instant, as an instant query's answer is, or of a longer time.
        if min(end, until) - begin > OVERLAP_S or begin == until == end:
            return True
        end = max(end, until)
    return False


def _most_samples(samples: Samples, groups: list[Group], label: str) -> str:
    counted: Counter[str] = Counter()
    for group in groups:
        for index in group:
            counted[samples.labels[index].get(label, "")] += int(samples.counts[index])
    return min(counted, key=lambda value: (-counted[value], value))
