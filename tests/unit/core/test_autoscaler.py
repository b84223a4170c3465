"""What is written of autoscalers: what changed, once; what is gone, for a day; nothing if nobody can look."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kubedoor_core.domain.autoscaler import (
    FORGET_AFTER,
    Autoscaler,
    AutoscalerSource,
    autoscaler_from_row,
    changes,
    changes_by_metrics,
    seen_scaling,
    version_after,
)
from kubedoor_core.domain.control import ExpertRow, ReplicasPolicy, effective, policy_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + FORGET_AFTER
FOUND = Autoscaler(
    namespace="shop", kind="Deployment", name="cart", autoscaler="cart", min_replicas=2, max_replicas=9
)
STANDING = replace(FOUND, since=NOW - timedelta(hours=1), version=7)
KEY = FOUND.key


def test_a_new_one_is_written_with_its_time() -> None:
    assert changes({}, {KEY: FOUND}, NOW) == [replace(FOUND, since=NOW)]


def test_one_that_stays_as_it_is_is_not_written_again() -> None:
    assert changes({KEY: STANDING}, {KEY: FOUND}, NOW) == []


def test_one_that_changes_keeps_since_when_it_is_there() -> None:
    wider = replace(FOUND, max_replicas=20)
    assert changes({KEY: STANDING}, {KEY: wider}, NOW) == [replace(STANDING, max_replicas=20)]


def test_one_that_goes_is_remembered_for_a_day_and_then_forgotten() -> None:
    (gone,) = changes({KEY: STANDING}, {}, NOW)
    assert gone == replace(STANDING, gone_at=NOW)
    assert changes({KEY: gone}, {}, LATER - timedelta(seconds=1)) == []
    (forgotten,) = changes({KEY: gone}, {}, LATER)
    assert forgotten.deleted
    assert changes({KEY: forgotten}, {}, LATER) == []


def test_one_that_comes_back_is_there_again() -> None:
    gone = replace(STANDING, gone_at=NOW)
    assert changes({KEY: gone}, {KEY: FOUND}, NOW) == [STANDING]
    forgotten = replace(gone, deleted=True)
    assert changes({KEY: forgotten}, {KEY: FOUND}, LATER) == [replace(FOUND, since=LATER, version=7)]


def test_where_nobody_can_look_nothing_goes_but_what_has_long_been_gone() -> None:
    assert changes({KEY: STANDING}, None, NOW) == []
    gone = replace(STANDING, gone_at=NOW)
    assert [row.deleted for row in changes({KEY: gone}, None, LATER)] == [True]


def test_one_that_is_known_by_its_scaling_is_forgotten_a_day_after_it_where_one_can_look() -> None:
    seen = seen_scaling("shop", "Deployment", "cart", NOW)
    assert changes({KEY: seen}, {}, LATER - timedelta(seconds=1)) == []
    assert [row.deleted for row in changes({KEY: seen}, {}, LATER)] == [True]
    assert changes({KEY: seen}, None, LATER) == []
    assert changes({KEY: seen}, {KEY: FOUND}, NOW) == [replace(FOUND, since=NOW)]


def test_a_version_grows_even_when_the_clock_stands_or_goes_back() -> None:
    first = version_after(0, NOW)
    assert version_after(first, NOW) == first + 1
    assert version_after(first, NOW - timedelta(days=1)) == first + 1
    assert version_after(first, LATER) > first + 1


def test_a_row_reads_as_it_was_written() -> None:
    row = STANDING.columns("prod", NOW, "api")
    assert (row["env"], row["updated_by"], row["version"]) == ("prod", "api", version_after(7, NOW))
    stored = {**row, "since": row["since"].isoformat()}
    assert autoscaler_from_row(stored) == replace(STANDING, version=row["version"])


@pytest.mark.parametrize(
    ("policy", "found", "autoscaled"),
    [
        ("as_found", False, False), ("as_found", True, True),
        ("autoscaled", False, True), ("autoscaled", True, True),
        ("pinned", False, False), ("pinned", True, False),
    ],
)  # fmt: skip
def test_the_experts_word_overrules_what_is_found(
    policy: ReplicasPolicy, found: bool, autoscaled: bool
) -> None:
    row = ExpertRow(env="prod", namespace="shop", kind="Deployment", name="cart", replicas_policy=policy)
    held = effective(row, None, autoscaler=found)
    assert held is not None
    assert held.autoscaled is autoscaled


def test_rows_from_before_say_as_found() -> None:
    assert [policy_of(stored) for stored in ("fixed", "", "autoscaled", "pinned")] == [
        "as_found", "as_found", "autoscaled", "pinned",
    ]  # fmt: skip


HOUR = timedelta(hours=1)
TOLD = replace(FOUND, source="metrics", cpu_target_pct=60)
"""As metrics tell of it, and how it was stored then."""
BY_METRICS = replace(TOLD, since=NOW - 48 * HOUR, version=7)


def test_what_metrics_tell_first_is_written() -> None:
    assert changes_by_metrics({}, {KEY: TOLD}, NOW - HOUR, NOW) == [replace(TOLD, since=NOW)]
    seen = seen_scaling("shop", "Deployment", "cart", NOW)
    assert changes_by_metrics({KEY: seen}, {KEY: TOLD}, NOW - HOUR, NOW) == [replace(TOLD, since=NOW)]
    assert changes_by_metrics({KEY: BY_METRICS}, {KEY: TOLD}, NOW - HOUR, NOW) == []
    wider = replace(TOLD, max_replicas=20)
    assert changes_by_metrics({KEY: BY_METRICS}, {KEY: wider}, NOW - HOUR, NOW) == [
        replace(BY_METRICS, max_replicas=20)
    ]


@pytest.mark.parametrize("source", ["hpa", "keda"])
def test_what_the_watch_has_found_outranks_metrics_and_so_does_that_it_has_gone(
    source: AutoscalerSource,
) -> None:
    watched = replace(STANDING, source=source)
    assert changes_by_metrics({KEY: watched}, {KEY: TOLD}, NOW, NOW) == []
    assert changes_by_metrics({KEY: watched}, {}, NOW, NOW) == []
    gone = replace(watched, gone_at=NOW - HOUR)
    for row in (gone, replace(gone, deleted=True)):
        assert changes_by_metrics({KEY: row}, {KEY: TOLD}, NOW - 2 * HOUR, NOW) == []
        (back,) = changes_by_metrics({KEY: row}, {KEY: TOLD}, NOW - HOUR / 2, NOW)
        assert (back.source, back.gone_at, back.deleted) == ("metrics", None, False), (
            "nobody watches any more"
        )


def test_what_metrics_tell_of_no_more_goes_as_any_other() -> None:
    (gone,) = changes_by_metrics({KEY: BY_METRICS}, {}, NOW - HOUR, NOW)
    assert gone == replace(BY_METRICS, gone_at=NOW)
    assert changes_by_metrics({KEY: gone}, {}, NOW, LATER - timedelta(seconds=1)) == []
    (forgotten,) = changes_by_metrics({KEY: gone}, {}, NOW, LATER)
    assert forgotten.deleted
    young = replace(BY_METRICS, since=NOW)
    assert changes_by_metrics({KEY: young}, {}, NOW - HOUR, NOW) == [], "metrics of before it was found"


def test_the_watch_takes_over_what_metrics_have_found() -> None:
    assert changes({KEY: BY_METRICS}, {KEY: FOUND}, NOW) == [
        replace(FOUND, since=BY_METRICS.since, version=7)
    ]
    assert changes({KEY: BY_METRICS}, {}, NOW) == [replace(BY_METRICS, gone_at=NOW)]
