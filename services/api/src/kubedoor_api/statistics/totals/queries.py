"""The statements of statistics."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple, get_args

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_api.statistics.totals.models import (
    Amount,
    ContainerDay,
    DayTotals,
    NamespaceTotals,
    Rank,
    TopItem,
)
from kubedoor_api.web.fields import ServiceName, ServicePath
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.queries import SERVICE_KEY

# A day's rows lie in one partition, so FINAL need not look across them.
FINAL = "SETTINGS do_not_merge_across_partitions_select_final = 1"

# One row per service and day: `pods` once, the resources over its containers.
SERVICES = """
SELECT
    date, namespace, kind, name,
    ifNull(max(r.pod_count), 0) AS pods,
    sum(ifNull(toUInt64(r.pod_count) * r.p95_cpu_m, 0)) AS cpu_used,
    sum(ifNull(toUInt64(r.pod_count) * r.request_cpu_m, 0)) AS cpu_requested,
    sum(ifNull(toUInt64(r.pod_count) * r.limit_cpu_m, 0)) AS cpu_limited,
    sum(ifNull(toUInt64(r.pod_count) * greatest(toInt64(r.request_cpu_m) - r.p95_cpu_m, 0), 0)) AS cpu_waste,
    sum(ifNull(toUInt64(r.pod_count) * greatest(toInt64(r.p95_cpu_m) - r.request_cpu_m, 0), 0)) AS cpu_shortage,
    sum(ifNull(toUInt64(r.pod_count) * r.p95_mem_mib, 0)) AS mem_used,
    sum(ifNull(toUInt64(r.pod_count) * r.request_mem_mib, 0)) AS mem_requested,
    sum(ifNull(toUInt64(r.pod_count) * r.limit_mem_mib, 0)) AS mem_limited,
    sum(ifNull(toUInt64(r.pod_count) * greatest(toInt64(r.request_mem_mib) - r.p95_mem_mib, 0), 0)) AS mem_waste,
    sum(ifNull(toUInt64(r.pod_count) * greatest(toInt64(r.p95_mem_mib) - r.request_mem_mib, 0), 0)) AS mem_shortage,
    max(r.cpu_pct) AS cpu_pct,
    max(r.mem_pct) AS mem_pct
FROM resource_daily AS r FINAL
WHERE env = {{env:String}} AND NOT deleted AND date BETWEEN {{since:Date}} AND {{until:Date}}{filter}
GROUP BY date, namespace, kind, name
"""  # noqa: E501 one column a line
SUMS = """
    count() AS services, sum(s.pods) AS pods,
    sum(s.cpu_used) AS cpu_used, sum(s.cpu_requested) AS cpu_requested, sum(s.cpu_limited) AS cpu_limited,
    sum(s.cpu_waste) AS cpu_waste, sum(s.cpu_shortage) AS cpu_shortage,
    sum(s.mem_used) AS mem_used, sum(s.mem_requested) AS mem_requested, sum(s.mem_limited) AS mem_limited,
    sum(s.mem_waste) AS mem_waste, sum(s.mem_shortage) AS mem_shortage
"""
IN_NAMESPACE = " AND namespace = {namespace:String}"
TREND = f"SELECT s.date AS date, {SUMS} FROM ({SERVICES}) AS s GROUP BY date ORDER BY date {FINAL}"  # noqa: S608 constants of this file
NAMESPACES = f"""
SELECT s.namespace AS namespace, {SUMS} FROM ({SERVICES}) AS s GROUP BY namespace
ORDER BY cpu_used DESC, namespace {FINAL}
"""  # noqa: S608 constants of this file
UNREGISTERED = f"""
SELECT count() AS unregistered FROM (SELECT namespace, kind, name FROM ({SERVICES})) AS seen
LEFT ANTI JOIN (SELECT namespace, kind, name FROM effective WHERE env = {{{{env:String}}}}) AS e
    USING (namespace, kind, name)
{FINAL}
"""  # noqa: S608 constants of this file

RANKS = {"cpu": "cpu_used", "mem": "mem_used"}
"""What a ranking is by, where its column is called otherwise."""
TOPS = {
    name: f"SELECT *, 1 AS services, toFloat64({column}) AS value FROM ({SERVICES})"  # noqa: S608 constants of this file
    f" WHERE ifNull({column}, 0) > 0"
    f" ORDER BY value DESC, namespace, name, kind LIMIT {{{{limit:UInt32}}}} {FINAL}"
    for name in get_args(Rank)
    for column in (RANKS.get(name, name),)
}

SERVICE = f"""
SELECT date, container, pod_count, p95_cpu_m, p95_cpu_hot_m, p95_mem_mib, p95_mem_hot_mib, max_mem_mib,
    request_cpu_m, limit_cpu_m, request_mem_mib, limit_mem_mib, oom_kills, throttled_pct, coverage
FROM resource_daily FINAL
WHERE {SERVICE_KEY}
    AND NOT deleted AND date BETWEEN {{since:Date}} AND {{until:Date}}
