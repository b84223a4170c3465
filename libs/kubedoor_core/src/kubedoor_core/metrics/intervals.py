"""How often a source is scraped, as the distances of its samples say, and for how long a pod is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kubedoor_core.metrics.samples import MINUTE_S, Bools, Floats, Samples

NEIGHBOURS = 6
"""Distances before and after a sample that say which interval is meant: it may change within a window."""
COMMON_SHARE = 0.2
"""A distance that at least so many are as short as is the interval's; longer ones have scrapes missing."""
NEAR = 1.7
"""Jitter stays within this factor; a scrape that is missing makes two."""
NEAR_MINUTES = 0.05
"""An interval is whole minutes where it differs from them by no larger a share."""
NO_GAP = 1.9
"""Times the usual distance: where none is longer, no scrape is missing."""


@dataclass(frozen=True, eq=False)
class Intervals:
    """What some series' samples say of their scrapes.

    :ivar typical_s: each series' common distance of samples; NaN where it has fewer than two.
    :ivar known_s: the seconds of the window that its samples speak for, each worth the interval found there.
    """

    typical_s: Floats
    known_s: Floats


def intervals_of(samples: Samples, start: float, end: float, hidden_interval_s: int = 0) -> Intervals:
    """Find each series' scrape interval, and count the window's samples by it.

    :param start: seconds since the epoch; samples after it and up to the end count.
    :param hidden_interval_s: what the interval is where the samples do not show it, else 0.
    """
    if hidden_interval_s:
        within = (samples.times > start) & (samples.times <= end)
        each = np.bincount(samples.series[within], minlength=len(samples)).astype(np.float64)
        return Intervals(np.full(len(samples), float(hidden_interval_s)), each * hidden_interval_s)
    typical, known = np.full(len(samples), np.nan), np.zeros(len(samples))
    for count in np.unique(samples.counts[samples.counts > 1]).tolist():
        alike = np.flatnonzero(samples.counts == count)
        times = samples.times[samples.starts[alike, None] + np.arange(count)]
        worth = _worth(np.diff(times, axis=1))
        typical[alike] = _middle(worth)
        known[alike] = np.where((times > start) & (times <= end), worth, 0.0).sum(axis=1)
    alone = np.isnan(typical)
    if alone.any() and not alone.all():  # one sample is worth what the others' are
        inside = (samples.times > start) & (samples.times <= end)
        each = np.bincount(samples.series[inside], minlength=len(samples)).astype(np.float64)
        known[alone] = each[alone] * np.nanmedian(typical)
    return Intervals(typical, known)


def _middle(rows: Floats) -> Floats:
    """Return each row's median; of an even number of values the larger one in the middle, found faster."""
    at = rows.shape[1] // 2
    return np.asarray(np.partition(rows, at, axis=1)[:, at])


def _worth(distances: Floats) -> Floats:
    """Return for each sample of each row the interval at which its source was scraped then."""
    worth = np.concatenate((distances[:, :1], distances), axis=1)
    for row in np.flatnonzero(distances.max(axis=1) > _middle(distances) * NO_GAP):
        worth[row, 1:] = _worth_with_gaps(distances[row])
        worth[row, 0] = worth[row, 1]
    return worth


def _worth_with_gaps(distances: Floats) -> Floats:
    estimates = _estimates(distances, min(NEIGHBOURS, distances.size))
    number = np.arange(distances.size)
    before = estimates[np.clip(number - NEIGHBOURS + 1, 0, estimates.size - 1)]
    after = estimates[np.clip(number, 0, estimates.size - 1)]
    whole = _near(distances, before) | _near(distances, after)
    return np.where(whole, distances, np.minimum(before, after))


def _estimates(distances: Floats, width: int) -> Floats:
    """Return the interval that each run of neighbouring distances speaks for.

    Their median, jitter and all; where that is far above the short ones, scrapes are missing: those count.
    """
    around = np.lib.stride_tricks.sliding_window_view(distances, width)
    short = np.quantile(around, COMMON_SHARE, axis=1, method="higher")
    middle = np.median(around, axis=1)
    of_short = np.nanmedian(np.where(_near(around, short[:, None]), around, np.nan), axis=1)
    return np.asarray(np.where(middle <= short * NEAR, middle, of_short))


def _near(distances: Floats, interval: Floats) -> Bools:
    return np.asarray((distances <= interval * NEAR) & (distances >= interval / NEAR))


def common_interval(typical_s: Floats) -> int | None:
    """Return the interval of most series, in whole seconds; None where none has two samples."""
    found = typical_s[np.isfinite(typical_s)]
    return max(1, round(float(np.median(found)))) if found.size else None


def step_of(interval_s: float) -> int:
    """Return the seconds between two steps: a minute, or, where scrapes are further apart, their interval.

    A few samples that jitter have a middle distance beside their interval, and steps that drift against it
    would meet other bursts: what is near whole minutes is meant to be that.
    """
    if not np.isfinite(interval_s) or interval_s <= MINUTE_S * 1.05:
        return MINUTE_S
    whole = round(interval_s / MINUTE_S) * MINUTE_S
    return whole if abs(interval_s - whole) <= NEAR_MINUTES * whole else round(interval_s)


def fits_minutes(interval_s: int) -> bool:
    """Return whether an interval divides a minute or is a multiple of one."""
    return MINUTE_S % interval_s == 0 or interval_s % MINUTE_S == 0
