"""The statements of envs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from kubedoor_core.clickhouse import ClickHouse

COLLECTED = """
SELECT env, max(date) AS latest_date, argMax(collected_at, (date, collected_at)) AS collected_at
FROM resource_daily WHERE {condition} AND NOT deleted GROUP BY env
"""
LATELY = COLLECTED.format(condition="date >= {since:Date}")
"""Of few partitions: most envs are collected day by day."""
LONG_AGO = COLLECTED.format(condition="env IN ({envs:Array(String)})")
"""Of a few envs, by the key."""
ENVS = "SELECT DISTINCT env FROM resource_daily"
LATELY_DAYS = 40
SERVICES = "SELECT env, namespace, count() AS service_count FROM effective GROUP BY env, namespace"


class Collected(NamedTuple):
    """The latest collected day of an env, and when it was collected."""

    day: date
    at: datetime


async def collected(clickhouse: ClickHouse) -> dict[str, Collected]:
    """Return the latest collected day of each env that has one."""
    since = datetime.now(UTC).date() - timedelta(days=LATELY_DAYS)
    rows = [*await clickhouse.fetch(LATELY, since=since)]
    every = {row["env"] for row in await clickhouse.fetch(ENVS)}
    if rest := sorted(every - {row["env"] for row in rows}):
        rows += await clickhouse.fetch(LONG_AGO, envs=rest)
    return {
        row["env"]: Collected(
            date.fromisoformat(row["latest_date"]), datetime.fromisoformat(row["collected_at"])
        )
        for row in rows
    }


async def service_counts(clickhouse: ClickHouse) -> list[tuple[str, str, int]]:
    """Return how many services each namespace of each env has registered."""
    rows = await clickhouse.fetch(SERVICES)
    return [(row["env"], row["namespace"], int(row["service_count"])) for row in rows]
