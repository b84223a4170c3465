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

RESOURCES = """
CREATE TABLE k8s_resources
(
    date DateTime('Asia/Shanghai'), env String, namespace String, deployment String, pod_count UInt8,
    p95_pod_load Float32, p95_pod_cpu_pct Float32, p95_pod_wss_mb Float32, p95_pod_wss_pct Float32,
    limit_pod_cpu_m Float32, limit_pod_mem_mb Float32, request_pod_cpu_m Float32,
    request_pod_mem_mb Float32,
    p95_pod_qps Float32, p95_pod_g1gc_qps Float32, pod_jvm_max_mb Float32
)
ENGINE = MergeTree ORDER BY (date, env, namespace, deployment)
"""
CONTROL = """
CREATE TABLE k8s_res_control
(
    env String, namespace String, deployment String, pod_count_init Int32, pod_count Int32,
    pod_count_manual Int32,
    p95_pod_cpu_pct Float32, p95_pod_mem_pct Float32, request_cpu_m Int32, request_mem_mb Int32,
    limit_cpu_m Int32, limit_mem_mb Int32, update DateTime('Asia/Shanghai'), pod_mem_saved_mb Float32,
    pod_qps Float32, pod_g1gc_qps Float32, pod_count_ai Int32, pod_qps_ai Float32, pod_load_ai Float32,
    pod_g1gc_qps_ai Float32,
    update_ai DateTime('Asia/Shanghai')
)
ENGINE = MergeTree ORDER BY (env, namespace, deployment)
"""
DAY = {
    "env": "prod", "namespace": "shop", "pod_count": 3, "p95_pod_load": 0.25, "p95_pod_cpu_pct": 25.0,
    "p95_pod_wss_mb": 300.2, "p95_pod_wss_pct": 58.6, "limit_pod_cpu_m": 1000, "limit_pod_mem_mb": 512,
    "request_pod_cpu_m": 500, "request_pod_mem_mb": 256, "p95_pod_qps": -1, "p95_pod_g1gc_qps": -1,
    "pod_jvm_max_mb": -1,
}  # fmt: skip
SERVICE = {
    "env": "prod", "namespace": "shop", "pod_count_init": 3, "pod_count": 3, "pod_count_manual": 4,
    "p95_pod_cpu_pct": 25, "p95_pod_mem_pct": 60, "request_cpu_m": 250, "request_mem_mb": 301,
    "limit_cpu_m": 1000, "limit_mem_mb": 512, "update": "2026-10-05 02:00:00", "pod_count_ai": -1,
    "update_ai": "2026-10-05 02:00:00",
}  # fmt: skip


def day(deployment: str, end: str = "2026-10-01 11:30:00", **values: Any) -> dict[str, Any]:
    return {**DAY, "deployment": deployment, "date": end, **values}


def service(deployment: str, **values: Any) -> dict[str, Any]:
    return {**SERVICE, "deployment": deployment, **values}


DAYS = [
    day("cart"),
    day("cart", "2026-10-02 11:30:00"), day("cart", "2026-10-02 11:30:00"),  # twice
    # nothing of the 3rd: deleted, and the new day never came
    day("cart", "2026-10-04 11:30:00", pod_count=255, p95_pod_wss_mb=-1, limit_pod_mem_mb=-1000),
    day("cart", "2026-10-05 11:30:00", p95_pod_load=-1, p95_pod_wss_mb=-1000),  # nothing measured
    day("cart", "2026-10-06 11:30:00"), day("cart", "2026-10-06 11:30:00", p95_pod_load=0.9),  # contradict
    day("cart", "2026-10-07 19:00:00"),  # other hours
    day("cart", "2026-10-08 19:30:00"),
    day("huge"),  # more pods than the old count could hold
    day("sidecar"),  # two containers: use is their mean
    day("redis"),  # a StatefulSet's pods looked like a Deployment's
    day("cart", env="nowhere"),
    day("cart", env="test", p95_pod_load=0.05),
]  # fmt: skip
SERVICES = [
    service("cart"), service("cart"),  # twice
    service("later", pod_count_manual=2), service("later", pod_count_manual=7, update="2026-10-06 02:00:00"),
    service("torn", pod_count_manual=2), service("torn", pod_count_manual=7),  # which?
    service("zero", pod_count_manual=0),
    service("huge", pod_count_manual=255),
    service("unset", pod_count_manual=-1, limit_cpu_m=-1, limit_mem_mb=-1000),
    service("sidecar"),
    service("above", request_cpu_m=2000),
    service("redis"),
    service("mixed", pod_count_manual=9), service("mixed", env="test", pod_count_manual=9, limit_cpu_m=800),
    service("gone", env="nowhere"),
]  # fmt: skip


def deployment(name: str, *, replicas: int = 3, containers: tuple[str, ...] = ("app",)) -> dict[str, Any]:
    limits = {"resources": {"limits": {"cpu": "1", "memory": "512Mi"}}}
    pod = {"containers": [{"name": container, **limits} for container in containers]}
    spec = {"replicas": replicas, "template": {"spec": pod}}
    return {"kind": "Deployment", "metadata": {"namespace": "shop", "name": name}, "spec": spec}


RUNNING = {
    "prod": [
        *(deployment(name) for name in ("cart", "later", "torn", "zero", "unset", "above")),
        deployment("huge", replicas=300), deployment("sidecar", containers=("app", "proxy")),
        deployment("mixed", replicas=9),
    ],
    "test": [deployment("cart"), deployment("mixed", replicas=1)],
}  # fmt: skip

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
    command = [sys.executable, "-m", "kubedoor_api.moving", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def notes(path: Path) -> Counter[tuple[str, str, str]]:
    """Count the notes by outcome, where and what."""
    read = json.loads(path.read_text())["notes"]
    return Counter((n["outcome"], f"{n['env']}/{n['deployment']}", n["what"].split(":")[0]) for n in read)


async def our_days(clickhouse: ClickHouse) -> dict[tuple[str, str, str], dict[str, Any]]:
    rows = await clickhouse.fetch("SELECT * FROM resource_daily FINAL ORDER BY date")
    return {(row["env"], row["deployment"], row["date"]): row for row in rows}


async def our_services(clickhouse: ClickHouse) -> dict[tuple[str, str], dict[str, Any]]:
    rows = await clickhouse.fetch("SELECT * FROM control FINAL")
    return {(row["env"], row["deployment"]): row for row in rows}


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
        "env": "prod", "namespace": "shop", "deployment": "cart", "container": "app",
        "date": date(2026, 10, 1).isoformat(),
        "window_start": timestamp(measured), "window_end": timestamp(measured), "p95_cpu_m": 777,
        "collected_at": timestamp(measured),
    }  # fmt: skip
    await old.insert("resource_daily", [own])
    edited = {
        "env": "prod",
        "namespace": "shop",
        "deployment": "cart",
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
