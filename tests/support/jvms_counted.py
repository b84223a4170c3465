"""JVMs as four libraries tell of them: what they do is one function of time, and so are the figures of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kubedoor_dev.metrics.model import Series
from support.scrapes import MIB, Floats, Pod

YOUNG_PER_S, PAUSE_S = 0.1, 0.02
HEAP_MAX_MIB, NONHEAP_MIB, THREADS = 512.0, 90.0, 50.0


@dataclass(frozen=True)
class Jvm:
    """One JVM.

    :ivar old_mib: of its heap that is used for good; what is young comes on top.
    :ivar full_at: seconds since the epoch to full collections until then; the counter of a library that makes
        them when they happen first is not there before.
    :ivar full_before: as many as happened long ago.
    """

    pod: Pod
    old_mib: float
    full_at: float | None = None
    full_count: int = 1
    full_before: int = 0

    def heap_mib(self, times: Floats) -> Floats:
        """Return its used heap."""
        return self.old_mib + self.young_mib(times)

    def young_mib(self, times: Floats) -> Floats:
        """Return the young part of it."""
        return 60 + 40 * np.sin(times / 500 + self.pod.seed % 7)

    def full(self, times: Floats) -> Floats:
        """Return its full collections until then."""
        happened = np.zeros(times.size) if self.full_at is None else times >= self.full_at
        return np.asarray(self.full_before + self.full_count * happened, dtype=np.float64)


Say = Callable[[Jvm, Floats], Iterator[tuple[str, Mapping[str, str], Floats]]]
"""Yields metrics, labels and values at some times."""


def series_of(jvm: Jvm, say: Say, place: Mapping[str, str], since: float, until: float) -> Iterator[Series]:
    """Yield what a library tells of a JVM; a value that is NaN is not there."""
    times = jvm.pod.scrapes(since, until)
    for name, labels, values in say(jvm, times):
        there = np.isfinite(values)
        named = {"__name__": name, **place, **labels}
        yield Series(named, np.round(times[there] * 1000).astype(np.int64), np.round(values[there], 6))


def _young(jvm: Jvm, times: Floats) -> Floats:
    return YOUNG_PER_S * (times - (jvm.pod.start or times[0] - 3600))


def micrometer(jvm: Jvm, times: Floats) -> Iterator[tuple[str, Mapping[str, str], Floats]]:
    """As Micrometer tells: by pool; concurrent phases apart; counters of a cause from its first time on."""
    one = np.ones(times.size)
    for pool, area, mib, most in (
        ("G1 Eden Space", "heap", jvm.young_mib(times), -1.0),
        ("G1 Old Gen", "heap", jvm.old_mib * one, HEAP_MAX_MIB * MIB),
        ("Metaspace", "nonheap", NONHEAP_MIB * one, -1.0),
    ):
        labels = {"area": area, "id": pool}
        yield "jvm_memory_used_bytes", labels, mib * MIB
        yield "jvm_memory_max_bytes", labels, most * one
    yield "jvm_gc_live_data_size_bytes", {}, np.where(jvm.full(times) > 0, jvm.old_mib / 2 * MIB, 0.0)
    young, full = _young(jvm, times), np.where(jvm.full(times) > 0, jvm.full(times), np.nan)
    for action, cause, count in (
        ("end of minor GC", "G1 Evacuation Pause", young),
        ("end of major GC", "System.gc()", full),
    ):
        labels = {"action": action, "cause": cause}
        yield "jvm_gc_pause_seconds_count", labels, count
        yield "jvm_gc_pause_seconds_sum", labels, PAUSE_S * count
        yield "jvm_gc_pause_seconds_max", labels, 0 * count + PAUSE_S
    yield "jvm_gc_concurrent_phase_time_seconds_sum", {"action": "end of concurrent GC pause"}, 5 * young
    for state, threads in (("runnable", THREADS * 0.4), ("waiting", THREADS * 0.6)):
        yield "jvm_threads_states_threads", {"state": state}, threads * one


def _client(jvm: Jvm, times: Floats, used: str, most: str) -> Iterator[tuple[str, Mapping[str, str], Floats]]:
    one = np.ones(times.size)
    yield used, {"area": "heap"}, jvm.heap_mib(times) * MIB
    yield used, {"area": "nonheap"}, NONHEAP_MIB * MIB * one
    yield most, {"area": "heap"}, HEAP_MAX_MIB * MIB * one
    yield most, {"area": "nonheap"}, -one
    yield "jvm_memory_pool_collection_used_bytes", {"pool": "G1 Eden Space"}, 0 * one
    yield "jvm_memory_pool_collection_used_bytes", {"pool": "G1 Old Gen"}, jvm.old_mib / 2 * MIB * one
    young = _young(jvm, times)
    for collector, count in (
        ("G1 Young Generation", young),
        ("G1 Old Generation", jvm.full(times)),
        ("G1 Concurrent GC", 9 * young),
    ):
        yield "jvm_gc_collection_seconds_count", {"gc": collector}, count
        pause_s = 0.0 if collector.startswith("G1 Old") else PAUSE_S
        yield "jvm_gc_collection_seconds_sum", {"gc": collector}, pause_s * count
    yield "jvm_threads_current", {}, THREADS * one


def client_java(jvm: Jvm, times: Floats) -> Iterator[tuple[str, Mapping[str, str], Floats]]:
    """As Prometheus' client and jmx_exporter tell since 1.0: memory by area."""
    return _client(jvm, times, "jvm_memory_used_bytes", "jvm_memory_max_bytes")


