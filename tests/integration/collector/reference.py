"""The plain computation that the collector must agree with: numpy over the raw samples, service by service.

It knows from the simulation which pod belongs to which Deployment, and goes over each pod's scrapes one by
one. It shares no code with the collector.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from kubedoor_dev.metrics.clock import clock_of
from kubedoor_dev.metrics.model import Scenario, Series, Service
from kubedoor_dev.metrics.pods import pods_on
from kubedoor_dev.metrics.simulate import simulate_service

MIB = 1024 * 1024
Key = tuple[str, str, str]
Expected = dict[str, float | None]


@dataclass
class Pod:
    """One pod's scrapes of one container, in the order of time."""

    lives: list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]] = field(default_factory=list)
    mem: list[tuple[float, float]] = field(default_factory=list)
    info: list[float] = field(default_factory=list)
    restarts: list[float] = field(default_factory=list)
    killed: bool = False
    periods: float = 0.0
    throttled: float = 0.0


def expected_rows(scenario: Scenario, day: date) -> dict[Key, Expected]:
    """Return what a day's rows must hold, by namespace, deployment and container."""
    hours = scenario.peak.on(day)[0]
    window = hours.window(day, scenario.zone)
    start, end = window.start.timestamp(), window.end.timestamp()
    clock = clock_of(scenario, day)
    rows: dict[Key, Expected] = {}
    for service in scenario.services:
        if service.kind == "Deployment" and pods_on(service, clock.index, day):
            rows.update(_service(service, list(simulate_service(scenario, service, clock)), start, end))
    return rows


def _service(service: Service, series: list[Series], start: float, end: float) -> dict[Key, Expected]:
    infos: dict[str, set[str]] = defaultdict(set)
    at: dict[float, set[str]] = defaultdict(set)
    for one in series:
        if one.labels["__name__"] == "kube_pod_container_info":
            infos[one.labels["container"]].add(one.labels["pod"])
            for second in one.times_ms / 1000:
                if start < second <= end:
                    at[_step(second)].add(one.labels["pod"])
    pod_count = float(np.median([len(pods) for pods in at.values()])) if at else None
    rows: dict[Key, Expected] = {}
    for container in infos:
        pods = _pods([one for one in series if one.labels.get("container") == container], start, end)
        if any(pod.mem or pod.info for pod in pods.values()):
            row = _container(service, container, pods, start, end)
            rows[service.namespace, service.name, container] = {"pod_count": pod_count, **row}
    return rows


def _pods(  # noqa: C901 a case per metric
    series: list[Series], start: float, end: float
) -> dict[str, Pod]:
    pods: dict[str, Pod] = defaultdict(Pod)
    for one in series:
        pod, times, name = pods[one.labels["pod"]], one.times_ms / 1000, one.labels["__name__"]
        inside = (times > start) & (times <= end)
        match name:
            case "container_cpu_usage_seconds_total":
                pod.lives.append((times, one.values))
            case "container_memory_working_set_bytes":
                pod.mem += list(zip(times[inside].tolist(), one.values[inside].tolist(), strict=True))
            case "kube_pod_container_info":
                pod.info += times[inside].tolist()
            case "kube_pod_container_status_restarts_total":
                pod.restarts += one.values[inside].tolist()
            case "kube_pod_container_status_last_terminated_reason":
                pod.killed = bool(inside.any())
            case "container_cpu_cfs_periods_total" if inside.any():
                pod.periods += float(one.values[inside][-1] - one.values[inside][0])
            case "container_cpu_cfs_throttled_periods_total" if inside.any():
                pod.throttled += float(one.values[inside][-1] - one.values[inside][0])
            case _:
                pass
    return pods


