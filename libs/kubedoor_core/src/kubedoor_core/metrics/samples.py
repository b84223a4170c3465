"""What the store answers, as flat arrays: samples of many series, and what they say at given instants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kubedoor_core.domain.peak import Window
from kubedoor_core.prometheus import Curve

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Labels = Mapping[str, str]

MINUTE_S = 60
LOOKBACK_S = 300.0
"""How long a sample stands for what comes after it: Prometheus' own default."""


_APART_S = 1e11
"""More than any time: keeps the series of one sorted array apart."""


def minutes_of(window: Window) -> Floats:
    """Return the instants at which a window is looked at, seconds since the epoch: the end of each minute."""
    return np.arange(window.start.timestamp() + MINUTE_S, window.end.timestamp() + 1, MINUTE_S)


class PodKey(NamedTuple):
    """A pod of the env."""

    namespace: str
    pod: str


class ContainerKey(NamedTuple):
    """A container of a pod."""

    namespace: str
    pod: str
    container: str

    @property
    def of_pod(self) -> PodKey:
        """Return the pod that it is of."""
        return PodKey(self.namespace, self.pod)


@dataclass(frozen=True, eq=False)
class Samples:
    """The samples of some series, one after the other; each series' times rise.

    :ivar starts: where each series begins, and the end: one more than there are series.
    :ivar times: seconds since the epoch.
    :ivar values: finite.
    """

    labels: tuple[Labels, ...]
    starts: Ints
    times: Floats
    values: Floats

    @classmethod
    def none(cls) -> Samples:
        """Return those of no series."""
        return cls((), np.zeros(1, dtype=np.int64), np.empty(0), np.empty(0))

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def counts(self) -> Ints:
        """How many samples each series has."""
        return np.diff(self.starts)

    @property
    def series(self) -> Ints:
        """The series of each sample."""
        return np.repeat(np.arange(len(self)), self.counts)

    def first_and_last(self) -> tuple[Floats, Floats]:
        """Return when each series begins and ends; no series is empty."""
        return self.times[self.starts[:-1]], self.times[self.starts[1:] - 1]

    def take(self, chosen: Sequence[int]) -> Samples:
        """Return some of the series."""
        parts = [slice(self.starts[i], self.starts[i + 1]) for i in chosen]
        counts = [part.stop - part.start for part in parts]
        return Samples(
            tuple(self.labels[i] for i in chosen),
            np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            np.concatenate([self.times[part] for part in parts]) if parts else np.empty(0),
            np.concatenate([self.values[part] for part in parts]) if parts else np.empty(0),
        )

    def at(self, instants: Floats, lookback_s: float = LOOKBACK_S) -> tuple[Floats, Floats]:
        """Return each series' last sample at or before each instant.

        :return: values and times, a row per series; NaN where there is none within the look-back.
        """
        if not len(self):
            return np.empty((0, instants.size)), np.empty((0, instants.size))
        number = np.arange(len(self))[:, None]
        keys = self.times + self.series * _APART_S
        found = np.searchsorted(keys, instants[None, :] + number * _APART_S, side="right") - 1
        safe = np.maximum(found, 0)
        times = self.times[safe]
        known = (found >= self.starts[:-1, None]) & (times > instants[None, :] - lookback_s)
        return np.where(known, self.values[safe], np.nan), np.where(known, times, np.nan)


def samples_of(
    curves: Iterable[Curve], relabel: Callable[[Labels], Labels] = lambda labels: labels
) -> Samples:
    """Put the series of some answers together; NaN and infinities, and empty series, are left out."""
    every = list(curves)
    if not every:
        return Samples.none()
    times = np.concatenate([one.times for one in every])
    values = np.concatenate([one.values for one in every])
    known = np.isfinite(values)
    series = np.repeat(np.arange(len(every)), [one.values.size for one in every])
    counts = np.bincount(series[known], minlength=len(every))
    return Samples(
        tuple(relabel(one.labels) for one, count in zip(every, counts.tolist(), strict=True) if count),
        np.concatenate(([0], np.cumsum(counts[counts > 0]))).astype(np.int64),
        np.asarray(times[known], dtype=np.float64),
        np.asarray(values[known], dtype=np.float64),
    )


def joined(parts: Iterable[Samples]) -> Samples:
    """Put together answers to one query over times that follow one another: a series' samples in one row."""
    found: dict[tuple[str, ...], tuple[Labels, list[Floats], list[Floats]]] = {}
    for samples in parts:
        for index, labels in enumerate(samples.labels):
            _, times, values = found.setdefault((*labels, *labels.values()), (labels, [], []))
            part = slice(samples.starts[index], samples.starts[index + 1])
            times.append(samples.times[part])
            values.append(samples.values[part])
    return samples_of(
        Curve(dict(labels), np.concatenate(times), np.concatenate(values))
        for labels, times, values in found.values()
    )


def container_key(labels: Labels) -> ContainerKey:
    """Return which container a series is of; a label that is missing is empty."""
    return ContainerKey(labels.get("namespace", ""), labels.get("pod", ""), labels.get("container", ""))


def pod_key(labels: Labels) -> PodKey:
    """Return which pod a series is of."""
    return PodKey(labels.get("namespace", ""), labels.get("pod", ""))
