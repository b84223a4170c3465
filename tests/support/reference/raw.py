"""Raw samples, found by metric: labels are read in every spelling that exporters have, NaN is no sample."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kubedoor_dev.metrics.model import Series

Floats = npt.NDArray[np.float64]

LOOKBACK_S = 300.0
"""How long a sample holds where no newer one follows: Prometheus' and VictoriaMetrics' own rule."""

_SPELLINGS = {
    "namespace": ("exported_namespace", "namespace"),
    "pod": ("exported_pod", "pod", "pod_name"),
    "container": ("exported_container", "container", "container_name"),
}


@dataclass(frozen=True, eq=False)
class Raw:
    """One series.

    :param times: seconds since the epoch, ascending.
    """

    labels: dict[str, str]
    times: Floats
    values: Floats

    @property
    def pod(self) -> tuple[str, str]:
        """Return namespace and name of the pod it tells of."""
        return self.labels.get("namespace", ""), self.labels.get("pod", "")

    def index_at(self, second: float) -> int | None:
        """Return which sample holds at a time: the last at or before it, not older than the look-back."""
        index = int(np.searchsorted(self.times, second, side="right")) - 1
        return index if index >= 0 and self.times[index] > second - LOOKBACK_S else None

    def at(self, second: float) -> float | None:
        """Return the value that holds at a time."""
        index = self.index_at(second)
        return None if index is None else float(self.values[index])

    def within(self, start: float, end: float) -> Raw:
        """Return what was sampled after the start, up to the end."""
        inside = (self.times > start) & (self.times <= end)
        return Raw(self.labels, self.times[inside], self.values[inside])


class Samples:
    """Every series of a store by the name of its metric."""

    def __init__(self, series: Iterable[Series]) -> None:
        self._by_name: dict[str, list[Raw]] = defaultdict(list)
        for one in series:
            raw = _read(one)
            if raw.times.size:
                self._by_name[one.labels["__name__"]].append(raw)

    def of(self, *names: str) -> list[Raw]:
        """Return the series of some metrics."""
        return [raw for name in names for raw in self._by_name.get(name, [])]

    def containers(self, name: str) -> list[Raw]:
        """Return cAdvisor's series of containers: not those of pods, pause containers and slices."""
        return [raw for raw in self.of(name) if raw.labels.get("container", "") not in ("", "POD")]


def only(series: Iterable[Series], label: str, value: str) -> list[Series]:
    """Return the series that one of several scrapers left, and those that do not carry its label."""
    return [one for one in series if one.labels.get(label, value) == value]


def by_pod(raws: Sequence[Raw]) -> dict[tuple[str, str], list[Raw]]:
    """Return series by the pod they tell of."""
    found: dict[tuple[str, str], list[Raw]] = defaultdict(list)
    for raw in raws:
        found[raw.pod].append(raw)
    return found


def _read(series: Series) -> Raw:
    finite = np.isfinite(series.values)
    labels = dict(series.labels)
    for label, spellings in _SPELLINGS.items():
        value = next((labels[name] for name in spellings if labels.get(name)), "")
        labels[label] = value
    return Raw(labels, series.times_ms[finite] / 1000, series.values[finite].astype(float))
