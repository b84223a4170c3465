"""What is awkward to measure on real clusters, as the synthetic company has it, with the right figures."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_dev.metrics import Scenario, company, deployment_manifest
from kubedoor_dev.metrics.model import Series
from kubedoor_dev.metrics.pods import pods_on
from kubedoor_dev.metrics.simulate import simulate_day
from support.reference import Row, attribute, reference_rows
from support.reference.raw import Samples

LAST = date(2026, 3, 12)
DATES = tuple(LAST - timedelta(days=back) for back in range(9, -1, -1))
ZONE = ZoneInfo("Asia/Shanghai")
PEAK = parse_peak_hours("10:00-11:30")
ODD = (
    "reviews", "shipping-rates", "profile", "settlement", "export-worker", "notifications", "warehouse-sync",
    "fluentd-v2", "postgres", "tracking",
)  # fmt: skip
LONG = "customer-notification"
DAY = 4


def scenario(**changes: object) -> Scenario:
    services = tuple(one for one in company() if one.name in ODD or one.name.startswith(LONG))
    plain = Scenario(services, DATES, ZONE, PEAK)
    return replace(plain, **changes)  # type: ignore[arg-type]  # its own fields


@cache
def series(scrape_s: int = 30) -> tuple[Series, ...]:
    return tuple(simulate_day(scenario(scrape_s=scrape_s), DATES[DAY]))


@cache
def rows(scrape_s: int = 30) -> dict[tuple[str, str], Row]:
    """Return rows of Deployments by name and container."""
    window = PEAK.on(DATES[DAY])[0].window(DATES[DAY], ZONE)
    found = reference_rows(series(scrape_s), (window.start.timestamp(), window.end.timestamp()))
    return {(key[2], key[3]): row for key, row in found.items() if key[1] == "Deployment"}


@pytest.mark.parametrize("scrape_s", [15, 30, 60])
def test_scrapes_are_as_far_apart_as_the_scenario_says(scrape_s: int) -> None:
    for one in series(scrape_s):
        assert set(np.diff(one.times_ms).tolist()) <= {scrape_s * 1000}, one.labels


def test_the_company_is_scraped_every_30_seconds() -> None:
    assert scenario().scrape_s == 30


def test_every_odd_deployment_has_a_row_with_full_coverage() -> None:
    names = {one.name for one in scenario().services if one.kind == "Deployment"}
    assert {name for name, _ in rows()} == names
    assert len(names) == 10
    for key, row in rows().items():
        assert row.coverage == pytest.approx(1, abs=0.03), key
        assert row.p95_cpu_m, key


def test_a_limit_of_zero_is_told_and_is_none() -> None:
    told = [one for one in series() if one.labels.get("pod", "").startswith("reviews-")]
    limits = [one for one in told if one.labels["__name__"] == "kube_pod_container_resource_limits"]
    assert {one.labels["resource"] for one in limits} == {"cpu", "memory"}
    assert all((one.values == 0).all() for one in limits)
    row = rows()["reviews", "reviews"]
    assert (row.limit_cpu_m, row.limit_mem_mib) == (None, None)
    reviews = next(one for one in company() if one.name == "reviews")
    spec = deployment_manifest(reviews)["spec"]["template"]["spec"]
    assert spec["containers"][0]["resources"]["limits"] == {"cpu": "0", "memory": "0"}


def test_evicted_pods_are_told_of_and_do_not_count() -> None:
    phases: dict[str, int] = defaultdict(int)
    for one in series():
        if one.labels["__name__"] == "kube_pod_status_phase" and "shipping-rates" in one.labels["pod"]:
            phases[one.labels["phase"]] += 1
    assert phases == {"Running": 3, "Failed": 2}
    assert rows()["shipping-rates", "shipping-rates"].pod_count == 3


def test_a_pod_taken_out_by_hand_is_left_out_and_a_second_owner_changes_nothing() -> None:
    attribution = attribute(Samples(series()))
    orphans = [pod for pod in attribution.left_out if pod[1].startswith("profile-")]
    assert len(orphans) == 1
    assert rows()["profile", "profile"].pod_count == 3
    second = [one for one in series() if one.labels.get("owner_is_controller") == "false"]
    assert [one.labels["pod"].startswith("profile-") for one in second] == [True]


def test_two_deployments_share_all_that_pods_names_keep() -> None:
    first, second = (one for one in scenario().services if one.name.startswith(LONG))
    assert len(first.name) == len(second.name) == 62
    prefixes = {pod.name[:58] for one in (first, second) for pod in pods_on(one, DAY, DATES[DAY])}
    assert prefixes == {first.name[:58]} == {second.name[:58]}
    assert rows()[first.name, first.name].pod_count == rows()[second.name, second.name].pod_count == 2


def test_a_native_sidecar_has_its_own_requests() -> None:
    row = rows()["settlement", "log-tail"]
    assert (row.request_cpu_m, row.limit_cpu_m, row.request_mem_mib, row.limit_mem_mib) == (50, 200, 96, 192)
    settlement = next(one for one in company() if one.name == "settlement")
    spec = deployment_manifest(settlement)["spec"]["template"]["spec"]
    assert [(one["name"], one["restartPolicy"]) for one in spec["initContainers"]] == [("log-tail", "Always")]
    assert [one["name"] for one in spec["containers"]] == ["settlement"]


def test_what_kubectl_debug_adds_is_measured_and_is_not_the_deployments() -> None:
    sampled = {one.labels.get("container", "") for one in series()}
    assert any(name.startswith("debugger-") for name in sampled)
    assert [container for name, container in rows() if name == "export-worker"] == ["export-worker"]


def test_pods_of_the_last_third_alone_have_full_coverage() -> None:
    pods = pods_on(next(one for one in company() if one.name == "notifications"), DAY, DATES[DAY])
    assert {pod.from_min for pod in pods} == {60}
    assert rows()["notifications", "notifications"].pod_count == 3


@pytest.mark.parametrize("scrape_s", [15, 30, 60])
def test_a_rhythm_is_used_on_average_whatever_the_interval(scrape_s: int) -> None:
    """2 cores in 20 s of each minute are 680m, at 0.8 to 1 of the usual day and 0.9 to 1.1 a pod."""
    row = rows(scrape_s)["warehouse-sync", "warehouse-sync"]
    assert row.p95_cpu_m is not None
    assert 680 * 0.8 * 0.9 < row.p95_cpu_m < 680 * 1.1
    assert row.p95_cpu_m == pytest.approx(rows(30)["warehouse-sync", "warehouse-sync"].p95_cpu_m, rel=0.02)


def test_a_daemon_set_is_not_a_deployment_by_its_owner() -> None:
    workloads = set(attribute(Samples(series())).workloads.values())
    assert {("platform", "DaemonSet", "fluentd-v2"), ("data", "StatefulSet", "postgres")} <= workloads


def test_a_container_killed_for_memory_comes_back_under_another_id() -> None:
    (killed,) = (day for one in company() if one.name == "tracking" for day in one.oom)
    told = list(simulate_day(scenario(), DATES[killed]))
    reasons = [one for one in told if one.labels.get("reason") == "OOMKilled"]
    assert len(reasons) == 1
