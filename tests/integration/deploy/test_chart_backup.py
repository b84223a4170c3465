"""What the chart's CronJob runs, run against a real database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kubedoor_core.clickhouse import ClickHouse
from support.rendering import container, environment, of_kind, pods
from support.rows import containers, control_row

ENV = "test"
CONFIGURATION = "a bundled ClickHouse, backed up"


def run(
    component: str, folder: Path, clickhouse: dict[str, str], **changes: str
) -> subprocess.CompletedProcess[str]:
    """Run the script of a component's pod with its variables, on this test's own database."""
    entry = container(CONFIGURATION, component)
    assert entry["command"] == ["python", "-c"]
    own = {
        name: entry["value"]
        for name, entry in environment(CONFIGURATION, component).items()
        if "value" in entry
    }
    given = {**os.environ, **own, **clickhouse, "BACKUP_FOLDER": str(folder), **changes}
    given.pop("KUBEDOOR_CLICKHOUSE_USER")
    command = [sys.executable, "-c", *entry["args"]]
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False)


def backed_up(folder: Path, clickhouse: dict[str, str], **changes: str) -> subprocess.CompletedProcess[str]:
    """Run what the CronJob for back-ups runs."""
    return run("backup", folder, clickhouse, **changes)


def old_ones(folder: Path) -> None:
    """Write five back-ups of earlier days, and something that is none."""
    for day in range(1, 6):
        (folder / f"kubedoor-2026010{day}T030000Z.jsonl.gz").write_text("old")
    (folder / "something-else").write_text("mine")


def sizes(folder: Path) -> dict[str, int]:
    """Return the files and their sizes."""
    return {path.name: path.stat().st_size for path in sorted(folder.iterdir())}


async def test_a_back_up_is_written_and_checked_and_old_ones_go(
    clickhouse: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    await clickhouse.insert("control", [control_row(ENV, "shop", "cart", **containers(app=(1, 2, 3, 4)))])
    old_ones(tmp_path)
    done = backed_up(tmp_path, clickhouse_settings)
    assert done.returncode == 0, done.stderr
    left = sizes(tmp_path)
    first, second, newest, other = left
    assert (first, second) == ("kubedoor-20260104T030000Z.jsonl.gz", "kubedoor-20260105T030000Z.jsonl.gz")
    assert newest > second
    assert left[newest] > 0
    assert other == "something-else"


async def test_one_that_fails_removes_nothing(clickhouse_settings: dict[str, str], tmp_path: Path) -> None:
    old_ones(tmp_path)
    before = sizes(tmp_path)
    done = backed_up(tmp_path, clickhouse_settings, KUBEDOOR_CLICKHOUSE_URL="http://127.0.0.1:9")
    assert done.returncode != 0
    assert before.items() <= sizes(tmp_path).items()


async def test_a_restore_takes_the_newest_file_into_another_database(
    clickhouse: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    await clickhouse.insert("control", [control_row(ENV, "shop", "cart", **containers(app=(1, 2, 3, 4)))])
    assert backed_up(tmp_path, clickhouse_settings).returncode == 0
    another = {**clickhouse_settings, "KUBEDOOR_CLICKHOUSE_DATABASE": f"{clickhouse.database}_restored"}
    restored = run("restore", tmp_path, another)
    assert restored.returncode == 0, restored.stderr
    rows = await clickhouse.in_database(f"{clickhouse.database}_restored").fetch(
        "SELECT name FROM control FINAL"
    )
    assert [row["name"] for row in rows] == ["cart"]


async def test_a_restore_into_what_has_rows_is_refused_unless_it_is_said(
    clickhouse: ClickHouse, clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    await clickhouse.insert("control", [control_row(ENV, "shop", "cart", **containers(app=(1, 2, 3, 4)))])
    assert backed_up(tmp_path, clickhouse_settings).returncode == 0
    refused = run("restore", tmp_path, clickhouse_settings)
    assert refused.returncode != 0
    assert "--into-non-empty" in refused.stderr
    done = run("restore", tmp_path, clickhouse_settings, RESTORE_INTO_NON_EMPTY="true")
    assert done.returncode == 0, done.stderr


def test_a_restore_of_a_file_that_is_not_there_names_those_that_are(
    clickhouse_settings: dict[str, str], tmp_path: Path
) -> None:
    old_ones(tmp_path)
    done = run("restore", tmp_path, clickhouse_settings, RESTORE_FILE="../something-else")
    assert done.returncode != 0
    assert "kubedoor-20260105T030000Z.jsonl.gz" in done.stderr


def test_a_restore_never_runs_by_itself() -> None:
    jobs = {each["metadata"]["name"]: each["spec"] for each in of_kind(CONFIGURATION, "CronJob")}
    assert jobs["kubedoor-restore"]["suspend"] is True
    assert "suspend" not in jobs["kubedoor-backup"]


def test_the_object_store_gets_a_file_only_once_it_is_checked() -> None:
    (pod,) = [each for name, each in pods("back-ups in an object store") if name == "backup"]
    (first,), (then,) = pod["initContainers"], pod["containers"]
    assert "kubedoor_api.cli.backup" in first["args"][0]
    assert {"copy", "--immutable", "store:backups/kubedoor"} <= set(then["args"]), "nothing is written over"
    assert next(each for each in then["volumeMounts"] if each["name"] == "backup")["readOnly"] is True
    keys = {each["name"]: each["valueFrom"]["secretKeyRef"] for each in then["env"] if "valueFrom" in each}
    assert keys["RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY"] == {"name": "store", "key": "secret-access-key"}


def test_the_volume_outlives_the_release_unless_it_is_given() -> None:
    (claim,) = of_kind("a cluster of ClickHouse, backed up", "PersistentVolumeClaim")
    assert claim["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
    assert claim["spec"]["storageClassName"] == "cold"
    assert of_kind(CONFIGURATION, "PersistentVolumeClaim") == []
    job = next(
        each for each in of_kind(CONFIGURATION, "CronJob") if each["metadata"]["name"] == "kubedoor-backup"
    )
    assert (job["spec"]["schedule"], job["spec"]["timeZone"]) == ("30 3 * * *", "Asia/Shanghai")
