"""The store of metrics that the settings name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kubedoor_collector.settings import CollectorSettings
from kubedoor_core.prometheus import (
    Prometheus,
    PrometheusError,
    PrometheusUnavailableError,
    QueryTooHeavyError,
    wait_until_up,
)
from kubedoor_core.prometheus import connect as connect_store
from kubedoor_core.prometheus.settings import store_of

__all__ = [
    "Prometheus",
    "PrometheusError",
    "PrometheusUnavailableError",
    "QueryTooHeavyError",
    "connect",
    "wait_until_up",
]


@asynccontextmanager
async def connect(settings: CollectorSettings) -> AsyncIterator[Prometheus]:
    """Open the connections to the settings' store; they are closed on leaving."""
    async with connect_store(store_of(settings, settings.prometheus_url)) as prometheus:
        yield prometheus
