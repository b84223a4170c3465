"""The cluster's statements on the real engine, as far as it goes without ClickHouse's network.

The embedded engine has a Keeper in memory and makes replicated tables, but starts no servers between
replicas: rows can't be written to them here, and ON CLUSTER is parsed, not run.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.replication import for_cluster
from kubedoor_core.migrate import LEDGER, MigrationError, load_migrations, migrate, sql_directory

STATEMENTS = [LEDGER.strip(), *(s for m in load_migrations(sql_directory()) for s in m.statements)]
CONFIG = """<clickhouse>
  <zookeeper><implementation>testkeeper</implementation></zookeeper>
  <macros><replica>r1</replica></macros>
  <logger><level>none</level></logger>
</clickhouse>"""
RUN = """
import json, os, sys
from chdb.session import Session
session = Session(f"{sys.argv[1]}/data?config-file={sys.argv[1]}/config.xml")
session.query("CREATE DATABASE kubedoor ENGINE = Atomic")
session.query("USE kubedoor")
for statement in json.load(sys.stdin):
    try:
        session.query(statement)
    except Exception as error:
        print(statement[:80], error, file=sys.stderr, flush=True)
        os._exit(1)  # as below
print(session.query(
    "SELECT name, engine, zookeeper_path FROM system.tables t LEFT JOIN system.replicas r"
    " ON t.database = r.database AND t.name = r.table WHERE t.database = 'kubedoor'", "JSONCompact"),
    flush=True)
os._exit(0)  # closing it would wait for replication, which never began
"""


def test_the_engine_makes_every_table_replicated(tmp_path: Path) -> None:
    """A table without its network is read-only: what changes one, or a view of what was changed, is parsed in
    the next test, and not run.
    """
    (tmp_path / "config.xml").write_text(CONFIG)
    made = [statement for statement in STATEMENTS if not statement.startswith(("ALTER", "CREATE OR REPLACE"))]
    local = [for_cluster(statement, "c").replace(" ON CLUSTER 'c'", "") for statement in made]
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path)],
        input=json.dumps(local), capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    tables = {name: (engine, path) for name, engine, path in json.loads(done.stdout)["data"]}
    families = {name: engine for name, (engine, _) in tables.items() if engine.endswith("MergeTree")}
    assert set(families) >= {"control", "commit_log", "audit_log", "resource_daily", "schema_migration"}
    assert all(engine.startswith("Replicated") for engine in families.values()), families
    assert all(tables[name][1] == f"/clickhouse/tables/kubedoor/{name}" for name in families)
    assert {engine for name, (engine, _) in tables.items() if name not in families} == {
        "View",
        "MaterializedView",
    }


async def test_the_engine_parses_every_statement_for_a_cluster(clickhouse: ClickHouse) -> None:
    for statement in STATEMENTS:
        made = for_cluster(statement, "{cluster}")
        row = await clickhouse.fetch_one("SELECT formatQuery({text:String}) AS text", text=made)
        assert row is not None
        assert "ON CLUSTER `{cluster}`" in row["text"], row["text"][:200]


async def test_a_cluster_that_is_not_there_is_refused(clickhouse: ClickHouse) -> None:
    with pytest.raises(MigrationError, match="knows no cluster 'nowhere'"):
        await migrate(clickhouse, cluster="nowhere")
    with pytest.raises(MigrationError, match=r"no macro \{cluster\}"):
        await migrate(clickhouse, cluster="{cluster}")


def test_two_migrators_and_again(clickhouse_settings: dict[str, str]) -> None:
    """Two processes at once both succeed, and `--again` runs every file once more."""
    command = [sys.executable, "-m", "kubedoor_core.migrate"]
    both = [
        subprocess.Popen(command, env=clickhouse_settings, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    ends = [process.communicate(timeout=300)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], ends
    again = subprocess.run(
        [*command, "--again"],
        env=clickhouse_settings,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert again.stderr.count("migrate.applied") == len(load_migrations(sql_directory()))


async def test_a_database_of_one_server_is_not_half_replicated(
    clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine can't be changed in place: tables of both kinds would lose edits."""

    async def known(*_: object) -> None:
        await asyncio.sleep(0)

    execute = clickhouse.__class__.execute

    async def locally(self: ClickHouse, statement: str, **parameters: str) -> None:
        await execute(self, statement.replace(" ON CLUSTER 'c'", ""), **parameters)

    monkeypatch.setattr("kubedoor_core.migrate._check_cluster", known)
    monkeypatch.setattr(ClickHouse, "execute", locally)
    with pytest.raises(MigrationError, match="was made for one server"):
        await migrate(clickhouse, cluster="c")
