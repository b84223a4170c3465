"""Nodes as a store sees them: what cAdvisor, kubelet, node-exporter and kube-state-metrics tell of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from kubedoor_dev.metrics.model import Labels, Series
from support.scrapes import MIB, Floats, Load, Pod, steady

CPUS = 8
TWO_CORES = steady(2.0)


def waving(cores: float) -> Load:
    """Use now more and now less, never more than a node has."""
    return lambda t: t * cores + 300 * np.sin(t / 200)


@dataclass(frozen=True)
class ToldNode:
    """A node.

    :ivar load: seconds of cpu that it has used since its first scrape.
    :ivar started: when it was started anew, and its counters with it.
    """

    name: str
    address: str
    load: Load = TWO_CORES
    mem_mib: float = 9000.0
    interval_s: float = 30.0
    offset_s: float = 7.0
    started: float | None = None

    def scrapes(self, since: float, until: float) -> Floats:
        """Return when it is scraped."""
        return np.arange(since + self.offset_s, until, self.interval_s)

    def memory(self, times: Floats, since: float) -> Floats:
        """Return the bytes in use."""
        return np.floor(self.mem_mib * MIB * (1 + 0.2 * np.sin((times - since) / 600)))

    def used(self, times: Floats, since: float) -> Floats:
        """Return the seconds of cpu that its counter shows."""
        used = self.load(times - since)
        if self.started is not None:
            after = times >= self.started
            used[after] -= self.load(np.array([self.started - since]))
        return np.round(used, 6)


Say = Callable[[ToldNode, Labels, float, float], Iterator[Series]]


def cadvisor(node: ToldNode, labels: Labels, since: float, until: float) -> Iterator[Series]:
    """Yield the series of a node's root cgroup."""
    times = node.scrapes(since, until)
    root = {**labels, "id": "/"}
    yield _series(
        "container_cpu_usage_seconds_total", {**root, "cpu": "total"}, times, node.used(times, since)
    )
    yield _series("container_memory_working_set_bytes", root, times, node.memory(times, since))


def kubelet(node: ToldNode, labels: Labels, since: float, until: float) -> Iterator[Series]:
    """Yield what the kubelet tells at `/metrics/resource`."""
    times = node.scrapes(since, until)
    yield _series("node_cpu_usage_seconds_total", labels, times, node.used(times, since))
    yield _series("node_memory_working_set_bytes", labels, times, node.memory(times, since))


def exporter(node: ToldNode, labels: Labels, since: float, until: float) -> Iterator[Series]:
    """Yield what node-exporter tells: idle seconds of each cpu, the first of which does all the work."""
    times = node.scrapes(since, until)
    began = np.where(times >= (node.started or np.inf), node.started or since, since - 3600)
    used = node.used(times, since)
    for cpu in range(CPUS):
        idle = times - began - used / CPUS
        place = {**labels, "cpu": str(cpu)}
        yield _series("node_cpu_seconds_total", {**place, "mode": "idle"}, times, idle)
        yield _series("node_cpu_seconds_total", {**place, "mode": "user"}, times, used / CPUS)
    total = np.full(times.size, 32_000.0 * MIB)
    yield _series("node_memory_MemTotal_bytes", labels, times, total)
    yield _series("node_memory_MemAvailable_bytes", labels, times, total - node.memory(times, since))
    yield _series("node_pressure_cpu_waiting_seconds_total", labels, times, (times - since) * 0.04)
    yield _series("node_uname_info", {**labels, "nodename": node.name}, times, np.ones(times.size))


def state_metrics(
    node: ToldNode, since: float, until: float, ready_until: float | None = None
) -> Iterator[Series]:
    """Yield what kube-state-metrics tells of a node."""
    times = np.arange(since, until, 30.0)
    one = np.ones(times.size)
    ready = np.where(times < (ready_until or until), 1.0, 0.0)
    base = {"node": node.name, "job": "kube-state-metrics", "instance": "10.9.9.9:8080"}
    yield _series("kube_node_info", {**base, "internal_ip": node.address}, times, one)
    condition = {**base, "condition": "Ready"}
    yield _series("kube_node_status_condition", {**condition, "status": "true"}, times, ready)
    yield _series("kube_node_status_condition", {**condition, "status": "false"}, times, 1 - ready)
    for resource, unit, value in (
        ("cpu", "core", CPUS - 0.1), ("memory", "byte", 31_000.0 * MIB), ("pods", "integer", 110.0),
    ):  # fmt: skip
        allocatable = {**base, "resource": resource, "unit": unit}
        yield _series("kube_node_status_allocatable", allocatable, times, value * one)


def on_node(series: Iterable[Series], pods: Iterable[Pod], node: ToldNode) -> list[Series]:
    """Return pods' series with the node that they are on, and that they are there."""
    named = {pod.name for pod in pods}
    found: list[Series] = []
    for one in series:
        if one.labels.get("pod") not in named:
            found.append(one)
            continue
        asked = one.labels["__name__"].startswith("kube_pod_container_resource_")
        found.append(Series({**one.labels, "node": node.name}, one.times_ms, one.values) if asked else one)
        if one.labels["__name__"] == "kube_pod_owner":
            place = {name: one.labels[name] for name in ("namespace", "pod")}
            labels = {"__name__": "kube_pod_info", **place, "node": node.name}
            found.append(Series(labels, one.times_ms, one.values))
    return found


def wanted(node: ToldNode, since: float, start: float, end: float) -> dict[str, float]:
    """Return what numpy makes of a node's use in a window, from what is scraped and without a store."""
    times = node.scrapes(since, end + 300)
    edges = np.arange(start, end + 1, 60.0)
    last = np.searchsorted(times, edges, side="right") - 1
    used = node.load(times - since)
    cores = np.diff(used[last]) / np.diff(times[last])
    memory = node.memory(times, since)
    inside = (times > start) & (times <= end)
    return {
        "p95_cpu_m": 1000 * float(np.quantile(cores[np.isfinite(cores)], 0.95)),
        "p95_mem_mib": float(np.quantile(memory[last[1:]], 0.95)) / MIB,
        "max_mem_mib": float(memory[inside].max()) / MIB,
    }


def _series(name: str, labels: Labels, times: Floats, values: Floats) -> Series:
    return Series({"__name__": name, **labels}, np.round(times * 1000).astype(np.int64), values)
