"""The statements of envs."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from kubedoor_core.clickhouse import ClickHouse

COLLECTED = """
SELECT env, max(date) AS latest_date, argMax(collected_at, (date, collected_at)) AS collected_at
FROM resource_daily WHERE NOT deleted GROUP BY env
"""
SERVICES = "SELECT env, namespace, count() AS service_count FROM effective GROUP BY env, namespace"


class Collected(NamedTuple):
    """The latest collected day of an env, and when it was collected."""

    day: date
    at: datetime


async def collected(clickhouse: ClickHouse) -> dict[str, Collected]:
    """Return the latest collected day of each env that has one."""
    return {
        row["env"]: Collected(
            date.fromisoformat(row["latest_date"]), datetime.fromisoformat(row["collected_at"])
        )
        for row in await clickhouse.fetch(COLLECTED)
    }


async def service_counts(clickhouse: ClickHouse) -> list[tuple[str, str, int]]:
    """Return how many services each namespace of each env has registered."""
    rows = await clickhouse.fetch(SERVICES)
    return [(row["env"], row["namespace"], int(row["service_count"])) for row in rows]
