"""Env made of single pods' samples: what a real store and the collector make of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from integration.collector.stores import (
    PEAK,
    ZONE,
    OpenCollector,
    Rows,
    collected,
    last_dates,
    prometheus_with_series,
)
from kubedoor_core.domain.peak import Window
from kubedoor_dev.metrics.model import Series
from kubedoor_dev.prometheus import fill_victoria_metrics, running, start_victoria_metrics
from support.scrapes import Load, Pod, steady

SUFFIX = "7d9f8c6b5d"
SUFFIXES = ("x2vbn", "7cvbn", "k4mzl", "pqr5t", "wxz82", "bcd79", "fgh24")


def the_day() -> date:
    """Return yesterday: its whole local day is over."""
    return next(day for day in reversed(last_dates(3)) if day < datetime.now(ZONE).date())


DAY = the_day()


def window_of(day: date = DAY) -> Window:
    """Return a day's peak."""
    return PEAK.windows[0].window(day, ZONE)


START, END = window_of().start.timestamp(), window_of().end.timestamp()
SINCE, UNTIL = START - 900, END + 300
"""What is scraped: the peak, and something before and after it."""


def pods_of(
    name: str,
    count: int = 3,
    load: Load | None = None,
    namespace: str = "shop",
    suffix: str = SUFFIX,
    **more: Any,
) -> list[Pod]:
    """Return a Deployment's pods, named as Kubernetes would."""
    owner = ("ReplicaSet", f"{name}-{suffix}")
    base = f"{owner[1]}-"[:58]
    return [
        Pod(namespace, f"{base}{SUFFIXES[index]}", owner, load or steady(), **more) for index in range(count)
    ]


async def rows_of(
    series: Iterable[Series], collector: OpenCollector, folder: Path, day: date = DAY, **settings: Any
) -> Rows:
    """Return what is collected of a day from a Prometheus that holds these series."""
    with prometheus_with_series(list(series), folder) as url:
        async with collector(url, **settings) as one:
            return await collected(one, day)


async def rows_of_victoria(
    series: Iterable[Series], collector: OpenCollector, folder: Path, day: date = DAY
) -> Rows:
    """Return the same from a VictoriaMetrics."""
    with running(start_victoria_metrics(folder)) as store:
        fill_victoria_metrics(store, series)
        async with collector(store.url, prometheus_type="victoria-metrics-single") as one:
            return await collected(one, day)


def instant(minute: float) -> float:
    """Return seconds since the epoch of a minute of the window."""
    return START + 60 * minute


def local_midnight(day: date = DAY) -> float:
    """Return when a local day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC).timestamp()
