"""What a service's days look like to advice: a column per day, the oldest first; NaN is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np

from kubedoor_core.domain.arrays import Bools, Floats, median
from kubedoor_core.domain.derivation.rules import MIN_COVERAGE


@dataclass(frozen=True, eq=False)
class ContainerHistory:
    """One container's days, and what its pods run with.

    :ivar cpu_m: P95 in the peak hours of the mean over pods; ``hot_cpu_m`` of the pod that used most.
    :ivar day_cpu_m: P99 over the whole day of what all its pods used together.
    :ivar mem_mib: the most that one pod had.
    :ivar throttled_pct: of the peak hours' periods.
    :ivar heap_live_mib: alive after a collection, most of any pod; ``heap_max_mib`` its largest heap.
    :ivar gc_pct: share of the peak hours in which it stood for garbage collection.
    """

    name: str
    cpu_m: Floats
    hot_cpu_m: Floats
    day_cpu_m: Floats
    mem_mib: Floats
    throttled_pct: Floats
    oom_kills: Floats
    heap_live_mib: Floats
    heap_max_mib: Floats
    gc_pct: Floats
    request_cpu_m: float | None = None
    limit_cpu_m: float | None = None
    request_mem_mib: float | None = None
    limit_mem_mib: float | None = None


@dataclass(frozen=True, eq=False)
class TrafficHistory:
    """A service's requests by the day.

    :ivar qps: P95 in the peak hours of the requests a second of all its pods.
    :ivar latency_ms: P95.
    """

    qps: Floats
    error_pct: Floats
    latency_ms: Floats


@dataclass(frozen=True, eq=False)
class ServiceHistory:
    """A service's days.

    :ivar pods: that ran, in the peak hours.
    :ivar coverage: the least of its containers'.
    :ivar traffic: None where no source tells of it.
    """

    dates: tuple[date, ...]
    pods: Floats
    coverage: Floats
    containers: tuple[ContainerHistory, ...]
    traffic: TrafficHistory | None = None

    @cached_property
    def number(self) -> Floats:
        """Each day as a number."""
        return _numbers(self.dates)

    @cached_property
    def counted(self) -> Bools:
        """Which days count: pods ran, and at least half of their samples are there."""
        return np.asarray((self.coverage >= MIN_COVERAGE) & (self.pods > 0))

    @cached_property
    def volatility(self) -> float | None:
        """The largest daily P99 of all its cpu / their median; None where no day has one."""
        each = [np.where(one.day_cpu_m > 0, one.day_cpu_m, 0.0) for one in self.containers]
        daily: Floats = np.add.reduce(each)
        daily = daily[self.counted & (daily > 0)]
        return float(daily.max() / median(daily)) if daily.size else None


@lru_cache(64)
def _numbers(dates: tuple[date, ...]) -> Floats:
    """Return days as numbers, once for all services that are looked at together."""
    return np.array([day.toordinal() for day in dates], dtype=np.float64)
