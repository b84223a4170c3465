"""The rows of a day, workload by workload and container by container."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from kubedoor_dev.metrics.model import Series
from support.reference.asked import MIB, last_seen, own_containers
from support.reference.owners import Workload, attribute
from support.reference.raw import Raw, Samples, by_pod
from support.reference.running import Running
from support.reference.use import seconds_known, steps, together, use_at, use_between

CPU = "container_cpu_usage_seconds_total"
MEMORY = "container_memory_working_set_bytes"
SHORT_LIFE_S = 120.0

Key = tuple[str, str, str, str]
"""Namespace, kind, name, container."""
Span = tuple[float, float]
Pod = tuple[str, str]
Profile = list[float | None]


@dataclass
class Row:
    """What a daily row must say: `pod_count` not rounded, units as in the table, None for unknown."""

    pod_count: float | None = None
    p95_cpu_m: float | None = None
    p95_cpu_hot_m: float | None = None
    p95_mem_mib: float | None = None
    p95_mem_hot_mib: float | None = None
    max_mem_mib: float | None = None
    request_cpu_m: float | None = None
    limit_cpu_m: float | None = None
    request_mem_mib: float | None = None
    limit_mem_mib: float | None = None
    coverage: float | None = None
    profile_cpu_m: Profile = field(default_factory=list)
    profile_mem_mib: Profile = field(default_factory=list)
    profile_pods: Profile = field(default_factory=list)


def reference_rows(
    series: Iterable[Series], window: Span, day: Span | None = None, interval_s: float | None = None
) -> dict[Key, Row]:
    """Return the rows of one store, whatever its samples' order, labels and gaps.

    :param window: the peak window in seconds since the epoch.
    :param day: the local day, for the profiles; without it they stay empty.
    :param interval_s: of the scrapes; found in the samples where it is not given.
    """
    store = _Store(Samples(series), window, interval_s)
    rows: dict[Key, Row] = {}
    for workload, pods in store.workloads.items():
        for container in sorted({name for pod in pods for name in store.own.get(pod, ())}):
            row = store.row(pods, container)
            if row is not None:
                if day is not None:
                    store.add_profiles(row, pods, container, day)
                rows[(*workload, container)] = row
    return rows


def local_day(day: date, zone: ZoneInfo) -> Span:
    """Return the first instant of a local day and of the next one, in seconds since the epoch."""
    first, last = (datetime.combine(one, time(), zone) for one in (day, day + timedelta(days=1)))
    return first.astimezone(UTC).timestamp(), last.astimezone(UTC).timestamp()


def found_interval_s(samples: Samples) -> float:
    """Return the common distance of cAdvisor's samples, in whole seconds."""
    distances = [np.diff(raw.times) for raw in samples.containers(CPU) if raw.times.size > 1]
    return float(round(float(np.median(np.concatenate(distances))))) if distances else 60.0


