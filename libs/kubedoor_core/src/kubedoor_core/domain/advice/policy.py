"""What advice on pod counts keeps to; each value is a setting."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AdvicePolicy:
    """How careful advice is.

    :ivar days: that are looked back on; ``least_days`` with coverage of a half are needed.
    :ivar limit_share: of its cpu limit that a pod may use; ``one_lost_share`` with one pod gone.
    :ivar limit_memory_margin: by which memory is taken for more than is foreseen.
    :ivar heap_share: of its largest heap that may be alive after a collection.
    :ivar growth_most: the most growth in a week that is reckoned with.
    :ivar skew_most: how much more than the mean the hottest pod is taken to use at most.
    :ivar proved_step: how far beyond the load per pod that was proved a pod may go.
    :ivar volatile: largest daily P99 / their median, above which no advice is given.
    :ivar kept_share: of today's pods that one step leaves at least.
    :ivar least_confidence: below which no advice is given.
    """

    days: int = 14
    least_days: int = 7
    limit_share: float = 0.7
    one_lost_share: float = 0.9
    limit_memory_margin: float = 1.1
    heap_share: float = 0.8
    growth_most: float = 0.3
    skew_most: float = 3.0
    proved_step: float = 1.25
    volatile: float = 1.5
    kept_share: float = 0.7
    min_replicas: int = 2
    least_confidence: float = 0.4
    errors_pct: float = 1.0
    latency_times: float = 1.25
    gc_pct: float = 5.0
    throttled_pct: float = 10.0
    near_limit_pct: float = 90.0
    settle_days: int = 3
    manual_days: int = 30
