"""Requests as meshes and libraries count them: counters and histograms of a pod."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from kubedoor_dev.metrics.model import Series
from support.scrapes import Floats, Pod

BOUNDS_MS = (50.0, 100.0, 250.0, 1000.0)
SHARES = (0.5, 0.8, 0.95, 0.99)
"""Of all requests, those that took at most so long."""


@dataclass(frozen=True)
class Counted:
    """Metrics of one way of counting.

    :ivar ok: labels of what went well, ``failed`` of what didn't, ``aside`` of what must not count.
    :ivar unit_ms: of the bounds of ``buckets``.
    """

    requests: str
    buckets: str
    ok: Mapping[str, str]
    failed: Mapping[str, str]
    aside: Mapping[str, str]
    unit_ms: float
    place: Mapping[str, str]


def requests_of(
    counted: Counted, pod: Pod, qps: float, error_share: float, since: float, until: float
) -> Iterator[Series]:
    """Yield a pod's counters: so many requests a second, evenly, and as many again that must not count."""
    times = pod.scrapes(since, until)
    total = qps * (times - (pod.start or since - 3600))
    for labels, share in ((counted.ok, 1 - error_share), (counted.failed, error_share), (counted.aside, 1.0)):
        of_all = {**counted.place, **labels}
        yield _series(counted.requests, of_all, times, total * share)
        for bound, within in [*zip(BOUNDS_MS, SHARES, strict=True), (np.inf, 1.0)]:
            le = "+Inf" if np.isinf(bound) else f"{bound / counted.unit_ms:g}"
            yield _series(counted.buckets, {**of_all, "le": le}, times, total * share * within)


def _series(name: str, labels: Mapping[str, str], times: Floats, values: Floats) -> Series:
    named = {"__name__": name, **labels}
    return Series(named, np.round(times * 1000).astype(np.int64), np.round(values, 3))
