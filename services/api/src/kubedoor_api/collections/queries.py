"""The statements of collections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import timestamp

# A request joined to its run, and the runs that nobody asked for.
COLLECTIONS = """
SELECT
    if(r.id != '', r.id, runs.id) AS id,
    if(runs.trigger = '', 'request', runs.trigger) AS trigger,
    if(runs.state = '', 'pending', runs.state) AS state,
    if(r.id != '', r.dates, runs.dates) AS dates,
    runs.dates AS run_dates,
    runs.day_index AS day_index,
    runs.day_count AS day_count,
    runs.services_seen AS services_seen,
    runs.`errors.date` AS error_dates,
    runs.`errors.reason` AS error_reasons,
    if(r.id != '', r.requested_by, runs.updated_by) AS requested_by,
    if(r.id != '', r.requested_at, runs.started_at) AS requested_at,
    if(runs.id != '', runs.started_at, NULL) AS started_at,
    if(runs.id != '', runs.heartbeat_at, NULL) AS heartbeat_at,
    runs.finished_at AS finished_at,
    count() OVER () AS total
FROM (SELECT * FROM collection_request WHERE env = {{env:String}}) AS r
FULL OUTER JOIN
(
    SELECT * FROM collection_run FINAL WHERE env = {{env:String}} AND NOT deleted
) AS runs ON r.id = runs.request_id
WHERE {where}
ORDER BY requested_at DESC, id
LIMIT {{limit:UInt32}} OFFSET {{offset:UInt32}}
"""
LIST = COLLECTIONS.format(where="r.id != '' OR runs.request_id = ''")
ONE = COLLECTIONS.format(where="r.id = {id:String} OR runs.id = {id:String}")


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
