"""Samples at instants, increases, intervals, doubles, percentiles: against plain computations of the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubedoor_collector.domain.doubles import cadvisor_doubles, exporter_doubles
from kubedoor_collector.domain.use import increase, largest, newest, sums
from kubedoor_core.domain.arrays import percentiles
from kubedoor_core.metrics.intervals import common_interval, fits_minutes, intervals_of, step_of
from kubedoor_core.metrics.samples import Samples, joined, samples_of
from kubedoor_core.prometheus import Curve

Times = list[float]


def series(times: Times, values: Times | None = None, **labels: str) -> Curve:
    return Curve(labels, np.array(times), np.array(values if values is not None else times))


def every(interval_s: float, until_s: float, start_s: float = 0) -> Times:
    return np.arange(start_s, until_s, interval_s).tolist()


@given(
    st.lists(st.lists(st.integers(0, 2000), min_size=1, max_size=20, unique=True), min_size=1, max_size=5),
    st.lists(st.integers(-100, 2500), min_size=1, max_size=10),
)
def test_the_last_sample_at_or_before_each_instant(rows: list[list[int]], instants: list[int]) -> None:
    samples = samples_of([series([float(t) for t in sorted(row)]) for row in rows])
    values, times = samples.at(np.array(instants, dtype=float), 300)
    for index, row in enumerate(rows):
        for column, instant in enumerate(instants):
            known = [t for t in row if instant - 300 < t <= instant]
            assert np.array_equal(values[index, column], max(known, default=np.nan), equal_nan=True)
            assert np.array_equal(times[index, column], max(known, default=np.nan), equal_nan=True)


def test_broken_samples_are_as_good_as_missing() -> None:
    samples = samples_of([series([1, 2, 3], [1, np.nan, np.inf]), series([1], [np.nan])])
    assert samples.times.tolist() == [1]
    assert len(samples) == 1


def test_answers_that_follow_one_another_are_one_series() -> None:
    parts = [samples_of([series([1, 2], pod="a"), series([1], pod="b")]), samples_of([series([3], pod="a")])]
    whole = joined(parts)
    assert [dict(labels)["pod"] for labels in whole.labels] == ["a", "b"]
    assert whole.counts.tolist() == [3, 1]


def test_use_is_divided_by_the_seconds_between_the_two_samples() -> None:
    """Scraped at 55 and at 125: of the minute from 60 to 120 nothing is known but what lies between them."""
    samples = samples_of([series([25, 55, 85, 125], [10, 20, 50, 90])])
    edges = np.array([60.0, 120.0, 180.0])
    values, times = samples.at(edges)
    found = increase(values, times)
    assert found.amount.tolist() == [[30, 40]]
    assert found.seconds.tolist() == [[30, 40]]


def test_a_counter_that_fell_was_reset_and_the_same_sample_tells_nothing() -> None:
    values, times = samples_of([series([50, 110, 230], [100, 4, 9])]).at(np.array([60.0, 120, 180, 240]))
    found = increase(values, times)
    assert found.amount.tolist() == [[4, 0, 5]]
    assert found.seconds.tolist() == [[60, 0, 120]]


@pytest.mark.parametrize("interval_s", [10, 15, 30, 45, 60, 120])
@pytest.mark.parametrize("jitter_s", [0.0, 3.0])
def test_the_interval_is_found_and_everything_is_known(interval_s: int, jitter_s: float) -> None:
    rng = np.random.default_rng(1)
    times = np.array(every(interval_s, 5400, 0.5)) + rng.uniform(-jitter_s, jitter_s, 5400 // interval_s)
    found = intervals_of(samples_of([series(times.tolist())]), 0, 5400)
    assert common_interval(found.typical_s) == interval_s
    assert found.known_s[0] == pytest.approx(5400, rel=0.01)


def test_bursts_of_missing_scrapes_are_missing() -> None:
    """Scraped every 30 s; of every ten scrapes three are there."""
    times = [t for t in every(30, 5400, 1) if (t // 30) % 10 < 3]
    found = intervals_of(samples_of([series(times)]), 0, 5400)
    assert common_interval(found.typical_s) == 30
    assert found.known_s[0] / 5400 == pytest.approx(0.3, abs=0.01)


def test_an_interval_that_changes_is_no_gap() -> None:
    times = every(15, 2700, 1) + every(60, 5400, 2701)
    assert intervals_of(samples_of([series(times)]), 0, 5400).known_s[0] == pytest.approx(5400, rel=0.01)


def test_a_gap_is_a_gap_at_any_interval() -> None:
    for interval_s in (10, 30, 60):
        times = [t for t in every(interval_s, 5400, 1) if not 1800 <= t < 3600]
        known = intervals_of(samples_of([series(times)]), 0, 5400).known_s[0]
        assert known / 5400 == pytest.approx(2 / 3, abs=0.01)


def test_steps_are_minutes_and_longer_only_where_scrapes_are() -> None:
    assert [step_of(s) for s in (10, 30, 60, 62, 120, float("nan"))] == [60, 60, 60, 60, 120, 60]
    assert [step_of(s) for s in (116.4, 118.6, 121.3, 75, 90)] == [120, 120, 120, 75, 90]
    assert [fits_minutes(s) for s in (15, 30, 60, 120, 45, 90)] == [True, True, True, True, False, False]


def two_replicas() -> Samples:
    """Two pods, both by the two replicas of Prometheus, half an interval apart; a third by one alone."""
    return samples_of(
        [
            series(every(30, 600, at), namespace="n", pod=pod, container="c", id=pod, prometheus_replica=name)
            for pod in ("p1", "p2")
            for name, at in (("b", 0), ("a", 15))
        ]
        + [series(every(30, 600), namespace="n", pod="p3", container="c", id="p3", prometheus_replica="b")]
    )  # fmt: skip


def test_of_two_replicas_one_is_taken_for_all() -> None:
    doubles = cadvisor_doubles()
    kept = doubles.one_of_each(two_replicas())
    assert [(one["pod"], one["prometheus_replica"]) for one in kept.labels] == [
        ("p1", "a"), ("p2", "a"), ("p3", "b")
    ]  # fmt: skip
    assert doubles.chosen == {"prometheus_replica": "a"}


def test_a_container_that_was_started_anew_is_no_double() -> None:
    samples = samples_of(
        [
            series(every(30, 300), namespace="n", pod="p", container="c", id="1"),
            series(every(30, 600, 300), namespace="n", pod="p", container="c", id="2"),
        ]
    )
    assert len(cadvisor_doubles().one_of_each(samples)) == 2


def test_a_dead_containers_row_that_lingers_is_no_double() -> None:
    """The kubelet may go on telling the last word of a container that was started anew for some minutes."""
    samples = samples_of(
        [
            series(every(30, 500), namespace="n", pod="p", container="c", id="1", name="x"),
            series(every(30, 900, 300), namespace="n", pod="p", container="c", id="2", name="y"),
        ]
    )
    assert len(cadvisor_doubles().one_of_each(samples)) == 2


def test_two_jobs_that_scrape_the_same_containers_are_one() -> None:
    """The kubelets' own cAdvisor, and one run beside it that tells each core and names cgroups otherwise."""
    kubelet = [
        series(every(30, 900), namespace="n", pod="p", container="c", id="/k", cpu="total", job="kubelet")
    ]
    beside = [
        series(every(30, 900), namespace="n", pod="p", container="c", id="/c", cpu=cpu, job="cadvisor")
        for cpu in ("cpu00", "cpu01")
    ]
    kept = cadvisor_doubles().one_of_each(samples_of([*kubelet, *beside]))
    assert [one["cpu"] for one in kept.labels] == ["cpu00", "cpu01"]


