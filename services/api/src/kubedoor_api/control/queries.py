"""The statements of services: the control table, what was derived, and the latest peak."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_api.control.figures import queries as figures
from kubedoor_api.control.figures.models import NO_FIGURES, NO_SOURCES, Figures, FigureSources
from kubedoor_api.control.models import ContainerPeak, ServiceQuery
from kubedoor_api.web.fields import ServiceKey, ServicePath
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.queries import (
    AUTOSCALER_COLUMNS,
    CONTAINER_COLUMNS,
    DERIVED_COLUMNS,
    EXPERT_COLUMNS,
    OF_A_KIND,
    SERVICE_KEY,
    select,
)
from kubedoor_core.domain.autoscaler import Autoscaler, autoscaler_from_row
from kubedoor_core.domain.control import (
    ContainerValues,
    DerivedRow,
    ExpertRow,
    Values,
    containers_of,
    derived_from_row,
    effective,
    expert_from_row,
)
from kubedoor_core.domain.workload import WorkloadKind

COLLECTED_DAYS = """
WITH
    (
        SELECT (minOrNull(date), maxOrNull(date)) FROM resource_daily WHERE env = {env:String} AND NOT deleted
    ) AS collected_days,
    collected_days.1 AS first, collected_days.2 AS latest"""
"""The first and the latest collected day, for what follows."""
DAYS = f"{COLLECTED_DAYS} SELECT first, latest"
PEAK_COLUMNS = tuple(ContainerPeak.model_fields)
PEAK_OF = f"""
    max(r.pod_count) AS pod_count, any(r.window_start) AS window_start, any(r.window_end) AS window_end,
    groupArray(tuple(r.container, {", ".join(f"r.{name}" for name in PEAK_COLUMNS)})) AS peaks
"""
# Per service, its containers' use on one day.
PEAK = f"""
SELECT
    r.namespace AS namespace, r.kind AS kind, r.name AS name, {PEAK_OF},
    sum(r.p95_cpu_m) AS p95_cpu_m, sum(r.p95_mem_mib) AS p95_mem_mib,
    max(r.cpu_pct) AS cpu_pct, max(r.mem_pct) AS mem_pct
FROM
(
    SELECT * FROM resource_daily FINAL
    WHERE env = {{{{env:String}}}} AND date = {{{{date:Date}}}} AND NOT deleted{{daily_filter}}
) AS r
GROUP BY r.namespace, r.kind, r.name
"""  # noqa: S608 constants of this file

# Sorted and cut first, so that only the rows of the page meet the other tables, and sorted again after the
# joins, which promise no order.
LIST = f"""
WITH page AS
(
    SELECT
        namespace, kind, name, {{order}} AS sort_key, peaks, pod_count, window_start, window_end,
        count() OVER () AS total
    FROM
    (
        SELECT *, `containers.request_cpu_m` AS request_cpu_m, `containers.request_mem_mib` AS request_mem_mib
        FROM effective WHERE env = {{{{env:String}}}} AND {OF_A_KIND}{{filter}}
    ) AS e
    LEFT JOIN ({{peak}}) AS p USING (namespace, kind, name){{sorted_by}}
    ORDER BY sort_key {{direction}} NULLS LAST, namespace, name, kind
    LIMIT {{{{limit:UInt32}}}} OFFSET {{{{offset:UInt32}}}}
)
SELECT *
FROM page
LEFT JOIN
(
    SELECT namespace, kind, name, {select(EXPERT_COLUMNS, "c_")}
    FROM control FINAL WHERE env = {{{{env:String}}}}{{row_filter}}
) AS c USING (namespace, kind, name)
LEFT JOIN
(
    SELECT namespace, kind, name, {select(DERIVED_COLUMNS, "d_")}
    FROM derived FINAL WHERE env = {{{{env:String}}}} AND NOT deleted{{row_filter}}
) AS d USING (namespace, kind, name)
LEFT JOIN
(
    SELECT namespace, kind, name, {select(AUTOSCALER_COLUMNS, "a_")}
    FROM autoscaler FINAL WHERE env = {{{{env:String}}}} AND NOT deleted{{row_filter}}
) AS a USING (namespace, kind, name)
{{figures}}
ORDER BY sort_key {{direction}} NULLS LAST, namespace, name, kind
"""  # noqa: S608 constants of this file


WITH_SOURCES = f"""{COLLECTED_DAYS},
    ifNull(latest, toDate(0)) AS day,
    {figures.SOURCES.replace("{date:Date}", "day")}"""
"""Likewise, and who told anything on the latest."""
SHOWN = f"{WITH_SOURCES} SELECT first, latest, traffic_sources, jvm_sources"

ORDERS = {
    name: f"arraySum(arrayMap(v -> ifNull(v, 0), {name}))" for name in ("request_cpu_m", "request_mem_mib")
}
"""What a list is sorted by where that is no column; `SortKey` is the white list of the others."""

SEARCH = """ AND (positionCaseInsensitiveUTF8(namespace, {q:String}) > 0
    OR positionCaseInsensitiveUTF8(name, {q:String}) > 0
    OR arrayExists(n -> positionCaseInsensitiveUTF8(n, {q:String}) > 0, `containers.name`))"""
IN_NAMESPACE = " AND namespace = {namespace:String}"

COUNT = f"SELECT count() AS n FROM effective WHERE env = {{env:String}} AND {OF_A_KIND}"  # noqa: S608 constants
EXPERT_ROWS = f"""
SELECT {select(EXPERT_COLUMNS)} FROM control FINAL
WHERE env = {{{{env:String}}}} AND {OF_A_KIND}{{filter}} ORDER BY namespace, kind, name
"""  # noqa: S608 constants of this file
DERIVED_CONTAINERS = f"""
SELECT namespace, kind, name, {select(CONTAINER_COLUMNS)}
FROM derived FINAL WHERE env = {{env:String}} AND NOT deleted
"""  # noqa: S608 constants of this file
DERIVED_ROWS = f"""
SELECT namespace, kind, name, {select(DERIVED_COLUMNS)}
FROM derived FINAL WHERE env = {{env:String}} AND NOT deleted AND {OF_A_KIND}
"""  # noqa: S608 constants of this file
# A commit may have been written twice, by its writer and by a helper: the same row with the same version.
VERSIONS = f"""
SELECT {select(EXPERT_COLUMNS)} FROM control_history
WHERE {SERVICE_KEY} AND version BETWEEN {{since:UInt64}} AND {{until:UInt64}}
ORDER BY version DESC LIMIT 1 BY version LIMIT {{limit:UInt32}}
"""  # noqa: S608 constants of this file


class Days(NamedTuple):
    """The first and the latest collected day of an env; None while nothing has been collected."""

    first: date | None
    latest: date | None

    @classmethod
    def of(cls, row: Mapping[str, str | None]) -> Days:
        """Read a row's `first` and `latest`."""
        return cls(*(date.fromisoformat(day) if (day := row[name]) else None for name in cls._fields))


