"""Weights and thresholds of the score; each value is a setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kubedoor_core.domain.prices import Prices

Part = Literal["cost", "safety", "count", "runtime", "steadiness"]


def _weights() -> dict[Part, float]:
    return {"cost": 35, "safety": 30, "count": 20, "runtime": 10, "steadiness": 5}


@dataclass(frozen=True)
class ScorePolicy:
    """What is looked at, and from where on it takes points.

    :ivar weights: of each part; of those that are known, 100 together.
    :ivar least_known: share of the weight that must be known.
    :ivar used_well: peak use / request from which on nothing is wasted; ``used_badly``: all is.
    :ivar pods_more: share of the pods needed by which there may be more; at ``pods_times`` none is left.
    :ivar prices: what a core weighs against a GiB.
    """

    weights: Mapping[Part, float] = field(default_factory=_weights)
    least_known: float = 0.5
    used_well: float = 0.8
    used_badly: float = 0.1
    prices: Prices = Prices()  # noqa: RUF009 frozen
    pods_more: float = 0.1
    pods_times: float = 3.0
    near_limit_pct: float = 90.0
    short_request: float = 0.9
    throttled_pct: float = 10.0
    much_throttled_pct: float = 25.0
    oom_days: int = 3
    errors_pct: float = 1.0
    many_errors_pct: float = 5.0
    slow_times: float = 1.5
    very_slow_times: float = 2.0
    gc_pct: float = 5.0
    much_gc_pct: float = 10.0
    heap_share: float = 0.85
    hot_times: float = 1.5
    very_hot_times: float = 2.0
    coverage: float = 0.5
