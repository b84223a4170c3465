"""What the score looks at: one day's containers, what was derived for them, and the kills of two weeks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_api.control.queries import derived_containers
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import Value
from kubedoor_core.domain.control import ContainerValues
from kubedoor_core.domain.score import ScoredContainer, ScoredDay
from kubedoor_core.domain.workload import ServiceKey, WorkloadKind

OOM_DAYS = 14
IN_NAMESPACE = " AND namespace = {namespace:String}"
NAMED = " AND kind = {kind:String} AND name = {name:String}"
USED = """
SELECT namespace, kind, name,
    minIf(coverage, date = {{date:Date}}) AS coverage,
    uniqExactIf(date, oom_kills > 0) AS oom_days,
    countIf(oom_kills IS NOT NULL) > 0 AS oom_known,
    maxIf(pod_count, date = {{date:Date}}) AS pods,
    groupArrayIf(tuple(container, p95_cpu_m, p95_mem_mib, p95_cpu_hot_m, request_cpu_m, request_mem_mib,
        limit_cpu_m, limit_mem_mib, throttled_pct), date = {{date:Date}}) AS containers
FROM resource_daily FINAL
WHERE env = {{env:String}} AND date BETWEEN {{since:Date}} AND {{date:Date}} AND NOT deleted{filter}
GROUP BY namespace, kind, name
HAVING notEmpty(containers)
ORDER BY namespace, kind, name
"""
TRAFFIC = """
SELECT namespace, kind, name, maxIf(error_pct, date = {{date:Date}}) AS error_pct,
    maxIf(latency_p95_ms, date = {{date:Date}}) AS latency_ms,
    quantileExactInclusiveOrNull(0.5)(latency_p95_ms) AS usual_latency_ms
FROM traffic_daily FINAL
WHERE env = {{env:String}} AND date BETWEEN {{since:Date}} AND {{date:Date}} AND NOT deleted{filter}
GROUP BY namespace, kind, name
"""
Key = tuple[str, WorkloadKind, str]
Derived = Mapping[ServiceKey, Sequence[ContainerValues]]


class Which(NamedTuple):
    """Which services: of a namespace, or one; and of the namespaces that may be seen (None: all)."""

    namespace: str | None = None
    kind: WorkloadKind | None = None
    name: str | None = None
    scope: Sequence[str] | None = None

    @property
    def filter(self) -> str:
        """The condition."""
        of_one = NAMED if self.name is not None else ""
        return (IN_NAMESPACE if self.namespace is not None else "") + of_one + namespace_filter(self.scope)

    @property
    def namespaces(self) -> Sequence[str] | None:
        """The namespaces that they may be of."""
        return self.scope if self.namespace is None else [self.namespace]

    @property
    def parameters(self) -> dict[str, Value]:
        """The condition's parameters."""
        return {
            "namespace": self.namespace or "",
            "kind": self.kind or "",
            "name": self.name or "",
            "scope": self.scope or (),
        }


class Asked(NamedTuple):
    """Errors and P95 latency of a service on a day, and the median of its latency over two weeks."""

    error_pct: float | None = None
    latency_ms: float | None = None
    usual_latency_ms: float | None = None


class Used(NamedTuple):
    """A service on a day, without what only its env's settings tell."""

    key: Key
    day: ScoredDay


async def traffic(clickhouse: ClickHouse, env: str, since: date, day: date, which: Which) -> dict[Key, Asked]:
    """Return errors and latency of a day, and the latency that is usual."""
    statement = TRAFFIC.format(filter=which.filter)
    rows = await clickhouse.fetch(statement, env=env, since=since, date=day, **which.parameters)
    return {
        (row["namespace"], row["kind"], row["name"]): Asked(
            row["error_pct"], row["latency_ms"], row["usual_latency_ms"]
        )
        for row in rows
    }


async def used(clickhouse: ClickHouse, env: str, day: date, which: Which) -> AsyncIterator[Used]:
    """Yield the services of a day."""
    requests = await derived_containers(clickhouse, env, which.namespaces)
    since = max(date(1970, 1, 1), day - timedelta(days=OOM_DAYS - 1))
    asked = await traffic(clickhouse, env, since, day, which)
    statement = USED.format(filter=which.filter)
    rows = clickhouse.iterate(statement, env=env, date=day, since=since, **which.parameters)
    async for row in rows:
        yield _used(row, day, requests, asked)


def _used(row: Row, day: date, requests: Derived, asked: Mapping[Key, Asked]) -> Used:
    key: Key = (row["namespace"], row["kind"], row["name"])
    derived = {one.name: one for one in requests.get(key, ())}
    containers = tuple(
        _container(figures, derived.get(figures[0], ContainerValues(figures[0])))
        for figures in row["containers"]
    )
    kills = row["oom_days"] if row["oom_known"] else None
    of_traffic = asked.get(key, Asked())
    scored = ScoredDay(
        day,
        containers,
        replicas=row["pods"],
        oom_days=kills,
        coverage=row["coverage"],
        error_pct=of_traffic.error_pct,
        latency_ms=of_traffic.latency_ms,
        usual_latency_ms=of_traffic.usual_latency_ms,
    )
    return Used(key, scored)


def _container(figures: Sequence[Any], derived: ContainerValues) -> ScoredContainer:
    name, cpu_m, mem_mib, hot_cpu_m, request_cpu_m, request_mem_mib, limit_cpu_m, limit_mem_mib, throttled = (
        figures
    )
    return ScoredContainer(
        name,
        p95_cpu_m=cpu_m,
        p95_mem_mib=mem_mib,
        hot_cpu_m=hot_cpu_m,
        request_cpu_m=request_cpu_m,
        request_mem_mib=request_mem_mib,
        limit_cpu_m=limit_cpu_m,
        limit_mem_mib=limit_mem_mib,
        derived_cpu_m=derived.request_cpu_m,
        derived_mem_mib=derived.request_mem_mib,
        throttled_pct=throttled,
    )