def _container(service: Service, name: str, pods: dict[str, Pod], start: float, end: float) -> Expected:
    asked = next(container for container in service.containers if container.name == name)
    cpu = {pod: _rates(scrapes, start, end) for pod, scrapes in pods.items()}
    mem = {pod: {_step(t): value for t, value in scrapes.mem} for pod, scrapes in pods.items()}
    p95_cpu, p95_mem = _p95_of_mean(cpu), _p95_of_mean(mem)
    every = [value for scrapes in pods.values() for _, value in scrapes.mem]
    restarts = [scrapes for scrapes in pods.values() if scrapes.restarts]
    periods = sum(scrapes.periods for scrapes in pods.values())
    return {
        "p95_cpu_m": _scaled(p95_cpu, 1000),
        "p95_cpu_hot_m": _scaled(_hottest(cpu), 1000),
        "p95_mem_mib": _scaled(p95_mem, 1 / MIB),
        "p95_mem_hot_mib": _scaled(_hottest(mem), 1 / MIB),
        "max_mem_mib": _scaled(max(every, default=None), 1 / MIB),
        "request_cpu_m": asked.request_cpu_m,
        "limit_cpu_m": asked.limit_cpu_m,
        "request_mem_mib": asked.request_mem_mib,
        "limit_mem_mib": asked.limit_mem_mib,
        "cpu_pct": 100 * p95_cpu * 1000 / asked.limit_cpu_m if p95_cpu and asked.limit_cpu_m else None,
        "mem_pct": 100 * p95_mem / MIB / asked.limit_mem_mib if p95_mem and asked.limit_mem_mib else None,
        "oom_kills": sum(s.restarts[-1] - s.restarts[0] for s in restarts if s.killed) if restarts else None,
        "throttled_pct": 100 * sum(s.throttled for s in pods.values()) / periods if periods else None,
        "coverage": _coverage(pods, start, end),
    }


def _rates(pod: Pod, start: float, end: float) -> dict[float, float]:
    """Return the use between each scrape and the one before it, by minute."""
    found: dict[float, float] = {}
    for times, values in pod.lives:
        for i in range(1, len(times)):
            if start < times[i] <= end and times[i] - times[i - 1] < 61:
                found[_step(times[i])] = (values[i] - values[i - 1]) / (times[i] - times[i - 1])
    return found


def _p95_of_mean(pods: dict[str, dict[float, float]]) -> float | None:
    steps = sorted({step for values in pods.values() for step in values})
    means = [np.mean([values[step] for values in pods.values() if step in values]) for step in steps]
    return float(np.percentile(means, 95)) if means else None


def _hottest(pods: dict[str, dict[float, float]]) -> float | None:
    return max((float(np.percentile(list(v.values()), 95)) for v in pods.values() if v), default=None)


def _coverage(pods: dict[str, Pod], start: float, end: float) -> float | None:
    """Samples there / due: one of each pod known at each minute; where none is known, as many as usually."""
    steps = [start + 60 * i for i in range(1, int(end - start) // 60 + 1)]
    known: dict[float, int] = defaultdict(int)
    there: dict[float, int] = defaultdict(int)
    for scrapes in pods.values():
        for second in scrapes.info:
            known[_step(second)] += 1
        for second, _ in scrapes.mem:
            there[_step(second)] += 1
    if not known:
        return None
    usual = float(np.median(list(known.values())))
    due = [known.get(step, usual) for step in steps]
    return sum(min(there[step], count) for step, count in zip(steps, due, strict=True)) / sum(due)


def _step(second: float) -> float:
    """Return the minute at whose end a scrape is looked at."""
    return math.ceil(second / 60) * 60.0


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def differences(found: dict[Key, dict[str, Any]], expected: dict[Key, Expected]) -> list[str]:
    """Return every value that is off by more than 1 % and what rounding up can add."""
    lines = [
        f"{key}: {'not expected' if key in found else 'missing'}" for key in found.keys() ^ expected.keys()
    ]
    for key in sorted(found.keys() & expected.keys()):
        for column, wanted in expected[key].items():
            value = found[key][column]
            if (value is None) != (wanted is None) or (
                value is not None and wanted is not None and not _close(column, value, wanted)
            ):
                lines.append(f"{key} {column}: {value} instead of {wanted}")
    return lines


def _close(column: str, value: float, wanted: float) -> bool:
    unit = 0.0 if column.endswith("_pct") or column == "coverage" else 1.0
    return -0.01 * abs(wanted) - 1e-6 <= value - wanted <= 0.01 * abs(wanted) + unit + 1e-6
