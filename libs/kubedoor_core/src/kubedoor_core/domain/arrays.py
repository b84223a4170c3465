"""What all computations over daily rows and samples share: types of arrays, and percentiles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


BLOCK = 1024
"""Rows that are computed at once, where what is between would take as much memory as all rows."""


def blocks(rows: int) -> Iterator[slice]:
    """Yield the rows of a large array, some at a time."""
    return (slice(first, first + BLOCK) for first in range(0, rows, BLOCK))


def array_of(values: Iterable[float | None]) -> npt.NDArray[np.float64]:
    """Return values as an array; NaN for what is unknown."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def number_of(value: np.floating) -> float | None:
    """Return a value as a number of Python's; None where it is unknown."""
    return float(value) if np.isfinite(value) else None


def some(known: Bools) -> bool:
    """Return whether any of a few is true, as `any` does: it takes a tenth of the time."""
    return bool(np.count_nonzero(known))


def median(values: Floats) -> float:
    """Return the median of a few known values, one at least, as numpy does: it takes a tenth of the time."""
    ordered = values.copy()
    ordered.sort()
    middle = ordered.size // 2
    return float(ordered[middle] if ordered.size % 2 else (ordered[middle - 1] + ordered[middle]) / 2)


def percentiles(rows: Floats, share: float) -> npt.NDArray[np.float64]:
    """Return a percentile of each row's known values, interpolated as numpy and PromQL do; NaN of none.

    :param share: from 0 to 1.
    """
    if not rows.shape[1]:
        return np.full(len(rows), np.nan)
    known = np.isfinite(rows).sum(axis=1)
    position = share * np.maximum(known - 1, 0)
    low = np.floor(position).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(known - 1, 0))
    if (known == rows.shape[1]).all():
        kth = sorted({int(low[0]), int(high[0])}) if len(rows) else [0]
        ordered = np.partition(rows, kth, axis=1)
    else:
        ordered = np.sort(rows, axis=1)  # NaN comes last
    row = np.arange(len(rows))
    below, above = ordered[row, low].astype(np.float64), ordered[row, high].astype(np.float64)
    return np.asarray(below + (above - below) * (position - low), dtype=np.float64)
