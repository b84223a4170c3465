"""The endpoint of an env at its peak."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date
from datetime import date as LocalDate  # noqa: N812 `date` is a field of models here

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.control.queries import count_services
from kubedoor_api.settings import store
from kubedoor_api.statistics.score.models import Deduction, ScoreDay
from kubedoor_api.statistics.score.routes import score_day
from kubedoor_api.statistics.score.stored import queries as stored
from kubedoor_api.statistics.score.stored.keeper import first_of
from kubedoor_api.statistics.totals import queries
from kubedoor_api.statistics.totals.models import DayQuery, Money, Totals
from kubedoor_api.statistics.totals.routes import ENV, day_of
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Model, Nothing, ServiceName
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.score import Grade


class PointsToGain(ServiceName, Deduction):
    """Something that takes points of one service, and what the service weighs."""

    money_month: float | None
    """What the service's requests cost a month, so much do its points weigh; null while no price is known"""


class EnvScore(Model):
    """How well the services ask for what they use: the mean of theirs, each by what its requests cost.

    As it is kept: a day is scored within minutes of its collection.
    """

    score: float | None
    """0 to 100; null while none is known, or the day is not scored yet"""
    grade: Grade | None
    """The same as a letter"""
    known_pct: float
    """Share of the weight that is known, a mean likewise"""
    days: list[ScoreDay]
    """The last 90 days up to the shown one that are scored, oldest first"""
    cheapest: list[PointsToGain]
    """The ten changes that would raise it most: points x what the service's requests cost / changes"""


class Overview(Model):
    """An env at its peak: all of it, or the namespaces that you may see."""

    date: LocalDate | None
    """The day; null while nothing has been collected"""
    scope: list[str] | None
    """The namespaces that the figures are of, where you may not see all of the env; null: all"""
    totals: Totals | None
    """Its totals"""
    money: Money | None
    """The same in money; null while no price is known"""
    score: EnvScore | None
    """Its score; null while nothing has been collected"""
    registered: int
    """Registered services"""
    unregistered: int
    """Services that were seen that day and are not registered"""


CHEAPEST = 10


@endpoint("GET", ENV + "/overview", tag="statistics", role=Role.VIEWER, by_target=True)
async def get_overview(call: Call[EnvPath, DayQuery, Nothing]) -> Overview:
    """Show an env at the peak of one day, and its score over 90 days.

    All of it, or the namespaces that you may see.
    """
    clickhouse, env = call.context[ClickHouse], call.path.env
    day = await day_of(call.context, env, call.query.date)
    scope = await namespace_scope(call.caller, call.context, env)
    registered = await count_services(clickhouse, env, scope)
    seen = list(scope) if scope is not None else None
    if day is None:
        return Overview(
            date=None, scope=seen, totals=None, money=None, score=None, registered=registered, unregistered=0
        )
    days, unregistered, policy, score = await asyncio.gather(
        queries.trend(clickhouse, env, day, day, scope=scope),
        queries.unregistered(clickhouse, env, day, scope),
        store.policy(call.context, env),
        _score(clickhouse, env, day, scope),
    )
    totals = Totals.model_validate(days[0].model_dump(exclude={"date"})) if days else None
    return Overview(
        date=day,
        scope=seen,
        totals=totals,
        money=Money.of(totals, policy) if totals else None,
        score=score,
        registered=registered,
        unregistered=unregistered,
    )


async def _score(clickhouse: ClickHouse, env: str, day: date, scope: Sequence[str] | None) -> EnvScore:
    """Return the kept score of a day, with those of the days before."""
    means, cheapest = await asyncio.gather(
        stored.means(clickhouse, env, first_of(day), day, scope),
        stored.cheapest(clickhouse, env, day, scope, CHEAPEST),
    )
    days = [score_day(row) for row in means]
    shown = days[-1] if days and days[-1].date == day else None
    return EnvScore(
        score=shown.score if shown else None,
        grade=shown.grade if shown else None,
        known_pct=shown.known_pct if shown else 0,
        days=days,
        cheapest=[
            PointsToGain(
                namespace=row.namespace,
                kind=row.kind,
                name=row.name,
                money_month=None if row.money_month is None else round(row.money_month, 2),
                **Deduction.model_validate_json(row.deduction).model_dump(),
            )
            for row in cheapest
        ],
    )
