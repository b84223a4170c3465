"""Peak hours found in what a cluster uses, instead of guessed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from kubedoor_core.domain.peak import PeakHours

SLOT_MIN = 5
SLOTS = 24 * 60 // SLOT_MIN
Profile = tuple[Sequence[int | None], Sequence[int | None]]
"""Of a container: mean millicores of a running pod in each five minutes, and running pods in each hour."""


def fleet_profile(profiles: Iterable[Profile]) -> list[float]:
    """Return the millicores of all containers together in each five minutes of the day.

    A day on which clocks change has other slots: what is beyond 24 hours is left out.
    """
    total = np.zeros(SLOTS)
    for cpu_m, pods in profiles:
        usual = np.array([value or 0 for value in cpu_m[:SLOTS]], dtype=float)
        hours = np.array([value or 0 for value in pods], dtype=float)
        counts = np.repeat(hours, 60 // SLOT_MIN)[: usual.size]
        total[: counts.size] += usual[: counts.size] * counts
    return [float(value) for value in total]


def busiest_window(profile: Sequence[float], length_min: int = 90, step_min: int = 30) -> PeakHours | None:
    """Return the hours in which most is used on average, which may cross midnight; None where nothing is.

    :param profile: of a day, in slots of five minutes; ``step_min``: at which minutes a window may begin.
    """
    values = np.asarray(profile, dtype=float)
    if not values.size or not np.nanmax(values, initial=0.0):
        return None
    width, step = length_min // SLOT_MIN, step_min // SLOT_MIN
    around = np.concatenate([values, values[:width]])
    means = [around[start : start + width].mean() for start in range(0, values.size, step)]
    start_min = int(np.argmax(means)) * step_min
    return PeakHours(start_min, (start_min + length_min - 1) % (24 * 60) + 1)
