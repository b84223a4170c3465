"""Every rule against a plain reading of its definition, over random services, days, gaps and containers."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubedoor_core.domain.derivation.choosing import choose
from kubedoor_core.domain.derivation.history import ContainerDays, DailyUse, history_of
from kubedoor_core.domain.derivation.requests import Bounds, requests
from kubedoor_core.domain.derivation.rules import MEMORY_RULES, REQUEST_RULES, Rule

FIRST = date(2026, 3, 2)
DATES = tuple(FIRST + timedelta(days=index) for index in range(6))
Company = list[ContainerDays]


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    low = math.floor(position)
    return ordered[low] + (ordered[min(low + 1, len(ordered) - 1)] - ordered[low]) * (position - low)


maybe = st.one_of(st.none(), st.integers(0, 3000))


@st.composite
def profile(draw: st.DrawFn) -> tuple[int | None, ...]:
    """A day: a level for each hour, hours that are unknown, and a length as the day has it."""
    hours = draw(st.lists(maybe, min_size=24, max_size=24))
    length = draw(st.sampled_from([0, 276, 288, 288, 300]))
    every = [
        level if level is None else level + slot % 7 for level in [*hours, hours[-1]] for slot in range(12)
    ]
    return tuple(every[:length])


@st.composite
def companies(draw: st.DrawFn) -> Company:
    found: Company = []
    for number in range(draw(st.integers(1, 4))):
        for container in ("app", "proxy")[: draw(st.integers(1, 2))]:
            days = [
                DailyUse(
                    day,
                    draw(st.one_of(st.none(), st.integers(1, 9))),
                    draw(maybe),
                    draw(maybe),
                    draw(maybe),
                    draw(st.sampled_from([None, 0.2, 0.5, 1.0])),
                    draw(profile()),
                )
                for day in DATES
                if draw(st.booleans())
            ]
            if days:
                found.append(ContainerDays(("shop", "Deployment", f"s{number}"), container, days))
    return found


def trusted(day: DailyUse) -> bool:
    return (day.coverage or 0) >= 0.5


def own_hours(containers: Company, hours: int) -> int | None:
    """The hour at which the service's mean use of so many hours in a row is largest."""
    means = [0.0] * 24
    seen = False
    for one in containers:
        for hour in range(24):
            values = [
                value
                for day in one.days
                for value in day.profile_cpu_m[hour * 12 : hour * 12 + 12]
                if value is not None
            ]
            seen = seen or bool(values)
            means[hour] += statistics.fmean(values) if values else 0.0
    sums = [round(sum(means[(begin + index) % 24] for index in range(hours)), 6) for begin in range(24)]
    return sums.index(max(sums)) if seen else None


def cpu_of(day: DailyUse, rule: Rule, begins: int | None) -> float | None:
    if rule.request_rule in ("peak_day", "fleet"):
        return day.cpu_m if trusted(day) else None
    if rule.request_rule == "whole_day":
        slots, share = list(day.profile_cpu_m), 0.99
        due = 288
    else:
        if begins is None:
            return None
        padded = [*day.profile_cpu_m, *([None] * 300)]
        slots = [padded[(begins * 12 + index) % 288] for index in range(rule.own_peak_hours * 12)]
        share, due = 0.95, rule.own_peak_hours * 12
    known = [value for value in slots if value is not None]
    return percentile(known, share) if len(known) >= due / 2 and known else None


Use = tuple[float | None, float | None]