class Peak(NamedTuple):
    """A service's use in the peak window of one day."""

    pod_count: int | None
    window_start: datetime
    window_end: datetime
    containers: dict[str, ContainerPeak]


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """All that the tables have of one service.

    :ivar expert: a tombstone where it was removed; None where the expert has never said anything.
    :ivar peak: None where it was not seen on the env's latest collected day.
    :ivar autoscaler: what has been found to own the count; None: nothing.
    :ivar figures: its requests, JVMs and score on that day, where they were asked for.
    """

    namespace: str
    kind: WorkloadKind
    name: str
    expert: ExpertRow | None = None
    derived: DerivedRow | None = None
    peak: Peak | None = None
    autoscaler: Autoscaler | None = None
    figures: Figures = NO_FIGURES

    def held(self) -> Values | None:
        """Return what holds for it; None where it is not registered."""
        return effective(self.expert, self.derived, autoscaler=self.autoscaler is not None)


def service_row(row: Row) -> ServiceRow:
    """Read a row that has the columns of each table; figures are another thing."""
    expert, derived, autoscaler = (
        {name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)}
        for prefix in ("c_", "d_", "a_")
    )
    peaks = {
        container: ContainerPeak.model_validate(dict(zip(PEAK_COLUMNS, values, strict=True)))
        for container, *values in row["peaks"]
    }
    peak = None
    if peaks:
        start, end = (datetime.fromisoformat(row[name]) for name in ("window_start", "window_end"))
        peak = Peak(row["pod_count"], start, end, peaks)
    return ServiceRow(
        row["namespace"],
        row["kind"],
        row["name"],
        expert_from_row(expert) if expert["version"] else None,
        derived_from_row(derived) if derived["version"] else None,
        peak,
        autoscaler_from_row(autoscaler) if autoscaler["version"] else None,
    )


def with_figures(found: ServiceRow, row: Row, latest: date | None, told: FigureSources) -> ServiceRow:
    """Add what a row has of a service's requests, JVMs and score on the latest day."""
    if latest is None:
        return found
    pods = found.peak.pod_count if found.peak else None
    return replace(found, figures=figures.figures_of(row, told, pods))


