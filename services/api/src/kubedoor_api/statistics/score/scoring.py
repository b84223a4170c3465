"""Scores of one day: those that are kept where nothing has changed since, else made now."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from pydantic import TypeAdapter

from kubedoor_api.control.queries import latest_date
from kubedoor_api.settings import store
from kubedoor_api.statistics.score.models import Deduction, Remedy, ScoreParts, ServiceScore
from kubedoor_api.statistics.score.queries import Key, Used, Which, used
from kubedoor_api.statistics.score.stored import queries as stored
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.domain.env_policy import PRODUCTION_NAMESPACES, EnvPolicy, score_policy
from kubedoor_core.domain.score import Score, grade_of, score_of

DEDUCTIONS = TypeAdapter(list[Deduction])


class Scored(NamedTuple):
    """A service's score.

    :ivar score: not rounded; None where it is not known.
    :ivar cost: what its requests weigh in a mean; ``money_month`` what they cost, where a price is known.
    """

    item: ServiceScore
    score: float | None
    cost: float
    money_month: float | None = None

    @property
    def key(self) -> Key:
        """Its name."""
        return self.item.namespace, self.item.kind, self.item.name


def policy_sign(policy: EnvPolicy) -> int:
    """Return a number that changes with whatever settings and rules the scores follow from."""
    return zlib.crc32(repr((score_policy(policy), policy[PRODUCTION_NAMESPACES].text)).encode())


async def scores_of(context: Context, env: str, day: date, which: Which) -> list[Scored]:
    """Return the scores of services on a day.

    The kept ones, where the day's rows are as they were then and, of the latest day, the settings too: those
    of the past stay by the prices that were.
    """
    clickhouse, policy = context[ClickHouse], await store.policy(context, env)
    signs, made, latest = await asyncio.gather(
        stored.signs(clickhouse, env, day, day),
        stored.made(clickhouse, env, day, day),
        latest_date(clickhouse, env),
    )
    if is_kept(day, latest, signs, made, policy_sign(policy)):
        rows = await stored.of_day(clickhouse, env, day, which)
        return await asyncio.to_thread(lambda: list(map(_kept, rows)))
    return await computed(clickhouse, env, day, which, policy)


def is_kept(
    day: date,
    latest: date | None,
    signs: dict[date, int],
    made: dict[date, stored.Made],
    made_by: int,
) -> bool:
    """Tell whether the scores that are kept of a day are what would be made of it now."""
    kept = made.get(day)
    if kept is None or kept.made_of != signs.get(day):
        return False
    return kept.made_by == made_by or (latest is not None and day < latest)


async def computed(
    clickhouse: ClickHouse, env: str, day: date, which: Which, policy: EnvPolicy
) -> list[Scored]:
    """Score services on a day."""
    every = [one async for one in used(clickhouse, env, day, which)]
    return await asyncio.to_thread(_scored, every, policy)


def _scored(every: Sequence[Used], policy: EnvPolicy) -> list[Scored]:
    rules, production = score_policy(policy), policy[PRODUCTION_NAMESPACES]
    found = []
    for one in every:
        day = replace(one.day, production=production.matches(one.key[0]))
        pods = day.replicas or 0
        cpu_m = pods * sum(container.request_cpu_m or 0 for container in day.containers)
        mem_mib = pods * sum(container.request_mem_mib or 0 for container in day.containers)
        score = score_of(day, rules)
        prices = rules.prices
        item = service_score(one.key, score)
        found.append(Scored(item, score.score, prices.weight(cpu_m, mem_mib), prices.money(cpu_m, mem_mib)))
    return found


def _kept(row: Row) -> Scored:
    score = row["score"]
    item = ServiceScore(
        namespace=row["namespace"],
        kind=row["kind"],
        name=row["name"],
        score=rounded(score),
        grade=None if score is None else grade_of(score),
        known_pct=round(row["known_pct"], 1),
        parts=ScoreParts.model_validate_json(row["parts"]),
        deductions=DEDUCTIONS.validate_json(row["deductions"]),
    )
    return Scored(item, score, row["cost"])


def rounded(score: float | None) -> float | None:
    """Return a score as it is told."""
    return None if score is None else round(score, 1)


def service_score(key: Key, score: Score) -> ServiceScore:
    """Return a service's score in the API's words."""
    namespace, kind, name = key
    return ServiceScore(
        namespace=namespace,
        kind=kind,
        name=name,
        score=rounded(score.score),
        grade=score.grade,
        known_pct=round(score.known_pct, 1),
        parts=ScoreParts.model_validate(dict(score.parts)),
        deductions=[
            Deduction(
                part=each.part,
                rule=each.found.rule,
                date=each.date,
                points=round(each.points, 2),
                value=each.found.value,
                threshold=each.found.threshold,
                container=each.found.container,
                remedy=None
                if each.found.remedy is None
                else Remedy(action=each.found.remedy.action, parameters=dict(each.found.remedy.parameters)),
                changes=each.found.changes,
            )
            for each in score.deductions
        ],
    )
