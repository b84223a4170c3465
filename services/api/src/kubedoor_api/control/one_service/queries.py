"""All that the tables have of one service, in one statement each.

What an operation or an explanation asks of a service is little; what people look at has its requests, JVMs
and score as well, which takes ClickHouse as long again to plan. The view `effective` takes it some 40 ms,
whatever its size.
"""

from __future__ import annotations

from typing import NamedTuple

from kubedoor_api.control.figures import queries as figures
from kubedoor_api.control.queries import (
    COLLECTED_DAYS,
    PEAK_OF,
    WITH_SOURCES,
    Days,
    ServiceRow,
    service_row,
    with_figures,
)
from kubedoor_api.web.fields import ServicePath
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.queries import (
    AUTOSCALER_COLUMNS,
    DERIVED_COLUMNS,
    EXPERT_COLUMNS,
    SERVICE_KEY,
    select,
)

OF_EACH_TABLE = f"""
(
    SELECT 1 AS one, {PEAK_OF} FROM
    (SELECT * FROM resource_daily FINAL WHERE {SERVICE_KEY} AND date = latest AND NOT deleted) AS r
) AS p
LEFT JOIN
    (SELECT 1 AS one, {select(EXPERT_COLUMNS, "c_")} FROM control FINAL WHERE {SERVICE_KEY}) AS c USING (one)
LEFT JOIN
(
    SELECT 1 AS one, {select(DERIVED_COLUMNS, "d_")} FROM derived FINAL WHERE {SERVICE_KEY} AND NOT deleted
) AS d USING (one)
LEFT JOIN
(
    SELECT 1 AS one, {select(AUTOSCALER_COLUMNS, "a_")}
    FROM autoscaler FINAL WHERE {SERVICE_KEY} AND NOT deleted
) AS a USING (one)
"""  # noqa: S608 constants of this file


def _figures() -> str:
    """Return the joins of one service's requests, JVMs and score on the latest day."""
    joins = []
    for number, statement in enumerate(figures.EACH):
        rows = statement.format(filter=f" AND {SERVICE_KEY}").replace("{date:Date}", "day")
        rows = rows.replace("{since:Date}", f"toDate(greatest(0, toInt32(day) - {figures.USUAL_DAYS - 1}))")
        joins.append(
            f"LEFT JOIN (SELECT 1 AS one, * EXCEPT (namespace, kind, name) FROM ({rows})) AS f{number}"  # noqa: S608 constants
            " USING (one)"
        )
    return "\n".join(joins)


ONE = f"{COLLECTED_DAYS} SELECT *, first, latest FROM {OF_EACH_TABLE}"  # noqa: S608 constants of this file
SHOWN = f"""{WITH_SOURCES}
SELECT *, first, latest, traffic_sources, jvm_sources FROM {OF_EACH_TABLE} {_figures()}
"""  # noqa: S608 constants of this file
TO_EDIT = f"""
SELECT *,
    (
        SELECT count() FROM limit_range FINAL
        WHERE env = {{env:String}} AND namespace = {{namespace:String}} AND NOT deleted
    ) AS bounds
FROM ({SHOWN})
"""  # noqa: S608 constants of this file


class ToEdit(NamedTuple):
    """A service that is edited, and whether its namespace has a LimitRange or a quota."""

    row: ServiceRow
    days: Days
    bounded: bool


async def one(clickhouse: ClickHouse, key: ServicePath) -> tuple[ServiceRow, Days]:
    """Return what holds for one service, registered or not, without figures, and the env's collected days."""
    row = await _asked(clickhouse, ONE, key)
    return service_row(row), Days.of(row)


async def shown(clickhouse: ClickHouse, key: ServicePath) -> tuple[ServiceRow, Days]:
    """Return likewise all that is shown of one service."""
    return _shown(await _asked(clickhouse, SHOWN, key))


async def to_edit(clickhouse: ClickHouse, key: ServicePath) -> ToEdit:
    """Return what an edit reads, and answers with."""
    row = await _asked(clickhouse, TO_EDIT, key)
    return ToEdit(*_shown(row), bool(row["bounds"]))


async def _asked(clickhouse: ClickHouse, statement: str, key: ServicePath) -> Row:
    """Return the statement's row: aggregates alone, so there is one whatever is there."""
    row = await clickhouse.fetch_one(statement, **key.model_dump())
    return {**(row or {}), **key.model_dump()}


def _shown(row: Row) -> tuple[ServiceRow, Days]:
    days = Days.of(row)
    return with_figures(service_row(row), row, days.latest, figures.sources_of(row)), days
