"""Three looks at an accepted advice: when its count ran, what got worse, and what is asked for less."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kubedoor_api.advice.outcomes.looks import Acceptance, Day, looks
from kubedoor_core.domain.advice import AdvicePolicy

ON = date(2026, 3, 10)
ACCEPTED = Acceptance("a", "shop", "cart", replicas=7, before=10, on=ON)
POLICY = AdvicePolicy()


def day(after: int, pods: int | None = 7, **values: Any) -> Day:
    """A day so long after the acceptance; one before has ten pods."""
    plain: dict[str, Any] = {
        "pods": pods if after > 0 else 10, "load_m": 3000.0, "request_cpu_m": 500.0, "request_mem_mib": 512.0,
        "oom_kills": 0, "throttled_pct": 0.0, "memory_pct": 40.0, "error_pct": 0.5, "latency_ms": 100.0,
    }  # fmt: skip
    return Day("shop", "cart", ON + timedelta(days=after), **{**plain, **values})


BEFORE = [day(-ago) for ago in range(1, 15)]


def test_three_good_days_are_three_looks_that_held() -> None:
    found = looks(ACCEPTED, [*BEFORE, *(day(after) for after in range(6))], POLICY)
    assert [look.day for look in found] == [ON + timedelta(days=after) for after in (1, 2, 3)]
    assert not any(look.worse for look in found)


def test_days_on_which_the_count_did_not_run_are_no_looks() -> None:
    days = [day(1, pods=10), day(2, pods=None), day(3, pods=7), day(4, pods=6)]
    assert [look.day for look in looks(ACCEPTED, [*BEFORE, *days], POLICY)] == [
        ON + timedelta(days=3), ON + timedelta(days=4),
    ]  # fmt: skip
    more = Acceptance("a", "shop", "cart", replicas=14, before=10, on=ON)
    assert looks(more, [*BEFORE, day(1, pods=10)], POLICY) == []
    assert len(looks(more, [*BEFORE, day(1, pods=14)], POLICY)) == 1


@pytest.mark.parametrize(
    ("values", "worse"),
    [
        ({"oom_kills": 1}, "oom_killed"),
        ({"throttled_pct": 10.0}, "throttled"),
        ({"memory_pct": 90.0}, "near_limit"),
        ({"latency_ms": 126.0}, "slow"),
        ({"error_pct": 1.5}, "errors"),
    ],
)
def test_what_got_worse_ends_the_watch(values: dict[str, Any], worse: str) -> None:
    found = looks(ACCEPTED, [*BEFORE, day(1), day(2, **values), day(3)], POLICY)
    assert [look.worse for look in found] == [(), (worse,)]


def test_just_below_is_not_worse_and_unknown_is_neither() -> None:
    good: dict[str, Any] = {"throttled_pct": 9.9, "memory_pct": 89.9, "latency_ms": 125.0, "error_pct": 1.49}
    [look] = looks(ACCEPTED, [*BEFORE, day(1, **good)], POLICY)
    assert look.worse == ()
    nothing = dict.fromkeys(("oom_kills", "throttled_pct", "memory_pct", "error_pct", "latency_ms"))
    [look] = looks(ACCEPTED, [*BEFORE, day(1, **nothing)], POLICY)
    assert look.worse == ()


def test_savings_are_measured_at_equal_load() -> None:
    """A quiet day is not compared with a busy one of before, on which more was asked for."""
    quiet, busy = day(-3, load_m=1000.0, request_cpu_m=200.0), day(-2, load_m=5000.0, request_cpu_m=900.0)
    [look] = looks(ACCEPTED, [quiet, busy, day(1, load_m=1100.0, request_cpu_m=220.0)], POLICY)
    assert look.saved_cpu_m == 10 * 200 - 7 * 220
    assert look.saved_mem_mib == 3 * 512
    [unknown] = looks(ACCEPTED, [day(1)], POLICY)
    assert (unknown.saved_cpu_m, unknown.saved_mem_mib) == (None, None)
