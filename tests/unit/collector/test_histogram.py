"""Latencies put together over pods, also where they have other bounds."""

from __future__ import annotations

import math

import pytest

from kubedoor_collector.domain.traffic.histogram import merged, quantile

INF = math.inf


def test_a_quantile_is_even_within_its_bucket() -> None:
    buckets = {100.0: 50.0, 200.0: 90.0, INF: 100.0}
    assert quantile(0.5, buckets) == 100
    assert quantile(0.7, buckets) == pytest.approx(150)
    assert quantile(0.99, buckets) == 200, "beyond the last bound no more is known"


@pytest.mark.parametrize("buckets", [{}, {INF: 5.0}, {100.0: 0.0, INF: 0.0}])
def test_without_bounds_or_requests_nothing_is_known(buckets: dict[float, float]) -> None:
    assert quantile(0.95, buckets) is None


def test_histograms_of_other_bounds_add_up() -> None:
    old, new = {100.0: 40.0, 200.0: 100.0, INF: 100.0}, {50.0: 30.0, 100.0: 60.0, 400.0: 100.0, INF: 100.0}
    found = merged([old, new])
    assert found == pytest.approx({50.0: 20 + 30, 100.0: 100, 200.0: 100 + 60 + 40 / 3, 400.0: 200, INF: 200})
    assert list(found.values()) == sorted(found.values())


def test_one_with_infinity_alone_tells_how_many_but_not_how_fast() -> None:
    found = merged([{INF: 10.0}, {100.0: 5.0, INF: 10.0}])
    assert found == {100.0: 5.0, INF: 20.0}


def test_a_bucket_that_lags_behind_a_smaller_one_is_not_smaller() -> None:
    assert merged([{100.0: 10.0, 200.0: 9.0, INF: 12.0}]) == {100.0: 10.0, 200.0: 10.0, INF: 12.0}
