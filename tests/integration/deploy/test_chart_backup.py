"""What the chart's CronJob runs, run against a real database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kubedoor_core.clickhouse import ClickHouse
from support.rendering import container, environment, of_kind
from support.rows import containers, control_row

ENV = "test"
CONFIGURATION = "a bundled ClickHouse, backed up"


def backed_up(folder: Path, clickhouse: dict[str, str], **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the script of the pod with its variables, on this test's own database."""
    entry = container(CONFIGURATION, "backup")
    assert entry["command"] == ["python", "-c"]
    own = {
        name: entry["value"]
        for name, entry in environment(CONFIGURATION, "backup").items()
        if "value" in entry
    }
    given = {**os.environ, **own, **clickhouse, "BACKUP_FOLDER": str(folder), **changes}
    given.pop("KUBEDOOR_CLICKHOUSE_USER")
    command = [sys.executable, "-c", *entry["args"]]
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False)


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


def test_the_volume_outlives_the_release_unless_it_is_given() -> None:
    (claim,) = of_kind("a cluster of ClickHouse, backed up", "PersistentVolumeClaim")
    assert claim["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
    assert claim["spec"]["storageClassName"] == "cold"
    assert of_kind(CONFIGURATION, "PersistentVolumeClaim") == []
    (job,) = of_kind(CONFIGURATION, "CronJob")
    assert (job["spec"]["schedule"], job["spec"]["timeZone"]) == ("30 3 * * *", "Asia/Shanghai")
