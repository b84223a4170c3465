"""How others find requests, each by its own source's algorithm, walked forward day by day.

All see the same five-minute means of one pod. What they do beyond a request for a container (out-of-memory
bumps, confidence intervals for when to evict, updates within a day) has no part in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kubedoor_core.domain.arrays import Floats, percentiles

MIB = 1024.0**2
HOURS_A_DAY = 24.0


class Source(NamedTuple):
    """Where an algorithm was read, and its parameters there."""

    name: str
    read_in: str
    looks_back: str
    buckets: str
    decay: str
    cpu: str
    memory: str


@dataclass(frozen=True)
class Peer:
    """Another's algorithm.

    :ivar cpu: requests on each day in millicores from the days before it, of workloads × days × slots.
    :ivar memory: likewise MiB.
    """

    source: Source
    cpu: Callable[[Floats], Floats]
    memory: Callable[[Floats], Floats]


@dataclass(frozen=True)
class Buckets:
    """Where buckets of a histogram begin: `width` wide, each by `ratio` wider than the one before."""

    width: float
    ratio: float
    largest: float

    def index(self, values: Floats) -> Floats:
        """Return the bucket of each value."""
        known = np.clip(np.nan_to_num(values), 0, self.largest)
        if self.ratio == 1:
            return np.asarray(np.floor(known / self.width))
        return np.asarray(np.floor(np.log1p(known * (self.ratio - 1) / self.width) / np.log(self.ratio)))

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.index(np.array([self.largest]))[0]) + 1

    def end(self, index: Floats) -> Floats:
        """Return where a bucket ends."""
        if self.ratio == 1:
            return np.asarray((index + 1) * self.width)
        return np.asarray(self.width * (self.ratio ** (index + 1) - 1) / (self.ratio - 1))


def decayed(
    samples: Floats,
    buckets: Buckets,
    half_life_h: float,
    share: float,
    *,
    by_load: bool = False,
    days_back: int | None = None,
) -> Floats:
    """Return a percentile of the samples before each day, newer ones weighing more: the end of its bucket.

    :param by_load: samples weigh as much as they are large.
    :param days_back: of so many days; None: of all.
    """
    count, days, slots = samples.shape
    known = np.isfinite(samples)
    at = (np.arange(slots) - slots) / slots * HOURS_A_DAY
    weight = np.where(known, 2 ** (at / half_life_h), 0.0)
    if by_load:
        weight = weight * np.nan_to_num(samples)
    index = buckets.index(samples).astype(np.int64)
    histograms = np.zeros((days, count, buckets.count), dtype=np.float32)
    found = np.full((count, days), np.nan)
    rows = np.broadcast_to(np.arange(count)[:, None], (count, slots))
    for day in range(1, days):
        histograms *= 2 ** (-HOURS_A_DAY / half_life_h)
        np.add.at(histograms[day - 1], (rows, index[:, day - 1]), weight[:, day - 1])
        first = 0 if days_back is None else max(0, day - days_back)
        histogram = histograms[first:day].sum(axis=0, dtype=np.float64)
        total = histogram.sum(axis=1)
        chosen = (np.cumsum(histogram, axis=1) >= share * total[:, None]).argmax(axis=1)
        found[:, day] = np.where(total > 0, buckets.end(chosen.astype(np.float64)), np.nan)
    return found


def window(samples: Floats, days_back: int, share: float) -> Floats:
    """Return a percentile, interpolated, of the samples of some days before each day."""
    count, days, _ = samples.shape
    found = np.full((count, days), np.nan)
    for day in range(1, days):
        part = samples[:, max(0, day - days_back) : day].reshape(count, -1)
        found[:, day] = percentiles(part, share)
    return found


def of_days_largest(samples: Floats) -> Floats:
    """Return a set of which each day has one sample, its largest, at the day's end."""
    largest = np.where(np.isfinite(samples), samples, -np.inf).max(axis=2, keepdims=True)
    return np.where(np.isfinite(largest), largest, np.nan)