class _Store:
    def __init__(self, samples: Samples, window: Span, interval_s: float | None) -> None:
        self.step_s = max(60.0, interval_s or found_interval_s(samples))
        self.window, self.steps = window, steps(*window, self.step_s)
        self.samples, self.running, self.own = samples, Running(samples), own_containers(samples)
        self.cpu, self.mem = by_pod(samples.containers(CPU)), by_pod(samples.containers(MEMORY))
        self._long_enough: dict[tuple[str, str, str], bool] = {}
        self.workloads: dict[Workload, list[Pod]] = defaultdict(list)
        for pod, workload in sorted(attribute(samples).workloads.items()):
            self.workloads[workload].append(pod)
        self.asked = {
            f"{kind}_{column}": last_seen(samples, f"{kind}s", resource, window)
            for kind in ("request", "limit")
            for resource, column in (("cpu", "cpu_m"), ("memory", "mem_mib"))
        }

    def row(self, pods: list[Pod], container: str) -> Row | None:
        """Return a container's row; None where it neither ran nor was measured in the window."""
        ran = {pod: self.ran(pod, container, self.steps) for pod in pods}
        pods_at = [len(self.running_pods(pods, step)) for step in self.steps]
        cpu = [self._uses(pod, container) for pod in pods]
        mem = [self._memory(pod, container, ran[pod]) for pod in pods]
        largest = [self._largest(pod, container, self.window) for pod in pods]
        if not any(ran.values()) and not any(use is not None for uses in cpu for use in uses):
            return None
        row = Row(
            pod_count=_median([count for count in pods_at if count]),
            p95_cpu_m=_scaled(_p95([together(at) for at in zip(*cpu, strict=True)]), 1000),
            p95_cpu_hot_m=_scaled(_largest(_p95([together([use]) for use in uses]) for uses in cpu), 1000),
            p95_mem_mib=_scaled(_p95([_mean(at) for at in zip(*mem, strict=True)]), 1 / MIB),
            p95_mem_hot_mib=_scaled(_largest(_p95(values) for values in mem), 1 / MIB),
            max_mem_mib=_scaled(_largest(largest), 1 / MIB),
            coverage=self._coverage(container, ran),
        )
        for column, seen in self.asked.items():
            told = [seen[*pod, container] for pod in pods if ran[pod] and (*pod, container) in seen]
            setattr(row, column, (max(told)[2] or None) if told else None)
        return row

    def add_profiles(self, row: Row, pods: list[Pod], container: str, day: Span) -> None:
        """Add the whole day's five minutes and hours."""
        for end in np.arange(day[0] + 300, day[1] + 1, 300).tolist():
            uses = [
                use_between(raw, end - 300, end)
                for pod in pods
                for raw in self._series(self.cpu, pod, container)
            ]
            row.profile_cpu_m.append(_scaled(together(uses), 1000))
        for end in np.arange(day[0] + 3600, day[1] + 1, 3600).tolist():
            hour = (end - 3600, end)
            row.profile_mem_mib.append(
                _scaled(_largest(self._largest(pod, container, hour) for pod in pods), 1 / MIB)
            )
            row.profile_pods.append(
                max(len(self.running_pods(pods, step)) for step in steps(*hour, self.step_s))
            )

    def running_pods(self, pods: list[Pod], step: float) -> list[Pod]:
        """Return the pods of which any container ran at a step."""
        return [pod for pod in pods if any(self.ran(pod, name, [step]) for name in self.own.get(pod, ()))]

    def ran(self, pod: Pod, container: str, at: list[float]) -> list[float]:
        """Return the steps at which a container ran; under two minutes it counts from two scrapes."""
        if container not in self.own.get(pod, ()):
            return []
        key = (*pod, container)
        if key not in self._long_enough:
            self._long_enough[key] = self._lived(key)
        return [step for step in at if self.running.ran(key, step)] if self._long_enough[key] else []

    def _lived(self, key: tuple[str, str, str]) -> bool:
        if self.running.scraped(key) >= 2:
            return True
        return 60 * sum(self.running.ran(key, step) for step in steps(*self.window, 60.0)) >= SHORT_LIFE_S

    def _uses(self, pod: Pod, container: str) -> list[tuple[float, float] | None]:
        """Return a pod's use at each step: what used cpu between two scrapes did run then."""
        found = []
        for step in self.steps:
            known = [use_at(raw, step, self.step_s) for raw in self._series(self.cpu, pod, container)]
            uses = [use for use in known if use is not None]
            found.append((sum(use[0] for use in uses), sum(use[1] for use in uses)) if uses else None)
        return found

    def _memory(self, pod: Pod, container: str, ran: list[float]) -> list[float | None]:
        series, at = self._series(self.mem, pod, container), set(ran)
        return [_newest(series, step) if step in at else None for step in self.steps]

    def _largest(self, pod: Pod, container: str, span: Span) -> float | None:
        inside = [raw.within(*span).values for raw in self._series(self.mem, pod, container)]
        return _largest(float(values.max()) for values in inside if values.size)

    def _coverage(self, container: str, ran: dict[Pod, list[float]]) -> float | None:
        seconds_run = seconds_sampled = 0.0
        for pod, at in ran.items():
            lasted = len(at) * self.step_s
            series = self._series(self.cpu, pod, container) or self._series(self.mem, pod, container)
            seconds_run += lasted
            seconds_sampled += min(lasted, sum(seconds_known(raw, *self.window) for raw in series))
        return seconds_sampled / seconds_run if seconds_run else None

    def _series(self, of: dict[Pod, list[Raw]], pod: Pod, container: str) -> list[Raw]:
        if container not in self.own.get(pod, ()):
            return []
        return [raw for raw in of.get(pod, []) if raw.labels["container"] == container]


def _newest(series: list[Raw], step: float) -> float | None:
    """Return what the newest sample says where a restart left several series."""
    held = [
        (float(raw.times[index]), raw.at(step)) for raw in series if (index := raw.index_at(step)) is not None
    ]
    return max(held)[1] if held else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def _median(values: list[int]) -> float | None:
    return float(np.median(values)) if values else None


def _p95(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.percentile(known, 95)) if known else None


def _largest(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor
