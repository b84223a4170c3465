"""Advice on a service's pod count: the largest of its bounds, one careful step at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from kubedoor_core.domain.advice.bounds import (
    Bound,
    availability_bound,
    cpu_bounds,
    heap_bound,
    memory_bound,
    step_bound,
)
from kubedoor_core.domain.advice.constraints import Constraints
from kubedoor_core.domain.advice.demand import demand_of
from kubedoor_core.domain.advice.history import ServiceHistory
from kubedoor_core.domain.advice.memory import memory_line
from kubedoor_core.domain.advice.reasons import FEW_REPLICAS, Reason, of_days, of_people
from kubedoor_core.domain.advice.saving import Saving, Sized, saving
from kubedoor_core.domain.advice.traffic import traffic_bound
from kubedoor_core.domain.advice_policy import AdvicePolicy
from kubedoor_core.domain.arrays import some
from kubedoor_core.domain.derivation.rules import AS_ANNOUNCED, Rule
from kubedoor_core.domain.prices import Prices

Verdict = Literal["fewer", "same", "more", "none", "unknown"]
WITHOUT_TRAFFIC, WITHOUT_LIMIT = 0.8, 0.7


@dataclass(frozen=True)
class Advice:
    """What is advised for one service.

    :ivar verdict: `none` where reasons stand against advice, `unknown` where its days don't tell enough.
    :ivar replicas: now, or the least that its autoscaler keeps, where ``of_least`` says so.
    :ivar needed: the largest bound but for the step; None where it is unknown, as are ``advised`` and
        ``saving``. ``advised`` is one step towards it; ``binding`` the bound that decides on what is needed.
    :ivar confidence: 0..1.
    :ivar reasons: why there is no advice.
    """

    verdict: Verdict
    replicas: int
    needed: int | None = None
    advised: int | None = None
    binding: Bound | None = None
    confidence: float = 0.0
    bounds: tuple[Bound, ...] = ()
    saving: Saving | None = None
    reasons: tuple[Reason, ...] = ()
    of_least: bool = False


def advise(
    history: ServiceHistory,
    constraints: Constraints,
    policy: AdvicePolicy,
    today: date,
    *,
    rule: Rule = AS_ANNOUNCED,
    prices: Prices = Prices(),  # noqa: B008 frozen
) -> Advice:
    """Return what is advised for a service.

    :param history: of the days looked back on.
    :param rule: how requests are derived, for what would be saved.
    """
    people = tuple(of_people(constraints, today, policy))
    sized = _sized(history, policy)
    if missing := _missing(history, sized, policy):
        return Advice("unknown", constraints.replicas, reasons=(missing, *people))
    needs = _needs(history, constraints, sized, policy)
    if not any(bound.name == "cpu" for bound in needs):
        return Advice("unknown", constraints.replicas, reasons=("no_limit_or_request", *people))
    binding = max(needs, key=lambda bound: bound.least)
    step = step_bound(constraints.replicas, policy)
    advised = max(binding.least, step.least)
    confidence = confidence_of(history, policy)
    reasons = [*people, *of_days(history, policy)]
    verdict = _verdict(advised, constraints)
    advised = constraints.replicas if verdict == "same" else advised
    if verdict == "fewer" and constraints.replicas <= FEW_REPLICAS:
        reasons.append("few_replicas")
    if confidence < policy.least_confidence:
        reasons.append("low_confidence")
    return Advice(
        "none" if reasons else verdict,
        constraints.replicas,
        binding.least,
        advised,
        binding,
        confidence,
        (*needs, step),
        saving(sized, constraints.replicas, advised, rule, prices),
        tuple(reasons),
        constraints.autoscaled,
    )


def _verdict(advised: int, constraints: Constraints) -> Verdict:
    """Return which way the count should go; an autoscaler adds pods by itself."""
    if advised < constraints.replicas:
        return "fewer"
    return "more" if advised > constraints.replicas and not constraints.autoscaled else "same"


def _missing(history: ServiceHistory, sized: Sequence[Sized], policy: AdvicePolicy) -> Reason | None:
    if int(history.counted.sum()) < policy.least_days:
        return "few_days"
    return None if sized else "no_cpu_data"


def _sized(history: ServiceHistory, policy: AdvicePolicy) -> list[Sized]:
    found = []
    for one in history.containers:
        demand = demand_of(history, one, policy)
        if demand is not None:
            found.append(Sized(one, demand, memory_line(history, one, demand, policy)))
    return found


def _needs(
    history: ServiceHistory, constraints: Constraints, sized: Sequence[Sized], policy: AdvicePolicy
) -> list[Bound]:
    """Return each kind's largest bound."""
    every: list[Bound | None] = [availability_bound(constraints, policy)]
    for one in sized:
        every.extend(cpu_bounds(one.history, one.demand, policy))
        every.append(memory_bound(one.history, one.memory, one.demand, constraints.replicas, policy))
        every.append(heap_bound(one.history, history, policy))
    every.append(traffic_bound(history, [one.demand for one in sized], policy))
    largest: dict[str, Bound] = {}
    for bound in every:
        if bound is not None and (bound.name not in largest or bound.least > largest[bound.name].least):
            largest[bound.name] = bound
    order = ("cpu", "one_lost", "memory", "heap", "traffic", "availability")
    return [largest[name] for name in order if name in largest]


def confidence_of(history: ServiceHistory, policy: AdvicePolicy) -> float:
    """Return how far the days can be trusted, 0..1."""
    counted = history.counted
    found = min(1.0, int(counted.sum()) / policy.days) * float(history.coverage[counted].mean())
    if history.traffic is None or not some(np.isfinite(history.traffic.qps[counted])):
        found *= WITHOUT_TRAFFIC
    if not all(one.limit_cpu_m for one in history.containers):
        found *= WITHOUT_LIMIT
    if history.volatility is not None:
        found *= max(0.0, 1 - (history.volatility - 1))
    return min(1.0, found)
