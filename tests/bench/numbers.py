"""What rules are worth on real workloads: ours beside others', walked forward, scored by the same replay.

Each of the others at its own settings, and scaled to the rate of bad days of our preset *steady*; intervals
by drawing workloads again. The traces do not come with the project: the suite says where it looks for them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from bench.numbers_peers import PEERS
from bench.numbers_picture import Point, draw
from bench.numbers_traces import FIRST, Traces, found
from bench.results import Result, at_least, at_most, seen
from bench.rounds import SHORT
from kubedoor_core.domain.arrays import Bools, Floats, Ints
from kubedoor_core.domain.derivation.choosing import choose
from kubedoor_core.domain.derivation.history import SLOTS, History
from kubedoor_core.domain.derivation.hours import Profiles, own_peaks
from kubedoor_core.domain.derivation.replay import Outcome, Replay, Requests, Summary
from kubedoor_core.domain.derivation.rules import PRESETS, Rule

SUITE = "numbers"
PICTURE = Path(__file__).parents[2] / "docs" / "benchmarks-rules.svg"
DRAWS = 100 if SHORT else 2000
SEED = 17
INTERVAL = (0.025, 0.975)
OWN, STEADY, CAREFUL = "as announced, own hours", "steady", "careful"
OURS: Mapping[str, Rule] = {
    "as announced": PRESETS["as_announced"],
    OWN: replace(PRESETS["as_announced"], request_rule="own_peak"),
    STEADY: PRESETS["steady"],
    CAREFUL: PRESETS["careful"],
    "fleet": replace(PRESETS["as_announced"], request_rule="fleet"),
}
SERVICES, DAYS, LOOKBACK = (200, 12, 5) if SHORT else (5000, 60, 10)


def asked_by_all(traces: Traces, replay: Replay) -> dict[str, Requests]:
    """Return everybody's requests on the days that are scored; NaN on those before."""
    asked = {name: replay.requests(rule) for name, rule in OURS.items()}
    for peer in PEERS:
        mem = traces.mem_mib
        memory = np.full(traces.cpu_m.shape[:2], np.nan) if mem is None else peer.memory(mem)
        asked[peer.source.name] = Requests(np.ceil(peer.cpu(traces.cpu_m)), np.ceil(memory))
    later = np.arange(traces.cpu_m.shape[1]) >= traces.warm_days
    return {
        name: Requests(np.where(later, one.cpu_m, np.nan), np.where(later, one.mem_mib, np.nan))
        for name, one in asked.items()
    }


class Scaled:
    """Slack of requests that are made larger or smaller, all by one factor, until so many days are bad."""

    def __init__(self, asked: Floats, peak: Floats) -> None:
        """Take the requests, and the P95 of the busiest hours, of workloads × days."""
        self._asked, self._peak = asked, peak
        self._known: Bools = np.isfinite(asked) & np.isfinite(peak) & (asked > 0)

    def bad_share(self, workloads: Ints) -> float:
        """Return the share of bad days of some workloads, as they are."""
        known = self._known[workloads]
        return float((self._peak[workloads] > self._asked[workloads])[known].mean())

    def slack_pct(self, workloads: Ints, bad_share: float | None = None) -> float:
        """Return the mean slack of some workloads at a rate of bad days; as it is where none is given."""
        asked, peak = self._asked[workloads], self._peak[workloads]
        known = self._known[workloads]
        if bad_share is not None:
            ratios = peak[known] / asked[known]
            asked = asked * max(float(np.quantile(ratios, 1 - bad_share, method="higher")), 1e-9)
        held = np.where(known, asked, 0.0).sum(axis=1)
        left = np.where(known, np.maximum(asked - peak, 0.0), 0.0).sum(axis=1)
        return float(100 * (left[held > 0] / held[held > 0]).mean())


def more_slack(ours: Scaled, other: Scaled, count: int) -> tuple[float, float, float]:
    """Return how much more slack the other has at our rate of bad days, in points: middle, from and to."""
    every, random = np.arange(count), np.random.default_rng(SEED)
    draws = [random.integers(0, count, count) for _ in range(DRAWS)]

    def difference(workloads: Ints) -> float:
        share = ours.bad_share(workloads)
        return other.slack_pct(workloads, share) - ours.slack_pct(workloads)

    low, high = np.quantile([difference(one) for one in draws], INTERVAL)
    return difference(every), float(low), float(high)


def compared(traces: Traces) -> tuple[list[Result], list[Point]]:
    """Score everybody on a set."""
    replay = Replay(traces.history())
    asked = asked_by_all(traces, replay)
    outcomes = {name: replay.score(one) for name, one in asked.items()}
    summaries = {name: one.summary() for name, one in outcomes.items()}
    rows, points = [], []
    for name, summary in summaries.items():
        rows += told(traces.name, name, summary)
        points.append(_point(name, summary))
    scaled = {name: Scaled(one.cpu_m, replay.peaks()) for name, one in asked.items()}
    for peer in PEERS:
        rows += _against(traces, peer.source.name, scaled)
    if traces.mem_mib is not None:
        rows += _goals(traces.name, outcomes, summaries)
    return rows, points


