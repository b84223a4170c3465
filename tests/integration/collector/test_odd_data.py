"""Samples that are missing, double, broken or ambiguous: a value is right or NULL, never made up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from integration.collector.reference import differences, expected_rows
from integration.collector.stores import (
    OpenCollector,
    Rows,
    collected,
    prometheus_with_series,
    scenario_of,
    some_services,
)
from kubedoor_collector.collect import policy_of, run_collection
from kubedoor_collector.runs import Run
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.metrics import Scenario
from kubedoor_dev.metrics.model import Series
from kubedoor_dev.metrics.pods import replica_set
from kubedoor_dev.metrics.simulate import simulate_day

CART = ("shop", "cart", "cart")
CPU, MEM = "container_cpu_usage_seconds_total", "container_memory_working_set_bytes"

Change = Callable[[Series], Iterable[Series]]


def cart() -> Scenario:
    return scenario_of(some_services("cart"))


def changed(scenario: Scenario, change: Change) -> list[Series]:
    (day,) = scenario.dates
    return [new for old in simulate_day(scenario, day) for new in change(old)]


def without(*names: str) -> Change:
    return lambda one: () if one.labels["__name__"].startswith(names) else (one,)


def labelled(one: Series, **labels: str) -> Series:
    return replace(one, labels={**one.labels, **labels})


async def rows_of(
    series: list[Series], scenario: Scenario, collector: OpenCollector, folder: Path, **settings: str
) -> Rows:
    with prometheus_with_series(series, folder) as url:
        async with collector(url, **settings) as one:
            return await collected(one, scenario.dates[0])


MISSING = [
    ((CPU,), {"p95_cpu_m", "p95_cpu_hot_m", "cpu_pct"}),
    ((MEM,), {"p95_mem_mib", "p95_mem_hot_mib", "max_mem_mib", "mem_pct"}),
    (("kube_pod_container_info",), set()),
    (("kube_pod_container_resource_requests",), {"request_cpu_m", "request_mem_mib"}),
    (("kube_pod_container_resource_limits", "container_spec"),
     {"limit_cpu_m", "limit_mem_mib", "cpu_pct", "mem_pct"}),
    (("kube_pod_container_resource_limits",), {"limit_mem_mib", "mem_pct"}),  # the kernel knows the cpu limit
    (("kube_pod_container_status",), {"oom_kills"}),
    (("container_cpu_cfs",), {"throttled_pct"}),
    (("kube_pod_owner", "kube_replicaset_owner"), set()),
    (("kube_replicaset_owner",), set()),
]  # fmt: skip


@pytest.mark.parametrize(("names", "unknown"), MISSING)
async def test_a_missing_metric_is_null(
    names: tuple[str, ...], unknown: set[str], collector: OpenCollector, tmp_path: Path
) -> None:
    scenario = cart()
    (day,) = scenario.dates
    expected = expected_rows(scenario, day)
    expected[CART].update(dict.fromkeys(unknown))
    found = await rows_of(changed(scenario, without(*names)), scenario, collector, tmp_path)
    assert differences(found, expected) == []


async def test_nan_is_null(collector: OpenCollector, tmp_path: Path) -> None:
    def spoil(one: Series) -> Iterator[Series]:
        yield replace(one, values=np.full(one.values.size, np.nan)) if one.labels["__name__"] == MEM else one

    scenario = cart()
    row = (await rows_of(changed(scenario, spoil), scenario, collector, tmp_path))[CART]
    assert [row[name] for name in ("p95_mem_mib", "p95_mem_hot_mib", "max_mem_mib", "mem_pct")] == [None] * 4
    assert row["p95_cpu_m"] is not None


@pytest.mark.parametrize("bad", [np.nan, np.inf])
async def test_a_few_broken_samples_are_as_good_as_missing(
    bad: float, collector: OpenCollector, tmp_path: Path
) -> None:
    def spoil(one: Series) -> Iterator[Series]:
        values = one.values.copy()
        values[40:44] = bad
        yield replace(one, values=values) if one.labels["__name__"] == CPU else one

    scenario = cart()
    row = (await rows_of(changed(scenario, spoil), scenario, collector, tmp_path))[CART]
    wanted = expected_rows(scenario, scenario.dates[0])[CART]["p95_cpu_m"]
    assert wanted is not None
    assert row["p95_cpu_m"] == pytest.approx(wanted, rel=0.02, abs=1)


async def test_two_replicas_of_the_store_count_once(collector: OpenCollector, tmp_path: Path) -> None:
    def double(one: Series) -> Iterator[Series]:
        yield labelled(one, prometheus_replica="a")
        later = replace(one, times_ms=one.times_ms + 1_700)
        yield labelled(later, prometheus_replica="b")

    scenario = scenario_of(some_services("cart", "checkout", "fraud-check", "postgres"))
    found = await rows_of(changed(scenario, double), scenario, collector, tmp_path)
    assert differences(found, expected_rows(scenario, scenario.dates[0])) == []


async def test_another_cluster_in_the_same_store_is_left_alone(
    collector: OpenCollector, tmp_path: Path
) -> None:
    scenario = scenario_of(some_services("cart", "checkout"))
    ours = changed(scenario, lambda one: [labelled(one, cluster="ours")])
    other = replace(scenario, seed=99, services=some_services("cart", "checkout", "pricing"))
    theirs = [
        replace(one, values=one.values * 3)
        for one in changed(other, lambda one: [labelled(one, cluster="b")])
    ]
    found = await rows_of(
        [*ours, *theirs], scenario, collector, tmp_path, prometheus_env_label="cluster=ours"
    )
    assert differences(found, expected_rows(scenario, scenario.dates[0])) == []


async def test_the_same_pod_name_in_two_namespaces(collector: OpenCollector, tmp_path: Path) -> None:
    def twin(one: Series) -> Iterator[Series]:
        yield one
        yield labelled(one, namespace="shop-b", uid="another", id="another" + one.labels.get("id", ""))

    scenario = cart()
    found = await rows_of(changed(scenario, twin), scenario, collector, tmp_path)
    wanted = expected_rows(scenario, scenario.dates[0])
    assert differences(found, {**wanted, ("shop-b", "cart", "cart"): wanted[CART]}) == []


async def test_a_counter_that_begins_anew(collector: OpenCollector, tmp_path: Path) -> None:
    """In the same series, as after a restart where no label tells it; the reset costs one figure at most."""

    def reset(one: Series) -> Iterator[Series]:
        values = one.values.copy()
        if one.labels["__name__"] == CPU:
            values[50:] -= values[49] - 0.001
        yield replace(one, values=values)

    scenario = cart()
    row = (await rows_of(changed(scenario, reset), scenario, collector, tmp_path))[CART]
    wanted = expected_rows(scenario, scenario.dates[0])[CART]["p95_cpu_m"]
    assert wanted is not None
    assert row["p95_cpu_m"] == pytest.approx(wanted, rel=0.01, abs=1)


async def test_a_missing_label_makes_no_row_of_its_own(collector: OpenCollector, tmp_path: Path) -> None:
    def lose(one: Series) -> Iterator[Series]:
        yield one
        for label in ("namespace", "pod", "container"):
            if label in one.labels:
                yield replace(one, labels={k: v for k, v in one.labels.items() if k != label})

    scenario = cart()
    found = await rows_of(changed(scenario, lose), scenario, collector, tmp_path)
    assert list(found) == [CART]
    assert found[CART]["pod_count"] == 3


async def test_a_deployment_without_pods_has_no_row(collector: OpenCollector, tmp_path: Path) -> None:
    def none_left(one: Series) -> Iterator[Series]:
        labels = one.labels
        if labels.get("pod", "").startswith("pricing"):
            return
        zero = labels.get("name") == "pricing"
        yield replace(one, values=one.values * 0) if zero else one

    scenario = scenario_of(some_services("cart", "pricing"))
    found = await rows_of(changed(scenario, none_left), scenario, collector, tmp_path)
    assert list(found) == [CART]


async def test_pods_without_an_owner_are_found_by_name_and_told(
    collector: OpenCollector, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    def lose(one: Series) -> Iterator[Series]:
        owner = one.labels["__name__"] == "kube_pod_owner"
        if not (owner and one.labels["pod"].startswith("pricing")):
            yield one

    scenario = scenario_of(some_services("cart", "pricing", "postgres"))
    run = Run("run-1", "test", "command", scenario.dates, "tester", datetime.now(UTC))
    with prometheus_with_series(changed(scenario, lose), tmp_path) as url:
        async with collector(url) as one:
            ended, _ = await run_collection(one, run, policy_of(one.settings))
    assert (ended.state, ended.services_seen) == ("succeeded", 3)
    rows = await clickhouse.fetch("SELECT DISTINCT name, owner_source FROM resource_daily ORDER BY 1")
    assert [(row["name"], row["owner_source"]) for row in rows] == [
        ("cart", "metrics"),
        ("postgres", "metrics"),
        ("pricing", "name"),
    ]
    events = await clickhouse.fetch("SELECT severity, message FROM event WHERE kind = 'collection.no_owner'")
    assert [event["severity"] for event in events] == ["warning"]
    assert "shop/pricing" in events[0]["message"]
    assert "postgres" not in events[0]["message"]


@pytest.mark.parametrize("of_the_newer", [True, False])
async def test_requests_are_as_last_seen(
    of_the_newer: bool, collector: OpenCollector, tmp_path: Path
) -> None:
    """A roll-out changes the requests, and takes the limits away: what the newer pods have counts."""
    scenario = scenario_of([replace(one, rollouts={0: 40}) for one in some_services("cart")])
    (service,) = scenario.services
    newer = replica_set(service, 1)

    def change(one: Series) -> Iterator[Series]:
        name, is_newer = one.labels["__name__"], one.labels.get("pod", "").startswith(newer)
        if name == "kube_pod_container_resource_requests" and is_newer is of_the_newer:
            yield replace(one, values=one.values * 2)
        elif not (name.startswith(("kube_pod_container_resource_limits", "container_spec")) and is_newer):
            yield one

    row = (await rows_of(changed(scenario, change), scenario, collector, tmp_path))[CART]
    request_m = service.containers[0].request_cpu_m
    assert request_m is not None
    assert row["request_cpu_m"] == (2 * request_m if of_the_newer else request_m)
    assert (row["limit_cpu_m"], row["limit_mem_mib"], row["cpu_pct"]) == (None, None, None)


@pytest.mark.parametrize(("reason", "kills"), [("OOMKilled", 1), ("Error", 0), (None, 0)])
async def test_only_kills_for_want_of_memory_are_counted(
    reason: str | None, kills: int, collector: OpenCollector, tmp_path: Path
) -> None:
    scenario = scenario_of([replace(one, oom={0: 33}) for one in some_services("tracking")])

    def change(one: Series) -> Iterator[Series]:
        if "reason" not in one.labels:
            yield one
        elif reason is not None:
            yield labelled(one, reason=reason)

    found = await rows_of(changed(scenario, change), scenario, collector, tmp_path)
    assert found["logistics", "tracking", "tracking"]["oom_kills"] == kills
