"""The statements of statistics."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_api.statistics.totals.models import (
    Amount,
    ContainerDay,
    DayTotals,
    JvmDay,
    NamespaceTotals,
    ServiceLine,
    ServiceTotals,
    Totals,
    TrafficDay,
)
from kubedoor_api.web.fields import ServicePath
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.queries import SERVICE_KEY

# A day's rows lie in one partition, so FINAL need not look across them.
FINAL = "SETTINGS do_not_merge_across_partitions_select_final = 1"

AMOUNTS = tuple(Amount.model_fields)


def _amounts(name: str, unit: str) -> str:
    """Return the columns of one resource over a service's containers."""
    used, requested, limited = (f"r.{what}_{name}_{unit}" for what in ("p95", "request", "limit"))
    values = {
        "used": used,
        "requested": requested,
        "limited": limited,
        "waste": f"greatest(toInt64({requested}) - {used}, 0)",
        "shortage": f"greatest(toInt64({used}) - {requested}, 0)",
    }
    return ", ".join(
        f"sum(ifNull(toUInt64(r.pod_count) * {value}, 0)) AS {name}_{amount}"
        for amount, value in values.items()
    )


# One row per service and day: `pods` once, the resources over its containers.
SERVICES = f"""
SELECT date, namespace, kind, name, ifNull(max(r.pod_count), 0) AS pods,
    {_amounts("cpu", "m")}, {_amounts("mem", "mib")}, max(r.cpu_pct) AS cpu_pct, max(r.mem_pct) AS mem_pct
FROM resource_daily AS r FINAL
WHERE env = {{{{env:String}}}} AND NOT deleted AND date BETWEEN {{{{since:Date}}}} AND {{{{until:Date}}}}{{filter}}
GROUP BY date, namespace, kind, name
"""  # noqa: S608, E501 constants of this file
SUMS = "count() AS services, sum(s.pods) AS pods, " + ", ".join(
    f"sum(s.{resource}_{amount}) AS {resource}_{amount}" for resource in ("cpu", "mem") for amount in AMOUNTS
)
IN_NAMESPACE = " AND namespace = {namespace:String}"
TREND = f"SELECT s.date AS date, {SUMS} FROM ({SERVICES}) AS s GROUP BY date ORDER BY date {FINAL}"  # noqa: S608 constants of this file
NAMESPACES = f"""
SELECT s.namespace AS namespace, {SUMS} FROM ({SERVICES}) AS s GROUP BY namespace
ORDER BY cpu_used DESC, namespace {FINAL}
"""  # noqa: S608 constants of this file
NAMESPACES_OF_ENVS = (
    TREND.replace("s.date AS date", "s.env AS env, s.namespace AS namespace")
    .replace("SELECT date, namespace", "SELECT env, date, namespace")
    .replace("GROUP BY date, namespace", "GROUP BY env, date, namespace")
    .replace("GROUP BY date ORDER BY date", "GROUP BY env, namespace")
    .replace("env = {{env:String}}", "env IN ({{envs:Array(String)}})")
)
UNREGISTERED = f"""
SELECT count() AS unregistered FROM (SELECT namespace, kind, name FROM ({SERVICES})) AS seen
LEFT ANTI JOIN (SELECT namespace, kind, name FROM effective WHERE env = {{{{env:String}}}}) AS e
    USING (namespace, kind, name)
{FINAL}
"""  # noqa: S608 constants of this file

WASTEFUL = f"""
SELECT *, 1 AS services FROM ({SERVICES}) WHERE cpu_waste > 0
ORDER BY cpu_waste DESC, namespace, name, kind LIMIT {{{{limit:UInt32}}}} {FINAL}
"""  # noqa: S608 constants of this file

SERVICE = f"""
SELECT date, container, pod_count, p95_cpu_m, p95_cpu_hot_m, p95_mem_mib, p95_mem_hot_mib, max_mem_mib,
    request_cpu_m, limit_cpu_m, request_mem_mib, limit_mem_mib, oom_kills, throttled_pct, coverage
FROM resource_daily FINAL
WHERE {SERVICE_KEY}
    AND NOT deleted AND date BETWEEN {{since:Date}} AND {{until:Date}}
ORDER BY date, container {FINAL}
"""  # noqa: S608 constants of this file

