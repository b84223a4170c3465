"""Migrations on the real engine: twice, by two at once, and refused when a file has changed."""

from __future__ import annotations

import asyncio
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.profile_days import keep_profiles
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


async def kept(clickhouse: ClickHouse) -> list[str]:
    """The TTL of each column of a day's profile."""
    (table,) = [row for row in await schema(clickhouse) if row["name"] == "resource_daily"]
    return re.findall(
        r"`profile_\w+` Array[^`]*? TTL date \+ toIntervalDay\((\d+)\)", table["create_table_query"]
    )


async def test_profiles_are_kept_as_long_as_the_setting_says(clickhouse: ClickHouse) -> None:
    assert await kept(clickhouse) == ["100"] * 3
    assert not await keep_profiles(clickhouse, 100, "")
    today = datetime.now(UTC).date()
    rows = [
        {"env": "test", "namespace": "shop", "name": "cart", "container": "app", "date": str(day),
         "window_start": f"{day} 02:00:00.000", "window_end": f"{day} 03:30:00.000", "p95_cpu_m": 5,
         "profile_cpu_m": [1], "collected_at": f"{day} 04:00:00.000"}
        for day in (today - timedelta(days=40), today - timedelta(days=20))
    ]  # fmt: skip
    await clickhouse.insert("resource_daily", rows)
    assert await keep_profiles(clickhouse, 30, "")
    assert not await keep_profiles(clickhouse, 30, "")
    assert await kept(clickhouse) == ["30"] * 3
    await clickhouse.execute("OPTIMIZE TABLE resource_daily FINAL")
    stored = await clickhouse.fetch(
        "SELECT p95_cpu_m AS m, profile_cpu_m AS p FROM resource_daily ORDER BY date"
    )
    assert stored == [{"m": 5, "p": []}, {"m": 5, "p": [1]}]
    assert await migrate(clickhouse) == []
    assert await kept(clickhouse) == ["30"] * 3
