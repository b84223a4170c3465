"""What a counter says of the use between two steps, and how much of the time its samples speak for."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from support.reference.raw import Raw

MIXED_S = 300.0
"""The interval at a sample is the usual one of the samples as far away as this, either way."""

Use = tuple[float, float]
"""Seconds of cpu used, and the seconds in which they were."""


def steps(start: float, end: float, step_s: float) -> list[float]:
    """Return the multiples of a step since the epoch after the start, up to the end."""
    first = int(start // step_s) + 1
    return [n * step_s for n in range(first, int(end // step_s) + 1)]


def use_at(raw: Raw, step: float, step_s: float) -> Use | None:
    """Return the use from the last sample at or before the step before to the last at or before this one.

    None where there is no sample before (a container's first minute), or where it is the same sample.
    """
    before, now = raw.index_at(step - step_s), raw.index_at(step)
    if before is None or now is None or before == now:
        return None
    return _increase(raw.values[before], raw.values[now]), float(raw.times[now] - raw.times[before])


def use_between(raw: Raw, start: float, end: float) -> Use | None:
    """Return the use of a longer time, from the sample that held at its start, else from the first."""
    before, last = raw.index_at(start), raw.index_at(end)
    first = int(np.searchsorted(raw.times, start, side="right")) if before is None else before
    if last is None or last <= first:
        return None
    used = sum(_increase(raw.values[i - 1], raw.values[i]) for i in range(first + 1, last + 1))
    return used, float(raw.times[last] - raw.times[first])


def together(uses: Iterable[Use | None]) -> float | None:
    """Return cores: everything that was used by all the seconds in which it was."""
    known = [use for use in uses if use is not None]
    seconds = sum(use[1] for use in known)
    return sum(use[0] for use in known) / seconds if seconds > 0 else None


def seconds_known(raw: Raw, start: float, end: float) -> float:
    """Return the seconds that a series' samples of a window speak for: each one's interval at that time."""
    inside = raw.times[(raw.times > start) & (raw.times <= end)]
    return sum(interval_at(raw, second) for second in inside.tolist())


def interval_at(raw: Raw, second: float) -> float:
    """Return the usual distance of the samples around a time; 0 where there is only one."""
    near = raw.times[(raw.times >= second - MIXED_S) & (raw.times <= second + MIXED_S)]
    return float(np.median(np.diff(near))) if near.size > 1 else 0.0


def _increase(before: float, now: float) -> float:
    return float(now - before if now >= before else now)
