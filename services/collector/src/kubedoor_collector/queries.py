"""Every statement that the collector sends to ClickHouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from kubedoor_collector.domain.days import ContainerRows, container_rows
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.queries import (
    AUTOSCALER_COLUMNS,
    MOST_MEM_MIB,
    PROFILE_HEX,
    USED_BY_SLOT,
    select,
)
from kubedoor_core.domain.autoscaler import Autoscaler, autoscaler_from_row
from kubedoor_core.domain.workload import ServiceKey

DAY_KEYS = """
SELECT namespace, kind, name, container
FROM resource_daily FINAL
WHERE env = {env:String} AND date = {date:Date} AND NOT deleted
"""
DAY_VERSION = """
SELECT max(collected_at) AS latest FROM {table:Identifier} WHERE env = {env:String} AND date = {date:Date}
"""

COUNTED_KEYS = {
    "traffic_daily": """
SELECT namespace, kind, name FROM traffic_daily FINAL
WHERE env = {env:String} AND date = {date:Date} AND NOT deleted
""",
    "jvm_daily": """
SELECT namespace, kind, name, container FROM jvm_daily FINAL
WHERE env = {env:String} AND date = {date:Date} AND NOT deleted
""",
    "node_daily": """
SELECT node FROM node_daily FINAL
WHERE env = {env:String} AND date = {date:Date} AND NOT deleted
""",
}
COLLECTED_DAYS = """
SELECT date, max(collected_at) AS latest FROM resource_daily FINAL
WHERE env = {env:String} AND date >= {since:Date} AND NOT deleted
GROUP BY date
"""
DAY_ROWS = """
SELECT * FROM resource_daily FINAL
WHERE env = {env:String} AND date = {date:Date} AND NOT deleted
ORDER BY namespace, kind, name, container
"""
KNOWN_SECONDS = """
SELECT sum(coalesce(coverage, 0) * coalesce(pod_count, 1)
    * ((p95_cpu_m IS NOT NULL) + (p95_mem_mib IS NOT NULL))) AS known
FROM resource_daily FINAL WHERE env = {env:String} AND date = {date:Date} AND NOT deleted
"""

# What rules look at, a row per container with all its days.
DAYS = f"""
SELECT
    namespace, kind, name, container,
    arraySort(day -> day.1, groupArray(tuple(
        date, pod_count, p95_cpu_m, p95_mem_mib,
        {MOST_MEM_MIB},
        coverage, window_start, window_end, request_cpu_m, limit_cpu_m, request_mem_mib, limit_mem_mib,
        ifNull(owner_source = 'metrics', false) OR request_cpu_m IS NOT NULL OR request_mem_mib IS NOT NULL,
        {PROFILE_HEX}
    ))) AS days
FROM resource_daily FINAL
WHERE env = {{env:String}} AND date BETWEEN {{since:Date}} AND {{until:Date}} AND NOT deleted
GROUP BY namespace, kind, name, container
ORDER BY namespace, kind, name, container
"""  # noqa: S608 a constant

DERIVED = "SELECT * FROM derived FINAL WHERE env = {env:String} AND NOT deleted"

AUTOSCALERS = f"SELECT {select(AUTOSCALER_COLUMNS)} FROM autoscaler FINAL WHERE env = {{env:String}}"  # noqa: S608 constants

SETTINGS = """
SELECT namespace, key, value FROM setting FINAL WHERE env = {env:String} AND namespace = '' AND NOT deleted
"""

PENDING_REQUESTS = """
SELECT id, dates, by_name, requested_by FROM collection_request
WHERE env = {env:String} AND requested_at >= {since:DateTime64(3, 'UTC')}
  AND id NOT IN
  (
      SELECT request_id FROM collection_run FINAL
      WHERE env = {env:String} AND (state != 'running' OR heartbeat_at >= {alive_since:DateTime64(3, 'UTC')})
  )
