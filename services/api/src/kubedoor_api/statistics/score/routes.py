"""The endpoints of scores: of many services, and of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from kubedoor_api.access.roles import Role
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.control.services import ITEM
from kubedoor_api.control.services import get as get_registered
from kubedoor_api.statistics.score.models import (
    NamespaceScore,
    ScoreDay,
    ScoreList,
    ScoresQuery,
    ServiceScore,
    ServiceScoreHistory,
)
from kubedoor_api.statistics.score.queries import Which
from kubedoor_api.statistics.score.scoring import Scored, rounded, scores_of, service_score
from kubedoor_api.statistics.score.stored import queries
from kubedoor_api.statistics.score.stored.keeper import first_of
from kubedoor_api.statistics.totals.models import DayQuery
from kubedoor_api.statistics.totals.routes import day_of
from kubedoor_api.web.concurrency import SingleFlight
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing, ServicePath
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.score import NOTHING_KNOWN, grade_of, together


@endpoint("GET", "/envs/{env}/scores", tag="statistics", role=Role.VIEWER, by_target=True)
async def list_scores(call: Call[EnvPath, ScoresQuery, Nothing]) -> ScoreList:
    """Score services by how well they ask for what they use at their peak, by rules alone.

    Of the namespaces that you may see. What is not known is left out and the rest weighs more.
    """
    context, env, query = call.context, call.path.env, call.query
    scope = await namespace_scope(call.caller, context, env)
    day = await day_of(context, env, query.date)
    every: list[Scored] = []
    if day is not None:
        which, asked = Which(query.namespace, scope=scope), day
        key = ("scores", env, day, query.namespace, tuple(scope) if scope is not None else None)
        every = await context[SingleFlight].get(key, lambda: scores_of(context, env, asked, which))
    page = _sorted(every, query.sort)[query.offset : query.offset + query.limit]
    score, known_pct = _mean(every)
    return ScoreList(
        date=day,
        items=[one.item for one in page],
        total=len(every),
        score=rounded(score),
        grade=None if score is None else grade_of(score),
        known_pct=known_pct,
        namespaces=_by_namespace(every),
    )


def _mean(every: Iterable[Scored]) -> tuple[float | None, float]:
    """Return the score of several services, and the share of the weight that is known."""
    every = list(every)
    score = together((one.score, one.cost) for one in every)
    return score, round(together((one.item.known_pct, one.cost) for one in every) or 0, 1)


def _by_namespace(every: Iterable[Scored]) -> list[NamespaceScore]:
    def namespace(one: Scored) -> str:
        return one.item.namespace

    found = []
    for name, some in groupby(sorted(every, key=namespace), namespace):
        services = list(some)
        score, known_pct = _mean(services)
        grade = None if score is None else grade_of(score)
        found.append(
            NamespaceScore(
                namespace=name,
                services=len(services),
                score=rounded(score),
                grade=grade,
                known_pct=known_pct,
            )
        )
    return sorted(found, key=lambda one: (one.score is None, one.score or 0, one.namespace))


def _sorted(every: Sequence[Scored], sort: str) -> list[Scored]:
    """Return services in an order; unknown scores last either way, and names settle ties."""
    down, column = sort.startswith("-"), sort.removeprefix("-")
    named = sorted(every, key=lambda one: (one.item.namespace, one.item.name, one.item.kind))
    if column == "score":
        known_ones = [one for one in named if one.score is not None]
        known_ones.sort(key=lambda one: one.score or 0, reverse=down)
        return [*known_ones, *(one for one in named if one.score is None)]
    return sorted(named, key=lambda one: str(getattr(one.item, column)), reverse=down)


@endpoint("GET", f"{ITEM}/score", tag="statistics", role=Role.VIEWER)
async def get_score(call: Call[ServicePath, DayQuery, Nothing]) -> ServiceScoreHistory:
    """Score one service, and say what takes points and what could be done about it, and how it was before.

    Without a score where it was not measured on that day; 404 where it is not registered either.
    """
    context, path = call.context, call.path
    day = await day_of(context, path.env, call.query.date)
    which = Which(path.namespace, path.kind, path.name)
    every = [] if day is None else await scores_of(context, path.env, day, which)
    if every:
        shown = every[0].item
    else:
        await get_registered(context, path)
        shown = service_score((path.namespace, path.kind, path.name), NOTHING_KNOWN)
    history: list[ScoreDay] = []
    if day is not None:
        clickhouse, since = context[ClickHouse], first_of(day)
        rows = await queries.history(clickhouse, path.env, since, day, which)
        history = [score_day(row) for row in rows if row.date != day]
    if day is not None and every:
        today = {name: getattr(shown, name) for name in ("score", "grade", "known_pct")}
        history.append(ScoreDay(date=day, **today))
    of_service = {name: getattr(shown, name) for name in ServiceScore.model_fields}
    return ServiceScoreHistory(**of_service, history=history)


def score_day(row: queries.DayScore) -> ScoreDay:
    """Return a stored day as it is told."""
    return ScoreDay(
        date=row.date,
        score=rounded(row.score),
        grade=None if row.score is None else grade_of(row.score),
        known_pct=round(row.known_pct, 1),
    )
