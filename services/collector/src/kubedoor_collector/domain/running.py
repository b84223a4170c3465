"""Which containers ran at which step: as kube-state-metrics tells it, else as cAdvisor's samples show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from kubedoor_collector.domain.use import largest
from kubedoor_core.metrics.samples import (
    LOOKBACK_S,
    Bools,
    ContainerKey,
    Floats,
    PodKey,
    Samples,
    pod_key,
    together,
)

K = TypeVar("K", ContainerKey, PodKey)


@dataclass(frozen=True, eq=False)
class Told(Generic[K]):
    """What is told of some things at each step, a row each: 1 runs, 0 does not, NaN untold."""

    index: Mapping[K, int]
    rows: Floats

    @classmethod
    def by(cls, keys: Sequence[K], rows: Floats) -> Told[K]:
        """Put the series of each thing together; of several one that says that it runs counts."""
        index = {key: number for number, key in enumerate(dict.fromkeys(keys))}
        group = np.array([index[key] for key in keys], dtype=np.int64)
        return cls(index, largest(rows, group, len(index)))

    @property
    def anything(self) -> Bools:
        """The steps at which anything is told: elsewhere the exporter itself was away."""
        return np.asarray(np.isfinite(self.rows).any(axis=0))

    def runs(self, keys: Sequence[K], sampled: Bools, untold: Bools) -> Bools:
        """Return whether each of some things runs.

        :param sampled: what holds while the exporter is away; ``untold`` of what is never told of.
        """
        nothing = np.full((1, self.rows.shape[1]), np.nan)
        rows = np.concatenate((self.rows, nothing))[[self.index.get(key, -1) for key in keys]]
        ever = np.isfinite(rows).any(axis=1)[:, None]
        return np.where(ever, np.where(self.anything, rows == 1, sampled), untold)


@dataclass(frozen=True, eq=False)
class States:
    """What is told of containers and of pods."""

    containers: Told[ContainerKey]
    pods: Told[PodKey]

    @property
    def told(self) -> Bools:
        """The steps at which anything is told of either."""
        return self.containers.anything | self.pods.anything


@dataclass(frozen=True, eq=False)
class Ran:
    """Whether each container ran, a row each, a column per step.

    :ivar ran: without the minutes for which the store repeats the last word of a pod that is gone.
    :ivar told: with them, and a step more: use between the last two scrapes of a pod counts.
    """

    ran: Bools
    told: Bools


def states_of(running: Samples, init_running: Samples, phase: Samples, steps: Floats) -> States:
    """Read the states at each step."""
    half_s = float(steps[1] - steps[0]) / 2 if steps.size > 1 else 30.0
    every = together((running, init_running))
    pods = [pod_key(labels) for labels in phase.labels]
    return States(
        Told.by(every.containers, every.at(steps, half_s)[0]), Told.by(pods, phase.at(steps, half_s)[0])
    )


def ran(
    keys: Sequence[ContainerKey],
    states: States,
    sampled: Bools,
    last_sample: Floats,
    steps: Floats,
    interval_s: float,
) -> Ran:
    """Return which containers ran.

    :param sampled: whether each was just scraped by cAdvisor, or within five minutes before and after.
    :param last_sample: seconds since the epoch of each container's last one; NaN where it has none.
    :param interval_s: the usual distance of samples.
    """
    of_pods = states.pods.runs([key.of_pod for key in keys], sampled, sampled)
    told = states.containers.runs(keys, sampled, of_pods)
    return Ran(
        told & ~_repeated(told, last_sample, steps, interval_s),
        told | np.concatenate((np.zeros((len(keys), 1), dtype=bool), told[:, :-1]), axis=1),
    )


def _repeated(told: Bools, last_sample: Floats, steps: Floats, interval_s: float) -> Bools:
    """Return the last steps of pods that end within the window, where the store only repeats their last word.

    A store stands by a sample for five minutes, unless it was told that the series ends. cAdvisor's last
    sample says when the container did.
    """
    ends = np.where(told.any(axis=1), steps[-1 - np.argmax(told[:, ::-1], axis=1)], np.nan)[:, None]
    ended_within = ends < steps[-1]
    late = (steps[None, :] > ends - LOOKBACK_S) & (steps[None, :] > last_sample[:, None] + 1.1 * interval_s)
    return np.asarray(ended_within & late)
