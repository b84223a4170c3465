"""All ways of counting in one real Prometheus: how often it is asked, what is read, and what is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from integration.collector.clusters import DAY, END, SINCE, START, UNTIL, pods_of
from integration.collector.stores import (
    OpenCollector,
    prometheus_with,
    prometheus_with_series,
    scenario_of,
    some_services,
)
from integration.collector.test_jvms import of_collector, plain
from integration.collector.test_jvms import service as jvm_service
from integration.collector.test_jvms import told as jvms_told
from integration.collector.test_traffic import Row, grpc, istio, micrometer, off, service, traffic
from kubedoor_collector.collect import policy_of
from kubedoor_collector.day import collect_day
from kubedoor_collector.domain.leaving_out import LeftOut
from kubedoor_core.domain.left_out import CounterReason
from kubedoor_core.prometheus import Prometheus
from kubedoor_dev.metrics.model import Series
from kubedoor_dev.prometheus import fill_victoria_metrics, running, start_victoria_metrics
from support import jvms_counted as says
from support.jvms_counted import Jvm
from support.requests_counted import Counted, requests_of
from support.scrapes import Pod, deployment

MOST_QUERIES = 12
"""For requests and JVMs together."""
WINDOW_S = END - START


def linkerd(pod: Pod) -> Counted:
    """As its proxy counts inbound; what it asks others is counted beside."""
    place = {"namespace": pod.namespace, "pod": pod.name, "deployment": "linked"}
    return Counted(
        "request_total", "response_latency_ms_bucket",
        {"direction": "inbound", "classification": "success"},
        {"direction": "inbound", "classification": "failure"},
        {"direction": "outbound", "classification": "success"}, 1.0, place,
    )  # fmt: skip


def waypoint(pod: Pod) -> Counted:
    """As a waypoint counts for the pods behind it, one of its own pods for each."""
    gateway = {"namespace": pod.namespace, "pod": "waypoint-0", "instance": f"10.0.0.{pod.name[-1]}"}
    of = {"destination_workload_namespace": pod.namespace, "destination_workload": "ambient", **gateway}
    return Counted(
        "istio_requests_total", "istio_request_duration_milliseconds_bucket",
        {"reporter": "waypoint", "response_code": "200", "grpc_response_status": "", "from": pod.name},
        {"reporter": "waypoint", "response_code": "503", "grpc_response_status": "", "from": pod.name},
        {"reporter": "source", "response_code": "200", "grpc_response_status": "", "from": pod.name}, 1.0, of,
    )  # fmt: skip


def otel(pod: Pod) -> Counted:
    """As OpenTelemetry counts now."""
    place = {"k8s_namespace_name": pod.namespace, "k8s_pod_name": pod.name, "k8s_deployment_name": "open"}
    return Counted(
        "http_server_request_duration_seconds_count", "http_server_request_duration_seconds_bucket",
        {"http_route": "/orders", "http_response_status_code": "200"},
        {"http_route": "/orders", "http_response_status_code": "500"},
        {"http_route": "/healthz", "http_response_status_code": "200"}, 1000.0, place,
    )  # fmt: skip


def older_otel(pod: Pod) -> Counted:
    """As it counted before."""
    place = {"k8s_namespace_name": pod.namespace, "k8s_pod_name": pod.name}
    return Counted(
        "http_server_duration_milliseconds_count", "http_server_duration_milliseconds_bucket",
        {"http_route": "/orders", "http_status_code": "200"},
        {"http_route": "/orders", "http_status_code": "500"},
        {"http_route": "/livez", "http_status_code": "200"}, 1.0, place,
    )  # fmt: skip


def line(name: str, pod: Pod, labels: dict[str, str], rate: float, value: float = 0.0) -> Series:
    """Return a counter that rises evenly, or a gauge that stands."""
    times = pod.scrapes(SINCE, UNTIL)
    return Series(
        {"__name__": name, **labels},
        np.round(times * 1000).astype(np.int64),
        value + rate * (times - times[0]),
    )


def dubbo(name: str, qps: float) -> Iterator[Series]:
    """As Dubbo counts each method; it has no histogram, but quantiles."""
    pods = pods_of(name)
    yield from deployment("shop", name, pods, SINCE, UNTIL)
    for number, pod in enumerate(pods):
        for method, share in (("buy", 0.75), ("look", 0.25)):
            labels = {"namespace": pod.namespace, "pod": pod.name, "interface": "Shop", "method": method}
            yield line("dubbo_provider_requests_total", pod, labels, qps * share)
            yield line("dubbo_provider_requests_failed_total", pod, labels, qps * share * 0.02)
            yield line("dubbo_provider_rt_milliseconds_p95", pod, labels, 0.0, 100 * share + number)


def ingress(service: str, pods: list[Pod], qps: float, *, told: bool = True) -> Iterator[Series]:
    """As ingress-nginx counts for a Service, scraped by two jobs without `honor_labels`."""
    for job in ("a", "b"):
        place = {
            "exported_namespace": "shop", "exported_service": service, "ingress": "shop",
            "namespace": "ingress-nginx", "pod": "controller-0", "service": "controller", "job": job,
        }  # fmt: skip
        counted = Counted(
            "nginx_ingress_controller_requests", "nginx_ingress_controller_request_duration_seconds_bucket",
            {"status": "200"}, {"status": "502"}, {"status": "404"}, 1000.0, place,
        )  # fmt: skip
        every = requests_of(counted, pods[0], qps, 0.02, SINCE, UNTIL)
        yield from (one for one in every if one.labels["status"] != "404")
    for number, pod in enumerate(pods if told else ()):
        ip = f"10.1.{len(service)}.{number}"
        place = {"namespace": "shop", "endpoint": service, "ip": ip}
        yield line("kube_endpoint_address", pod, place, 0.0, 1.0)
        labels = {"namespace": "shop", "pod": pod.name, "pod_ip": ip, "host_network": "false"}
        yield line("kube_pod_info", pod, labels, 0.0, 1.0)


def behind_ingress(name: str, qps: float, **more: Any) -> list[Series]:
    """Return a Deployment that only an Ingress controller counts for."""
    pods = pods_of(name)
    return [*deployment("shop", name, pods, SINCE, UNTIL), *ingress(f"{name}-svc", pods, qps, **more)]


def everything() -> list[Series]:
    """Return a Deployment for each way of counting requests and JVMs."""
    named = (
        ("web", micrometer), ("mesh", istio), ("ambient", waypoint), ("rpc", grpc), ("linked", linkerd),
        ("open", otel), ("opened", older_otel),
    )  # fmt: skip
    counted = [one for name, counting in named for one in service(name, counting, 20.0)]
    jvms = [
        one
        for name, say, place in (
            ("boot", says.micrometer, plain), ("client", says.client_java, plain),
            ("older", says.simpleclient, plain), ("hotel", says.otel, of_collector),
        )
        for one in jvm_service(name, [Jvm(pod, 200.0) for pod in pods_of(name)], say, place)
    ]  # fmt: skip
    failed = {"namespace": "shop", "direction": "inbound", "classification": "failure"}
    counted += [line("response_total", pod, {**failed, "pod": pod.name}, 0.4) for pod in pods_of("linked")]
    return [*counted, *jvms, *dubbo("dub", 20.0), *behind_ingress("shown", 60.0)]


class Found:
    """What a collection asked, stored and left out."""

    queries: list[str]
    traffic: dict[str, Row]
    jvms: dict[tuple[str, str], Row]
    left_out: set[LeftOut]


async def found(
    series: list[Series],
    collector: OpenCollector,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    **settings: str,
) -> Found:
    """Collect a day from a Prometheus with some series."""
    with prometheus_with_series(series, folder) as url:
        return await asked(url, collector, monkeypatch, **settings)


async def asked(
    url: str, collector: OpenCollector, monkeypatch: pytest.MonkeyPatch, **settings: str
) -> Found:
    """Collect a day from a store."""
    of = Found()
    of.queries = []
    post = Prometheus._post

    async def recorded(self: Prometheus, path: str, form: dict[str, str]) -> Any:
        of.queries.append(form["query"])
        return await post(self, path, form)

    with monkeypatch.context() as patch:
        patch.setattr(Prometheus, "_post", recorded)
        async with collector(url, **settings) as one:
            day = await collect_day(one.clickhouse, one.source, policy_of(one.settings), DAY)
            of.traffic, of.jvms = await traffic(one.clickhouse), await jvms_told(one.clickhouse)
            of.left_out = set(day.left_out)
    return of


async def test_all_at_once_in_a_dozen_queries(
    collector: OpenCollector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = everything()
    counters = ("istio", "request", "response", "http_", "grpc", "dubbo", "nginx", "jvm", "kube_endpoint")
    bare = [one for one in every if not one.labels["__name__"].startswith(counters)]
    without = await found(bare, collector, tmp_path / "bare", monkeypatch)
    of = await found(every, collector, tmp_path / "every", monkeypatch)
    assert len(of.queries) - len(without.queries) + 1 <= MOST_QUERIES, "one asks whether there are any"
    assert (without.traffic, without.jvms) == ({}, {})
    assert of.left_out == set()
    assert {name: row["source"] for name, row in of.traffic.items()} == {
        "web": "micrometer", "mesh": "istio", "ambient": "istio", "rpc": "grpc", "linked": "linkerd",
        "open": "otel", "opened": "otel", "dub": "dubbo", "shown": "ingress",
    }  # fmt: skip
    wanted = {"qps_p95": 60, "requests": 60 * WINDOW_S, "error_pct": 2, "coverage": 1}
    quick = {"latency_p50_ms": 50, "latency_p95_ms": 250, "latency_p99_ms": 1000}
    for name, row in of.traffic.items():
        assert off(row, {**wanted, **({"latency_p95_ms": 77} if name == "dub" else quick)}) == {}, name
    assert {name: row["qps_hot_pod"] for name, row in of.traffic.items() if name in ("ambient", "shown")} == {
        "ambient": None, "shown": None,
    }  # fmt: skip
    assert {name: row["source"] for (name, _), row in of.jvms.items()} == {
        "boot": "micrometer", "client": "client_java", "older": "simpleclient", "hotel": "otel",
    }  # fmt: skip


async def test_the_companys_three_languages(collector: OpenCollector, tmp_path: Path) -> None:
    """What the demo shows is read as what it is: requests, latency, collections and full ones."""
    scenario = scenario_of(some_services("checkout", "ledger", "sessions", "catalog"), counters=True)
    with prometheus_with(scenario, tmp_path) as loaded:
        async with collector(loaded.url) as one:
            day = await collect_day(one.clickhouse, one.source, policy_of(one.settings), scenario.dates[0])
            rows = await one.clickhouse.fetch("SELECT * FROM traffic_daily FINAL")
            jvms = await one.clickhouse.fetch("SELECT * FROM jvm_daily FINAL")
    assert {row["name"]: row["source"] for row in rows} == {
        "checkout": "istio", "catalog": "istio", "ledger": "micrometer", "sessions": "otel",
    }  # fmt: skip
    for row in rows:
        assert row["qps_p95"] > 10, row
        assert 0 < row["error_pct"] < 5, row
        assert row["latency_p50_ms"] < row["latency_p95_ms"] < row["latency_p99_ms"] <= 1000, row
    told = {row["name"]: row for row in jvms}
    assert set(told) == {"ledger", "sessions"}
    assert told["ledger"]["gc_overhead_pct"] == pytest.approx(6.5, rel=0.15)
    assert told["ledger"]["full_gc"] == 3 * 4
    for row in jvms:
        assert row["heap_live_mib"] < row["heap_used_p95_mib"] < row["heap_max_mib"], row
    assert not {one.why for one in day.left_out} & set(get_args(CounterReason))


async def test_victoria_metrics_tells_the_same(
    collector: OpenCollector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = everything()
    with running(start_victoria_metrics(tmp_path)) as store:
        fill_victoria_metrics(store, every)
        settings = {"prometheus_type": "victoria-metrics-single"}
        of = await asked(store.url, collector, monkeypatch, **settings)
    assert of.left_out == set()
    assert len(of.traffic) == 9
    for name, row in of.traffic.items():
        assert off(row, {"qps_p95": 60, "requests": 60 * WINDOW_S, "error_pct": 2, "coverage": 1}) == {}, name
    for (name, _), row in of.jvms.items():
        wanted = says.figures([Jvm(pod, 200.0) for pod in pods_of(name)], START, END, SINCE, UNTIL)
        if name == "boot":
            del wanted["heap_live_mib"]  # Micrometer knows it from the first full collection on
        assert off(row, wanted) == {}, name


async def test_one_dialect_in_two_labellings_is_read_in_both(
    collector: OpenCollector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some pods are scraped with their own labels, others by an exporter; one says nothing of its place."""
    series = service("web", micrometer, 20.0)
    pods = pods_of("other")
    series += deployment("shop", "other", pods, SINCE, UNTIL)
    for pod in pods:
        counted = micrometer(pod)
        exporter = {"namespace": "monitoring", "pod": "exporter"}
        place = {"exported_namespace": "shop", "exported_pod": pod.name, **exporter}
        series += requests_of(Counted(**{**vars(counted), "place": place}), pod, 30.0, 0.02, SINCE, UNTIL)
    nowhere = {"instance": "10.9.9.9:8080", "status": "200", "uri": "/orders"}
    series.append(line("http_server_requests_seconds_count", pods[0], nowhere, 5.0))
    strange = {**nowhere, "namespace": "shop", "pod": "nobodys-7d9f8c6b5d-zzzzz"}
    series.append(line("http_server_requests_seconds_count", pods[0], strange, 5.0))
    of = await found(series, collector, tmp_path, monkeypatch)
    assert {name: round(row["qps_p95"]) for name, row in of.traffic.items()} == {"web": 60, "other": 90}
    assert of.left_out == {
        LeftOut("counter_unplaced", "", "http_server_requests_seconds_count"),
        LeftOut("counter_unknown_pod", "shop", "micrometer"),
    }


