"""What the score of a service looks at on one day; None is unknown, which is not 0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as LocalDate  # noqa: N812 `date` is a field


@dataclass(frozen=True)
class ScoredContainer:
    """One container: what it used at the peak, and what its pods run with.

    :ivar derived_cpu_m: the request that the days come to, ``derived_mem_mib`` likewise.
    :ivar limit_mem_mib: None for none; ``limits_known`` says whether that is known.
    :ivar full_gc: full collections in the peak hours.
    """

    name: str
    p95_cpu_m: float | None = None
    p95_mem_mib: float | None = None
    hot_cpu_m: float | None = None
    request_cpu_m: float | None = None
    request_mem_mib: float | None = None
    limit_cpu_m: float | None = None
    limit_mem_mib: float | None = None
    limits_known: bool = True
    derived_cpu_m: float | None = None
    derived_mem_mib: float | None = None
    throttled_pct: float | None = None
    restarts: float | None = None
    gc_pct: float | None = None
    full_gc: float | None = None
    heap_live_mib: float | None = None
    heap_max_mib: float | None = None


@dataclass(frozen=True)
class ScoredDay:
    """A service on one day.

    :ivar replicas: that it has; ``needed`` by the advice's bounds; None where that is unknown.
    :ivar production: whether its namespace is one of production.
    :ivar oom_days: of the last fourteen days, those on which one of its containers was killed for memory;
        ``oom_last`` the last of them.
    :ivar usual_latency_ms: its own median over fourteen days of the P95.
    """

    date: LocalDate
    containers: tuple[ScoredContainer, ...]
    replicas: int | None = None
    needed: int | None = None
    production: bool = False
    oom_days: int | None = None
    coverage: float | None = None
    error_pct: float | None = None
    latency_ms: float | None = None
    usual_latency_ms: float | None = None
    oom_last: LocalDate | None = None
