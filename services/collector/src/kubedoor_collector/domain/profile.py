"""The profile of a whole local day: five-minute means of cpu; by the hour the most memory and pods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from kubedoor_collector.domain.containers_seen import Run
from kubedoor_collector.domain.edges import sure_edges
from kubedoor_collector.domain.figures import MIB, Curve, whole_rows
from kubedoor_collector.domain.promql import HOUR_S, PROFILE_STEP_S
from kubedoor_collector.domain.running import ran, states_of
from kubedoor_collector.domain.use import counts, first_known, increase, largest
from kubedoor_core.domain.peak import Window
from kubedoor_core.metrics.samples import ContainerKey, Floats, Ints, Samples

Place = tuple[str, str, str, str]
"""Namespace, kind and name of a service, and the container."""


@dataclass(frozen=True)
class Profile:
    """One container's day. Unknown is None."""

    cpu_m: Curve
    mem_mib: Curve
    pods: Curve


@dataclass(frozen=True, eq=False)
class DayAnswers:
    """What the store answered of a day, or of what has passed of it.

    :ivar cpu: counters at every five minutes, from the day's first instant on; ``times``: when they were
        scraped, where that was asked; ``counts``: how often, of those that are scraped evenly.
    :ivar memory: the largest working set, at the end of every hour.
    :ivar states: what runs, by the query's name.
    """

    cpu: Samples
    times: Samples
    memory: Samples
    states: Mapping[str, Samples]
    counts: Samples
    interval_s: int = 0


def local_day(day: date, zone: ZoneInfo) -> Window:
    """Return a local date from midnight to midnight: 23 or 25 hours where clocks change."""
    start, end = (
        datetime.combine(one, time(), zone).astimezone(UTC) for one in (day, day + timedelta(days=1))
    )
    return Window(start, end)


def profiles(
    answers: DayAnswers, run: Run, places: Mapping[ContainerKey, Place], day: Window
) -> dict[Place, Profile]:
    """Return the profile of each service's containers.

    :param places: what each container of a pod is of; those that are not in it are nobody's.
    """
    names = sorted(set(places.values()))
    keys = sorted(places)
    number = {name: index for index, name in enumerate(names)}
    group = np.array([number[places[key]] for key in keys], dtype=np.int64)
    cpu, pods = _cpu_and_pods(answers, run, keys, group, len(names), day)
    memory = _memory(answers, run, keys, group, len(names), day)
    columns = zip(whole_rows(cpu, 0.001), whole_rows(memory, MIB), whole_rows(pods), strict=True)
    return {name: Profile(*column) for name, column in zip(names, columns, strict=True)}


def _cpu_and_pods(
    answers: DayAnswers, run: Run, keys: Sequence[ContainerKey], group: Ints, count: int, day: Window
) -> tuple[Floats, Floats]:
    start, end = day.start.timestamp(), day.end.timestamp()
    edges = np.arange(start, end + 1, PROFILE_STEP_S)
    cpu = run.cadvisor.one_of_each(answers.cpu)
    rows = _rows(cpu, keys)
    values, _ = cpu.at(edges, PROFILE_STEP_S / 2)
    sure = np.zeros_like(values, dtype=bool)
    times = _aligned(cpu, answers.times, edges)
    if answers.interval_s:
        sure = sure_edges(_aligned(cpu, answers.counts, edges), answers.interval_s)
    even = np.where(sure & np.isfinite(values), edges[None, :], np.nan)
    use = first_known(increase(values, even), increase(values, times))
    times = np.where(np.isfinite(times), times, even)
    last = largest(np.nanmax(np.nan_to_num(times, nan=0.0), axis=1, initial=0.0), rows, len(keys))
    names = ("running", "init_running", "phase")
    running, init_running, phase = (run.exporter.one_of_each(answers.states[name]) for name in names)
    states = states_of(running, init_running, phase, edges[1:])
    sampled = counts(times[:, 1:], rows, len(keys)) > 0
    ran_then = ran(keys, states, sampled, last, edges[1:], PROFILE_STEP_S / 1.5)
    each = use.summed(rows, len(keys)).where(ran_then.told)
    known = states.told | sampled.any(axis=0)
    pods = np.where(known[None, :], counts(ran_then.ran, group, count), np.nan)
    return each.summed(group, count).rate(), _largest_by_hour(pods)


def _largest_by_hour(rows: Floats) -> Floats:
    """Return the largest known value of each hour's steps; NaN of none, as of hours still to come."""
    hour = np.arange(rows.shape[1]) * PROFILE_STEP_S // HOUR_S
    return largest(rows.T, hour, int(hour[-1]) + 1).T


def _aligned(cpu: Samples, times: Samples, edges: Floats) -> Floats:
    """Return what a function told of each counter at each edge: it has the counter's labels, but no name."""
    found, _ = times.at(edges, PROFILE_STEP_S / 2)
    rows = {_identity(labels): index for index, labels in enumerate(times.labels)}
    order = [rows.get(_identity(labels), -1) for labels in cpu.labels]
    padded = np.concatenate((found, np.full((1, edges.size), np.nan)))
    return padded[order]


def _identity(labels: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    unnamed = dict(labels)
    unnamed.pop("__name__", None)
    return frozenset(unnamed.items())


def _memory(
    answers: DayAnswers, run: Run, keys: Sequence[ContainerKey], group: Ints, count: int, day: Window
) -> Floats:
    ends = np.arange(day.start.timestamp() + HOUR_S, day.end.timestamp() + 1, HOUR_S)
    memory = run.cadvisor.one_of_each(answers.memory)
    values, _ = memory.at(ends, HOUR_S / 2)
    rows = _rows(memory, keys)
    return largest(values, np.where(rows >= 0, group[rows], -1), count)


def _rows(samples: Samples, keys: Sequence[ContainerKey]) -> Ints:
    index = {key: row for row, key in enumerate(keys)}
    return np.array([index.get(key, -1) for key in samples.containers], dtype=np.int64)
