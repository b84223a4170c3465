"""Weights and thresholds of the score, each a setting. No numpy: every service reads the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from kubedoor_core.domain.named_numbers import number
from kubedoor_core.domain.prices import Prices
from kubedoor_core.errors import BadValueError

Part = Literal["cost", "safety", "count", "runtime", "steadiness"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True)
class ScorePolicy:
    """What is looked at, and from where on it takes points.

    :ivar weight_cost: of that part, as of the others; those that are known make a hundred together.
    :ivar least_known: share of the weight that must be known.
    :ivar used_well: peak use / request from which on nothing is wasted; ``used_badly``: all is.
    :ivar pods_more: share of the pods needed by which there may be more; at ``pods_times`` none is left.
    :ivar prices: what a core weighs against a GiB.
    """

    weight_cost: float = number(35.0, 0, 100)
    weight_safety: float = number(30.0, 0, 100)
    weight_count: float = number(20.0, 0, 100)
    weight_runtime: float = number(10.0, 0, 100)
    weight_steadiness: float = number(5.0, 0, 100)
    least_known: float = number(0.5, 0, 1)
    used_well: float = number(0.8, 0.1, 1)
    used_badly: float = number(0.1, 0, 0.9)
    prices: Prices = Prices()  # noqa: RUF009 frozen
    pods_more: float = number(0.1, 0, 10)
    pods_times: float = number(3.0, 1, 100)
    near_limit_pct: float = number(90.0, 10, 100)
    short_request: float = number(0.9, 0, 1)
    throttled_pct: float = number(10.0, 0.1, 100)
    much_throttled_pct: float = number(25.0, 0.1, 100)
    oom_days: int = number(3, 1, 14)
    errors_pct: float = number(1.0, 0.01, 100)
    many_errors_pct: float = number(5.0, 0.01, 100)
    slow_times: float = number(1.5, 1, 100)
    very_slow_times: float = number(2.0, 1, 100)
    gc_pct: float = number(5.0, 0.1, 100)
    much_gc_pct: float = number(10.0, 0.1, 100)
    heap_share: float = number(0.85, 0.1, 1)
    hot_times: float = number(1.5, 1, 100)
    very_hot_times: float = number(2.0, 1, 100)
    coverage: float = number(0.5, 0, 1)

    def __post_init__(self) -> None:
        if self.used_badly >= self.used_well:
            raise BadValueError(f"used_badly must be below used_well, which is {self.used_well:g}")
        if not any(self.weights.values()):
            raise BadValueError("one part at least must have a weight")
        for one, other in STEPS:
            if getattr(self, one) > getattr(self, other):
                raise BadValueError(f"{one} must not be above {other}, which is {getattr(self, other):g}")

    @cached_property
    def weights(self) -> Mapping[Part, float]:
        """The weight of each part."""
        return {part: getattr(self, f"weight_{part}") for part in PARTS}


STEPS = (
    ("throttled_pct", "much_throttled_pct"), ("errors_pct", "many_errors_pct"),
    ("slow_times", "very_slow_times"), ("gc_pct", "much_gc_pct"), ("hot_times", "very_hot_times"),
)  # fmt: skip
"""Two steps of the same thing: the second takes more."""
