"""The statements of advice: what it is made from, what was made, and what people decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import Value, in_parts, written
from kubedoor_core.clickhouse.queries import KNOWN_BY_SLOT, MOST_MEM_MIB, USED_BY_SLOT

DEPLOYMENTS = "env = {{env:String}} AND kind = 'Deployment'"
IN_NAMESPACE, NAMED = " AND namespace = {namespace:String}", " AND name IN ({names:Array(String)})"

# What all pods of a container used together, P99 over the five minutes of a day that are known.
DAY_CPU_M = f"""if(arrayExists(m -> m IS NOT NULL, profile_cpu_m), arrayReduce('quantileExactInclusive(0.99)',
    arrayFilter((used, known) -> known = 1, {USED_BY_SLOT}, {KNOWN_BY_SLOT})), NULL)"""
DAYS = f"""
SELECT namespace, name, container, max(date) AS last,
    argMax(tuple(request_cpu_m, limit_cpu_m, request_mem_mib, limit_mem_mib), date) AS asked,
    groupArray(tuple(date - {{{{since:Date}}}}, pod_count, coverage, p95_cpu_m, p95_cpu_hot_m, {DAY_CPU_M},
        {MOST_MEM_MIB}, throttled_pct, oom_kills)) AS days
FROM resource_daily FINAL
WHERE {DEPLOYMENTS} AND date BETWEEN {{{{since:Date}}}} AND {{{{until:Date}}}} AND NOT deleted{{filter}}
GROUP BY namespace, name, container
ORDER BY namespace, name, container
"""  # noqa: S608 constants of this file
TRAFFIC = f"""
SELECT namespace, name,
    groupArray(tuple(date - {{{{since:Date}}}}, qps_p95, error_pct, latency_p95_ms)) AS days
FROM traffic_daily FINAL
WHERE {DEPLOYMENTS} AND date BETWEEN {{{{since:Date}}}} AND {{{{until:Date}}}} AND NOT deleted{{filter}}
GROUP BY namespace, name
"""  # noqa: S608 constants of this file
JVM = f"""
SELECT namespace, name, container,
    groupArray(tuple(date - {{{{since:Date}}}}, heap_live_mib, heap_max_mib, gc_overhead_pct)) AS days
FROM jvm_daily FINAL
WHERE {DEPLOYMENTS} AND date BETWEEN {{{{since:Date}}}} AND {{{{until:Date}}}} AND NOT deleted{{filter}}
GROUP BY namespace, name, container
"""  # noqa: S608 constants of this file

# A version may have been written twice, by its writer and by a helper: the same row. The count by hand stands
# since the first of the latest versions that have it.
STANDING = f"""
SELECT namespace, name, e.replicas AS replicas, e.autoscaled AS autoscaled, e.mode AS mode,
    e.control_version AS version, d.first_seen AS first_seen, a.min_replicas AS least, a.max_replicas AS most,
    h.edited_at AS edited_at, if(e.replicas_manual IS NULL, NULL, h.counted_at) AS counted_at,
    s.until AS dismissed_until
