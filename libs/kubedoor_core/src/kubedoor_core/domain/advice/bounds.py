"""The least pods for each reason: cpu, one pod lost, memory, heap, traffic, availability."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from kubedoor_core.domain.advice.constraints import Constraints
from kubedoor_core.domain.advice.demand import Demand
from kubedoor_core.domain.advice.facts import Fact, FactSource
from kubedoor_core.domain.advice.history import ContainerHistory, ServiceHistory
from kubedoor_core.domain.advice.memory import MemoryLine
from kubedoor_core.domain.advice_policy import AdvicePolicy
from kubedoor_core.domain.arrays import some

BoundName = Literal["cpu", "one_lost", "memory", "heap", "traffic", "availability", "step"]
TextCode = Literal[
    "cpu_of_limit",
    "cpu_of_request",
    "one_lost_of_limit",
    "one_lost_of_request",
    "memory_of_limit",
    "memory_never_fits",
    "heap_of_max",
    "traffic_proved",
    "least_replicas",
    "disruption_budget",
    "spread",
    "one_step",
]


class Bound(NamedTuple):
    """The least pods for one reason.

    :ivar container: the container that needs most; None where it is the service that does.
    :ivar text_code: what the sentence of its facts is.
    """

    name: BoundName
    least: int
    text_code: TextCode
    facts: tuple[Fact, ...] = ()
    container: str | None = None


def pods_for(amount: float, each: float) -> int:
    """Return how many of a size make up an amount, at least one."""
    return max(1, math.ceil(round(amount / each, 9)))


def _demanded(one: ContainerHistory, demand: Demand) -> Fact:
    source: FactSource = "profile" if demand.whole_day else "peak"
    return Fact("demand_cpu_m", demand.cpu_m, source, demand.most_on, one.name)


def cpu_bounds(one: ContainerHistory, demand: Demand, policy: AdvicePolicy) -> Iterator[Bound]:
    """Yield what a container's cpu needs, at the demand and with one pod gone; nothing if it may use none."""
    allowed = one.limit_cpu_m or one.request_cpu_m
    if not allowed:
        return
    limited = bool(one.limit_cpu_m)
    share, lost_share = (policy.limit_share, policy.one_lost_share) if limited else (1.0, 1.0)
    facts = (
        _demanded(one, demand),
        Fact("growth_pct", 100 * demand.growth, "peak", None, one.name),
        Fact("skew", demand.skew, "peak", None, one.name),
        Fact("limit_cpu_m" if limited else "request_cpu_m", allowed, "manifest", None, one.name),
    )
    each = pods_for(demand.cpu_m * demand.skew, share * allowed)
    lost = pods_for(demand.cpu_m, lost_share * allowed) + 1
    yield Bound("cpu", each, "cpu_of_limit" if limited else "cpu_of_request", facts, one.name)
    code: TextCode = "one_lost_of_limit" if limited else "one_lost_of_request"
    yield Bound("one_lost", lost, code, (facts[0], facts[3]), one.name)


def memory_bound(
    one: ContainerHistory, line: MemoryLine | None, demand: Demand, replicas: int, policy: AdvicePolicy
) -> Bound | None:
    """Return what a container's memory needs; None without a limit, or where its memory is not known."""
    if line is None or not one.limit_mem_mib:
        return None
    facts = (
        Fact("mem_fixed_mib", line.fixed_mib, "peak", None, one.name),
        Fact("mem_per_core_mib", line.per_core_mib, "peak", None, one.name),
        _demanded(one, demand),
        Fact("limit_mem_mib", one.limit_mem_mib, "manifest", None, one.name),
    )
    least = line.least_pods(demand.cpu_m, one.limit_mem_mib / policy.limit_memory_margin)
    if least is None:
        return Bound("memory", replicas, "memory_never_fits", facts, one.name)
    return Bound("memory", least, "memory_of_limit", facts, one.name)


def heap_bound(one: ContainerHistory, history: ServiceHistory, policy: AdvicePolicy) -> Bound | None:
    """Return what a JVM's live heap needs, all of which would be on fewer pods; None of what is no JVM."""
    known = history.counted & np.isfinite(one.heap_live_mib) & (one.heap_max_mib > 0)
    if not some(known):
        return None
    together = np.where(known, one.heap_live_mib * history.pods / one.heap_max_mib, -np.inf)
    index = int(np.argmax(together))
    day = history.dates[index]
    facts = (
        Fact("heap_live_mib", float(one.heap_live_mib[index]), "jvm", day, one.name),
        Fact("heap_max_mib", float(one.heap_max_mib[index]), "jvm", day, one.name),
    )
    return Bound("heap", pods_for(float(together[index]), policy.heap_share), "heap_of_max", facts, one.name)


def availability_bound(constraints: Constraints, policy: AdvicePolicy) -> Bound:
    """Return what disruptions need: the least count, a PodDisruptionBudget, zones."""
    least = min(policy.min_replicas, max(constraints.replicas, 1))
    found = [Bound("availability", least, "least_replicas", (Fact("min_replicas", least, "setting"),))]
    if constraints.budget_least is not None:
        fact = Fact("budget_least", constraints.budget_least, "cluster")
        found.append(Bound("availability", constraints.budget_least, "disruption_budget", (fact,)))
    if constraints.zones is not None:
        fact = Fact("zones", constraints.zones, "cluster")
        found.append(Bound("availability", constraints.zones, "spread", (fact,)))
    return max(found, key=lambda bound: bound.least)


def step_bound(replicas: int, policy: AdvicePolicy) -> Bound:
    """Return what one step leaves at least."""
    least = pods_for(policy.kept_share * replicas, 1)
    return Bound("step", least, "one_step", (Fact("replicas_now", replicas, "cluster"),))
