"""The synthetic company: the same seed gives the same samples, and every oddity is there."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_dev.metrics import Scenario, Service, company, deployment_manifest, traced_services
from kubedoor_dev.metrics.clock import clock_of
from kubedoor_dev.metrics.model import Series
from kubedoor_dev.metrics.pods import pods_on
from kubedoor_dev.metrics.simulate import simulate_day
from kubedoor_dev.metrics.store import key_of
from kubedoor_dev.metrics.traces import TraceError

LAST = date(2026, 3, 12)
DATES = tuple(LAST - timedelta(days=back) for back in range(9, -1, -1))


def scenario(seed: int = 7) -> Scenario:
    return Scenario(company(), DATES, ZoneInfo("Asia/Shanghai"), parse_peak_hours("10:00-11:30"), seed)


def texts(series: list[Series]) -> list[str]:
    return [repr((one.labels, one.times_ms.tolist(), one.values.tolist())) for one in series]


def test_a_seed_gives_the_same_samples() -> None:
    day = DATES[6]
    first = texts(list(simulate_day(scenario(), day)))
    assert texts(list(simulate_day(scenario(), day))) == first
    assert texts(list(simulate_day(scenario(8), day))) != first


def test_the_key_changes_with_what_the_samples_depend_on() -> None:
    keys = {
        key_of(scenario()),
        key_of(scenario(8)),
        key_of(Scenario(**{**vars(scenario()), "dates": DATES[1:]})),
    }
    assert len(keys) == 3
    assert key_of(scenario()) in keys


def test_counters_never_fall_but_by_a_new_incarnation() -> None:
    for day in DATES:
        for one in simulate_day(scenario(), day):
            if one.labels["__name__"].endswith("_total"):
                assert (np.diff(one.values) >= 0).all(), one.labels
            assert (np.diff(one.times_ms) > 0).all(), one.labels


def test_services_count_requests_and_jvms_in_three_languages_where_they_are_asked_to() -> None:
    names = {one.labels["__name__"] for one in simulate_day(replace(scenario(), counters=True), DATES[6])}
    told = {"istio_requests_total", "http_server_requests_seconds_count", "jvm_gc_pause_seconds_sum"}
    assert told | {"http_server_request_duration_seconds_count", "jvm_gc_duration_seconds_sum"} <= names
    for one in simulate_day(replace(scenario(), counters=True), DATES[6]):
        if one.labels["__name__"].endswith(("_total", "_count", "_sum", "_bucket")):
            assert (np.diff(one.values) >= 0).all(), one.labels
    bare = {one.labels["__name__"] for one in simulate_day(scenario(), DATES[6])}
    assert not any(name.startswith(("istio", "http", "jvm")) for name in bare)
    assert key_of(scenario()) != key_of(replace(scenario(), counters=True))


def test_there_are_many_services_in_several_namespaces_and_others_beside_them() -> None:
    kinds = [service.kind for service in company()]
    assert kinds.count("Deployment") == 49
    assert {"StatefulSet", "DaemonSet", "CronJob"} <= set(kinds)
    assert len({service.namespace for service in company()}) >= 5
    assert len({(service.namespace, service.name) for service in company()}) == len(company())


def test_a_rollout_replaces_every_pod_within_the_window() -> None:
    checkout = next(service for service in company() if service.name == "checkout")
    before, during, after = ({pod.name for pod in pods_on(checkout, day, DATES[day])} for day in (5, 6, 7))
    assert before | after == during
    assert not before & after


def test_a_manifest_is_as_the_team_wrote_it() -> None:
    by_name = {service.name: deployment_manifest(service) for service in company()}
    containers = by_name["checkout"]["spec"]["template"]["spec"]["containers"]
    assert [container["name"] for container in containers] == ["checkout", "envoy"]
    assert containers[1]["resources"]["limits"] == {"cpu": "500m", "memory": "256Mi"}
    assert by_name["mail-sender"]["spec"]["template"]["spec"]["containers"][0]["resources"] == {}


def test_a_trace_keeps_its_time_of_day(tmp_path: Path) -> None:
    # 2021-10-06 00:00 in UTC+8, two days; the use of a minute is its number within the day.
    first = 1633449600
    rows = "".join(f"{first + 60 * n},{n % 1440 / 1000}\n" for n in range(2 * 1440))
    (tmp_path / "workload-1.csv.gz").write_bytes(gzip.compress(b"ts,value\n" + rows.encode()))
    (service,) = traced_services(tmp_path, LAST)
    traced = Scenario((service,), DATES, ZoneInfo("Europe/Berlin"), parse_peak_hours("10:00-11:30"))
    clock = clock_of(traced, LAST)
    cpu = [
        one for one in simulate_day(traced, LAST) if one.labels["__name__"].startswith("container_cpu_usage")
    ]
    rates = np.diff(cpu[0].values) / 30
    minute = int(clock.of_day[60])
    assert minute == 10 * 60 + 22
    assert rates[59] == pytest.approx(minute / 1000, rel=0.1)


@pytest.mark.parametrize("text", ["", "ts,value\n", "ts,value\nsoon,much\n", "ts,value\n1,2,3\n"])
@pytest.mark.filterwarnings("ignore:loadtxt")
def test_a_bad_trace_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "workload-9.csv.gz").write_bytes(gzip.compress(text.encode()))
    with pytest.raises(TraceError, match="workload-9"):
        traced_services(tmp_path, LAST)


def test_a_folder_without_traces_is_told(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="holds no workload"):
        traced_services(tmp_path, LAST)


def of(name: str) -> Service:
    """One of the company's workloads."""
    return next(service for service in company() if service.name == name)


