"""Between which of a day's five-minute edges a counter's samples are known to be five minutes apart.

`timestamp()` costs Prometheus 2 five times what a count does. Where scrapes are even, how many of them lie
between two edges tells as much: as many as there should be, and as many before the first edge, means that the
last scrapes before both are five minutes apart. Only for the others must the store be asked when it scraped.
"""

from __future__ import annotations

import numpy as np

from kubedoor_collector.domain.promql import PROFILE_STEP_S
from kubedoor_core.metrics.samples import Bools, Floats, Samples, pod_key

EVEN_S = 1.0
"""Scrapes are even where each follows another by whole intervals, within so much."""


def even_series(samples: Samples, interval_s: int) -> Bools:
    """Return which series have been scraped evenly; one sample alone shows nothing."""
    distance = np.diff(samples.times)
    off = distance - np.maximum(1, np.round(distance / interval_s)) * interval_s
    series = samples.series
    within = series[1:] == series[:-1]
    of_pair, off = series[1:][within], off[within]
    odd = np.bincount(of_pair, np.abs(off) > EVEN_S, minlength=len(samples)) > 0
    drift = np.abs(np.bincount(of_pair, off, minlength=len(samples)))
    return np.asarray(~odd & (drift <= 2 * EVEN_S) & (samples.counts > 1))


def counts_tell(interval_s: int | None) -> bool:
    """Return whether an interval is one whose scrapes fall alike before every edge, several of them."""
    return bool(interval_s) and PROFILE_STEP_S % (interval_s or 1) == 0 and (interval_s or 0) <= 60


def sure_edges(counts: Floats, interval_s: int) -> Bools:
    """Return before which edges each series has every scrape that it should have.

    :param counts: scrapes in the five minutes before each edge, a row per series; NaN for none.
    """
    return np.asarray(counts == PROFILE_STEP_S // interval_s)


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
    for index in np.flatnonzero(around.any(axis=1)).tolist():
        pod = pod_key(counts.labels[index]).pod
        pods[pod] = pods[pod] | around[index] if pod in pods else around[index]
    return pods


def _and_after(rows: Bools) -> Bools:
    later = rows.copy()
    later[:, 1:] |= rows[:, :-1]
    return later
