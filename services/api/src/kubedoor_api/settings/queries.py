"""The statements of stored settings."""

from __future__ import annotations

from kubedoor_core.clickhouse import ClickHouse, Row

ALL = """
SELECT env, namespace, key, value, version, updated_at, updated_by FROM setting FINAL
WHERE env = {env:String} AND NOT deleted ORDER BY namespace, key
"""
EVERY_ENV = """
SELECT env, namespace, key, value, version, updated_at, updated_by FROM setting FINAL
WHERE namespace = '' AND NOT deleted
"""


async def settings_of(clickhouse: ClickHouse, env: str) -> list[Row]:
    """Return every stored setting of an env and of its namespaces."""
    return await clickhouse.fetch(ALL, env=env)


async def settings_of_every_env(clickhouse: ClickHouse) -> list[Row]:
    """Return the stored settings of all whole envs."""
    return await clickhouse.fetch(EVERY_ENV)
