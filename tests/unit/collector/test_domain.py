"""The collector's pure parts: names and owners, percentiles, windows, policy, the dates that failed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubedoor_collector.collect import due_dates
from kubedoor_collector.domain.figures import DayRow, day_rows, percentile, whole
from kubedoor_collector.domain.measured import Measured, steps_of, unsteady_sets
from kubedoor_collector.domain.owners import by_name, read_owners
from kubedoor_collector.domain.policy import Policy, with_stored
from kubedoor_collector.domain.promql import Selection, one_namespace, survey_queries
from kubedoor_collector.domain.samples import (
    SetKey,
    by_resource,
)
from kubedoor_collector.domain.windows import busier
from kubedoor_collector.runs import failed_dates
from kubedoor_core.domain.peak import Window, parse_peak_hours
from kubedoor_core.prometheus import Sample

DAY = date(2026, 3, 2)
POLICY = Policy("test", ZoneInfo("Asia/Shanghai"), parse_peak_hours("10:00-11:30"), ".*", 10)


@pytest.mark.parametrize(
    ("rs", "deployment"),
    [
        ("cart-7d9f8c6b5", "cart"),
        ("cart-api-v2-5f6d", "cart-api-v2"),
        ("postgres", None),  # a StatefulSet's
        ("log-shipper", None),  # a DaemonSet's: no vowels are generated
        ("nightly-report-29945678", None),  # a CronJob's Job, named by the minute
        ("web-prod", None),
        ("", None),
    ],
)
def test_a_deployment_by_its_replica_sets_name(rs: str, deployment: str | None) -> None:
    assert by_name(rs) == deployment


def owner(rs: str, kind: str, name: str, namespace: str = "shop") -> Sample:
    return Sample({"namespace": namespace, "rs": rs, "owner_kind": kind, "owner_name": name}, 1.0)


def set_owner(rs: str, name: str, kind: str = "Deployment", namespace: str = "shop") -> Sample:
    labels = {"namespace": namespace, "replicaset": rs, "owner_kind": kind, "owner_name": name}
    return Sample(labels, 1.0)


def test_owners_are_believed_before_names() -> None:
    owners = read_owners(
        [owner("cart-7d9f", "ReplicaSet", "cart-7d9f"), owner("db-7d9f", "StatefulSet", "db-7d9f")],
        [set_owner("cart-7d9f", "another-name")],
    )
    assert owners.deployment_of("shop", "cart-7d9f") == "another-name"
    assert owners.deployment_of("shop", "db-7d9f") is None
    assert owners.source_of("shop", "cart-7d9f") == "metrics"


def test_where_an_owner_is_not_told_the_name_decides() -> None:
    owners = read_owners(
        [owner("cart-7d9f", "ReplicaSet", "cart-7d9f"), owner("pay-7d9f", "ReplicaSet", "pay-7d9f")],
        [set_owner("cart-7d9f", "another-name")],
    )
    for namespace, rs, name in [("shop", "never-7d9f", "never"), ("other", "cart-7d9f", "cart"),
                                ("shop", "pay-7d9f", "pay")]:  # fmt: skip
        assert (owners.deployment_of(namespace, rs), owners.source_of(namespace, rs)) == (name, "name")


def test_a_replica_set_of_something_else_is_no_deployments() -> None:
    owners = read_owners([owner("x-7d9f", "ReplicaSet", "x-7d9f")], [set_owner("x-7d9f", "x", "Rollout")])
    assert owners.deployment_of("shop", "x-7d9f") is None


def test_a_name_that_was_cut_is_found_through_its_owner() -> None:
    """A ReplicaSet's name of more than 57 characters is cut in its pods' names."""
    long = "a" * 50 + "-7d9f8c6b5"
    for told in ([set_owner(long, "a" * 50)], []):
        owners = read_owners([owner(long[:58], "ReplicaSet", long)], told)
        assert owners.deployment_of("shop", long[:58]) == "a" * 50


def test_without_owners_names_decide() -> None:
    assert read_owners([], []).deployment_of("shop", "cart-7d9f8c6b5") == "cart"
    assert (
        read_owners([owner("cart-7d9f", "ReplicaSet", "cart-7d9f")], []).deployment_of("shop", "cart-7d9f")
        == "cart"
    )


@given(st.lists(st.floats(0, 1e12), min_size=1, max_size=200), st.floats(0, 1))
def test_percentiles_are_numpys(values: list[float], share: float) -> None:
    assert percentile(values, share) == pytest.approx(np.percentile(values, 100 * share), rel=1e-9, abs=1e-9)


def test_a_percentile_of_nothing_is_unknown() -> None:
    assert percentile([], 0.95) is None


def surveyed(present: float, samples: float) -> Measured:
    """Two services of one pod: one that ran all the time with a sample every 30 s, and one that did not."""
    steady, other = (SetKey("shop", f"{name}-7d9f", "app") for name in ("steady", "other"))
    return Measured(
        present_least={steady: 180, other: present},
        present_most={steady: 180, other: present},
        present_pods={steady: 1, other: 1},
        mem_samples={steady: 180, other: samples},
    )


def test_half_a_window_is_no_whole_one_where_scrapes_are_frequent() -> None:
    start = datetime(2026, 3, 2, 2, tzinfo=UTC)
    window = Window(start, start.replace(hour=3, minute=30))
    steps = steps_of(window, 60)
    assert unsteady_sets(surveyed(90, 90), steps) == {"other-7d9f"}
    assert unsteady_sets(surveyed(180, 180), steps) == set()
    coverage = {one.deployment: one.coverage for one in day_rows(surveyed(180, 45), DAY, window, 60)}
    assert coverage == {"steady": 1.0, "other": 0.25}


def test_two_replica_sets_at_once_need_details_however_steady_they_are() -> None:
    keys = [SetKey("shop", f"cart-{name}", "app") for name in ("7d9f", "8c5b")]
    counts = dict.fromkeys(keys, 90.0)
    measured = Measured(
        present_least=counts, present_most=counts, present_pods=dict.fromkeys(keys, 2.0), mem_samples=counts
    )
    assert unsteady_sets(measured, range(90)) == {"cart-7d9f", "cart-8c5b"}


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


def test_a_resource_is_told_by_name_or_unit() -> None:
    base = {"namespace": "shop", "rs": "cart-7d9f", "container": "app"}
    rows = [
        Sample({**base, "resource": "cpu", "unit": "core"}, 1),
        Sample({**base, "unit": "byte"}, 2),
        Sample({**base, "resource": "ephemeral_storage", "unit": "byte"}, 3),
        Sample({**base, "resource": "nvidia_com_gpu", "unit": "integer"}, 4),
    ]
    assert {key.resource: value for key, value in by_resource(rows).items()} == {"cpu": 1, "memory": 2}


def test_a_selection_quotes_what_it_is_given() -> None:
    text = Selection('sh"op|a\\d', 'cluster=a"b', 120, 60, 5400).series("up")
    assert text == r'up{namespace=~"sh\"op|a\\d",cluster="a\"b"}'
    assert Selection(".*", "", 120, 60, 5400).series("up") == 'up{namespace!=""}'
    assert one_namespace(Selection("a|b", "", 120, 60, 5400), "a-1").namespaces == "a-1"


def test_every_query_selects_namespaces_and_cluster() -> None:
    selection = Selection("shop", "cluster=a", 120, 60, 5400)
    for query in survey_queries(selection).values():
        assert query.count("{") - query.count("{5}") - query.count("{58}") == query.count('cluster="a"')
        assert query.count('namespace=~"shop"') == query.count('cluster="a"')


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
        "margin_pct": "12.5", "min_change_pct": "3", "peak_scope": '"fleet"',
        "floor_cpu_m": "25", "floor_mem_mib": "64", "mode": '"enforce"',
    }  # fmt: skip
    policy, complaints = with_stored(POLICY, stored)
    assert complaints == []
    assert (str(policy.peak), policy.lookback_days) == ("20:00-22:00 sat,sun", 5)
    assert (policy.namespaces, policy.scope) == ("shop|data", "fleet")
    assert (policy.margin_pct, policy.min_change_pct) == (12.5, 3)
    assert (policy.floor_cpu_m, policy.floor_mem_mib) == (25, 64)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("peak_hours", '"25:00-26:00"'), ("peak_hours", "7"), ("peak_hours", "{"), ("lookback_days", "0"),
        ("lookback_days", "true"), ("lookback_days", '"5"'), ("namespaces", '"("'), ("margin_pct", "-1"),
        ("peak_scope", '"world"'), ("min_change_pct", "null"),
    ],
)  # fmt: skip
def test_a_bad_stored_setting_is_left_out_and_told(key: str, value: str) -> None:
    policy, complaints = with_stored(POLICY, {key: value})
    assert policy == POLICY
    assert len(complaints) == 1
    assert key in complaints[0]


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
