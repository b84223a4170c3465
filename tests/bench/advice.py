"""Advice on pod counts, walked forward over recordings: pods saved and minutes over, beside a peer's.

Each of `KUBEDOOR_TRACES` (a folder of `ts,value` a minute, cores of a whole workload) is taken for a service
of ten pods whose limit is such that they used half of it at P99.9 of the first week. Seven days are looked
at, the next one is scored. A minute is over where a pod would use more than nine tenths of its limit, and
would not with ten pods. Memory and requests per second are not in the recordings, so nothing bounds by them.
"""

from __future__ import annotations

import gzip
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from bench import advice_many
from bench.results import Result, at_least, seen
from kubedoor_core.domain.advice import (
    AdvicePolicy,
    Constraints,
    ContainerHistory,
    ServiceHistory,
    advise,
)
from kubedoor_core.domain.arrays import Floats

SUITE = "advice"
ZONE = ZoneInfo("Asia/Shanghai")
"""Where the recordings peak in the evening."""
PODS, FIT_DAYS, DAY_MINUTES = 10, 7, 1440
WINDOW_MINUTES = 90
OVER = 0.9
KNOWN = 0.9
"""Of a day's minutes that must be there."""

Rule = Callable[["Workload", int], int]


@dataclass(frozen=True, eq=False)
class Workload:
    """One recording.

    :ivar use_m: millicores of all pods; a row per whole day, a column per minute; NaN where none is known.
    :ivar limit_m: of one pod.
    :ivar peak: the first minute of its busiest window in the first week.
    """

    dates: tuple[date, ...]
    use_m: Floats
    limit_m: float
    peak: int

    def window(self, first: int, last: int) -> Floats:
        """Return the peak windows of some days."""
        return self.use_m[first:last, self.peak : self.peak + WINDOW_MINUTES]


def read(path: Path) -> Workload | None:
    """Read a recording; None where it has no day after the first week."""
    with gzip.open(path, "rt") as file:
        pairs = np.loadtxt(file, delimiter=",", skiprows=1)
    moments = [datetime.fromtimestamp(one, ZONE) for one in pairs[:, 0]]
    found: dict[date, Floats] = {}
    for moment, value in zip(moments, pairs[:, 1].tolist(), strict=True):
        row = found.setdefault(moment.date(), np.full(DAY_MINUTES, np.nan))
        row[60 * moment.hour + moment.minute] = 1000 * value
    days = {day: row for day, row in sorted(found.items()) if np.isfinite(row).mean() >= KNOWN}
    if len(days) <= FIT_DAYS:
        return None
    use = np.array(list(days.values()))
    week = use[:FIT_DAYS]
    limit = float(np.nanquantile(week, 0.999)) / (PODS * 0.5)
    begins = range(0, DAY_MINUTES - WINDOW_MINUTES, 30)
    means = [np.nanmean(week[:, at : at + WINDOW_MINUTES]) for at in begins]
    return Workload(tuple(days), use, limit, begins[int(np.argmax(means))])


def by_window(quantile: float) -> Rule:
    """Return the rule of the peak window alone: a percentile, at 70 % of the limit."""

    def rule(one: Workload, day: int) -> int:
        windows = one.window(day - FIT_DAYS, day)
        most = max(float(np.nanquantile(window, quantile)) for window in windows)
        return math.ceil(most / (0.7 * one.limit_m))

    return rule


def crane(one: Workload, day: int) -> int:
    """Return what Crane's recommender proposes: P95 of the week at half of what a pod asks for.

    Read from gocrane/crane `pkg/recommendation/recommender/replicas/recommend.go`: ceil(percentile / (target
    utilisation x request)). A pod asks for its limit here.
    """
    week = one.use_m[day - FIT_DAYS : day]
    return math.ceil(float(np.nanquantile(week, 0.95)) / (0.5 * one.limit_m))


def ours(policy: AdvicePolicy) -> Rule:
    """Return our advice, by a policy."""

    def rule(one: Workload, day: int) -> int:
        advice = advise(_history(one, day), Constraints(PODS), policy, one.dates[day])
        return advice.advised if advice.verdict in ("fewer", "more") and advice.advised else PODS

    return rule


