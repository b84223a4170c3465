"""Fixtures of the collector's tests: real stores with the synthetic company, and collectors on them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from integration.collector.running import FEW
from integration.collector.stores import (
    ZONE,
    Loaded,
    OpenCollector,
    not_now,
    prometheus_with,
    scenario_of,
    some_services,
    victoria_with,
)
from kubedoor_collector.collect import Collector
from kubedoor_collector.service import open_collector
from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.metrics import company

VICTORIA_DAYS = slice(4, 9)
"""Of ten: those with a roll-out, a service that is new, a kill, a gap in the scrapes."""


@pytest.fixture(scope="session")
def company_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """A real Prometheus with ten days of the whole company."""
    with prometheus_with(scenario_of(company(), 10), tmp_path_factory.mktemp("prometheus")) as loaded:
        yield loaded


@pytest.fixture(scope="session")
def victoria_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """A real VictoriaMetrics with the company's eventful days."""
    scenario = scenario_of(company(), 10)
    days = scenario.dates[VICTORIA_DAYS]
    with victoria_with(scenario, tmp_path_factory.mktemp("victoria"), days) as loaded:
        yield loaded


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """A Prometheus with three days of a few services."""
    with prometheus_with(scenario_of(some_services(*FEW), 3), tmp_path_factory.mktemp("few")) as loaded:
        yield loaded


@pytest.fixture
def collector(clickhouse: ClickHouse, clickhouse_settings: dict[str, str]) -> OpenCollector:
    """What opens a collector on a store, with some settings of its own."""

    @asynccontextmanager
    async def open_one(url: str, **settings: Any) -> AsyncIterator[Collector]:
        values = {
            "clickhouse_url": clickhouse_settings["KUBEDOOR_CLICKHOUSE_URL"],
            "clickhouse_database": clickhouse_settings["KUBEDOOR_CLICKHOUSE_DATABASE"],
            "env": "test",
            "timezone": ZONE.key,
            "prometheus_url": url,
            "collect_at": not_now(),
            **settings,
        }
        async with open_collector(CollectorSettings(**values)) as one:
            yield one

    return open_one
