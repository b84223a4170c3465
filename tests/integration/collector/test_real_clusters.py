"""What real clusters and their stores look like: each is measured right, or left out and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from integration.collector.clusters import (
    DAY,
    END,
    SINCE,
    START,
    SUFFIX,
    UNTIL,
    instant,
    local_midnight,
    pods_of,
    rows_of,
)
from integration.collector.stores import OpenCollector, collected, daily_rows, prometheus_with_series
from integration.collector.test_intervals import close
from kubedoor_collector.collect import policy_of, run_collection
from kubedoor_collector.day import collect_day, complete_profiles
from kubedoor_collector.prometheus import PrometheusError
from kubedoor_collector.runs import Run
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_dev.metrics.model import Series
from support.by_definition import figures, profile_cpu_m
from support.scrapes import CPU, MEM, MIB, Pod, cadvisor, deployment, exporter, rhythmic, series_of, steady

Rows = dict[tuple[str, str, str], dict[str, Any]]
CART = ("shop", "cart", "app")
CADVISOR = (CPU, MEM)


def cart(pods: Iterable[Pod] | None = None) -> list[Series]:
    return deployment("shop", "cart", pods_of("cart") if pods is None else pods, SINCE, UNTIL)


def changed(series: Iterable[Series], change: Callable[[Series], Iterable[Series]]) -> list[Series]:
    return [new for old in series for new in change(old)]


def labelled(one: Series, **labels: str) -> Series:
    return replace(one, labels={**one.labels, **labels})


def named(one: Series, *prefixes: str) -> bool:
    return one.labels["__name__"].startswith(prefixes)


async def left_out(clickhouse: ClickHouse) -> dict[str, str]:
    """Return the events that tell what was left out, by kind."""
    rows = await clickhouse.fetch("SELECT kind, message FROM event WHERE kind LIKE 'collection.%'")
    return {row["kind"]: row["message"] for row in rows}


async def run_of(series: list[Series], collector: OpenCollector, folder: Path, **settings: Any) -> Run:
    """Make a whole run of the day."""
    run = Run("run-1", "test", "command", (DAY,), "tester", datetime.now(UTC))
    with prometheus_with_series(series, folder) as url:
        async with collector(url, **settings) as one:
            ended, _ = await run_collection(one, run, policy_of(one.settings))
    return ended


async def test_a_limit_of_zero_is_no_limit(
    collector: OpenCollector, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    pods = pods_of("cart", load=steady(0.8), mem_mib=700, limit_m=0, limit_mib=0, request_m=500)
    await run_of(cart(pods), collector, tmp_path)
    row = (await daily_rows(clickhouse, DAY))[CART]
    assert (row["limit_cpu_m"], row["limit_mem_mib"], row["cpu_pct"], row["mem_pct"]) == (None,) * 4
    assert close(row["p95_cpu_m"], 800)
    (derived,) = await clickhouse.fetch("SELECT * FROM derived FINAL")
    assert derived["containers.limit_cpu_m"] == [None]
    assert derived["containers.request_cpu_m"] == [row["p95_cpu_m"]]


@pytest.mark.parametrize("failed", [2, 4])
async def test_failed_pods_that_are_still_told_of_do_not_count(
    failed: int, collector: OpenCollector, tmp_path: Path
) -> None:
    evicted = [replace(pod, phase="Failed") for pod in pods_of("cart", 3 + failed)[3:]]
    row = (await rows_of(cart([*pods_of("cart"), *evicted]), collector, tmp_path))[CART]
    assert (row["pod_count"], row["coverage"]) == (3, 1)


RUNNING, PHASE = "kube_pod_container_status_running", "kube_pod_status_phase"


@pytest.mark.parametrize("gone", [(), (RUNNING,), (PHASE,), (RUNNING, PHASE)])
async def test_pods_that_never_started_do_not_count_whoever_tells_it(
    gone: tuple[str, ...], collector: OpenCollector, tmp_path: Path
) -> None:
    """Neither does one that waits for its image: kube-state-metrics tells its containers all the same."""
    waiting = [replace(pod, phase="Pending") for pod in pods_of("cart", 5)[3:]]
    series = [one for one in cart([*pods_of("cart"), *waiting]) if not (gone and named(one, *gone))]
    row = (await rows_of(series, collector, tmp_path))[CART]
    assert (row["pod_count"], row["coverage"]) == (3, pytest.approx(1, abs=0.02))


async def test_a_crash_looping_pod_does_not_run(collector: OpenCollector, tmp_path: Path) -> None:
    crashing = pods_of("cart", 4)[3]

    def stop(one: Series) -> Iterator[Series]:
        if one.labels.get("pod") != crashing.name:
            yield one
        elif named(one, "kube_pod_container_status_running"):
            yield replace(one, values=one.values * 0)
        elif not named(one, *CADVISOR):
            yield one

    series = changed(cart([*pods_of("cart"), crashing]), stop)
    row = (await rows_of(series, collector, tmp_path))[CART]
    assert (row["pod_count"], row["coverage"]) == (3, 1)


async def test_names_that_share_58_characters_are_two_services(
    collector: OpenCollector, tmp_path: Path
) -> None:
    common = "payment-reconciliation-for-partners-in-central-europe-ab-c"
    names = (f"{common}one", f"{common}two")
    assert len(common) == 58
    first = pods_of(names[0], 2, steady(0.3))
    other = [replace(pod, name=pod.name[:58] + end) for pod, end in
             zip(pods_of(names[1], 2, steady(0.9)), ("zzzzz", "yyyyy"), strict=True)]  # fmt: skip
    assert {pod.name[:58] for pod in (*first, *other)} == {first[0].name[:58]}
    series = [one for name, pods in zip(names, (first, other), strict=True)
              for one in deployment("shop", name, pods, SINCE, UNTIL)]  # fmt: skip
    rows = await rows_of(series, collector, tmp_path)
    assert close(rows["shop", names[0], "app"]["p95_cpu_m"], 300)
    assert close(rows["shop", names[1], "app"]["p95_cpu_m"], 900)


async def test_a_second_owner_that_is_no_controller_changes_nothing(
    collector: OpenCollector, tmp_path: Path
) -> None:
    def second(one: Series) -> Iterator[Series]:
        yield one
        if named(one, "kube_pod_owner"):
            yield labelled(one, owner_kind="Janitor", owner_name="sweeper", owner_is_controller="false")

    row = (await rows_of(changed(cart(), second), collector, tmp_path))[CART]
    assert (row["pod_count"], row["coverage"], row["owner_source"]) == (3, 1, "metrics")


async def test_a_pod_taken_out_by_hand_is_left_out_and_told(
    collector: OpenCollector, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    odd = replace(pods_of("cart", 4)[3], owner=("<none>", "<none>"), load=steady(9))
    run = await run_of(cart([*pods_of("cart"), odd]), collector, tmp_path)
    row = (await daily_rows(clickhouse, DAY))[CART]
    assert row["pod_count"] == 3
    assert close(row["p95_cpu_m"], 500)
    assert [(one.why, one.name) for _, one in run.left_out] == [("no_owner", odd.name)]
    assert odd.name in (await left_out(clickhouse))["collection.left_out"]


async def test_two_replicas_of_prometheus_give_the_figures_of_one(
    collector: OpenCollector, tmp_path: Path
) -> None:
    """They scrape half an interval apart, and the load is uneven: the larger of both would be 40 % more."""
    pods = pods_of("cart", load=rhythmic(10))
    other = [replace(one, times_ms=one.times_ms + 15_000) for one in cart(pods)]

    def later(one: Series) -> Iterator[Series]:
        yield labelled(one, prometheus_replica="b")

    def of(pod: Pod) -> Iterator[Series]:
        """The second replica's own scrapes of the same counters."""
        for one in cadvisor(pod, SINCE, UNTIL):
            shifted = one.times_ms + 15_000
            values = one.values
            if one.labels["__name__"] == CPU:
                values = np.round(pod.load(shifted / 1000) - pod.load(np.array([SINCE - 3600])), 6)
            yield labelled(replace(one, times_ms=shifted, values=values), prometheus_replica="b")

    ours = [labelled(one, prometheus_replica="a") for one in cart(pods)]
    theirs = [*(one for pod in pods for one in of(pod)),
              *(new for one in other if not named(one, *CADVISOR) for new in later(one))]  # fmt: skip
    row = (await rows_of([*ours, *theirs], collector, tmp_path))[CART]
    wanted = figures(pods, cart(pods), START, END, 30)
    assert close(row["p95_cpu_m"], wanted.p95_cpu_m)
    assert close(row["p95_cpu_hot_m"], wanted.p95_cpu_hot_m)
    assert (row["pod_count"], row["coverage"]) == (3, 1)