def page_statement(sort: str, keys: str = "", search: str = "") -> str:
    """Return the statement of a page; the names settle ties, so that pages don't overlap."""
    column = sort.removeprefix("-")
    where, order = figures.SORTED_BY.get(column, ("", ORDERS.get(column, column)))
    return LIST.format(
        filter=keys + search,
        peak=PEAK.format(daily_filter=keys),
        sorted_by=_joined(where, "f", keys) if where else "",
        order=order,
        direction="DESC" if sort.startswith("-") else "ASC",
        row_filter=keys,
        figures="".join(_joined(each, f"f{number}", keys) for number, each in enumerate(figures.EACH)),
    )


def _joined(statement: str, name: str, keys: str) -> str:
    """Return the join of what some services have on a day."""
    return f"\nLEFT JOIN ({statement.format(filter=keys)}) AS {name} USING (namespace, kind, name)"


async def collected_days(clickhouse: ClickHouse, env: str) -> Days:
    """Return between which days an env was collected."""
    row = await clickhouse.fetch_one(DAYS, env=env)
    return Days.of(row) if row else Days(None, None)


async def latest_date(clickhouse: ClickHouse, env: str) -> date | None:
    """Return the latest collected day of an env."""
    return (await collected_days(clickhouse, env)).latest


async def shown(clickhouse: ClickHouse, env: str) -> tuple[Days, FigureSources]:
    """Return between which days an env was collected, and who told anything on the latest."""
    row = await clickhouse.fetch_one(SHOWN, env=env)
    return (Days.of(row), figures.sources_of(row)) if row else (Days(None, None), NO_SOURCES)


async def list_services(
    clickhouse: ClickHouse,
    env: str,
    latest: date | None,
    query: ServiceQuery,
    scope: Sequence[str] | None,
    told: FigureSources,
    limit: int,
    offset: int,
) -> AsyncIterator[tuple[ServiceRow, int]]:
    """Yield one page, each service with the number of them in all parts.

    :param told: who told anything on the latest day.
    :param scope: only services of these namespaces; None: of any.
    """
    keys = (IN_NAMESPACE if query.namespace is not None else "") + namespace_filter(scope)
    day = latest or date(1970, 1, 1)
    rows = clickhouse.iterate(
        page_statement(query.sort, keys, SEARCH if query.q else ""),
        env=env,
        date=day,
        since=figures.usual_since(day),
        limit=limit,
        offset=offset,
        q=query.q,
        namespace=query.namespace or "",
        scope=scope or (),
    )
    async for row in rows:
        yield with_figures(service_row(row), row, latest, told), row["total"]


async def count_services(clickhouse: ClickHouse, env: str, scope: Sequence[str] | None) -> int:
    """Return how many services are registered."""
    row = await clickhouse.fetch_one(COUNT + namespace_filter(scope), env=env, scope=scope or ())
    return int(row["n"]) if row else 0


async def expert_rows(
    clickhouse: ClickHouse, env: str, scope: Sequence[str] | None = None
) -> dict[ServiceKey, ExpertRow]:
    """Return every expert's row of an env, or of some of its namespaces, tombstones included."""
    statement = EXPERT_ROWS.format(filter=namespace_filter(scope))
    rows = map(expert_from_row, await clickhouse.fetch(statement, env=env, scope=scope or ()))
    return {row.key: row for row in rows}


async def derived_containers(
    clickhouse: ClickHouse, env: str, scope: Sequence[str] | None = None
) -> dict[ServiceKey, tuple[ContainerValues, ...]]:
    """Return the containers of every service that has a derived row, of some namespaces; None: of all."""
    statement = DERIVED_CONTAINERS + namespace_filter(scope)
    rows = await clickhouse.fetch(statement, env=env, scope=scope or ())
    return {(row["namespace"], row["kind"], row["name"]): containers_of(row) for row in rows}


async def derived_rows(
    clickhouse: ClickHouse, env: str, scope: Sequence[str]
) -> dict[ServiceKey, DerivedRow]:
    """Return what was derived of every service of some namespaces."""
    rows = await clickhouse.fetch(DERIVED_ROWS + namespace_filter(scope), env=env, scope=scope)
    return {(row["namespace"], row["kind"], row["name"]): derived_from_row(row) for row in rows}


async def versions(
    clickhouse: ClickHouse, key: ServicePath, since: int, until: int, limit: int
) -> list[ExpertRow]:
    """Return versions of the expert's row from one to another, the latest first."""
    rows = await clickhouse.fetch(VERSIONS, **key.model_dump(), since=since, until=until, limit=limit)
    return list(map(expert_from_row, rows))
