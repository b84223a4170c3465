"""Why there is no advice: what the days or the people say against it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from kubedoor_core.domain.advice.constraints import Constraints
from kubedoor_core.domain.advice.history import ServiceHistory
from kubedoor_core.domain.advice_policy import AdvicePolicy
from kubedoor_core.domain.arrays import some

Reason = Literal[
    "few_days",
    "no_cpu_data",
    "no_limit_or_request",
    "cluster_unknown",
    "least_unknown",
    "unregistered",
    "off",
    "opted_out",
    "dismissed",
    "new",
    "changed_lately",
    "counted_by_hand",
    "oom_killed",
    "throttled",
    "near_limit",
    "volatile",
    "few_replicas",
    "low_confidence",
]
FEW_REPLICAS = 2


def of_people(constraints: Constraints, today: date, policy: AdvicePolicy) -> Iterator[Reason]:
    """Yield what people, or their changes, say against advice."""
    said: tuple[tuple[bool, Reason], ...] = (
        (constraints.held == "unregistered", "unregistered"),
        (constraints.held == "off", "off"),
        (not constraints.cluster_known, "cluster_unknown"),
        (constraints.autoscaled and not constraints.least_known, "least_unknown"),
        (constraints.opted_out, "opted_out"),
        (constraints.dismissed_until is not None and today < constraints.dismissed_until, "dismissed"),
    )
    yield from (reason for holds, reason in said if holds)
    if _within(constraints.first_seen, today, policy.days):
        yield "new"
    if _within(constraints.changed_on, today, policy.settle_days):
        yield "changed_lately"
    if _within(constraints.counted_on, today, policy.manual_days):
        yield "counted_by_hand"


def _within(day: date | None, today: date, days: int) -> bool:
    return day is not None and today - day < timedelta(days=days)


def of_days(history: ServiceHistory, policy: AdvicePolicy) -> Iterator[Reason]:
    """Yield what the days say against advice."""
    containers = history.containers
    if any(some(one.oom_kills > 0) for one in containers):
        yield "oom_killed"
    if any(some(one.throttled_pct >= policy.throttled_pct) for one in containers):
        yield "throttled"
    share = policy.near_limit_pct / 100
    if any(one.limit_mem_mib and some(one.mem_mib >= share * one.limit_mem_mib) for one in containers):
        yield "near_limit"
    if history.volatility is not None and history.volatility > policy.volatile:
        yield "volatile"