ORDER BY requested_at, id
"""

STALE_RUNS = """
SELECT * FROM collection_run FINAL
WHERE env = {env:String} AND state = 'running' AND heartbeat_at < {alive_since:DateTime64(3, 'UTC')}
ORDER BY started_at
"""

RUNS_SINCE = """
SELECT dates, day_index, state, `errors.date` AS error_dates, started_at FROM collection_run FINAL
WHERE env = {env:String} AND started_at >= {since:DateTime64(3, 'UTC')} AND state != 'running'
ORDER BY started_at, id
"""

HAS_RUNS = "SELECT 1 AS there FROM collection_run WHERE env = {env:String} LIMIT 1"
RUN = "SELECT * FROM collection_run FINAL WHERE env = {env:String} AND id = {id:String}"

CLAIM = """
SELECT collector FROM collection_claim
WHERE env = {env:String} AND run_id = {run_id:String} AND attempt = {n:UInt32}
"""
CLAIMS = """
SELECT count() AS n, max(claimed_at) AS latest FROM collection_claim
WHERE env = {env:String} AND run_id = {run_id:String}
"""

EVENT_IDS = "SELECT id FROM event WHERE env = {env:String} AND id IN {ids:Array(String)}"


async def day_keys(clickhouse: ClickHouse, env: str, day: date) -> list[tuple[str, str, str, str]]:
    """Return the rows that a day has now."""
    rows = await clickhouse.fetch(DAY_KEYS, env=env, date=day)
    return [(row["namespace"], row["kind"], row["name"], row["container"]) for row in rows]


async def day_version(clickhouse: ClickHouse, table: str, env: str, day: date) -> datetime:
    """Return the largest `collected_at` of a day, tombstones included; the epoch where it has no row."""
    row = await clickhouse.fetch_one(DAY_VERSION, table=table, env=env, date=day)
    return datetime.fromisoformat(row["latest"] if row else "1970-01-01T00:00:00+00:00")


async def counted_keys(clickhouse: ClickHouse, table: str, env: str, day: date) -> list[Row]:
    """Return the places of a day of which requests or JVMs are stored, or its nodes."""
    return await clickhouse.fetch(COUNTED_KEYS[table], env=env, date=day)


async def collected_days(clickhouse: ClickHouse, env: str, since: date) -> dict[date, datetime]:
    """Return the days that were collected, and when last."""
    rows = await clickhouse.fetch(COLLECTED_DAYS, env=env, since=since)
    return {date.fromisoformat(row["date"]): datetime.fromisoformat(row["latest"]) for row in rows}


async def day_rows(clickhouse: ClickHouse, env: str, day: date) -> list[Row]:
    """Return the rows of a day, all columns."""
    return await clickhouse.fetch(DAY_ROWS, env=env, date=day)


async def known_seconds(clickhouse: ClickHouse, env: str, day: date) -> float:
    """Return how much is known of a day, as `kubedoor_collector.domain.figures.known_seconds` counts it."""
    row = await clickhouse.fetch_one(KNOWN_SECONDS, env=env, date=day)
    return float(row["known"] or 0) if row else 0.0


async def days(clickhouse: ClickHouse, env: str, since: date, until: date) -> list[ContainerRows]:
    """Return what is stored of each container, day by day."""
    rows = clickhouse.iterate(DAYS, env=env, since=since, until=until)
    return [container_rows(row) async for row in rows]


async def derived(clickhouse: ClickHouse, env: str) -> list[Row]:
    """Return what is derived now."""
    return await clickhouse.fetch(DERIVED, env=env)


async def autoscalers(clickhouse: ClickHouse, env: str) -> dict[ServiceKey, Autoscaler]:
    """Return what is stored of every workload's autoscaler, tombstones included."""
    rows = map(autoscaler_from_row, await clickhouse.fetch(AUTOSCALERS, env=env))
    return {row.key: row for row in rows}


async def settings(clickhouse: ClickHouse, env: str) -> list[tuple[str, str, str]]:
    """Return the stored settings of a whole env: namespace, key, and value as JSON."""
    rows = await clickhouse.fetch(SETTINGS, env=env)
    return [(row["namespace"], row["key"], row["value"]) for row in rows]


