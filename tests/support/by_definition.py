"""The plain computation that the collector must agree with: the specification's sentences, sample by sample.

Slow and obvious. It shares no code with the collector, and knows of pods what whoever made the samples says.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from kubedoor_dev.metrics.model import Series
from support.scrapes import CPU, MEM, MIB, Pod

LOOKBACK_S = 300.0
Value = float | None


@dataclass(frozen=True)
class Figures:
    """A container's figures of a window: millicores and MiB. Unknown is None."""

    pod_count: Value
    p95_cpu_m: Value
    p95_cpu_hot_m: Value
    p95_mem_mib: Value
    p95_mem_hot_mib: Value
    coverage: Value


def last_at(series: Series, instant: float) -> tuple[float, float] | None:
    """Return time and value of the last sample at or before an instant."""
    index = bisect_right(series.times_ms, round(instant * 1000)) - 1
    if index < 0 or series.times_ms[index] / 1000 <= instant - LOOKBACK_S:
        return None
    return float(series.times_ms[index]) / 1000, float(series.values[index])


def increase(counters: Sequence[Series], step: float, step_s: float) -> tuple[float, float]:
    """Return what a container used over a step, and in how many seconds; of all its incarnations."""
    amount, seconds = 0.0, 0.0
    for counter in counters:
        before, now = last_at(counter, step - step_s), last_at(counter, step)
        if before is None or now is None or before[0] == now[0]:
            continue
        amount += now[1] - before[1] if now[1] >= before[1] else now[1]
        seconds += now[0] - before[0]
    return amount, seconds


def figures(
    pods: Sequence[Pod], series: Iterable[Series], start: float, end: float, interval_s: float
) -> Figures:
    """Return the figures of a service's one container.

    :param series: all of the env's; those of the pods are found by their names.
    """
    step_s = 60.0 if interval_s <= 60 else interval_s
    every = list(series)
    first = math.ceil(start / step_s) * step_s + step_s
    steps = np.arange(first, end + 1, step_s).tolist()
    running = [pod for pod in pods if pod.phase == "Running"]
    cpu = {pod.name: _of(every, CPU, pod) for pod in running}
    mem = {pod.name: _of(every, MEM, pod) for pod in running}
    means: list[float] = []
    mem_means: list[float] = []
    hot: dict[str, list[float]] = {pod.name: [] for pod in running}
    mem_hot: dict[str, list[float]] = {pod.name: [] for pod in running}
    for step in steps:
        amounts = {name: increase(counters, step, step_s) for name, counters in cpu.items()}
        if sum(seconds for _, seconds in amounts.values()):
            means.append(sum(a for a, _ in amounts.values()) / sum(s for _, s in amounts.values()))
        for name, (amount, seconds) in amounts.items():
            if seconds:
                hot[name].append(amount / seconds)
        sets = {pod.name: _newest(mem[pod.name], step) for pod in running if _runs(pod, step)}
        known = {name: value for name, value in sets.items() if value is not None}
        if known:
            mem_means.append(sum(known.values()) / len(known))
        for name, value in known.items():
            mem_hot[name].append(value)
    counted = [sum(_runs(pod, step) for pod in running) for step in np.arange(start + 60, end + 1, 60)]
    counted = [count for count in counted if count]
    return Figures(
        pod_count=math.ceil(float(np.median(counted))) if counted else None,
        p95_cpu_m=_scaled(_p95(means), 1000),
        p95_cpu_hot_m=_scaled(max((_p95(v) for v in hot.values() if v), default=None), 1000),
        p95_mem_mib=_scaled(_p95(mem_means), 1 / MIB),
        p95_mem_hot_mib=_scaled(max((_p95(v) for v in mem_hot.values() if v), default=None), 1 / MIB),
        coverage=_coverage(running, cpu, start, end, interval_s),
    )


def profile_cpu_m(pods: Sequence[Pod], series: Iterable[Series], start: float, end: float) -> list[Value]:
    """Return the mean use over pods in each five minutes of a day."""
    every = list(series)
    counters = [_of(every, CPU, pod) for pod in pods if pod.phase == "Running"]
    found: list[Value] = []
    for step in np.arange(start + 300, end + 1, 300).tolist():
        amounts = [increase(some, step, 300) for some in counters]
        seconds = sum(s for _, s in amounts)
        found.append(1000 * sum(a for a, _ in amounts) / seconds if seconds else None)
    return found


def _of(series: Iterable[Series], name: str, pod: Pod) -> list[Series]:
    place = (name, pod.namespace, pod.name, pod.container)
    return [
        one
        for one in series
        if tuple(one.labels.get(key) for key in ("__name__", "namespace", "pod", "container")) == place
    ]


def _runs(pod: Pod, instant: float) -> bool:
    return (pod.start is None or pod.start < instant) and (pod.end is None or instant <= pod.end)


def _newest(sets: Sequence[Series], step: float) -> Value:
    found = [last for one in sets if (last := last_at(one, step)) is not None]
    return max(found)[1] if found else None


def _coverage(
    pods: Sequence[Pod], cpu: dict[str, list[Series]], start: float, end: float, interval_s: float
) -> Value:
    run_s = sum(max(0.0, min(end, pod.end or end) - max(start, pod.start or start)) for pod in pods)
    if not run_s:
        return None
    scraped = sum(
        int(((one.times_ms > start * 1000) & (one.times_ms <= end * 1000)).sum())
        for pod in pods
        for one in cpu[pod.name]
    )
    return min(1.0, scraped * interval_s / run_s)


def _p95(values: Sequence[float]) -> float:
    return float(np.percentile(values, 95)) if values else math.nan


def _scaled(value: Value, factor: float) -> Value:
    return None if value is None or math.isnan(value) else value * factor
