"""The endpoint that replays rules over the stored days, some services at a time: all would take too much."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta

import numpy as np

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.control.queries import latest_date
from kubedoor_api.settings import store
from kubedoor_api.statistics.replay import queries
from kubedoor_api.statistics.replay.models import (
    Name,
    ReplayChange,
    ReplayOutcome,
    ReplayRequest,
    ReplayResult,
    ReplayRule,
)
from kubedoor_api.statistics.replay.queries import Used
from kubedoor_api.web.concurrency import SingleFlight
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.steering import known_targets
from kubedoor_core.domain.arrays import Bools, Floats
from kubedoor_core.domain.derivation.choosing import fleet_cpu_m
from kubedoor_core.domain.derivation.exceptions import RuleBook, RuleExceptions
from kubedoor_core.domain.derivation.history import history_of
from kubedoor_core.domain.derivation.replay import ContainerLimits, Limits, Outcome, Replay
from kubedoor_core.domain.derivation.rules import presets_beside
from kubedoor_core.domain.derivation.targets import NO_TARGETS, UtilisationTargets
from kubedoor_core.domain.env_policy import (
    HPA_REQUESTS,
    PEAK_HOURS,
    RULE_EXCEPTIONS,
    EnvPolicy,
    prices_of,
    rule_of,
)
from kubedoor_core.domain.peak import PeakSchedule
from kubedoor_core.domain.prices import Prices
from kubedoor_core.domain.workload import ServiceKey
from kubedoor_core.errors import BadValueError
from kubedoor_core.problem_codes import FieldCode
from kubedoor_core.problems import bad_field

AT_ONCE = 200
"""Containers at a time: 60 days of them with their profiles are 15 MiB."""


@dataclass(frozen=True)
class Scored:
    """What came of each rule, in their order, a value per service; and which days have rows at all."""

    services: tuple[ServiceKey, ...]
    outcomes: tuple[Outcome, ...]
    seen: Bools


@dataclass(frozen=True)
class Task:
    """What is scored.

    :ivar books: the rules that are compared.
    :ivar targets: what autoscalers steer to, by service; ``leave``: their requests stay as they are.
    :ivar fleet_m: as `fleet_cpu_m` of all services of the env.
    """

    dates: Sequence[date]
    books: Sequence[RuleBook]
    targets: Mapping[ServiceKey, UtilisationTargets]
    leave: bool
    fleet_m: Floats


async def fleet_of(containers: AsyncIterator[Used], dates: Sequence[date]) -> Floats:
    """Return what all services together used in the peak hours, day by day, millicores."""
    total = np.zeros(len(dates))
    async for part in _whole_services(containers):
        total += await asyncio.to_thread(_fleet_of_part, part, dates)
    return total


def _fleet_of_part(part: Sequence[Used], dates: Sequence[date]) -> Floats:
    return fleet_cpu_m(history_of((one.use for one in part), dates, profiles=False))


async def score(containers: AsyncIterator[Used], task: Task) -> Scored:
    """Score rules over containers, those of a service one after the other."""
    parts = [await asyncio.to_thread(_part, part, task) async for part in _whole_services(containers)]
    return joined(parts) if parts else _part([], task)


async def _whole_services(containers: AsyncIterator[Used]) -> AsyncIterator[list[Used]]:
    part: list[Used] = []
    async for one in containers:
        if len(part) >= AT_ONCE and part[-1].use.service != one.use.service:
            yield part
            part = []
        part.append(one)
    if part:
        yield part


def _part(part: Sequence[Used], task: Task) -> Scored:
    history = history_of((one.use for one in part), task.dates, profiles=True)
    each = [
        ContainerLimits(one.limit_cpu_m, one.limit_mem_mib, task.targets.get(one.use.service, NO_TARGETS))
        for one in part
    ]
    replay = Replay(history, Limits.of(each, leave=task.leave), task.fleet_m)
    seen = np.asarray(np.isfinite(history.coverage).any(axis=0), dtype=np.bool_)
    return Scored(history.services, tuple(replay.outcome(book) for book in task.books), seen)


def joined(parts: Sequence[Scored]) -> Scored:
    """Put the services of several parts together."""
    names = [one.name for one in fields(Outcome)]
    outcomes = tuple(
        Outcome(**{name: np.concatenate([getattr(one, name) for one in same]) for name in names})
        for same in zip(*(part.outcomes for part in parts), strict=True)
    )
    seen = np.asarray(np.any([part.seen for part in parts], axis=0))
    return Scored(tuple(key for part in parts for key in part.services), outcomes, seen)


SHOWN = 100
"""So many services are named of each rule."""
MONDAY = date(2024, 1, 1)
Named = Sequence[tuple[Name, RuleBook]]


def books_of(policy: EnvPolicy, asked: ReplayRequest) -> list[tuple[Name, RuleBook]]:
    """Return the rules that are compared, with the floors and the exceptions that hold.

    :raises Problem: the exceptions asked for can't be read.
    """
    now = rule_of(policy)
    held, tried = policy[RULE_EXCEPTIONS], _exceptions(asked, policy)
    return [
        ("now", RuleBook(now, held)),
        *((name, RuleBook(rule, held)) for name, rule in presets_beside(now).items()),
        *(("asked", RuleBook(one.rule(now), tried)) for one in asked.rules),
    ]


def _exceptions(asked: ReplayRequest, policy: EnvPolicy) -> RuleExceptions:
    if asked.rule_exceptions is None:
        return policy[RULE_EXCEPTIONS]
    try:
        return RULE_EXCEPTIONS.read(asked.rule_exceptions)
    except BadValueError as error:
        reason = str(error)
        raise bad_field("rule_exceptions", reason, FieldCode.SETTING, reason=reason) from error


def dates_until(latest: date, days: int, peak: PeakSchedule) -> list[date]:
    """Return so many days that count, the last one last."""
    back = (latest - timedelta(days=number) for number in range(days * 7))
    return [day for day in back if peak.on(day)][:days][::-1]


@endpoint("POST", "/envs/{env}/replay", tag="statistics", role=Role.VIEWER, by_target=True)
async def replay_rules(call: Call[EnvPath, Nothing, ReplayRequest]) -> ReplayResult:
    """Say what rules would have asked for, and how often that would have been too little.

    Walks forward over the stored days, of the namespaces that you may see: each day is scored by the request
    that the days before it give. The presets and the rule that holds are always among them. Nothing is
    changed: a rule is applied by its settings.
    """
    context, env, asked = call.context, call.path.env, call.body
    clickhouse, scope = context[ClickHouse], await namespace_scope(call.caller, context, env)
    policy, latest = await store.policy(context, env), await latest_date(clickhouse, env)
    books, peak = books_of(policy, asked), policy[PEAK_HOURS]
    dates = dates_until(latest, asked.days, peak) if latest else []
    if not dates:
        return ReplayResult(
            since=None, until=None, days=0, missing=[], rest_days=[], services=0, unscored=0, outcomes=[]
        )
    targets = await known_targets(clickhouse, env)

    async def make() -> ReplayResult:
        every = queries.used(clickhouse, env, dates[0], dates[-1], None, profiles=False)
        by_fleet = any(rule.request_rule == "fleet" for _, book in books for rule in book.every)
        fleet_m = await fleet_of(every, dates) if by_fleet else np.zeros(len(dates))
        task = Task(dates, [book for _, book in books], targets, policy[HPA_REQUESTS] == "leave", fleet_m)
        scored = await score(queries.used(clickhouse, env, dates[0], dates[-1], scope), task)
        return result_of(scored, dates, books, policy)

    reach = tuple(scope) if scope is not None else None
    key = ("replay", env, reach, tuple(dates), tuple(books))
    return await context[SingleFlight].get(key, make)


def result_of(scored: Scored, dates: Sequence[date], books: Named, policy: EnvPolicy) -> ReplayResult:
    """Return what came of each rule, and what the figures lack."""
    stored = [day for day, seen in zip(dates, scored.seen.tolist(), strict=True) if seen]
    resting = [weekday for weekday in range(7) if not policy[PEAK_HOURS].on(MONDAY + timedelta(days=weekday))]
    return ReplayResult(
        since=stored[0] if stored else None,
        until=stored[-1] if stored else None,
        days=len(stored),
        missing=[day for day in dates if stored and day > stored[0] and day not in stored],
        rest_days=resting,
        services=len(scored.services),
        unscored=int((scored.outcomes[0].days == 0).sum()),
        outcomes=outcomes_of(scored, books, policy),
    )


def outcomes_of(scored: Scored, books: Named, policy: EnvPolicy) -> list[ReplayOutcome]:
    """Return what came of each rule, beside that of the first."""
    prices = prices_of(policy)
    return [
        ReplayOutcome(
            name=name,
            rule=ReplayRule.of(book.rule),
            **asdict(outcome.summary(prices)),
            largest=largest(scored, outcome, prices),
            changed=int((_differences(scored, outcome, prices) > 0).sum()),
        )
        for (name, book), outcome in zip(books, scored.outcomes, strict=True)
    ]


def largest(scored: Scored, then: Outcome, prices: Prices) -> list[ReplayChange]:
    """Return the services that differ most from those of the first rule."""
    now, differs = scored.outcomes[0], _differences(scored, then, prices)
    order = [int(index) for index in np.argsort(-differs, kind="stable")[:SHOWN] if differs[index] > 0]
    return [
        ReplayChange(
            namespace=scored.services[index][0],
            kind=scored.services[index][1],
            name=scored.services[index][2],
            cores_now=_known(now.cores[index]),
            cores_then=_known(then.cores[index]),
            gib_now=_known(now.gib[index]),
            gib_then=_known(then.gib[index]),
            bad_days_now=int(now.bad_days[index]),
            bad_days_then=int(then.bad_days[index]),
            days=int(then.days[index]),
        )
        for index in order
    ]


def _differences(scored: Scored, then: Outcome, prices: Prices) -> Floats:
    """Return how much services differ: cores and memory by what they weigh."""
    core, of_a_gib = prices.weights
    now = scored.outcomes[0]
    cores, gib = np.abs(then.cores - now.cores), np.abs(then.gib - now.gib)
    return np.asarray(np.nan_to_num(cores) * core + np.nan_to_num(gib) * of_a_gib)


def _known(value: float) -> float:
    return float(np.nan_to_num(value))
