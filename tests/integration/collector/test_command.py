"""`python -m kubedoor_collector`: one line for a wrong setting, a summary, exit codes, waiting."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from integration.collector.faulty import before
from integration.collector.stores import ZONE, Loaded
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.workload import WORKLOAD_KINDS
from kubedoor_dev.metrics import company
from kubedoor_dev.processes import free_port

NEEDED = {"KUBEDOOR_CLICKHOUSE_URL": "http://127.0.0.1:1", "KUBEDOOR_PROMETHEUS_URL": "http://127.0.0.1:1",
          "KUBEDOOR_ENV": "test"}  # fmt: skip
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("KUBEDOOR_")}


def run(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kubedoor_collector", *arguments]
    return subprocess.run(
        command, env={**PLAIN, **environ}, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PROMETHEUS_URL", None, "is not set"),
        ("ENV", None, "is not set"),
        ("PROMETHEUS_URL", "localhost:9090", "http:// or https://"),
        ("PROMETHEUS_TYPE", "influx", "prometheus"),
        ("PROMETHEUS_ENV_LABEL", "cluster", "key=value"),
        ("PROMETHEUS_CA_FILE", "/nowhere/ca.crt", "there is no file"),
        ("PEAK_HOURS", "25:00-26:00", "no 25:00 on a clock"),
        ("PEAK_HOURS", "10:00-10:00", "the window is empty"),
        ("COLLECT_AT", "noon", "HH:MM"),
        ("TIMEZONE", "Mars/Olympus", "is not a time zone"),
        ("NAMESPACES", "shop(", "is not a regular expression"),
        ("LOOKBACK_DAYS", "0", "greater than or equal to 1"),
        ("MARGIN_PCT", "-5", "greater than or equal to 0"),
    ],
)
def test_a_wrong_setting_stops_it_with_one_line(name: str, value: str | None, words: str) -> None:
    environ = {**NEEDED, f"KUBEDOOR_{name}": value}
    result = run({key: text for key, text in environ.items() if text is not None}, "--once")
    assert result.returncode == 78
    assert result.stderr.count("\n") == 1
    assert f"KUBEDOOR_{name}" in result.stderr
    assert words in result.stderr


@pytest.mark.parametrize("days", ["0", "-1", "ten", "1000"])
def test_a_wrong_number_of_days_is_refused(days: str) -> None:
    result = run(NEEDED, "--once", "--days", days)
    assert result.returncode == 2
    assert "number of days" in result.stderr or "expected one argument" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--once", "--date", "yesterday"), "is not a date, YYYY-MM-DD"),
        (("--once", "--date", "2026-11-02", "--days", "2"), "not allowed with argument"),
        (("--date", "2026-11-02"), "add --once"),
    ],
)
def test_dates_that_make_no_sense_are_refused(arguments: tuple[str, ...], words: str) -> None:
    result = run(NEEDED, *arguments)
    assert result.returncode == 2
    assert words in result.stderr


def environment(clickhouse_settings: dict[str, str], url: str) -> dict[str, str]:
    return {
        **NEEDED, **clickhouse_settings, "KUBEDOOR_PROMETHEUS_URL": url, "KUBEDOOR_TIMEZONE": ZONE.key,
        "KUBEDOOR_LOG_FORMAT": "json", "KUBEDOOR_NAMESPACES": "shop|payments",
    }  # fmt: skip


HERE = sum(one.kind in WORKLOAD_KINDS and one.namespace in ("shop", "payments") for one in company())


async def test_it_collects_derives_and_sums_up(
    company_store: Loaded, clickhouse: ClickHouse, clickhouse_settings: dict[str, str]
) -> None:
    environ = environment(clickhouse_settings, company_store.url)
    result = await asyncio.to_thread(run, environ, "--once", "--days", "10")
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("collected\n") == 10
    summary = f"10 of 10 days collected, {HERE} services, {HERE} derived anew or changed ({HERE} new)"
    assert summary in result.stdout
    registered = await clickhouse.fetch("SELECT name, replicas, replicas_source FROM effective")
    assert len(registered) == HERE
    assert {"name": "storefront", "replicas": 9, "replicas_source": "observed"} in registered
    ledger = await clickhouse.fetch(
        "SELECT peak_date_cpu, peak_date_mem FROM derived FINAL WHERE name = 'ledger'"
    )
    dates = company_store.scenario.dates
    assert ledger == [{"peak_date_cpu": str(dates[3]), "peak_date_mem": str(dates[7])}]


async def test_days_are_chosen_by_their_dates(
    company_store: Loaded, clickhouse: ClickHouse, clickhouse_settings: dict[str, str]
) -> None:
    """Each once; one that the store does not have fails, and the others are collected."""
    environ = environment(clickhouse_settings, company_store.url)
    dates = company_store.scenario.dates
    missing = dates[0] - timedelta(days=30)
    chosen = [str(day) for day in (dates[7], dates[2], dates[7], missing)]
    options = [word for day in chosen for word in ("--date", day)]
    result = await asyncio.to_thread(run, environ, "--once", *options)
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert [line.split(":")[0] for line in lines[:3]] == [
        f"{missing}  failed", f"{dates[2]}  collected", f"{dates[7]}  collected",
    ]  # fmt: skip
    stored = await clickhouse.fetch("SELECT DISTINCT date FROM resource_daily FINAL ORDER BY date")
    assert [row["date"] for row in stored] == [str(dates[2]), str(dates[7])]
    assert await clickhouse.fetch("SELECT trigger FROM collection_run FINAL") == [{"trigger": "command"}]


async def test_a_day_that_fails_is_told_and_makes_it_exit_1(
    company_store: Loaded, clickhouse: ClickHouse, clickhouse_settings: dict[str, str]
) -> None:
    """The store has ten days; the eleventh is not there."""
    environ = environment(clickhouse_settings, company_store.url)
    result = await asyncio.to_thread(run, environ, "--once", "--days", "11")
    assert result.returncode == 1
    assert "failed: the store has no samples" in result.stdout
    assert "10 of 11 days collected" in result.stdout


async def test_the_dry_run_shows_a_table_and_writes_nothing(
    company_store: Loaded, clickhouse: ClickHouse, clickhouse_settings: dict[str, str]
) -> None:
    environ = environment(clickhouse_settings, company_store.url)
    assert (await asyncio.to_thread(run, environ, "--once")).returncode == 0
    shown = await asyncio.to_thread(run, {**environ, "KUBEDOOR_MARGIN_PCT": "50"}, "--dry-run")
    assert shown.returncode == 0
    assert shown.stdout.splitlines()[0].split() == ["service", "container", "value", "before", "after", "why"]
    assert any(
        line.startswith("shop/cart ") and "request_cpu_m" in line for line in shown.stdout.splitlines()
    )
    history: list[dict[str, Any]] = await clickhouse.fetch("SELECT count() AS n FROM derived_history")
    assert history == [{"n": HERE}]


def replay(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kubedoor_collector.replay", *arguments]
    return subprocess.run(
        command, env={**PLAIN, **environ}, capture_output=True, text=True, timeout=300, check=False
    )


async def test_a_replay_scores_every_preset_and_writes_nothing(
    company_store: Loaded, clickhouse: ClickHouse, clickhouse_settings: dict[str, str]
) -> None:
    environ = environment(clickhouse_settings, company_store.url)
    first = await asyncio.to_thread(replay, environ)
    assert first.returncode == 1
    assert "too few days are stored" in first.stderr
    assert (await asyncio.to_thread(run, environ, "--once", "--days", "10")).returncode == 0
    before = await clickhouse.fetch("SELECT count() AS n FROM derived_history")
    done = await asyncio.to_thread(replay, environ, "--json", "--days", "10")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert list(found) == ["as set now", "as announced", "steady", "careful"]
    assert found["as set now"] == found["as announced"]
    one = found["as announced"]
    assert HERE - 2 <= one["services"] <= HERE  # one began on the last day
    assert HERE * 7 <= one["days"] <= HERE * 9
    assert one["cores"] > 1
    assert one["money_month"] is None
    assert one["mem_bad_days_pct"] > found["steady"]["mem_bad_days_pct"]
    # The store has but the peaks, so that P99 of whole days is not known.
    assert (found["careful"]["days"], found["careful"]["bad_days_pct"]) == (0, None)
    shown = await asyncio.to_thread(replay, {**environ, "KUBEDOOR_REQUEST_RULE": "whole_day"}, "--days", "10")
    header, now, *presets = shown.stdout.splitlines()
    assert header.startswith("rule")
    assert now.startswith("as set now")
    assert len(presets) == 3
    assert await clickhouse.fetch("SELECT count() AS n FROM derived_history") == before


async def test_what_is_not_there_yet_is_waited_for_with_a_message(
    company_store: Loaded, clickhouse: ClickHouse, clickhouse_settings: dict[str, str]
) -> None:
    """The store comes up only once it has said that it waits for it."""
    port = free_port()
    environ = environment(clickhouse_settings, f"http://127.0.0.1:{port}")
    command = [sys.executable, "-m", "kubedoor_collector", "--once"]
    process = await asyncio.create_subprocess_exec(
        *command, env={**PLAIN, **environ}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    line = await process.stderr.readline()
    assert b"prometheus.waiting" in line
    assert b"can't be reached" in line
    async with before(company_store.url, port=port):
        out, err = await process.communicate()
    assert process.returncode == 0, err
    assert b"1 of 1 days collected" in out
    assert b"Traceback" not in err