async def pending_requests(
    clickhouse: ClickHouse, env: str, since: datetime, alive_since: datetime
) -> list[Row]:
    """Return the requests that nobody works on, oldest first."""
    return await clickhouse.fetch(PENDING_REQUESTS, env=env, since=since, alive_since=alive_since)


async def stale_runs(clickhouse: ClickHouse, env: str, alive_since: datetime) -> list[Row]:
    """Return the runs whose collector has not been heard of."""
    return await clickhouse.fetch(STALE_RUNS, env=env, alive_since=alive_since)


async def runs_since(clickhouse: ClickHouse, env: str, since: datetime) -> list[Row]:
    """Return the runs that ended, oldest first."""
    return await clickhouse.fetch(RUNS_SINCE, env=env, since=since)


async def has_runs(clickhouse: ClickHouse, env: str) -> bool:
    """Return whether any run was ever made."""
    return await clickhouse.fetch_one(HAS_RUNS, env=env) is not None


async def run(clickhouse: ClickHouse, env: str, run_id: str) -> Row | None:
    """Return one run."""
    return await clickhouse.fetch_one(RUN, env=env, id=run_id)


async def claims(clickhouse: ClickHouse, env: str, run_id: str) -> tuple[int, datetime]:
    """Return how often a run was claimed, and when last."""
    (row,) = await clickhouse.fetch(CLAIMS, env=env, run_id=run_id)
    return int(row["n"]), datetime.fromisoformat(row["latest"])


async def insert_claim(clickhouse: ClickHouse, row: Mapping[str, Any], token: str) -> None:
    """Claim a run; of several claims that bear the same token, the table takes the first."""
    await clickhouse.insert("collection_claim", [row], once=token)


async def claimant(clickhouse: ClickHouse, env: str, run_id: str, attempt: int) -> str | None:
    """Return which collector has an attempt at a run."""
    row = await clickhouse.fetch_one(CLAIM, env=env, run_id=run_id, n=attempt)
    return row["collector"] if row else None


async def known_events(clickhouse: ClickHouse, env: str, ids: Sequence[str]) -> set[str]:
    """Return which of some events have been told."""
    rows = await clickhouse.fetch(EVENT_IDS, env=env, ids=list(ids))
    return {row["id"] for row in rows}


async def largest_version(clickhouse: ClickHouse, table: str) -> int:
    """Return the largest version of `derived` or `collection_run`."""
    statements = {
        "derived": "SELECT max(version) AS v FROM derived",
        "collection_run": "SELECT max(version) AS v FROM collection_run",
    }
    row = await clickhouse.fetch_one(statements[table])
    return int(row["v"]) if row else 0


async def insert(clickhouse: ClickHouse, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows as one block."""
    await clickhouse.insert(table, rows)


LAST_REQUESTS = """
SELECT namespace, kind, name, container,
    argMax(tuple(request_cpu_m), date).1 AS request_cpu_m,
    argMax(tuple(request_mem_mib), date).1 AS request_mem_mib
FROM resource_daily FINAL
WHERE env = {env:String} AND NOT deleted
GROUP BY namespace, kind, name, container
"""
FLEET_DAY = f"""
SELECT sumForEach({USED_BY_SLOT}) AS used FROM resource_daily FINAL
WHERE env = {{env:String}} AND date = {{date:Date}} AND NOT deleted AND notEmpty(profile_cpu_m)
"""  # noqa: S608 a constant


async def last_requests(clickhouse: ClickHouse, env: str) -> list[Row]:
    """Return what each container asked for on the last day that it was seen, millicores and MiB."""
    return await clickhouse.fetch(LAST_REQUESTS, env=env)


async def fleet_day(clickhouse: ClickHouse, env: str, day: date) -> list[float]:
    """Return what all pods together used in each five minutes of a day, millicores; empty where unknown."""
    row = await clickhouse.fetch_one(FLEET_DAY, env=env, date=day)
    return row["used"] if row else []
