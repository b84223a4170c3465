"""Real stores with scenarios in them, and what the collector made of them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kubedoor_collector.collect import Collector, policy_of
from kubedoor_collector.day import collect_day
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_dev.metrics import Scenario, Service, build_blocks, company
from kubedoor_dev.metrics.export import write_openmetrics
from kubedoor_dev.metrics.model import Series
from kubedoor_dev.metrics.simulate import simulate_day
from kubedoor_dev.prometheus import (
    fill_victoria_metrics,
    running,
    start_prometheus,
    start_victoria_metrics,
)
from kubedoor_dev.tools import find

PEAK = parse_peak_hours("10:00-11:30")


def _zone(now: datetime) -> ZoneInfo:
    """Return where the company is: elsewhere where today's window would end while the tests run."""
    ends_soon = time(1, 30) <= now.time() < time(3, 45)
    return ZoneInfo("UTC" if ends_soon else "Asia/Shanghai")


ZONE = _zone(datetime.now(UTC))

OpenCollector = Callable[..., AbstractAsyncContextManager[Collector]]
Rows = dict[tuple[str, str, str], dict[str, Any]]


@dataclass(frozen=True)
class Loaded:
    """A store, and what is in it."""

    url: str
    scenario: Scenario


def last_dates(count: int) -> tuple[date, ...]:
    """Return the last dates whose windows are over."""
    return tuple(PEAK.last_finished(count, ZONE, datetime.now(UTC)))


def not_now() -> str:
    """Return the local time of day farthest from now, so that no daily run comes due during a test."""
    return f"{datetime.now(ZONE) + timedelta(hours=12):%H:%M}"


def some_services(*names: str) -> tuple[Service, ...]:
    """Return a few of the company's workloads."""
    return tuple(service for service in company() if service.name in names)


def scenario_of(services: Sequence[Service], days: int = 1, **changes: Any) -> Scenario:
    """Return a scenario of the last days."""
    return replace(Scenario(tuple(services), last_dates(days), ZONE, PEAK), **changes)


@contextmanager
def prometheus_with(
    scenario: Scenario, folder: Path, *options: str, scrape_configs: Sequence[Mapping[str, Any]] = ()
) -> Iterator[Loaded]:
    """Run a Prometheus on a scenario while the block lasts; it may scrape besides."""
    blocks = build_blocks(scenario)
    with running(start_prometheus(blocks, folder, None, *options, scrape_configs=scrape_configs)) as store:
        yield Loaded(store.url, scenario)


@contextmanager
def victoria_with(scenario: Scenario, folder: Path, days: Sequence[date]) -> Iterator[Loaded]:
    """Run a VictoriaMetrics with some days of a scenario while the block lasts."""
    with running(start_victoria_metrics(folder)) as store:
        for day in days:
            fill_victoria_metrics(store, simulate_day(scenario, day))
        yield Loaded(store.url, scenario)


async def collected(collector: Collector, day: date) -> Rows:
    """Collect a day, and return what is stored then."""
    await collect_day(collector.clickhouse, collector.source, policy_of(collector.settings), day)
    return await daily_rows(collector.clickhouse, day)


async def daily_rows(clickhouse: ClickHouse, day: date) -> Rows:
    """Return a day's rows by service and container."""
    rows = await clickhouse.fetch(
        "SELECT * FROM resource_daily FINAL WHERE date = {day:Date} AND NOT deleted", day=day
    )
    return {(row["namespace"], row["name"], row["container"]): row for row in rows}


@contextmanager
def prometheus_with_series(series: Sequence[Series], folder: Path, *options: str) -> Iterator[str]:
    """Run a Prometheus that holds just these series while the block lasts."""
    blocks = folder / "blocks"
    blocks.mkdir(parents=True)
    write_openmetrics(series, folder / "samples.om")
    command = [str(find("promtool")), "tsdb", "create-blocks-from", "--max-block-duration=24h", "openmetrics"]
    subprocess.run([*command, str(folder / "samples.om"), str(blocks)], check=True, capture_output=True)
    with running(start_prometheus(blocks, folder / "prometheus", None, *options)) as store:
        yield store.url