async def test_a_native_sidecar_has_its_own_requests_and_limits(
    collector: OpenCollector, tmp_path: Path
) -> None:
    """kube-state-metrics tells it under kube_pod_init_container_*, beside an ordinary init container."""
    series = await _with_init_containers(True)
    rows = await rows_of(series, collector, tmp_path)
    proxy = rows["shop", "cart", "proxy"]
    assert (proxy["request_cpu_m"], proxy["limit_cpu_m"]) == (50, 200)
    assert (proxy["request_mem_mib"], proxy["limit_mem_mib"]) == (64, 128)
    assert close(proxy["p95_cpu_m"], 30)
    assert {key[2] for key in rows} == {"app", "proxy"}


async def test_a_native_sidecars_kills_are_counted(collector: OpenCollector, tmp_path: Path) -> None:
    place = {"namespace": "shop", "pod": pods_of("cart")[0].name, "container": "proxy"}
    minutes = np.arange(START, END, 60.0)
    told = [
        Series(
            {"__name__": f"kube_pod_init_container_status_{name}", **place, **more},
            (minutes * 1000).astype(np.int64),
            values,
        )
        for name, more, values in (
            ("restarts_total", {}, np.where(minutes > instant(30), 2.0, 0.0)),
            ("last_terminated_reason", {"reason": "OOMKilled"}, np.ones(minutes.size)),
        )
    ]
    rows = await rows_of([*(await _with_init_containers(True)), *told], collector, tmp_path)
    assert rows["shop", "cart", "proxy"]["oom_kills"] == 2


