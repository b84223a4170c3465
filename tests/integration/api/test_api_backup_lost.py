"""Tables emptied by mistake, in whole or in part: restored, and a fresh webhook decides as before."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from kubedoor_api.audit.verify import Verdict, verify
from kubedoor_api.cli.backup import __main__ as command
from kubedoor_api.cli.backup import queries, service
from kubedoor_api.cli.backup.archive import Summary
from kubedoor_core.clickhouse import ClickHouse, Row
from support.api import BASE, SERVICES, Api
from support.reviews import deployment, review
from support.rows import containers, derived_row
from support.webhook import ENV, Webhook, ask, until_ready

EFFECTIVE = "SELECT * FROM effective ORDER BY env, namespace, name"
SETTING = "SELECT * FROM setting FINAL ORDER BY key"
HISTORY = "SELECT DISTINCT * FROM control_history ORDER BY version"
NAMES = ("cart", "checkout", "measured", "unknown")

Environment = dict[str, str]


def backup(environment: Environment, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kubedoor_api.cli.backup", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


async def lose(clickhouse: ClickHouse, statement: str) -> None:
    await clickhouse.execute(f"{statement} SETTINGS mutations_sync = 2, optimize_throw_if_noop = 1")


async def decisions(webhook: Webhook) -> list[tuple[bool, object]]:
    """What a webhook that has just started decides about each service."""
    with webhook.running():
        async with webhook.session() as session:
            await until_ready(session)
            answers = [await ask(session, review(deployment(name=name))) for name in NAMES]
    return [(answer.response["allowed"], answer.patch()) for answer in answers]


@pytest.fixture
async def governed(api: Api, clickhouse: ClickHouse) -> Api:
    """Services that were edited more than once, one that was measured, and a mode that enforces."""
    for name in NAMES[:2]:
        made = (await api.change("PUT", f"{SERVICES}/shop/{name}", {"replicas_manual": 3})).json
        path, version = f"{SERVICES}/shop/{name}", made["version"]
        assert (await api.change("PATCH", path, {"replicas_manual": 5}, version=version)).status == 200
    row = derived_row(ENV, "shop", "measured", replicas_observed=4, **containers(app=(100, 200, 64, 128)))
    await clickhouse.insert("derived", [{**row, "last_seen": "2026-11-01"}])
    assert (await api.change("PUT", f"{BASE}/mode", {"mode": "enforce"}, version="0")).status == 200
    return api


IN_ONE_PART = "OPTIMIZE TABLE control FINAL"
"""Of several parts ClickHouse may leave one for its next round, which is minutes away where it is idle."""
LOSSES = {
    "control": ["TRUNCATE TABLE control"],
    "control and its history": ["TRUNCATE TABLE control", "TRUNCATE TABLE control_history"],
    "one row of control": [IN_ONE_PART, "ALTER TABLE control DELETE WHERE name = 'cart'"],
    "the newest row of control": [
        IN_ONE_PART,
        "ALTER TABLE control DELETE WHERE version = (SELECT max(version) FROM control)",
    ],
    "derived": ["TRUNCATE TABLE derived"],
    "settings": ["TRUNCATE TABLE setting"],
    "the audit log": ["TRUNCATE TABLE audit_log"],
    "everything": [f"TRUNCATE TABLE {table}" for table in ("control", "derived", "setting", "audit_log")],
}


@pytest.mark.parametrize("lost", LOSSES)
async def test_what_was_lost_is_restored_and_a_fresh_webhook_decides_as_before(
    lost: str, governed: Api, clickhouse: ClickHouse, webhook: Webhook, tmp_path: Path
) -> None:
    """What the command does, in this process: starting it three times took longer than all the rest."""
    file = tmp_path / "kubedoor.backup"
    await service.dump(clickhouse, file)
    before = [await clickhouse.fetch(statement) for statement in (EFFECTIVE, SETTING, HISTORY)]
    decided = await decisions(webhook)
    assert [allowed for allowed, _ in decided] == [True, True, True, False]
    for statement in LOSSES[lost]:
        await lose(clickhouse, statement)
    done = await service.restore(clickhouse, file, into_non_empty=True)
    assert (done.lacking, done.verdict.problem) == ({}, None)
    assert any(done.rows.values())
    assert [await clickhouse.fetch(statement) for statement in (EFFECTIVE, SETTING, HISTORY)] == before
    assert (await verify(clickhouse)).problem is None
    assert await decisions(webhook) == decided
    again = await service.restore(clickhouse, file, into_non_empty=True)
    assert not any(again.rows.values()), again.rows
    assert (await governed.change("PUT", f"{SERVICES}/shop/later", {"replicas_manual": 1})).status == 201


async def test_an_edit_after_the_back_up_comes_back_from_the_history(
    governed: Api, clickhouse: ClickHouse, clickhouse_settings: Environment, webhook: Webhook, tmp_path: Path
) -> None:
    file = tmp_path / "kubedoor.backup"
    assert backup(clickhouse_settings, "dump", file).returncode == 0
    version = (await governed.get(f"{SERVICES}/shop/cart")).json["version"]
    edit = await governed.change("PATCH", f"{SERVICES}/shop/cart", {"replicas_manual": 7}, version=version)
    assert edit.status == 200
    before, decided = await clickhouse.fetch(EFFECTIVE), await decisions(webhook)
    await lose(clickhouse, "TRUNCATE TABLE control")
    assert backup(clickhouse_settings, "restore", file, "--into-non-empty").returncode == 0
    assert await clickhouse.fetch(EFFECTIVE) == before
    assert await decisions(webhook) == decided


async def test_without_any_back_up_the_history_mends_the_tables(
    governed: Api, clickhouse: ClickHouse, clickhouse_settings: Environment
) -> None:
    before = await clickhouse.fetch(EFFECTIVE)
    await lose(clickhouse, "TRUNCATE TABLE control")
    await lose(clickhouse, "TRUNCATE TABLE derived")
    done = backup(clickhouse_settings, "mend")
    assert (done.returncode, "2 of control" in done.stdout) == (0, True), done.stderr
    assert await clickhouse.fetch(EFFECTIVE) == before
    assert "written: nothing" in backup(clickhouse_settings, "mend").stdout
    audit = (await governed.get("/api/v1/audit?action=restoreFromHistory")).json["items"]
    assert [row["outcome"] for row in audit] == ["succeeded", "succeeded"]


async def test_rows_that_an_insert_lost_are_told(
    governed: Api, clickhouse: ClickHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a replicated table drops a block that equals an earlier one: answered, and not there."""
    file, insert = tmp_path / "kubedoor.backup", queries.insert
    await service.dump(clickhouse, file)
    await lose(clickhouse, "TRUNCATE TABLE setting")

    async def dropping(clickhouse: ClickHouse, table: str, values: Sequence[Row]) -> None:
        if table != "setting":
            await insert(clickhouse, table, values)

    monkeypatch.setattr(queries, "insert", dropping)
    done = await service.restore(clickhouse, file, into_non_empty=True)
    assert done.lacking == {"setting": 1}


def test_the_command_fails_where_rows_are_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    whole = Verdict(0, "", None)
    done = service.Restored(Summary("", 1, {}, ""), {"control": 3}, {"control": 2}, whole)
    with pytest.raises(SystemExit, match="rows of the file are not there after all: 2 of control"):
        command.tell(done)
    assert "written: 3 of control" in capsys.readouterr().out
