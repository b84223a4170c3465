"""Requests by whose utilisation an autoscaler steers, in the words of every kube-state-metrics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from integration.collector.clusters import DAY, SINCE, UNTIL, pods_of
from integration.collector.stores import OpenCollector, prometheus_with_series
from kubedoor_collector.collect import derive_all, policy_of, run_collection
from kubedoor_collector.domain.derivation import Derivation
from kubedoor_collector.prometheus import PrometheusError
from kubedoor_collector.runs import Run
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.control import containers_of
from kubedoor_dev.metrics.model import Series
from kubedoor_dev.prometheus import fill_victoria_metrics, running, start_victoria_metrics
from support.rows import autoscaler_row
from support.scrapes import deployment, steady

NEW, OLD = "kube_horizontalpodautoscaler", "kube_hpa"
SCALED = {"scaletargetref_api_version": "apps/v1", "scaletargetref_kind": "Deployment"}


def told(metric: str, value: float, **labels: str) -> Series:
    times = np.arange(int(SINCE), int(UNTIL), 30, dtype=np.int64) * 1000
    exporter = {"job": "kube-state-metrics", "instance": "10.0.0.9:8080", "namespace": "shop"}
    return Series({"__name__": metric, **exporter, **labels}, times, np.full(times.size, value))


def autoscaler(service: str, target_pct: int, resource: str = "cpu", name: str = "") -> list[Series]:
    """A HorizontalPodAutoscaler as today's kube-state-metrics tells it."""
    one = {"horizontalpodautoscaler": name or f"{service}-scaler"}
    target = {"metric_name": resource, "metric_target_type": "utilization"}
    return [
        told(f"{NEW}_info", 1, **one, **SCALED, scaletargetref_name=service),
        told(f"{NEW}_spec_min_replicas", 2, **one),
        told(f"{NEW}_spec_max_replicas", 20, **one),
        told(f"{NEW}_spec_target_metric", target_pct, **one, **target),
        told(f"{NEW}_spec_target_metric", 900, **one, metric_name="queue", metric_target_type="average"),
    ]


def autoscaler_of_old(service: str, target_pct: int) -> list[Series]:
    """The same before 2.0: nothing tells what it scales but its name."""
    target = {"metric_name": "cpu", "metric_target_type": "utilization"}
    return [
        told(f"{OLD}_spec_min_replicas", 2, hpa=service),
        told(f"{OLD}_spec_target_metric", target_pct, hpa=service, **target),
    ]


def services(*names: str) -> list[Series]:
    """Deployments of three pods that use 300 m each."""
    pods = {name: pods_of(name, load=steady(0.3)) for name in names}
    return [one for name in names for one in deployment("shop", name, pods[name], SINCE, UNTIL)]


def a_run(day: date = DAY) -> Run:
    return Run(f"run-{datetime.now(UTC)}", "test", "command", (day,), "tester", datetime.now(UTC))


async def derived(
    url: str, collector: OpenCollector, **settings: Any
) -> tuple[dict[str, int | None], Derivation, Run]:
    """The cpu request of each service after a run."""
    async with collector(url, **settings) as one:
        run, derivation = await run_collection(one, a_run(), policy_of(one.settings))
        rows = await one.clickhouse.fetch("SELECT * FROM derived FINAL")
    return {row["name"]: containers_of(row)[0].request_cpu_m for row in rows}, derivation, run


EVERY = [
    *services("plain", "scaled", "left-alone", "by-queue"),
    *autoscaler("scaled", 60),
    *autoscaler("gone-service", 50),
    *(one for one in autoscaler("by-queue", 60) if one.labels.get("metric_target_type") != "utilization"),
]


