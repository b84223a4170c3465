"""Peak hours found in what is used over whole days, instead of guessed: of a service, a namespace, a cluster.

A day is an array of equal slots from midnight on; a day on which clocks change is cut to 24 hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kubedoor_core.domain.arrays import Bools, Floats, Ints, percentiles
from kubedoor_core.domain.peak import PeakHours, PeakSchedule

SLOT_MIN = 5
SLOTS = 24 * 60 // SLOT_MIN
STEP_MIN = 30
"""At multiples of this peak hours that are proposed begin."""
LENGTH_MIN = 90
"""Length of peak hours that are proposed."""
ELSEWHERE = 1.2
"""Peak hours are missed where others have so many times their use."""
P95 = 0.95


def busiest_starts(days: Floats, length: int, step: int = 1) -> Ints:
    """Return the slot at which so many slots in a row have the largest sum, for each row.

    They may cross midnight; of equal ones the earliest.

    :param step: at multiples of which they may begin.
    """
    around = np.concatenate((days, days[:, : length - 1]), axis=1)
    sums = np.lib.stride_tricks.sliding_window_view(around, length, axis=1)[:, ::step].sum(axis=2)
    return np.asarray(np.argmax(np.round(sums, 6), axis=1) * step, dtype=np.int64)


def busiest_hours(day: Floats, length_min: int = LENGTH_MIN) -> PeakHours | None:
    """Return the hours of a day in which most is used; None where nothing is.

    :param day: in slots of five minutes.
    """
    if not np.nanmax(day, initial=0.0):
        return None
    start = int(busiest_starts(day[None], length_min // SLOT_MIN, STEP_MIN // SLOT_MIN)[0]) * SLOT_MIN
    return PeakHours(start, (start + length_min - 1) % (24 * 60) + 1)


def slots_of(hours: PeakHours) -> Ints:
    """Return which slots of five minutes peak hours have."""
    last = hours.end_min + (24 * 60 if hours.crosses_midnight else 0)
    return np.arange(hours.start_min // SLOT_MIN, -(-last // SLOT_MIN), dtype=np.int64) % SLOTS


def use_in(days: Floats, peak: PeakSchedule) -> Floats:
    """Return the P95 of each row in the peak hours; of two windows the larger one's."""
    each = [percentiles(days[:, slots_of(hours)], P95) for hours in peak.windows]
    return np.asarray(np.max(each, axis=0))


def missed_by(days: Floats, peak: PeakSchedule, hours: int) -> Bools:
    """Return which rows use 1.2 times as much in their own busiest hours as in the peak hours, or more.

    :param hours: how many in a row are their own.
    """
    length = hours * 60 // SLOT_MIN
    starts = busiest_starts(days, length, 60 // SLOT_MIN)
    slots = (starts[:, None] + np.arange(length)) % SLOTS
    own, common = percentiles(np.take_along_axis(days, slots, axis=1), P95), use_in(days, peak)
    return np.asarray((own > 0) & (own >= ELSEWHERE * common))


class FoundHours(NamedTuple):
    """What the days of a group of services show.

    :ivar hours: in which most is used; None where nothing is known.
    :ivar now: P95 of the group's use in the peak hours that are set, ``then`` in those found.
    :ivar missed_now: which of its services the peak hours that are set miss, ``missed_then`` those found.
    """

    hours: PeakHours | None
    now: float
    then: float
    missed_now: Bools
    missed_then: Bools


def found_hours(group: Floats, services: Floats, peak: PeakSchedule, own_hours: int) -> FoundHours:
    """Find the peak hours of a group of services.

    :param group: what they use together over a usual day; ``services``: a row of each, of one pod.
    :param own_hours: length of a service's own busiest hours.
    """
    hours = busiest_hours(group)
    missed_now = missed_by(services, peak, own_hours)
    if hours is None:
        return FoundHours(None, 0.0, 0.0, missed_now, missed_now)
    found = PeakSchedule((hours,))
    now, then = (float(use_in(group[None], one)[0]) for one in (peak, found))
    return FoundHours(hours, now, then, missed_now, missed_by(services, found, own_hours))


def as_day(used: Sequence[float]) -> Floats:
    """Return slots of five minutes as a day; what is missing of it counts as nothing."""
    day = np.zeros(SLOTS)
    known = np.asarray(used[:SLOTS], dtype=np.float64)
    day[: known.size] = known
    return day
