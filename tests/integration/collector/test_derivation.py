"""The derived values from stored days: peak days, floors, margins, provenance, nothing lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from integration.collector.stores import PEAK, ZONE
from kubedoor_collector.collect import derive_all, preview
from kubedoor_collector.day import replace_day
from kubedoor_collector.domain.figures import DayRow
from kubedoor_collector.domain.policy import Policy
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.control import containers_of
from kubedoor_core.domain.derivation.rules import Rule
from kubedoor_core.domain.env_policy import RULE_EXCEPTIONS

POLICY = Policy("test", ZONE, PEAK, ".*")
DATES = tuple(PEAK.last_finished(12, ZONE, datetime.now(UTC)))
LAST = DATES[-1]


def ruled(**rule: Any) -> Policy:
    return replace(POLICY, rule=Rule(**rule))


def row(day: date, name: str = "cart", container: str = "app", **columns: Any) -> DayRow:
    values: dict[str, Any] = {
        "pod_count": 2, "p95_cpu_m": 100, "p95_mem_mib": 500, "limit_cpu_m": 4000, "limit_mem_mib": 900,
        "coverage": 1.0, **columns,
    }  # fmt: skip
    return DayRow("shop", name, container, day, PEAK.windows[0].window(day, ZONE), **values)


async def store(clickhouse: ClickHouse, rows: Iterable[DayRow]) -> None:
    days: dict[date, list[DayRow]] = {}
    for one in rows:
        days.setdefault(one.date, []).append(one)
    for day, every in days.items():
        await replace_day(clickhouse, "test", day, every)


async def derived(clickhouse: ClickHouse, policy: Policy = POLICY) -> dict[str, dict[str, Any]]:
    await derive_all(clickhouse, policy, None)
    rows = await clickhouse.fetch("SELECT * FROM derived FINAL")
    return {one["name"]: {**one, **{c.name: c._asdict() for c in containers_of(one)}} for one in rows}


async def test_each_resource_has_its_own_peak_day(clickhouse: ClickHouse) -> None:
    await store(clickhouse, [
        row(DATES[-4], p95_cpu_m=100, p95_mem_mib=700),
        row(DATES[-3], p95_cpu_m=90, pod_count=5),  # more in all, less per pod
        row(DATES[-2], p95_cpu_m=130, p95_mem_mib=600),
        row(LAST),
    ])  # fmt: skip
    found = (await derived(clickhouse))["cart"]
    assert (found["app"]["request_cpu_m"], found["app"]["request_mem_mib"]) == (90, 500)
    assert (found["peak_date_cpu"], found["peak_date_mem"]) == (DATES[-3].isoformat(), DATES[-3].isoformat())
    assert (found["replicas_observed"], found["replicas_initial"]) == (5, 2)
    assert (found["first_seen"], found["last_seen"]) == (DATES[-4].isoformat(), LAST.isoformat())
    assert (found["window_cpu"], found["peak_pods_cpu"], found["coverage_cpu"]) == ("10:00-11:30", 5, 1)


async def test_a_service_is_weighed_with_all_its_containers(clickhouse: ClickHouse) -> None:
    await store(clickhouse, [
        row(DATES[-2], p95_cpu_m=100), row(DATES[-2], container="envoy", p95_cpu_m=60, p95_mem_mib=10),
        row(LAST, p95_cpu_m=120), row(LAST, container="envoy", p95_cpu_m=20, p95_mem_mib=40),
    ])  # fmt: skip
    found = (await derived(clickhouse))["cart"]
    assert (found["app"]["request_cpu_m"], found["envoy"]["request_cpu_m"]) == (100, 60)
    assert (found["peak_date_cpu"], found["peak_date_mem"]) == (DATES[-2].isoformat(), LAST.isoformat())


async def test_a_container_that_was_not_there_on_the_peak_day_has_its_own(clickhouse: ClickHouse) -> None:
    await store(clickhouse, [
        row(DATES[-3], p95_cpu_m=900),
        row(DATES[-2]), row(DATES[-2], container="new", p95_cpu_m=33),
        row(LAST), row(LAST, container="new", p95_cpu_m=22),
    ])  # fmt: skip
    found = (await derived(clickhouse))["cart"]
    assert (found["app"]["request_cpu_m"], found["new"]["request_cpu_m"]) == (900, 33)


async def test_days_with_less_than_half_their_samples_do_not_count(clickhouse: ClickHouse) -> None:
    await store(clickhouse, [row(DATES[-2], p95_cpu_m=900, coverage=0.49), row(LAST, coverage=0.5)])
    found = (await derived(clickhouse))["cart"]
    assert (found["app"]["request_cpu_m"], found["peak_date_cpu"]) == (100, LAST.isoformat())


async def test_days_before_the_look_back_do_not_count(clickhouse: ClickHouse) -> None:
    await store(clickhouse, [row(DATES[0], p95_cpu_m=900), row(LAST)])
    assert (await derived(clickhouse))["cart"]["app"]["request_cpu_m"] == 100
    wide = ruled(lookback_days=12)
    assert (await derived(clickhouse, wide))["cart"]["app"]["request_cpu_m"] == 900


async def test_one_day_for_the_whole_fleet(clickhouse: ClickHouse) -> None:
    await store(clickhouse, [
        row(DATES[-2], "cart", p95_cpu_m=100), row(DATES[-2], "search", p95_cpu_m=900),
        row(LAST, "cart", p95_cpu_m=300), row(LAST, "search", p95_cpu_m=200),
    ])  # fmt: skip
    own = await derived(clickhouse)
    assert [own[name]["app"]["request_cpu_m"] for name in ("cart", "search")] == [300, 900]
    fleet = await derived(clickhouse, ruled(request_rule="fleet"))
    assert [fleet[name]["app"]["request_cpu_m"] for name in ("cart", "search")] == [100, 900]
    assert fleet["cart"]["peak_date_cpu"] == DATES[-2].isoformat()


@pytest.mark.parametrize(
    ("used", "policy", "request_m"),
    [
        (3, POLICY, 10),
        (100, ruled(margin_pct=15), 115),
        (101, ruled(margin_pct=15), 117),
        (100, ruled(floor_cpu_m=250), 250),
    ],
)
async def test_margins_and_floors(used: int, policy: Policy, request_m: int, clickhouse: ClickHouse) -> None:
    await store(clickhouse, [row(LAST, p95_cpu_m=used)])
    assert (await derived(clickhouse, policy))["cart"]["app"]["request_cpu_m"] == request_m


async def test_small_falls_are_held_and_rises_are_not(clickhouse: ClickHouse) -> None:
    policy = ruled(hold_fall_pct=10)
    for used, expected in ((100, 100), (101, 101), (110, 110), (99, 110), (98, 98), (97, 98)):
        await store(clickhouse, [row(LAST, p95_cpu_m=used)])
        assert (await derived(clickhouse, policy))["cart"]["app"]["request_cpu_m"] == expected


async def test_unknown_never_overwrites_and_limits_stay_as_first_seen(clickhouse: ClickHouse) -> None:
    await store(clickhouse, [row(LAST, limit_mem_mib=None)])
    await derived(clickhouse)
    await store(clickhouse, [
        row(LAST, p95_cpu_m=None, p95_mem_mib=None, pod_count=None, limit_cpu_m=800, limit_mem_mib=1000)
    ])  # fmt: skip
    found = (await derived(clickhouse))["cart"]
    assert found["app"] == {
        "name": "app", "request_cpu_m": 100, "request_mem_mib": 500,
        "limit_cpu_m": 4000, "limit_mem_mib": 1000,
    }  # fmt: skip
    assert (found["replicas_observed"], found["replicas_initial"]) == (2, 2)
    assert found["peak_date_cpu"] == LAST.isoformat()


async def test_what_is_not_seen_keeps_what_it_had(clickhouse: ClickHouse) -> None:
    await store(clickhouse, [row(DATES[-2]), row(DATES[-2], container="old"), row(DATES[-2], "gone")])
    before = (await derived(clickhouse))["gone"]
    await replace_day(clickhouse, "test", DATES[-2], [row(DATES[-2])])
    await store(clickhouse, [row(LAST, p95_cpu_m=150)])
    found = await derived(clickhouse)
    assert found["gone"] == before
    assert found["gone"]["last_seen"] == DATES[-2].isoformat()
    assert found["cart"]["old"]["request_cpu_m"] == 100
    assert found["cart"]["app"]["request_cpu_m"] == 150


async def test_a_service_without_a_whole_day_is_there_without_requests(clickhouse: ClickHouse) -> None:
    await store(clickhouse, [row(LAST, coverage=0.2)])
    found = (await derived(clickhouse))["cart"]
    assert (found["app"]["request_cpu_m"], found["app"]["limit_cpu_m"]) == (None, 4000)
    assert (found["replicas_observed"], found["replicas_initial"]) == (None, 2)
    registered = await clickhouse.fetch("SELECT name, replicas FROM effective")
    assert registered == [{"name": "cart", "replicas": None}]


async def test_new_services_are_told_once(clickhouse: ClickHouse) -> None:
    await store(clickhouse, [row(LAST, "cart"), row(LAST, "search")])
    for _ in range(2):
        await derive_all(clickhouse, POLICY, None)
    events = await clickhouse.fetch("SELECT kind, name FROM event ORDER BY name")
    assert events == [{"kind": "service.new", "name": name} for name in ("cart", "search")]


async def test_nothing_is_written_where_nothing_changes(clickhouse: ClickHouse) -> None:
    await store(clickhouse, [row(LAST)])
    first, second = await derive_all(clickhouse, POLICY, None), await derive_all(clickhouse, POLICY, None)
    assert (len(first.rows), len(second.rows)) == (1, 0)
    history = await clickhouse.fetch("SELECT count() AS n FROM derived_history")
    assert history == [{"n": 1}]


async def test_versions_grow_over_the_whole_table(clickhouse: ClickHouse) -> None:
    await store(clickhouse, [row(LAST)])
    await derive_all(clickhouse, POLICY, None)
    ahead = int((datetime.now(UTC) + timedelta(days=400)).timestamp() * 1_000_000)
    other = {"env": "other", "namespace": "a", "name": "b", "version": ahead, "updated_by": "collector"}
    await clickhouse.insert("derived", [{**other, "updated_at": "2026-03-02 00:00:00.000"}])
    await store(clickhouse, [row(LAST, p95_cpu_m=200)])
    assert (await derived(clickhouse))["cart"]["version"] == ahead + 1


async def test_a_preview_says_before_after_and_why_and_writes_nothing(clickhouse: ClickHouse) -> None:
    await store(clickhouse, [row(LAST)])
    await derive_all(clickhouse, POLICY, None)
    await store(clickhouse, [row(LAST, p95_cpu_m=130, coverage=0.9)])
    changes = (await preview(clickhouse, POLICY, None)).changes
    assert [(c.container, c.what, c.before, c.after) for c in changes] == [("app", "request_cpu_m", 100, 130)]
    assert changes[0].why == f"peak day {LAST}, 10:00-11:30, 2 pods, 90 % of the samples"
    (stored,) = await clickhouse.fetch("SELECT `containers.request_cpu_m` AS m FROM derived FINAL")
    assert stored == {"m": [100]}


async def test_kinds_of_one_name_are_services_of_their_own(clickhouse: ClickHouse) -> None:
    """Each keeps its own peak day, containers, pods and history; each is told as new with its kind."""
    await store(clickhouse, [
        row(DATES[-2], p95_cpu_m=100), row(LAST, p95_cpu_m=70),
        row(DATES[-2], p95_cpu_m=300, pod_count=1, kind="StatefulSet"),
        row(LAST, p95_cpu_m=400, pod_count=1, kind="StatefulSet"),
        row(LAST, p95_cpu_m=20, pod_count=9, kind="DaemonSet"),
    ])  # fmt: skip
    await derive_all(clickhouse, POLICY, None)
    rows = await clickhouse.fetch(
        "SELECT kind, `containers.request_cpu_m`[1] AS m, replicas_observed AS pods, peak_date_cpu AS day"
        " FROM derived FINAL ORDER BY kind"
    )
    assert rows == [
        {"kind": "DaemonSet", "m": 20, "pods": 9, "day": LAST.isoformat()},
        {"kind": "Deployment", "m": 100, "pods": 2, "day": DATES[-2].isoformat()},
        {"kind": "StatefulSet", "m": 400, "pods": 1, "day": LAST.isoformat()},
    ]
    events = await clickhouse.fetch("SELECT message FROM event ORDER BY id")
    assert [one["message"].removesuffix(" was seen for the first time") for one in events] == [
        "DaemonSet shop/cart", "StatefulSet shop/cart", "shop/cart",
    ]  # fmt: skip


async def test_a_day_is_replaced_kind_by_kind(clickhouse: ClickHouse) -> None:
    """What was a StatefulSet and is a Deployment now has one row, and what it was is gone."""
    await store(clickhouse, [row(LAST, kind="StatefulSet"), row(LAST, "other")])
    await store(clickhouse, [row(LAST), row(LAST, "other")])
    found = await clickhouse.fetch(
        "SELECT kind, name FROM resource_daily FINAL WHERE NOT deleted ORDER BY name"
    )
    assert found == [{"kind": "Deployment", "name": "cart"}, {"kind": "Deployment", "name": "other"}]


def hours(**busy: int) -> tuple[int, ...]:
    """A day's five-minute means: 20 m, and more in some hours."""
    used = {int(name.removeprefix("h")): cpu_m for name, cpu_m in busy.items()}
    return tuple(used.get(slot // 12, 20) for slot in range(288))


async def test_a_service_is_figured_by_its_own_busiest_hours(clickhouse: ClickHouse) -> None:
    """The shop by day, the report across midnight, whatever their peak windows held."""
    await store(clickhouse, [
        row(DATES[-2], "shop", p95_cpu_m=30, profile_cpu_m=hours(h14=400, h15=420, h16=400, h17=390)),
        row(LAST, "shop", p95_cpu_m=30, profile_cpu_m=hours(h14=300, h15=350, h16=300, h17=300)),
        row(LAST, "report", p95_cpu_m=20, profile_cpu_m=hours(h23=900, h0=800, h1=850, h22=810)),
    ])  # fmt: skip
    own = await derived(clickhouse, ruled(request_rule="own_peak"))
    assert [own[name]["app"]["request_cpu_m"] for name in ("shop", "report")] == [420, 900]
    assert own["shop"]["peak_date_cpu"] == DATES[-2].isoformat()
    assert own["shop"]["app"]["request_mem_mib"] == 500
    peak = await derived(clickhouse, POLICY)
    assert [peak[name]["app"]["request_cpu_m"] for name in ("shop", "report")] == [30, 20]


async def test_the_whole_day_counts_its_busiest_minutes(clickhouse: ClickHouse) -> None:
    """P99: all but the busiest 14 minutes; a day of which less than half is known does not count."""
    spiky = tuple(700 if slot in (7, 99, 200, 201, 202) else 50 for slot in range(288))
    little = tuple(999 if slot < 100 else None for slot in range(288))
    await store(clickhouse, [
        row(DATES[-2], "spiky", profile_cpu_m=spiky), row(LAST, "spiky", profile_cpu_m=little),
    ])  # fmt: skip
    found = (await derived(clickhouse, ruled(request_rule="whole_day")))["spiky"]
    assert (found["app"]["request_cpu_m"], found["peak_date_cpu"]) == (700, DATES[-2].isoformat())


async def test_the_most_memory_of_any_day(clickhouse: ClickHouse) -> None:
    """With its own margin, and never above the limit."""
    most = (None, 610, 640, None)
    await store(clickhouse, [
        row(DATES[-2], max_mem_mib=520, profile_mem_mib=most), row(LAST, p95_mem_mib=550, max_mem_mib=560),
        row(LAST, "big", p95_mem_mib=850, max_mem_mib=890),
    ])  # fmt: skip
    rule = {"memory_rule": "max", "memory_margin_pct": 15, "margin_pct": 50}
    found = await derived(clickhouse, ruled(**rule))
    assert [found[name]["app"]["request_mem_mib"] for name in ("cart", "big")] == [736, 900]
    assert found["cart"]["app"]["request_cpu_m"] == 150


async def test_a_value_keeps_why_it_is_what_it_is(clickhouse: ClickHouse) -> None:
    """Rule, use before margin and floor, the days that came next; a container that is gone has no use."""
    await store(clickhouse, [
        row(DATES[-5], p95_cpu_m=70), row(DATES[-4], p95_cpu_m=80), row(DATES[-4], container="old"),
        row(DATES[-3], p95_cpu_m=90), row(DATES[-2], p95_cpu_m=60),
    ])  # fmt: skip
    await derived(clickhouse, ruled(lookback_days=12))
    await store(clickhouse, [row(DATES[-4], p95_cpu_m=80)])
    rule = ruled(lookback_days=12, margin_pct=20, memory_rule="max", floor_cpu_m=110)
    found = (await derived(clickhouse, rule))["cart"]
    assert (found["app"]["request_cpu_m"], found["old"]["request_cpu_m"]) == (110, 100)
    assert (found["request_rule"], found["memory_rule"]) == ("peak_day", "max")
    assert found["runner_up_dates_cpu"] == [DATES[-4].isoformat(), DATES[-5].isoformat()]
    assert (found["used_cpu_m"], found["used_mem_mib"]) == ([90, None], [None, None])
    assert found["hpa_cpu_pct"] is None


async def test_a_service_whose_own_peak_is_elsewhere_is_told(clickhouse: ClickHouse) -> None:
    """1.2 times as much as in the peak hours, or more."""
    night = hours(h1=600, h2=600, h3=600, h4=600)
    await store(clickhouse, [
        row(LAST, "report", p95_cpu_m=400, profile_cpu_m=night),
        row(LAST, "nearly", p95_cpu_m=510, profile_cpu_m=night),
        row(LAST, "unknown", p95_cpu_m=10),
    ])  # fmt: skip
    found = await derived(clickhouse)
    told = {
        name: (one["own_peak_hour"], one["own_peak_cpu_m"], one["peaks_elsewhere"])
        for name, one in found.items()
    }
    assert told == {
        "report": (1, 600, True), "nearly": (1, 600, False), "unknown": (None, None, False),
    }  # fmt: skip


async def test_an_autoscaler_that_was_found_in_the_cluster_counts(clickhouse: ClickHouse) -> None:
    """Where metrics tell nothing; one that is gone, or has no target, is none."""
    await store(clickhouse, [row(LAST, name, p95_cpu_m=300) for name in ("steered", "gone", "by-queue")])
    found = {"env": "test", "namespace": "shop", "source": "hpa", "version": 1, "updated_by": "api",
             "since": "2026-03-02 00:00:00.000", "updated_at": "2026-03-02 00:00:00.000"}  # fmt: skip
    await clickhouse.insert("autoscaler", [
        {**found, "name": "steered", "cpu_target_pct": 60},
        {**found, "name": "gone", "cpu_target_pct": 60, "deleted": True},
        {**found, "name": "by-queue"},
    ])  # fmt: skip
    rows = await derived(clickhouse)
    assert {name: one["app"]["request_cpu_m"] for name, one in rows.items()} == {
        "steered": 500, "gone": 300, "by-queue": 300,
    }  # fmt: skip


async def test_services_of_another_rule_keep_which_it_was(clickhouse: ClickHouse) -> None:
    """Days further back count for them alone, and the margin is theirs."""
    await store(clickhouse, [
        one for name in ("cart", "report")
        for one in (row(DATES[-8], name, p95_cpu_m=300), row(LAST, name, p95_cpu_m=100))
    ])  # fmt: skip
    apart = RULE_EXCEPTIONS.read("shop/rep.*: lookback_days=10 margin_pct=50")
    policy = replace(ruled(lookback_days=2), exceptions=apart)
    found = await derived(clickhouse, policy)
    assert (found["cart"]["app"]["request_cpu_m"], found["report"]["app"]["request_cpu_m"]) == (100, 450)
    kept = ("rule_exception", "lookback_days", "margin_pct", "peak_date_cpu")
    assert [found["report"][name] for name in kept] == ["shop/rep.*", 10, 50, DATES[-8].isoformat()]
    assert [found["cart"][name] for name in kept] == ["", 2, 0, LAST.isoformat()]
