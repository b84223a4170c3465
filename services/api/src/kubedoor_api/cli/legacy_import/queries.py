"""The statements of moving over: the old tables' rows, and what we have of the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import NamedTuple

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp

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
FROM resource_daily FINAL
WHERE kind = 'Deployment' AND NOT deleted AND date BETWEEN {since:Date} AND {until:Date}
GROUP BY env, namespace, name, date
"""
OUR_CONTROL = "SELECT env, namespace, name, updated_by FROM control FINAL WHERE kind = 'Deployment'"


class OldDay(NamedTuple):
    """A row of the old table of days; figures may be negative, NaN or missing.

    :ivar at: its time as an instant.
    :ivar wall: the time as text.
    """

    at: datetime
    wall: str
    env: str
    namespace: str
    name: str
    pod_count: float | None
    p95_pod_load: float | None
    p95_pod_wss_mb: float | None
    limit_pod_cpu_m: float | None
    limit_pod_mem_mb: float | None
    request_pod_cpu_m: float | None
    request_pod_mem_mb: float | None


class NewDay(NamedTuple):
    """A row of `resource_daily` as it is moved over."""

    env: str
    namespace: str
    name: str
    container: str
    date: date
    window_start: datetime
    window_end: datetime
    pod_count: int | None
    p95_cpu_m: int | None
    p95_mem_mib: int | None
    request_cpu_m: int | None
    limit_cpu_m: int | None
    request_mem_mib: int | None
    limit_mem_mib: int | None
    cpu_pct: float | None
    mem_pct: float | None
    owner_source: str
    collected_at: datetime


class OldService(NamedTuple):
    """A row of the old control table; figures may be negative, NaN or missing."""

    env: str
    namespace: str
    name: str
    pod_count_manual: float | None
    pod_count_ai: float | None
    request_cpu_m: float | None
    request_mem_mb: float | None
    limit_cpu_m: float | None
    limit_mem_mb: float | None
    update: str


async def old_days(clickhouse: ClickHouse) -> list[OldDay]:
    """Return the old table of days."""
    return [OldDay(**{**row, "at": _instant(row["at"])}) for row in await clickhouse.fetch(DAYS)]


async def old_control(clickhouse: ClickHouse) -> list[OldService]:
    """Return the old control table."""
    return [OldService(**row) for row in await clickhouse.fetch(CONTROL)]


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


async def insert_days(clickhouse: ClickHouse, days: Iterable[NewDay]) -> None:
    """Insert days of one month, all or none."""
    times, rows = ("window_start", "window_end", "collected_at"), []
    for day in days:
        texts = {name: timestamp(getattr(day, name)) for name in times}
        rows.append({**day._asdict(), **texts, "date": day.date.isoformat()})
    await clickhouse.insert("resource_daily", rows)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
