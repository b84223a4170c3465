"""The collector's pure parts: rounding, windows, policy, the dates that failed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubedoor_collector.collect import due_dates
from kubedoor_collector.domain.figures import DayRow, whole, whole_rows
from kubedoor_collector.domain.policy import Policy
from kubedoor_collector.domain.windows import busier
from kubedoor_collector.runs import failed_dates
from kubedoor_core.domain.derivation.rules import Rule
from kubedoor_core.domain.env_policy import read_policy
from kubedoor_core.domain.peak import Window, parse_peak_hours

DAY = date(2026, 3, 2)
POLICY = Policy("test", ZoneInfo("Asia/Shanghai"), parse_peak_hours("10:00-11:30"), ".*")
ENVIRONMENT = {
    "peak_hours": "10:00-11:30", "namespaces": ".*", "namespaces_excluded": "", "lookback_days": 10,
    "request_rule": "peak_day", "own_peak_hours": 4, "margin_pct": 0, "hold_fall_pct": 0,
    "memory_rule": "p95", "memory_margin_pct": 0, "hpa_requests": "divide",
    "rule_exceptions": "",
    "floor_cpu_m": 10, "floor_mem_mib": 32,
}  # fmt: skip


def _rows(stored: dict[str, str]) -> list[tuple[str, str, str]]:
    return [("", key, value) for key, value in stored.items()]


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.1, 0.001, 100),
        (0.1001, 0.001, 101),
        (0, 1, 0),
        (None, 1, None),
        (-1, 1, None),
        (1048577, 1048576, 2),
    ],
)
def test_whole_units_are_rounded_up(value: float | None, unit: float, expected: int | None) -> None:
    assert whole(value, unit) == expected


@given(
    st.lists(st.integers(-9, 10**10).map(lambda n: n / 1000) | st.sampled_from([np.nan, np.inf, -np.inf])),
    st.sampled_from([1.0, 0.001, 1048576.0]),
)
def test_many_values_are_rounded_as_one_is(values: list[float], unit: float) -> None:
    assert whole_rows(np.array([values]), unit) == [tuple(whole(value, unit) for value in values)]


def row(pods: int, cpu_m: int, mem_mib: int, hour: int, **more: Any) -> DayRow:
    start = datetime(2026, 3, 2, hour, tzinfo=UTC)
    window = Window(start, start.replace(hour=hour + 1))
    values: dict[str, Any] = {"pod_count": pods, "p95_cpu_m": cpu_m, "p95_mem_mib": mem_mib, **more}
    return DayRow("shop", "cart", "app", DAY, window, **values)


def test_of_two_windows_the_busier_counts_for_each_resource() -> None:
    morning = row(2, 300, 500, 2, oom_kills=1, coverage=1.0, max_mem_mib=600, limit_cpu_m=900)
    evening = row(4, 200, 200, 12, oom_kills=2, coverage=0.8, max_mem_mib=210, limit_cpu_m=800)
    (found,) = busier([[morning], [evening]])
    assert (found.p95_cpu_m, found.pod_count, found.limit_cpu_m, found.window) == (
        200,
        4,
        800,
        evening.window,
    )
    assert (found.p95_mem_mib, found.max_mem_mib, found.oom_kills, found.coverage) == (500, 600, 3, 0.8)


def test_stored_settings_are_taken_where_they_are_good() -> None:
    stored = {
        "peak_hours": '"20:00-22:00 sat,sun"', "lookback_days": "5", "namespaces": '"shop|data"',
        "margin_pct": "12.5", "hold_fall_pct": "3", "request_rule": '"fleet"', "memory_rule": '"max"',
        "memory_margin_pct": "15", "own_peak_hours": "6", "hpa_requests": '"leave"',
        "floor_cpu_m": "25", "floor_mem_mib": "64", "mode": '"enforce"',
    }  # fmt: skip
    settings = read_policy(_rows(stored), ENVIRONMENT)
    policy = Policy.of(POLICY.env, POLICY.zone, settings)
    assert settings.complaints == ()
    assert (str(policy.peak), policy.lookback_days) == ("20:00-22:00 sat,sun", 5)
    assert (policy.namespaces, policy.hpa_requests) == ("shop|data", "leave")
    assert policy.rule == Rule("fleet", 5, 12.5, 3, "max", 15, 6, 25, 64)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("peak_hours", '"25:00-26:00"'), ("peak_hours", "7"), ("peak_hours", "{"), ("lookback_days", "0"),
        ("lookback_days", "true"), ("lookback_days", '"5"'), ("namespaces", '"("'), ("margin_pct", "-1"),
        ("request_rule", '"world"'), ("hold_fall_pct", "null"), ("memory_rule", '"p50"'),
        ("own_peak_hours", "25"), ("hpa_requests", "1"), ("peak_scope", '"fleet"'),
    ],
)  # fmt: skip
def test_a_bad_stored_setting_is_left_out_and_told(key: str, value: str) -> None:
    settings = read_policy(_rows({key: value}), ENVIRONMENT)
    assert Policy.of(POLICY.env, POLICY.zone, settings) == POLICY
    [complaint] = settings.complaints
    assert key in str(complaint)


def ended(state: str, dates: list[int], errors: list[int], done: int | None = None) -> dict[str, Any]:
    days = [f"2026-03-{day:02}" for day in dates]
    return {
        "dates": days,
        "day_index": len(days) if done is None else done,
        "state": state,
        "error_dates": [f"2026-03-{day:02}" for day in errors],
    }


def test_a_date_has_failed_until_a_run_brings_it() -> None:
    runs = [
        ended("failed", [1, 2, 3], [1, 2]),
        ended("succeeded", [2], []),
        ended("abandoned", [4, 5], [], done=1),
    ]
    assert failed_dates(runs) == {date(2026, 3, 1), date(2026, 3, 5)}
    assert failed_dates([]) == set()


def test_a_daily_run_takes_the_last_date_and_the_failed_ones_that_are_looked_back_on() -> None:
    now = datetime(2026, 3, 12, 9, tzinfo=UTC)
    failed = {date(2026, 3, 10), date(2026, 2, 1)}
    assert due_dates(POLICY, failed, now) == (date(2026, 3, 10), date(2026, 3, 12))