def _history(one: Workload, day: int) -> ServiceHistory:
    days = slice(day - FIT_DAYS, day)
    five_minutes = np.nanmean(one.use_m[days].reshape(FIT_DAYS, -1, 5), axis=2)
    unknown, nothing = np.full(FIT_DAYS, np.nan), np.zeros(FIT_DAYS)
    p95 = np.nanquantile(one.window(day - FIT_DAYS, day), 0.95, axis=1) / PODS
    container = ContainerHistory(
        "app", p95, p95, np.nanquantile(five_minutes, 0.99, axis=1), unknown, nothing, nothing,
        unknown, unknown, unknown, one.limit_m, one.limit_m,
    )  # fmt: skip
    return ServiceHistory(one.dates[days], np.full(FIT_DAYS, PODS), np.ones(FIT_DAYS), (container,))


DEFAULT = AdvicePolicy(days=FIT_DAYS)
BOLD = replace(DEFAULT, volatile=math.inf, least_confidence=0.0, kept_share=0.0)
"""Neither the gate nor the step: the bounds alone."""
RULES: tuple[tuple[str, Rule], ...] = (
    ("P95 of the peak window, 70 % of the limit", by_window(0.95)),
    ("P80 of the peak window, 70 % of the limit", by_window(0.80)),
    ("Crane's formula at 50 %", crane),
    ("ours without growth, gate and step", ours(replace(BOLD, growth_most=0))),
    ("ours, gate of 2.0, no step", ours(replace(BOLD, volatile=2.0))),
    ("ours", ours(DEFAULT)),
)


def score(workloads: list[Workload], rule: Rule) -> tuple[float, float, float]:
    """Return per cent of pods saved, of minutes over, and of days with any."""
    saved, over, days = 0, [], 0
    for one, day in _scored(workloads):
        pods = min(PODS, max(1, rule(one, day)))
        use, most = one.use_m[day], OVER * one.limit_m
        minutes = int(np.sum((use / pods > most) & ~(use / PODS > most)))
        saved += PODS - pods
        over.append(minutes)
        days += minutes > 0
    count = len(over)
    return 100 * saved / (PODS * count), 100 * sum(over) / (DAY_MINUTES * count), 100 * days / count


def _scored(workloads: list[Workload]) -> Iterator[tuple[Workload, int]]:
    for one in workloads:
        for day in range(FIT_DAYS, len(one.dates)):
            yield one, day


SHARES = np.arange(0.6, 1.2, 0.02)
"""Of the limit that a pod may use: ours at other cautions."""


def as_bold_as(workloads: list[Workload], minutes_over: float) -> float:
    """Return the most pods that ours saves, per cent, with no more minutes over than a peer has."""
    saved = 0.0
    for share in SHARES.tolist():
        policy = replace(BOLD, limit_share=share, one_lost_share=max(0.9, share))
        of_ours, over, _ = score(workloads, ours(policy))
        if over <= minutes_over:
            saved = max(saved, of_ours)
    return saved


def main() -> list[Result]:
    """Return what each rule saves and risks; nothing, with the reason, where there are no recordings."""
    taken = advice_many.main()
    folder = os.environ.get("KUBEDOOR_TRACES")
    if not folder:
        print("KUBEDOOR_TRACES names no folder of recordings (*.csv.gz: ts,value), so advice is not scored")
        return taken
    every = [read(path) for path in sorted(Path(folder).glob("*.csv.gz"))]
    workloads = [one for one in every if one is not None]
    results = [seen(SUITE, f"days scored, of {len(workloads)} workloads", len(list(_scored(workloads))), "")]
    for name, rule in RULES:
        saved, over, days = score(workloads, rule)
        results += [
            seen(SUITE, f"{name}: pods saved", saved, "%"),
            seen(SUITE, f"{name}: minutes over", over, "%"),
            seen(SUITE, f"{name}: days with any", days, "%"),
        ]
    saved, over, _ = score(workloads, crane)
    name = "pods saved by ours at the minutes over of Crane's formula / by Crane's formula"
    return [*taken, *results, at_least(SUITE, name, as_bold_as(workloads, over) / saved, "x", 1.0)]


if __name__ == "__main__":
    for one in main():
        print(one["name"], one["value"], one["unit"])
