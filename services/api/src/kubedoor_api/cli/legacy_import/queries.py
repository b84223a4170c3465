"""The statements of moving over: the old tables' rows, and what we have of the same."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from kubedoor_core.clickhouse import ClickHouse, Row

DAYS = """
SELECT
    toDateTime(date) AS at, toString(date) AS wall, env, namespace, deployment AS name, pod_count,
    p95_pod_load, p95_pod_wss_mb, limit_pod_cpu_m, limit_pod_mem_mb, request_pod_cpu_m, request_pod_mem_mb
FROM k8s_resources
"""
CONTROL = """
SELECT
    env, namespace, deployment AS name, pod_count_manual, pod_count_ai, request_cpu_m, request_mem_mb,
    limit_cpu_m, limit_mem_mb, toString(`update`) AS `update`
FROM k8s_res_control
"""
OUR_DAYS = """
SELECT env, namespace, name, date, max(collected_at) AS at
FROM resource_daily FINAL WHERE NOT deleted AND date BETWEEN {since:Date} AND {until:Date}
GROUP BY env, namespace, name, date
"""
OUR_CONTROL = "SELECT env, namespace, name, updated_by FROM control FINAL"


async def old_days(clickhouse: ClickHouse) -> list[Row]:
    """Return the old table of days."""
    rows = await clickhouse.fetch(DAYS)
    return [{**row, "at": _instant(row["at"])} for row in rows]


async def old_control(clickhouse: ClickHouse) -> list[Row]:
    """Return the old control table."""
    return await clickhouse.fetch(CONTROL)


async def our_days(
    clickhouse: ClickHouse, since: date, until: date
) -> dict[tuple[str, str, str, date], datetime]:
    """Return when each service's day was collected, from a date to another."""
    return {
        (row["env"], row["namespace"], row["name"], date.fromisoformat(row["date"])): _instant(row["at"])
        for row in await clickhouse.fetch(OUR_DAYS, since=since, until=until)
    }


async def our_control(clickhouse: ClickHouse) -> dict[tuple[str, str, str], str]:
    """Return who wrote each row of `control`, tombstones too."""
    rows = await clickhouse.fetch(OUR_CONTROL)
    return {(row["env"], row["namespace"], row["name"]): str(row["updated_by"]) for row in rows}


async def insert_days(clickhouse: ClickHouse, rows: list[dict[str, Any]]) -> None:
    """Insert rows of one month, all or none."""
    await clickhouse.insert("resource_daily", rows)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
