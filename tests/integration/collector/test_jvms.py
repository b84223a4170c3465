"""Heap, collections and threads of JVMs from a real Prometheus, as each library tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from integration.collector.clusters import DAY, END, SINCE, START, UNTIL, instant, pods_of
from integration.collector.stores import OpenCollector, collected, prometheus_with_series
from kubedoor_collector.collect import policy_of
from kubedoor_collector.day import collect_day
from kubedoor_collector.domain.leaving_out import LeftOut
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.metrics.model import Series
from support import jvms_counted as says
from support.jvms_counted import Jvm, Say
from support.scrapes import Pod, deployment, series_of

Row = dict[str, Any]


def plain(pod: Pod) -> dict[str, str]:
    """As pods are scraped by kubernetes_sd: with their container."""
    return {"namespace": pod.namespace, "pod": pod.name, "container": pod.container, "job": "pods"}


def by_exporter(pod: Pod) -> dict[str, str]:
    """As by an exporter without `honor_labels`."""
    exporter = {"namespace": "monitoring", "pod": "exporter-0", "container": "exporter"}
    return {**exporter, **{f"exported_{name}": value for name, value in plain(pod).items()}}


def of_collector(pod: Pod) -> dict[str, str]:
    """As OpenTelemetry's collector labels them."""
    return {
        "k8s_namespace_name": pod.namespace, "k8s_pod_name": pod.name, "k8s_container_name": pod.container,
    }  # fmt: skip


def service(name: str, jvms: Sequence[Jvm], say: Say, place: Any = plain) -> list[Series]:
    """Return a Deployment's series, and what a library tells of its JVMs."""
    told = [one for jvm in jvms for one in says.series_of(jvm, say, place(jvm.pod), SINCE, UNTIL)]
    return [*deployment("shop", name, [jvm.pod for jvm in jvms], SINCE, UNTIL), *told]


async def told(clickhouse: ClickHouse) -> dict[tuple[str, str], Row]:
    """Return what is stored of the day, by service and container."""
    rows = await clickhouse.fetch(
        "SELECT * FROM jvm_daily FINAL WHERE date = {day:Date} AND NOT deleted", day=DAY
    )
    return {(row["name"], row["container"]): row for row in rows}


async def stored(series: list[Series], collector: OpenCollector, folder: Path) -> dict[tuple[str, str], Row]:
    """Collect the day from a Prometheus with some series, and return its JVMs."""
    with prometheus_with_series(series, folder) as url:
        async with collector(url) as one:
            await collected(one, DAY)
            return await told(one.clickhouse)


async def left_out(
    series: list[Series], collector: OpenCollector, folder: Path
) -> tuple[set[LeftOut], dict[tuple[str, str], Row]]:
    """Return what the day's collection left out, and its JVMs."""
    with prometheus_with_series(series, folder) as url:
        async with collector(url) as one:
            day = await collect_day(one.clickhouse, one.source, policy_of(one.settings), DAY)
            return set(day.left_out), await told(one.clickhouse)


def off(row: Row, jvms: Sequence[Jvm], **more: float | None) -> dict[str, Any]:
    """Return what is off by more than a per cent from what numpy makes of the same JVMs."""
    wanted = {**says.figures(jvms, START, END, SINCE, UNTIL), **more}
    return {
        name: (row[name], value)
        for name, value in wanted.items()
        if row[name] != (value if value is None else pytest.approx(value, rel=0.01))
    }


@pytest.mark.parametrize("interval_s", [15, 60])
async def test_each_library(interval_s: int, collector: OpenCollector, tmp_path: Path) -> None:
    """All in one store: pools without a maximum, concurrent phases, collections of long ago."""

    def jvms(name: str, **values: Any) -> list[Jvm]:
        pods = pods_of(name, interval_s=interval_s)
        return [Jvm(pod, 200.0 + 30 * number, **values) for number, pod in enumerate(pods)]

    boot = jvms("boot", full_at=instant(40), full_count=2)
    client = jvms("client", full_at=instant(30), full_count=3, full_before=5)
    older, open_ = jvms("older"), jvms("open", full_at=instant(50), full_before=7)
    series = [
        *service("boot", boot, says.micrometer),
        *service("client", client, says.client_java, by_exporter),
        *service("older", older, says.simpleclient),
        *service("open", open_, says.otel, of_collector),
    ]
    rows = await stored(series, collector, tmp_path)
    assert {place: row["source"] for place, row in rows.items()} == {
        ("boot", "app"): "micrometer", ("client", "app"): "client_java", ("older", "app"): "simpleclient",
        ("open", "app"): "otel",
    }  # fmt: skip
    # Micrometer makes the counter of a cause when it happens: all of it happened in the window.
    pauses = says.YOUNG_PER_S * (END - START)
    with_full = {"gc_per_min": (pauses + 2) / 90, "gc_overhead_pct": 100 * 0.02 * (pauses + 2) / 5400}
    assert off(rows["boot", "app"], boot, full_gc=6, gc_pause_max_ms=20, **with_full) == {}
    with_full = {"gc_per_min": (pauses + 3) / 90}
    assert off(rows["client", "app"], client, full_gc=9, gc_pause_max_ms=None, **with_full) == {}
    assert off(rows["older", "app"], older, full_gc=0, gc_pause_max_ms=None) == {}
    assert off(rows["open", "app"], open_, full_gc=3, gc_pause_max_ms=None) == {}


