"""The bench of rules: others' algorithms on samples that can be figured by hand, scaling, and traces."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from bench.numbers import Scaled, more_slack
from bench.numbers_peers import KRR, MANIFEST, PEERS, VPA, Buckets, decayed, table, window
from bench.numbers_picture import Point, draw
from bench.numbers_traces import Traces, found
from kubedoor_core.domain.peak_found import SLOTS


def days(*levels: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """One workload that uses as much all day as each day says."""
    return np.repeat(np.array(levels, dtype=np.float64)[None, :, None], SLOTS, axis=2)


def test_nobody_sees_the_day_that_is_scored() -> None:
    before, after = days(100, 100, 100), days(100, 100, 900)
    for peer in PEERS:
        assert np.array_equal(peer.cpu(before), peer.cpu(after), equal_nan=True), peer.source.name
        assert np.array_equal(peer.memory(before), peer.memory(after), equal_nan=True), peer.source.name


def test_buckets_grow_as_their_source_says() -> None:
    growing, even = Buckets(10, 1.05, 1000), Buckets(100, 1, 1000)
    assert growing.index(np.array([0.0, 9.9, 10.1, 20.6])).tolist() == [0, 0, 1, 2]
    assert growing.end(np.array([0.0, 1.0])).tolist() == pytest.approx([10, 20.5])
    assert even.index(np.array([0.0, 99.0, 100.0, 1e9])).tolist() == [0, 0, 1, 10]
    assert even.end(np.array([0.0, 1.0])).tolist() == [100, 200]


def test_older_samples_weigh_half_as_much_each_day() -> None:
    """Of a day of 50 and one of 150 after it, two thirds of the weight are the newer one's."""
    ten = Buckets(100.0, 1, 1e4)
    samples = days(50, 150, 0)
    assert decayed(samples, ten, 24, 0.3)[0].tolist()[2] == 100
    assert decayed(samples, ten, 24, 0.36)[0].tolist()[2] == 200
    assert decayed(samples, ten, 24, 0.3, days_back=1)[0].tolist()[2] == 200
    assert np.isnan(decayed(samples, ten, 24, 0.5)[0, 0])


def test_samples_by_load_weigh_as_much_as_they_are_large() -> None:
    levels = np.repeat([50.0, 450.0], SLOTS // 2)
    half = levels[None, None].repeat(2, axis=1)
    plain, loaded = (decayed(half, Buckets(100.0, 1, 1e4), 1e9, 0.4, by_load=by) for by in (False, True))
    assert (plain[0, 1], loaded[0, 1]) == (100, 500)


def test_unknown_samples_count_for_nobody() -> None:
    samples = days(100, 100, 100)
    samples[0, 1] = np.nan
    assert window(samples, 14, 0.95)[0].tolist()[1:] == [100, 100]
    assert KRR.memory(samples)[0].tolist()[2] == pytest.approx(115)
    assert VPA.cpu(samples)[0, 2] == VPA.cpu(samples)[0, 1]
    samples[0, 0] = np.nan
    assert MANIFEST.cpu(samples)[0].tolist() == [250] * 3


def test_requests_scaled_to_a_rate_of_bad_days_have_that_rate() -> None:
    random = np.random.default_rng(1)
    peak = random.uniform(50, 150, (20, 30))
    every = np.arange(20)
    other = Scaled(np.full(peak.shape, 400.0), peak)
    assert other.bad_share(every) == 0
    slack = other.slack_pct(every, 0.1)
    factor = np.quantile(peak / 400, 0.9, method="higher")
    assert Scaled(np.full(peak.shape, 400.0 * factor), peak).bad_share(every) == pytest.approx(0.1, abs=0.002)
    assert slack == pytest.approx(Scaled(np.full(peak.shape, 400.0 * factor), peak).slack_pct(every))
    middle, low, high = more_slack(Scaled(np.ceil(peak), peak), other, 20)
    assert low <= middle <= high
    assert middle > 0


def test_the_sets_that_are_not_there_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KUBEDOOR_TRACES", raising=False)
    monkeypatch.delenv("KUBEDOOR_VM_TRACES", raising=False)
    sets, absent = found()
    assert (sets, len(absent)) == ([], 2)
    # Three local days of UTC+8 of which the last is not over: a core, and two from noon on.
    first = 1_600_000_000 // 86_400 * 86_400 - 8 * 3600
    minutes = range(first, first + 86_400 * 5 // 2, 60)
    lines = [f"{at},{2 if (at + 8 * 3600) % 86_400 >= 43_200 else 1}" for at in minutes]
    with gzip.open(tmp_path / "workload-0.csv.gz", "wt") as text:
        text.write("\n".join(["ts,value", *lines]))
    monkeypatch.setenv("KUBEDOOR_TRACES", str(tmp_path))
    (one,), absent = found()
    assert len(absent) == 1
    assert one.cpu_m.shape == (1, 2, SLOTS)
    assert (one.cpu_m[0, 1, 0], one.cpu_m[0, 1, -1]) == (1000, 2000)
    assert one.pods.tolist() == [1]
    history = one.history()
    assert history.cpu_m.tolist() == [[2000, 2000]]
    assert history.coverage.tolist() == [[1, 1]]


def test_a_history_has_the_days_largest_memory() -> None:
    history = Traces("some", np.ones(1), days(100, 200), days(10, 30), 1).history()
    assert history.most_mem_mib.tolist() == [[10, 30]]
    assert history.cpu_m.tolist() == [[100, 200]]


def test_the_picture_shows_each_rule_and_the_table_where_it_was_read() -> None:
    points = [Point("steady", 8, 50, ours=True), Point("A & B", 44, 34, ours=False)]
    picture = draw({"some": points})
    assert picture.count("<circle") == 2
    assert "A &amp; B" in picture
    assert len(table()) == 2 + len(PEERS)
    assert all(peer.source.read_in in line for peer, line in zip(PEERS, table()[2:], strict=True))
