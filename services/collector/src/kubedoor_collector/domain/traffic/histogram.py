"""Latencies of many pods put together, also where their histograms have other bounds, and their quantiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kubedoor_core.domain.arrays import Floats

Buckets = Mapping[float, float]
"""How many took at most so long, by the bound; infinity is one of them."""


def merged(histograms: Sequence[Buckets]) -> dict[float, float]:
    """Add histograms up; one that lacks another's bound is taken to be even between its own."""
    bounds = np.array(sorted({bound for one in histograms for bound in one}), dtype=np.float64)
    total = np.zeros(bounds.size)
    for one in histograms:
        total += _at(one, bounds)
    return dict(zip(bounds.tolist(), total.tolist(), strict=True))


def _at(one: Buckets, bounds: Floats) -> Floats:
    own = np.array(sorted(one), dtype=np.float64)
    # Counts of buckets are scraped one by one: a later one may lag behind an earlier.
    counted = np.maximum.accumulate(np.array([one[bound] for bound in own.tolist()], dtype=np.float64))
    finite = np.isfinite(own)
    if not finite.any():
        return np.where(np.isinf(bounds), counted[-1], 0.0)
    inside = np.interp(bounds, np.concatenate(([0.0], own[finite])), np.concatenate(([0.0], counted[finite])))
    beyond = bounds > own[finite][-1]
    return np.where(np.isinf(bounds), counted[-1], np.where(beyond, counted[finite][-1], inside))


def quantile(q: float, buckets: Buckets) -> float | None:
    """Return the time within which a share of requests was answered, even within a bucket.

    :return: None where there are no requests, or no bound but infinity; the largest bound where more took
        longer than that.
    """
    bounds = sorted(buckets)
    finite = [bound for bound in bounds if np.isfinite(bound)]
    count = buckets[bounds[-1]] if bounds else 0.0
    if not finite or not count > 0:
        return None
    rank, below, low = q * count, 0.0, 0.0
    for bound in finite:
        if buckets[bound] >= rank:
            within = buckets[bound] - below
            return bound if within <= 0 else low + (bound - low) * (rank - below) / within
        below, low = buckets[bound], bound
    return finite[-1]
