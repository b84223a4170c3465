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


async def tokens(clickhouse: ClickHouse) -> list[Row]:
    """Return every token that is not revoked."""
    return await clickhouse.fetch(LIST)


async def token(clickhouse: ClickHouse, token_id: str) -> Row | None:
    """Return one token, or None for one that never was or is revoked."""
    return await clickhouse.fetch_one(ONE, key=PREFIX + token_id)
