"""What queries about requests and about JVMs have in common, and the probe of what a store has of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from kubedoor_core.metrics.labelling import Candidates, Labelling, labellings
from kubedoor_core.metrics.samples import Labels, Samples
from kubedoor_core.metrics.selecting import Part, Scope

TOLD_BY = "told_by"
"""A label of ours: which dialect, labelled in which way, an answer's series are of."""
WHAT = "what"
"""A label of ours: which of several figures they are."""
HAS = "has_"

REPLICA = ("prometheus", "prometheus_replica", "replica", "__replica__", "receive_replica", "cluster_replica")
"""Labels in which two Prometheus replicas differ that scrape the same."""
SCRAPE = ("job", "instance", "endpoint", "service")
"""Labels in which two scrapes of the same pod differ, by two jobs or monitors."""

MOST_CHARACTERS = 15_000
"""Of a query; VictoriaMetrics takes 16 KiB."""

Matchers = tuple[str, ...]


class Counting(Protocol):
    """A way of counting: one of its metrics shows whether a store has it.

    :ivar shown_by: the metric and the matchers of its series.
    """

    @property
    def shown_by(self) -> tuple[str, Matchers]:
        """The metric and the matchers that show it."""

    @property
    def candidates(self) -> Candidates:
        """The labels that may hold the place of its series."""


D = TypeVar("D", bound=Counting)


@dataclass(frozen=True)
class Spoken(Generic[D]):
    """A dialect that a store has, labelled in one way.

    :ivar key: what its answers bear as `told_by`.
    """

    key: str
    dialect: D
    labelling: Labelling

    def selector(self, part: Part, metric: str, *matchers: str) -> str:
        """Return a selector of one of the dialect's metrics in a part of an env."""
        return part.series(metric, self.labelling.names, (*self.labelling.matchers, *matchers))

    def added_up(self, query: str, *, by: Sequence[str] = (), how: str = "sum", scrape: bool = True) -> str:
        """Add series up by their place; what is scraped twice counts once.

        :param by: further labels to keep.
        :param scrape: whether two scrapes are told apart by their labels; where no pod is named, those tell
            pods apart.
        """
        place = self.labelling.labels
        without = [name for name in (*REPLICA, *(SCRAPE if scrape else ())) if name not in place]
        kept = ", ".join((*place, *by))
        return f"{how} by ({kept}) (max without ({', '.join(without)}) ({query}))"


def tagged(query: str, key: str, what: str = "") -> str:
    """Mark the series of an answer."""
    marked = f'label_replace({query}, "{TOLD_BY}", "{key}", "", "")'
    return f'label_replace({marked}, "{WHAT}", "{what}", "", "")' if what else marked


def union(queries: Iterable[str]) -> str:
    """Return one query of several, whose series bear different marks; empty for none."""
    return " or ".join(queries)


def probe(scope: Scope, countings: Sequence[Counting], window_s: int) -> str:
    """Return the query of which dialects' series there are in a window, and which labels they have."""
    names = _names(countings)
    found = union(
        tagged(
            f"count by ({', '.join(names)}) (last_over_time({_selector(scope, one)}[{window_s}s]))",
            str(index),
        )
        for index, one in enumerate(countings)
    )
    for name in names:
        found = f'label_replace({found}, "{HAS}{name}", "1", "{name}", ".+")'
    return f"sum by ({', '.join((TOLD_BY, *(f'{HAS}{name}' for name in names)))}) ({found})"


def _names(countings: Sequence[Counting]) -> list[str]:
    return sorted({name for one in countings for some in one.candidates.each for name in some})


def _selector(scope: Scope, counting: Counting) -> str:
    metric, matchers = counting.shown_by
    return f"{metric}{{{','.join([*matchers, *scope.of_env])}}}"


@dataclass(frozen=True)
class Probed(Generic[D]):
    """What a store has of some dialects.

    :ivar unplaced: how many series of a metric tell no place.
    """

    spoken: list[Spoken[D]]
    unplaced: Mapping[str, int]


def probed(countings: Sequence[D], answer: Iterable[tuple[Labels, float]], first: int = 0) -> Probed[D]:
    """Read the probe's answer.

    :param answer: labels and number of series.
    :param first: number of the first of these countings among those that were asked for.
    """
    series: dict[int, dict[frozenset[str], int]] = defaultdict(dict)
    for labels, count in answer:
        # VictoriaMetrics tells a label that is not there as an empty one.
        present = frozenset(
            name.removeprefix(HAS) for name, has in labels.items() if has and name.startswith(HAS)
        )
        series[int(labels[TOLD_BY])][present] = int(count)
    spoken: list[Spoken[D]] = []
    unplaced: dict[str, int] = defaultdict(int)
    for number, dialect in enumerate(countings):
        own = _own(dialect.candidates, series.get(first + number, {}))
        found, without = labellings(dialect.candidates, own)
        spoken += [Spoken(f"{number}.{way}", dialect, one) for way, one in enumerate(found)]
        if without:
            unplaced[dialect.shown_by[0]] += without
    return Probed(spoken, dict(unplaced))


def _own(candidates: Candidates, series: Mapping[frozenset[str], int]) -> dict[frozenset[str], int]:
    """Leave labels out that are none of a dialect's own candidates."""
    names = {name for some in candidates.each for name in some}
    found: dict[frozenset[str], int] = defaultdict(int)
    for present, count in series.items():
        found[present & names] += count
    return found


def in_queries(
    spoken: Iterable[Spoken[D]], text: Callable[[Sequence[Spoken[D]]], str]
) -> list[list[Spoken[D]]]:
    """Return which dialects are asked for together: all, unless the query's text would become too long."""
    groups: list[list[Spoken[D]]] = []
    for one in spoken:
        if groups and len(text([*groups[-1], one])) <= MOST_CHARACTERS:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def of_each(samples: Samples, spoken: Iterable[Spoken[D]]) -> dict[str, Samples]:
    """Tell an answer's series apart by what they are of."""
    found: dict[str, list[int]] = {one.key: [] for one in spoken}
    for index, labels in enumerate(samples.labels):
        found.setdefault(labels.get(TOLD_BY, ""), []).append(index)
    return {key: samples.take(chosen) for key, chosen in found.items()}
