"""What of a service deserves a look: pure rules over its values and its peak."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from kubedoor_api.control.services.models import Container, ContainerPeak, Provenance, ServicePeak
from kubedoor_api.control.services.queries import Days

OVER_REQUESTED = 2.0
"""A request of more than twice the P95 is waste."""
UNDER_REQUESTED = 0.9
"""A request below nine tenths of the P95 is a risk: the node may be promised to others."""
NEAR_LIMIT_PCT = 90.0
LOW_COVERAGE = 0.5
HOT_POD = 1.5
"""A pod whose P95 is more than half as much again as the mean's: the load is not spread."""
THROTTLED_PCT = 10.0
NEW = timedelta(days=7)
"""For so many days a service is new; not one that was there on the env's first collected day."""
NO_PEAK = ContainerPeak.model_validate(dict.fromkeys(ContainerPeak.model_fields))


def _resource(
    name: str, request: int | None, limit: int | None, p95: int | None, pct: float | None
) -> Iterator[str]:
    if limit is None:
        yield f"unlimited_{name}"
    if pct is not None and pct >= NEAR_LIMIT_PCT:
        yield f"near_limit_{name}"
    if request is None or not p95:
        return
    if request > OVER_REQUESTED * p95:
        yield f"over_requested_{name}"
    elif request < UNDER_REQUESTED * p95:
        yield f"under_requested_{name}"


def _asked(ran_with: int | None, governed: int | None) -> int | None:
    """Return the request that the pods ran with; where none is known, the one that is to be."""
    return governed if ran_with is None else ran_with


def _is_hot(hottest: int | None, mean: int | None) -> bool:
    return bool(hottest and mean and hottest > HOT_POD * mean)


def _container(container: Container) -> Iterator[str]:
    values, peak = container.effective, container.peak or NO_PEAK
    yield from _resource(
        "cpu",
        _asked(peak.request_cpu_m, values.request_cpu_m),
        values.limit_cpu_m,
        peak.p95_cpu_m,
        peak.cpu_pct,
    )
    yield from _resource(
        "mem",
        _asked(peak.request_mem_mib, values.request_mem_mib),
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


def _is_new(provenance: Provenance, days: Days) -> bool:
    seen = provenance.first_seen
    if seen is None or days.first is None or days.latest is None:
        return False
    return seen > days.first and seen > days.latest - NEW


def flags_of(
    replicas: int | None,
    containers: Sequence[Container],
    peak: ServicePeak | None,
    provenance: Provenance,
    days: Days,
) -> list[str]:
    """Return the flags, each once, in a fixed order."""
    found = {flag for container in containers for flag in _container(container)}
    if replicas is None:
        found.add("no_replicas")
    if _is_new(provenance, days):
        found.add("new")
    if days.latest is not None and peak is None and provenance.last_seen is not None:
        found.add("not_seen")
    return sorted(found)
