"""Back-up and restore: the same control table, a valid audit chain, nothing of a file that is not whole."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from kubedoor_api.audit.verify import verify
from kubedoor_api.cli.backup.archive import check, rows_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import BadValueError
from support.api import BASE, SERVICES, Api
from support.rows import containers, derived_row

EFFECTIVE = "SELECT * FROM effective ORDER BY env, namespace, name"
HISTORY = "SELECT * FROM control_history ORDER BY version, name"
SETTING = "SELECT * FROM setting FINAL ORDER BY version"
DERIVED = "SELECT * FROM derived_history ORDER BY version"
AUDIT = "SELECT * FROM audit_log WHERE action != 'restoreBackup' ORDER BY seq"

Environment = dict[str, str]


def backup(environment: Environment, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [sys.executable, "-m", "kubedoor_api.cli.backup", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
async def file(api: Api, clickhouse_settings: Environment, tmp_path: Path, clickhouse: ClickHouse) -> Path:
    """A back-up of a company that was edited, with names that need care."""
    made = (
        await api.change("PUT", f"{SERVICES}/shop/cart", {"replicas_manual": 3, "note": 'é "x"\n中'})
    ).json
    made = (
        await api.change("PATCH", f"{SERVICES}/shop/cart", {"replicas_manual": 5}, version=made["version"])
    ).json
    other = (await api.change("PUT", f"{SERVICES}/shop/old", {"replicas_manual": 1})).json
    await api.change("DELETE", f"{SERVICES}/shop/old", version=other["version"])
    await api.change("PUT", f"{BASE}/mode", {"mode": "observe"}, version="0")
    row = derived_row("test", "shop", "cart", replicas_observed=3, **containers(cart=(100, 200, 64, 128)))
    await clickhouse.insert("derived", [{**row, "last_seen": "2026-11-01"}])
    path = tmp_path / "kubedoor.backup"
    done = backup(clickhouse_settings, "dump", path)
    assert done.returncode == 0, done.stderr
    assert path.stat().st_mode & 0o077 == 0
    return path


@pytest.fixture
async def empty(
    clickhouse: ClickHouse, clickhouse_settings: Environment
) -> AsyncIterator[tuple[ClickHouse, Environment]]:
    """A database that does not exist yet."""
    fresh = clickhouse.in_database(f"{clickhouse.database}_restored")
    yield fresh, {**clickhouse_settings, "KUBEDOOR_CLICKHOUSE_DATABASE": fresh.database}
    await clickhouse.in_database("default").execute(f"DROP DATABASE IF EXISTS {fresh.database}")


async def test_an_empty_database_becomes_the_same(
    clickhouse: ClickHouse, file: Path, empty: tuple[ClickHouse, Environment]
) -> None:
    fresh, environment = empty
    done = backup(environment, "restore", file)
    assert done.returncode == 0, done.stderr
    for statement in (EFFECTIVE, HISTORY, SETTING, DERIVED, AUDIT):
        rows = await clickhouse.fetch(statement)
        assert rows
        assert await fresh.fetch(statement) == rows
    verdict = await verify(fresh)
    assert (verdict.problem, verdict.rows) == (None, len(await clickhouse.fetch(AUDIT)) + 1)
    marks = await fresh.fetch_one("SELECT uniqExact(source) AS n FROM change_mark")
    assert marks == {"n": 3}, "a webhook hears of it"


async def test_twice_adds_nothing(file: Path, empty: tuple[ClickHouse, Environment]) -> None:
    fresh, environment = empty
    assert backup(environment, "restore", file).returncode == 0
    history, audit = await fresh.fetch(HISTORY), await fresh.fetch(AUDIT)
    refused = backup(environment, "restore", file)
    assert refused.returncode == 1
    assert "is not empty" in refused.stderr
    assert "--into-non-empty" in refused.stderr
    added = backup(environment, "restore", file, "--into-non-empty")
    assert added.returncode == 0, added.stderr
    assert "written: nothing" in added.stdout
    assert await fresh.fetch(HISTORY) == history
    assert await fresh.fetch(AUDIT) == audit


async def test_what_is_under_way_is_not_begun_again(
    clickhouse: ClickHouse, clickhouse_settings: Environment, tmp_path: Path
) -> None:
    """An operation that ran when the back-up was made is not in it; one that had ended is."""
    row = {
        "env": "test",
        "kind": "restart",
        "requested_at": "2026-11-01 00:00:00",
        "updated_at": "2026-11-01 00:00:00",
    }
    ended = {**row, "id": "ended", "state": "succeeded", "version": 1, "finished_at": "2026-11-01 00:01:00"}
    await clickhouse.insert("operation", [ended, {**row, "id": "running", "state": "running", "version": 2}])
    path = tmp_path / "kubedoor.backup"
    assert backup(clickhouse_settings, "dump", path).returncode == 0
    assert [row["id"] for row in rows_of(path, "operation")] == ["ended"]


async def test_a_later_edit_stays(
    api: Api, clickhouse: ClickHouse, clickhouse_settings: Environment, file: Path
) -> None:
    version = (await api.get(f"{SERVICES}/shop/cart")).json["version"]
    await api.change("PATCH", f"{SERVICES}/shop/cart", {"replicas_manual": 9}, version=version)
    done = backup(clickhouse_settings, "restore", file, "--into-non-empty")
    assert done.returncode == 0, done.stderr
    row = await clickhouse.fetch_one(EFFECTIVE)
    assert row is not None
    assert row["replicas_manual"] == 9


async def test_another_audit_log_is_not_mixed(
    clickhouse: ClickHouse, file: Path, empty: tuple[ClickHouse, Environment]
) -> None:
    fresh, environment = empty
    assert backup(environment, "restore", file).returncode == 0
    await fresh.execute("TRUNCATE TABLE audit_log")
    (row, *_) = await clickhouse.fetch(AUDIT)
    other = {**row, "at": row["at"].rstrip("Z"), "hash": "0" * 64}
    await fresh.insert("audit_log", [other])
    refused = backup(environment, "restore", file, "--into-non-empty")
    assert refused.returncode == 1
    assert "is not the one of" in refused.stderr


def altered(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> Path:
    """Write the file anew with other lines."""
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(b"".join(change(lines))))
    return path


def another_note(lines: list[bytes]) -> list[bytes]:
    return [line.replace(b'"replicas_manual":5', b'"replicas_manual":6') for line in lines]


def later(lines: list[bytes]) -> list[bytes]:
    return [lines[0].replace(b'"version":1', b'"version":9'), *lines[1:]]


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-20]),
    "without its end": lambda path: altered(path, lambda lines: lines[:-1]),
    "without a row": lambda path: altered(path, lambda lines: lines[:3] + lines[4:]),
    "with another value": lambda path: altered(path, another_note),
    "of something else": lambda path: path.write_text("hello"),
    "empty": lambda path: path.write_text(""),
    "from later": lambda path: altered(path, later),
}


async def test_a_file_that_is_not_whole_is_refused(
    file: Path, empty: tuple[ClickHouse, Environment], tmp_path: Path
) -> None:
    for name, damage in DAMAGE.items():
        copy = tmp_path / name
        shutil.copyfile(file, copy)
        damage(copy)
        with pytest.raises(BadValueError, match=name):
            check(copy)
    fresh, environment = empty
    done = backup(environment, "restore", tmp_path / "cut off")
    assert done.returncode == 1
    assert done.stderr.startswith("kubedoor: ")
    assert done.stderr.count("\n") == 1, done.stderr
    tables = "SELECT count() AS n FROM system.tables WHERE database = {name:String}"
    assert await fresh.in_database("system").fetch_one(tables, name=fresh.database) == {"n": 0}


async def test_a_forged_audit_row_is_found_even_with_a_right_digest(
    file: Path, empty: tuple[ClickHouse, Environment]
) -> None:
    """Whoever can write the file can make its digest: the chain still shows it."""

    def forge(lines: list[bytes]) -> list[bytes]:
        body = [line.replace(b'"actor":"alice"', b'"actor":"bob"') for line in lines[:-1]]
        foot = {**json.loads(lines[-1]), "sha256": hashlib.sha256(b"".join(body)).hexdigest()}
        return [*body, json.dumps(foot).encode()]

    assert check(altered(file, forge)).rows["audit_log"] > 0
    done = backup(empty[1], "restore", file)
    assert done.returncode == 1
    assert "was changed after it was written" in done.stderr