def largest(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


class Plain:
    """What each container used, cpu and memory, by the definition."""

    def __init__(self, company: Company, rule: Rule) -> None:
        self.rule = rule
        self.services: dict[str, Company] = {}
        for one in company:
            self.services.setdefault(one.service[2], []).append(one)
        self.begins = {name: own_hours(some, rule.own_peak_hours) for name, some in self.services.items()}
        every = [self.totals(name, "cpu") for name in self.services]
        self.fleet = max(DATES, key=lambda day: (sum(one.get(day, 0.0) for one in every), day))

    def used(self, name: str, day: DailyUse, resource: str) -> float | None:
        if resource == "cpu":
            return cpu_of(day, self.rule, self.begins[name])
        return day.mem_mib if trusted(day) else None

    def totals(self, name: str, resource: str) -> dict[date, float]:
        found: dict[date, float] = {}
        for when in DATES:
            then = [day for one in self.services[name] for day in one.days if day.date == when]
            values = [self.used(name, day, resource) for day in then]
            known = [value for value in values if value is not None]
            if known:
                found[when] = (largest(day.pods for day in then) or 1) * sum(known)
        return found

    def best(self, name: str, resource: str) -> date | None:
        days = self.totals(name, resource)
        if self.rule.request_rule == "fleet":
            days = {day: total for day, total in days.items() if day == self.fleet}
        return max(days, key=lambda day: (days[day], day), default=None)

    def on_best(self, name: str, one: ContainerDays, resource: str) -> float | None:
        if resource == "mem" and self.rule.memory_rule == "max":
            return largest(day.most_mem_mib for day in one.days if trusted(day))
        values = {day.date: self.used(name, day, resource) for day in one.days}
        best = self.best(name, resource)
        value = values.get(best) if best else None
        return largest(values.values()) if value is None else value

    def every(self) -> dict[tuple[str, str], Use]:
        return {
            (name, one.container): (self.on_best(name, one, "cpu"), self.on_best(name, one, "mem"))
            for name, containers in self.services.items()
            for one in containers
        }


@pytest.mark.parametrize("memory_rule", MEMORY_RULES)
@pytest.mark.parametrize("request_rule", REQUEST_RULES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_rule_is_as_defined(request_rule: str, memory_rule: str, data: st.DataObject) -> None:
    company = data.draw(companies())
    rule = Rule(request_rule, memory_rule=memory_rule, own_peak_hours=data.draw(st.integers(1, 24)))  # type: ignore[arg-type]  # parametrized by the very literals
    chosen = choose(history_of(company, DATES, profiles=rule.request_rule in ("own_peak", "whole_day")), rule)
    for index, (key, (cpu, mem)) in enumerate(Plain(company, rule).every().items()):
        for found, expected in ((chosen.cpu_m[index], cpu), (chosen.mem_mib[index], mem)):
            assert (expected is None) == bool(np.isnan(found)), key
            assert expected is None or found == pytest.approx(expected, rel=1e-6), key


def array(*values: float | None) -> np.typing.NDArray[np.float64]:
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)


@pytest.mark.parametrize(
    ("used", "old", "limit", "target", "expected"),
    [
        (100, None, None, None, 110),
        (100, 200, None, None, 110),  # a large fall is made
        (100, 112, None, None, 112),  # a small one isn't
        (100, 109, None, None, 110),  # a rise is, however small
        (None, 80, None, None, 80),
        (None, None, None, None, None),
        (3, None, None, None, 10),
        (100, None, 105, None, 105),
        (100, 130, 105, None, 105),  # what is above the limit isn't held
        (3, None, 5, None, 10),  # the floor is a limit's, too
        (60, None, None, 60, 100),  # without the margin
        (61, None, None, 60, 102),
        (60, None, 90, 60, 90),
        (60, 120, None, 60, 120),  # within what the autoscaler leaves
        (60, 81, None, 60, 100),
        (60, 126, None, 60, 100),
        (60, 120, 110, 60, 100),
    ],
)
def test_requests_keep_to_their_bounds(
    used: float | None, old: float | None, limit: float | None, target: float | None, expected: float | None
) -> None:
    bounds = Bounds(10, 15, 10, array(limit), array(target))
    (found,) = requests(array(used), array(old), bounds, array(None)).tolist()
    assert found == expected or (expected is None and math.isnan(found))


def test_what_pods_ask_for_stays_where_the_autoscaler_is_content_with_it() -> None:
    """Without an autoscaler it counts for nothing."""
    bounds = Bounds(10, 15, 10, array(None, None, None), array(60, 60, None))
    found = requests(array(60, 60, 60), array(None, None, None), bounds, array(110, 150, 64)).tolist()
    assert found == [110, 100, 66]


def test_what_an_autoscaler_steers_by_can_be_left() -> None:
    bounds = Bounds(10, 0, 10, array(None, None, None), array(60, 60, None), leave=True)
    found = requests(array(60, 60, 60), array(75, None, 75), bounds, array(90, 90, 90)).tolist()
    assert (found[0], math.isnan(found[1]), found[2]) == (75, True, 66)