def test_two_exporters_are_told_apart_by_what_differs() -> None:
    samples = samples_of(
        [
            series(every(30, 600), namespace="n", pod="p", container="c", instance=instance, uid=uid)
            for instance, uid in (("old", ""), ("new", "u"))
        ]
    )
    assert len(exporter_doubles().one_of_each(samples)) == 1


@given(st.lists(st.lists(st.floats(0, 1e9) | st.just(float("nan")), min_size=3, max_size=3), min_size=1),
       st.floats(0, 1))  # fmt: skip
def test_percentiles_are_numpys_of_what_is_known(rows: list[list[float]], share: float) -> None:
    found = percentiles(np.array(rows), share)
    for row, value in zip(rows, found, strict=True):
        known = [one for one in row if not np.isnan(one)]
        wanted = np.percentile(known, 100 * share) if known else np.nan
        assert value == pytest.approx(wanted, rel=1e-9, abs=1e-9, nan_ok=True)


def test_of_what_was_started_anew_the_newer_counts() -> None:
    nan = float("nan")
    rows = np.array([[1.0, 1, 1, nan], [nan, nan, 2, 2]])
    merged = newest(rows, np.array([0.0, 120]), np.array([0, 0]), 1)
    assert merged.tolist() == [[1, 1, 2, 2]]


def test_the_largest_of_nothing_is_unknown() -> None:
    found = largest(np.array([3.0, np.nan, 5]), np.array([0, 1, 0]), 3)
    assert np.array_equal(found, [5, np.nan, np.nan], equal_nan=True)


@given(
    st.lists(
        st.tuples(st.integers(-1, 3), st.floats(0, 1000) | st.sampled_from([np.nan, np.inf])), max_size=12
    )
)
def test_rows_of_groups_are_added_compared_and_merged(rows: list[tuple[int, float]]) -> None:
    group = np.array([number for number, _ in rows], dtype=np.int64)
    values = np.array([[value, 1.0] for _, value in rows]).reshape(-1, 2)
    most, last = largest(values, group, 4), newest(values, np.arange(float(len(rows))), group, 4)
    finite = np.where(np.isinf(values), np.nan, values)
    total = sums(finite, group, 4)
    for number in range(4):
        known = [value for of, value in rows if of == number and np.isfinite(value)]
        assert total[number, 0] == pytest.approx(sum(known))
        assert np.array_equal(most[number, 0], max(known, default=np.nan), equal_nan=True)
        assert np.array_equal(last[number, 0], known[-1] if known else np.nan, equal_nan=True)
        assert total[number, 1] == (group == number).sum()
