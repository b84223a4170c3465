"""Peak hours found in days."""

from __future__ import annotations

import numpy as np
import pytest

from kubedoor_core.domain.arrays import Floats
from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_core.domain.peak_found import SLOTS, as_day, busiest_hours, found_hours, slots_of, use_in


def day(**busy: float) -> Floats:
    """A quiet day with busy hours: `h20=3` is three times the usual from 20:00 to 21:00."""
    values = np.ones(SLOTS)
    for name, factor in busy.items():
        hour = int(name[1:])
        values[hour * 12 : hour * 12 + 12] = factor
    return values


@pytest.mark.parametrize(
    ("busy", "hours"),
    [
        ({"h20": 3, "h21": 2}, "20:00-21:30"),
        ({"h23": 3, "h0": 3}, "23:00-00:30"),
        ({"h0": 3, "h1": 2}, "00:00-01:30"),
        ({"h22": 2, "h23": 3}, "22:30-24:00"),
    ],
)
def test_the_busiest_hours_may_cross_midnight(busy: dict[str, float], hours: str) -> None:
    found = busiest_hours(day(**busy))
    assert found is not None
    assert found.hours == hours
    assert len(slots_of(found)) == 18
    assert day(**busy)[slots_of(found)].min() >= 2


def test_a_day_in_which_nothing_is_used_has_none() -> None:
    assert busiest_hours(np.zeros(SLOTS)) is None
    found = found_hours(as_day(()), np.zeros((1, SLOTS)), parse_peak_hours("10:00-11:30"), 4)
    assert (found.hours, found.missed_now.tolist()) == (None, [False])


def test_a_day_of_twenty_five_hours_is_cut_and_a_short_one_is_filled() -> None:
    assert len(as_day([1] * (SLOTS + 12))) == SLOTS
    assert as_day([1] * (SLOTS - 12))[-13:].tolist() == [1] + [0] * 12


def test_use_in_two_windows_is_that_of_the_larger_one() -> None:
    rows = np.array([day(h10=5), day(h20=7), day(h3=9)])
    assert use_in(rows, parse_peak_hours("10:00-11:00 mon-fri; 20:00-21:00")).tolist() == [5, 7, 1]


def test_what_would_change_is_told_of_every_service() -> None:
    """Of three services one peaks in the hours that are set, two in the evening; the evening is largest."""
    services = np.array([day(h10=4, h11=4), day(h20=6, h21=6), day(h20=9, h21=9)])
    found = found_hours(services.sum(axis=0), services, parse_peak_hours("10:00-11:30"), 2)
    assert str(found.hours) == "20:00-21:30"
    assert (found.now, found.then) == (6, 16)
    assert (found.missed_now.tolist(), found.missed_then.tolist()) == (
        [False, True, True], [True, False, False],
    )  # fmt: skip


def test_a_service_that_uses_nothing_in_the_peak_hours_is_missed() -> None:
    night = np.where(day(h3=2) > 1, 50.0, 0.0)[None]
    found = found_hours(night[0], night, parse_peak_hours("10:00-11:30"), 1)
    assert (found.missed_now.tolist(), found.missed_then.tolist()) == ([True], [False])
