"""A database that a test has used holds nothing of it, and is made anew where its schema has changed."""

from __future__ import annotations

from kubedoor_core.clickhouse import ClickHouse
from support.databases import Databases

ROW = {"env": "e", "namespace": "n", "kind": "Deployment", "name": "x", "version": 1}


async def _rows(clickhouse: ClickHouse) -> int:
    found = await clickhouse.fetch("SELECT count() AS n FROM control")
    history = await clickhouse.fetch("SELECT count() AS n FROM control_history")
    return int(found[0]["n"]) + int(history[0]["n"])


async def test_nothing_is_left_of_the_test_before_not_even_tokens(clickhouse: ClickHouse) -> None:
    databases, admin = Databases(), clickhouse.in_database("default")
    first = await databases.prepare(admin, "reused")
    await first.insert("control", [ROW], once="once")
    assert await _rows(first) == 2
    again = await databases.prepare(admin, "reused")
    assert await _rows(again) == 0
    await again.insert("control", [ROW], once="once")
    assert await _rows(again) == 2, "its token was forgotten too"
    await admin.execute("DROP DATABASE reused")


async def test_one_whose_schema_was_changed_is_made_anew(clickhouse: ClickHouse) -> None:
    databases, admin = Databases(), clickhouse.in_database("default")
    first = await databases.prepare(admin, "changed")
    for change in ("ALTER TABLE control ADD COLUMN more String", "DROP TABLE event", "DROP VIEW effective"):
        await first.execute(change)
        first = await databases.prepare(admin, "changed")
        tables = await first.fetch("SELECT name FROM system.tables WHERE database = 'changed'")
        assert {"control", "event", "effective"} <= {row["name"] for row in tables}
        columns = await first.fetch("DESCRIBE TABLE control")
        assert "more" not in {row["name"] for row in columns}
    await admin.execute("DROP DATABASE changed")


def test_a_database_rests_before_it_is_used_again() -> None:
    databases = Databases()
    names = []
    for _ in range(7):
        names.append(databases.name())
        databases.used.append(names[-1])
    assert len(set(names[:5])) == 5
    assert names[5:] == names[:2]
