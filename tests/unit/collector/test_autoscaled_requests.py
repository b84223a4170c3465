"""Sixty days of a service under an autoscaler that steers by utilisation, its requests derived every day.

The autoscaler is Kubernetes' own formula: desired = ceil(pods x utilisation / target), where they differ by
more than a tenth; of the last five minutes the largest count is taken, and never one out of its bounds.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kubedoor_collector.domain.days import ContainerRows, Day, peaks_of
from kubedoor_collector.domain.derivation import derive
from kubedoor_collector.domain.policy import Policy
from kubedoor_core.domain.control import containers_of
from kubedoor_core.domain.derivation.choosing import choose
from kubedoor_core.domain.derivation.history import DailyUse, history_of
from kubedoor_core.domain.derivation.rules import Rule
from kubedoor_core.domain.derivation.targets import UtilisationTargets
from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_core.domain.workload import ServiceKey

DAYS = 60
TOLERANCE = 0.1
STABILIZED_MIN = 5
LEAST, MOST = 2, 1000
PEAK = range(600, 690)
SERVICE = ("shop", "Deployment", "cart")
FIRST = date(2026, 3, 2)
POLICY = Policy("test", ZoneInfo("UTC"), parse_peak_hours("10:00-11:30"), ".*")
BEGAN_WITH_M = 500
Load = Callable[[int, int], float]
"""Millicores that all pods together use, by day and minute."""


@dataclass
class Cluster:
    """A Deployment and its autoscaler."""

    target_pct: int
    pods: int
    request_m: float = BEGAN_WITH_M
    desired: deque[int] = field(default_factory=lambda: deque(maxlen=STABILIZED_MIN))

    def minute(self, load_m: float) -> float:
        """Let a minute pass; return what a pod used."""
        used = load_m / self.pods
        ratio = used / self.request_m / (self.target_pct / 100)
        wanted = self.pods if abs(ratio - 1) <= TOLERANCE else math.ceil(self.pods * ratio - 1e-9)
        self.desired.append(min(MOST, max(LEAST, wanted)))
        self.pods = max(self.desired)
        return used


def shape(minute: int) -> float:
    """Return a day's load, with its peak at 10:45; 1 is the peak."""
    return 0.4 + 0.6 * math.exp(-(((minute - 645) / 200) ** 2))


def constant(_: int, minute: int) -> float:
    return 3000 * shape(minute)


def large(_: int, minute: int) -> float:
    return 30_000 * shape(minute)


def steep(_: int, minute: int) -> float:
    """It climbs to the middle of the peak hours, threefold in half an hour."""
    return 30_000 * min(1.0, max(0.3, (minute - 615) / 30))


def noisy(day: int, minute: int) -> float:
    return 10_000 * shape(minute) * (1 + 0.02 * math.sin(37.7 * day + minute))


def growing(day: int, minute: int) -> float:
    return 3000 * shape(minute) * 1.01**day


def large_growing(day: int, minute: int) -> float:
    return 30_000 * shape(minute) * 1.02**day


def simulate(
    load: Load, target_pct: int, policy: Policy | None, *, told: bool = True
) -> tuple[list[int], list[float]]:
    """Return the pods at each day's peak, and the requests that held.

    :param policy: by which requests are derived; None: they stay as they are.
    :param told: whether the derivation knows of the autoscaler.
    """
    cluster = Cluster(target_pct, math.ceil(load(0, 645) / BEGAN_WITH_M / (target_pct / 100)))
    days: list[Day] = []
    derived: dict[str, Any] | None = None
    pods, requests = [], []
    for index in range(DAYS):
        each = [(cluster.minute(load(index, minute)), cluster.pods) for minute in range(1440)]
        at_peak = [each[minute] for minute in PEAK]
        day = day_of(index, at_peak, cluster.request_m)
        pods.append(day.use.pods or 0)
        requests.append(cluster.request_m)
        if policy is None:
            continue
        days = [*days, day][-policy.lookback_days :]
        targets = {SERVICE: UtilisationTargets(cpu_pct=target_pct)} if told else {}
        derived = derived_from(days, derived, policy, targets)
        (container,) = containers_of(derived)
        cluster.request_m = container.request_cpu_m or BEGAN_WITH_M
    return pods, requests


