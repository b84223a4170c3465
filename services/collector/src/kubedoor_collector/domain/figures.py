"""From what the store answered to a day's rows: each column by its definition."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kubedoor_collector.domain.measured import (
    Measured,
    Service,
    is_steady,
    owner_source,
    services_of,
    steps_of,
)
from kubedoor_collector.domain.owners import OwnerSource
from kubedoor_collector.domain.samples import Resource, SetKey, Steps
from kubedoor_core.domain.peak import Window

MIB = 1024 * 1024
P95 = 0.95


@dataclass(frozen=True)
class DayRow:
    """One container of one service on one day, as `resource_daily` holds it. Unknown is None."""

    namespace: str
    deployment: str
    container: str
    date: date
    window: Window
    pod_count: int | None = None
    p95_cpu_m: int | None = None
    p95_cpu_hot_m: int | None = None
    p95_mem_mib: int | None = None
    p95_mem_hot_mib: int | None = None
    max_mem_mib: int | None = None
    request_cpu_m: int | None = None
    limit_cpu_m: int | None = None
    request_mem_mib: int | None = None
    limit_mem_mib: int | None = None
    cpu_pct: float | None = None
    mem_pct: float | None = None
    oom_kills: int | None = None
    throttled_pct: float | None = None
    coverage: float | None = None
    owner_source: OwnerSource | None = None


def day_rows(measured: Measured, day: date, window: Window, step_s: int) -> list[DayRow]:
    """Return the rows of every service that ran in the window."""
    steps = steps_of(window, step_s)
    return [row for service in services_of(measured) for row in _rows(measured, service, day, window, steps)]


def percentile(values: Iterable[float], share: float) -> float | None:
    """Return a percentile, interpolated between neighbours as numpy and PromQL do; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    position = share * (len(ordered) - 1)
    low = math.floor(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


def whole(value: float | None, unit: float = 1.0) -> int | None:
    """Return a value in whole units, rounded up; what is a whole number but for arithmetic stays."""
    return None if value is None or value < 0 else math.ceil(round(value / unit, 6))


@dataclass(frozen=True)
class _Use:
    """What the pods of a service used of one container's resources: cores, bytes."""

    cpu: float | None
    mem: float | None
    coverage: float | None


def _rows(measured: Measured, service: Service, day: date, window: Window, steps: range) -> Iterable[DayRow]:
    steady = is_steady(measured, service, steps)
    pod_count = _pod_count(measured, service, steady=steady)
    newest = _newest(measured, service)
    source = owner_source(measured, service)
    for container in service.containers:
        keys = service.keys(container)
        use = _survey_use(measured, keys[0], steps) if steady else _detail_use(measured, keys, steps)
        asked = _asked(measured, SetKey(service.namespace, newest, container))
        yield DayRow(
            service.namespace,
            service.deployment,
            container,
            day,
            window,
            pod_count=whole(pod_count),
            p95_cpu_m=whole(use.cpu, 0.001),
            p95_cpu_hot_m=whole(_largest(measured.cpu_hot, keys), 0.001),
            p95_mem_mib=whole(use.mem, MIB),
            p95_mem_hot_mib=whole(_largest(measured.mem_hot, keys), MIB),
            max_mem_mib=whole(_largest(measured.mem_max, keys), MIB),
            request_cpu_m=whole(asked.request_cpu, 0.001),
            limit_cpu_m=whole(asked.limit_cpu, 0.001),
            request_mem_mib=whole(asked.request_mem, MIB),
            limit_mem_mib=whole(asked.limit_mem, MIB),
            cpu_pct=_per_cent(use.cpu, asked.limit_cpu),
            mem_pct=_per_cent(use.mem, asked.limit_mem),
            oom_kills=_oom_kills(measured, keys),
            throttled_pct=_per_cent(_total(measured.throttled, keys), _total(measured.periods, keys)),
            coverage=use.coverage,
            owner_source=source,
        )


def _survey_use(measured: Measured, key: SetKey, steps: range) -> _Use:
    there = measured.mem_samples.get(key) or measured.cpu_samples.get(key, 0.0)
    each = measured.full_samples if measured.full_samples > len(steps) + 1 else len(steps)
    due = measured.present_pods[key] * each
    return _Use(measured.cpu_mean.get(key), measured.mem_mean.get(key), min(1.0, there / due))


def _detail_use(measured: Measured, keys: list[SetKey], steps: range) -> _Use:
    return _Use(
        percentile(_means(measured.cpu_sum, measured.cpu_count, keys), P95),
        percentile(_means(measured.mem_sum, measured.mem_count, keys), P95),
        _coverage(measured, keys, steps),
    )


def _pod_count(measured: Measured, service: Service, *, steady: bool) -> float | None:
    """Return the median number of pods over the steps at which any ran."""
    if steady:
        keys = (key for container in service.containers for key in service.keys(container))
        return max(measured.present_pods[key] for key in keys)
    pods = _pods(measured, service)
    return statistics.median(pods.values()) if pods else None


def _pods(measured: Measured, service: Service) -> Steps:
    """Return the pods that ran, by step: per ReplicaSet the most of its containers, added up."""
    total: Steps = defaultdict(float)
    for rs in service.sets:
        most: Steps = {}
        for container in service.containers:
            for second, count in measured.pods.get(SetKey(service.namespace, rs, container), {}).items():
                most[second] = max(count, most.get(second, 0.0))
        for second, count in most.items():
            total[second] += count
    return total


def _newest(measured: Measured, service: Service) -> str:
    """Return the ReplicaSet that ran last; of several that still ran, the one that began last."""

    def when(rs: str) -> tuple[int, int]:
        seconds = [
            second
            for container in service.containers
            for curves in (measured.pods, measured.mem_count)
            for second in curves.get(SetKey(service.namespace, rs, container), {})
        ]
        return (max(seconds), min(seconds)) if seconds else (0, 0)

    return max(service.sets, key=when)


def _means(sums: Mapping[SetKey, Steps], counts: Mapping[SetKey, Steps], keys: list[SetKey]) -> list[float]:
    """Return the mean over pods at each step, across all ReplicaSets."""
    total: Steps = defaultdict(float)
    pods: Steps = defaultdict(float)
    for key in keys:
        count = counts.get(key, {})
        for second, value in sums.get(key, {}).items():
            if count.get(second):
                total[second] += value
                pods[second] += count[second]
    return [value / pods[second] for second, value in total.items()]


@dataclass(frozen=True)
class _Asked:
    request_cpu: float | None
    limit_cpu: float | None
    request_mem: float | None
    limit_mem: float | None


def _asked(measured: Measured, key: SetKey) -> _Asked:
    cpu, mem = Resource(key, "cpu"), Resource(key, "memory")
    return _Asked(
        measured.requests.get(cpu),
        measured.limits.get(cpu, measured.quota.get(key)),
        measured.requests.get(mem),
        measured.limits.get(mem),
    )


def _largest(values: Mapping[SetKey, float], keys: list[SetKey]) -> float | None:
    return max((values[key] for key in keys if key in values), default=None)


def _total(values: Mapping[SetKey, float], keys: list[SetKey]) -> float | None:
    found = [values[key] for key in keys if key in values]
    return sum(found) if found else None


def _per_cent(part: float | None, whole_: float | None) -> float | None:
    return None if part is None or not whole_ else 100 * part / whole_


def _oom_kills(measured: Measured, keys: list[SetKey]) -> int | None:
    """Return the kills; None where nobody counts restarts, 0 where none was for want of memory."""
    if _total(measured.restarts, keys) is None:
        return None
    return whole(_total(measured.oom, keys) or 0.0)


def _coverage(measured: Measured, keys: list[SetKey], steps: range) -> float | None:
    """Return samples there / samples due: one of each pod that ran at each step of the window.

    Where no pod is known to have run, as many are due as usually ran.
    """
    there = _added(measured.mem_count, keys) or _added(measured.cpu_count, keys)
    running = _added(measured.pods, keys) or there
    if not running or not len(steps):
        return None
    usual = statistics.median(running.values())
    due = {second: running.get(second, usual) for second in steps}
    seen = sum(min(there.get(second, 0.0), due[second]) for second in steps)
    return seen / sum(due.values())


def _added(curves: Mapping[SetKey, Steps], keys: list[SetKey]) -> Steps:
    total: Steps = defaultdict(float)
    for key in keys:
        for second, value in curves.get(key, {}).items():
            total[second] += value
    return total
