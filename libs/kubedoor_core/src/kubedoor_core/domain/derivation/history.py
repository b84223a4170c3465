"""Daily rows as arrays: a row per container, a column per day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np

from kubedoor_core.domain.arrays import Bools, Floats, Ints
from kubedoor_core.domain.derivation.rules import MIN_COVERAGE
from kubedoor_core.domain.workload import ServiceKey

SLOTS = 300
"""Five minutes each: the 25 hours of the longest day."""


class DailyUse(NamedTuple):
    """What a rule looks at of one container on one day; None is unknown.

    :ivar pods: that ran, in the peak hours.
    :ivar cpu_m: P95 of the peak hours, millicores; ``mem_mib`` likewise, MiB.
    :ivar most_mem_mib: the largest working set of the whole day, as far as it is known.
    :ivar profile_cpu_m: five-minute means of the local day; empty where it is not needed.
    """

    date: date
    pods: int | None = None
    cpu_m: int | None = None
    mem_mib: int | None = None
    most_mem_mib: int | None = None
    coverage: float | None = None
    profile_cpu_m: Sequence[int | None] | Floats = ()


class ContainerDays(NamedTuple):
    """The days of one container."""

    service: ServiceKey
    container: str
    days: Sequence[DailyUse]


@dataclass(frozen=True, eq=False)
class History:
    """What services used, day by day; NaN is unknown, as is a day with less than half of its samples.

    :ivar containers: names, by service; ``service`` is the index of each one's.
    :ivar cpu_m: a row per container, a column per day; ``mem_mib`` and ``most_mem_mib`` likewise.
    :ivar pods: a row per service, a column per day; ``coverage`` a row per container.
    :ivar profile_cpu_m: container, day and five minutes; without slots where no rule looks at it.
    """

    dates: tuple[date, ...]
    services: tuple[ServiceKey, ...]
    containers: tuple[str, ...]
    service: Ints
    cpu_m: Floats
    mem_mib: Floats
    most_mem_mib: Floats
    coverage: Floats
    pods: Floats
    profile_cpu_m: Floats

    def between(self, first: int, last: int) -> History:
        """Return the days from one column up to, and without, another."""
        part = slice(first, last)
        return replace(
            self,
            dates=self.dates[part],
            cpu_m=self.cpu_m[:, part],
            mem_mib=self.mem_mib[:, part],
            most_mem_mib=self.most_mem_mib[:, part],
            coverage=self.coverage[:, part],
            pods=self.pods[:, part],
            profile_cpu_m=self.profile_cpu_m[:, part],
        )


def profile_of(text: str) -> Floats:
    """Read a profile from the hexadecimal digits of its values, each a little-endian float of four bytes."""
    return np.frombuffer(bytes.fromhex(text), dtype="<f4")


def history_of(containers: Iterable[ContainerDays], dates: Sequence[date], *, profiles: bool) -> History:
    """Put the days of containers together.

    :param containers: those of a service one after the other.
    :param dates: the columns, oldest first; days besides are left out.
    :param profiles: whether the profiles of days are wanted.
    """
    column = {day: index for index, day in enumerate(dates)}
    rows = list(containers)
    services: dict[ServiceKey, int] = {}
    owner = np.array([services.setdefault(row.service, len(services)) for row in rows], dtype=np.int64)
    every = np.full((len(rows), 5, len(dates)), np.nan)
    profile = np.full((len(rows), len(dates), SLOTS if profiles else 0), np.nan, dtype=np.float32)
    for number, row in enumerate(rows):
        _fill(every[number], profile[number], row.days, column)
    coverage = every[:, 4]
    trusted = np.nan_to_num(coverage) >= MIN_COVERAGE
    return History(
        tuple(dates),
        tuple(services),
        tuple(row.container for row in rows),
        owner,
        np.where(trusted, every[:, 1], np.nan),
        np.where(trusted, every[:, 2], np.nan),
        np.where(trusted, every[:, 3], np.nan),
        coverage,
        largest_of_service(every[:, 0], owner, len(services)),
        profile,
    )


def _fill(table: Floats, profile: Floats, days: Iterable[DailyUse], column: dict[date, int]) -> None:
    """Write the days of one container into its rows."""
    slots = profile.shape[1]
    for day in days:
        index = column.get(day.date)
        if index is None:
            continue
        table[:, index] = [
            np.nan if value is None else value
            for value in (day.pods, day.cpu_m, day.mem_mib, day.most_mem_mib, day.coverage)
        ]
        if slots and len(day.profile_cpu_m):
            known = np.asarray(day.profile_cpu_m[:slots], dtype=np.float32)  # None becomes NaN
            profile[index, : len(known)] = known


def largest_of_service(values: Floats, service: Ints, count: int) -> Floats:
    """Return the largest known value over each service's containers; NaN of none."""
    if not count:
        return np.full((0, *values.shape[1:]), np.nan)
    known = np.where(np.isfinite(values), values, -np.inf)
    found = np.maximum.reduceat(known, _firsts(service, count), axis=0)
    return np.where(np.isfinite(found), found, np.nan)


def sum_of_service(values: Floats | Bools | Ints, service: Ints, count: int) -> Floats:
    """Add up over each service's containers; what is unknown counts as nothing."""
    if not count:
        return np.zeros((0, *values.shape[1:]))
    known = np.nan_to_num(values)
    return np.asarray(np.add.reduceat(known, _firsts(service, count), axis=0, dtype=np.float64))


def _firsts(service: Ints, count: int) -> Ints:
    """Return each service's first container: those of one stand one after the other."""
    return np.searchsorted(service, np.arange(count)).astype(np.int64)
