"""Several rounds of one figure: their median, their spread, and whether the machine was quiet enough."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Sequence
from typing import TypeVar

from bench.results import Result, at_least, at_most, seen

SHORT = os.environ.get("SHORT") == "1"
"""Tiny sizes: to see that a suite works, not to measure."""

NOISY_PCT = 20.0
"""Beyond this spread of a figure that has nothing of ours in it, the machine did something else meanwhile."""
BUSY_PER_CORE = 0.5
"""Beyond this load average per core at the start, likewise."""
MACHINE = "machine"

Side = TypeVar("Side")


def spread_pct(values: Sequence[float]) -> float:
    """Return the distance of the largest and the smallest in percent of the median."""
    return (max(values) - min(values)) / statistics.median(values) * 100


def by_turns(bare: Callable[[], Side], ours: Callable[[], Side], rounds: int) -> list[tuple[Side, Side]]:
    """Measure both sides in each round, the bare one first in every second: neither gets the warmer half."""
    pairs: list[tuple[Side, Side]] = []
    for number in range(rounds):
        if number % 2:
            mine = ours()
            pairs.append((bare(), mine))
        else:
            pairs.append((bare(), ours()))
    return pairs


def _with_spread(result: Result, values: Sequence[float]) -> list[Result]:
    name = f"{result['name']}: spread of {len(values)} rounds"
    return [result, seen(result["suite"], name, spread_pct(values), "%")]


def median_at_least(suite: str, name: str, values: Sequence[float], unit: str, goal: float) -> list[Result]:
    """Return the rounds' median, which should not be smaller than its goal, and their spread."""
    return _with_spread(at_least(suite, name, statistics.median(values), unit, goal), values)


def median_at_most(suite: str, name: str, values: Sequence[float], unit: str, goal: float) -> list[Result]:
    """Return the rounds' median, which should not be larger than its goal, and their spread."""
    return _with_spread(at_most(suite, name, statistics.median(values), unit, goal), values)


def median_seen(suite: str, name: str, values: Sequence[float], unit: str) -> list[Result]:
    """Return the rounds' median, which is only told, and their spread."""
    return _with_spread(seen(suite, name, statistics.median(values), unit), values)


def quiet(suite: str, bare: Sequence[float]) -> Result:
    """Hold the spread of a bare program's rounds against what a quiet machine shows."""
    return at_most(MACHINE, f"noise: {suite}, spread of the bare figure", spread_pct(bare), "%", NOISY_PCT)


def load_at_start() -> Result:
    """Hold the load average per core of the last minute against what a quiet machine shows."""
    per_core = os.getloadavg()[0] / len(os.sched_getaffinity(0))
    return at_most(MACHINE, "noise: load average at the start", per_core, "per core", BUSY_PER_CORE)


def too_noisy(results: Sequence[Result]) -> str | None:
    """Say which rows show that the machine was too busy for these figures to count, or None."""
    found = [
        one["name"].removeprefix("noise: ") for one in results if one["suite"] == MACHINE and not one["met"]
    ]
    if not found:
        return None
    return f"The machine was too noisy for these figures to count ({'; '.join(found)}): repeat them in quiet."
