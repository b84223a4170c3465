"""The score: each rule by a golden case, and what must hold of any service."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubedoor_core.domain.prices import Prices
from kubedoor_core.domain.score import (
    Part,
    Score,
    ScoredContainer,
    ScoredDay,
    ScorePolicy,
    grade_of,
    score_of,
    together,
)

POLICY = ScorePolicy()
GOOD = ScoredContainer(
    "app",
    p95_cpu_m=450, p95_mem_mib=900, hot_cpu_m=500, request_cpu_m=500, request_mem_mib=1000,
    limit_cpu_m=1000, limit_mem_mib=2000, derived_cpu_m=450, derived_mem_mib=900,
    throttled_pct=0, restarts=0, gc_pct=1, full_gc=0, heap_live_mib=300, heap_max_mib=800,
)  # fmt: skip
DAY = ScoredDay(
    date(2026, 3, 20), (GOOD,), replicas=4, needed=4, production=True, oom_days=0, coverage=1.0,
    error_pct=0.1, latency_ms=50, usual_latency_ms=50,
)  # fmt: skip


def scored(container: dict[str, Any] | None = None, **day: Any) -> Score:
    return score_of(replace(DAY, containers=(replace(GOOD, **(container or {})),), **day), POLICY)


def test_a_service_that_asks_for_what_it_uses_has_a_hundred() -> None:
    score = scored()
    assert (score.score, score.grade, score.known_pct, score.deductions) == (100, "A", 100, ())


@pytest.mark.parametrize(
    ("container", "day", "part", "left", "rule"),
    [
        ({"request_cpu_m": 4500, "request_mem_mib": 9000}, {}, "cost", 0, "request_unused"),
        ({"request_cpu_m": 1000, "request_mem_mib": 2000}, {}, "cost", 50, "request_unused"),
        ({}, {"oom_days": 1}, "safety", 60, "oom_killed"),
        ({}, {"oom_days": 3}, "safety", 40, "oom_killed_often"),
        ({"limit_mem_mib": 1000}, {}, "safety", 75, "memory_near_limit"),
        ({"limit_cpu_m": 500}, {}, "safety", 85, "cpu_near_limit"),
        ({"request_cpu_m": 400}, {}, "safety", 80, "cpu_request_short"),
        ({"request_mem_mib": 800}, {}, "safety", 80, "memory_request_short"),
        ({"throttled_pct": 10}, {}, "safety", 85, "throttled"),
        ({"throttled_pct": 25}, {}, "safety", 70, "much_throttled"),
        ({"limit_mem_mib": None}, {}, "safety", 85, "no_memory_limit"),
        ({}, {"replicas": 1, "needed": 1}, "safety", 90, "one_pod"),
        ({}, {"replicas": 5}, "count", 100, None),
        ({}, {"replicas": 12}, "count", 0, "too_many_pods"),
        ({}, {"replicas": 30}, "count", 0, "too_many_pods"),
        ({}, {"replicas": 3}, "count", 0, "too_few_pods"),
        ({}, {"error_pct": 1}, "runtime", 70, "errors"),
        ({}, {"error_pct": 5}, "runtime", 40, "many_errors"),
        ({}, {"latency_ms": 75}, "runtime", 80, "slow"),
        ({}, {"latency_ms": 100}, "runtime", 60, "very_slow"),
        ({"gc_pct": 5}, {}, "runtime", 80, "gc"),
        ({"gc_pct": 10}, {}, "runtime", 60, "much_gc"),
        ({"full_gc": 1}, {}, "runtime", 85, "full_gc"),
        ({"heap_live_mib": 680}, {}, "runtime", 80, "heap_full"),
        ({"hot_cpu_m": 675}, {}, "steadiness", 70, "hot_pod"),
        ({"hot_cpu_m": 900}, {}, "steadiness", 40, "very_hot_pod"),
        ({"restarts": 2}, {}, "steadiness", 70, "restarts"),
        ({}, {"coverage": 0.4}, "steadiness", 70, "thin_coverage"),
    ],
)
def test_each_rule_takes_its_points(
    container: dict[str, Any], day: dict[str, Any], part: Part, left: float, rule: str | None
) -> None:
    score = scored(container, **day)
    assert score.parts[part] == pytest.approx(left)
    assert [one.found.rule for one in score.deductions if one.part == part] == ([rule] if rule else [])
    others = {name: value for name, value in score.parts.items() if name != part}
    assert set(others.values()) == {100}, others


def test_eight_pods_where_four_are_needed_have_four_sevenths_left() -> None:
    assert scored(replicas=8).parts["count"] == pytest.approx(100 * (1 - 3 / 7))


def test_what_is_unknown_is_left_out_and_is_not_nothing() -> None:
    bare = ScoredContainer("app", p95_cpu_m=450, p95_mem_mib=900, request_cpu_m=500, request_mem_mib=1000)
    score = score_of(ScoredDay(date(2026, 3, 20), (replace(bare, limits_known=False),)), POLICY)
    assert (score.score, score.known_pct) == (100, 65)
    assert score.parts == {"cost": 100, "safety": 100, "count": None, "runtime": None, "steadiness": None}
    little = ScoredDay(date(2026, 3, 20), (), replicas=4, needed=4, error_pct=0.0)
    assert (score_of(little, POLICY).score, score_of(little, POLICY).known_pct) == (None, 30)
    assert score_of(little, POLICY).grade is None


def test_a_remedy_is_one_of_our_own_actions_with_its_values() -> None:
    wasteful = scored({"request_cpu_m": 4000, "request_mem_mib": 1000})
    remedy = wasteful.deductions[0].found.remedy
    assert remedy is not None
    assert (remedy.action, remedy.parameters) == (
        "set_request", {"container": "app", "resource": "cpu", "value": 450},
    )  # fmt: skip
    near = scored({"limit_mem_mib": 1000}).deductions[0].found.remedy
    assert near is not None
    assert (near.action, near.parameters["value"]) == ("set_limit", 1350)


def test_a_deduction_says_when_and_how_many_changes_it_takes() -> None:
    last = date(2026, 3, 17)
    killed = scored(oom_days=1, oom_last=last)
    assert [(one.found.rule, one.date) for one in killed.deductions] == [("oom_killed", last)]
    twice = scored({"request_cpu_m": 4000, "request_mem_mib": 9000}).deductions[0]
    assert (twice.date, twice.found.changes) == (DAY.date, 2)
    once = scored({"request_cpu_m": 4000, "request_mem_mib": 900}).deductions[0]
    assert once.found.changes == 1, "its memory is asked for as it is used"


def test_full_collections_alone_are_something_known_of_the_runtime() -> None:
    bare = ScoredContainer("app", full_gc=3)
    score = score_of(ScoredDay(DAY.date, (bare,)), POLICY)
    assert score.parts == {"cost": None, "safety": None, "count": None, "runtime": 85, "steadiness": None}


def test_two_containers_take_the_points_of_a_rule_once() -> None:
    two = (replace(GOOD, throttled_pct=12), replace(GOOD, name="proxy", throttled_pct=30))
    score = score_of(replace(DAY, containers=two), POLICY)
    assert score.parts["safety"] == 70
    assert [one.found.container for one in score.deductions] == ["proxy"]


def test_prices_say_what_a_core_is_worth() -> None:
    asked: dict[str, Any] = {"request_cpu_m": 450, "request_mem_mib": 9000}
    dear = ScorePolicy(prices=Prices(100.0, 0.01))
    day = replace(DAY, containers=(replace(GOOD, **asked),))
    assert (score_of(day, dear).parts["cost"] or 0) > 95 > 60 > (score_of(day, POLICY).parts["cost"] or 0)


def test_grades_and_the_score_of_many() -> None:
    assert [grade_of(value) for value in (100, 90, 89.9, 75, 60, 40, 39.9, 0)] == list("AABBCDEE")
    assert together([(100, 1.0), (50, 3.0), (None, 9.0)]) == 62.5
    assert together([(None, 1.0)]) is None


some = st.floats(0, 5000, allow_nan=False) | st.none()
containers = st.builds(
    ScoredContainer, st.sampled_from(["app", "proxy"]), *[some] * 7, st.booleans(), *[some] * 8
)
scored_days = st.builds(
    ScoredDay,
    st.just(date(2026, 3, 20)),
    st.lists(containers, max_size=3).map(tuple),
    st.integers(0, 50) | st.none(), st.integers(0, 50) | st.none(), st.booleans(),
    st.integers(0, 14) | st.none(), st.floats(0, 1) | st.none(), st.floats(0, 100) | st.none(), some, some,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(scored_days)
def test_the_score_and_what_it_lost_are_a_hundred(day: ScoredDay) -> None:
    score = score_of(day, POLICY)
    assert all(value is None or 0 <= value <= 100 for value in score.parts.values())
    if score.score is not None:
        assert 0 <= score.score <= 100
        assert score.score + sum(one.points for one in score.deductions) == pytest.approx(100)
        assert list(score.deductions) == sorted(score.deductions, key=lambda one: -one.points)


@settings(max_examples=200, deadline=None)
@given(scored_days, st.floats(0, 5000), st.integers(0, 13))
def test_neither_waste_nor_a_kill_makes_it_better(day: ScoredDay, waste: float, kills: int) -> None:
    enough = tuple(
        replace(one, request_cpu_m=one.p95_cpu_m, request_mem_mib=one.p95_mem_mib) for one in day.containers
    )
    before = score_of(replace(day, containers=enough, oom_days=kills), POLICY)
    wasteful = tuple(
        replace(one, request_cpu_m=None if one.request_cpu_m is None else one.request_cpu_m + waste)
        for one in enough
    )
    after = score_of(replace(day, containers=wasteful, oom_days=kills), POLICY)
    killed = score_of(replace(day, containers=enough, oom_days=kills + 1), POLICY)
    if before.score is not None and after.score is not None and killed.score is not None:
        assert after.score <= before.score + 1e-9
        assert killed.score <= before.score + 1e-9


@settings(max_examples=200, deadline=None)
@given(scored_days, st.floats(0, 100), st.floats(0, 100), st.floats(0, 1000), st.integers(0, 9))
def test_neither_errors_nor_collections_make_it_better(
    day: ScoredDay, error_pct: float, more_pct: float, full_gc: float, more_gc: int
) -> None:
    def with_(errors: float, collections: float) -> float | None:
        containers = tuple(replace(one, full_gc=collections) for one in day.containers)
        return score_of(replace(day, containers=containers, error_pct=errors), POLICY).score

    before, worse = with_(error_pct, full_gc), with_(error_pct + more_pct, full_gc + more_gc)
    assert (before is None) == (worse is None), "as much is known as before"
    if before is not None and worse is not None:
        assert worse <= before + 1e-9


@settings(max_examples=200, deadline=None)
@given(scored_days, st.integers(1, 50))
def test_what_a_part_is_not_known_of_changes_no_other(day: ScoredDay, needed: int) -> None:
    known = score_of(replace(day, replicas=day.replicas or 1, needed=needed), POLICY)
    unknown = score_of(replace(day, replicas=day.replicas or 1, needed=None), POLICY)
    assert unknown.parts["count"] is None
    assert known.known_pct == unknown.known_pct + POLICY.weights["count"]
    for part, value in unknown.parts.items():
        assert part == "count" or value == known.parts[part]
