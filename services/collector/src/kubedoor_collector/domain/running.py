"""Which containers ran at which step: as kube-state-metrics tells it, else as cAdvisor's samples show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kubedoor_core.metrics.samples import (
    LOOKBACK_S,
    Bools,
    ContainerKey,
    Floats,
    PodKey,
    Samples,
    container_key,
    pod_key,
)


@dataclass(frozen=True, eq=False)
class States:
    """What is told of containers and of pods at each step: 1 runs, 0 does not, NaN untold."""

    containers: Mapping[ContainerKey, Floats]
    pods: Mapping[PodKey, Floats]
    told: Bools
    """The steps at which anything is told of containers: elsewhere the exporter itself was away."""
    pods_told: Bools


@dataclass(frozen=True, eq=False)
class Ran:
    """Whether each container ran, a row each, a column per step.

    :ivar ran: without the minutes for which the store repeats the last word of a pod that is gone.
    :ivar told: with them, and a step more: use between the last two scrapes of a pod counts.
    """

    ran: Bools
    told: Bools


def states_of(running: Samples, init_running: Samples, phase: Samples, steps: Floats) -> States:
    """Read the states at each step; of several series of a container one that says that it runs counts."""
    half_s = float(steps[1] - steps[0]) / 2 if steps.size > 1 else 30.0
    containers: dict[ContainerKey, Floats] = {}
    for samples in (running, init_running):
        values, _ = samples.at(steps, half_s)
        for labels, row in zip(samples.labels, values, strict=True):
            key = container_key(labels)
            containers[key] = np.fmax(containers[key], row) if key in containers else row
    pods: dict[PodKey, Floats] = {}
    values, _ = phase.at(steps, half_s)
    for labels, row in zip(phase.labels, values, strict=True):
        pod = pod_key(labels)
        pods[pod] = np.fmax(pods[pod], row) if pod in pods else row
    return States(containers, pods, _any_told(containers.values(), steps), _any_told(pods.values(), steps))


def _any_told(rows: Iterable[Floats], steps: Floats) -> Bools:
    told = np.zeros(steps.size, dtype=bool)
    for row in rows:
        told |= np.isfinite(row)
    return told


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
    told = np.zeros((len(keys), steps.size), dtype=bool)
    for index, key in enumerate(keys):
        told[index] = _one(key, states, sampled[index])
    return Ran(
        told & ~_repeated(told, last_sample, steps, interval_s),
        told | np.concatenate((np.zeros((len(keys), 1), dtype=bool), told[:, :-1]), axis=1),
    )


def _one(key: ContainerKey, states: States, sampled: Bools) -> Bools:
    container = states.containers.get(key)
    if container is not None and np.isfinite(container).any():
        return np.where(states.told, container == 1, sampled)
    pod = states.pods.get(key.of_pod)
    if pod is not None and np.isfinite(pod).any():
        return np.where(states.pods_told, pod == 1, sampled)
    return sampled


def _repeated(told: Bools, last_sample: Floats, steps: Floats, interval_s: float) -> Bools:
    """Return the last steps of pods that end within the window, where the store only repeats their last word.

    A store stands by a sample for five minutes, unless it was told that the series ends. cAdvisor's last
    sample says when the container did.
    """
    ends = np.where(told.any(axis=1), steps[-1 - np.argmax(told[:, ::-1], axis=1)], np.nan)[:, None]
    ended_within = ends < steps[-1]
    late = (steps[None, :] > ends - LOOKBACK_S) & (steps[None, :] > last_sample[:, None] + 1.1 * interval_s)
    return np.asarray(ended_within & late)
