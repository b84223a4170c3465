"""Which five-minute edges of a day need no question to the store about when it scraped."""

from __future__ import annotations

import numpy as np
import pytest

from kubedoor_collector.day_times import Even
from kubedoor_collector.domain.edges import counts_tell, even_series, sure_edges, unsure_pods
from kubedoor_collector.domain.promql import PROFILE_STEP_S
from kubedoor_core.metrics.samples import Bools, Floats, Samples, samples_of
from kubedoor_core.metrics.selecting import Part, Scope
from kubedoor_core.prometheus import Curve

EDGES = np.arange(0.0, 3601.0, PROFILE_STEP_S)


def series(pod: str, times: Floats) -> Curve:
    return Curve({"namespace": "shop", "pod": pod, "container": "app"}, times, np.ones(times.size))


def counts(times: Floats) -> Floats:
    """Count as the store does: what is after the range's begin, and up to the edge; NaN for nothing."""
    found = [float(((times > edge - PROFILE_STEP_S) & (times <= edge)).sum()) for edge in EDGES]
    return np.array([[count or np.nan for count in found]])


def last_times(times: Floats) -> Floats:
    return np.array([times[times <= edge].max(initial=-np.inf) for edge in EDGES])


def sure_steps(times: Floats, interval_s: int) -> Bools:
    sure = sure_edges(counts(times), interval_s)[0]
    return np.asarray(sure[1:] & sure[:-1])


@pytest.mark.parametrize("interval_s", [10, 15, 30, 60])
@pytest.mark.parametrize("seed", range(20))
def test_two_sure_edges_are_five_minutes_of_scrapes_apart(interval_s: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    times = np.arange(-600.0, 3700.0, interval_s) + rng.uniform(0, interval_s)
    times += rng.uniform(-0.4, 0.4, times.size)
    times = np.delete(times, rng.choice(times.size, seed % 5, replace=False))
    sure = sure_steps(times, interval_s)
    apart = np.diff(last_times(times))
    assert np.abs(apart[sure] - PROFILE_STEP_S).max(initial=0.0) < 1.0


@pytest.mark.parametrize("interval_s", [10, 15, 30, 60])
def test_most_edges_of_even_scrapes_are_sure(interval_s: int) -> None:
    times = np.arange(-600.0, 3700.0, interval_s) + 0.3 * interval_s
    assert sure_steps(times, interval_s).all()


def test_a_scrape_that_slips_over_an_edge_is_not_taken_for_an_even_one() -> None:
    times = np.arange(-600.0, 3700.0, 30)
    times[times >= 1500] += 0.2  # up to then at the edge itself, from then on just after it
    step = int(1500 / PROFILE_STEP_S) - 1
    assert np.diff(last_times(times))[step] == 270
    assert not sure_steps(times, 30)[step]


def test_an_edge_after_a_missing_scrape_is_asked_for_with_its_neighbours() -> None:
    times = np.arange(-600.0, 3700.0, 30) + 10
    missing = times[times != 880]
    found = [Curve({"pod": pod}, EDGES, counts(some)[0]) for pod, some in (("a", times), ("b", missing))]
    unsure = unsure_pods(samples_of(found), 30, EDGES)
    assert list(unsure) == ["b"]
    assert EDGES[unsure["b"]].tolist() == [600, 900, 1200]


def test_the_edge_at_which_the_store_repeats_a_last_sample_is_asked_for() -> None:
    times = np.arange(-600.0, 1210.0, 30) + 2  # 1202 is the last; the store stands by it until 1502
    unsure = unsure_pods(samples_of([Curve({"pod": "a"}, EDGES, counts(times)[0])]), 30, EDGES)
    assert {1200, 1500} <= set(EDGES[unsure["a"]].tolist())


def window(*pods: Floats) -> Samples:
    return samples_of(series(str(number), times) for number, times in enumerate(pods))


def test_even_are_scrapes_whole_intervals_apart() -> None:
    even = np.arange(0.0, 5400.0, 30)
    gap = np.delete(even, [7, 8, 30])
    jittered = even + np.where(np.arange(even.size) % 2, 3.0, 0.0)
    found = even_series(window(even, even + 0.5, gap, jittered, even[:1], even / 2, even * 1.01), 30)
    assert found.tolist() == [True, True, True, False, False, False, False]


@pytest.mark.parametrize(
    ("interval_s", "tell"), [(None, False), (10, True), (30, True), (60, True), (45, False), (120, False)]
)
def test_counts_tell_where_intervals_divide_five_minutes(interval_s: int | None, tell: bool) -> None:
    assert counts_tell(interval_s) is tell


def test_namespaces_that_are_not_even_are_asked_for_times() -> None:
    parts = [Part(Scope(), ("even", "odd"), "ab"), Part(Scope(), ("odd",))]
    counted, others = Even(30, frozenset({"even"})).divided(parts)
    assert [(part.namespaces, part.endings) for part in counted] == [(("even",), "ab")]
    assert [part.namespaces for part in others] == [("odd",), ("odd",)]
    assert Even().divided(parts)[0] == []