def day_of(index: int, at_peak: list[tuple[float, int]], request_m: float) -> Day:
    """Return a day's row, as the collector makes it."""
    when = FIRST + timedelta(days=index)
    start = datetime(when.year, when.month, when.day, 10, tzinfo=UTC)
    p95 = math.ceil(np.percentile([used for used, _ in at_peak], 95))
    pods = math.ceil(np.median([count for _, count in at_peak]))
    use = DailyUse(when, pods, p95, 300, 320, 1.0)
    return Day(use, start, start + timedelta(minutes=90), math.ceil(request_m), None, None, None)


def derived_from(
    days: list[Day],
    before: dict[str, Any] | None,
    policy: Policy,
    targets: dict[ServiceKey, UtilisationTargets],
) -> dict[str, Any]:
    """Derive as the collector does; return the service's row."""
    rows = [ContainerRows(SERVICE, "app", tuple(days))]
    history = history_of((one.used for one in rows), [day.use.date for day in days], profiles=False)
    peaks = peaks_of(rows, history, choose(history, policy.rule))
    found = derive(peaks, [before] if before else [], policy, targets)
    return found.rows[0] if found.rows else before or {}


LOADS = [constant, large, steep, noisy, growing, large_growing]


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("target_pct", [50, 60, 70, 80, 90])
def test_pods_stay_as_many_as_they_were(load: Load, target_pct: int) -> None:
    """As without us, day by day: under a constant load the same, under one that grows as many more."""
    untouched, _ = simulate(load, target_pct, None)
    pods, requests = simulate(load, target_pct, POLICY)
    assert [day for day in range(DAYS) if abs(pods[day] - untouched[day]) > 1] == []
    assert max(abs(m - BEGAN_WITH_M) for m in requests) <= BEGAN_WITH_M / 5


@pytest.mark.parametrize("target_pct", [50, 90])
def test_a_service_at_its_least_pods_gets_less(target_pct: int) -> None:
    """The autoscaler can't take pods away, so that the request is the one that falls; once."""
    pods, requests = simulate(lambda _, minute: 100 * shape(minute), target_pct, POLICY)
    assert set(pods) == {LEAST}
    assert requests[1:] == [pytest.approx(50 / (target_pct / 100), abs=1)] * (DAYS - 1)


@pytest.mark.parametrize("target_pct", [50, 70, 90])
def test_a_margin_is_no_loop_the_other_way(target_pct: int) -> None:
    policy = Policy(**{**vars(POLICY), "rule": Rule(margin_pct=20, hold_fall_pct=15)})
    pods, _ = simulate(large, target_pct, policy)
    untouched, _ = simulate(large, target_pct, None)
    assert max(abs(one - other) for one, other in zip(pods, untouched, strict=True)) <= 1


@pytest.mark.parametrize("target_pct", [50, 60, 70, 80])
def test_without_the_division_the_pods_run_away(target_pct: int) -> None:
    """What the division is for: the same days, and an autoscaler that the derivation does not know."""
    pods, requests = simulate(constant, target_pct, POLICY, told=False)
    assert pods[-1] >= 5 * pods[0]
    assert requests[-1] < BEGAN_WITH_M / 4


def test_what_an_autoscaler_steers_by_is_left_where_that_is_the_policy() -> None:
    policy = Policy(**{**vars(POLICY), "hpa_requests": "leave"})
    pods, requests = simulate(growing, 70, policy)
    assert set(requests) == {BEGAN_WITH_M}
    assert pods[-1] > pods[0]
