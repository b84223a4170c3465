"""`kubedoor scan` on real stores: the figures are the service's, and trouble is told in a line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from integration.collector.stores import PEAK, ZONE, Loaded, OpenCollector
from kubedoor_collector.once import _run
from kubedoor_collector.scan.__main__ import FAILED, OVER, USAGE
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.control import containers_of
from kubedoor_dev.another_day.clock import passed_on
from kubedoor_dev.processes import free_port

DAYS = 3
HOURS = ("--peak-hours", str(PEAK))


def scan(*arguments: str, url: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run it as a user does, from an empty environment."""
    command = [sys.executable, "-m", "kubedoor_collector.scan", "--timezone", str(ZONE), *arguments]
    if url:
        command += ["--prometheus", url, "--days", str(DAYS)]
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **passed_on(), **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


async def test_its_figures_are_the_services(
    few: Loaded, collector: OpenCollector, clickhouse: ClickHouse
) -> None:
    done = scan(*HOURS, "-o", "json", url=few.url)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    async with collector(few.url) as one:
        await _run(one, DAYS, ())
    rows = await clickhouse.fetch("SELECT * FROM derived FINAL WHERE NOT deleted")
    service = {
        (row["namespace"], row["kind"], row["name"], part.name): (part.request_cpu_m, part.request_mem_mib)
        for row in rows
        for part in containers_of(row)
    }
    scanned = {
        (one["namespace"], one["kind"], one["name"], part["name"]): (
            part["proposed_cpu_m"],
            part["proposed_mem_mib"],
        )
        for one in found["services"]
        for part in one["containers"]
    }
    assert scanned == service
    assert scanned
    asked = {one.name for one in few.scenario.services}
    assert {one["name"] for one in found["services"]} <= asked


def test_peak_hours_are_found_and_a_page_is_written(few: Loaded, tmp_path: Path) -> None:
    page = tmp_path / "scan.html"
    done = scan("-o", "html", "-f", str(page), url=few.url)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    text = page.read_text()
    assert f"{PEAK} (found in the data)" in text, "samples are of these hours alone"
    assert [path.name for path in tmp_path.iterdir()] == ["scan.html"]


def test_a_pipeline_fails_where_too_much_is_spare(few: Loaded) -> None:
    done = scan(*HOURS, "--fail-over", "1%", url=few.url)
    assert done.returncode == OVER
    assert "% of the requested cpu are spare, more than 1" in done.stderr
    assert "services, 3 of 3 days" in done.stdout


def test_a_store_that_is_away_is_told_in_a_line() -> None:
    done = scan(*HOURS, url=f"http://127.0.0.1:{free_port()}")
    assert (done.returncode, done.stdout) == (FAILED, "")
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert done.stderr.startswith("kubedoor scan: ")


def test_a_store_without_the_namespace_says_so_for_each_day(few: Loaded) -> None:
    done = scan(*HOURS, "--namespaces", "nobody", url=few.url)
    assert done.returncode == FAILED
    assert done.stderr.count("the store has containers, but none in the namespaces nobody") == 1
    assert done.stderr.count("-") >= 2 * DAYS, "each day is named"
    assert f"{PEAK} in {ZONE}: --peak-hours and --timezone choose others" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--prometheus says where the store is"),
        (("--prometheus", "prometheus:9090"), "must be an http:// or https:// address"),
        (("--prometheus", "http://p", "--peak-hours", "25:00-26:00"), "there is no 25:00"),
        (("--prometheus", "http://p", "--days", "0"), "is not a number of days"),
        (("--prometheus", "http://p", "--fail-over", "many"), "is neither cores"),
        (("--prometheus", "http://p", "--namespaces", "("), "namespaces"),
    ],
)
def test_what_is_wrong_with_the_arguments_is_said(arguments: tuple[str, ...], said: str) -> None:
    done = scan(*arguments)
    assert done.returncode == USAGE
    assert said in done.stderr
    assert "Traceback" not in done.stderr
