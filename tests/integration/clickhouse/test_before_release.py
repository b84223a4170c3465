"""A database from before the first release keeps every row under the names of today."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.client import Row
from kubedoor_core.errors import ClickHouseUnavailableError
from kubedoor_core.migrate import load_migrations, migrate, sql_directory

OLD = Path(__file__).parent / "before_release"
TABLES = """
SELECT name, engine, engine_full, sorting_key, partition_key FROM system.tables
WHERE database = {d:String} AND name != 'schema_migration' ORDER BY name
"""
COLUMNS = """
SELECT table, name, type, default_expression FROM system.columns
WHERE database = {d:String} ORDER BY table, name
"""
TODAY = datetime.now(UTC).date()
AT = f"{TODAY - timedelta(days=3)} 10:00:00.000"
DAYS = [TODAY - timedelta(days=30 * months) for months in range(3)]
"""Of several partitions, and young enough for their profiles."""
STAMP = {"version": 7, "updated_at": AT, "updated_by": "alice"}
PLACE = {"env": "e", "namespace": "shop"}
VALUES = ("request_cpu_m", "limit_cpu_m", "request_mem_mib", "limit_mem_mib")
CONTAINERS = {"containers.name": ["app"], **{f"containers.{name}": [100] for name in VALUES}}
ROWS: dict[str, list[Row]] = {
    "control": [
        {**PLACE, "deployment": "cart", "replicas_manual": 3, **CONTAINERS, **STAMP},
        {**PLACE, "deployment": "cart", "replicas_manual": 4, **CONTAINERS, **STAMP, "version": 8},
    ],
    "derived": [{**PLACE, "deployment": "cart", "replicas_observed": 2, **CONTAINERS, **STAMP, "version": 3}],
    "resource_daily": [
        {**PLACE, "deployment": "cart", "container": "app", "date": day.isoformat(), "window_start": AT,
         "window_end": AT, "pod_count": 2, "collected_at": AT, "profile_pods": [1, 2]}
        for day in DAYS
    ],
    "admission_log": [
        {**PLACE, "at": AT, "deployment": "cart", "uid": str(n), "user": "ci", "operation": "CREATE",
         "resource": "deployments", "rule": 5, "mode": "enforce", "outcome": "patched", "before": "{}",
         "after": "{}", "patch": "", "warnings": ["replicas 1 -> 3 (manual)"], "instance": "w"}
        for n in range(5)
    ],
    "operation": [
        {"id": "1", "env": "e", "kind": "restart", "state": "failed", "targets.namespace": ["shop", "shop"],
         "targets.deployment": ["cart", "pay"], "targets.wanted": ['{"do":"bring_back"}', '{"do":"restart"}'],
         "targets.state": ["taken_back", "succeeded"], "takes_back": "0", "take_back_on_failure": True,
         "targets.detail": ["not ready", ""],
         **{f"targets.{name}": ["", ""] for name in ("before", "reason")},
         **{f"targets.{name}": [None, None]
            for name in ("replicas_before", "replicas_after", "started_at", "finished_at")},
         "requested_at": AT, "requested_by": "alice", **STAMP}
    ],
    "schedule": [
        {"id": "1", "env": "e", "name": "nightly", "kind": "restart", "enabled": True, "timezone": "UTC",
         "spec": '{"targets":[{"deployment":"cart"}],"take_back_on_failure":true}', "armed_at": AT,
         "namespaces": ["shop"], "deployments": ["cart"], **STAMP}
    ],
    "audit_log": [
        {**PLACE, "seq": 1, "at": AT, "actor": "alice", "role": "admin", "remote": "", "request_id": "r",
         "action": "changeService", "deployment": "cart", "before": "", "after": "{}",
         "outcome": "succeeded", "prev_hash": "", "hash": "h"}
    ],
    "event": [
        {**PLACE, "id": "1", "at": AT, "deployment": "cart", "kind": "service.new", "severity": "info",
         "message": "new", "data": "{}", "source": "collector"}
    ],
    "commit_log": [
        {"table_name": "control", "base": 8, "version": 9, "writer": "w", "at": AT,
         "rows": json.dumps([{"deployment": "cart"}]), "audit": '{"deployment": "cart"}'},
        {"table_name": "operation", "base": 7, "version": 10, "writer": "w", "at": AT, "audit": "",
         "rows": json.dumps([{"targets.deployment": ["cart"], "targets.wanted": ['{"do":"bring_back"}'],
                              "targets.state": ["taken_back"], "takes_back": "0",
                              "take_back_on_failure": True}, {"armed_at": AT, "deployments": ["cart"]}])},
    ],
    "schedule_run": [
        {"env": "e", "schedule_id": "1", "run_id": "1", "state": "skipped", "trigger": "time", "due_at": AT,
         "until_at": AT, "reason": "nobody was there", "at": AT, "instance": "i"}
    ],
}  # fmt: skip

COMMITTED = json.dumps(
    [
        {"targets.name": ["cart"], "targets.desired": ['{"do":"rollback"}'], "targets.state": ["rolled_back"],
         "rollback_of": "0", "rollback_on_failure": True},
        {"effective_from": AT, "names": ["cart"]},
    ]
)  # fmt: skip


@pytest.fixture
async def old(clickhouse: ClickHouse) -> AsyncIterator[ClickHouse]:
    """A database as it was, with a row or more in every table."""
    made = clickhouse.in_database(f"{clickhouse.database}_old")
    await made.in_database("default").execute(f"CREATE DATABASE {made.database}")
    ledger = []
    for migration in load_migrations(OLD):
        for statement in migration.statements:
            await made.execute(statement)
        ledger.append({"number": migration.number, "name": migration.name, "checksum": migration.checksum})
    await made.execute(
        "CREATE TABLE schema_migration (number UInt32, name String, checksum String,"
        " applied_at DateTime64(3, 'UTC')) ENGINE = ReplacingMergeTree(applied_at) ORDER BY number"
    )
    await made.insert("schema_migration", [{**row, "applied_at": AT} for row in ledger])
    for table, rows in ROWS.items():
        for row in rows:
            await made.insert(table, [row])
    yield made
    await made.in_database("default").execute(f"DROP DATABASE {made.database}")


async def check(old: ClickHouse, fresh: ClickHouse) -> None:
    """Every row is there, under the names of today, and the schema is that of a new installation."""
    for query in (TABLES, COLUMNS):
        assert await old.fetch(query, d=old.database) == await fresh.fetch(query, d=fresh.database)
    for table, rows in ROWS.items():
        final = "FINAL" if table in {"control", "derived", "operation", "schedule"} else ""
        found = await old.fetch_one(f"SELECT count() AS n FROM {table} {final}")
        assert found == {"n": 1 if final else len(rows)}, table
    for table, count in {"control_history": 2, "derived_history": 1, "change_mark": 3}.items():
        assert await old.fetch_one(f"SELECT count() AS n FROM {table}") == {"n": count}, table
    standing = await old.fetch(
        "SELECT namespace, kind, name, replicas, `containers.name` AS c FROM effective"
    )
    assert standing == [
        {"namespace": "shop", "kind": "Deployment", "name": "cart", "replicas": 4, "c": ["app"]}
    ]
    assert await values(old, "SELECT profile_pods FROM resource_daily FINAL") == [[1, 2]] * len(DAYS)
    assert await values(old, "SELECT targets.name FROM operation") == [["cart", "pay"]]
    assert await values(old, "SELECT targets.kind FROM operation") == [["Deployment", "Deployment"]]
    assert await values(old, "SELECT targets.state FROM operation") == [["rolled_back", "succeeded"]]
    assert await values(old, "SELECT targets.desired[1] FROM operation") == ['{"do":"rollback"}']
    assert await values(old, "SELECT (rollback_of, rollback_on_failure) FROM operation") == [["0", True]]
    (spec,) = await values(old, "SELECT spec FROM schedule")
    assert json.loads(spec) == {"targets": [{"name": "cart"}], "rollback_on_failure": True}
    assert await values(old, "SELECT (targets.notes, targets.detail) FROM operation") == [
        [["", ""], ["not ready", ""]]
    ]
    assert await values(old, "SELECT effective_from FROM schedule") == [AT.replace(" ", "T") + "Z"]
    assert await values(old, "SELECT (reason, notes) FROM schedule_run") == [["nobody was there", ""]]
    assert await values(old, "SELECT (rows, audit) FROM commit_log ORDER BY version") == [
        ['[{"name": "cart"}]', '{"name": "cart"}'],
        [COMMITTED, ""],
    ]
    assert await values(old, "SELECT (kind, name, notes) FROM admission_log LIMIT 1") == [
        ["Deployment", "cart", "[]"]
    ]


async def values(clickhouse: ClickHouse, statement: str) -> list[Any]:
    return [next(iter(row.values())) for row in await clickhouse.fetch(statement)]


async def test_every_row_is_kept(old: ClickHouse, clickhouse: ClickHouse) -> None:
    assert len(await migrate(old)) == len(load_migrations(sql_directory()))
    await check(old, clickhouse)
    assert await migrate(old) == []
    await check(old, clickhouse)


async def test_two_at_once(old: ClickHouse, clickhouse: ClickHouse) -> None:
    await asyncio.gather(migrate(old), migrate(old))
    await check(old, clickhouse)


class _DiesError(Exception):
    """The process is gone."""


class Dying(ClickHouse):
    """A connection whose process dies before its n-th statement that writes."""

    left = 0

    async def execute(self, statement: str, **parameters: Any) -> None:
        if "schema_rebuild" not in statement:
            if Dying.left == 0:
                raise _DiesError
            Dying.left -= 1
        await super().execute(statement, **parameters)


async def test_one_that_died_anywhere_is_continued(
    old: ClickHouse, clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time it comes one statement further, until it comes to its end."""
    monkeypatch.setattr(ClickHouse, "in_database", _in_database)
    dying, died = Dying(old._session, old._settings, old.database), 0
    for number in range(200):
        Dying.left = number
        try:
            await migrate(dying)
            break
        except _DiesError:
            died += 1
        except ClickHouseUnavailableError:
            raise
    assert died > 25
    await check(old, clickhouse)


def _in_database(self: ClickHouse, database: str) -> ClickHouse:
    return type(self)(self._session, self._settings, database)
