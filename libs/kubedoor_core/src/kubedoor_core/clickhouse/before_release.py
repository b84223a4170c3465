"""Brings a database from before the first release to the names of today, with its rows.

ClickHouse neither renames a column of the sorting key nor puts a new column with a default into it. So the
rows of such a table go into one beside it that has the new definition, the table is dropped and made as it
is to be, and the rows go back. At every moment one of the two holds all rows, and a run that died is
continued from what there is. One at a time does so: a table's CREATE is taken once.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import reduce

from kubedoor_core.clickhouse.client import ClickHouse
from kubedoor_core.clickhouse.replication import for_cluster, writing
from kubedoor_core.errors import ClickHouseError
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

OLD_NAMES = """
SELECT count() AS n FROM system.columns WHERE database = {database:String}
    AND (name IN ('deployment', 'deployments', 'targets.deployment', 'targets.wanted', 'takes_back',
            'take_back_on_failure', 'armed_at')
        OR endsWith(table, '_rebuilt'))
"""
COLUMNS = "SELECT name FROM system.columns WHERE database = {database:String} AND table = {table:String}"
VIEWS = (
    "control_history_feed", "derived_history_feed", "change_mark_control", "change_mark_derived",
    "effective_container", "effective",
)  # fmt: skip
"""They name the columns; the migrations make them again."""
REBUILT = (
    "resource_daily", "derived", "derived_history", "control", "control_history", "admission_log",
)  # fmt: skip
RENAMED = {"deployment": "name"}
_IN_COMMITS = reduce(
    lambda rows, names: f"replaceAll({rows}, '{names[0]}', '{names[1]}')",
    (
        ('"deployment"', '"name"'), ('"deployments"', '"names"'), ("targets.deployment", "targets.name"),
        ("targets.wanted", "targets.desired"), ('"takes_back"', '"rollback_of"'),
        ("take_back_on_failure", "rollback_on_failure"), ('"armed_at"', '"effective_from"'),
        ('"taken_back"', '"rolled_back"'), ('"taking_back"', '"rolling_back"'),
        ("bring_back", "rollback"),
    ),
    "rows",
)  # fmt: skip
"""Rows of commits that nobody has completed."""
ELSEWHERE = (
    "ALTER TABLE operation RENAME COLUMN IF EXISTS targets.deployment TO targets.name",
    "ALTER TABLE operation ADD COLUMN IF NOT EXISTS targets.kind Array(String) AFTER targets.namespace",
    "ALTER TABLE operation RENAME COLUMN IF EXISTS targets.wanted TO targets.desired",
    "ALTER TABLE operation ADD COLUMN IF NOT EXISTS targets.notes Array(String) AFTER targets.detail",
    "ALTER TABLE operation RENAME COLUMN IF EXISTS takes_back TO rollback_of",
    "ALTER TABLE operation RENAME COLUMN IF EXISTS take_back_on_failure TO rollback_on_failure",
    (
        "ALTER TABLE operation UPDATE"
        " `targets.kind` = arrayMap(n -> 'Deployment', `targets.name`),"
        " `targets.state` = arrayMap(s ->"
        " transform(s, ['taken_back', 'taking_back'], ['rolled_back', 'rolling_back'], s),"
        " `targets.state`),"
        " `targets.desired` = arrayMap(d -> replaceAll(d, '\"bring_back\"', '\"rollback\"'),"
        " `targets.desired`)"
        " WHERE 1 SETTINGS mutations_sync = 2"
    ),
    "ALTER TABLE schedule RENAME COLUMN IF EXISTS deployments TO names",
    "ALTER TABLE schedule RENAME COLUMN IF EXISTS armed_at TO effective_from",
    "ALTER TABLE schedule_run ADD COLUMN IF NOT EXISTS notes String DEFAULT '' AFTER reason",
    (
        "ALTER TABLE schedule UPDATE spec = replaceAll(replaceAll(spec, '\"deployment\"', '\"name\"'),"
        " '\"take_back_on_failure\"', '\"rollback_on_failure\"') WHERE 1 SETTINGS mutations_sync = 2"
    ),
    (
        f"ALTER TABLE commit_log UPDATE rows = {_IN_COMMITS},"
        " audit = replaceAll(audit, '\"deployment\"', '\"name\"') WHERE 1 SETTINGS mutations_sync = 2"
    ),
    "ALTER TABLE audit_log RENAME COLUMN IF EXISTS deployment TO name",
    "ALTER TABLE event RENAME COLUMN IF EXISTS deployment TO name",
)
"""The last one ends it: until then a database counts as old."""
LOCK = "schema_rebuild"
LOCK_TIMEOUT_S = 900.0
ALREADY_EXISTS = 57


async def bring_up(clickhouse: ClickHouse, statements: Sequence[str], cluster: str = "") -> None:
    """Rename what a database from before the first release calls otherwise, and forget what was applied.

    The migrations, which make nothing twice, then apply anew and make the views.

    :param statements: those of the migrations: the definitions of today.
    """
    if not await _is_old(clickhouse):
        return
    async with _alone(clickhouse, cluster):
        if not await _is_old(clickhouse):
            return
        log.info("migrate.renaming", database=clickhouse.database)
        await clickhouse.execute(for_cluster("TRUNCATE TABLE schema_migration", cluster))
        for view in VIEWS:
            await clickhouse.execute(for_cluster(f"DROP VIEW IF EXISTS {view}", cluster))
        for table in REBUILT:
            await _rebuild(clickhouse, table, _definition(statements, table), cluster)
        for statement in ELSEWHERE:
            await clickhouse.execute(for_cluster(statement, cluster))


async def _is_old(clickhouse: ClickHouse) -> bool:
    found = await clickhouse.fetch_one(OLD_NAMES, database=clickhouse.database)
    return bool(found and found["n"])


def _definition(statements: Sequence[str], table: str) -> str:
    """Return what stands behind a table's name; a history has its table's columns and its own order."""
    pattern = re.compile(rf"CREATE TABLE IF NOT EXISTS {table}\b(.*)", re.DOTALL)
    return next(found.group(1) for found in map(pattern.match, statements) if found)


async def _rebuild(clickhouse: ClickHouse, table: str, definition: str, cluster: str) -> None:
    beside = f"{table}_rebuilt"

    async def create(name: str) -> None:
        await clickhouse.execute(for_cluster(f"CREATE TABLE IF NOT EXISTS {name}{definition}", cluster))

    if "deployment" in await _columns(clickhouse, table):
        await create(beside)
        await _copy(clickhouse, table, beside, cluster)
        await _drop(clickhouse, table, cluster)
    await create(table)
    if await _columns(clickhouse, beside):
        await _copy(clickhouse, beside, table, cluster)
        await _drop(clickhouse, beside, cluster)


async def _columns(clickhouse: ClickHouse, table: str) -> list[str]:
    rows = await clickhouse.fetch(COLUMNS, database=clickhouse.database, table=table)
    return [row["name"] for row in rows]


async def _copy(clickhouse: ClickHouse, source: str, target: str, cluster: str) -> None:
    """Fill a table from another, from the beginning; columns that the source lacks get their defaults."""
    there, wanted = await _columns(clickhouse, source), await _columns(clickhouse, target)
    old = {new: old for old, new in RENAMED.items() if old in there}
    pairs = [(name, old.get(name, name)) for name in wanted if old.get(name, name) in there]
    into, values = (", ".join(f"`{pair[side]}`" for pair in pairs) for side in (0, 1))
    await clickhouse.execute(for_cluster(f"TRUNCATE TABLE {target}", cluster))
    options = {**writing(cluster, target), "insert_deduplicate": "0", "max_partitions_per_insert_block": "0"}
    settings = ", ".join(f"{name} = '{value}'" for name, value in options.items())
    await clickhouse.execute(
        f"INSERT INTO {target} ({into}) SELECT {values} FROM {source} SETTINGS {settings}"  # noqa: S608 our own names
    )


async def _drop(clickhouse: ClickHouse, table: str, cluster: str) -> None:
    statement = for_cluster(f"DROP TABLE IF EXISTS {table}", cluster)
    await clickhouse.execute(f"{statement} SYNC SETTINGS max_table_size_to_drop = 0")


@asynccontextmanager
async def _alone(clickhouse: ClickHouse, cluster: str) -> AsyncIterator[None]:
    """Wait until nobody else does the same. Who died while doing so stands in the way for 15 minutes."""
    create = for_cluster(f"CREATE TABLE {LOCK}\n(at DateTime)\nENGINE = MergeTree\nORDER BY at", cluster)
    begun = time.monotonic()
    while True:
        try:
            await clickhouse.execute(create)
            break
        except ClickHouseError as error:
            if error.code != ALREADY_EXISTS:
                raise
        if time.monotonic() - begun > LOCK_TIMEOUT_S:
            await _drop(clickhouse, LOCK, cluster)
        await asyncio.sleep(0.5)
    try:
        yield
    finally:
        await _drop(clickhouse, LOCK, cluster)
