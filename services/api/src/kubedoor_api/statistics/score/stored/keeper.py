"""What an env's leader does to keep scores: score a day after its collection, and anew once it changes."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

from kubedoor_api.control.queries import latest_date
from kubedoor_api.settings import store
from kubedoor_api.statistics.score.queries import Key, Which
from kubedoor_api.statistics.score.scoring import (
    DEDUCTIONS,
    Scored,
    computed,
    is_kept,
    policy_sign,
)
from kubedoor_api.statistics.score.stored import queries
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.logs import get_logger

HISTORY_DAYS = 90
"""So many days are kept scored, and shown."""
DAYS_A_ROUND = 3
"""So many are scored at a time, the latest first: 5,000 services take a second or two."""
PAUSE_S = 60.0

log = get_logger(__name__)


def first_of(day: date) -> date:
    """Return the first of the days that are kept up to one."""
    return max(date(1970, 1, 1), day - timedelta(days=HISTORY_DAYS - 1))


async def keep_scores(context: Context, env: str) -> None:
    """Score the days of an env that lack it, for as long as this instance leads."""
    while True:
        await asyncio.sleep(PAUSE_S)
        await score_days(context, env)


async def score_days(context: Context, env: str, most: int = DAYS_A_ROUND) -> list[date]:
    """Score the latest days whose scores are not kept, or whose rows or settings have changed since.

    :return: those that were scored.
    """
    clickhouse = context[ClickHouse]
    latest = await latest_date(clickhouse, env)
    if latest is None:
        return []
    policy = await store.policy(context, env)
    made_by, since = policy_sign(policy), first_of(latest)
    signs = await queries.signs(clickhouse, env, since, latest)
    made = await queries.made(clickhouse, env, since, latest)
    due = [day for day in sorted(signs, reverse=True) if not is_kept(day, latest, signs, made, made_by)]
    for day in due[:most]:
        every = await computed(clickhouse, env, day, Which(), policy)
        rows = await asyncio.to_thread(_rows, every, queries.Made(signs[day], made_by))
        await queries.replace(clickhouse, env, day, rows)
        log.info("scores.kept", env=env, date=day.isoformat(), services=len(rows))
    return due[:most]


def _rows(every: list[Scored], made: queries.Made) -> dict[Key, dict[str, Any]]:
    """Return what is stored of each service."""
    return {
        one.key: {
            "score": one.score,
            "known_pct": one.item.known_pct,
            "cost": one.cost,
            "money_month": one.money_month,
            "parts": one.item.parts.model_dump_json(),
            "deductions": DEDUCTIONS.dump_json(one.item.deductions).decode(),
            **made._asdict(),
        }
        for one in every
    }
