"""The endpoints of scores: of many services, and of one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.control.services import ITEM
from kubedoor_api.control.services import get as get_registered
from kubedoor_api.settings import store
from kubedoor_api.statistics.score.models import (
    Deduction,
    Remedy,
    ScoreList,
    ScoreParts,
    ScoresQuery,
    ServiceScore,
)
from kubedoor_api.statistics.score.queries import Key, Used, Which, used
from kubedoor_api.statistics.totals.models import DayQuery
from kubedoor_api.statistics.totals.routes import day_of
from kubedoor_api.web.concurrency import SingleFlight
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing, ServicePath
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.env_policy import (
    PRICE_CORE_MONTH,
    PRICE_GIB_MONTH,
    PRODUCTION_NAMESPACES,
    EnvPolicy,
)
from kubedoor_core.domain.score import NOTHING_KNOWN, Score, ScorePolicy, grade_of, score_of, together


class Scored(NamedTuple):
    """A service's score, and what its requests cost."""

    used: Used
    score: Score
    cost: float


def score_policy(policy: EnvPolicy) -> ScorePolicy:
    """Return how an env's services are scored: by its prices, where both are known."""
    core, gib = policy[PRICE_CORE_MONTH], policy[PRICE_GIB_MONTH]
    return ScorePolicy(core_month=core, gib_month=gib) if core and gib else ScorePolicy()


def scored(every: Sequence[Used], policy: EnvPolicy) -> list[Scored]:
    """Score services."""
    rules, production = score_policy(policy), policy[PRODUCTION_NAMESPACES]
    found = []
    for one in every:
        day = replace(one.day, production=production.matches(one.key[0]))
        asked = [(c.request_cpu_m or 0, c.request_mem_mib or 0) for c in day.containers]
        cost = (day.replicas or 0) * sum(rules.cost(*amounts) for amounts in asked)
        found.append(Scored(one, score_of(day, rules), cost))
    return found


@endpoint("GET", "/envs/{env}/scores", tag="statistics", role=Role.VIEWER, by_target=True)
async def list_scores(call: Call[EnvPath, ScoresQuery, Nothing]) -> ScoreList:
    """Score services by how well they ask for what they use at their peak, by rules alone.

    Of the namespaces that you may see. What is not known is left out and the rest weighs more.
    """
    context, env, query = call.context, call.path.env, call.query
    scope = await namespace_scope(call.caller, context, env)
    day = await day_of(context, env, query.date)
    if day is None:
        return ScoreList(date=None, items=[], total=0, score=None, grade=None)
    which = Which(query.namespace, scope=scope)

    async def make() -> list[Scored]:
        policy = await store.policy(context, env)
        every = [one async for one in used(context[ClickHouse], env, day, which)]
        return await asyncio.to_thread(scored, every, policy)

    key = ("scores", env, day, query.namespace, tuple(scope) if scope is not None else None)
    every = await context[SingleFlight].get(key, make)
    page = _sorted(every, query.sort)[query.offset : query.offset + query.limit]
    score = together((one.score.score, one.cost) for one in every)
    return ScoreList(
        date=day,
        items=[service_score(one.used.key, one.score) for one in page],
        total=len(every),
        score=score,
        grade=None if score is None else grade_of(score),
    )


def _sorted(every: Sequence[Scored], sort: str) -> list[Scored]:
    """Return services in an order; unknown scores last either way, and names settle ties."""
    down, column = sort.startswith("-"), sort.removeprefix("-")
    named = sorted(every, key=lambda one: (one.used.key[0], one.used.key[2], one.used.key[1]))
    if column == "score":
        known_ones = [one for one in named if one.score.score is not None]
        known_ones.sort(key=lambda one: one.score.score or 0, reverse=down)
        return [*known_ones, *(one for one in named if one.score.score is None)]
    number = 0 if column == "namespace" else 2
    return sorted(named, key=lambda one: one.used.key[number], reverse=down)


@endpoint("GET", f"{ITEM}/score", tag="statistics", role=Role.VIEWER)
async def get_score(call: Call[ServicePath, DayQuery, Nothing]) -> ServiceScore:
    """Score one service, and say what takes points and what could be done about it.

    Without a score where it was not measured on that day; 404 where it is not registered either.
    """
    context, path = call.context, call.path
    day = await day_of(context, path.env, call.query.date)
    which = Which(path.namespace, path.kind, path.name)
    policy = await store.policy(context, path.env)
    every = [] if day is None else [one async for one in used(context[ClickHouse], path.env, day, which)]
    if not every:
        await get_registered(context, path)
        return service_score((path.namespace, path.kind, path.name), NOTHING_KNOWN)
    [one] = scored(every, policy)
    return service_score(one.used.key, one.score)


def service_score(key: Key, score: Score) -> ServiceScore:
    """Return a service's score in the API's words."""
    namespace, kind, name = key
    return ServiceScore(
        namespace=namespace,
        kind=kind,
        name=name,
        score=None if score.score is None else round(score.score, 1),
        grade=score.grade,
        known_pct=round(score.known_pct, 1),
        parts=ScoreParts.model_validate(dict(score.parts)),
        deductions=[
            Deduction(
                part=each.part,
                rule=each.found.rule,
                points=round(each.points, 2),
                value=each.found.value,
                threshold=each.found.threshold,
                container=each.found.container,
                remedy=None
                if each.found.remedy is None
                else Remedy(action=each.found.remedy.action, parameters=dict(each.found.remedy.parameters)),
            )
            for each in score.deductions
        ],
    )
