"""What services count of themselves: requests, as a mesh or a library does, and what their JVMs do."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from kubedoor_dev.metrics.cadvisor import alive_at, counted, node_offset_ms, used_by
from kubedoor_dev.metrics.clock import Clock
from kubedoor_dev.metrics.model import Floats, Labels, Millis, Scenario, Series, Service, Speaks
from kubedoor_dev.metrics.pods import Pod

MIB = 1024 * 1024
BOUNDS_MS = (5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0)
SPREAD = 0.8
"""Of the logarithms of latencies."""
SPARSE = 8
"""Histograms and collections are written at every so many scrapes: they are read over a whole window."""
ERRORS = {"payment-gateway": 0.026, "promotions": 0.012}
"""Shares of failures of those that have many."""
BUSY_COLLECTORS = {"ledger": 0.065, "sessions": 0.03}
"""Shares of the time that collections of some JVMs take."""
FULL_COLLECTIONS = {"ledger": 4, "warehouse-sync": 1}
"""In a pod's window."""


@dataclass(frozen=True, eq=False)
class _Scraped:
    """When a pod's series are scraped, and how they are labelled.

    :ivar alive: which of the clock's scrapes it is there for.
    """

    clock: Clock
    alive: np.typing.NDArray[np.bool_]
    times_ms: Millis
    place: Labels

    def counter(self, name: str, labels: Mapping[str, str], steps: Floats, every: int = 1) -> Series:
        """Return a counter that rises by so much at each scrape."""
        return self._series(name, labels, np.round(counted(self.clock, self.alive, steps), 3), every)

    def gauge(self, name: str, labels: Mapping[str, str], values: Floats, every: int = 1) -> Series:
        """Return a value at each scrape."""
        return self._series(name, labels, values[self.alive], every)

    def _series(self, name: str, labels: Mapping[str, str], values: Floats, every: int) -> Series:
        return Series({"__name__": name, **self.place, **labels}, self.times_ms[::every], values[::every])


@dataclass(frozen=True)
class _Requests:
    """How one way of counting names requests; ``unit_ms`` is that of the bounds."""

    counter: str
    buckets: str
    ok: Labels
    failed: Labels
    unit_ms: float


_REQUESTS: dict[Speaks, _Requests] = {
    "istio": _Requests(
        "istio_requests_total", "istio_request_duration_milliseconds_bucket",
        {"reporter": "destination", "response_code": "200", "grpc_response_status": ""},
        {"reporter": "destination", "response_code": "503", "grpc_response_status": ""}, 1.0,
    ),
    "micrometer": _Requests(
        "http_server_requests_seconds_count", "http_server_requests_seconds_bucket",
        {"uri": "/api", "status": "200"}, {"uri": "/api", "status": "500"}, 1000.0,
    ),
    "otel": _Requests(
        "http_server_request_duration_seconds_count", "http_server_request_duration_seconds_bucket",
        {"http_route": "/api", "http_response_status_code": "200"},
        {"http_route": "/api", "http_response_status_code": "500"}, 1000.0,
    ),
}  # fmt: skip


def pod_series(scenario: Scenario, service: Service, pod: Pod, clock: Clock) -> Iterator[Series]:
    """Yield what a pod counts of itself; of a service without a language nothing."""
    alive = alive_at(service, pod, clock)
    if service.speaks is None or pod.failed or not alive.any():
        return
    times_ms = clock.seconds[alive] * 1000 + node_offset_ms(pod.node, clock.scrape_s)
    labels = {**_place(service, pod), **dict(scenario.flavor.extra_labels)}
    scraped = _Scraped(clock, alive, times_ms, labels)
    cores, _ = used_by(scenario, service, pod, service.containers[0], clock)
    yield from _requests(scraped, service, cores)
    if service.speaks != "istio":
        yield from _jvm(scraped, service, cores)


def _place(service: Service, pod: Pod) -> Labels:
    container = service.containers[0].name
    match service.speaks:
        case "istio":
            workload = {
                "destination_workload_namespace": service.namespace,
                "destination_workload": service.name,
            }
            return {**workload, "namespace": service.namespace, "pod": pod.name}
        case "otel":
            own = {"k8s_deployment_name": service.name, "k8s_container_name": container}
            return {"k8s_namespace_name": service.namespace, "k8s_pod_name": pod.name, **own}
        case _:
            return {"namespace": service.namespace, "pod": pod.name, "container": container}


def _trait(service: Service, what: str, low: float, high: float) -> float:
    """Return something that is a service's own, the same each time."""
    number = zlib.crc32(f"{service.namespace}/{service.name}/{what}".encode())
    return low + (high - low) * (number % 1000) / 1000


