"""The statements of API tokens: settings of no env, `api_token:<id>`, with the hash of the secret."""

from __future__ import annotations

from kubedoor_core.clickhouse import ClickHouse, Row

PREFIX = "api_token:"
LIST = """
SELECT key, value, version FROM setting FINAL
WHERE env = '' AND namespace = '' AND startsWith(key, 'api_token:') AND NOT deleted ORDER BY version DESC
"""
ONE = """
SELECT key, value, version FROM setting FINAL
WHERE env = '' AND namespace = '' AND key = {key:String} AND NOT deleted
"""


MAKER = """
SELECT JSONExtractString(value, 'created_by') AS created_by FROM setting FINAL
WHERE env = '' AND namespace = '' AND startsWith(key, 'api_token:')
    AND JSONExtractString(value, 'name') = {name:String}
ORDER BY JSONExtractString(value, 'created_at') DESC LIMIT 1
"""


async def maker_of(clickhouse: ClickHouse, name: str) -> str | None:
    """Return who made the last token of a name, also where it is revoked; None for a name of no token."""
    row = await clickhouse.fetch_one(MAKER, name=name)
    return str(row["created_by"]) if row else None


async def tokens(clickhouse: ClickHouse) -> list[Row]:
    """Return every token that is not revoked."""
    return await clickhouse.fetch(LIST)


async def token(clickhouse: ClickHouse, token_id: str) -> Row | None:
    """Return one token, or None for one that never was or is revoked."""
    return await clickhouse.fetch_one(ONE, key=PREFIX + token_id)


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
