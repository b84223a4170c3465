"""Brings the schema up: applies the numbered files of `sql/` that ClickHouse has not seen yet."""

from __future__ import annotations

import asyncio
import hashlib
import re
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kubedoor_core.clickhouse import ClickHouse, connect
from kubedoor_core.clickhouse.parameters import timestamp
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

log = get_logger(__name__)


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


async def migrate(clickhouse: ClickHouse, directory: Path | None = None) -> list[Migration]:
    """Apply what is missing, oldest first, and return it."""
    await _create_database(clickhouse)
    await clickhouse.execute(LEDGER)
    rows = await clickhouse.fetch("SELECT number, checksum FROM schema_migration FINAL")
    applied = {row["number"]: row["checksum"] for row in rows}
    missing = pending(load_migrations(directory or sql_directory()), applied)
    for migration in missing:
        await _apply(clickhouse, migration)
    return missing


async def _create_database(clickhouse: ClickHouse) -> None:
    await clickhouse.in_database("default").execute(f"CREATE DATABASE IF NOT EXISTS {clickhouse.database}")


async def _apply(clickhouse: ClickHouse, migration: Migration) -> None:
    for statement in migration.statements:
        await clickhouse.execute(statement)
    row = {
        "number": migration.number,
        "name": migration.name,
        "checksum": migration.checksum,
        "applied_at": timestamp(datetime.now(UTC)),
    }
    await clickhouse.insert("schema_migration", [row])
    log.info("migrate.applied", number=migration.number, name=migration.name)


async def _run(settings: Settings) -> None:
    async with connect(settings) as clickhouse:
        while True:
            try:
                applied = await migrate(clickhouse)
            except ClickHouseUnavailableError as error:
                log.warning("clickhouse.waiting", reason=str(error))
                await asyncio.sleep(2)
            else:
                log.info("migrate.done", applied=len(applied))
                return


def main() -> None:
    """Run from the command line: `python -m kubedoor_core.migrate`."""
    settings = load_or_exit(Settings)
    configure_logging("migrate", settings.log_format, settings.log_level)
    try:
        asyncio.run(_run(settings))
    except KubeDoorError as error:
        sys.exit(f"kubedoor: {error}")


if __name__ == "__main__":
    main()
