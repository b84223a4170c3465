"""The synthetic company: the same seed gives the same samples, and every oddity is there."""

from __future__ import annotations

import gzip
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_dev.metrics import Scenario, company, deployment_manifest, traced_services
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
        key_of(Scenario(**{**vars(scenario()), "scrape_s": 15})),
        key_of(Scenario(**{**vars(scenario()), "dates": DATES[1:]})),
    }
    assert len(keys) == 4
    assert key_of(scenario()) in keys


def test_counters_never_fall_but_by_a_new_incarnation() -> None:
    for day in DATES:
        for one in simulate_day(scenario(), day):
            if one.labels["__name__"].endswith("_total"):
                assert (np.diff(one.values) >= 0).all(), one.labels
            assert (np.diff(one.times_ms) > 0).all(), one.labels


def test_there_are_forty_services_in_several_namespaces_and_others_beside_them() -> None:
    kinds = [service.kind for service in company()]
    assert kinds.count("Deployment") == 40
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
    zone, hours = ZoneInfo("Europe/Berlin"), parse_peak_hours("10:00-11:30")
    traced = Scenario((service,), DATES, zone, hours, scrape_s=60)
    clock = clock_of(traced, LAST)
    cpu = [
        one for one in simulate_day(traced, LAST) if one.labels["__name__"].startswith("container_cpu_usage")
    ]
    rates = np.diff(cpu[0].values) / 60
    minute = int(clock.of_day[30])
    assert minute == 10 * 60 + 15
    assert rates[29] == pytest.approx(minute / 1000, rel=0.1)


@pytest.mark.parametrize("text", ["", "ts,value\n", "ts,value\nsoon,much\n", "ts,value\n1,2,3\n"])
@pytest.mark.filterwarnings("ignore:loadtxt")
def test_a_bad_trace_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "workload-9.csv.gz").write_bytes(gzip.compress(text.encode()))
    with pytest.raises(TraceError, match="workload-9"):
        traced_services(tmp_path, LAST)


def test_a_folder_without_traces_is_told(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="holds no workload"):
        traced_services(tmp_path, LAST)
