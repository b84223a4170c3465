"""The trend of a few points that an outlier does not move."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from kubedoor_core.domain.arrays import Floats, Ints, median, some


def theil_sen(x: Floats, y: Floats) -> float | None:
    """Return the median slope over all pairs of points; None of fewer than two points that differ in x.

    :param y: NaN is left out, as is NaN in ``x``.
    """
    known = np.isfinite(x) & np.isfinite(y)
    xs, ys = x[known], y[known]
    one, other = _pairs(xs.size)
    across, up = xs.take(other) - xs.take(one), ys.take(other) - ys.take(one)
    apart = across != 0
    if not some(apart):
        return None
    return median(up[apart] / across[apart])


@lru_cache(64)
def _pairs(count: int) -> tuple[Ints, Ints]:
    return np.triu_indices(count, 1)
