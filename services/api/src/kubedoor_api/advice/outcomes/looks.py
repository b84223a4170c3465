"""Looks at days on which an accepted count ran, each against the days before. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date as LocalDate  # noqa: N812 `date` is a field of Day
from statistics import median
from typing import Literal, NamedTuple

from kubedoor_core.domain.advice import AdvicePolicy

LOOKS = 3
ERROR_POINTS = 1.0
"""So many points more of errors than before are worse."""
Worse = Literal["oom_killed", "throttled", "near_limit", "slow", "errors"]
OutcomeState = Literal["watched", "held", "regretted"]
"""What became of an accepted advice: not known yet, nothing got worse on three days, or something did."""


class Day(NamedTuple):
    """A service's peak on one day; None is unknown.

    :ivar load_m: that all its pods used, millicores.
    :ivar request_cpu_m: of one pod, as ``request_mem_mib``.
    :ivar memory_pct: the most of any container's memory, per cent of its limit.
    """

    namespace: str
    name: str
    date: LocalDate
    pods: int | None
    load_m: float | None
    request_cpu_m: float | None
    request_mem_mib: float | None
    oom_kills: int | None
    throttled_pct: float | None
    memory_pct: float | None
    error_pct: float | None
    latency_ms: float | None


@dataclass(frozen=True)
class Acceptance:
    """An accepted advice.

    :ivar replicas: the count that was accepted; ``before`` that of before.
    :ivar on: the local day of the acceptance.
    """

    advice_id: str
    namespace: str
    name: str
    replicas: int
    before: int
    on: LocalDate
    operation_id: str = ""


@dataclass(frozen=True)
class Look:
    """One look.

    :ivar worse: what got worse; nothing: it held.
    :ivar saved_cpu_m: asked for less than on the day before whose load was nearest; None: unknown.
    """

    day: LocalDate
    worse: tuple[Worse, ...]
    saved_cpu_m: float | None
    saved_mem_mib: float | None


def looks(accepted: Acceptance, days: Sequence[Day], policy: AdvicePolicy) -> list[Look]:
    """Return the looks at the first days after an acceptance on which its count ran, up to the first regret.

    :param days: of its service, before and after, in any order.
    """
    before = [day for day in days if day.date < accepted.on]
    found: list[Look] = []
    for day in sorted(days, key=lambda one: one.date):
        if day.date <= accepted.on or not _runs(accepted, day) or len(found) == LOOKS:
            continue
        found.append(Look(day.date, tuple(_worse(day, before, policy)), *_saved(day, before)))
        if found[-1].worse:
            break
    return found


def _runs(accepted: Acceptance, day: Day) -> bool:
    if day.pods is None:
        return False
    fewer = accepted.replicas < accepted.before
    return day.pods <= accepted.replicas if fewer else day.pods >= accepted.replicas


def _worse(day: Day, before: Sequence[Day], policy: AdvicePolicy) -> Iterator[Worse]:
    if (day.oom_kills or 0) > 0:
        yield "oom_killed"
    if (day.throttled_pct or 0) >= policy.throttled_pct:
        yield "throttled"
    if (day.memory_pct or 0) >= policy.near_limit_pct:
        yield "near_limit"
    usual_ms = _usual([one.latency_ms for one in before])
    if usual_ms is not None and (day.latency_ms or 0) > policy.latency_times * usual_ms:
        yield "slow"
    usual_pct = _usual([one.error_pct for one in before]) or 0
    if (day.error_pct or 0) >= usual_pct + ERROR_POINTS:
        yield "errors"


def _usual(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _saved(day: Day, before: Sequence[Day]) -> tuple[float | None, float | None]:
    """Return how much less is asked for than on the day before whose load was nearest, cpu and memory."""
    known = [one for one in before if one.load_m is not None and one.pods is not None]
    if day.load_m is None or not known:
        return None, None
    load_m = day.load_m
    like = min(known, key=lambda one: abs((one.load_m or 0) - load_m))
    return _less(like.pods, like.request_cpu_m, day.pods, day.request_cpu_m), _less(
        like.pods, like.request_mem_mib, day.pods, day.request_mem_mib
    )


def _less(pods: int | None, each: float | None, now: int | None, each_now: float | None) -> float | None:
    if pods is None or each is None or now is None or each_now is None:
        return None
    return pods * each - now * each_now
