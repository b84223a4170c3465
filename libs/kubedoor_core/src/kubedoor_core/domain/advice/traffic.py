"""The load per pod that was proved: the largest at which a day went well."""

from __future__ import annotations

import numpy as np

from kubedoor_core.domain.advice.bounds import Bound, pods_for
from kubedoor_core.domain.advice.demand import Demand
from kubedoor_core.domain.advice.facts import Fact
from kubedoor_core.domain.advice.history import ServiceHistory, TrafficHistory
from kubedoor_core.domain.advice_policy import AdvicePolicy
from kubedoor_core.domain.arrays import Bools, median, some


def went_well(history: ServiceHistory, traffic: TrafficHistory, policy: AdvicePolicy) -> Bools:
    """Return the days without errors, slowness, garbage collection or throttling; unknown is no fault."""
    latency = traffic.latency_ms[np.isfinite(traffic.latency_ms)]
    usual_ms = median(latency) if latency.size else np.inf
    well = history.counted & np.isfinite(traffic.qps)
    slow = traffic.latency_ms > policy.latency_times * usual_ms
    well &= ~(traffic.error_pct >= policy.errors_pct) & ~slow
    for one in history.containers:
        well &= ~(one.gc_pct >= policy.gc_pct) & ~(one.throttled_pct >= policy.throttled_pct)
    return np.asarray(well)


def traffic_bound(history: ServiceHistory, demands: list[Demand], policy: AdvicePolicy) -> Bound | None:
    """Return what the requests need, at the load per pod that was proved and one step beyond it.

    None where no source tells the requests, or no day went well.
    """
    traffic = history.traffic
    if traffic is None:
        return None
    well = went_well(history, traffic, policy)
    counted = np.where(history.counted & np.isfinite(traffic.qps), traffic.qps, -np.inf)
    most = int(np.argmax(counted))
    if not some(well) or not counted[most] > 0:
        return None
    per_pod = np.where(well, traffic.qps / np.maximum(history.pods, 1), -np.inf)
    best = int(np.argmax(per_pod))
    growth, skew = max(one.growth for one in demands), max(one.skew for one in demands)
    qps = float(traffic.qps[most]) * (1 + growth)
    facts = (
        Fact("qps", qps, "traffic", history.dates[most]),
        Fact("qps_proved_per_pod", float(per_pod[best]), "traffic", history.dates[best]),
        Fact("growth_pct", 100 * growth, "peak"),
        Fact("skew", skew, "peak"),
    )
    if per_pod[best] <= 0:
        return None
    least = pods_for(qps * skew, float(per_pod[best]) * policy.proved_step)
    return Bound("traffic", least, "traffic_proved", facts)
