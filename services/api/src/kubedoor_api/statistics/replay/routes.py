"""The endpoint that replays rules over the stored days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
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
from kubedoor_api.statistics.replay.scoring import Scored, score
from kubedoor_api.web.concurrency import SingleFlight
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.derivation.replay import Outcome
from kubedoor_core.domain.derivation.rules import Rule, presets_beside
from kubedoor_core.domain.env_policy import (
    PEAK_HOURS,
    PRICE_CORE_MONTH,
    PRICE_GIB_MONTH,
    EnvPolicy,
    rule_of,
)
from kubedoor_core.domain.peak import PeakSchedule

SHOWN = 20
"""So many services are named of each rule."""
Named = Sequence[tuple[Name, Rule]]


def rules_of(policy: EnvPolicy, asked: Sequence[ReplayRule]) -> list[tuple[Name, Rule]]:
    """Return the rules that are compared, with the floors that hold."""
    now = rule_of(policy)
    return [("now", now), *presets_beside(now).items(), *(("asked", one.rule(now)) for one in asked)]


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
    if latest is None:
        return ReplayResult(since=None, until=None, outcomes=[])
    dates, rules = dates_until(latest, asked.days, policy[PEAK_HOURS]), rules_of(policy, asked.rules)

    async def make() -> ReplayResult:
        used = queries.used(clickhouse, env, dates[0], dates[-1], scope)
        scored = await score(used, dates, [rule for _, rule in rules])
        return ReplayResult(since=dates[0], until=dates[-1], outcomes=outcomes_of(scored, rules, policy))

    key = ("replay", env, tuple(scope) if scope is not None else None, tuple(dates), tuple(rules))
    return await context[SingleFlight].get(key, make)


def outcomes_of(scored: Scored, rules: Named, policy: EnvPolicy) -> list[ReplayOutcome]:
    """Return what came of each rule, beside that of the first."""
    return [
        ReplayOutcome(
            name=name,
            rule=ReplayRule.of(rule),
            **asdict(outcome.summary(policy[PRICE_CORE_MONTH], policy[PRICE_GIB_MONTH])),
            largest=largest(scored, outcome),
        )
        for (name, rule), outcome in zip(rules, scored.outcomes, strict=True)
    ]


def largest(scored: Scored, then: Outcome) -> list[ReplayChange]:
    """Return the services whose cores differ most from those of the first rule."""
    now = scored.outcomes[0]
    differs = np.nan_to_num(np.abs(then.cores - now.cores)) + np.nan_to_num(np.abs(then.gib - now.gib)) / 1024
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


def _known(value: float) -> float:
    return float(np.nan_to_num(value))
