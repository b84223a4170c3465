"""The texts of queries that answer with what is wrong alone: for alert rules and findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kubedoor_core.metrics.counted import Spoken
from kubedoor_core.metrics.jvm import JvmDialect, Metric
from kubedoor_core.metrics.selecting import MEM, Names, Part, Scope
from kubedoor_core.metrics.thresholds import (
    BLOCKED,
    BLOCKED_LEAST,
    GC_OVERHEAD,
    HEAP_FULL,
    NEAR_LIMIT,
    THROTTLED,
    VOLUME_FILLING,
    VOLUME_FULL,
    VOLUME_SOON_S,
)

PACE_S = 6 * 3600
"""Over so many seconds it is looked how fast a volume fills."""
Jvm = Spoken[JvmDialect]


@dataclass(frozen=True)
class Wrong:
    """What is wrong with containers, volumes and autoscalers.

    :ivar kept: labels that stay besides those of a place, such as the one that tells clusters apart.
    """

    scope: Scope
    kept: Sequence[str] = ()

    def throttled(self, range_s: int) -> str:
        """Return the query of containers that wait for cpu: the share of periods."""
        names = self.scope.cadvisor
        held, every = (
            f"sum by ({self.container(names)}) (increase({self._cadvisor(metric)}[{range_s}s]))"
            for metric in ("container_cpu_cfs_throttled_periods_total", "container_cpu_cfs_periods_total")
        )
        return f"{held} / {every} >= {THROTTLED}"

    def memory_near_limit(self) -> str:
        """Return the query of containers that use most of their memory limit: the share."""
        used, told = self.scope.cadvisor, self.scope.exporter
        limits = " or ".join(
            self._exporter(f"kube_pod_{kind}container_resource_limits", 'resource="memory"')
            for kind in ("", "init_")
        )
        working = f"max by ({self.container(used)}) ({self._cadvisor(MEM)})"
        limit = _named(f"max by ({self.container(told)}) ({limits})", told, used)
        return f"{working} / on ({self.container(used)}) {limit} >= {NEAR_LIMIT}"

    def volumes_full(self) -> str:
        """Return the query of claims whose volume is full or soon will be: the share that is used."""
        by = ", ".join((*self.kept, self.scope.cadvisor.namespace, "persistentvolumeclaim"))
        used, free, capacity = (
            f"max by ({by}) ({query})"
            for query in (
                self._volume("used"),
                f"predict_linear({self._volume('available')}[{PACE_S}s], {VOLUME_SOON_S})",
                self._volume("capacity"),
            )
        )
        share = f"{used} / {capacity}"
        return f"{share} >= {VOLUME_FULL} or ({share} >= {VOLUME_FILLING} and {free} < 0)"

    def autoscalers_capped(self) -> str:
        """Return the query of autoscalers that want more pods than they may have: their most, by target."""
        name = "kube_horizontalpodautoscaler"
        by = ", ".join((*self.kept, self.scope.exporter.namespace, "horizontalpodautoscaler"))
        most, current = (
            f"max by ({by}) ({self._exporter(f'{name}_{what}')})"
            for what in ("spec_max_replicas", "status_current_replicas")
        )
        limited = self._exporter(f"{name}_status_condition", 'condition="ScalingLimited"', 'status="true"')
        target = f"{by}, scaletargetref_kind, scaletargetref_name"
        info = f"max by ({target}) ({self._exporter(f'{name}_info')})"
        capped = f"({most} <= {current} and max by ({by}) ({limited}) == 1)"
        return f"{capped} * on ({by}) group_left (scaletargetref_kind, scaletargetref_name) {info}"

    def container(self, names: Names) -> str:
        """Return the labels of a container's place."""
        return ", ".join((*self.kept, names.namespace, names.pod, names.container))

    def _cadvisor(self, metric: str) -> str:
        names = self.scope.cadvisor
        return f"{metric}{{{','.join([*self.scope.matchers(names), *names.containers()])}}}"

    def _exporter(self, metric: str, *matchers: str) -> str:
        return f"{metric}{{{','.join([*self.scope.matchers(self.scope.exporter), *matchers])}}}"

    def _volume(self, what: str) -> str:
        matchers = self.scope.matchers(self.scope.cadvisor)
        return f"kubelet_volume_stats_{what}_bytes{{{','.join(matchers)}}}"


def heap_full(part: Part, one: Jvm, kept: Sequence[str] = ()) -> str:
    """Return the query of JVMs whose heap is almost full after collections: the share that is left."""
    live, most = (
        one.added_up(f"{_series(part, one, metric)} > 0", by=kept)
        for metric in (one.dialect.live, one.dialect.heap_max)
    )
    return f"{live} / {most} >= {HEAP_FULL}"


def gc_overhead(part: Part, one: Jvm, range_s: int, kept: Sequence[str] = ()) -> str:
    """Return the query of JVMs that stand still to collect garbage: the share of time."""
    paused = f"rate({_series(part, one, one.dialect.paused)}[{range_s}s])"
    return f"{one.added_up(paused, by=kept)} >= {GC_OVERHEAD}"


def threads_blocked(part: Part, one: Jvm, kept: Sequence[str] = ()) -> str:
    """Return the query of JVMs of whose threads many wait for locks: how many."""
    blocked, every = (
        one.added_up(_series(part, one, metric), by=kept)
        for metric in (one.dialect.blocked, one.dialect.threads)
    )
    return f"{blocked} >= {BLOCKED_LEAST} and {blocked} / {every} >= {BLOCKED}"


def full_collections(part: Part, one: Jvm, range_s: int, kept: Sequence[str] = ()) -> str:
    """Return the query of how many full collections there were that stop a JVM; ZGC's do not."""
    full = one.selector(part, one.dialect.full.name, *one.dialect.full.matchers, 'gc!~"ZGC.*"')
    return one.added_up(f"increase({full}[{range_s}s])", by=kept)


def _series(part: Part, one: Jvm, metric: Metric) -> str:
    return one.selector(part, metric.name, *metric.matchers)


def _named(query: str, have: Names, want: Names) -> str:
    """Give the labels of a place the names that another source has for them."""
    pairs = (
        (have.namespace, want.namespace),
        (have.pod, want.pod),
        (have.container, want.container),
    )
    for old, new in pairs:
        if old != new:
            query = f'label_replace({query}, "{new}", "$1", "{old}", "(.+)")'
    return query