FROM (SELECT * FROM effective WHERE {DEPLOYMENTS}{{filter}}) AS e
LEFT JOIN
(
    SELECT namespace, name, first_seen FROM derived FINAL WHERE {DEPLOYMENTS} AND NOT deleted{{filter}}
) AS d USING (namespace, name)
LEFT JOIN
(
    SELECT namespace, name, min_replicas, max_replicas FROM autoscaler FINAL
    WHERE {DEPLOYMENTS} AND NOT deleted{{filter}}
) AS a USING (namespace, name)
LEFT JOIN
(
    SELECT namespace, name, toNullable(max(updated_at)) AS edited_at,
        arrayReverseSort(groupArray((version, ifNull(toInt64(replicas_manual), -1), updated_at))) AS versions,
        arrayFirstIndex(v -> v.2 != versions[1].2, versions) AS other,
        toNullable(versions[if(other = 0, length(versions), other - 1)].3) AS counted_at
    FROM control_history WHERE {DEPLOYMENTS}{{filter}} GROUP BY namespace, name
) AS h USING (namespace, name)
LEFT JOIN
(
    SELECT namespace, name, argMax(until, at) AS until
    FROM advice_decision WHERE {DEPLOYMENTS} AND decision = 'dismissed'{{filter}} GROUP BY namespace, name
) AS s USING (namespace, name)
"""  # noqa: S608 constants of this file

# Requests a second of one pod on each day on which both are known.
LOADS = f"""
SELECT namespace, name, groupArray(tuple(date - {{{{since:Date}}}}, qps / pods)) AS days
FROM
(
    SELECT namespace, name, date, qps_p95 AS qps FROM traffic_daily FINAL
    WHERE {DEPLOYMENTS} AND date BETWEEN {{{{since:Date}}}} AND {{{{until:Date}}}} AND NOT deleted
        AND name IN ({{{{names:Array(String)}}}}) AND qps_p95 IS NOT NULL
) AS t
JOIN
(
    SELECT namespace, name, date, max(pod_count) AS pods FROM resource_daily FINAL
    WHERE {DEPLOYMENTS} AND date BETWEEN {{{{since:Date}}}} AND {{{{until:Date}}}} AND NOT deleted
        AND name IN ({{{{names:Array(String)}}}})
    GROUP BY namespace, name, date HAVING pods > 0
) AS r USING (namespace, name, date)
GROUP BY namespace, name
""".format()  # noqa: S608 constants of this file

FLOOR = """
SELECT maxOrNull(as_of) AS as_of FROM advice WHERE env = {env:String}
"""
# A service that is gone is in no later making. What was decided on waits for the next one, and does not give
# way to the one before.
LATEST = f"""
SELECT * FROM
(
    SELECT * FROM advice
    WHERE {DEPLOYMENTS} AND as_of >= {{{{floor:Date}}}}{{filter}}
    ORDER BY at DESC, id LIMIT 1 BY namespace, kind, name
)
WHERE id NOT IN (SELECT advice_id FROM advice_decision WHERE env = {{{{env:String}}}})
"""  # noqa: S608 constants of this file
MONEY, CPU_M, MEM_MIB = (
    f"JSONExtract(saving, '{name}', 'Nullable(Float64)')" for name in ("money_month", "cpu_m", "mem_mib")
)
PAGE = f"""
SELECT * FROM
(SELECT *, {MONEY} AS money, {CPU_M} AS cpu_m,
    toInt64(replicas_now) - toInt64(replicas_advised) AS pods FROM ({{latest}}))
WHERE true{{having}}
ORDER BY {{order}} {{direction}} NULLS LAST, cpu_m {{direction}} NULLS LAST, namespace, name
LIMIT {{{{limit:UInt32}}}} OFFSET {{{{offset:UInt32}}}}
"""  # noqa: S608 constants of this file
COUNTED = "verdict IN ('fewer', 'more')"
TOTALS = f"""
SELECT verdict, count() AS services, countIf(listed) AS listed_services,
    sumIf(toInt64(replicas_now) - toInt64(ifNull(replicas_advised, replicas_now)), counted) AS pods,
    sumIf({CPU_M}, counted) AS cpu_m, sumIf({MEM_MIB}, counted) AS mem_mib, sumIf({MONEY}, counted) AS money
FROM (SELECT *, true{{having}} AS listed, {COUNTED} AND listed AS counted FROM
(SELECT *, {MONEY} AS money FROM ({{latest}})))
GROUP BY verdict ORDER BY verdict
"""  # noqa: S608 constants of this file
HAVING_VERDICT, HAVING_MONEY = " AND verdict = {verdict:String}", " AND money >= {min_month:Float64}"
ORDERS = {"money": "money", "pods": "pods"}
BY_ID = f"""
SELECT * FROM advice
WHERE {DEPLOYMENTS} AND id IN ({{{{ids:Array(String)}}}})
""".format()  # noqa: S608 constants of this file
LAST_OF_EACH = f"""
SELECT * FROM advice WHERE {DEPLOYMENTS} AND as_of >= {{{{floor:Date}}}}
ORDER BY at DESC, id LIMIT 1 BY namespace, kind, name
""".format()  # noqa: S608 constants of this file
DECIDED = """
SELECT DISTINCT advice_id FROM advice_decision
WHERE env = {env:String} AND advice_id IN ({ids:Array(String)})
    AND {decision:String} IN ('', decision)
