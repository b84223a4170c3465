"""Side by side: this version's services go on while a migration of the next one is there already."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.migrate import MigrationError, migrate, sql_directory
from support.api import SERVICES, Api

CART = f"{SERVICES}/shop/cart"
NEXT = """
ALTER TABLE control ADD COLUMN IF NOT EXISTS owner String DEFAULT 'nobody' AFTER note;
ALTER TABLE control_history ADD COLUMN IF NOT EXISTS owner String DEFAULT 'nobody' AFTER note;
ALTER TABLE audit_log ADD COLUMN IF NOT EXISTS session String DEFAULT '';
ALTER TABLE setting ADD COLUMN IF NOT EXISTS reason String DEFAULT '';
CREATE TABLE IF NOT EXISTS something_new
(
    env String
)
ENGINE = MergeTree
ORDER BY env;
"""


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The migrations, and one of the next version."""
    folder = Path(shutil.copytree(sql_directory(), tmp_path / "sql"))
    number = len(list(folder.glob("*.sql"))) + 1
    (folder / f"{number:04}_next.sql").write_text(NEXT)
    return folder


def touch(folder: Path) -> None:
    with max(folder.glob("*_next.sql")).open("a") as file:
        file.write("-- a word\n")


async def test_edits_go_on_while_the_schema_grows(api: Api, clickhouse: ClickHouse, later: Path) -> None:
    made = (await api.change("PUT", CART, {"replicas_manual": 3})).json
    assert [migration.name for migration in await migrate(clickhouse, later)] == ["next"]
    changed = await api.change("PATCH", CART, {"replicas_manual": 5}, version=made["version"])
    assert changed.status == 200, changed.text
    history = (await api.get(f"{CART}/history")).json["items"]
    assert [version["replicas_manual"] for version in history] == [5, 3]
    row = await clickhouse.fetch_one("SELECT replicas_manual, owner FROM control FINAL")
    assert row == {"replicas_manual": 5, "owner": "nobody"}
    assert (await api.get("/api/v1/audit/verification")).json["problem"] is None


async def test_a_rollback_finds_the_schema_of_the_next_version_no_hindrance(
    clickhouse: ClickHouse, later: Path
) -> None:
    await migrate(clickhouse, later)
    assert await migrate(clickhouse) == []


async def test_a_released_file_never_changes(clickhouse: ClickHouse, later: Path) -> None:
    await migrate(clickhouse, later)
    touch(later)
    with pytest.raises(MigrationError, match=r"_next.sql has changed since it was applied"):
        await migrate(clickhouse, later)
