"""What the score looks at: a day's containers, JVMs and requests, what was derived and advised, and kills."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_api.control.figures.queries import TRAFFIC, usual_since
from kubedoor_api.control.queries import derived_containers
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import Value
from kubedoor_core.clickhouse.queries import OF_A_KIND
from kubedoor_core.domain.control import ContainerValues
from kubedoor_core.domain.score import ScoredContainer, ScoredDay
from kubedoor_core.domain.workload import WorkloadKind

IN_NAMESPACE = " AND namespace = {namespace:String}"
NAMED = " AND kind = {kind:String} AND name = {name:String}"
USED = """
SELECT namespace, kind, name,
    minIf(coverage, date = {{date:Date}}) AS coverage,
    uniqExactIf(date, oom_kills > 0) AS oom_days,
    maxIf(date, oom_kills > 0) AS oom_last,
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
JVMS = """
SELECT namespace, kind, name,
    groupArray(tuple(container, gc_overhead_pct, full_gc, heap_live_mib, heap_max_mib)) AS jvms
FROM jvm_daily FINAL
WHERE env = {{env:String}} AND date = {{date:Date}} AND NOT deleted{filter}
GROUP BY namespace, kind, name
"""
NEEDED = """
SELECT namespace, kind, name, argMax(tuple(replicas_needed), at).1 AS needed
FROM advice
WHERE env = {{env:String}} AND as_of BETWEEN {{since:Date}} AND {{date:Date}}{filter}
GROUP BY namespace, kind, name
"""
"""The pods that the last advice up to a day found to be needed; NULL where it did not know."""
Key = tuple[str, WorkloadKind, str]


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


class Beside(NamedTuple):
    """What is known of services beside their use: rows of traffic, JVMs by container, and pods needed."""

    traffic: Mapping[Key, Row]
    jvms: Mapping[Key, Mapping[str, Jvm]]
    needed: Mapping[Key, int | None]


class Jvm(NamedTuple):
    """What a container's JVMs did; per cent, a count, MiB."""

    gc_pct: float | None = None
    full_gc: float | None = None
    heap_live_mib: float | None = None
    heap_max_mib: float | None = None


NO_JVM = Jvm()


class Used(NamedTuple):
    """A service on a day, without what only its env's settings tell."""

    key: Key
    day: ScoredDay


async def beside(clickhouse: ClickHouse, env: str, day: date, which: Which) -> Beside:
    """Return what is known of services beside their use."""
    asked: dict[str, Value] = {"env": env, "date": day, "since": usual_since(day), **which.parameters}
    traffic, jvms, needed = await asyncio.gather(
        *(clickhouse.fetch(each.format(filter=which.filter), **asked) for each in (TRAFFIC, JVMS, NEEDED))
    )
    return Beside(
        {_key(row): row for row in traffic if row["counted"]},
        {_key(row): {name: Jvm(*figures) for name, *figures in row["jvms"]} for row in jvms},
        {_key(row): row["needed"] for row in needed},
    )


def _key(row: Row) -> Key:
    return row["namespace"], row["kind"], row["name"]


async def used(clickhouse: ClickHouse, env: str, day: date, which: Which) -> AsyncIterator[Used]:
    """Yield the services of a day."""
    requests = await derived_containers(clickhouse, env, which.namespaces)
    known = await beside(clickhouse, env, day, which)
    statement = USED.format(filter=f" AND {OF_A_KIND}{which.filter}")
    rows = clickhouse.iterate(statement, env=env, date=day, since=usual_since(day), **which.parameters)
    async for row in rows:
        key = _key(row)
        derived = {one.name: one for one in requests.get(key, ())}
        jvms = known.jvms.get(key, {})
        containers = [
            _container(
                figures, derived.get(figures[0], ContainerValues(figures[0])), jvms.get(figures[0], NO_JVM)
            )
            for figures in row["containers"]
        ]
        measured = {one.name for one in containers}
        containers += [
            ScoredContainer(name, limits_known=False, **jvm._asdict())
            for name, jvm in jvms.items()
            if name not in measured
        ]
        traffic = known.traffic.get(key, {})
        scored = ScoredDay(
            day,
            tuple(containers),
            replicas=row["pods"],
            needed=known.needed.get(key),
            oom_days=row["oom_days"] if row["oom_known"] else None,
            oom_last=date.fromisoformat(row["oom_last"]) if row["oom_days"] else None,
            coverage=row["coverage"],
            error_pct=traffic.get("error_pct"),
            latency_ms=traffic.get("latency_ms"),
            usual_latency_ms=traffic.get("usual_latency_ms"),
        )
        yield Used(key, scored)


def _container(figures: Sequence[Any], derived: ContainerValues, jvm: Jvm) -> ScoredContainer:
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
        **jvm._asdict(),
    )
