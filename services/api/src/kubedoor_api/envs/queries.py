"""The statements of envs."""

from __future__ import annotations

from kubedoor_core.clickhouse import ClickHouse, Row

COLLECTED = """
SELECT env, max(date) AS latest_date, argMax(collected_at, (date, collected_at)) AS collected_at
FROM resource_daily WHERE NOT deleted GROUP BY env
"""
SERVICES = "SELECT env, namespace, count() AS service_count FROM effective GROUP BY env, namespace"


async def collected(clickhouse: ClickHouse) -> dict[str, Row]:
    """Return the latest collected day of each env, and when it was collected."""
    return {row["env"]: row for row in await clickhouse.fetch(COLLECTED)}


async def service_counts(clickhouse: ClickHouse) -> list[tuple[str, str, int]]:
    """Return how many services each namespace of each env has registered."""
    rows = await clickhouse.fetch(SERVICES)
    return [(row["env"], row["namespace"], int(row["service_count"])) for row in rows]
