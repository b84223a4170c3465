"""Migrations on the real engine: twice, by two at once, and refused when a file has changed."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.migrate import MigrationError, load_migrations, migrate, sql_directory

SCHEMA = "SELECT name, create_table_query FROM system.tables WHERE database = {d:String} ORDER BY name"


async def schema(clickhouse: ClickHouse) -> list[dict[str, str]]:
    return await clickhouse.fetch(SCHEMA, d=clickhouse.database)


async def test_a_second_run_changes_nothing(clickhouse: ClickHouse) -> None:
    before = await schema(clickhouse)
    assert await migrate(clickhouse) == []
    assert await schema(clickhouse) == before


async def test_every_statement_can_run_twice(clickhouse: ClickHouse) -> None:
    before = await schema(clickhouse)
    await clickhouse.execute("TRUNCATE TABLE schema_migration")
    assert len(await migrate(clickhouse)) == len(load_migrations(sql_directory()))
    assert await schema(clickhouse) == before


async def test_two_replicas_migrate_at_once(clickhouse: ClickHouse) -> None:
    fresh = clickhouse.in_database(f"{clickhouse.database}_two")
    await asyncio.gather(migrate(fresh), migrate(fresh))
    tables = {row["name"] for row in await schema(fresh)}
    await fresh.in_database("default").execute(f"DROP DATABASE {fresh.database}")
    assert tables == {row["name"] for row in await schema(clickhouse)}


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The migrations, one of them changed after it was applied."""
    folder = Path(shutil.copytree(sql_directory(), tmp_path / "sql"))
    first = next(folder.glob("0001_*.sql"))
    first.write_text(first.read_text() + "-- changed\n")
    return folder


async def test_a_changed_file_is_refused(clickhouse: ClickHouse, changed: Path) -> None:
    with pytest.raises(MigrationError, match="0001_"):
        await migrate(clickhouse, changed)


async def test_a_schema_that_is_not_there_is_told_as_that(clickhouse: ClickHouse) -> None:
    """What `/readyz` says while a migration has not run, or has failed."""
    assert await clickhouse.ping() is None
    reason = await clickhouse.in_database("not_migrated").ping()
    assert reason is not None
    assert "the migration" in reason
    await clickhouse.execute("DROP TABLE schema_migration")
    assert await clickhouse.ping() == reason
