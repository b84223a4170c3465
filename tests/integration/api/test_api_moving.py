"""Moving over from KubeDoor 0.2: its tables with every fault they have, each taken right or left and told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kubedoor_api.audit.verify import verify
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from support.old_kubedoor import CONTROL, DAYS, RESOURCES, RUNNING, SERVICES

Environment = dict[str, str]


@pytest.fixture
async def old(clickhouse: ClickHouse) -> ClickHouse:
    """The old tables, in our own database: 0.2's had the same name."""
    await clickhouse.execute(RESOURCES)
    await clickhouse.execute(CONTROL)
    await clickhouse.insert("k8s_resources", DAYS)
    await clickhouse.insert("k8s_res_control", SERVICES)
    return clickhouse


@pytest.fixture
def arguments(tmp_path: Path, clickhouse_settings: Environment) -> list[str]:
    """What the command needs."""
    given = [
        "--peak-hours",
        "10:00-11:30",
        "--source-database",
        clickhouse_settings["KUBEDOOR_CLICKHOUSE_DATABASE"],
    ]
    for env, items in RUNNING.items():
        (tmp_path / env).write_text(json.dumps({"kind": "List", "items": items}))
        given += ["--deployments", f"{env}={tmp_path / env}"]
    return [*given, "--report", str(tmp_path / "report.json")]


