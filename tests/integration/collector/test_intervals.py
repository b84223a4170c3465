"""Every figure by the definition, at every interval: what happens between two scrapes is counted."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from integration.collector.clusters import (
    DAY,
    END,
    SINCE,
    START,
    UNTIL,
    instant,
    pods_of,
    rows_of,
    rows_of_victoria,
)
from integration.collector.stores import OpenCollector, Rows, collected, prometheus_with_series
from kubedoor_dev.metrics.model import Series
from support.by_definition import Figures, figures
from support.scrapes import Load, Pod, bursty, deployment, rhythmic, steady

INTERVALS_S = (10, 15, 30, 60, 120)
LOADS: dict[str, Load] = {
    "steady": steady(),
    **{f"rhythmic-{phase}": rhythmic(phase) for phase in (0, 20, 33, 47)},
    "bursty": bursty(5),
}
CHANGES = ("none", "rollout", "restart", "reset", "from-zero", "gap")
COMPARED = ("pod_count", "p95_cpu_m", "p95_cpu_hot_m", "p95_mem_mib", "p95_mem_hot_mib")


def service(load: str, change: str, interval_s: int, jitter_s: float) -> tuple[str, list[Pod]]:
    """Return a service's name and pods."""
    name = f"{load}-{change}-{interval_s}-{int(jitter_s)}"
    pods = pods_of(name, load=LOADS[load], interval_s=float(interval_s), jitter_s=jitter_s)
    match change:
        case "rollout":
            newer = pods_of(
                name, load=LOADS[load], suffix="5f6d7c8b9z", interval_s=interval_s, jitter_s=jitter_s
            )
            old = [replace(pod, end=instant(40 + i)) for i, pod in enumerate(pods)]
            return name, [*old, *(replace(pod, start=instant(40 + i)) for i, pod in enumerate(newer))]
        case "restart":
            return name, [replace(pods[0], restart=instant(33.3)), *pods[1:]]
        case "reset":
            return name, [replace(pods[0], reset=instant(33.3)), *pods[1:]]
        case "from-zero":
            return name, [replace(pod, start=instant(50)) for pod in pods]
        case "gap":
            return name, [replace(pods[0], gap=lambda t: (t > instant(20)) & (t < instant(28))), *pods[1:]]
        case _:
            return name, pods


def close(found: float | None, wanted: float | None, share: float = 0.01) -> bool:
    """Return whether a stored figure is the wanted one, to a share and the unit that rounding up adds."""
    if found is None or wanted is None:
        return found is wanted
    return abs(found - wanted) <= share * abs(wanted) + 1 + 1e-6


def wrong(row: dict[str, float | None], wanted: Figures) -> dict[str, tuple[float | None, float | None]]:
    """Return the figures that differ."""
    pairs = {name: (row[name], getattr(wanted, name)) for name in COMPARED}
    bad = {name: pair for name, pair in pairs.items() if not close(*pair)}
    coverage = (row["coverage"], wanted.coverage)
    if coverage[0] is None or coverage[1] is None or abs(coverage[0] - coverage[1]) > 0.03:
        bad["coverage"] = coverage
    return bad


def env(intervals_s: tuple[int, ...], jitters_s: tuple[float, ...]) -> dict[str, tuple[list[Pod], int]]:
    """Return every service of the table: its pods and their interval."""
    table = product(LOADS, CHANGES, intervals_s, jitters_s)
    every = [
        (service(load, change, interval_s, jitter_s), interval_s)
        for load, change, interval_s, jitter_s in table
    ]
    return {name: (pods, interval_s) for (name, pods), interval_s in every}


def check(rows: Rows, services: dict[str, tuple[list[Pod], int]]) -> dict[str, object]:
    """Return what differs from the plain computation, by service."""
    bad: dict[str, object] = {}
    for name, (pods, interval_s) in services.items():
        series = deployment("shop", name, pods, SINCE, UNTIL)
        differences = wrong(rows["shop", name, "app"], figures(pods, series, START, END, interval_s))
        if differences:
            bad[name] = differences
    return bad


def across(rows: Rows, intervals_s: tuple[int, ...]) -> dict[str, object]:
    """Return the loads that are told differently at one interval than at another."""
    bad: dict[str, object] = {}
    for load, change in product(LOADS, ("none", "rollout", "from-zero")):
        if load == "bursty":
            continue
        found = [rows["shop", f"{load}-{change}-{s}-0", "app"]["p95_cpu_m"] for s in intervals_s]
        if max(found) > min(found) * 1.02 + 1:
            bad[f"{load}-{change}"] = found
    return bad


async def test_every_interval_load_and_change(collector: OpenCollector, tmp_path: Path) -> None:
    services = env(INTERVALS_S, (0.0, 3.0))
    series = [
        one for name, (pods, _) in services.items() for one in deployment("shop", name, pods, SINCE, UNTIL)
    ]
    rows = await rows_of(series, collector, tmp_path, DAY)
    assert check(rows, services) == {}
    assert across(rows, INTERVALS_S) == {}


async def test_the_same_from_victoria_metrics(collector: OpenCollector, tmp_path: Path) -> None:
    services = env((15, 30, 120), (0.0, 3.0))
    series = [
        one for name, (pods, _) in services.items() for one in deployment("shop", name, pods, SINCE, UNTIL)
    ]
    rows = await rows_of_victoria(series, collector, tmp_path, DAY)
    assert check(rows, services) == {}


@pytest.mark.parametrize("phase_s", [0, 20, 40])
async def test_twenty_busy_seconds_of_each_minute_are_680_millicores(
    phase_s: int, collector: OpenCollector, tmp_path: Path
) -> None:
    """Two cores for twenty seconds and a fiftieth of one for forty, scraped every 15 s, as is usual."""
    names = {f"busy-{interval_s}": interval_s for interval_s in (15, 30)}
    series = [
        one
        for name, interval_s in names.items()
        for one in deployment(
            "shop", name, pods_of(name, load=rhythmic(phase_s), interval_s=interval_s), SINCE, UNTIL
        )
    ]
    rows = await rows_of(series, collector, tmp_path, DAY)
    for name in names:
        assert rows["shop", name, "app"]["p95_cpu_m"] == pytest.approx(680, rel=0.01)


def _smallest_often_missing() -> tuple[list[Pod], list[Series]]:
    """Return pods of which the smallest is scraped for only a minute of each five."""
    small, *others = pods_of("gappy", mem_mib=2000)
    pods = [replace(small, mem_mib=100, gap=lambda t: (t - START) % 285 > 60), *others]
    return pods, list(deployment("shop", "gappy", pods, SINCE, UNTIL))


@pytest.mark.parametrize("store", ["prometheus", "prometheus of a short look-back", "victoria metrics"])
async def test_a_sample_of_memory_stands_for_five_minutes_in_every_store(
    store: str, collector: OpenCollector, tmp_path: Path
) -> None:
    """Else the mean over pods would leave out the one that is not scraped for a while."""
    pods, series = _smallest_often_missing()
    if store == "victoria metrics":
        rows = await rows_of_victoria(series, collector, tmp_path, DAY)
    else:
        options = ["--query.lookback-delta=90s"] if "short" in store else []
        with prometheus_with_series(series, tmp_path, *options) as url:
            async with collector(url) as one:
                rows = await collected(one, DAY)
    wanted = figures(pods, series, START, END, 30)
    assert wanted.p95_mem_mib == pytest.approx(1439, abs=1)
    assert close(rows["shop", "gappy", "app"]["p95_mem_mib"], wanted.p95_mem_mib)