async def test_a_request_that_an_autoscaler_steers_by_is_use_by_its_target(
    collector: OpenCollector, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    with prometheus_with_series(EVERY, tmp_path) as url:
        found, derivation, run = await derived(url, collector, margin_pct=10)
    assert run.state == "succeeded"
    assert found == {"plain": 330, "scaled": 500, "left-alone": 330, "by-queue": 330}
    (row,) = await clickhouse.fetch(
        "SELECT hpa_cpu_pct, hpa_mem_pct FROM derived FINAL WHERE name = 'scaled'"
    )
    assert row == {"hpa_cpu_pct": 60, "hpa_mem_pct": None}
    [why] = [one.why for one in derivation.changes if (one.name, one.what) == ("scaled", "request_cpu_m")]
    assert why.endswith("; divided by 60 %, the utilisation that its autoscaler steers to")


async def test_it_is_left_where_that_is_the_policy(collector: OpenCollector, tmp_path: Path) -> None:
    with prometheus_with_series(EVERY, tmp_path) as url:
        found, _, _ = await derived(url, collector, hpa_requests="leave")
    assert (found["plain"], found["scaled"]) == (300, None)


async def test_each_resource_has_its_own_target(
    collector: OpenCollector, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    series = [*services("cart"), *autoscaler("cart", 80, "memory")]
    with prometheus_with_series(series, tmp_path) as url:
        found, _, _ = await derived(url, collector)
    (row,) = await clickhouse.fetch(
        "SELECT d.`containers.request_mem_mib`[1] AS asked, r.p95_mem_mib AS used"
        " FROM derived AS d FINAL INNER JOIN resource_daily AS r FINAL ON d.name = r.name"
    )
    assert found["cart"] == 300
    assert row["asked"] == pytest.approx(row["used"] / 0.8, abs=1)


async def test_an_old_exporter_tells_it_by_the_autoscalers_name(
    collector: OpenCollector, tmp_path: Path
) -> None:
    series = [*services("cart", "pay"), *autoscaler_of_old("cart", 60), *autoscaler_of_old("other", 60)]
    with prometheus_with_series(series, tmp_path) as url:
        found, _, _ = await derived(url, collector)
    assert found == {"cart": 500, "pay": 300}


def without_honor_labels(series: Iterable[Series]) -> list[Series]:
    """As a Prometheus tells it that keeps the exporter's own place."""

    def moved(one: Series) -> Series:
        if not one.labels["__name__"].startswith("kube_"):
            return one
        place = {"exported_namespace": one.labels["namespace"], "namespace": "monitoring"}
        return replace(one, labels={**one.labels, **place})

    return [moved(one) for one in series]


async def test_without_honor_labels_it_is_the_same(collector: OpenCollector, tmp_path: Path) -> None:
    with prometheus_with_series(without_honor_labels(EVERY), tmp_path) as url:
        found, _, _ = await derived(url, collector)
    assert (found["plain"], found["scaled"]) == (300, 500)


async def test_victoria_metrics_tells_it_too(collector: OpenCollector, tmp_path: Path) -> None:
    with running(start_victoria_metrics(tmp_path)) as store:
        fill_victoria_metrics(store, EVERY)
        found, _, _ = await derived(store.url, collector, prometheus_type="victoria-metrics-single")
    assert (found["plain"], found["scaled"]) == (300, 500)


async def test_requests_stay_while_nobody_knows_of_autoscalers(
    collector: OpenCollector, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    """kube-state-metrics' samples have gone since the day was collected: nothing is derived."""
    with prometheus_with_series(EVERY, tmp_path / "whole") as url:
        before, _, _ = await derived(url, collector)
    rest = [one for one in EVERY if not one.labels["__name__"].startswith("kube_")]
    with prometheus_with_series(rest, tmp_path / "rest") as url:
        async with collector(url, margin_pct=50) as one:
            policy = policy_of(one.settings)
            with pytest.raises(PrometheusError, match="nobody knows which services autoscalers steer"):
                await derive_all(clickhouse, policy, one.source)
            again = replace(a_run(), dates=(DAY - timedelta(days=1),))  # which the store does not have
            run, derivation = await run_collection(one, again, policy)
    assert (run.state, derivation.rows) == ("failed", ())
    assert run.errors[-1][1].startswith("nothing was derived: ")
    rows = await clickhouse.fetch("SELECT * FROM derived FINAL")
    assert {row["name"]: containers_of(row)[0].request_cpu_m for row in rows} == before


STORED = """
SELECT name, autoscaler, source, min_replicas, max_replicas, cpu_target_pct, gone_at IS NULL AS there, version
FROM autoscaler FINAL ORDER BY name
"""


async def test_what_metrics_tell_is_stored_where_nobody_watches_the_cluster(
    collector: OpenCollector, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    watched = autoscaler_row("test", "shop", "gone-service", cpu_target_pct=70)
    with prometheus_with_series(EVERY, tmp_path / "every") as url:
        async with collector(url) as one:
            await clickhouse.insert("autoscaler", [{**watched, "env": one.settings.env}])
        await derived(url, collector)
        rows = await clickhouse.fetch(STORED)
        await derived(url, collector)
        assert await clickhouse.fetch(STORED) == rows, "the same again is not written"
    assert [tuple(row.values())[:-1] for row in rows] == [
        ("by-queue", "by-queue-scaler", "metrics", 2, 20, None, True),
        ("gone-service", "gone-service", "hpa", None, None, 70, True),
        ("scaled", "scaled-scaler", "metrics", 2, 20, 60, True),
    ]
    (told,) = await clickhouse.fetch(
        "SELECT message, source FROM event WHERE kind = 'autoscaler.found' AND name = 'scaled'"
    )
    assert told["source"] == "collector"
    assert "autoscaled by scaled-scaler, as kube-state-metrics tells" in told["message"]
    view = await clickhouse.fetch("SELECT name, autoscaled FROM effective")
    assert {row["name"] for row in view if row["autoscaled"]} == {"by-queue", "scaled"}
    await clickhouse.execute(
        "INSERT INTO autoscaler SELECT * REPLACE (since - INTERVAL 100 DAY AS since, version + 1 AS version)"
        " FROM autoscaler"
    )  # as if found long before that day
    rest = services("plain", "scaled", "left-alone", "by-queue")
    with prometheus_with_series(rest, tmp_path / "rest") as url:
        found, _, _ = await derived(url, collector)
    assert {row["name"]: row["there"] for row in await clickhouse.fetch(STORED)} == {
        "by-queue": False, "gone-service": True, "scaled": False,
    }  # fmt: skip
    assert found["scaled"] == 300, "what metrics told of earlier steers nothing any more"


async def test_where_metrics_tell_of_no_pod_nothing_stored_goes(
    collector: OpenCollector, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    with prometheus_with_series(EVERY, tmp_path / "every") as url:
        await derived(url, collector)
    rest = [one for one in EVERY if not one.labels["__name__"].startswith("kube_")]
    with prometheus_with_series(rest, tmp_path / "rest") as url:
        await derived(url, collector)
    assert all(row["there"] for row in await clickhouse.fetch(STORED))