ORDER BY date, container {FINAL}
"""  # noqa: S608 constants of this file


DATES = """
SELECT DISTINCT date FROM resource_daily
WHERE env = {env:String} AND NOT deleted AND date BETWEEN {since:Date} AND {until:Date} ORDER BY date
"""
LINES = f"""
SELECT namespace, kind, name, groupArray(tuple(day, cpu, mem)) AS days FROM
(
    SELECT namespace, kind, name, date AS day, sum(p95_cpu_m) AS cpu, sum(p95_mem_mib) AS mem
    FROM resource_daily FINAL
    WHERE env = {{{{env:String}}}} AND NOT deleted AND date BETWEEN {{{{since:Date}}}} AND {{{{until:Date}}}}{{filter}}
    GROUP BY namespace, kind, name, date
)
GROUP BY namespace, kind, name ORDER BY namespace, name, kind {FINAL}
"""  # noqa: S608, E501 constants of this file


def trend_statement(condition: str = "") -> str:
    """Return the statement of totals day by day, of the rows that meet a condition."""
    return TREND.format(filter=condition)


def unregistered_statement(condition: str = "") -> str:
    """Return the statement that counts who was seen and is not registered."""
    return UNREGISTERED.format(filter=condition)


async def dates(clickhouse: ClickHouse, env: str, since: date, until: date) -> list[date]:
    """Return the days that were collected, oldest first."""
    rows = await clickhouse.fetch(DATES, env=env, since=since, until=until)
    return [date.fromisoformat(row["date"]) for row in rows]


class Line(NamedTuple):
    """A service's P95 by day: millicores and MiB."""

    service: ServiceName
    days: Mapping[date, tuple[int | None, int | None]]


async def service_lines(
    clickhouse: ClickHouse,
    *,
    env: str,
    since: date,
    until: date,
    namespace: str | None,
    scope: Sequence[str] | None,
) -> AsyncIterator[Line]:
    """Yield each service's P95 day by day; of one namespace, or of all in scope."""
    statement = LINES.format(filter=(IN_NAMESPACE if namespace is not None else "") + namespace_filter(scope))
    async for row in clickhouse.iterate(
        statement, env=env, since=since, until=until, namespace=namespace or "", scope=scope or ()
    ):
        name = ServiceName(namespace=row["namespace"], kind=row["kind"], name=row["name"])
        yield Line(name, {date.fromisoformat(day): (cpu, mem) for day, cpu, mem in row["days"]})


def _totals(row: Row) -> dict[str, object]:
    return {
        "services": row["services"],
        "pods": row["pods"],
        **{
            field: {name: row[f"{resource}_{name}"] for name in Amount.model_fields}
            for field, resource in (("cpu_m", "cpu"), ("mem_mib", "mem"))
        },
    }


async def trend(
    clickhouse: ClickHouse,
    env: str,
    since: date,
    until: date,
    *,
    namespace: str | None = None,
    scope: Sequence[str] | None = None,
) -> list[DayTotals]:
    """Return totals day by day: of an env, of its namespaces in scope, or of one namespace."""
    named = IN_NAMESPACE if namespace is not None else ""
    rows = await clickhouse.fetch(
        trend_statement(named + namespace_filter(scope)),
        env=env,
        since=since,
        until=until,
        namespace=namespace or "",
        scope=scope or (),
    )
    return [DayTotals.model_validate({"date": row["date"], **_totals(row)}) for row in rows]


async def namespaces(
    clickhouse: ClickHouse, env: str, day: date, scope: Sequence[str] | None
) -> list[NamespaceTotals]:
    """Return the totals of each namespace on one day, with their share of the whole."""
    statement = NAMESPACES.format(filter=namespace_filter(scope))
    rows = await clickhouse.fetch(statement, env=env, since=day, until=day, scope=scope or ())
    shares = {"cpu_share": "cpu_used", "mem_share": "mem_used", "pod_share": "pods"}
    whole = {column: sum(row[column] for row in rows) for column in shares.values()}
    return [
        NamespaceTotals.model_validate(
            {
                "namespace": row["namespace"],
                **{
                    share: row[column] / whole[column] if whole[column] else None
                    for share, column in shares.items()
                },
                **_totals(row),
            }
        )
        for row in rows
    ]


async def unregistered(clickhouse: ClickHouse, env: str, day: date, scope: Sequence[str] | None) -> int:
    """Return how many services were seen on a day and are not registered."""
    statement = unregistered_statement(namespace_filter(scope))
    row = await clickhouse.fetch_one(statement, env=env, since=day, until=day, scope=scope or ())
    return int(row["unregistered"]) if row else 0


async def top(
    clickhouse: ClickHouse, env: str, day: date, by: str, limit: int, scope: Sequence[str] | None
) -> list[TopItem]:
    """Return the services with the largest value on one day."""
    statement = TOPS[by].format(filter=namespace_filter(scope))
    rows = await clickhouse.fetch(statement, env=env, since=day, until=day, limit=limit, scope=scope or ())
    own = ("namespace", "kind", "name", "value")
    return [TopItem.model_validate({**{name: row[name] for name in own}, **_totals(row)}) for row in rows]


async def service(clickhouse: ClickHouse, key: ServicePath, since: date, until: date) -> list[ContainerDay]:
    """Return one service's containers day by day."""
    rows = await clickhouse.fetch(SERVICE, **key.model_dump(), since=since, until=until)
    return [ContainerDay.model_validate(row) for row in rows]
