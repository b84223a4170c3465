"""The statement of what is somebody's and still to come."""

from __future__ import annotations

from kubedoor_core.clickhouse import ClickHouse, Row

OWNED = """
SELECT * FROM (
    SELECT 'token' AS kind, substring(key, 11) AS id, '' AS env, JSONExtractString(value, 'name') AS name,
        JSONExtractString(value, 'created_by') AS owner, updated_at AS at
    FROM setting FINAL
    WHERE setting.env = '' AND namespace = '' AND startsWith(key, 'api_token:') AND NOT deleted
    UNION ALL
    SELECT 'schedule' AS kind, id, env, name, updated_by AS owner, updated_at AS at
    FROM schedule FINAL WHERE enabled AND NOT deleted
    UNION ALL
    SELECT 'operation' AS kind, id, env, operation.kind AS name, requested_by AS owner, requested_at AS at
    FROM operation FINAL WHERE state = 'pending' AND run_at IS NOT NULL AND schedule_id = '' AND NOT deleted
)
ORDER BY owner, kind, at, id
"""


async def owned(clickhouse: ClickHouse) -> list[Row]:
    """Return the tokens, schedules and operations to come, with their owners."""
    return await clickhouse.fetch(OWNED)
