"""Between which of a day's five-minute edges a counter's samples are known to be five minutes apart.

`timestamp()` costs Prometheus 2 five times what a count does. Where scrapes are even, how many of them
precede an edge tells as much: an edge that has all that a series ever has follows its last scrape by the same
time as every other such edge. Only for the others must the store be asked when it scraped.
"""

from __future__ import annotations

import numpy as np

from kubedoor_collector.domain.promql import PROFILE_STEP_S
from kubedoor_collector.domain.samples import Bools, Floats, Samples, pod_key

EVEN_S = 1.0
"""Scrapes are even where each follows another by whole intervals, within so much."""


def even_series(samples: Samples, interval_s: int) -> Bools:
    """Return which series have been scraped evenly; one sample alone shows nothing."""
    distance = np.diff(samples.times)
    off = np.abs(distance - np.maximum(1, np.round(distance / interval_s)) * interval_s) > EVEN_S
    series = samples.series
    within = series[1:] == series[:-1]
    odd = np.bincount(series[1:][within & off], minlength=len(samples)) > 0
    return np.asarray(~odd & (samples.counts > 1))


def counts_tell(interval_s: int | None) -> bool:
    """Return whether an interval is one whose scrapes fall alike before every edge, several of them."""
    return bool(interval_s) and PROFILE_STEP_S % (interval_s or 1) == 0 and (interval_s or 0) <= 60


def counted_s(interval_s: int) -> int:
    """Return over how many seconds scrapes are counted: half an interval less than between two edges.

    So the count also differs where one scrape comes just before an edge, and another just after the next.
    """
    return PROFILE_STEP_S - interval_s // 2


def sure_edges(counts: Floats, interval_s: int) -> Bools:
    """Return at which edges each series has every scrape that it ever has.

    :param counts: scrapes before each edge, a row per series; NaN for none.
    """
    whole = PROFILE_STEP_S // interval_s
    most = np.nanmax(np.nan_to_num(counts, nan=0.0), axis=1, keepdims=True, initial=0.0)
    return np.asarray((counts == most) & (most >= whole - 1) & (most <= whole))


def unsure_pods(counts: Samples, interval_s: int, edges: Floats) -> dict[str, Bools]:
    """Return for which pods the store must be asked when it scraped, and at which edges.

    A step whose one end is unsure needs the time of the other, too; and what has just ended is still told of.
    """
    found, _ = counts.at(edges, PROFILE_STEP_S / 2)
    there = _and_after(np.isfinite(found))
    unsure = there & ~sure_edges(found, interval_s)
    around = _and_after(unsure)
    around[:, :-1] |= unsure[:, 1:]
    pods: dict[str, Bools] = {}
    for labels, row in zip(counts.labels, around, strict=True):
        if row.any():
            pod = pod_key(labels).pod
            pods[pod] = pods[pod] | row if pod in pods else row
    return pods


def _and_after(rows: Bools) -> Bools:
    later = rows.copy()
    later[:, 1:] |= rows[:, :-1]
    return later
