"""What fewer pods save: what each pod costs by itself, and not requests x pods, which follow the use."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from kubedoor_core.domain.advice.demand import Demand
from kubedoor_core.domain.advice.history import ContainerHistory
from kubedoor_core.domain.advice.memory import MemoryLine
from kubedoor_core.domain.derivation.requests import FULL_PCT
from kubedoor_core.domain.derivation.rules import Rule
from kubedoor_core.domain.prices import Prices


class Saving(NamedTuple):
    """What is asked for less: millicores and MiB; below 0 where it is more.

    :ivar money_month: None while no price is known.
    """

    cpu_m: float
    mem_mib: float
    money_month: float | None


@dataclass(frozen=True, eq=False)
class Sized:
    """A container with what its demand and memory are known to be."""

    history: ContainerHistory
    demand: Demand
    memory: MemoryLine | None


def saving(sized: Iterable[Sized], now: int, then: int, rule: Rule, prices: Prices) -> Saving:
    """Return what other pods ask for less than today's do.

    The requests of then are what the rule would derive at that count: the peak's use shared by so many pods,
    with margin and floor, never above the limit.
    """
    cpu_m = mem_mib = 0.0
    for one in sized:
        cpu_now, mem_now = one.history.request_cpu_m or 0.0, one.history.request_mem_mib or 0.0
        cpu_m += now * cpu_now - then * (cpu_then(one, then, rule) if cpu_now else 0.0)
        mem_mib += now * mem_now - then * (mem_then(one, then, rule) if mem_now else 0.0)
    return Saving(cpu_m, mem_mib, prices.money(cpu_m, mem_mib))


def cpu_then(one: Sized, pods: int, rule: Rule) -> float:
    """Return a container's cpu request at a count, millicores."""
    return _bounded(one.demand.most_m / pods, rule.margin_pct, rule.floor_cpu_m, one.history.limit_cpu_m)


def mem_then(one: Sized, pods: int, rule: Rule) -> float:
    """Return a container's memory request at a count, MiB; today's where its memory is not known."""
    if one.memory is None:
        return one.history.request_mem_mib or 0.0
    used = one.memory.mib(one.demand.most_m / pods)
    return _bounded(used, rule.memory_margin_pct, rule.floor_mem_mib, one.history.limit_mem_mib)


def _bounded(used: float, margin_pct: float, floor: float, limit: float | None) -> float:
    needed = max(float(math.ceil(round(used * (FULL_PCT + margin_pct) / FULL_PCT, 6))), floor)
    return min(needed, max(limit, floor)) if limit else needed
