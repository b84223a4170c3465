"""The statements of collections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import timestamp

RUN = """
    {runs}.state AS state, {runs}.dates AS run_dates, {runs}.day_index AS day_index,
    {runs}.day_count AS day_count, {runs}.services_seen AS services_seen,
    {runs}.`errors.date` AS error_dates, {runs}.`errors.reason` AS error_reasons,
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


async def list_collections(clickhouse: ClickHouse, env: str, limit: int, offset: int) -> list[Row]:
    """Return one page, the latest first; every row tells the total."""
    return await clickhouse.fetch(LIST, env=env, limit=limit, offset=offset)


async def one_collection(clickhouse: ClickHouse, env: str, collection_id: str) -> Row | None:
    """Return one collection, by the request's or the run's identity."""
    return await clickhouse.fetch_one(ONE, env=env, id=collection_id, limit=1, offset=0)


async def insert_request(
    clickhouse: ClickHouse, *, request_id: str, env: str, dates: Sequence[date], at: datetime, by: str
) -> None:
    """Ask the collector."""
    row = {
        "id": request_id,
        "env": env,
        "dates": [day.isoformat() for day in dates],
        "requested_at": timestamp(at),
        "requested_by": by,
    }
    await clickhouse.insert("collection_request", [row])