async def test_a_native_sidecar_is_known_by_running_beside_the_others(
    collector: OpenCollector, tmp_path: Path
) -> None:
    """An older kube-state-metrics does not tell the restart policy of an init container."""
    rows = await rows_of(await _with_init_containers(False), collector, tmp_path)
    assert {key[2] for key in rows} == {"app", "proxy"}


async def _with_init_containers(policy_told: bool) -> list[Series]:
    pods = pods_of("cart", start=instant(10))
    sidecars = [replace(pod, container="proxy", load=steady(0.03), request_m=50, limit_m=200, request_mib=64,
                        limit_mib=128) for pod in pods]  # fmt: skip
    setups = [
        replace(pod, container="setup", load=steady(1), start=instant(8), end=instant(10)) for pod in pods
    ]

    def init(one: Series) -> Iterator[Series]:
        name = one.labels["__name__"]
        if not name.startswith("kube_pod_container"):
            if name.startswith(CADVISOR):
                yield one
            return
        always = one.labels["container"] == "proxy"
        policy = (
            {"restart_policy": "Always" if always else ""} if policy_told and name.endswith("_info") else {}
        )
        new = name.replace("kube_pod_container", "kube_pod_init_container")
        yield labelled(one, __name__=new, **{key: value for key, value in policy.items() if value})

    others = [one for pod in (*sidecars, *setups) for one in series_of(pod, SINCE, UNTIL)]
    return [*cart(pods), *changed(others, init)]


