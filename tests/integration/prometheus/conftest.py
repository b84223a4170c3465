"""Real stores with a few thousand samples, alone and behind an nginx as it is installed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from integration.collector.stores import prometheus_with_series
from integration.prometheus.gateways import nginx_before
from kubedoor_dev.metrics.model import Series
from kubedoor_dev.prometheus import fill_victoria_metrics, running, start_victoria_metrics

END = datetime(2026, 3, 2, 12, tzinfo=UTC)
START = END - timedelta(hours=1)
STEP_S = 60
NAMESPACES = 40


def samples() -> list[Series]:
    """One series a namespace, a sample a minute: its number, and nothing finite in the last two."""
    times = np.arange(int(START.timestamp()), int(END.timestamp()) + 1, STEP_S) * 1000
    odd = {NAMESPACES - 2: np.nan, NAMESPACES - 1: np.inf}
    return [
        Series(
            {"__name__": "load", "namespace": f"team-{number:02}"},
            times,
            np.full(len(times), odd.get(number, float(number))),
        )
        for number in range(NAMESPACES)
    ]


@pytest.fixture(scope="session")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Prometheus with the samples."""
    with prometheus_with_series(samples(), tmp_path_factory.mktemp("prometheus")) as url:
        yield url


@pytest.fixture(scope="session")
def victoria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A VictoriaMetrics with the finite ones."""
    with running(start_victoria_metrics(tmp_path_factory.mktemp("victoria"))) as store:
        fill_victoria_metrics(store, samples()[:-2])
        yield store.url


@pytest.fixture(scope="session")
def nginx(prometheus: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An nginx before the Prometheus."""
    with nginx_before(prometheus, tmp_path_factory.mktemp("nginx")) as url:
        yield url