def moving(environment: Environment, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [sys.executable, "-m", "kubedoor_api.cli.legacy_import", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def notes(path: Path) -> Counter[tuple[str, str, str]]:
    """Count the notes by outcome, where and what."""
    read = json.loads(path.read_text())["notes"]
    return Counter((n["outcome"], f"{n['env']}/{n['name']}", n["what"].split(":")[0]) for n in read)


async def our_days(clickhouse: ClickHouse) -> dict[tuple[str, str, str], dict[str, Any]]:
    rows = await clickhouse.fetch("SELECT * FROM resource_daily FINAL ORDER BY date")
    return {(row["env"], row["name"], row["date"]): row for row in rows}


async def our_services(clickhouse: ClickHouse) -> dict[tuple[str, str], dict[str, Any]]:
    rows = await clickhouse.fetch("SELECT * FROM control FINAL")
    return {(row["env"], row["name"]): row for row in rows}


async def test_a_dry_run_tells_and_writes_nothing(
    old: ClickHouse, clickhouse_settings: Environment, arguments: list[str], tmp_path: Path
) -> None:
    done = moving(clickhouse_settings, *arguments)
    assert done.returncode == 0, done.stderr
    assert "a dry run: nothing was written" in done.stdout
    assert (await our_days(old), await our_services(old)) == ({}, {})
    assert await old.fetch_one("SELECT count() AS n FROM audit_log") == {"n": 0}
    told = notes(tmp_path / "report.json")
    assert moving(clickhouse_settings, *arguments, "--apply").returncode == 0
    assert notes(tmp_path / "report.json") == told


async def test_days_are_right_or_left(
    old: ClickHouse, clickhouse_settings: Environment, arguments: list[str], tmp_path: Path
) -> None:
    done = moving(clickhouse_settings, *arguments, "--apply")
    assert done.returncode == 0, done.stderr
    days = await our_days(old)
    assert set(days) == {
        ("prod", "cart", "2026-10-01"), ("prod", "cart", "2026-10-02"), ("prod", "cart", "2026-10-04"),
        ("prod", "huge", "2026-10-01"), ("test", "cart", "2026-10-01"),
    }  # fmt: skip
    first = days["prod", "cart", "2026-10-01"]
    assert first["window_start"].startswith("2026-10-01T02:00:00")
    assert first["window_end"].startswith("2026-10-01T03:30:00")
    names = (
        "container",
        "pod_count",
        "p95_cpu_m",
        "p95_mem_mib",
        "limit_cpu_m",
        "request_mem_mib",
        "cpu_pct",
    )
    assert [first[name] for name in names] == ["app", 3, 250, 301, 1000, 256, 25.0]
    assert (first["coverage"], first["p95_cpu_hot_m"], first["oom_kills"]) == (None, None, None)
    capped = days["prod", "cart", "2026-10-04"]
    unknown = ("pod_count", "p95_mem_mib", "limit_mem_mib", "mem_pct")
    assert [capped[name] for name in unknown] == [None] * 4
    assert capped["p95_cpu_m"] == 250
    assert days["prod", "huge", "2026-10-01"]["pod_count"] is None
    assert days["test", "cart", "2026-10-01"]["p95_cpu_m"] == 50
    told = notes(tmp_path / "report.json")
    assert told["corrected", "prod/cart", "the row was there twice"] == 1
    assert told["corrected", "prod/cart", "the pod count could not be above 255"] == 1
    assert told["left", "prod/cart", "neither cpu nor memory was measured on this day"] == 1
    assert told["left", "prod/cart", "several rows of this day contradict each other"] == 2
    assert told["left", "prod/cart", "its time is not the end of the peak hours that were given"] == 2
    assert told["left", "prod/sidecar", "its pods have several containers"] == 1
    assert told["left", "nowhere/cart", "nobody can tell its containers"] == 1
    assert told["left", "prod/", "a day without any row"] == 1
    assert (
        sum(
            n for (_, where, what), n in told.items() if (where, what[:13]) == ("prod/redis", "no Deployment")
        )
        == 2
    )


async def test_the_control_table_is_right_or_left(
    old: ClickHouse, clickhouse_settings: Environment, arguments: list[str], tmp_path: Path
) -> None:
    assert moving(clickhouse_settings, *arguments, "--apply").returncode == 0
    services = await our_services(old)
    assert {key: row["replicas_manual"] for key, row in services.items()} == {
        ("prod", "cart"): 4, ("prod", "later"): 7, ("prod", "zero"): None, ("prod", "huge"): None,
        ("prod", "unset"): None, ("prod", "sidecar"): 4, ("prod", "above"): 4, ("prod", "mixed"): 9,
        ("test", "mixed"): None,
    }  # fmt: skip
    limits = {key: (row["containers.name"], row["containers.limit_cpu_m"]) for key, row in services.items()}
    assert limits["prod", "cart"] == (["app"], [1000])
    assert limits["prod", "mixed"] == (["app"], [1000])
    for left in ("unset", "sidecar"):
        assert limits["prod", left] == ([], [])
    assert limits["test", "mixed"] == ([], [])
    assert all(row["containers.request_cpu_m"] in ([], [None]) for row in services.values())
    told = notes(tmp_path / "report.json")
    assert told["left", "prod/torn", "several rows contradict each other, and none is the latest"] == 1
    assert told["corrected", "prod/later", "several rows"] == 1
    assert told["corrected", "prod/above", "a request above its limit"] == 1
    assert told["left", "test/mixed", "a manual pod count that an edit of another env may have set"] == 1
    assert told["left", "test/mixed", "limits that an edit of another env may have set"] == 1
    assert told["left", "nowhere/gone", "nobody can tell whether it is a Deployment"] == 1
    verdict = await verify(old)
    assert (verdict.problem, verdict.rows) == (None, 1)


async def test_twice_and_beside_what_is_there(
    old: ClickHouse, clickhouse_settings: Environment, arguments: list[str], tmp_path: Path
) -> None:
    """What KubeDoor measured and what people edited stays, and a second time nothing is written."""
    measured = datetime(2026, 10, 1, 5, tzinfo=UTC)
    own = {
        "env": "prod", "namespace": "shop", "name": "cart", "container": "app",
        "date": date(2026, 10, 1).isoformat(),
        "window_start": timestamp(measured), "window_end": timestamp(measured), "p95_cpu_m": 777,
        "collected_at": timestamp(measured),
    }  # fmt: skip
    await old.insert("resource_daily", [own])
    edited = {
        "env": "prod",
        "namespace": "shop",
        "name": "cart",
        "replicas_manual": 1,
        "version": 1,
        "updated_by": "alice",
    }
    await old.insert("control", [{**edited, "updated_at": timestamp(measured)}])
    assert moving(clickhouse_settings, *arguments, "--apply").returncode == 0
    days, services = await our_days(old), await our_services(old)
    assert days["prod", "cart", "2026-10-01"]["p95_cpu_m"] == 777
    assert services["prod", "cart"]["replicas_manual"] == 1
    raw = await old.fetch_one("SELECT count() AS n FROM resource_daily")
    again = moving(clickhouse_settings, *arguments, "--apply")
    assert again.returncode == 0, again.stderr
    assert (await our_days(old), await our_services(old)) == (days, services)
    assert await old.fetch_one("SELECT count() AS n FROM resource_daily") == raw
    told = notes(tmp_path / "report.json")
    assert not any(outcome == "taken" for outcome, _, _ in told)
    assert told["there", "prod/cart", "KubeDoor measured this day itself"] == 1
    assert told["there", "prod/cart", "a row of `control`, by alice"] == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (["--peak-hours", "25:00-26:00"], "there is no 25:00"),
        (["--timezone", "Mars"], "not a time zone"),
        (["--deployments", "prod"], "say ENV=FILE"),
        (["--deployments", "prod=/nowhere"], "can't be read"),
    ],
)  # fmt: skip
def test_bad_input_is_told_in_one_line(
    clickhouse_settings: Environment, arguments: list[str], changed: list[str], said: str
) -> None:
    refused(clickhouse_settings, [*arguments, *changed], said)


async def test_without_the_old_tables(
    clickhouse: ClickHouse, clickhouse_settings: Environment, arguments: list[str]
) -> None:
    assert clickhouse.database in arguments
    refused(clickhouse_settings, arguments, "tables of KubeDoor 0.2 can't be read")


def refused(environment: Environment, arguments: list[str], said: str) -> None:
    done = moving(environment, *arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
