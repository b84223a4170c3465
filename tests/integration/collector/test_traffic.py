"""Requests a second, errors and latency from a real Prometheus, as each mesh and library counts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from integration.collector.clusters import DAY, END, SINCE, START, UNTIL, instant, pods_of
from integration.collector.stores import OpenCollector, collected, prometheus_with_series
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.metrics.model import Series
from support.requests_counted import Counted, requests_of
from support.scrapes import Pod, deployment

Row = dict[str, Any]


def micrometer(pod: Pod) -> Counted:
    """As Spring Boot counts; health checks beside."""
    place = {"namespace": pod.namespace, "pod": pod.name}
    return Counted(
        "http_server_requests_seconds_count", "http_server_requests_seconds_bucket",
        {"uri": "/orders", "status": "200"}, {"uri": "/orders", "status": "503"},
        {"uri": "/actuator/health", "status": "200"}, 1000.0, place,
    )  # fmt: skip


def istio(pod: Pod) -> Counted:
    """As a sidecar counts; the client's side counts the same requests once more."""
    of = {"destination_workload_namespace": pod.namespace, "destination_workload": "mesh", "pod": pod.name}
    return Counted(
        "istio_requests_total", "istio_request_duration_milliseconds_bucket",
        {"reporter": "destination", "response_code": "200", "grpc_response_status": ""},
        {"reporter": "destination", "response_code": "200", "grpc_response_status": "13"},
        {"reporter": "source", "response_code": "200", "grpc_response_status": ""}, 1.0, of,
    )  # fmt: skip


def grpc(pod: Pod) -> Counted:
    """As go-grpc-prometheus counts, scraped without `honor_labels`."""
    place = {
        "exported_namespace": pod.namespace,
        "exported_pod": pod.name,
        "namespace": "monitoring",
        "pod": "p",
    }
    return Counted(
        "grpc_server_handled_total", "grpc_server_handling_seconds_bucket",
        {"grpc_service": "shop.Cart", "grpc_code": "OK"},
        {"grpc_service": "shop.Cart", "grpc_code": "Unavailable"},
        {"grpc_service": "grpc.health.v1.Health", "grpc_code": "OK"}, 1000.0, place,
    )  # fmt: skip


def service(name: str, counting: Any, qps: float, errors: float = 0.02, **pod: Any) -> list[Series]:
    """Return a Deployment of three pods, each with so many requests a second."""
    pods = pods_of(name, **pod)
    asked = [one for some in pods for one in requests_of(counting(some), some, qps, errors, SINCE, UNTIL)]
    return [*deployment("shop", name, pods, SINCE, UNTIL), *asked]


async def traffic(clickhouse: ClickHouse) -> dict[str, Row]:
    """Return what is stored of the day, by the service's name."""
    rows = await clickhouse.fetch(
        "SELECT * FROM traffic_daily FINAL WHERE date = {day:Date} AND NOT deleted", day=DAY
    )
    return {row["name"]: row for row in rows}


async def stored(series: list[Series], collector: OpenCollector, folder: Path) -> dict[str, Row]:
    """Collect the day from a Prometheus with some series, and return its requests."""
    with prometheus_with_series(series, folder) as url:
        async with collector(url) as one:
            await collected(one, DAY)
            return await traffic(one.clickhouse)


def off(row: Row, wanted: Mapping[str, float]) -> dict[str, Any]:
    """Return what is off by more than a per cent."""
    return {name: row[name] for name, value in wanted.items() if row[name] != pytest.approx(value, rel=0.01)}


@pytest.mark.parametrize("interval_s", [15, 30, 60])
async def test_each_way_of_counting(interval_s: int, collector: OpenCollector, tmp_path: Path) -> None:
    series = [
        *service("web", micrometer, 20.0, interval_s=interval_s),
        *service("mesh", istio, 30.0, interval_s=interval_s),
        *service("rpc", grpc, 40.0, interval_s=interval_s),
    ]
    rows = await stored(series, collector, tmp_path)
    for name, source, qps in (("web", "micrometer", 20), ("mesh", "istio", 30), ("rpc", "grpc", 40)):
        assert rows[name]["source"] == source
        window_s = END - START
        wanted = {
            "qps_p95": 3 * qps, "qps_max": 3 * qps, "qps_hot_pod": qps, "requests": 3 * qps * window_s,
            "errors": 3 * qps * window_s * 0.02, "error_pct": 2, "latency_p50_ms": 50,
            "latency_p95_ms": 250, "latency_p99_ms": 1000, "coverage": 1,
        }  # fmt: skip
        assert off(rows[name], wanted) == {}