def day_of(name: str, day: int = 0, scrape_s: int = 30) -> list[Series]:
    """The samples of a day of one service."""
    return list(simulate_day(replace(scenario(), services=(of(name),), scrape_s=scrape_s), DATES[day]))


@pytest.mark.parametrize("scrape_s", [10, 15, 30, 60])
def test_a_rhythmic_service_is_counted_by_the_second_whatever_the_interval(scrape_s: int) -> None:
    cpu = [
        one
        for one in day_of("frame-sampler", scrape_s=scrape_s)
        if one.labels["__name__"] == "container_cpu_usage_seconds_total" and one.labels.get("container")
    ]
    assert len(cpu) == 3
    changes = []
    for one in cpu:
        steps = np.diff(one.times_ms)
        assert set(steps.tolist()) == {scrape_s * 1000}
        rates = np.diff(one.values) / scrape_s
        a_minute = 60 // scrape_s
        assert rates.min() >= 0.02 - 1e-6
        assert rates.max() <= 2 + 1e-6
        changes.append(rates.max() / rates.min())
        minutes = one.values[a_minute:] - one.values[:-a_minute]
        assert minutes == pytest.approx(60 * 0.68, abs=1e-4)
    assert bool(max(changes) > 1.5) is (scrape_s < 60)


def test_two_services_pods_share_what_is_left_of_their_names() -> None:
    names = [service.name for service in company() if len(service.name) > 58]
    assert len({name[:58] for name in names}) == 1
    pods = [pod for name in names for pod in pods_on(of(name), 0, DATES[0])]
    assert len({pod.name for pod in pods}) == len(pods) == 4
    assert {len(pod.name) for pod in pods} == {63}
    assert len({pod.owner for pod in pods}) == 2


def test_evicted_pods_are_told_of_and_not_running() -> None:
    series = day_of("chargebacks")
    failed = {
        one.labels["pod"] for one in series if one.labels.get("phase") == "Failed" and (one.values == 1).all()
    }
    told = {one.labels["__name__"] for one in series if one.labels.get("pod") in failed}
    assert len(failed) == 2
    assert {"kube_pod_container_info", "kube_pod_owner", "kube_pod_status_phase"} <= told
    assert not {name for name in told if name.startswith("container_") or "running" in name}


def test_a_pod_taken_out_by_hand_runs_without_an_owner() -> None:
    series = day_of("consents")
    owners = [one.labels for one in series if one.labels["__name__"] == "kube_pod_owner"]
    (alone,) = [labels["pod"] for labels in owners if labels["owner_kind"] == "<none>"]
    assert any(
        one.labels["__name__"].startswith("container_cpu") for one in series if one.labels.get("pod") == alone
    )
    assert [labels["owner_kind"] for labels in owners if labels["owner_is_controller"] == "false"] == [
        "Backup"
    ]


def test_a_native_sidecar_is_told_as_an_init_container_and_written_as_one() -> None:
    told = {
        one.labels["__name__"]
        for one in day_of("model-server")
        if one.labels.get("container") == "weights-loader"
    }
    assert "kube_pod_init_container_status_running" in told
    assert "kube_pod_init_container_resource_limits" in told
    assert not {name for name in told if name.startswith("kube_pod_container")}
    spec = deployment_manifest(of("model-server"))["spec"]["template"]["spec"]
    assert [one["name"] for one in spec["containers"]] == ["model-server"]
    assert spec["initContainers"][0]["restartPolicy"] == "Always"


def test_a_debug_container_is_seen_on_one_day_and_in_no_spec() -> None:
    days = [
        {
            one.labels["__name__"]
            for one in day_of("quota-service", day)
            if one.labels.get("container", "").startswith("debugger")
        }
        for day in range(10)
    ]
    assert [bool(names) for names in days].count(True) == 1
    assert {name.split("_")[0] for names in days for name in names} == {"container"}


def test_a_limit_of_0_is_told_and_written_as_one() -> None:
    limits = [
        one for one in day_of("gift-cards") if one.labels["__name__"] == "kube_pod_container_resource_limits"
    ]
    assert len(limits) == 4
    assert all((one.values == 0).all() for one in limits)
    (container,) = deployment_manifest(of("gift-cards"))["spec"]["template"]["spec"]["containers"]
    assert container["resources"]["limits"] == {"cpu": "0", "memory": "0"}


def test_pods_of_the_windows_end_are_seen_nowhere_before() -> None:
    start = scenario().peak.windows[0].window(DATES[0], ZoneInfo("Asia/Shanghai")).start.timestamp()
    pods = [one for one in day_of("stock-sync") if "pod" in one.labels]
    assert pods
    assert all(one.times_ms[0] / 1000 - start >= 3600 for one in pods)


def test_what_never_changes_is_told_often_enough_for_a_store_to_look_back() -> None:
    apart = [np.diff(one.times_ms).max() for one in day_of("cart") if one.times_ms.size > 1]
    assert max(apart) <= 240_000