"""
COLLECTING = """
SELECT count() AS n FROM collection_run FINAL
WHERE env = {env:String} AND NOT deleted AND state = 'running'
    AND heartbeat_at >= {since:DateTime64(3, 'UTC')}
"""
GIVEN_UP = timedelta(minutes=10)
"""A collection that has said nothing for so long is over."""
LAST_OF = f"""
SELECT * FROM advice
WHERE {DEPLOYMENTS} AND namespace = {{{{namespace:String}}}} AND name = {{{{name:String}}}}
ORDER BY at DESC, id LIMIT 1
""".format()  # noqa: S608 constants of this file

Decision = Literal["accepted", "dismissed", "expired"]
Key = tuple[str, str]
"""Namespace and name of a Deployment."""


@dataclass(frozen=True)
class Which:
    """Which Deployments: all, those of some namespaces, or a few by name of one.

    :ivar scope: namespaces that are looked at; None: any.
    """

    namespace: str | None = None
    names: tuple[str, ...] | None = None
    scope: Sequence[str] | None = None

    @property
    def filter(self) -> str:
        """The condition that holds rows to them."""
        named = IN_NAMESPACE if self.namespace is not None else ""
        return named + (NAMED if self.names is not None else "") + namespace_filter(self.scope)

    @property
    def parameters(self) -> dict[str, Value]:
        """The condition's parameters."""
        return {"namespace": self.namespace or "", "names": self.names or (), "scope": self.scope or ()}


EVERY = Which()


class Read(NamedTuple):
    """Rows of days, each with its days as tuples whose first member is the day's place from the first on."""

    containers: list[Row]
    traffic: list[Row]
    jvm: list[Row]


class Standing(NamedTuple):
    """What people and the control table say of a registered Deployment.

    :ivar replicas: the count that holds; ``least`` and ``most`` what its autoscaler keeps.
    :ivar version: of the expert's row; 0 while there is none.
    :ivar edited_at: of the last edit, UTC; ``counted_at`` since when its count by hand stands.
    """

    namespace: str
    name: str
    replicas: int | None
    autoscaled: bool
    mode: str | None
    version: int
    first_seen: date | None
    least: int | None
    most: int | None
    edited_at: datetime | None
    counted_at: datetime | None
    dismissed_until: date | None


class VerdictTotals(NamedTuple):
    """What the advice of one verdict comes to; ``services`` whether it is listed or not."""

    verdict: str
    services: int
    listed_services: int
    pods: int
    cpu_m: float | None
    mem_mib: float | None
    money: float | None


async def days(clickhouse: ClickHouse, env: str, since: date, until: date, which: Which) -> Read:
    """Return the rows of the days from one to another, both included."""
    asked: dict[str, Value] = {"env": env, "since": since, "until": until, **which.parameters}
    statements = (one.format(filter=which.filter) for one in (DAYS, TRAFFIC, JVM))
    return Read(*[await clickhouse.fetch(statement, **asked) for statement in statements])


async def standing(clickhouse: ClickHouse, env: str, which: Which) -> dict[Key, Standing]:
    """Return what people and the control table say of registered Deployments."""
    statement = STANDING.format(filter=which.filter)
    rows = await clickhouse.fetch_as(Standing, statement, env=env, **which.parameters)
    return {(row.namespace, row.name): row for row in rows}


async def made_as_of(clickhouse: ClickHouse, env: str) -> date | None:
    """Return the last day that the latest advice of an env looked at; None while there is none."""
    row = await clickhouse.fetch_one(FLOOR, env=env)
    return date.fromisoformat(row["as_of"]) if row and row["as_of"] else None


def _having(verdict: str | None, min_month: float | None) -> str:
    return (HAVING_VERDICT if verdict else "") + ("" if min_month is None else HAVING_MONEY)