async def test_pods_of_the_last_third_of_the_window_have_full_coverage(
    collector: OpenCollector, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    await run_of(cart(pods_of("cart", start=instant(60))), collector, tmp_path)
    row = (await daily_rows(clickhouse, DAY))[CART]
    assert (row["pod_count"], row["coverage"]) == (3, 1)
    assert await clickhouse.fetch("SELECT name FROM derived FINAL ARRAY JOIN containers.name AS name")


async def test_debug_containers_are_not_the_deployments(
    collector: OpenCollector, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    debug = replace(pods_of("cart")[0], container="debugger-x7k2p", load=steady(7), start=instant(20))
    run = await run_of([*cart(), *cadvisor(debug, SINCE, UNTIL)], collector, tmp_path)
    assert list(await daily_rows(clickhouse, DAY)) == [CART]
    assert [(one.why, one.name) for _, one in run.left_out] == [("not_in_spec", "cart/debugger-x7k2p")]


@pytest.mark.parametrize("label", [True, False])
async def test_without_cadvisor_the_day_fails_and_keeps_what_it_had(
    label: bool, collector: OpenCollector, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    """Its job is gone, or a relabelling has dropped `container`; kube-state-metrics is there."""

    def lose(one: Series) -> Iterator[Series]:
        if not named(one, *CADVISOR):
            yield one
        elif label:
            yield replace(one, labels={k: v for k, v in one.labels.items() if k != "container"})

    await rows_of(cart(), collector, tmp_path / "good")
    before = await daily_rows(clickhouse, DAY)
    with pytest.raises(
        PrometheusError, match="`container` label" if label else "no samples of any container"
    ):
        await rows_of(changed(cart(), lose), collector, tmp_path / "bad")
    assert await daily_rows(clickhouse, DAY) == before
    assert before[CART]["p95_cpu_m"]


async def test_a_good_day_is_not_replaced_by_a_worse_one(
    collector: OpenCollector, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    """Half of the pods' samples have gone from the store; asked for by its date, the day is replaced."""
    await rows_of(cart(pods_of("cart", 4)), collector, tmp_path / "good")
    before = await daily_rows(clickhouse, DAY)
    lost = {pod.name for pod in pods_of("cart", 4)[:2]}
    rest = [
        one
        for one in cart(pods_of("cart", 4))
        if not (one.labels.get("pod") in lost and named(one, *CADVISOR))
    ]
    with prometheus_with_series(rest, tmp_path / "bad") as url:
        async with collector(url) as one:
            with pytest.raises(PrometheusError, match=r"50 % of the samples .* keeps what it had"):
                await collected(one, DAY)
            assert await daily_rows(clickhouse, DAY) == before
            policy = policy_of(one.settings)
            await collect_day(one.clickhouse, one.source, policy, DAY, by_name=True)
    assert (await daily_rows(clickhouse, DAY))[CART]["coverage"] == pytest.approx(0.5, abs=0.01)


async def test_without_owners_only_names_of_deployments_count(
    collector: OpenCollector, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    """A DaemonSet `fluentd-v2` and an OpenShift DeploymentConfig's `pay-2` have pods like a ReplicaSet's."""
    others = [replace(pods_of("x", 1)[0], name=name) for name in ("fluentd-v2-x2vbn", "pay-2-x2vbn", "web-0")]
    series = [*cart(), *(one for pod in others for one in series_of(pod, SINCE, UNTIL))]
    ownerless = [one for one in series if not named(one, "kube_pod_owner", "kube_replicaset_owner")]
    run = await run_of(ownerless, collector, tmp_path)
    rows = await daily_rows(clickhouse, DAY)
    assert list(rows) == [CART]
    assert rows[CART]["owner_source"] == "name"
    assert {one.name for _, one in run.left_out} == {pod.name for pod in others}
    assert {one.why for _, one in run.left_out} == {"name_unknown"}


async def test_bursts_of_missing_scrapes_are_missing(collector: OpenCollector, tmp_path: Path) -> None:
    """Every 30 s; of every ten scrapes three are there."""
    pods = [replace(pod, gap=lambda t: ((t - START) // 30) % 10 >= 3) for pod in pods_of("cart")]
    row = (await rows_of(cart(pods), collector, tmp_path))[CART]
    assert row["coverage"] == pytest.approx(0.3, abs=0.02)
    assert close(row["p95_cpu_m"], 500)


@pytest.mark.parametrize("labels", [("pod", "namespace", "container"), ("namespace",)])
async def test_an_exporter_scraped_without_honor_labels(
    labels: tuple[str, ...], collector: OpenCollector, tmp_path: Path
) -> None:
    place = {"namespace": "monitoring", "pod": "kube-state-metrics-0", "container": "kube-state-metrics"}

    def rename(one: Series) -> Iterator[Series]:
        if named(one, *CADVISOR):
            yield one
            return
        moved = {f"exported_{name}": one.labels[name] for name in labels if name in one.labels}
        own = {name: place[name] for name in labels}
        yield replace(
            one, labels={**{k: v for k, v in one.labels.items() if k not in labels}, **own, **moved}
        )

    row = (await rows_of(changed(cart(), rename), collector, tmp_path))[CART]
    wanted = figures(pods_of("cart"), cart(), START, END, 30)
    assert close(row["p95_cpu_m"], wanted.p95_cpu_m)
    assert (row["pod_count"], row["owner_source"], row["request_cpu_m"]) == (3, "metrics", 500)


async def test_kubelets_scraped_without_honor_labels(collector: OpenCollector, tmp_path: Path) -> None:
    def rename(one: Series) -> Iterator[Series]:
        if named(one, *CADVISOR):
            yield labelled(one, namespace="kube-system", exported_namespace=one.labels["namespace"])
        else:
            yield one

    rows = await rows_of(changed(cart(), rename), collector, tmp_path)
    assert list(rows) == [CART]
    assert rows[CART]["coverage"] == 1


async def test_an_odd_interval_is_told(collector: OpenCollector, tmp_path: Path) -> None:
    run = await run_of(cart(pods_of("cart", interval_s=45)), collector, tmp_path)
    assert run.scrape_interval_s == 45
    assert [(one.why, one.name) for _, one in run.left_out] == [("odd_interval", "45 s")]


async def test_jobs_of_different_intervals_in_one_service(collector: OpenCollector, tmp_path: Path) -> None:
    """Two of its pods run on nodes that another job scrapes, once a minute instead of every 15 s."""
    pods = pods_of("cart", 4, rhythmic(5))
    mixed = [replace(pod, interval_s=60.0 if index < 2 else 15.0) for index, pod in enumerate(pods)]
    row = (await rows_of(cart(mixed), collector, tmp_path))[CART]
    wanted = figures(mixed, cart(mixed), START, END, 60)
    assert close(row["p95_cpu_m"], wanted.p95_cpu_m)
    assert row["coverage"] == pytest.approx(1, abs=0.02)


async def test_an_interval_that_changes_within_the_window(collector: OpenCollector, tmp_path: Path) -> None:
    pods = pods_of("cart", load=rhythmic(5))
    halves = []
    for pod in pods:
        quick = list(cadvisor(replace(pod, interval_s=15.0), SINCE, UNTIL))
        slow = list(cadvisor(replace(pod, interval_s=60.0), SINCE, UNTIL))
        for a, b in zip(quick, slow, strict=True):
            early, late = a.times_ms < instant(45) * 1000, b.times_ms >= instant(45) * 1000
            halves.append(
                replace(
                    a,
                    times_ms=np.concatenate((a.times_ms[early], b.times_ms[late])),
                    values=np.concatenate((a.values[early], b.values[late])),
                )
            )
    rest = [one for one in cart(pods) if not named(one, *CADVISOR)]
    row = (await rows_of([*rest, *halves], collector, tmp_path))[CART]
    wanted = figures(pods, halves, START, END, 30)
    assert close(row["p95_cpu_m"], wanted.p95_cpu_m)
    assert row["coverage"] == pytest.approx(1, abs=0.02)


async def test_a_pod_that_lived_for_less_than_two_minutes_counts(
    collector: OpenCollector, tmp_path: Path
) -> None:
    pods = [replace(pod, start=instant(30.2), end=instant(31.9)) for pod in pods_of("cart", 2)]
    row = (await rows_of(cart(pods), collector, tmp_path))[CART]
    assert close(row["p95_cpu_m"], 500)


async def test_the_profile_of_a_day_by_the_definition(collector: OpenCollector, tmp_path: Path) -> None:
    midnight = local_midnight()
    since, until = midnight - 600, midnight + 86_400 + 600
    pods = [
        replace(pod, start=None if index else midnight + 3.3 * 3600, jitter_s=3.0 * (index == 2))
        for index, pod in enumerate(pods_of("cart", load=rhythmic(5)))
    ]
    series = deployment("shop", "cart", pods, since, until)
    row = (await rows_of(series, collector, tmp_path))[CART]
    wanted = profile_cpu_m(pods, series, midnight, midnight + 86_400)
    assert len(row["profile_cpu_m"]) == 288
    assert [pair for pair in zip(row["profile_cpu_m"], wanted, strict=True) if not close(*pair)] == []
    assert row["profile_pods"] == [2] * 3 + [3] * 21
    assert len(row["profile_mem_mib"]) == 24
    assert max(row["profile_mem_mib"]) == pytest.approx(330, rel=0.02)


async def test_a_day_that_was_not_over_gets_the_rest_of_its_profile_with_the_next_run(
    collector: OpenCollector, clickhouse: ClickHouse, tmp_path: Path
) -> None:
    midnight = local_midnight()
    series = deployment("shop", "cart", pods_of("cart"), midnight - 600, midnight + 87_000)
    nothing: dict[str, list[int]] = {"profile_cpu_m": [], "profile_mem_mib": [], "profile_pods": []}
    with prometheus_with_series(series, tmp_path) as url:
        async with collector(url) as one:
            whole = (await collected(one, DAY))[CART]
            await clickhouse.execute("TRUNCATE TABLE resource_daily")
            early = {**whole, **nothing, "collected_at": timestamp(datetime.fromtimestamp(END + 3600, UTC))}
            await clickhouse.insert("resource_daily", [early])
            policy, now = policy_of(one.settings), datetime.now(UTC)
            assert await complete_profiles(clickhouse, one.source, policy, now, [DAY]) == ([], [])
            assert await complete_profiles(clickhouse, one.source, policy, now, []) == ([DAY], [])
            assert await complete_profiles(clickhouse, one.source, policy, now, []) == ([], [])
    found = (await daily_rows(clickhouse, DAY))[CART]
    assert len(found["profile_cpu_m"]) == 288
    assert {**found, "collected_at": ""} == {**whole, "collected_at": ""}


async def test_another_namespace_is_excluded(collector: OpenCollector, tmp_path: Path) -> None:
    other = deployment("monitoring", "grafana", pods_of("grafana", namespace="monitoring"), SINCE, UNTIL)
    rows = await rows_of([*cart(), *other], collector, tmp_path, namespaces_excluded="kube-.*|monitoring")
    assert list(rows) == [CART]


def test_the_memory_of_a_pod_is_what_the_samples_say() -> None:
    """So that the other tests compare with something: the made-up pods use what they are said to."""
    (pod, *_) = pods_of("cart")
    mem = next(one for one in cadvisor(pod, SINCE, UNTIL) if one.labels["__name__"] == MEM)
    assert 270 * MIB <= mem.values.min() <= mem.values.max() <= 330 * MIB
    assert all(one.times_ms.size for one in exporter(pod, SINCE, UNTIL))
    assert SUFFIX in pod.name
