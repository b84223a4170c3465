"""The statements of services."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import NamedTuple

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_api.web.fields import ServicePath
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.queries import SERVICE_KEY

DAYS = """
SELECT minOrNull(date) AS first, maxOrNull(date) AS latest
FROM resource_daily WHERE env = {env:String} AND NOT deleted
"""

# Per service, its containers' use on one day.
PEAK = """
SELECT
    r.namespace AS namespace, r.kind AS kind, r.name AS name,
    max(r.pod_count) AS pod_count,
    any(r.window_start) AS window_start,
    any(r.window_end) AS window_end,
    sum(r.p95_cpu_m) AS p95_cpu_m,
    sum(r.p95_mem_mib) AS p95_mem_mib,
    max(r.cpu_pct) AS cpu_pct,
    max(r.mem_pct) AS mem_pct,
    groupArray(tuple(r.container, r.p95_cpu_m, r.p95_cpu_hot_m, r.p95_mem_mib, r.p95_mem_hot_mib,
        r.max_mem_mib, r.cpu_pct, r.mem_pct, r.oom_kills, r.throttled_pct, r.coverage,
        r.request_cpu_m, r.limit_cpu_m, r.request_mem_mib, r.limit_mem_mib, r.owner_source)) AS peaks
FROM
(
    SELECT * FROM resource_daily FINAL
    WHERE env = {{env:String}} AND date = {{date:Date}} AND NOT deleted{daily_filter}
) AS r
GROUP BY r.namespace, r.kind, r.name
"""

# Sorted and cut first, so that only the rows of the page meet the other tables.
LIST = """
WITH page AS
(
    SELECT
        namespace, kind, name, replicas, replicas_source, replicas_manual, replicas_ai, replicas_observed,
        replicas_initial, replicas_policy, mode, note, control_version, updated_at, updated_by,
        names, request_cpu_m, limit_cpu_m, request_mem_mib, limit_mem_mib,
        peaks, pod_count, window_start, window_end, p95_cpu_m, p95_mem_mib, cpu_pct, mem_pct,
        count() OVER () AS total
    FROM
    (
        SELECT *, `containers.name` AS names,
            `containers.request_cpu_m` AS request_cpu_m, `containers.limit_cpu_m` AS limit_cpu_m,
            `containers.request_mem_mib` AS request_mem_mib, `containers.limit_mem_mib` AS limit_mem_mib
        FROM effective WHERE env = {{env:String}}{filter}
    ) AS e
    LEFT JOIN ({peak}) AS p USING (namespace, kind, name)
    ORDER BY {order}
    LIMIT {{limit:UInt32}} OFFSET {{offset:UInt32}}
)
SELECT *
FROM page
LEFT JOIN
(
    SELECT namespace, kind, name, `containers.name` AS c_names,
        `containers.request_cpu_m` AS c_request_cpu_m, `containers.limit_cpu_m` AS c_limit_cpu_m,
        `containers.request_mem_mib` AS c_request_mem_mib, `containers.limit_mem_mib` AS c_limit_mem_mib
    FROM control FINAL WHERE env = {{env:String}} AND NOT deleted{row_filter}
) AS c USING (namespace, kind, name)
LEFT JOIN
(
    SELECT namespace, kind, name, `containers.name` AS d_names,
        `containers.request_cpu_m` AS d_request_cpu_m, `containers.limit_cpu_m` AS d_limit_cpu_m,
        `containers.request_mem_mib` AS d_request_mem_mib, `containers.limit_mem_mib` AS d_limit_mem_mib,
        peak_date_cpu, peak_date_mem, peak_pods_cpu, peak_pods_mem, coverage_cpu, coverage_mem,
        window_cpu, window_mem, first_seen, last_seen
    FROM derived FINAL WHERE env = {{env:String}} AND NOT deleted{row_filter}
) AS d USING (namespace, kind, name)
ORDER BY {order}
"""

ORDERS = {
    "namespace": "namespace",
    "name": "name",
    "kind": "kind",
    "replicas": "replicas",
    "pod_count": "pod_count",
    "p95_cpu_m": "p95_cpu_m",
    "p95_mem_mib": "p95_mem_mib",
    "cpu_pct": "cpu_pct",
    "mem_pct": "mem_pct",
    "request_cpu_m": "arraySum(arrayMap(v -> ifNull(v, 0), request_cpu_m))",
    "request_mem_mib": "arraySum(arrayMap(v -> ifNull(v, 0), request_mem_mib))",
    "updated_at": "updated_at",
}

SEARCH = """ AND (positionCaseInsensitiveUTF8(namespace, {q:String}) > 0
    OR positionCaseInsensitiveUTF8(name, {q:String}) > 0
    OR arrayExists(n -> positionCaseInsensitiveUTF8(n, {q:String}) > 0, `containers.name`))"""
IN_NAMESPACE = " AND namespace = {namespace:String}"
ONE = IN_NAMESPACE + " AND kind = {kind:String} AND name = {name:String}"

COUNT = "SELECT count() AS n FROM effective WHERE env = {env:String}"
NO_PEAK: Row = {"peaks": [], "pod_count": None, "window_start": None, "window_end": None}
CONTAINERS = """`containers.name`, `containers.request_cpu_m`, `containers.limit_cpu_m`,
    `containers.request_mem_mib`, `containers.limit_mem_mib`"""

CONTROL = f"""
SELECT env, namespace, kind, name, replicas_manual, replicas_policy, mode, note, {CONTAINERS},
    deleted, version, updated_at, updated_by
