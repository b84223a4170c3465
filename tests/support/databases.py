"""Migrated databases that tests use one after the other: emptying one costs a small part of making it.

One whose schema a test has changed is made anew. The last few are left alone for a while, so that what
a killed process has sent is in before the database is emptied.
"""

from __future__ import annotations

import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.migrate import migrate
from support.waiting import until

RESTING = 4
"""So many stay unused; a test's own is never among the next tests'."""
STAMPS = """
SELECT name, toString(uuid) AS id, toString(metadata_modification_time) AS changed_at,
    metadata_modification_time < now() AS settled
FROM system.tables WHERE database = {database:String} ORDER BY name
"""
SCHEMA = """
SELECT name, replaceAll(create_table_query, {database:String}, '') AS made
FROM system.tables WHERE database = {database:String} ORDER BY name
"""
FILLED = """
SELECT DISTINCT table FROM system.parts WHERE database = {database:String} AND table != 'schema_migration'
"""
MIGRATIONS = "SELECT number, name, checksum FROM schema_migration FINAL ORDER BY number"
RUNNING = "SELECT count() AS n FROM system.processes WHERE current_database = {database:String}"

Seen = tuple[object, ...]


@dataclass
class Databases:
    """The databases of one server.

    :ivar pristine: what a database looks like that was just migrated.
    :ivar stamps: of each that looked like that, what changes with any change of its schema.
    """

    used: deque[str] = field(default_factory=deque)
    pristine: Seen = ()
    stamps: dict[str, Seen] = field(default_factory=dict)

    def name(self) -> str:
        """Return the name of a database for a test: one that has rested, else a new one."""
        if len(self.used) > RESTING:
            return self.used.popleft()
        return f"kubedoor_{uuid.uuid4().hex[:12]}"

    async def prepare(self, clickhouse: ClickHouse, name: str) -> ClickHouse:
        """Return a connection to a migrated database without rows."""
        database = clickhouse.in_database(name)
        if self.pristine and await self._is_pristine(clickhouse, name):
            await _empty(clickhouse, name)
            return database
        await clickhouse.execute(f"DROP DATABASE IF EXISTS {name}")
        await migrate(database)
        self.pristine = await _seen(clickhouse, name)
        return database

    async def _is_pristine(self, clickhouse: ClickHouse, name: str) -> bool:
        tables = await clickhouse.fetch(STAMPS, database=name)
        if not _have_ledger(tables):
            return False
        stamp = (*map(str, tables), *map(str, await _applied(clickhouse, name)))
        if stamp == self.stamps.get(name):
            return True
        if await _seen(clickhouse, name) != self.pristine:
            return False
        # Times are told in seconds: a change within the same one would leave the stamp as it is.
        if all(table["settled"] for table in tables):
            self.stamps[name] = stamp
        return True


async def _seen(clickhouse: ClickHouse, name: str) -> Seen:
    """Return what a database looks like; nothing where it is not there."""
    schema = await clickhouse.fetch(SCHEMA, database=name)
    if not _have_ledger(schema):
        return ()
    return (*map(str, schema), *map(str, await _applied(clickhouse, name)))


def _have_ledger(tables: list[dict[str, Any]]) -> bool:
    return any(table["name"] == "schema_migration" for table in tables)


async def _applied(clickhouse: ClickHouse, name: str) -> list[dict[str, Any]]:
    return await clickhouse.in_database(name).fetch(MIGRATIONS)


async def _empty(clickhouse: ClickHouse, name: str) -> None:
    async def idle() -> bool:
        running = await clickhouse.fetch(RUNNING, database=name)
        return int(running[0]["n"]) == 0

    await until(idle)
    for filled in await clickhouse.fetch(FILLED, database=name):
        await clickhouse.execute(f"TRUNCATE TABLE {name}.{filled['table']}")
