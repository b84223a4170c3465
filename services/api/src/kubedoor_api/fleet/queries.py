"""The statements of all envs at once: by env and namespace, so that what one may see can be added up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from kubedoor_api.statistics.totals.models import Totals
from kubedoor_api.statistics.totals.queries import namespaces_of_envs
from kubedoor_core.clickhouse import ClickHouse, Row

SCORES = """
SELECT env, namespace,
    sumIf(score * cost, score IS NOT NULL) AS points, sumIf(cost, score IS NOT NULL) AS weight
FROM score_daily FINAL
WHERE env IN ({envs:Array(String)}) AND date = {date:Date} AND NOT deleted AND cost > 0
GROUP BY env, namespace
"""
"""What the mean of `kubedoor_core.domain.score.together` is made of."""
ALERTS = """
SELECT env, namespace, count() AS open FROM alert FINAL
WHERE part = 'sent' AND state = 'firing' GROUP BY env, namespace
"""
FINDINGS = """
SELECT env, namespace, count() AS open FROM finding FINAL WHERE ended_at IS NULL GROUP BY env, namespace
"""
COLLECTORS = """
SELECT env, max(heartbeat_at) AS last, argMax(collector, heartbeat_at) AS instance
FROM collection_run GROUP BY env
"""
WEBHOOKS = """
SELECT env, max(at) AS last, argMax(instance, at) AS instance
FROM admission_log WHERE at >= {since:DateTime64(3)} GROUP BY env
"""
WEBHOOK_DAYS = 30
FOUND = """
SELECT env, namespace, kind, name FROM effective
WHERE arrayAll(
    word -> positionCaseInsensitiveUTF8(concat(namespace, '/', name), word) > 0, {words:Array(String)}
)
ORDER BY lowerUTF8(name) = {first:String} DESC, startsWith(lowerUTF8(name), {first:String}) DESC,
    length(name), name, namespace, env
"""

Place = tuple[str, str]
"""Env and namespace; an empty namespace is that of what is in none."""


class Score(NamedTuple):
    """What the mean score of several namespaces is made of."""

    points: float
    cost: float


class Wrote(NamedTuple):
    """Who wrote rows of an env last.

    :ivar instance: its name, which ends with `@` and its version; an earlier one's does not.
    """

    at: datetime
    instance: str

    @property
    def version(self) -> str:
        """The version that it tells, or nothing."""
        return self.instance.partition("@")[2]


def by_day(days: Mapping[str, date]) -> dict[date, list[str]]:
    """Return the envs of each day: most have the same one."""
    found: dict[date, list[str]] = {}
    for env, day in days.items():
        found.setdefault(day, []).append(env)
    return found


async def totals(clickhouse: ClickHouse, days: Mapping[str, date]) -> dict[Place, Totals]:
    """Return the totals of each namespace on its env's day."""
    parts = await asyncio.gather(
        *(namespaces_of_envs(clickhouse, envs, day) for day, envs in by_day(days).items())
    )
    return {place: found for part in parts for place, found in part.items()}


async def scores(clickhouse: ClickHouse, days: Mapping[str, date]) -> dict[Place, Score]:
    """Return the kept scores of each namespace on its env's day."""
    parts = await asyncio.gather(
        *(clickhouse.fetch(SCORES, envs=envs, date=day) for day, envs in by_day(days).items())
    )
    return {
        (row["env"], row["namespace"]): Score(row["points"], row["weight"]) for part in parts for row in part
    }


async def found(clickhouse: ClickHouse, words: Sequence[str]) -> AsyncIterator[Row]:
    """Yield the registered services of all envs whose namespace and name hold some words, the closest first.

    :param words: in small letters.
    """
    first = words[-1] if words else ""
    async for row in clickhouse.iterate(FOUND, words=words, first=first):
        yield row


async def firing(clickhouse: ClickHouse) -> dict[Place, int]:
    """Return how many alerts fire."""
    return await _counts(clickhouse, ALERTS)


async def open_findings(clickhouse: ClickHouse) -> dict[Place, int]:
    """Return how many findings are open."""
    return await _counts(clickhouse, FINDINGS)


async def _counts(clickhouse: ClickHouse, statement: str) -> dict[Place, int]:
    return {(row["env"], row["namespace"]): int(row["open"]) for row in await clickhouse.fetch(statement)}


async def collectors(clickhouse: ClickHouse) -> dict[str, Wrote]:
    """Return the collector of each env that wrote last."""
    return await _wrote(clickhouse, COLLECTORS)


async def webhooks(clickhouse: ClickHouse) -> dict[str, Wrote]:
    """Return the webhook of each env that decided last, lately."""
    return await _wrote(clickhouse, WEBHOOKS, since=datetime.now(UTC) - timedelta(days=WEBHOOK_DAYS))


async def _wrote(clickhouse: ClickHouse, statement: str, **parameters: datetime) -> dict[str, Wrote]:
    return {
        row["env"]: Wrote(datetime.fromisoformat(row["last"]).replace(tzinfo=UTC), row["instance"])
        for row in await clickhouse.fetch(statement, **parameters)
    }
