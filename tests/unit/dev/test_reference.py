"""The plain computation of the daily rows, against figures worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kubedoor_dev.metrics.model import Series
from support.reference import Row, differences, local_day, only, reference_rows
from support.reference.raw import Raw, Samples
from support.reference.use import interval_at, seconds_known, steps, together, use_at, use_between
from support.scenarios import (
    Box,
    Exporters,
    PodPlan,
    Scrapes,
    Span,
    Workload,
    deployment,
    plain,
    rhythmic,
    samples,
    steady,
    twice,
)

WINDOW = Span(1_800_000_000, 1_800_005_400)  # an hour and a half from a whole minute on
USUAL = Exporters()
CART = ("shop", "Deployment", "cart", "app")
MIB = 1024 * 1024
OWNER = {"owner_kind": "ReplicaSet", "owner_name": "cart-1"}


def raw(*pairs: tuple[float, float]) -> Raw:
    return Raw({}, np.array([second for second, _ in pairs]), np.array([value for _, value in pairs]))


def series(name: str, pairs: Sequence[tuple[float, float]], **labels: str) -> Series:
    times = np.array([round((WINDOW.start + second) * 1000) for second, _ in pairs], dtype=np.int64)
    return Series({"__name__": name, **labels}, times, np.array([value for _, value in pairs], dtype=float))


def rows(*workloads: Workload, exporters: Exporters = USUAL) -> dict[tuple[str, str, str, str], Row]:
    return reference_rows(samples(workloads, WINDOW, exporters), (WINDOW.start, WINDOW.end))


def test_steps_are_whole_minutes_or_multiples_of_a_longer_interval() -> None:
    assert steps(600, 780, 60) == [660, 720, 780]
    assert steps(630, 780, 60) == [660, 720, 780]
    assert steps(630, 1000, 120) == [720, 840, 960]


def test_use_is_divided_by_the_seconds_between_the_two_samples() -> None:
    counter = raw((50, 10.0), (80, 13.0), (113, 16.3))
    assert use_at(counter, 120, 60) == pytest.approx((6.3, 63))
    assert use_at(counter, 180, 60) is None  # the same sample
    assert use_at(counter, 60, 60) is None  # nothing before: a container's first minute


def test_a_counter_that_fell_has_used_what_it_shows() -> None:
    assert use_at(raw((50, 900.0), (110, 4.0)), 120, 60) == (4.0, 60.0)
    assert use_between(raw((0, 900.0), (60, 905.0), (120, 4.0), (180, 7.0)), 0, 300) == (12.0, 180.0)


def test_a_sample_older_than_five_minutes_says_nothing() -> None:
    assert use_at(raw((0, 1.0), (400, 9.0)), 420, 60) is None


def test_pods_are_taken_together_by_their_seconds() -> None:
    assert together([(60.0, 60.0), (0.0, 30.0), None]) == pytest.approx(60 / 90)
    assert together([None]) is None


def test_each_sample_is_worth_the_interval_at_its_time() -> None:
    gappy = [n * 30.0 for n in range(200) if n % 10 < 3]
    counter = raw(*((second, 0.0) for second in gappy))
    assert interval_at(counter, 3000) == 30
    assert seconds_known(counter, 0, 6000) / 6000 == pytest.approx(0.3, abs=0.01)
    changed = raw(*((second, 0.0) for second in [*range(0, 3000, 15), *range(3000, 6000, 60)]))
    assert interval_at(changed, 1500) == 15
    assert interval_at(changed, 4500) == 60


def test_a_row_by_hand() -> None:
    """Two pods, a sample a minute, 0.1 and 0.3 cores; the second is there for 20 of 90 minutes."""
    minutes = range(-2, 92)
    told: list[Series] = []
    for pod, cores, mib, since in (("a", 0.1, 100, -2), ("b", 0.3, 300, 70)):
        at = [60.0 * minute for minute in minutes if minute >= since]
        ids = {"namespace": "shop", "pod": pod, "container": "app"}
        told += [
            series("container_cpu_usage_seconds_total", [(s, (s + 600) * cores) for s in at], **ids),
            series("container_memory_working_set_bytes", [(s, mib * MIB) for s in at], **ids),
            series("kube_pod_container_info", [(s, 1) for s in at], **ids),
            series("kube_pod_container_status_running", [(s, 1) for s in at], **ids),
            series("kube_pod_owner", [(s, 1) for s in at], **ids, **OWNER),
            series(
                "kube_pod_container_resource_limits", [(s, 0) for s in at], **ids, resource="cpu"
            ),
            series(
                "kube_pod_container_resource_requests", [(s, 0.25 + cores) for s in at], **ids,
                resource="cpu",
            ),
        ]  # fmt: skip
    told.append(
        series("kube_replicaset_owner", [(0, 1)], namespace="shop", replicaset="cart-1",
               owner_kind="Deployment", owner_name="cart", owner_is_controller="true")
    )  # fmt: skip
    (row,) = (found := reference_rows(told, (WINDOW.start, WINDOW.end))).values()
    assert set(found) == {CART}
    assert row.pod_count == 1
    assert row.p95_cpu_m == pytest.approx(200)  # 20 of 90 minutes are known of both
    assert row.p95_cpu_hot_m == pytest.approx(300)
    assert (row.p95_mem_mib, row.p95_mem_hot_mib, row.max_mem_mib) == (200, 300, 300)
    assert row.request_cpu_m == pytest.approx(550)
    assert (row.limit_cpu_m, row.request_mem_mib) == (None, None)
    assert row.coverage == pytest.approx(1)


@pytest.mark.parametrize("interval_s", [10, 15, 30, 60, 120])
@pytest.mark.parametrize("phase_s", [0, 20, 40])
def test_a_rhythm_is_told_alike_at_each_interval_and_phase(interval_s: float, phase_s: int) -> None:
    boxes = (Box(load=rhythmic(phase_s)),)
    (row,) = rows(deployment(boxes=boxes, pods=1, scrapes=Scrapes(interval_s))).values()
    assert row.p95_cpu_m == pytest.approx(680, rel=0.01)
    assert row.coverage == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("change", ["", "rollout", "restart", "recreated", "scale from zero"])
@pytest.mark.parametrize("scrapes", [Scrapes(15), Scrapes(30, jitter_s=3), Scrapes(60), Scrapes(120)])
def test_what_happens_to_pods_changes_neither_their_count_nor_their_use(
    scrapes: Scrapes, change: str
) -> None:
    boxes = (Box(load=lambda seconds: np.full(seconds.size, 0.5)),)
    (row,) = rows(deployment(boxes=boxes, scrapes=scrapes, change=change)).values()
    assert row.pod_count == 3
    # With jitter the pods' seconds differ, and with them their weights.
    assert row.p95_cpu_m == pytest.approx(550, rel=0.02 if scrapes.jitter_s else 0.01)
    assert row.p95_cpu_hot_m == pytest.approx(600, rel=0.01)
    assert row.coverage == pytest.approx(1, abs=0.04)


def test_mixed_and_changed_intervals_and_gaps() -> None:
    mixed = rows(deployment(scrapes=(Scrapes(15), Scrapes(60), Scrapes(120))))[CART]
    assert mixed.coverage == pytest.approx(1, abs=0.03)
    changed = rows(deployment(scrapes=Scrapes(15, then=(2700, 60))))[CART]
    assert changed.coverage == pytest.approx(1, abs=0.03)
    assert rows(deployment(scrapes=Scrapes(30, kept=3)))[CART].coverage == pytest.approx(0.3, abs=0.03)
    assert rows(deployment(scrapes=Scrapes(30, skew_s=30)))[CART].coverage == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("exporters", [Exporters(), Exporters(status=False)])
def test_failed_pods_do_not_run(exporters: Exporters) -> None:
    cart = deployment()
    failed = tuple(replace(cart.pods[0], name=f"{cart.sets[0]}-x{n:04}", phase="Failed") for n in range(20))
    row = rows(replace(cart, pods=(*cart.pods, *failed)), exporters=exporters)[CART]
    assert row.pod_count == 3
    assert row.coverage == pytest.approx(1, abs=0.03)


def test_a_limit_of_zero_is_none_and_a_sidecar_is_the_deployments_but_a_debugger_is_not() -> None:
    boxes = (Box(limit_cpu_m=0), Box("envoy", request_cpu_m=70, init=True), Box("debugger-x7k2p", debug=True))
    found = rows(deployment(boxes=boxes))
    assert {key[3] for key in found} == {"app", "envoy"}
    assert (found[CART].limit_cpu_m, found[CART].request_cpu_m) == (None, 500)
    envoy = found[("shop", "Deployment", "cart", "envoy")]
    assert (envoy.request_cpu_m, envoy.limit_mem_mib) == (70, 1024)


def test_a_pod_is_its_controllers_and_an_orphan_is_nobodys() -> None:
    cart = deployment()
    first = cart.pods[0]
    second_owner = replace(first, owners=(*first.owners, ("Widget", "blue", False)))
    orphan = replace(cart.pods[1], name=f"{cart.sets[0]}-zzzzz", owners=())
    found = rows(replace(cart, pods=(second_owner, *cart.pods[1:], orphan)))
    assert set(found) == {CART}
    assert found[CART].pod_count == 3


def test_names_that_share_58_characters_are_told_apart() -> None:
    long = "a" * 56 + "bc"
    names = {f"{long}-one", f"{long}-two"}
    found = rows(*(deployment(name) for name in names))
    assert {key[2] for key in found} == names


def test_without_owners_only_a_replica_sets_name_makes_a_deployment() -> None:
    others = plain("DaemonSet", "fluentd-v2", ["fluentd-v2-x7k2p"])
    config = plain("ReplicationController", "pay-2", ["pay-2-bcdfg"])
    found = rows(deployment("cart"), others, config, exporters=Exporters(owners=False))
    assert set(found) == {("shop", "Deployment", "cart", "app")}


@pytest.mark.parametrize("exporters", [Exporters(legacy=True), Exporters(exported=True)])
def test_labels_and_names_of_each_generation_say_the_same(exporters: Exporters) -> None:
    plainly = rows(deployment())
    assert rows(deployment(), exporters=exporters) == plainly


def test_one_of_two_scrapers_gives_the_figures_of_one() -> None:
    alone = samples([deployment()], WINDOW)
    both = twice(alone, "prometheus_replica", "a", "b", 15_000)
    span = (WINDOW.start, WINDOW.end)
    assert len(both) == 2 * len(alone)
    assert reference_rows(only(both, "prometheus_replica", "a"), span) == reference_rows(alone, span)


def test_a_life_of_under_two_minutes_counts_from_two_scrapes() -> None:
    pod = PodPlan(
        "cart-7c9d5f68b4-bcdfg", (("ReplicaSet", "cart-7c9d5f68b4", True),), born_s=610, ended_s=680
    )
    brief = Workload("shop", "Deployment", "cart", (pod,), ("cart-7c9d5f68b4",))
    assert rows(brief)[CART].pod_count == 1
    once = replace(brief, pods=(replace(pod, scrapes=Scrapes(60, phase_s=45)),))
    assert CART not in rows(once) or rows(once)[CART].pod_count is None


def test_the_profile_is_the_whole_local_day() -> None:
    zone = ZoneInfo("America/New_York")
    for text, values in (("2026-03-08", 276), ("2026-11-01", 300), ("2026-05-20", 288)):
        whole = local_day(date.fromisoformat(text), zone)
        assert (whole[1] - whole[0]) / 300 == values
    day = (WINDOW.start - 3600 * 2, WINDOW.start + 3600 * 3)
    span = Span(day[0] - 400, day[1])
    boxes = (Box(load=lambda seconds: np.where(seconds >= WINDOW.start, 0.4, 0.1)),)
    told = samples([deployment(boxes=boxes, pods=1)], WINDOW, within=span)
    row = reference_rows(told, (WINDOW.start, WINDOW.end), day)[CART]
    assert row.profile_cpu_m[:24] == pytest.approx([100] * 24, rel=0.001)
    assert row.profile_cpu_m[25:] == pytest.approx([400] * 35, rel=0.001)
    assert row.profile_pods == [1] * 5
    assert row.profile_mem_mib == pytest.approx([420] * 5, rel=0.01)


def test_numbers_that_are_none_are_no_samples() -> None:
    counter = series("container_cpu_usage_seconds_total", [(0, 1.0), (30, float("nan")), (60, float("inf"))])
    (found,) = Samples([counter]).of("container_cpu_usage_seconds_total")
    assert found.times.size == 1


def test_differences_are_told() -> None:
    expected = rows(deployment(boxes=(Box(load=steady(0.4)),)))
    row = expected[CART]
    stored = {CART: vars(row).copy()}
    assert differences(stored, expected) == []
    stored[CART]["p95_cpu_m"] = (row.p95_cpu_m or 0) * 1.02
    stored[CART]["limit_cpu_m"] = None
    assert [line.split(": ")[0].split(" ")[-1] for line in differences(stored, expected)] == [
        "p95_cpu_m", "limit_cpu_m",
    ]  # fmt: skip
    assert differences({}, expected) == [f"{CART}: missing"]
