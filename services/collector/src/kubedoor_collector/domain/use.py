"""What counters and working sets say at the steps of a window or day; sums over rows, and percentiles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kubedoor_core.metrics.samples import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Increase:
    """How much counters rose between two edges, and in how many seconds; 0 and 0 where unknown.

    A row per series, or per what they were summed up to; a column per step.
    """

    amount: Floats
    seconds: Floats

    def summed(self, group: Ints, count: int) -> Increase:
        """Add up the rows of each group; rows of group -1 are left out."""
        return Increase(sums(self.amount, group, count), sums(self.seconds, group, count))

    def where(self, mask: Bools) -> Increase:
        """Leave out what the mask does not have."""
        return Increase(np.where(mask, self.amount, 0.0), np.where(mask, self.seconds, 0.0))

    def rate(self) -> Floats:
        """Return the amount per second; NaN where unknown."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.seconds > 0, self.amount / self.seconds, np.nan)


def increase(values: Floats, times: Floats) -> Increase:
    """Return what counters rose by from each edge to the next, divided by nothing yet.

    From the last sample at or before the one edge to the last at or before the next. The same sample at both
    is unknown. A counter that has fallen was set to zero in between: at least what it shows now was used.

    :param values: a row per series, a column per edge, NaN where there is no sample; ``times`` likewise.
    """
    amount, seconds = np.diff(values, axis=1), np.diff(times, axis=1)
    amount = np.where(amount < 0, values[:, 1:], amount)
    known = np.isfinite(amount) & (seconds > 0)
    return Increase(np.where(known, amount, 0.0), np.where(known, seconds, 0.0))


def first_known(one: Increase, other: Increase) -> Increase:
    """Return what the one knows, and else what the other does."""
    known = one.seconds > 0
    return Increase(np.where(known, one.amount, other.amount), np.where(known, one.seconds, other.seconds))


def sums(rows: Floats, group: Ints, count: int) -> Floats:
    """Add up the rows of each group; rows of group -1 are left out, NaN counts as nothing."""
    total = np.zeros((count, *rows.shape[1:]))
    for groups, chosen in _layers(group):
        total[groups] += np.nan_to_num(rows[chosen])
    return total


def added(values: Floats, group: Ints, count: int) -> Floats:
    """Add up the known values of each group; NaN of none."""
    return np.where(counts(values, group, count) > 0, sums(values, group, count), np.nan)


def counts(rows: Bools | Floats, group: Ints, count: int) -> Floats:
    """Count the known values of each group's rows, or what is true."""
    known = rows if rows.dtype == np.bool_ else np.isfinite(rows)
    return sums(known.astype(np.float64), group, count)


def largest(values: Floats, group: Ints, count: int) -> Floats:
    """Return the largest known value of each group; NaN of none."""
    found = np.full((count, *values.shape[1:]), np.nan)
    for groups, chosen in _layers(group):
        some = values[chosen]
        found[groups] = np.fmax(found[groups], np.where(np.isfinite(some), some, np.nan))
    return found


def newest(rows: Floats, begins: Floats, group: Ints, count: int) -> Floats:
    """Merge the rows of each group: at each step the known value of the one that began last."""
    merged = np.full((count, rows.shape[1]), np.nan)
    order = np.argsort(begins, kind="stable")
    for groups, chosen in _layers(group[order]):
        some = rows[order[chosen]]
        merged[groups] = np.where(np.isfinite(some), some, merged[groups])
    return merged


def _layers(group: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield groups, each once, and a row of each: their first rows, then their second ones, and so on.

    What is done to many rows of groups at once takes a fraction of `ufunc.at`.
    """
    order = np.argsort(group, kind="stable")
    order = order[group[order] >= 0]
    groups, first, size = np.unique(group[order], return_index=True, return_counts=True)
    number = 0
    while groups.size:
        yield groups, order[first + number]
        number += 1
        more = size > number
        groups, first, size = groups[more], first[more], size[more]
