"""The statements of collections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, get_args

from kubedoor_api.collections.models import Collection, DayError, DayLeftOut, LeftOut
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.left_out import LeftOutReason

REASONS = frozenset(get_args(LeftOutReason))

RUN = """
    {runs}.state AS state, {runs}.dates AS run_dates, {runs}.day_index AS day_index,
    {runs}.day_count AS day_count, {runs}.services_seen AS services_seen,
    {runs}.`errors.date` AS error_dates, {runs}.`errors.reason` AS error_reasons,
    {runs}.scrape_interval_s AS scrape_interval_s, length({runs}.`left_out.date`) AS left_out_count,
    {runs}.heartbeat_at AS heartbeat_at, {runs}.finished_at AS finished_at, {runs}.started_at AS started_at
"""

# A request with its run, where it has one, and the runs that nobody asked for.
COLLECTIONS = """
SELECT *, count() OVER () AS total FROM
(
    SELECT
        q.id AS id, 'request' AS trigger, q.dates AS dates,
        q.requested_by AS requested_by, q.requested_at AS requested_at, r.id AS run_id,
"""
COLLECTIONS += RUN.format(runs="r")
COLLECTIONS += """
    FROM (SELECT * FROM collection_request WHERE env = {{env:String}}) AS q
    LEFT JOIN
    (
        SELECT * FROM collection_run FINAL
        WHERE env = {{env:String}} AND NOT deleted AND request_id != ''
        ORDER BY version DESC LIMIT 1 BY request_id
    ) AS r ON q.id = r.request_id
    UNION ALL
    SELECT
        o.id AS id, o.trigger AS trigger, o.dates AS dates,
        o.updated_by AS requested_by, o.started_at AS requested_at, o.id AS run_id,
"""
COLLECTIONS += RUN.format(runs="o")
COLLECTIONS += """
    FROM
    (
        SELECT * FROM collection_run FINAL
        WHERE env = {{env:String}} AND NOT deleted AND request_id = ''
    ) AS o
)
WHERE {where}
ORDER BY requested_at DESC, id
LIMIT {{limit:UInt32}} OFFSET {{offset:UInt32}}
"""
LIST = COLLECTIONS.format(where="true")
ONE = COLLECTIONS.format(where="id = {id:String} OR run_id = {id:String}")

LEFT_OUT_OF = """
    `left_out.date` AS date, `left_out.reason` AS reason, `left_out.namespace` AS namespace,
    `left_out.name` AS name, `left_out.count` AS count
"""
LEFT_OUT = f"""
SELECT date, reason, namespace, name, count
FROM (SELECT * FROM collection_run FINAL WHERE env = {{env:String}} AND id = {{id:String}} AND NOT deleted)
ARRAY JOIN {LEFT_OUT_OF}
ORDER BY date, reason, namespace, name = '', name
"""  # noqa: S608 constants of this file

# The runs that are done with a day: they brought it, or say why they did not. The last one counts.
DONE_WITH_DAY = """
FROM collection_run FINAL
WHERE env = {env:String} AND NOT deleted AND indexOf(dates, {date:Date}) BETWEEN 1 AND day_index
"""
LAST = " ORDER BY started_at DESC, id LIMIT 1"
DAY_ERROR = f"""
SELECT `errors.reason`[indexOf(`errors.date`, {{date:Date}})] AS error {DONE_WITH_DAY} {LAST}
"""
DAY_LEFT_OUT = f"""
SELECT reason, namespace, name, count
FROM (SELECT * {DONE_WITH_DAY} AND NOT has(`errors.date`, {{date:Date}}) {LAST})
ARRAY JOIN {LEFT_OUT_OF}
WHERE date = {{date:Date}}
  AND ({{everywhere:Bool}} OR namespace = '' OR has({{scope:Array(String)}}, namespace))
ORDER BY reason, namespace, name = '', name
"""  # noqa: S608 constants of this file


class Found(NamedTuple):
    """One collection of a list.

    :ivar run_id: the run that made it; empty while there is none.
    """

    collection: Collection
    run_id: str


def _found(env: str, row: Row) -> Found:
    begun = bool(row["run_id"])
    dates = row["run_dates"] or row["dates"]
    errors = zip(row["error_dates"], row["error_reasons"], strict=True)
    same = ("id", "trigger", "day_index", "services_seen", "scrape_interval_s", "left_out_count",
            "requested_by", "requested_at")  # fmt: skip
    collection = Collection(
        **{name: row[name] for name in same},
        **{name: row[name] if begun else None for name in ("started_at", "heartbeat_at", "finished_at")},
        env=env,
        state=row["state"] if begun else "pending",
        dates=dates,
        day_count=row["day_count"] or len(dates),
        errors=[DayError(date=day, reason=reason) for day, reason in errors],
    )
    return Found(collection, row["run_id"])


async def list_collections(
    clickhouse: ClickHouse, env: str, limit: int, offset: int
) -> tuple[list[Found], int]:
    """Return one part, the latest first, and the total."""
    rows = await clickhouse.fetch(LIST, env=env, limit=limit, offset=offset)
    return [_found(env, row) for row in rows], rows[0]["total"] if rows else 0


async def one_collection(clickhouse: ClickHouse, env: str, collection_id: str) -> Found | None:
    """Return one collection, by the request's or the run's identity."""
    row = await clickhouse.fetch_one(ONE, env=env, id=collection_id, limit=1, offset=0)
    return _found(env, row) if row else None


def _known(row: Mapping[str, object]) -> dict[str, object]:
    """Return a row with a reason that is among ours: a newer collector may have others."""
    return {**row, "reason": row["reason"] if row["reason"] in REASONS else "other"}


async def left_out_of_run(clickhouse: ClickHouse, env: str, run_id: str) -> list[DayLeftOut]:
    """Return what a run left out, day by day."""
    rows = await clickhouse.fetch(LEFT_OUT, env=env, id=run_id)
    return [DayLeftOut.model_validate(_known(row)) for row in rows]


async def day_error(clickhouse: ClickHouse, env: str, day: date) -> str | None:
    """Return why the last run that is done with a day did not bring it; None where it did, or none is."""
    row = await clickhouse.fetch_one(DAY_ERROR, env=env, date=day)
    return str(row["error"]) or None if row else None


async def left_out_of_day(
    clickhouse: ClickHouse, env: str, day: date, scope: Sequence[str] | None
) -> list[LeftOut]:
    """Return what the last run that brought a day left out of it.

    :param scope: only what is of these namespaces, or of none; None: all.
    """
    everywhere, names = scope is None, list(scope or ())
    rows = await clickhouse.fetch(DAY_LEFT_OUT, env=env, date=day, everywhere=everywhere, scope=names)
    return [LeftOut.model_validate(_known(row)) for row in rows]


async def insert_request(
    clickhouse: ClickHouse,
    *,
    request_id: str,
    env: str,
    dates: Sequence[date],
    by_name: bool,
    at: datetime,
    by: str,
) -> None:
    """Ask the collector.

    :param by_name: somebody chose these very dates.
    """
    row = {
        "id": request_id,
        "env": env,
        "dates": [day.isoformat() for day in dates],
        "by_name": by_name,
        "requested_at": timestamp(at),
        "requested_by": by,
    }
    await clickhouse.insert("collection_request", [row])
