"""The statements of stored settings."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from kubedoor_core.clickhouse import ClickHouse

COLUMNS = "env, namespace, key, value, version, updated_at, updated_by"
ALL = f"""
SELECT {COLUMNS} FROM setting FINAL WHERE env = {{env:String}} AND NOT deleted ORDER BY namespace, key
"""  # noqa: S608 constants of this file
EVERY_ENV = f"""
SELECT {COLUMNS} FROM setting FINAL WHERE namespace = '' AND NOT deleted
"""  # noqa: S608 constants of this file


class StoredSetting(NamedTuple):
    """A row of `setting`.

    :ivar namespace: empty for the whole env.
    :ivar value: JSON.
    """

    env: str
    namespace: str
    key: str
    value: str
    version: int
    updated_at: datetime
    updated_by: str


async def settings_of(clickhouse: ClickHouse, env: str) -> list[StoredSetting]:
    """Return every stored setting of an env and of its namespaces."""
    return await _fetch(clickhouse, ALL, env=env)


async def settings_of_every_env(clickhouse: ClickHouse) -> list[StoredSetting]:
    """Return the stored settings of all whole envs."""
    return await _fetch(clickhouse, EVERY_ENV)


async def _fetch(clickhouse: ClickHouse, statement: str, **parameters: str) -> list[StoredSetting]:
    return [
        StoredSetting(**{**row, "updated_at": datetime.fromisoformat(row["updated_at"])})
        for row in await clickhouse.fetch(statement, **parameters)
    ]
