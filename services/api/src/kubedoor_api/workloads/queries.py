"""The statements of who changed a service last."""

from __future__ import annotations

from kubedoor_core.clickhouse import ClickHouse, Row

KEY = "env = {env:String} AND namespace = {namespace:String} AND deployment = {deployment:String}"
LAST_EDIT = f"""
SELECT updated_at, updated_by, replicas_manual, deleted, operation_id FROM control FINAL WHERE {KEY}
"""  # noqa: S608 constants of this file
LAST_OPERATION = """
SELECT id, kind, requested_by, takes_back, t.state AS state, t.detail AS detail, t.started_at AS at,
    t.replicas_after AS replicas_after
FROM operation FINAL
ARRAY JOIN targets AS t
WHERE env = {env:String} AND NOT deleted
    AND t.namespace = {namespace:String} AND t.deployment = {deployment:String} AND t.started_at IS NOT NULL
ORDER BY t.started_at DESC LIMIT 1
"""


async def last_edit(clickhouse: ClickHouse, *, env: str, namespace: str, deployment: str) -> Row | None:
    """Return who changed the expert's row last, a removed one included."""
    return await clickhouse.fetch_one(LAST_EDIT, env=env, namespace=namespace, deployment=deployment)


async def last_operation(clickhouse: ClickHouse, *, env: str, namespace: str, deployment: str) -> Row | None:
    """Return the last operation that reached a service."""
    return await clickhouse.fetch_one(LAST_OPERATION, env=env, namespace=namespace, deployment=deployment)