def _manifest(samples: Floats) -> Floats:
    """Return twice the P95 of the first day that is known, in steps of 250, for ever."""
    first = np.full(len(samples), np.nan)
    for day in range(samples.shape[1] - 1, -1, -1):
        p95 = percentiles(samples[:, day], 0.95)
        first = np.where(np.isfinite(p95), p95, first)
    step = 250.0
    return np.repeat(np.ceil(2 * first / step)[:, None] * step, samples.shape[1], axis=1)


KRR = Peer(
    Source(
        "KRR", "robusta-dev/krr `strategies/simple.py`, `core/integrations/prometheus/metrics/cpu.py`",
        "14 days", "none", "none", "P95 over all samples", "largest + 15 %",
    ),
    lambda cpu: window(cpu, 14, 0.95),
    lambda mem: 1.15 * window(mem, 14, 1.0),
)  # fmt: skip
VPA_CPU, VPA_MEM = Buckets(1.0, 1.05, 1e6), Buckets(1e7 / MIB, 1.05, 1e12 / MIB)
VPA = Peer(
    Source(
        "VPA", "kubernetes/autoscaler `vertical-pod-autoscaler/pkg/recommender/logic/recommender.go`,"
        " `model/aggregations_config.go`, `util/histogram.go`",
        "all", "from 1 m and 10 MB, each 5 % wider; a bucket's end", "24 h",
        "P90 + 15 %, at least 25 m", "P90 of each day's largest + 15 %, at least 250 MiB",
    ),
    lambda cpu: np.maximum(25.0, 1.15 * decayed(cpu, VPA_CPU, 24, 0.9)),
    lambda mem: np.maximum(250.0, 1.15 * decayed(of_days_largest(mem), VPA_MEM, 24, 0.9)),
)  # fmt: skip
CRANE = Peer(
    Source(
        "Crane", "gocrane/crane `pkg/recommendation/recommender/resource/recommend.go`, `registry.go`,"
        " `pkg/prediction/percentile/estimator.go`",
        "7 days", "of 100 m and 100 MiB; a bucket's end", "24 h, memory 48 h",
        "P99 + 15 %", "P99 + 15 %",
    ),
    lambda cpu: 1.15 * decayed(cpu, Buckets(100.0, 1, 1e5), 24, 0.99, days_back=7),
    lambda mem: 1.15 * decayed(mem, Buckets(100.0, 1, 1e5), 48, 0.99, days_back=7),
)  # fmt: skip
AUTOPILOT = Peer(
    Source(
        "Autopilot-like", "Rzadca et al., *Autopilot: workload autoscaling at Google*, EuroSys 2020, 3.2.1",
        "all", "from 1 m and 10 MB, each 5 % wider; a bucket's end", "12 h, memory 48 h",
        "P95 by load (a sample weighs as much as it is large) + 15 %", "P98 + 15 %",
    ),
    lambda cpu: 1.15 * decayed(cpu, VPA_CPU, 12, 0.95, by_load=True),
    lambda mem: 1.15 * decayed(mem, VPA_MEM, 48, 0.98),
)  # fmt: skip
MANIFEST = Peer(
    Source(
        "manifest", "an assumption: traces have no manifests", "the first day", "of 250 m and 250 MiB",
        "none",
        "2 × P95 of the first day, never changed", "likewise",
    ),
    _manifest,
    _manifest,
)  # fmt: skip
PEERS = (KRR, VPA, CRANE, AUTOPILOT, MANIFEST)


def table() -> list[str]:
    """Return the peers' parameters as lines of a Markdown table."""
    head = ("", "read in", "looks back", "buckets", "half-life", "cpu", "memory")
    rows = [head, ("---",) * len(head), *(peer.source for peer in PEERS)]
    return [f"| {' | '.join(row)} |" for row in rows]
