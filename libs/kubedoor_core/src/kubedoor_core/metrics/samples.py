"""What the store answers, as flat arrays: samples of many series, and what they say at given instants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kubedoor_core.domain.peak import Window
from kubedoor_core.prometheus import Curve, Matrix, Vector, results

Floats = results.Floats
Ints = results.Ints
Bools = npt.NDArray[np.bool_]
Labels = Mapping[str, str]

MINUTE_S = 60
LOOKBACK_S = 300.0
"""How long a sample stands for what comes after it: Prometheus' own default."""


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

    @cached_property
    def containers(self) -> tuple[ContainerKey, ...]:
        """Which container each series is of."""
        return tuple(map(container_key, self.labels))

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
        order = np.argsort(instants, kind="stable")
        column = np.searchsorted(instants[order], self.times)
        # The last sample before each instant and after the one before; else that of an earlier instant.
        found = np.full((len(self), instants.size + 1), -1, dtype=np.int64)
        found[self.series, column] = np.arange(self.times.size)
        found = np.maximum.accumulate(found[:, :-1], axis=1)
        last = np.empty_like(found)
        last[:, order] = found
        if not self.times.size:
            return np.full(last.shape, np.nan), np.full(last.shape, np.nan)
        times = self.times[last]
        known = (last >= 0) & (times > instants[None, :] - lookback_s)
        return np.where(known, self.values[last], np.nan), np.where(known, times, np.nan)


def samples_of(curves: Iterable[Curve]) -> Samples:
    """Put some series together; NaN and infinities, and empty series, are left out."""
    every = list(curves)
    if not every:
        return Samples.none()
    counts = [one.values.size for one in every]
    times, values = (np.concatenate(some) for some in zip(*((c.times, c.values) for c in every), strict=True))
    starts = np.concatenate(([0], np.cumsum(counts)))
    return samples_of_matrix(Matrix(starts, times, values, tuple(one.labels for one in every)))


def samples_of_matrix(matrix: Matrix, relabel: Callable[[Labels], Labels] = lambda labels: labels) -> Samples:
    """Return the series of an answer; NaN and infinities, and empty series, are left out."""
    known = np.isfinite(matrix.values)
    counts = np.diff(np.concatenate(([0], np.cumsum(known)))[matrix.starts])
    return Samples(
        tuple(relabel(one) for one, count in zip(matrix.labels, counts.tolist(), strict=True) if count),
        np.concatenate(([0], np.cumsum(counts[counts > 0]))).astype(np.int64),
        matrix.times[known],
        matrix.values[known],
    )


def samples_at(
    vector: Vector, at_s: float, relabel: Callable[[Labels], Labels] = lambda labels: labels
) -> Samples:
    """Return the series of an instant's answer, whose values are samples of that instant."""
    return Samples(
        tuple(relabel(one.labels) for one in vector),
        np.arange(len(vector) + 1),
        np.full(len(vector), at_s),
        np.array([one.value for one in vector], dtype=np.float64),
    )


def together(parts: Sequence[Samples]) -> Samples:
    """Put together answers of different series."""
    counts = np.concatenate([np.empty(0, dtype=np.int64), *(part.counts for part in parts)])
    return Samples(
        tuple(labels for part in parts for labels in part.labels),
        np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        np.concatenate([np.empty(0), *(part.times for part in parts)]),
        np.concatenate([np.empty(0), *(part.values for part in parts)]),
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
    get = labels.get
    return ContainerKey(get("namespace", ""), get("pod", ""), get("container", ""))


def pod_key(labels: Labels) -> PodKey:
    """Return which pod a series is of."""
    return PodKey(labels.get("namespace", ""), labels.get("pod", ""))
