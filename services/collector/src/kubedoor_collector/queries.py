"""Every statement that the collector sends to ClickHouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from kubedoor_core.clickhouse import ClickHouse, Row

DAY_KEYS = """
SELECT namespace, kind, name, container
FROM resource_daily FINAL
WHERE env = {env:String} AND date = {date:Date} AND NOT deleted
"""
DAY_VERSION = """
SELECT max(collected_at) AS latest FROM resource_daily WHERE env = {env:String} AND date = {date:Date}
"""

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

# Per service the days on which it consumed most, and what each of its containers used on them. Rows with less
# than half their samples do not count. A container that was not there on a peak day has its own peak day.
DERIVATION = """
WITH
    rows AS
    (
        SELECT * FROM resource_daily FINAL
        WHERE env = {env:String} AND date BETWEEN {since:Date} AND {until:Date}
            AND NOT deleted
    ),
    days AS
    (
        SELECT
            namespace, kind, name, date,
            max(pod_count) AS pods,
            sumIf(p95_cpu_m, trusted) * coalesce(pods, 1) AS cpu,
            sumIf(p95_mem_mib, trusted) * coalesce(pods, 1) AS mem,
            countIf(trusted AND p95_cpu_m IS NOT NULL) > 0 AS cpu_known,
            countIf(trusted AND p95_mem_mib IS NOT NULL) > 0 AS mem_known
        FROM (SELECT *, coalesce(coverage, 0) >= 0.5 AS trusted FROM rows)
        GROUP BY namespace, kind, name, date
    ),
    one AS
    (
        SELECT argMax(date, (total, date)) AS day
        FROM (SELECT date, sum(cpu) AS total FROM days GROUP BY date)
    ),
    peaks AS
    (
        SELECT
            namespace, kind, name,
            NOT {fleet:Bool} AS own,
            argMaxOrNullIf(date, (cpu, date), cpu_known AND (own OR date IN one)) AS day_cpu,
            argMaxOrNullIf(date, (mem, date), mem_known AND (own OR date IN one)) AS day_mem,
            min(date) AS first_seen,
            max(date) AS last_seen
        FROM days
        GROUP BY namespace, kind, name
    )
SELECT
    r.namespace AS namespace,
    r.kind AS kind,
    r.name AS name,
    r.container AS container,
    any(p.day_cpu) AS peak_date_cpu,
    any(p.day_mem) AS peak_date_mem,
    any(p.first_seen) AS first_seen,
    any(p.last_seen) AS last_seen,
    anyIf(r.pod_count, r.date = p.day_cpu) AS pods_cpu,
    anyIf(r.pod_count, r.date = p.day_mem) AS pods_mem,
    anyIf(r.pod_count, r.date = p.first_seen) AS pods_first,
    anyIf(r.coverage, r.date = p.day_cpu) AS coverage_cpu,
    anyIf(r.coverage, r.date = p.day_mem) AS coverage_mem,
    toUnixTimestamp(anyIf(r.window_start, r.date = p.day_cpu)) AS start_cpu,
    toUnixTimestamp(anyIf(r.window_end, r.date = p.day_cpu)) AS end_cpu,
    toUnixTimestamp(anyIf(r.window_start, r.date = p.day_mem)) AS start_mem,
    toUnixTimestamp(anyIf(r.window_end, r.date = p.day_mem)) AS end_mem,
    if(
        countIf(r.date = p.day_cpu AND r.trusted AND r.p95_cpu_m IS NOT NULL) > 0,
        anyIf(r.p95_cpu_m, r.date = p.day_cpu),
        maxIf(r.p95_cpu_m, r.trusted)
    ) AS cpu_m,
    if(
        countIf(r.date = p.day_mem AND r.trusted AND r.p95_mem_mib IS NOT NULL) > 0,
        anyIf(r.p95_mem_mib, r.date = p.day_mem),
        maxIf(r.p95_mem_mib, r.trusted)
    ) AS mem_mib,
    argMin(r.limit_cpu_m, r.date) AS limit_cpu_m,
    argMin(r.limit_mem_mib, r.date) AS limit_mem_mib
FROM (SELECT *, coalesce(coverage, 0) >= 0.5 AS trusted FROM rows) AS r
INNER JOIN peaks AS p ON r.namespace = p.namespace AND r.kind = p.kind AND r.name = p.name
GROUP BY r.namespace, r.kind, r.name, r.container
ORDER BY namespace, kind, name, container
"""

DERIVED = "SELECT * FROM derived FINAL WHERE env = {env:String} AND NOT deleted"

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


async def day_version(clickhouse: ClickHouse, env: str, day: date) -> datetime:
    """Return the largest `collected_at` of a day, tombstones included; the epoch where it has no row."""
    row = await clickhouse.fetch_one(DAY_VERSION, env=env, date=day)
    return datetime.fromisoformat(row["latest"] if row else "1970-01-01T00:00:00+00:00")


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


async def derivation(clickhouse: ClickHouse, env: str, since: date, until: date, *, fleet: bool) -> list[Row]:
    """Return per container what its service's peak days say."""
    return await clickhouse.fetch(DERIVATION, env=env, since=since, until=until, fleet=fleet)


async def derived(clickhouse: ClickHouse, env: str) -> list[Row]:
    """Return what is derived now."""
    return await clickhouse.fetch(DERIVED, env=env)


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
FLEET_PROFILES = """
SELECT profile_cpu_m, profile_pods FROM resource_daily FINAL
WHERE env = {env:String} AND date = {date:Date} AND NOT deleted AND notEmpty(profile_cpu_m)
"""


async def last_requests(clickhouse: ClickHouse, env: str) -> list[Row]:
    """Return what each container asked for on the last day that it was seen, millicores and MiB."""
    return await clickhouse.fetch(LAST_REQUESTS, env=env)


async def fleet_profiles(clickhouse: ClickHouse, env: str, day: date) -> list[tuple[list[int], list[int]]]:
    """Return each container's profile of a day: millicores by five minutes, and pods by hour."""
    rows = await clickhouse.fetch(FLEET_PROFILES, env=env, date=day)
    return [(row["profile_cpu_m"], row["profile_pods"]) for row in rows]