async def test_a_histogram_that_is_missing_or_has_no_bound_tells_no_latency(
    collector: OpenCollector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = [
        *(one for one in service("bare", micrometer, 20.0) if "le" not in one.labels),
        *(one for one in service("endless", micrometer, 20.0) if one.labels.get("le", "+Inf") == "+Inf"),
        *service("web", micrometer, 20.0),
    ]
    of = await found(series, collector, tmp_path, monkeypatch)
    assert {name: (round(row["qps_p95"]), row["latency_p95_ms"]) for name, row in of.traffic.items()} == {
        "bare": (60, None), "endless": (60, None), "web": (60, pytest.approx(250, rel=0.01)),
    }  # fmt: skip


async def test_settings_name_labels_and_forbid_or_order_sources(
    collector: OpenCollector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pods = pods_of("mesh")
    series = service("mesh", istio, 30.0)
    for pod in pods:
        counted = micrometer(pod)
        place = {"kube_ns": "shop", "kube_pod": pod.name, "namespace": "monitoring", "pod": "gateway"}
        series += requests_of(Counted(**{**vars(counted), "place": place}), pod, 11.0, 0.0, SINCE, UNTIL)
    labels = {"namespace_label": "kube_ns", "pod_label": "kube_pod"}
    for number, (sources, qps) in enumerate((("micrometer, istio", 33), ("istio", 90), ("grpc", None))):
        folder = tmp_path / str(number)
        of = await found(series, collector, folder, monkeypatch, traffic_sources=sources, **labels)
        told = {name: round(row["qps_p95"]) for name, row in of.traffic.items()}
        assert told == ({} if qps is None else {"mesh": qps}), sources


async def test_an_ingress_counts_only_where_nobody_inside_does_and_one_service_stands_behind(
    collector: OpenCollector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pods = pods_of("web")
    web = [one for one in service("web", micrometer, 20.0) if not one.labels["__name__"].startswith("http_")]
    few = requests_of(micrometer(pods[0]), pods[0], 20.0, 0.02, SINCE, UNTIL)
    late = [Series(one.labels, one.times_ms[-40:], one.values[-40:]) for one in few]
    both = [*pods_of("one"), *pods_of("two")]
    series = [
        *web,
        *late,
        *ingress("web-svc", pods, 500.0),
        *deployment("shop", "one", pods_of("one"), SINCE, UNTIL),
        *deployment("shop", "two", pods_of("two"), SINCE, UNTIL),
        *ingress("of-two-services", both, 40.0),
        *behind_ingress("untold", 40.0, told=False),
    ]
    of = await found(series, collector, tmp_path, monkeypatch)
    assert {name: row["source"] for name, row in of.traffic.items()} == {"web": "micrometer"}
    assert of.left_out == {
        LeftOut("ingress_unmatched", "shop", "of-two-services"),
        LeftOut("ingress_unmatched", "shop", "untold-svc"),
    }
