"""What advice on pod counts keeps to, each number a setting. No numpy: every service reads the settings."""

from __future__ import annotations

from dataclasses import dataclass

from kubedoor_core.domain.named_numbers import number
from kubedoor_core.errors import BadValueError


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
    :ivar errors_pct: of requests that fail, from which on a day did not go well, as with latency
        (``latency_times`` its median), garbage collection and throttling.
    :ivar near_limit_pct: of its memory limit, from which on no advice is given.
    :ivar settle_days: after a roll-out or an edit without advice; ``manual_days`` after a count by hand.
    """

    days: int = number(14, 7, 60)
    least_days: int = number(7, 2, 60)
    limit_share: float = number(0.7, 0.1, 1)
    one_lost_share: float = number(0.9, 0.1, 1)
    limit_memory_margin: float = number(1.1, 1, 3)
    heap_share: float = number(0.8, 0.1, 1)
    growth_most: float = number(0.3, 0, 3)
    skew_most: float = number(3.0, 1, 10)
    proved_step: float = number(1.25, 1, 3)
    volatile: float = number(1.5, 1, 100)
    kept_share: float = number(0.7, 0.1, 1)
    min_replicas: int = number(2, 1, 100)
    least_confidence: float = number(0.4, 0, 1)
    errors_pct: float = number(1.0, 0.01, 100)
    latency_times: float = number(1.25, 1, 100)
    gc_pct: float = number(5.0, 0.1, 100)
    throttled_pct: float = number(10.0, 0.1, 100)
    near_limit_pct: float = number(90.0, 10, 100)
    settle_days: int = number(3, 0, 60)
    manual_days: int = number(30, 0, 400)

    def __post_init__(self) -> None:
        if self.least_days > self.days:
            raise BadValueError(f"least_days is {self.least_days}, and days only {self.days}")
