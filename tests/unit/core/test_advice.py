"""Advice on pod counts: each bound by hand, no advice with its reason, and never below what is asked."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubedoor_core.domain.advice import (
    Advice,
    AdvicePolicy,
    Constraints,
    ContainerHistory,
    Prices,
    ServiceHistory,
    TrafficHistory,
    advise,
)
from kubedoor_core.domain.advice.constraints import budget_least
from kubedoor_core.domain.advice.memory import MemoryLine
from kubedoor_core.domain.advice.trend import theil_sen
from kubedoor_core.domain.derivation.rules import Rule

TODAY = date(2026, 3, 20)
POLICY = AdvicePolicy()
NONE = np.full(14, np.nan)
Floats = Any


def days(value: float, count: int = 14) -> Floats:
    return np.full(count, float(value))


def container(**changes: Any) -> ContainerHistory:
    count = len(changes.get("cpu_m", NONE))
    plain: dict[str, Any] = {
        "name": "app",
        "cpu_m": days(300, count), "hot_cpu_m": days(300, count), "day_cpu_m": days(3000, count),
        "mem_mib": days(400, count), "throttled_pct": days(0, count), "oom_kills": days(0, count),
        "heap_live_mib": days(math.nan, count), "heap_max_mib": days(math.nan, count),
        "gc_pct": days(math.nan, count),
        "request_cpu_m": 500.0, "limit_cpu_m": 1000.0, "request_mem_mib": 512.0, "limit_mem_mib": 1024.0,
    }  # fmt: skip
    return ContainerHistory(**{**plain, **changes})


def history(*containers: ContainerHistory, **changes: Any) -> ServiceHistory:
    found = containers or (container(),)
    count = len(found[0].cpu_m)
    plain: dict[str, Any] = {
        "dates": tuple(TODAY - timedelta(days=count - index) for index in range(count)),
        "pods": days(10, count), "coverage": days(1, count), "containers": found,
    }  # fmt: skip
    return ServiceHistory(**{**plain, **changes})


def told(of: ServiceHistory | None = None, **constraints: Any) -> Advice:
    return advise(of or history(), Constraints(**{"replicas": 10, **constraints}), POLICY, TODAY)


def least(advice: Advice, name: str) -> int:
    return next(bound.least for bound in advice.bounds if bound.name == name)


def test_the_bounds_of_a_plain_service() -> None:
    """Ten pods at 300 m of 1000: 3000 / 700 = 5, one lost 3000 / 900 + 1 = 5, and a step leaves 7."""
    advice = told()
    assert (advice.verdict, advice.needed, advice.advised) == ("fewer", 5, 7)
    assert {bound.name: bound.least for bound in advice.bounds} == {
        "cpu": 5, "one_lost": 5, "memory": 1, "availability": 2, "step": 7,
    }  # fmt: skip
    assert advice.binding is not None
    assert (advice.binding.name, advice.binding.text_code) == ("cpu", "cpu_of_limit")
    assert advice.binding.facts[0].value == 3000
    assert advice.confidence == pytest.approx(0.8)


def test_the_whole_day_bounds_the_count_where_it_is_busier_than_the_peak_hours() -> None:
    night = told(history(container(day_cpu_m=days(6000))))
    assert (night.needed, night.advised) == (9, 9)
    assert night.binding is not None
    assert night.binding.facts[0].source == "profile"


def test_a_hot_pod_and_growth_need_more() -> None:
    assert least(told(history(container(hot_cpu_m=days(450)))), "cpu") == math.ceil(3000 * 1.5 / 700)
    growing = container(cpu_m=300 * 1.02 ** np.arange(14), hot_cpu_m=NONE, day_cpu_m=NONE)
    demand = 3000 * 1.02**13
    grown = least(told(history(growing)), "cpu")
    assert math.ceil(demand * 1.10 / 700) <= grown <= math.ceil(demand * 1.20 / 700)
    falling = container(cpu_m=300 * 0.98 ** np.arange(14), hot_cpu_m=NONE, day_cpu_m=NONE)
    assert least(told(history(falling)), "cpu") == 5


def test_without_a_limit_the_request_counts_and_confidence_is_less() -> None:
    advice = told(history(container(limit_cpu_m=None)))
    assert (least(advice, "cpu"), least(advice, "one_lost")) == (6, 7)
    assert advice.confidence == pytest.approx(0.8 * 0.7)
    nothing = told(history(container(limit_cpu_m=None, request_cpu_m=None)))
    assert (nothing.verdict, nothing.reasons) == ("unknown", ("no_limit_or_request",))
    assert nothing.advised is None


def test_the_container_that_needs_most_decides() -> None:
    small = container(name="proxy", cpu_m=days(40), hot_cpu_m=days(40), day_cpu_m=days(400), limit_cpu_m=60.0)
    advice = told(history(container(), small))
    assert advice.binding is not None
    assert (advice.needed, advice.binding.container) == (10, "proxy")


def test_memory_that_grows_with_the_load_bounds_the_count() -> None:
    """300 MiB by itself and 1000 MiB a core: 1.1 x (300 + 3000 / n) <= 1024 from n = 5 on."""
    load = np.linspace(200, 300, 14)
    grows = container(cpu_m=load, hot_cpu_m=load, day_cpu_m=NONE, mem_mib=300 + load, limit_cpu_m=4000.0)
    advice = told(history(grows), replicas=12)
    demand = 3000 * (1 + min(0.3, 7 * 10 * (100 / 13) / np.median(load * 10)))
    assert least(advice, "memory") == math.ceil(demand / (1024 / 1.1 - 300))
    assert least(told(history(container(mem_mib=days(900), limit_mem_mib=1024.0))), "memory") == 10
    assert MemoryLine(1000, 0).least_pods(3000, 990) is None
    assert MemoryLine(100, 0).least_pods(3000, 990) == 1


def test_a_heap_that_is_full_of_live_objects_bounds_the_count() -> None:
    jvm = container(heap_live_mib=days(400), heap_max_mib=days(800))
    assert least(told(history(jvm)), "heap") == math.ceil(400 * 10 / (0.8 * 800))


def traffic(qps: Any = 500.0, errors: Any = 0.0, latency: Any = 50.0) -> TrafficHistory:
    qps, errors, latency = (np.broadcast_to(np.asarray(one, float), 14) for one in (qps, errors, latency))
    return TrafficHistory(qps.copy(), errors.copy(), latency.copy())


def test_no_pod_goes_further_than_a_step_beyond_the_load_that_was_proved() -> None:
    advice = told(history(traffic=traffic()))
    assert least(advice, "traffic") == math.ceil(500 / (50 * 1.25))
    assert advice.confidence == pytest.approx(1)
    pods = days(10)
    pods[3] = 5
    proved = told(history(container(cpu_m=days(300)), pods=pods, traffic=traffic()))
    assert least(proved, "traffic") == math.ceil(500 / (100 * 1.25))
    for bad in (traffic(errors=[0] * 3 + [2] + [0] * 10), traffic(latency=[50] * 3 + [90] + [50] * 10)):
        assert least(told(history(container(), pods=pods, traffic=bad)), "traffic") == 8
    throttled = container(throttled_pct=np.array([0.0] * 3 + [12] + [0] * 10))
    assert least(told(history(throttled, pods=pods, traffic=traffic())), "traffic") == 8


def test_a_budget_zones_and_the_least_count_hold() -> None:
    assert least(told(budget_least=6), "availability") == 6
    assert least(told(zones=3), "availability") == 3
    assert least(told(replicas=1), "availability") == 1
    assert told(budget_least=6).advised == 7
    assert told(budget_least=8).advised == 8


@pytest.mark.parametrize(
    ("available", "unavailable", "expected"),
    [(3, None, 4), ("50%", None, 2), ("100%", None, None), (None, 1, 1), (None, 0, None), (None, "25%", 1),
     (None, "0%", None), ("1", None, 2)],
)  # fmt: skip
def test_the_least_pods_at_which_a_budget_lets_one_go(
    available: int | str | None, unavailable: int | str | None, expected: int | None
) -> None:
    assert budget_least(available, unavailable, 10) == expected


@pytest.mark.parametrize(
    ("constraints", "reason"),
    [
        ({"held": "unregistered"}, "unregistered"),
        ({"held": "off"}, "off"),
        ({"opted_out": True}, "opted_out"),
        ({"dismissed_until": TODAY + timedelta(days=1)}, "dismissed"),
        ({"first_seen": TODAY - timedelta(days=13)}, "new"),
        ({"changed_on": TODAY - timedelta(days=2)}, "changed_lately"),
        ({"counted_on": TODAY - timedelta(days=29)}, "counted_by_hand"),
    ],
)
def test_what_people_say_stands_against_advice(constraints: dict[str, Any], reason: str) -> None:
    advice = told(**constraints)
    assert (advice.verdict, advice.reasons) == ("none", (reason,))
    assert advice.needed == 5, "what would be needed is told all the same"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"oom_kills": np.array([0.0] * 13 + [1])}, "oom_killed"),
        ({"throttled_pct": np.array([0.0] * 13 + [10])}, "throttled"),
        ({"mem_mib": np.array([400.0] * 13 + [930])}, "near_limit"),
        ({"day_cpu_m": np.array([1000.0] * 13 + [1600])}, "volatile"),
    ],
)
def test_what_its_days_say_stands_against_advice(changes: dict[str, Any], reason: str) -> None:
    assert reason in told(history(container(**changes))).reasons


def test_days_gone_by_stand_against_nothing() -> None:
    past: dict[str, Any] = {
        "dismissed_until": TODAY, "first_seen": TODAY - timedelta(days=14),
        "changed_on": TODAY - timedelta(days=3), "counted_on": TODAY - timedelta(days=30),
    }  # fmt: skip
    assert told(**past).verdict == "fewer"


def test_too_few_days_are_unknown() -> None:
    few = history(coverage=np.array([0.4] * 8 + [1.0] * 6))
    assert (told(few).verdict, told(few).reasons) == ("unknown", ("few_days",))
    unmeasured = history(container(cpu_m=NONE, day_cpu_m=NONE))
    assert told(unmeasured).reasons == ("no_cpu_data",)


def test_two_pods_are_left_alone_and_too_few_are_told() -> None:
    idle = container(cpu_m=days(10), hot_cpu_m=days(10), day_cpu_m=days(20))
    assert told(history(idle, pods=days(2)), replicas=2).verdict == "same"
    busy = told(history(container(cpu_m=days(900), hot_cpu_m=days(900), day_cpu_m=NONE)))
    assert (busy.verdict, busy.advised) == ("more", math.ceil(9000 / 700))
    assert told(history(container(cpu_m=days(900), day_cpu_m=NONE)), autoscaled=True).verdict == "same"


def test_what_is_saved_is_what_each_pod_costs_by_itself() -> None:
    """Cpu follows the use whatever the count; memory that a pod has by itself does not."""
    right = container(request_cpu_m=300.0, request_mem_mib=440.0)
    found = advise(
        history(right), Constraints(10), POLICY, TODAY, rule=Rule(), prices=Prices(20.0, 4.0)
    ).saving
    assert found is not None
    assert found.cpu_m == pytest.approx(10 * 300 - 7 * math.ceil(3000 / 7))
    assert found.mem_mib == pytest.approx(3 * 440)
    assert found.money_month == pytest.approx(found.cpu_m / 1000 * 20 + found.mem_mib / 1024 * 4)
    unpriced = told(history(right)).saving
    assert unpriced is not None
    assert unpriced.money_month is None


def test_the_trend_is_the_median_of_all_slopes() -> None:
    x = np.arange(9.0)
    y = 2 * x + 1
    y[4] = 900
    assert theil_sen(x, y) == pytest.approx(2)
    assert theil_sen(np.array([1.0, 1.0]), np.array([1.0, 2.0])) is None
    assert theil_sen(np.array([1.0]), np.array([1.0])) is None


figures = st.lists(st.floats(1, 3000) | st.just(math.nan), min_size=14, max_size=14).map(np.array)
pod_counts = st.lists(st.integers(1, 40), min_size=14, max_size=14).map(lambda some: np.array(some, float))


@settings(max_examples=300, deadline=None)
@given(figures, figures, figures, pod_counts, st.integers(1, 60), st.integers(1, 60), st.integers(1, 5))
def test_never_below_what_is_asked_and_never_a_step_too_far(
    cpu: Floats, day: Floats, memory: Floats, pods: Floats, now: int, budget: int, zones: int
) -> None:
    _check(cpu, day, memory, pods, now, budget, zones)


def test_ten_thousand_services_never_get_less_than_is_asked() -> None:
    random = np.random.default_rng(20260320)
    verdicts = set()
    for _ in range(10_000):
        cpu, day, memory = random.uniform(1, 3000) * random.gamma(20, 0.05, (3, 14))
        cpu[random.random(14) < 0.1] = math.nan
        pods = random.integers(1, 40, 14).astype(float)
        now, budget, zones = (int(random.integers(1, most)) for most in (60, 60, 6))
        verdicts.add(_check(cpu, day, memory, pods, now, budget if random.random() < 0.5 else 1, zones))
    assert verdicts >= {"fewer", "same", "more", "none"}


def _check(cpu: Floats, day: Floats, memory: Floats, pods: Floats, now: int, budget: int, zones: int) -> str:
    """Hold advice to what a budget, zones, the least count and plain arithmetic ask; return its verdict."""
    of = history(container(cpu_m=cpu, hot_cpu_m=cpu * 1.2, day_cpu_m=day * 10, mem_mib=memory), pods=pods)
    advice = told(of, replicas=now, budget_least=budget, zones=zones)
    assert 0 <= advice.confidence <= 1
    if advice.advised is None:
        assert advice.verdict == "unknown"
        return advice.verdict
    assert advice.needed == max(bound.least for bound in advice.bounds if bound.name != "step")
    assert advice.advised >= min(now, max(budget, zones, min(2, now), math.ceil(round(0.7 * now, 9))))
    if advice.verdict == "fewer":
        assert advice.needed <= advice.advised < now
        assert _holds(of, advice.advised), "the brute force says that so many are not enough"
    return advice.verdict


def _holds(of: ServiceHistory, pods: int) -> bool:
    """Return whether, by plain arithmetic, no day would have passed the shares of the limit."""
    one = of.containers[0]
    for index in range(14):
        if of.coverage[index] < 0.5:
            continue
        used = max(np.nan_to_num(of.pods[index] * one.cpu_m[index]), np.nan_to_num(one.day_cpu_m[index]))
        if used / pods > 0.7 * 1000 + 1e-6 or (pods > 1 and used / (pods - 1) > 0.9 * 1000 + 1e-6):
            return False
    return True
