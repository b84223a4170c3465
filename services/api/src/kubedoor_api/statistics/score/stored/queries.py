"""The statements of `score_daily`: of which rows a day's scores were made, reading and writing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import date as LocalDate  # noqa: N812 `date` is a field here
from typing import Any, NamedTuple

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_api.statistics.score.queries import Key, Which
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import timestamp

# What is stored of a day changes as a whole: each collection writes all of its rows with one new time.
_SIGN_OF_TABLE = """
    SELECT date, {measured} AS measured, cityHash64('{table}', max(collected_at), uniqExact({key})) AS part
    FROM {table}
    WHERE env = {{env:String}} AND date BETWEEN {{since:Date}} AND {{until:Date}}
    GROUP BY date
"""
_KEY = "namespace, kind, name"
SIGNS = (
    " UNION ALL ".join(
        (
            _SIGN_OF_TABLE.format(table="resource_daily", key=f"{_KEY}, container", measured=1),
            _SIGN_OF_TABLE.format(table="traffic_daily", key=_KEY, measured=0),
            _SIGN_OF_TABLE.format(table="jvm_daily", key=f"{_KEY}, container", measured=0),
            """
    SELECT as_of AS date, 0 AS measured, cityHash64('advice', max(at), uniqExact(id)) AS part
    FROM advice
    WHERE env = {env:String} AND as_of BETWEEN {since:Date} AND {until:Date}
    GROUP BY as_of
""",
        )
    )
    .replace("{{", "{")
    .replace("}}", "}")
)
SIGNS = f"SELECT date, sum(part) AS made_of FROM ({SIGNS}) GROUP BY date HAVING max(measured) = 1"  # noqa: S608 constants
"""The sign of the rows that each collected day's scores are made of."""
MADE = """
SELECT date, any(made_of) AS made_of, any(made_by) AS made_by
FROM score_daily FINAL
WHERE env = {env:String} AND date BETWEEN {since:Date} AND {until:Date} AND NOT deleted
GROUP BY date
"""
OF_DAY = """
SELECT namespace, kind, name, score, known_pct, cost, parts, deductions
FROM score_daily FINAL
WHERE env = {{env:String}} AND date = {{date:Date}} AND NOT deleted{filter}
ORDER BY namespace, kind, name
"""
HISTORY = """
SELECT date, score, known_pct
FROM score_daily FINAL
WHERE env = {{env:String}} AND date BETWEEN {{since:Date}} AND {{until:Date}} AND NOT deleted{filter}
ORDER BY date
"""
MEANS = """
SELECT
    date,
    sumIf(score * cost, score IS NOT NULL) / nullIf(sumIf(cost, score IS NOT NULL), 0) AS score,
    ifNull(sum(known_pct * cost) / nullIf(sum(cost), 0), 0) AS known_pct
FROM score_daily FINAL
WHERE env = {{env:String}} AND date BETWEEN {{since:Date}} AND {{until:Date}} AND NOT deleted
    AND cost > 0{filter}
GROUP BY date
ORDER BY date
"""
"""As `kubedoor_core.domain.score.together`, day by day."""
CHEAPEST = """
SELECT namespace, kind, name, money_month, deduction
FROM
(
    SELECT namespace, kind, name, cost, money_month, arrayJoin(JSONExtractArrayRaw(deductions)) AS deduction
    FROM score_daily FINAL
    WHERE env = {{env:String}} AND date = {{date:Date}} AND NOT deleted AND cost > 0{filter}
)
WHERE JSONType(deduction, 'remedy') = 'Object'
ORDER BY
    JSONExtractFloat(deduction, 'points') * cost / greatest(1, JSONExtractUInt(deduction, 'changes')) DESC,
    namespace, name, kind
LIMIT {{limit:UInt32}}
"""
STANDING = """
SELECT namespace, kind, name, max(written_at) OVER () AS latest
FROM score_daily FINAL
WHERE env = {env:String} AND date = {date:Date}
"""


class Made(NamedTuple):
    """What a day's scores were made of, and by which policy."""

    made_of: int
    made_by: int


class DayScore(NamedTuple):
    """The score of one day, of a service or of several together."""

    date: LocalDate
    score: float | None
    known_pct: float


class Gain(NamedTuple):
    """One deduction of a service with something that could be done about it, as JSON."""

    namespace: str
    kind: str
    name: str
    money_month: float | None
    deduction: str


async def signs(clickhouse: ClickHouse, env: str, since: date, until: date) -> dict[date, int]:
    """Return the sign of the rows of each collected day."""
    rows = await clickhouse.fetch(SIGNS, env=env, since=since, until=until)
    return {date.fromisoformat(row["date"]): int(row["made_of"]) for row in rows}


async def made(clickhouse: ClickHouse, env: str, since: date, until: date) -> dict[date, Made]:
    """Return of what the stored scores of days were made."""
    rows = await clickhouse.fetch(MADE, env=env, since=since, until=until)
    return {date.fromisoformat(row["date"]): Made(int(row["made_of"]), int(row["made_by"])) for row in rows}


async def of_day(clickhouse: ClickHouse, env: str, day: date, which: Which) -> list[Row]:
    """Return the stored scores of a day."""
    statement = OF_DAY.format(filter=which.filter)
    return await clickhouse.fetch(statement, env=env, date=day, **which.parameters)


async def history(clickhouse: ClickHouse, env: str, since: date, until: date, which: Which) -> list[DayScore]:
    """Return the stored scores of one service."""
    statement, span = HISTORY.format(filter=which.filter), {"since": since, "until": until}
    return await clickhouse.fetch_as(DayScore, statement, env=env, **span, **which.parameters)


async def means(
    clickhouse: ClickHouse, env: str, since: date, until: date, scope: Sequence[str] | None
) -> list[DayScore]:
    """Return the score of all services together, day by day."""
    statement, span = MEANS.format(filter=namespace_filter(scope)), {"since": since, "until": until}
    return await clickhouse.fetch_as(DayScore, statement, env=env, **span, scope=scope or ())


async def cheapest(
    clickhouse: ClickHouse, env: str, day: date, scope: Sequence[str] | None, limit: int
) -> list[Gain]:
    """Return what would raise the score of all together most, by the change."""
    statement = CHEAPEST.format(filter=namespace_filter(scope))
    return await clickhouse.fetch_as(Gain, statement, env=env, date=day, scope=scope or (), limit=limit)


async def replace(clickhouse: ClickHouse, env: str, day: date, rows: Mapping[Key, Mapping[str, Any]]) -> None:
    """Put a day's scores in the place of those it had, in one insert; what is gone gets a tombstone."""
    standing = await clickhouse.fetch(STANDING, env=env, date=day)
    version = datetime.now(UTC)
    if standing:
        latest = datetime.fromisoformat(standing[0]["latest"])
        version = max(version, latest.replace(tzinfo=UTC) + timedelta(milliseconds=1))
    gone = {(row["namespace"], row["kind"], row["name"]) for row in standing} - set(rows)
    of_all = {"env": env, "date": day.isoformat(), "written_at": timestamp(version)}
    every = [
        *({**of_all, **_place(key), **row, "deleted": False} for key, row in rows.items()),
        *({**of_all, **_place(key), "deleted": True} for key in sorted(gone)),
    ]
    await clickhouse.insert("score_daily", every)


def _place(key: Key) -> dict[str, str]:
    return dict(zip(("namespace", "kind", "name"), key, strict=True))