TRAFFIC = f"""
SELECT date, source, qps_p95, qps_max, qps_hot_pod, requests, errors, error_pct,
    latency_p50_ms, latency_p95_ms, latency_p99_ms, coverage
FROM traffic_daily FINAL
WHERE {SERVICE_KEY}
    AND NOT deleted AND date BETWEEN {{since:Date}} AND {{until:Date}}
ORDER BY date {FINAL}
"""  # noqa: S608 constants of this file

JVM = f"""
SELECT date, container, source, heap_max_mib, heap_used_p95_mib, heap_live_mib, nonheap_p95_mib,
    gc_overhead_pct, gc_per_min, full_gc, gc_pause_max_ms, threads_p95, coverage
FROM jvm_daily FINAL
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


async def dates(clickhouse: ClickHouse, env: str, since: date, until: date) -> list[date]:
    """Return the days that were collected, oldest first."""
    rows = await clickhouse.fetch(DATES, env=env, since=since, until=until)
    return [date.fromisoformat(row["date"]) for row in rows]


async def service_lines(
    clickhouse: ClickHouse,
    env: str,
    days: Sequence[date],
    namespace: str | None,
    scope: Sequence[str] | None,
    *_: int,
) -> AsyncIterator[tuple[ServiceLine, int]]:
    """Yield each service's P95 on some days; of one namespace, or of all in scope."""
    statement = LINES.format(filter=(IN_NAMESPACE if namespace is not None else "") + namespace_filter(scope))
    async for row in clickhouse.iterate(
        statement, env=env, since=days[0], until=days[-1], namespace=namespace or "", scope=scope or ()
    ):
        found = {day: (cpu, mem) for day, cpu, mem in row.pop("days")}
        points = [found.get(day.isoformat(), (None, None)) for day in days]
        cpu_m, mem_mib = zip(*points, strict=True)
        yield ServiceLine.model_validate({**row, "cpu_m": cpu_m, "mem_mib": mem_mib}), 1


def _totals(row: Row) -> dict[str, object]:
    return {
        "services": row["services"],
        "pods": row["pods"],
        **{
            field: {name: row[f"{resource}_{name}"] for name in AMOUNTS}
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
        TREND.format(filter=named + namespace_filter(scope)),
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


async def namespaces_of_envs(
    clickhouse: ClickHouse, envs: Sequence[str], day: date
) -> dict[tuple[str, str], Totals]:
    """Return the totals of each namespace of some envs on one day, by env and namespace."""
    rows = await clickhouse.fetch(NAMESPACES_OF_ENVS.format(filter=""), envs=envs, since=day, until=day)
    return {(row["env"], row["namespace"]): Totals.model_validate(_totals(row)) for row in rows}


async def unregistered(clickhouse: ClickHouse, env: str, day: date, scope: Sequence[str] | None) -> int:
    """Return how many services were seen on a day and are not registered."""
    statement = UNREGISTERED.format(filter=namespace_filter(scope))
    row = await clickhouse.fetch_one(statement, env=env, since=day, until=day, scope=scope or ())
    return int(row["unregistered"]) if row else 0


async def wasteful(
    clickhouse: ClickHouse, env: str, day: date, limit: int, scope: Sequence[str] | None
) -> list[ServiceTotals]:
    """Return the services that request most CPU above their use on one day, the largest first."""
    statement = WASTEFUL.format(filter=namespace_filter(scope))
    rows = await clickhouse.fetch(statement, env=env, since=day, until=day, limit=limit, scope=scope or ())
    own = ("namespace", "kind", "name")
    return [ServiceTotals.model_validate({name: row[name] for name in own} | _totals(row)) for row in rows]


async def service(clickhouse: ClickHouse, key: ServicePath, since: date, until: date) -> list[ContainerDay]:
    """Return one service's containers day by day."""
    rows = await clickhouse.fetch(SERVICE, **key.model_dump(), since=since, until=until)
    return [ContainerDay.model_validate(row) for row in rows]


async def traffic(clickhouse: ClickHouse, key: ServicePath, since: date, until: date) -> list[TrafficDay]:
    """Return what one service was asked, day by day."""
    rows = await clickhouse.fetch(TRAFFIC, **key.model_dump(), since=since, until=until)
    return [TrafficDay.model_validate(row) for row in rows]


async def jvm(clickhouse: ClickHouse, key: ServicePath, since: date, until: date) -> list[JvmDay]:
    """Return what the JVMs of one service did, day by day."""
    rows = await clickhouse.fetch(JVM, **key.model_dump(), since=since, until=until)
    return [JvmDay.model_validate(row) for row in rows]
