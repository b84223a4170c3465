"""The statements of one day's peak data."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_api.control.flags import (
    HOT_POD,
    LOW_COVERAGE,
    NEAR_LIMIT_PCT,
    OVER_REQUESTED,
    THROTTLED_PCT,
    UNDER_REQUESTED,
)
from kubedoor_api.statistics.daily.models import FlagCount, PeakFilter, PeakRow
from kubedoor_core.clickhouse import ClickHouse

COLUMNS = [name for name in PeakRow.model_fields if name != "flags"]


def _of_resource(name: str, unit: str) -> dict[str, str]:
    p95, request = f"p95_{name}_{unit}", f"request_{name}_{unit}"
    return {
        f"near_limit_{name}": f"{name}_pct >= {NEAR_LIMIT_PCT}",
        f"over_requested_{name}": f"{p95} > 0 AND {request} > {OVER_REQUESTED} * {p95}",
        f"under_requested_{name}": f"{p95} > 0 AND {request} < {UNDER_REQUESTED} * {p95}",
        f"unlimited_{name}": f"limit_{name}_{unit} IS NULL",
    }


CONDITIONS = {
    "hot_pod": f"(p95_cpu_m > 0 AND p95_cpu_hot_m > {HOT_POD} * p95_cpu_m)"
    f" OR (p95_mem_mib > 0 AND p95_mem_hot_mib > {HOT_POD} * p95_mem_mib)",
    "low_coverage": f"coverage < {LOW_COVERAGE}",
    "no_owner": "owner_source = 'name'",
    "oom_killed": "oom_kills > 0",
    "throttled": f"throttled_pct >= {THROTTLED_PCT}",
    **_of_resource("cpu", "m"),
    **_of_resource("mem", "mib"),
}
"""The rules of `control/flags.py` over one row, so that ClickHouse filters and counts by them."""
FLAGS = ", ".join(f"if({condition}, '{flag}', '')" for flag, condition in sorted(CONDITIONS.items()))

SEARCH = """ AND (positionCaseInsensitiveUTF8(namespace, {q:String}) > 0
    OR positionCaseInsensitiveUTF8(name, {q:String}) > 0
    OR positionCaseInsensitiveUTF8(container, {q:String}) > 0)"""
IN_NAMESPACE = " AND namespace = {namespace:String}"

ROWS = f"""
SELECT {", ".join(COLUMNS)}, arrayFilter(flag -> flag != '', [{FLAGS}]) AS flags
FROM resource_daily FINAL
WHERE env = {{{{env:String}}}} AND date = {{{{date:Date}}}} AND NOT deleted{{filter}}
"""  # noqa: S608 constants of this file
PAGE = """
SELECT *, count() OVER () AS total FROM ({rows}) {having}
ORDER BY {order}
LIMIT {{limit:UInt32}} OFFSET {{offset:UInt32}}
"""
COUNTS = """
SELECT flag, count() AS rows, uniqExact(namespace, kind, name) AS services
FROM ({rows}) ARRAY JOIN flags AS flag
GROUP BY flag ORDER BY flag
"""
WITH_FLAG = "WHERE has(flags, {flag:String})"


def _rows(query: PeakFilter, scope: Sequence[str] | None) -> str:
    named = IN_NAMESPACE if query.namespace is not None else ""
    return ROWS.format(filter=(SEARCH if query.q else "") + named + namespace_filter(scope))


async def peaks(
    clickhouse: ClickHouse,
    env: str,
    day: date,
    query: PeakFilter,
    scope: Sequence[str] | None,
    limit: int,
    offset: int,
) -> AsyncIterator[tuple[PeakRow, int]]:
    """Yield one page of a day's rows, each with the number of them in all parts.

    :param scope: only rows of these namespaces; None: of any.
    """
    having = WITH_FLAG if query.flag else ""
    # `PeakSort` is the white list; the names settle ties, so that pages don't overlap.
    direction = "DESC" if query.sort.startswith("-") else "ASC"
    order = f"{query.sort.removeprefix('-')} {direction} NULLS LAST, namespace, name, kind, container"
    rows = clickhouse.iterate(
        PAGE.format(rows=_rows(query, scope), having=having, order=order),
        env=env,
        date=day,
        q=query.q,
        namespace=query.namespace or "",
        flag=query.flag or "",
        limit=limit,
        offset=offset,
        scope=scope or (),
    )
    async for row in rows:
        total = row.pop("total")
        yield PeakRow.model_validate(row), total


async def flag_counts(
    clickhouse: ClickHouse, env: str, day: date, query: PeakFilter, scope: Sequence[str] | None
) -> list[FlagCount]:
    """Return how many rows and services of a day have each flag."""
    asked = {"env": env, "q": query.q, "namespace": query.namespace or ""}
    statement = COUNTS.format(rows=_rows(query, scope))
    rows = await clickhouse.fetch(statement, date=day, scope=scope or (), **asked)
    return [FlagCount.model_validate(row) for row in rows]
