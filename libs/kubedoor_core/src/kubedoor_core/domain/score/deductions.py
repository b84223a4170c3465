"""What takes points, and what could be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kubedoor_core.domain.score.policy import Part

Rule = Literal[
    "request_unused",
    "oom_killed",
    "oom_killed_often",
    "memory_near_limit",
    "cpu_near_limit",
    "cpu_request_short",
    "memory_request_short",
    "throttled",
    "much_throttled",
    "no_memory_limit",
    "one_pod",
    "too_many_pods",
    "too_few_pods",
    "errors",
    "many_errors",
    "slow",
    "very_slow",
    "gc",
    "much_gc",
    "full_gc",
    "heap_full",
    "hot_pod",
    "very_hot_pod",
    "restarts",
    "thin_coverage",
]
Action = Literal["set_request", "set_limit", "set_replicas", "advice", "spread_pods"]

Parameters = Mapping[str, str | float]

__all__ = ["Action", "Deduction", "Found", "Parameters", "Part", "Remedy", "Rule"]


@dataclass(frozen=True)
class Remedy:
    """One of our own actions, opened as a draft.

    :ivar parameters: such as the container, the resource and its value, in m or MiB.
    """

    action: Action
    parameters: Parameters = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """Something that takes points off a part's hundred.

    :ivar value: what was measured; ``threshold`` where points begin to go.
    :ivar date: when it was found, where that is another day than the scored one.
    :ivar changes: that it takes to have the points back; ``remedy`` is the one of them that gives most.
    """

    rule: Rule
    points: float
    value: float
    threshold: float
    container: str | None = None
    remedy: Remedy | None = None
    date: date | None = None
    changes: int = 1


@dataclass(frozen=True)
class Deduction:
    """Something that takes points off the score: all deductions and the score are a hundred together."""

    part: Part
    found: Found
    points: float
    date: date
