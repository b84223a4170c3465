"""The metrics by which JVMs tell of themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from kubedoor_core.metrics.counted import Matchers
from kubedoor_core.metrics.labelling import CONTAINERS, NAMESPACES, PODS, Candidates

JvmSource = Literal["micrometer", "client_java", "simpleclient", "otel"]


@dataclass(frozen=True)
class Metric:
    """A metric, and which of its series count."""

    name: str
    matchers: Matchers = ()


@dataclass(frozen=True)
class JvmDialect:
    """How one library tells of a JVM: bytes, seconds and counts, a series for each pool, collector or state.

    :ivar heap_max: pools without a maximum say -1.
    :ivar live: what was left of the heap after a collection; 0 before the first.
    :ivar pauses: counter of pauses, ``paused`` of the seconds they took. What goes on beside the program is
        none.
    :ivar full: counter of full collections.
    :ivar blocked: gauge of the threads that wait for a lock.
    :ivar longest: gauge of the longest pause; None where nothing tells it.
    """

    source: JvmSource
    heap: Metric
    nonheap: Metric
    heap_max: Metric
    live: Metric
    pauses: Metric
    paused: Metric
    full: Metric
    threads: Metric
    blocked: Metric
    longest: Metric | None = None
    candidates: Candidates = field(default_factory=lambda: Candidates(containers=CONTAINERS))

    @property
    def shown_by(self) -> tuple[str, Matchers]:
        """The used heap: a store has it where it has this dialect."""
        return self.heap.name, self.heap.matchers


OLD_POOLS = ".*(Old|Tenured).*|ZHeap|Shenandoah"
CONCURRENT = ".*Cycles|G1 Concurrent GC|ConcurrentMarkSweep"
"""Collectors whose time is not one in which the program stands still."""
FULL = "G1 Old.*|PS MarkSweep|MarkSweepCompact|ConcurrentMarkSweep|ZGC Major Cycles"
MAJOR = "end of major GC"
_COLLECTIONS = "jvm_gc_collection_seconds"


def _collections(source: JvmSource, used: str, most: str, *matchers: str) -> JvmDialect:
    """Return a dialect of Prometheus' own client, of which newer versions have other names for memory."""
    return JvmDialect(
        source,
        heap=Metric(used, (*matchers, 'area="heap"')),
        nonheap=Metric(used, (*matchers, 'area="nonheap"')),
        heap_max=Metric(most, (*matchers, 'area="heap"')),
        live=Metric("jvm_memory_pool_collection_used_bytes", (f'pool=~"{OLD_POOLS}"',)),
        pauses=Metric(f"{_COLLECTIONS}_count", (f'gc!~"{CONCURRENT}"',)),
        paused=Metric(f"{_COLLECTIONS}_sum", (f'gc!~"{CONCURRENT}"',)),
        full=Metric(f"{_COLLECTIONS}_count", (f'gc=~"{FULL}"',)),
        threads=Metric("jvm_threads_current"),
        blocked=Metric("jvm_threads_state", ('state="BLOCKED"',)),
    )


JVM_DIALECTS: tuple[JvmDialect, ...] = (
    JvmDialect(
        "micrometer",
        heap=Metric("jvm_memory_used_bytes", ('area="heap"', 'id!=""')),
        nonheap=Metric("jvm_memory_used_bytes", ('area="nonheap"', 'id!=""')),
        heap_max=Metric("jvm_memory_max_bytes", ('area="heap"', 'id!=""')),
        live=Metric("jvm_gc_live_data_size_bytes"),
        pauses=Metric("jvm_gc_pause_seconds_count"),
        paused=Metric("jvm_gc_pause_seconds_sum"),
        full=Metric("jvm_gc_pause_seconds_count", (f'action="{MAJOR}"',)),
        threads=Metric("jvm_threads_states_threads"),
        blocked=Metric("jvm_threads_states_threads", ('state="blocked"',)),
        longest=Metric("jvm_gc_pause_seconds_max"),
    ),
    _collections("client_java", "jvm_memory_used_bytes", "jvm_memory_max_bytes", 'id=""'),
    _collections("simpleclient", "jvm_memory_bytes_used", "jvm_memory_bytes_max"),
    JvmDialect(
        "otel",
        heap=Metric("jvm_memory_used_bytes", ('jvm_memory_type="heap"',)),
        nonheap=Metric("jvm_memory_used_bytes", ('jvm_memory_type="non_heap"',)),
        heap_max=Metric("jvm_memory_limit_bytes", ('jvm_memory_type="heap"',)),
        live=Metric("jvm_memory_used_after_last_gc_bytes", ('jvm_memory_type="heap"',)),
        pauses=Metric("jvm_gc_duration_seconds_count", (f'jvm_gc_name!~"{CONCURRENT}"',)),
        paused=Metric("jvm_gc_duration_seconds_sum", (f'jvm_gc_name!~"{CONCURRENT}"',)),
        full=Metric("jvm_gc_duration_seconds_count", (f'jvm_gc_action="{MAJOR}"',)),
        threads=Metric("jvm_thread_count"),
        blocked=Metric("jvm_thread_count", ('jvm_thread_state="blocked"',)),
        candidates=Candidates(
            ("k8s_namespace_name", *NAMESPACES),
            (),
            ("k8s_pod_name", *PODS),
            ("k8s_container_name", *CONTAINERS),
        ),
    ),
)
"""In the order in which they are believed, where a JVM tells of itself twice."""


def jvm_dialects(namespace_label: str = "", pod_label: str = "") -> list[JvmDialect]:
    """Return the dialects.

    :param namespace_label: a label that tells the namespace before all that are known; likewise
        ``pod_label``.
    """
    return list(_preferring(JVM_DIALECTS, namespace_label, pod_label))


def _preferring(every: Iterable[JvmDialect], namespace: str, pod: str) -> Iterable[JvmDialect]:
    return (replace(one, candidates=one.candidates.preferring(namespace, pod)) for one in every)