async def test_a_roll_out_and_a_hot_pod(collector: OpenCollector, tmp_path: Path) -> None:
    """Counters begin anew in new pods; the busiest pod is told by its own."""
    old = [replace(pod, end=instant(45)) for pod in pods_of("web")]
    new = [replace(pod, start=instant(45)) for pod in pods_of("web", suffix="5f6d7c8b9z")]
    series = deployment("shop", "web", [*old, *new], SINCE, UNTIL)
    for number, pod in enumerate([*old, *new]):
        qps = 60.0 if number == 5 else 20.0
        series += list(requests_of(micrometer(pod), pod, qps, 0.0, SINCE, UNTIL))
    rows = await stored(series, collector, tmp_path)
    assert off(rows["web"], {"qps_p95": 100, "qps_hot_pod": 60, "error_pct": 0}) == {}
    assert rows["web"]["requests"] == pytest.approx(60 * 45 * 60 + 100 * 45 * 60, rel=0.02)


async def test_a_pod_that_is_scraped_twice_counts_once(collector: OpenCollector, tmp_path: Path) -> None:
    """By two jobs, and by two replicas of Prometheus."""
    pods = pods_of("web")
    series = deployment("shop", "web", pods, SINCE, UNTIL)
    for pod in pods:
        for salt, extra in enumerate(({"job": "a", "replica": "0"}, {"job": "b", "replica": "1"})):
            counted = micrometer(pod)
            place = {**counted.place, **extra}
            again = replace(pod, interval_s=30.0 + 0.5 * salt)
            series += list(requests_of(replace(counted, place=place), again, 20.0, 0.02, SINCE, UNTIL))
    row = (await stored(series, collector, tmp_path))["web"]
    assert off(row, {"qps_p95": 60, "qps_hot_pod": 20, "error_pct": 2, "latency_p95_ms": 250}) == {}


async def test_the_source_that_is_believed_most_and_knows_enough_counts(
    collector: OpenCollector, tmp_path: Path
) -> None:
    pods = pods_of("mesh")
    series = service("mesh", istio, 30.0)
    for pod in pods:
        series += list(requests_of(micrometer(pod), pod, 11.0, 0.0, SINCE, UNTIL))
    assert (await stored(series, collector, tmp_path / "both"))["mesh"]["source"] == "istio"
    late = [replace(pod, start=instant(60)) for pod in pods]
    series = deployment("shop", "mesh", pods, SINCE, UNTIL)
    for pod, begun in zip(pods, late, strict=True):
        series += list(requests_of(istio(pod), begun, 30.0, 0.0, SINCE, UNTIL))
        series += list(requests_of(micrometer(pod), pod, 11.0, 0.0, SINCE, UNTIL))
    row = (await stored(series, collector, tmp_path / "late"))["mesh"]
    assert (row["source"], round(row["qps_p95"])) == ("micrometer", 33)


async def test_without_a_source_there_is_no_row_and_what_was_there_goes(
    collector: OpenCollector, tmp_path: Path
) -> None:
    series = service("web", micrometer, 20.0)
    assert set(await stored(series, collector, tmp_path / "with")) == {"web"}
    assert (
        await stored(deployment("shop", "web", pods_of("web"), SINCE, UNTIL), collector, tmp_path / "w") == {}
    )


async def test_a_question_about_requests_that_fails_costs_the_day_nothing_else(
    collector: OpenCollector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kubedoor_core.metrics.traffic.promql.rates", lambda *_: "rate(")
    with prometheus_with_series(service("web", micrometer, 20.0), tmp_path) as url:
        async with collector(url) as one:
            rows = await collected(one, DAY)
            assert await traffic(one.clickhouse) == {}
    assert rows["shop", "web", "app"]["p95_cpu_m"]
