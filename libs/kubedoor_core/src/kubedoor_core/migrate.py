"""Brings the schema up: applies the numbered files of `sql/` that ClickHouse has not seen yet."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field

from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.clickhouse.before_release import bring_up
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.clickhouse.profile_days import keep_profiles
from kubedoor_core.clickhouse.replication import for_cluster
from kubedoor_core.errors import ClickHouseUnavailableError, KubeDoorError
from kubedoor_core.logs import configure_logging, get_logger
from kubedoor_core.settings import Settings, load_or_exit

LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migration
(
    number     UInt32,
    name       String,
    checksum   String,
    applied_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY number
"""

SERVERS = """
SELECT uniqExact(shard_num) AS shards, count() AS servers FROM system.clusters WHERE cluster = {name:String}
"""
NAMES = "SELECT arrayStringConcat(arraySort(groupUniqArray(cluster)), ', ') AS names FROM system.clusters"
MACRO = "SELECT substitution AS name FROM system.macros WHERE macro = {macro:String}"
ENGINES = """
SELECT any(name) AS example FROM system.tables
WHERE database = {database:String} AND engine IN {engines:Array(String)}
"""
SETTING = "KUBEDOOR_CLICKHOUSE_CLUSTER"
ONE_SERVER = ["MergeTree", "ReplacingMergeTree"]
REPLICATED = [f"Replicated{engine}" for engine in ONE_SERVER]
DDL_TIMEOUT_S = 240.0
"""Above ClickHouse's own 180 s for a statement that runs on every server."""

log = get_logger(__name__)


class MigrateSettings(Settings):
    """What `migrate` needs besides."""

    profile_days: int = Field(
        100,
        ge=1,
        le=3660,
        description="Days for which the profiles of whole days are kept, by which busiest hours are found;"
        " the rest of a day's rows stays. At least the look-back",
    )


class MigrationError(KubeDoorError):
    """The schema can't be brought up; the message says which file, and why."""