def told(where: str, name: str, summary: Summary) -> list[Result]:
    """Return the figures of one rule."""
    figures = {
        ("bad days", "%"): summary.bad_days_pct,
        ("slack at the peak", "%"): summary.peak_slack_pct,
        ("asked for", "cores"): summary.cores,
        ("days on which memory was above the request", "%"): summary.mem_bad_days_pct,
    }
    return [
        seen(SUITE, f"{where}: {name}: {what}", value, unit)
        for (what, unit), value in figures.items()
        if value is not None
    ]


def _point(name: str, summary: Summary) -> Point:
    return Point(name, summary.bad_days_pct or 0.0, summary.peak_slack_pct or 0.0, ours=name in OURS)


def _against(traces: Traces, name: str, scaled: Mapping[str, Scaled]) -> list[Result]:
    middle, low, high = more_slack(scaled[STEADY], scaled[name], len(traces.cpu_m))
    what = f"{traces.name}: {name} scaled to the bad days of {STEADY}: more slack than it"
    return [
        seen(SUITE, what, middle, "points"),
        seen(SUITE, f"{what}, 95 % interval from", low, "points"),
        at_least(SUITE, f"{what}, 95 % interval to", high, "points", 0),
    ]


def _goals(where: str, outcomes: Mapping[str, Outcome], summaries: Mapping[str, Summary]) -> list[Result]:
    steady, own, careful = summaries[STEADY], summaries[OWN], summaries[CAREFUL]
    assert steady.bad_days_pct is not None
    assert careful.mem_bad_days_pct is not None
    return [
        at_most(SUITE, f"{where}: {STEADY}: bad days", steady.bad_days_pct, "%", 9),
        at_most(SUITE, f"{where}: cores of {STEADY} / of {OWN}", steady.cores / own.cores, "", 1),
        at_most(
            SUITE, f"{where}: memory `max` of 10 days + 15 %: days above", careful.mem_bad_days_pct, "%", 5
        ),
        seen(SUITE, f"{where}: workloads scored", float((outcomes[STEADY].days > 0).sum()), ""),
    ]


def made_up() -> History:
    """Return the days of many services that nobody has, each with busy hours of its own, and noise."""
    random = np.random.default_rng(SEED)
    profile = random.standard_gamma(2.0, (SERVICES, DAYS, SLOTS), dtype=np.float32)
    busiest, hour = random.integers(0, 24, SERVICES), np.arange(SLOTS) / 12
    away = np.abs((hour - busiest[:, None] + 12) % 24 - 12)
    profile *= (50 + 200 * np.exp(-((away / 3) ** 2))).astype(np.float32)[:, None]
    profile[:, :, 288:] = np.nan
    cpu, mem, most = (random.gamma(2.0, 200.0, (SERVICES, DAYS)) for _ in range(3))
    names = tuple(("bench", "Deployment", str(number)) for number in range(SERVICES))
    dates = tuple(FIRST + timedelta(days=number) for number in range(DAYS))
    whole = np.ones((SERVICES, DAYS))
    one = ("app",) * SERVICES
    return History(dates, names, one, np.arange(SERVICES), cpu, mem, most, whole, 3 * whole, profile)


def speed() -> list[Result]:
    """Measure the replay of all presets, and what a derivation computes of its days."""
    history = made_up()
    began = time.perf_counter()
    replay = Replay(history)
    for rule in PRESETS.values():
        replay.outcome(rule)
    replayed_s = time.perf_counter() - began
    last = history.between(DAYS - LOOKBACK, DAYS)
    began = time.perf_counter()
    profiles = Profiles(last)
    choose(last, PRESETS["steady"], profiles)
    own_peaks(last, profiles, [4] * SERVICES)
    chosen_s = time.perf_counter() - began
    many = f"{SERVICES} services"
    return [
        at_most(SUITE, f"replay of the presets, {many} × {DAYS} days", replayed_s, "s", 10),
        at_most(SUITE, f"rule and own peaks, {many} × {LOOKBACK} days", chosen_s, "s", 1),
    ]


def main() -> list[Result]:
    """Compare on the sets that are there, and measure how long a replay takes."""
    sets, absent = found()
    for reason in absent:
        print(f"left out: {reason}", flush=True)
    results, pictures = [], {}
    for traces in sets:
        rows, pictures[traces.name] = compared(traces)
        results += rows
    if pictures and not SHORT:
        PICTURE.write_text(draw(pictures))
        print(f"written to {PICTURE}", flush=True)
    return [*results, *speed()]
