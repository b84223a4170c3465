"""Peak hours found in a day's profile."""

from __future__ import annotations

import pytest

from kubedoor_core.domain.peak_found import SLOTS, busiest_window, fleet_profile


def day(**busy: int) -> list[float]:
    """A quiet day with busy hours: `h20=3` is three times the usual from 20:00 to 21:00."""
    values = [1.0] * SLOTS
    for name, factor in busy.items():
        hour = int(name[1:])
        values[hour * 12 : hour * 12 + 12] = [float(factor)] * 12
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
def test_the_busiest_hours_may_cross_midnight(busy: dict[str, int], hours: str) -> None:
    found = busiest_window(day(**busy))
    assert found is not None
    assert found.hours == hours


def test_a_day_in_which_nothing_is_used_has_none() -> None:
    assert busiest_window([0.0] * SLOTS) is None
    assert busiest_window([]) is None


def test_containers_count_by_their_pods_and_gaps_as_nothing() -> None:
    first = ([100] * SLOTS, [2] * 24)
    second: tuple[list[int | None], list[int | None]] = ([None] * 12 + [10] * (SLOTS - 12), [1] * 24)
    total = fleet_profile([first, second])
    assert (total[0], total[12], len(total)) == (200.0, 210.0, SLOTS)


def test_a_day_of_twenty_five_hours_is_cut_and_a_short_one_is_not_missed() -> None:
    assert len(fleet_profile([([1] * (SLOTS + 12), [1] * 25)])) == SLOTS
    assert fleet_profile([([1] * (SLOTS - 12), [1] * 23)])[-1] == 0.0