async def test_a_roll_out_and_a_pod_that_is_scraped_twice(collector: OpenCollector, tmp_path: Path) -> None:
    """Counters begin anew in new pods; the heap of a pod is not added up over its scrapes."""
    old = [Jvm(replace(pod, end=instant(45)), 200.0) for pod in pods_of("web")]
    new = [Jvm(replace(pod, start=instant(45)), 260.0) for pod in pods_of("web", suffix="5f6d7c8b9z")]
    series = deployment("shop", "web", [one.pod for one in (*old, *new)], SINCE, UNTIL)
    for jvm in (*old, *new):
        for salt, extra in enumerate(({"job": "a", "replica": "0"}, {"job": "b", "replica": "1"})):
            again = replace(jvm, pod=replace(jvm.pod, interval_s=30.0 + 0.5 * salt))
            place = {**plain(jvm.pod), **extra}
            series += says.series_of(again, says.client_java, place, SINCE, UNTIL)
    row = (await stored(series, collector, tmp_path))["web", "app"]
    wanted = {"gc_overhead_pct": 100 * says.YOUNG_PER_S * says.PAUSE_S, "gc_per_min": 6.0}
    off_by_a_roll_out = off(row, [*old, *new], **wanted)
    # New pods are known from their first scrape on, and counters rise from there.
    assert set(off_by_a_roll_out) <= {"gc_overhead_pct", "gc_per_min"}
    assert row["gc_overhead_pct"] == pytest.approx(wanted["gc_overhead_pct"], rel=0.02)
    assert (row["full_gc"], row["coverage"]) == (0, 1)


async def test_a_jvm_that_names_no_container_is_that_of_the_one_with_most_memory(
    collector: OpenCollector, tmp_path: Path
) -> None:
    pods = pods_of("web", mem_mib=900)
    beside = [replace(pod, container="envoy", mem_mib=60) for pod in pods]
    series = deployment("shop", "web", pods, SINCE, UNTIL)
    series += [
        one
        for pod in beside
        for one in series_of(pod, SINCE, UNTIL)
        if one.labels.get("container") == "envoy"
    ]
    for pod in pods:
        place = {"kubernetes_namespace": "shop", "kubernetes_pod_name": pod.name}
        series += says.series_of(Jvm(pod, 200.0), says.micrometer, place, SINCE, UNTIL)
    found, rows = await left_out(series, collector, tmp_path)
    assert set(rows) == {("web", "app")}
    assert found == {LeftOut("jvm_container", "shop", "web")}


async def test_what_is_not_told_is_unknown_and_what_was_there_goes(
    collector: OpenCollector, tmp_path: Path
) -> None:
    jvms = [Jvm(pod, 200.0) for pod in pods_of("web")]
    every = service("web", jvms, says.micrometer)
    kept = [one for one in every if not one.labels["__name__"].startswith(("jvm_gc", "jvm_memory_max"))]
    (row,) = (await stored(kept, collector, tmp_path / "few")).values()
    unknown = ("heap_max_mib", "heap_live_mib", "gc_overhead_pct", "gc_per_min", "full_gc", "gc_pause_max_ms")
    assert {name: row[name] for name in unknown} == dict.fromkeys(unknown)
    assert row["heap_used_p95_mib"] > 200
    unlimited = [
        replace(one, values=0 * one.values - 1) if one.labels["__name__"] == "jvm_memory_max_bytes" else one
        for one in every
    ]
    (row,) = (await stored(unlimited, collector, tmp_path / "unlimited")).values()
    assert (row["heap_max_mib"], row["heap_live_mib"], row["full_gc"]) == (None, None, 0), (
        "no maximum is known"
    )
    without = [one for one in every if not one.labels["__name__"].startswith("jvm_")]
    assert await stored(without, collector, tmp_path / "none") == {}


async def test_a_question_about_jvms_that_fails_leaves_what_is_stored_and_is_told(
    collector: OpenCollector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = service("web", [Jvm(pod, 200.0) for pod in pods_of("web")], says.micrometer)
    with prometheus_with_series(series, tmp_path) as url:
        async with collector(url) as one:
            await collected(one, DAY)
            before = await told(one.clickhouse)
            monkeypatch.setattr("kubedoor_collector.domain.jvm.promql.values", lambda *_: "increase(")
            day = await collect_day(one.clickhouse, one.source, policy_of(one.settings), DAY)
            assert await told(one.clickhouse) == before
    assert before
    assert set(day.left_out) == {LeftOut("jvm_failed", "", "")}
    assert day.rows
