"""A service's own busiest hours, found in the five-minute means of whole days, and what it used in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kubedoor_core.domain.arrays import Bools, Floats, Ints, blocks, percentiles
from kubedoor_core.domain.derivation.history import History, sum_of_service
from kubedoor_core.domain.peak_found import ELSEWHERE, P95, busiest_starts

HOURS, PER_HOUR = 24, 12
P99 = 0.99
KNOWN_SHARE = 0.5
"""So much of a day's hours must be known for it to count."""


class Profiles:
    """The profiles of a history; what several days' rules need of them is computed once.

    Hours are counted from midnight as they pass: on a day on which clocks change they are an hour apart
    from the clock's after that.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._found: dict[tuple[int, int], tuple[Bools, Floats]] = {}

    @cached_property
    def _by_hour(self) -> tuple[Floats, npt.NDArray[np.int16]]:
        """Return sum and number of the known means of each container's hours, day by day."""
        profile = self._history.profile_cpu_m[:, :, : HOURS * PER_HOUR]
        total = np.empty((*profile.shape[:2], HOURS))
        count = np.empty(total.shape, dtype=np.int16)
        for some in blocks(len(profile)):
            hours = profile[some].reshape(*profile[some].shape[:2], HOURS, PER_HOUR)
            known = np.isfinite(hours)
            total[some] = np.where(known, hours, 0).sum(axis=3, dtype=np.float64)
            count[some] = known.sum(axis=3)
        return total, count

    def busiest(self, first: int, last: int, hours: int) -> Ints:
        """Return the hour at which each service's busiest hours begin; -1 where nothing is known.

        Those in which its pods' mean use is largest over some days; of equal ones the earliest.

        :param first: column of the first day, up to and without ``last``.
        :param hours: how many in a row; they may cross midnight.
        """
        total, known = (one[:, first:last].sum(axis=1) for one in self._by_hour)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(known > 0, total / known, 0.0)
        count = len(self._history.services)
        each = sum_of_service(mean, self._history.service, count)
        seen = sum_of_service(known, self._history.service, count).sum(axis=1) > 0
        return np.where(seen, busiest_starts(each, hours), -1).astype(np.int64)

    def p95_from(self, begins: Ints, hours: int) -> Floats:
        """Return each container's P95, day by day, in hours of its service's; NaN where too little is known.

        :param begins: the hour at which each service's hours begin.
        """
        found = np.full(self._history.cpu_m.shape, np.nan)
        start = begins[self._history.service] if begins.size else begins
        for hour in np.unique(start[start >= 0]).tolist():
            done, values = self._found.setdefault(
                (hour, hours), (np.zeros(len(start), dtype=np.bool_), np.full(found.shape, np.nan))
            )
            rows = np.flatnonzero(start == hour)
            missing = rows[~done[rows]]
            if missing.size:
                values[missing] = self._p95(missing, hour, hours)
                done[missing] = True
            found[rows] = values[rows]
        return found

    def _p95(self, rows: Ints, hour: int, hours: int) -> Floats:
        slots = (np.arange(hours * PER_HOUR) + hour * PER_HOUR) % (HOURS * PER_HOUR)
        days = np.arange(self._history.profile_cpu_m.shape[1])
        return _percentile(self._history.profile_cpu_m[np.ix_(rows, days, slots)], P95)

    @cached_property
    def mean(self) -> Floats:
        """Each container's mean of the whole day, as far as it is known, day by day."""
        late = self._history.profile_cpu_m[:, :, HOURS * PER_HOUR :]  # the 25th hour of a day that has one
        total, known = self._by_hour
        count = known.sum(axis=2) + np.isfinite(late).sum(axis=2)
        every = total.sum(axis=2) + np.nan_to_num(late).sum(axis=2, dtype=np.float64)
        return np.where(count > 0, every / np.maximum(count, 1), np.nan)

    @cached_property
    def p99(self) -> Floats:
        """Each container's P99 of the whole day, day by day; NaN where too little is known."""
        return _percentile(self._history.profile_cpu_m, P99, HOURS * PER_HOUR)


@dataclass(frozen=True, eq=False)
class OwnPeaks:
    """Each service's own busiest hours.

    :ivar begins: the hour at which they begin; -1 where nothing is known.
    :ivar cpu_m: P95 in them on the busiest day, all containers of one pod together, millicores; NaN unknown.
    :ivar elsewhere: whether the peak hours miss them.
    """

    begins: Ints
    cpu_m: Floats
    elsewhere: Bools


def own_peaks(history: History, profiles: Profiles, hours: Sequence[int]) -> OwnPeaks:
    """Find the busiest hours in a row of each service, over all days of a history.

    :param hours: how many in a row, for each service.
    """
    count, every = len(history.services), np.array(hours, dtype=np.int64)
    begins, own = np.full(count, -1, dtype=np.int64), np.full(count, np.nan)
    for length in np.unique(every).tolist():
        found = profiles.busiest(0, len(history.dates), length)
        then = _busiest_day(profiles.p95_from(found, length), history.service, count)
        begins, own = np.where(every == length, found, begins), np.where(every == length, then, own)
    common = _busiest_day(history.cpu_m, history.service, count)
    return OwnPeaks(begins, own, np.asarray((common > 0) & (own >= ELSEWHERE * common)))


def _busiest_day(figures: Floats, service: Ints, count: int) -> Floats:
    """Return the largest day's sum over each service's containers; NaN where nothing is known."""
    known = sum_of_service(np.isfinite(figures), service, count) > 0
    total = np.where(known, sum_of_service(figures, service, count), -np.inf).max(axis=1, initial=-np.inf)
    return np.where(np.isfinite(total), total, np.nan)


def _percentile(profile: Floats, share: float, slots: int | None = None) -> Floats:
    """Return a percentile over the last axis, of what is known for at least half of it.

    Days that are known as a whole need no sorting, so they are done apart from the others.
    """
    if not profile.shape[2]:
        return np.full(profile.shape[:2], np.nan)
    flat = profile.reshape(-1, profile.shape[2])
    values = np.empty(len(flat))
    for some in blocks(len(flat)):
        values[some] = _percentile_of_rows(flat[some], share, slots or profile.shape[2])
    return values.reshape(profile.shape[:2])


def _percentile_of_rows(rows: Floats, share: float, width: int) -> Floats:
    known = np.isfinite(rows).sum(axis=1)
    whole = np.isfinite(rows[:, :width]).all(axis=1) & (known == width)
    partly = (known >= KNOWN_SHARE * width) & ~whole
    values = np.full(len(rows), np.nan)
    values[whole] = percentiles(rows[whole, :width], share)
    values[partly] = percentiles(rows[partly], share)
    return values