def simpleclient(jvm: Jvm, times: Floats) -> Iterator[tuple[str, Mapping[str, str], Floats]]:
    """As they told before."""
    return _client(jvm, times, "jvm_memory_bytes_used", "jvm_memory_bytes_max")


def otel(jvm: Jvm, times: Floats) -> Iterator[tuple[str, Mapping[str, str], Floats]]:
    """As OpenTelemetry tells."""
    one = np.ones(times.size)
    for pool, kind, mib, after in (
        ("G1 Eden Space", "heap", jvm.young_mib(times), 0.0),
        ("G1 Old Gen", "heap", jvm.old_mib * one, jvm.old_mib / 2),
        ("Metaspace", "non_heap", NONHEAP_MIB * one, 0.0),
    ):
        labels = {"jvm_memory_type": kind, "jvm_memory_pool_name": pool}
        yield "jvm_memory_used_bytes", labels, mib * MIB
        yield "jvm_memory_used_after_last_gc_bytes", labels, after * MIB * one
    yield (
        "jvm_memory_limit_bytes",
        {"jvm_memory_type": "heap", "jvm_memory_pool_name": "G1 Old Gen"},
        (HEAP_MAX_MIB * MIB * one),
    )
    young = _young(jvm, times)
    for collector, action, count in (
        ("G1 Young Generation", "end of minor GC", young),
        ("G1 Old Generation", "end of major GC", jvm.full(times)),
        ("ZGC Major Cycles", "end of GC cycle", 9 * young),
    ):
        labels = {"jvm_gc_name": collector, "jvm_gc_action": action}
        yield "jvm_gc_duration_seconds_count", labels, count
        yield "jvm_gc_duration_seconds_sum", labels, (0.0 if "Old" in collector else PAUSE_S) * count
    for state, threads in (("runnable", THREADS * 0.4), ("waiting", THREADS * 0.6)):
        yield "jvm_thread_count", {"jvm_thread_state": state}, threads * one


def figures(jvms: Sequence[Jvm], start: float, end: float, since: float, until: float) -> dict[str, float]:
    """Return what the JVMs of a container come to in a window, by numpy alone."""
    steps = np.arange(start + 60, end + 1, 60.0)
    used = np.vstack([_at(steps, one, since, until) for one in jvms])
    known = np.isfinite(used)
    minutes = float(known.sum())
    pauses = sum(
        YOUNG_PER_S * (min(end, one.pod.end or end) - max(start, one.pod.start or start)) for one in jvms
    )
    with np.errstate(all="ignore"):
        p95 = max(float(np.quantile(row[np.isfinite(row)], 0.95)) for row in used)
    return {
        "heap_max_mib": HEAP_MAX_MIB,
        "heap_used_p95_mib": p95,
        "heap_live_mib": max(one.old_mib for one in jvms) / 2,
        "nonheap_p95_mib": NONHEAP_MIB,
        "gc_overhead_pct": 100 * pauses * PAUSE_S / (60 * minutes),
        "gc_per_min": pauses / minutes,
        "threads_p95": THREADS,
        "coverage": float(known.any(axis=0).mean()),
    }


def _at(steps: Floats, jvm: Jvm, since: float, until: float) -> Floats:
    times = jvm.pod.scrapes(since, until)
    before = np.searchsorted(times, steps, side="right") - 1
    last = times[np.maximum(before, 0)]
    there = (before >= 0) & (last > steps - max(60.0, 1.5 * jvm.pod.interval_s))
    return np.where(there, jvm.heap_mib(last), np.nan)