def _requests(scraped: _Scraped, service: Service, cores: Floats) -> Iterator[Series]:
    """Yield requests in proportion to the cpu that they take; the busier the pods, the slower they are."""
    how = _REQUESTS[service.speaks or "istio"]
    requests = cores * scraped.clock.steps_s * _trait(service, "qps", 40, 220)
    share = ERRORS.get(service.name, _trait(service, "errors", 0.0002, 0.004))
    busy = float(np.mean(cores)) * 1000 / service.containers[0].use_cpu_m
    middle_ms = _trait(service, "latency", 8, 90) * (0.8 + 0.4 * busy)
    for labels, part in ((how.ok, 1 - share), (how.failed, share)):
        yield scraped.counter(how.counter, labels, requests * part)
        for bound in (*BOUNDS_MS, math.inf):
            le = "+Inf" if math.isinf(bound) else f"{bound / how.unit_ms:g}"
            within = _within(bound, middle_ms)
            yield scraped.counter(how.buckets, {**labels, "le": le}, requests * part * within, SPARSE)


def _within(bound_ms: float, middle_ms: float) -> float:
    """Return the share of requests that take at most so long."""
    return 0.5 * (1 + math.erf(math.log(bound_ms / middle_ms) / (SPREAD * math.sqrt(2))))


def _jvm(scraped: _Scraped, service: Service, cores: Floats) -> Iterator[Series]:
    """Yield a JVM's memory, collections and threads."""
    container, clock = service.containers[0], scraped.clock
    heap_max = 0.7 * (container.limit_mem_mib or 1.5 * container.use_mem_mib) * MIB
    old = 0.55 * container.use_mem_mib * MIB
    eden = 0.2 * container.use_mem_mib * MIB
    share = BUSY_COLLECTORS.get(service.name)
    pause_s = _trait(service, "pause", 0.012, 0.04) if share is None else 0.15
    each_s = share / pause_s if share else _trait(service, "collections", 2, 15) / 60
    collections = np.cumsum(cores / float(np.mean(cores)) * clock.steps_s) * each_s
    young = np.diff(collections, prepend=0.0)
    full = np.zeros(clock.seconds.size)
    full[np.searchsorted(clock.from_start, 30.0)] = FULL_COLLECTIONS.get(service.name, 0)
    one = np.ones(clock.seconds.size)
    tell = _otel if service.speaks == "otel" else _micrometer
    sizes = {
        "heap_max": heap_max * one,
        "old": old * one,
        "eden": eden * (collections % 1),
        "live": 0.8 * old * one,
    }
    yield from tell(scraped, sizes, {"minor": young, "major": full}, pause_s)


def _micrometer(
    scraped: _Scraped, sizes: Mapping[str, Floats], collections: Mapping[str, Floats], pause_s: float
) -> Iterator[Series]:
    for pool, area, used, most in _pools(sizes):
        labels = {"area": area, "id": pool}
        yield scraped.gauge("jvm_memory_used_bytes", labels, used)
        yield scraped.gauge("jvm_memory_max_bytes", labels, most, SPARSE)
    yield scraped.gauge("jvm_gc_live_data_size_bytes", {}, sizes["live"], SPARSE)
    for size, steps in collections.items():
        labels = {"action": f"end of {size} GC", "cause": "G1 Evacuation Pause"}
        yield scraped.counter("jvm_gc_pause_seconds_count", labels, steps, SPARSE)
        yield scraped.counter("jvm_gc_pause_seconds_sum", labels, steps * pause_s, SPARSE)
        yield scraped.gauge("jvm_gc_pause_seconds_max", labels, 0 * steps + 2 * pause_s, SPARSE)
    yield scraped.gauge("jvm_threads_states_threads", {"state": "waiting"}, 0 * sizes["old"] + 64)


def _otel(
    scraped: _Scraped, sizes: Mapping[str, Floats], collections: Mapping[str, Floats], pause_s: float
) -> Iterator[Series]:
    for pool, area, used, most in _pools(sizes):
        labels = {"jvm_memory_pool_name": pool, "jvm_memory_type": "heap" if area == "heap" else "non_heap"}
        yield scraped.gauge("jvm_memory_used_bytes", labels, used)
        if most[0] > 0:
            yield scraped.gauge("jvm_memory_limit_bytes", labels, most, SPARSE)
            yield scraped.gauge("jvm_memory_used_after_last_gc_bytes", labels, sizes["live"], SPARSE)
    for size, steps in collections.items():
        name = "G1 Young Generation" if size == "minor" else "G1 Old Generation"
        labels = {"jvm_gc_action": f"end of {size} GC", "jvm_gc_name": name}
        yield scraped.counter("jvm_gc_duration_seconds_count", labels, steps, SPARSE)
        yield scraped.counter("jvm_gc_duration_seconds_sum", labels, steps * pause_s, SPARSE)
    yield scraped.gauge("jvm_thread_count", {"jvm_thread_state": "waiting"}, 0 * sizes["old"] + 64)


def _pools(sizes: Mapping[str, Floats]) -> Iterator[tuple[str, str, Floats, Floats]]:
    """Yield each pool's name, area, use and maximum, of which most have none."""
    none = 0 * sizes["old"] - 1
    yield "G1 Eden Space", "heap", sizes["eden"], none
    yield "G1 Old Gen", "heap", sizes["old"], sizes["heap_max"]
    yield "Metaspace", "nonheap", 0 * sizes["old"] + 96 * MIB, none