@dataclass(frozen=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    checksum: str
    statements: tuple[str, ...]


def sql_directory() -> Path:
    """Return the folder of the migrations: inside the installed package, or at the repository's root."""
    packaged = Path(__file__).parent / "sql"
    return packaged if packaged.is_dir() else Path(__file__).parents[4] / "sql"


def parse(path: Path) -> Migration:
    """Read one file, `NNNN_name.sql`.

    :raises MigrationError: for a name without a number.
    """
    found = re.fullmatch(r"(\d{4})_(\w+)\.sql", path.name)
    if found is None:
        raise MigrationError(f"{path.name}: a migration is named NNNN_name.sql")
    text = path.read_text(encoding="utf-8")
    code = re.sub(r"^\s*--.*\n", "", text, flags=re.MULTILINE)
    statements = tuple(part.strip() for part in re.split(r";\s*(?:\n|$)", code) if part.strip())
    checksum = hashlib.sha256(text.encode()).hexdigest()
    return Migration(int(found.group(1)), found.group(2), checksum, statements)


def load_migrations(directory: Path) -> list[Migration]:
    """Return every migration of a folder, by number.

    :raises MigrationError: where numbers are missing or double.
    """
    migrations = sorted((parse(path) for path in directory.glob("*.sql")), key=lambda m: m.number)
    numbers = [migration.number for migration in migrations]
    if numbers != list(range(1, len(numbers) + 1)):
        raise MigrationError(f"{directory}: the numbers must run from 0001 without gaps: {numbers}")
    return migrations


def pending(migrations: list[Migration], applied: dict[int, str]) -> list[Migration]:
    """Return what is not applied yet.

    :param applied: checksum by number.
    :raises MigrationError: where an applied file has changed since.
    """
    for migration in migrations:
        if applied.get(migration.number, migration.checksum) != migration.checksum:
            raise MigrationError(
                f"{migration.number:04}_{migration.name}.sql has changed since it was applied:"
                " put the change into a new file"
            )
    return [migration for migration in migrations if migration.number not in applied]


async def migrate(
    clickhouse: ClickHouse, directory: Path | None = None, *, cluster: str = "", again: bool = False
) -> list[Migration]:
    """Apply what is missing, oldest first, and return it.

    :param cluster: of ClickHouse servers; its tables are replicated. Empty: one server.
    :param again: apply everything once more, for a server that joined the cluster since.
    :raises MigrationError: a file has changed, or the cluster is not as tables need it.
    """
    if cluster:
        await _check_cluster(clickhouse, cluster)
    create = f"CREATE DATABASE IF NOT EXISTS {clickhouse.database}"
    on_cluster = f" ON CLUSTER '{cluster}'" if cluster else ""
    await clickhouse.in_database("default").execute(create + on_cluster)
    await _check_engines(clickhouse, cluster)
    await clickhouse.execute(for_cluster(LEDGER.strip(), cluster))
    migrations = load_migrations(directory or sql_directory())
    await bring_up(clickhouse, [each for migration in migrations for each in migration.statements], cluster)
    rows = await clickhouse.fetch("SELECT number, checksum FROM schema_migration FINAL")
    applied = {row["number"]: row["checksum"] for row in rows}
    missing = pending(migrations, applied)
    for migration in migrations if again else missing:
        await _apply(clickhouse, migration, cluster)
    return migrations if again else missing


async def _check_cluster(clickhouse: ClickHouse, cluster: str) -> None:
    """Refuse a cluster that is not there, or that would spread rows over shards."""
    system, name = clickhouse.in_database("system"), cluster
    if cluster.startswith("{"):
        row = await system.fetch_one(MACRO, macro=cluster.strip("{}"))
        if row is None:
            raise MigrationError(f"{SETTING}: the ClickHouse server has no macro {cluster}")
        name = str(row["name"])
    found = await system.fetch_one(SERVERS, name=name) or {"shards": 0}
    if not found["shards"]:
        names = await system.fetch_one(NAMES) or {"names": ""}
        raise MigrationError(
            f"{SETTING}: ClickHouse knows no cluster {name!r}, but: {names['names'] or 'none'}"
        )
    if found["shards"] > 1:
        raise MigrationError(
            f"{SETTING}: {name!r} has {found['shards']} shards, and each would hold a part of"
            " the rows: name a cluster with one shard that lists every server as its replica"
        )


async def _check_engines(clickhouse: ClickHouse, cluster: str) -> None:
    """Refuse tables of the other kind: an engine can't be changed in place."""
    system, wrong = clickhouse.in_database("system"), ONE_SERVER if cluster else REPLICATED
    found = await system.fetch_one(ENGINES, database=clickhouse.database, engines=wrong)
    if found and found["example"]:
        now, other = ("one server", "a cluster") if cluster else ("a cluster", "one server")
        raise MigrationError(
            f"{clickhouse.database}.{found['example']} was made for {now}, and {SETTING} says"
            f" {other}: set it as it was, or back up, migrate another database, and restore into it"
        )


async def _apply(clickhouse: ClickHouse, migration: Migration, cluster: str) -> None:
    for statement in migration.statements:
        await clickhouse.execute(for_cluster(statement, cluster))
    row = {
        "number": migration.number,
        "name": migration.name,
        "checksum": migration.checksum,
        "applied_at": timestamp(datetime.now(UTC)),
    }
    await clickhouse.insert("schema_migration", [row])
    log.info("migrate.applied", number=migration.number, name=migration.name)


async def _run(settings: MigrateSettings, *, again: bool) -> None:
    async with connect(settings, DDL_TIMEOUT_S if settings.clickhouse_cluster else 60.0) as clickhouse:
        while True:
            try:
                applied = await migrate(clickhouse, cluster=settings.clickhouse_cluster, again=again)
                if await keep_profiles(clickhouse, settings.profile_days, settings.clickhouse_cluster):
                    log.info("migrate.profiles_kept", days=settings.profile_days)
            except ClickHouseUnavailableError as error:
                log.warning("clickhouse.waiting", reason=str(error))
                await asyncio.sleep(2)
            else:
                log.info("migrate.done", applied=len(applied))
                return


def main() -> None:
    """Run from the command line: `python -m kubedoor_core.migrate`."""
    parser = argparse.ArgumentParser(prog="python -m kubedoor_core.migrate", description=__doc__)
    parser.add_argument(
        "--again",
        action="store_true",
        help="apply every file once more, for a server that joined the cluster",
    )
    arguments = parser.parse_args()
    settings = load_or_exit(MigrateSettings)
    configure_logging("migrate", settings.log_format, settings.log_level)
    try:
        asyncio.run(_run(settings, again=arguments.again))
    except KubeDoorError as error:
        sys.exit(f"kubedoor: {error}")


if __name__ == "__main__":
    main()