FROM control FINAL WHERE {SERVICE_KEY}
"""  # noqa: S608 constants of this file
DERIVED = f"""
SELECT replicas_ai, replicas_observed, replicas_initial, {CONTAINERS},
    peak_date_cpu, peak_date_mem, peak_pods_cpu, peak_pods_mem, coverage_cpu, coverage_mem,
    window_cpu, window_mem, first_seen, last_seen, version, updated_at, updated_by
FROM derived FINAL WHERE {SERVICE_KEY} AND NOT deleted
"""  # noqa: S608 constants of this file


def _order(sort: str) -> str:
    """Return an ORDER BY from the white list; the names settle ties, so that pages don't overlap."""
    direction = "DESC" if sort.startswith("-") else "ASC"
    return f"{ORDERS[sort.removeprefix('-')]} {direction} NULLS LAST, namespace, name, kind"


def _statement(sort: str, keys: str, search: str) -> str:
    order = _order(sort)
    peak = PEAK.format(daily_filter=keys)
    # The rows of a page are ordered again after the joins, which promise no order.
    return LIST.format(filter=keys + search, peak=peak, order=order, row_filter=keys)


def page_statement(sort: str) -> str:
    """Return the statement of an unfiltered page."""
    return _statement(sort, "", "")


class Days(NamedTuple):
    """The first and the latest collected day of an env; None while nothing has been collected."""

    first: date | None
    latest: date | None


async def collected_days(clickhouse: ClickHouse, env: str) -> Days:
    """Return between which days an env was collected."""
    row = await clickhouse.fetch_one(DAYS, env=env)
    if not row or not row["latest"]:
        return Days(None, None)
    return Days(date.fromisoformat(row["first"]), date.fromisoformat(row["latest"]))


async def latest_date(clickhouse: ClickHouse, env: str) -> date | None:
    """Return the latest collected day of an env."""
    return (await collected_days(clickhouse, env)).latest


def list_services(
    clickhouse: ClickHouse,
    *,
    env: str,
    latest: date | None,
    sort: str,
    limit: int,
    offset: int,
    q: str,
    namespace: str | None,
    scope: Sequence[str] | None,
) -> AsyncIterator[Row]:
    """Yield one page; every row tells the total.

    :param reach: only services of these namespaces; None: of any.
    """
    keys = (IN_NAMESPACE if namespace is not None else "") + namespace_filter(scope)
    statement = _statement(sort, keys, SEARCH if q else "")
    return clickhouse.iterate(
        statement,
        env=env,
        date=latest or date(1970, 1, 1),
        limit=limit,
        offset=offset,
        q=q,
        namespace=namespace or "",
        scope=scope or (),
    )


async def peak_row(clickhouse: ClickHouse, key: ServicePath) -> Row | None:
    """Return a service's use on the env's latest day, as in a page, with the collected `days`."""
    days = await collected_days(clickhouse, key.env)
    if days.latest is None:
        return None
    row = await clickhouse.fetch_one(PEAK.format(daily_filter=ONE), date=days.latest, **key.model_dump())
    return {
        **(row or {"peaks": [], "pod_count": None, "window_start": None, "window_end": None}),
        "days": days,
    }


async def count_services(clickhouse: ClickHouse, env: str, scope: Sequence[str] | None) -> int:
    """Return how many services are registered."""
    row = await clickhouse.fetch_one(COUNT + namespace_filter(scope), env=env, scope=scope or ())
    return int(row["n"]) if row else 0


async def control_row(clickhouse: ClickHouse, key: ServicePath) -> Row | None:
    """Return the expert's row as it stands, a tombstone included."""
    return await clickhouse.fetch_one(CONTROL, **key.model_dump())


async def derived_row(clickhouse: ClickHouse, key: ServicePath) -> Row | None:
    """Return what the collector derived."""
    return await clickhouse.fetch_one(DERIVED, **key.model_dump())
