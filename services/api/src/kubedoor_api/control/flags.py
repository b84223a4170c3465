"""What of a service deserves a look: pure rules over its values and its peak."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from kubedoor_api.control.figures.models import NO_FIGURES, Figures
from kubedoor_api.control.models import Container, ContainerPeak, Provenance, ServiceFlag, ServicePeak
from kubedoor_api.control.queries import Days
from kubedoor_core.domain.score import ScorePolicy

OVER_REQUESTED = 2.0
"""A request of more than twice the P95 is waste."""
UNDER_REQUESTED = 0.9
"""A request below nine tenths of the P95 is a risk: the node may be promised to others."""
NEAR_LIMIT_PCT = 90.0
LOW_COVERAGE = 0.5
HOT_POD = 1.5
"""A pod whose P95 is more than half as much again as the mean's: the load is not spread."""
THROTTLED_PCT = 10.0
SLOW = ScorePolicy.slow_times
"""A latency of so many times its own usual one."""
HEAP_FULL_PCT = 100 * ScorePolicy.heap_share
"""A heap that a collection leaves so full."""
NEW = timedelta(days=7)
"""For so many days a service is new; not one that was there on the env's first collected day."""
NO_PEAK = ContainerPeak.model_validate(dict.fromkeys(ContainerPeak.model_fields))


class _Flags(NamedTuple):
    unlimited: ServiceFlag
    near_limit: ServiceFlag
    over_requested: ServiceFlag
    under_requested: ServiceFlag


CPU = _Flags("unlimited_cpu", "near_limit_cpu", "over_requested_cpu", "under_requested_cpu")
MEM = _Flags("unlimited_mem", "near_limit_mem", "over_requested_mem", "under_requested_mem")


def _resource(
    flags: _Flags, request: int | None, limit: int | None, p95: int | None, pct: float | None
) -> Iterator[ServiceFlag]:
    if limit is None:
        yield flags.unlimited
    if pct is not None and pct >= NEAR_LIMIT_PCT:
        yield flags.near_limit
    if request is None or not p95:
        return
    if request > OVER_REQUESTED * p95:
        yield flags.over_requested
    elif request < UNDER_REQUESTED * p95:
        yield flags.under_requested


def _is_hot(hottest: int | None, mean: int | None) -> bool:
    return bool(hottest and mean and hottest > HOT_POD * mean)


def _of_container(container: Container) -> Iterator[ServiceFlag]:
    # The requests that the pods ran with; where none is known, the ones that are to be.
    values, peak = container.effective, container.peak or NO_PEAK
    yield from _resource(
        CPU,
        values.request_cpu_m if peak.request_cpu_m is None else peak.request_cpu_m,
        values.limit_cpu_m,
        peak.p95_cpu_m,
        peak.cpu_pct,
    )
    yield from _resource(
        MEM,
        values.request_mem_mib if peak.request_mem_mib is None else peak.request_mem_mib,
        values.limit_mem_mib,
        peak.p95_mem_mib,
        peak.mem_pct,
    )
    if _is_hot(peak.p95_cpu_hot_m, peak.p95_cpu_m) or _is_hot(peak.p95_mem_hot_mib, peak.p95_mem_mib):
        yield "hot_pod"
    if peak.throttled_pct is not None and peak.throttled_pct >= THROTTLED_PCT:
        yield "throttled"
    if peak.oom_kills:
        yield "oom_killed"
    if peak.coverage is not None and peak.coverage < LOW_COVERAGE:
        yield "low_coverage"
    if peak.owner_source == "name":
        yield "no_owner"


def flags_of(
    replicas: int | None,
    containers: Sequence[Container],
    peak: ServicePeak | None,
    provenance: Provenance,
    days: Days,
    figures: Figures = NO_FIGURES,
    *,
    elsewhere: bool = False,
) -> list[ServiceFlag]:
    """Return the flags, each once, in a fixed order.

    :param elsewhere: whether its own busiest hours are others than the peak hours.
    """
    found: set[ServiceFlag] = {flag for container in containers for flag in _of_container(container)}
    if replicas is None:
        found.add("no_replicas")
    seen = provenance.first_seen
    if seen and days.first and days.latest and seen > max(days.first, days.latest - NEW):
        found.add("new")
    if days.latest is not None and peak is None and provenance.last_seen is not None:
        found.add("not_seen")
    if elsewhere:
        found.add("peaks_elsewhere")
    found.update(_of_figures(figures))
    return sorted(found)


def _of_figures(figures: Figures) -> Iterator[ServiceFlag]:
    """Yield what requests and JVMs are flagged for: where the score begins to take points."""
    traffic, jvm, usual = figures.traffic, figures.jvm, figures.usual_latency_ms
    if traffic and traffic.error_pct is not None and traffic.error_pct >= ScorePolicy.errors_pct:
        yield "errors"
    if traffic and traffic.latency_p95_ms and usual and traffic.latency_p95_ms / usual >= SLOW:
        yield "slow"
    if jvm and jvm.gc_overhead_pct is not None and jvm.gc_overhead_pct >= ScorePolicy.gc_pct:
        yield "gc_overhead"
    if jvm and jvm.heap_live_pct is not None and jvm.heap_live_pct >= HEAP_FULL_PCT:
        yield "heap_full"
