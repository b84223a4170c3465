"""Every column of every service against a plain computation over the raw samples."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from integration.collector.reference import differences, expected_rows
from integration.collector.stores import (
    ZONE,
    Loaded,
    OpenCollector,
    collected,
    prometheus_with,
    scenario_of,
    some_services,
    victoria_with,
)
from kubedoor_collector.prometheus import PrometheusError
from kubedoor_core.domain.peak import WEEKDAYS, parse_peak_hours
from kubedoor_dev.metrics import Flavor, Scenario, traced_services

TRACES = Path(__file__).parents[4] / "shared" / "data" / "traces"
VICTORIA = {"prometheus_type": "victoria-metrics-single"}
ODD = ("checkout", "ledger", "mail-sender", "tracking", "order-router", "postgres", "search-index-7bcd9f",
       "log-shipper", "nightly-report")  # fmt: skip


@pytest.mark.parametrize("index", range(10))
async def test_a_day_from_prometheus(index: int, company_store: Loaded, collector: OpenCollector) -> None:
    day = company_store.scenario.dates[index]
    expected = expected_rows(company_store.scenario, day)
    assert len(expected) >= 42
    async with collector(company_store.url) as one:
        assert differences(await collected(one, day), expected) == []


@pytest.mark.parametrize("index", range(4, 9))
async def test_a_day_from_victoria_metrics(
    index: int, victoria_store: Loaded, collector: OpenCollector
) -> None:
    day = victoria_store.scenario.dates[index]
    expected = expected_rows(victoria_store.scenario, day)
    async with collector(victoria_store.url, **VICTORIA) as one:
        assert differences(await collected(one, day), expected) == []


async def test_a_deployment_and_a_stateful_set_of_one_name(collector: OpenCollector, tmp_path: Path) -> None:
    """Each has its own figures and profile; a CronJob's pods are no service's."""
    postgres, report = some_services("postgres", "nightly-report")
    (container,) = postgres.containers
    less = replace(container, use_cpu_m=90, use_mem_mib=200)
    proxy = replace(postgres, kind="Deployment", containers=(less,))
    daemon = replace(proxy, kind="DaemonSet", replicas=4)
    scenarios = {service.kind: scenario_of((service,)) for service in (postgres, proxy, daemon)}
    (day,) = scenarios["Deployment"].dates
    with prometheus_with(scenario_of((postgres, proxy, daemon, report)), tmp_path) as loaded:
        async with collector(loaded.url) as one:
            await collected(one, day)
            rows = await one.clickhouse.fetch("SELECT * FROM resource_daily FINAL WHERE NOT deleted")
    assert {row["kind"] for row in rows} == scenarios.keys()
    for row in rows:
        key = (row["namespace"], row["name"], row["container"])
        assert differences({key: row}, expected_rows(scenarios[row["kind"]], day)) == []
        assert any(row["profile_cpu_m"]), row["kind"]
        assert max(pods or 0 for pods in row["profile_pods"]) == {"DaemonSet": 4}.get(row["kind"], 2)


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("owners", [False, True])
async def test_exporters_of_every_generation(
    legacy: bool, owners: bool, collector: OpenCollector, tmp_path: Path
) -> None:
    services = tuple(replace(service, rollouts={0: 40}) for service in some_services(*ODD))
    scenario = scenario_of(services, flavor=Flavor(owners=owners, legacy=legacy))
    (day,) = scenario.dates
    with prometheus_with(scenario, tmp_path) as loaded:
        async with collector(loaded.url) as one:
            assert differences(await collected(one, day), expected_rows(scenario, day)) == []


# The clocks of New York change on 2026-03-08 (an hour is skipped) and on 2026-11-01 (an hour comes twice).
CLOCKS = [
    ("22:30-01:00", "2026-05-20", 150),
    ("01:00-04:00", "2026-03-08", 120),
    ("23:00-02:30", "2026-03-07", 180),
    ("00:30-02:30", "2026-11-01", 180),
    ("09:00-10:30", "2026-11-01", 90),
]


@pytest.mark.parametrize(("hours", "text", "minutes"), CLOCKS)
async def test_midnight_and_the_days_clocks_change(
    hours: str, text: str, minutes: int, collector: OpenCollector, tmp_path: Path
) -> None:
    day, zone = date.fromisoformat(text), ZoneInfo("America/New_York")
    services = tuple(replace(one, rollouts={0: 40}) for one in some_services("checkout", "pricing"))
    scenario = Scenario(services, (day,), zone, parse_peak_hours(hours))
    assert scenario.peak.windows[0].window(day, zone).seconds == minutes * 60
    with prometheus_with(scenario, tmp_path / "p") as loaded:
        async with collector(loaded.url, timezone="America/New_York", peak_hours=hours) as one:
            assert differences(await collected(one, day), expected_rows(scenario, day)) == []
    with victoria_with(scenario, tmp_path / "v", [day]) as loaded:
        async with collector(loaded.url, timezone="America/New_York", peak_hours=hours, **VICTORIA) as one:
            assert differences(await collected(one, day), expected_rows(scenario, day)) == []


async def test_recorded_traces(collector: OpenCollector, tmp_path: Path) -> None:
    if not TRACES.is_dir():
        pytest.skip(f"there are no recorded traces: {TRACES} is not there")
    scenario = scenario_of((), 2)
    scenario = replace(scenario, services=traced_services(TRACES, scenario.dates[-1]))
    with prometheus_with(scenario, tmp_path) as loaded:
        async with collector(loaded.url) as one:
            for day in scenario.dates:
                expected = expected_rows(scenario, day)
                assert len(expected) == 10
                assert differences(await collected(one, day), expected) == []


async def test_two_windows_a_day(collector: OpenCollector, tmp_path: Path) -> None:
    """Each service is told by its busier window."""
    both = "10:00-11:30; 14:00-15:00"
    peak = parse_peak_hours(both)
    (day,) = peak.last_finished(1, ZONE, datetime.now(UTC))  # today, once the afternoon's window is over, too
    scenario = scenario_of(some_services("cart", "tracking"), peak=peak, dates=(day,))
    with prometheus_with(scenario, tmp_path) as loaded:
        found = {}
        for hours in ("10:00-11:30", "14:00-15:00", both):
            async with collector(loaded.url, peak_hours=hours) as one:
                found[hours] = await collected(one, day)
    for key, row in found[both].items():
        rows = [found[hours][key] for hours in ("10:00-11:30", "14:00-15:00")]
        assert row["p95_cpu_m"] == max(one["p95_cpu_m"] for one in rows)
        assert row["p95_mem_mib"] == max(one["p95_mem_mib"] for one in rows)
        assert row["window_start"] in {one["window_start"] for one in rows}


async def test_a_weekday_that_does_not_count_is_no_day(
    collector: OpenCollector, company_store: Loaded
) -> None:
    day = company_store.scenario.dates[-1]
    others = ",".join(name for number, name in enumerate(WEEKDAYS) if number != day.weekday())
    async with collector(company_store.url, peak_hours=f"10:00-11:30 {others}") as one:
        with pytest.raises(PrometheusError, match="do not count on this day"):
            await collected(one, day)
