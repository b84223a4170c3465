"""The statements of who changed a service last."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from kubedoor_api.web.fields import ServicePath
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.queries import SERVICE_KEY

LAST_EDIT = f"""
SELECT updated_at, updated_by, replicas_manual, deleted, operation_id FROM control FINAL WHERE {SERVICE_KEY}
"""  # noqa: S608 constants of this file
LAST_OPERATION = """
SELECT id, kind, requested_by, rollback_of, t.state AS state, t.detail AS detail, t.started_at AS at,
    t.replicas_after AS replicas_after
FROM operation FINAL
ARRAY JOIN targets AS t
WHERE env = {env:String} AND NOT deleted
    AND t.namespace = {namespace:String} AND t.kind = {kind:String} AND t.name = {name:String}
    AND t.started_at IS NOT NULL
ORDER BY t.started_at DESC LIMIT 1
"""


class LastEdit(NamedTuple):
    """Who changed the expert's row last, and to which count; deleted: they removed it."""

    updated_at: datetime
    updated_by: str
    replicas_manual: int | None
    deleted: bool
    operation_id: str


class LastOperation(NamedTuple):
    """An operation, and what became of one of its targets."""

    id: str
    kind: str
    requested_by: str
    rollback_of: str
    state: str
    detail: str
    at: datetime
    replicas_after: int | None


async def last_edit(clickhouse: ClickHouse, key: ServicePath) -> LastEdit | None:
    """Return who changed the expert's row last, a removed one included."""
    return await clickhouse.fetch_one_as(LastEdit, LAST_EDIT, **key.model_dump())


async def last_operation(clickhouse: ClickHouse, key: ServicePath) -> LastOperation | None:
    """Return the last operation that reached a service."""
    return await clickhouse.fetch_one_as(LastOperation, LAST_OPERATION, **key.model_dump())