async def page(
    clickhouse: ClickHouse,
    env: str,
    as_of: date,
    which: Which,
    having: tuple[str | None, float | None],
    sort: str,
    part: tuple[int, int],
) -> list[Row]:
    """Return one part of the latest advice.

    :param as_of: the last day that it looked at; advice of the day before counts where there is none later.
    :param having: the verdict and the least money a month; None: any.
    :param part: limit and offset.
    """
    column = sort.removeprefix("-")
    # `AdviceSort` is the white list; the names settle ties, so that pages don't overlap.
    statement = PAGE.format(
        latest=LATEST.format(filter=which.filter),
        having=_having(*having),
        order=ORDERS.get(column, column),
        direction="DESC" if sort.startswith("-") else "ASC",
    )
    asked = _asked(env, as_of, which, having)
    return await clickhouse.fetch(statement, **asked, limit=part[0], offset=part[1])


async def totals(
    clickhouse: ClickHouse, env: str, as_of: date, which: Which, having: tuple[str | None, float | None]
) -> list[VerdictTotals]:
    """Return what the latest advice comes to, by verdict."""
    statement = TOTALS.format(latest=LATEST.format(filter=which.filter), having=_having(*having))
    return await clickhouse.fetch_as(VerdictTotals, statement, **_asked(env, as_of, which, having))


def _asked(env: str, as_of: date, which: Which, having: tuple[str | None, float | None]) -> Mapping[str, Any]:
    verdict, min_month = having
    limits = {"floor": as_of - timedelta(days=1), "verdict": verdict or "", "min_month": min_month or 0.0}
    return {"env": env, **limits, **which.parameters}


async def latest(clickhouse: ClickHouse, env: str) -> dict[Key, Row]:
    """Return the latest advice on each Deployment, decided on or not."""
    as_of = await made_as_of(clickhouse, env)
    if as_of is None:
        return {}
    rows = await clickhouse.fetch(LAST_OF_EACH, env=env, floor=as_of - timedelta(days=1))
    return {(row["namespace"], row["name"]): row for row in rows}


async def is_collecting(clickhouse: ClickHouse, env: str) -> bool:
    """Tell whether a collection is under way, so that days are still coming in."""
    row = await clickhouse.fetch_one(COLLECTING, env=env, since=datetime.now(UTC) - GIVEN_UP)
    return bool(row and row["n"])


async def by_id(clickhouse: ClickHouse, env: str, ids: Sequence[str]) -> dict[str, Row]:
    """Return advice by its identity."""
    parts = [await clickhouse.fetch(BY_ID, env=env, ids=part) for part in in_parts(ids)]
    return {row["id"]: row for rows in parts for row in rows}


async def decided(
    clickhouse: ClickHouse, env: str, ids: Sequence[str], decision: Decision | None = None
) -> frozenset[str]:
    """Return which of some advice was decided on.

    :param decision: in which way; None: in any.
    """
    parts = [
        await clickhouse.fetch(DECIDED, env=env, ids=part, decision=decision or "") for part in in_parts(ids)
    ]
    return frozenset(row["advice_id"] for rows in parts for row in rows)


async def loads(
    clickhouse: ClickHouse, env: str, since: date, until: date, keys: Sequence[Key]
) -> dict[Key, list[float | None]]:
    """Return the requests a second of one pod by the day; nothing of a service of which nobody tells."""
    names, days = sorted({name for _, name in keys}), (until - since).days + 1
    found: dict[Key, list[float | None]] = {}
    for part in in_parts(names):
        asked: dict[str, Value] = {"since": since, "until": until, "names": part}
        for row in await clickhouse.fetch(LOADS, env=env, **asked):
            line: list[float | None] = [None] * days
            for day, load in row["days"]:
                line[day] = round(load, 3)
            found[row["namespace"], row["name"]] = line
    return found


async def last_of(clickhouse: ClickHouse, env: str, namespace: str, name: str) -> Row | None:
    """Return the latest advice on a Deployment, or None."""
    return await clickhouse.fetch_one(LAST_OF, env=env, namespace=namespace, name=name)


async def insert(clickhouse: ClickHouse, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows."""
    if rows:
        await clickhouse.insert(table, list(map(written, rows)))
