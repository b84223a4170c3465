"""The replay of a rule: every day the very requests that the derivation would have made, and their score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubedoor_collector.domain.days import ContainerRows, Day, peaks_of
from kubedoor_collector.domain.derivation import derive
from kubedoor_collector.domain.policy import Policy
from kubedoor_core.domain.control import containers_of
from kubedoor_core.domain.derivation.choosing import choose_each
from kubedoor_core.domain.derivation.exceptions import RuleBook, RuleExceptions
from kubedoor_core.domain.derivation.history import DailyUse, History, history_of
from kubedoor_core.domain.derivation.hours import Profiles
from kubedoor_core.domain.derivation.replay import Limits, Replay, only
from kubedoor_core.domain.derivation.rules import MEMORY_RULES, PRESETS, REQUEST_RULES, Rule
from kubedoor_core.domain.derivation.targets import UtilisationTargets
from kubedoor_core.domain.env_policy import RULE_EXCEPTIONS
from kubedoor_core.domain.peak import parse_peak_hours
from kubedoor_core.domain.prices import Prices

FIRST = date(2026, 3, 2)
DATES = tuple(FIRST + timedelta(days=index) for index in range(9))
MORNING = datetime(2026, 3, 2, 10, tzinfo=UTC)
maybe = st.one_of(st.none(), st.integers(0, 3000))
RULES = st.builds(
    Rule,
    st.sampled_from(REQUEST_RULES),
    lookback_days=st.integers(1, 6),
    margin_pct=st.sampled_from([0, 5, 12.5]),
    hold_fall_pct=st.sampled_from([0, 15, 60]),
    memory_rule=st.sampled_from(MEMORY_RULES),
    memory_margin_pct=st.sampled_from([0, 15]),
)


EXCEPTIONS = (
    "", "shop/s0: own_peak lookback_days=2", "shop/s[01]: careful; .*: fleet lookback_days=4 memory_rule=max",
)  # fmt: skip


def day(when: date, use: tuple[Any, ...], limits: tuple[int | None, int | None]) -> Day:
    return Day(
        DailyUse(when, *use), MORNING, MORNING + timedelta(minutes=90), None, limits[0], None, limits[1]
    )


@st.composite
def profile(draw: st.DrawFn) -> tuple[int | None, ...]:
    hours = draw(st.lists(maybe, min_size=24, max_size=24))
    return tuple(level for level in hours for _ in range(12))[: draw(st.sampled_from([0, 288, 288]))]


@st.composite
def companies(draw: st.DrawFn) -> list[ContainerRows]:
    found = []
    for number in range(draw(st.integers(1, 3))):
        for container in ("app", "proxy")[: draw(st.integers(1, 2))]:
            limits = (draw(st.sampled_from([None, 900])), draw(st.sampled_from([None, 1200])))
            use = st.tuples(
                st.integers(1, 9), maybe, maybe, maybe, st.sampled_from([None, 0.2, 0.9]), profile()
            )
            days = tuple(day(when, draw(use), limits) for when in DATES if draw(st.booleans()))
            if days:
                found.append(ContainerRows(("shop", "Deployment", f"s{number}"), container, days))
    return found


def derived_each_day(
    company: Sequence[ContainerRows],
    rule: Rule,
    targets: dict[Any, UtilisationTargets],
    exceptions: RuleExceptions,
) -> dict[tuple[str, str, date], tuple[int | None, int | None]]:
    """What the derivation makes of the days before each day, run after run."""
    policy = Policy(
        "test", ZoneInfo("UTC"), parse_peak_hours("10:00-11:30"), ".*", rule, exceptions=exceptions
    )
    standing: dict[Any, Any] = {}
    found = {}
    for index in range(1, len(DATES)):
        dates = DATES[max(0, index - policy.lookback_days) : index]
        rows = [
            ContainerRows(one.service, one.container, days)
            for one in company
            if (days := tuple(each for each in one.days if each.use.date in dates))
        ]
        history = history_of((one.used for one in rows), dates, profiles=True)
        rules = [policy.rules.ruling(service).rule for service in history.services]
        chosen = choose_each(history, rules, Profiles(history))
        made = derive(peaks_of(rows, history, chosen), standing.values(), policy, targets)
        standing.update({(row["namespace"], row["kind"], row["name"]): row for row in made.rows})
        for (_, _, name), row in standing.items():
            for one in containers_of(row):
                found[name, one.name, DATES[index]] = (one.request_cpu_m, one.request_mem_mib)
    return found


def limit(days: tuple[Day, ...], name: str) -> float:
    value = getattr(days[0], name)
    return math.nan if value is None else value


@settings(max_examples=120, deadline=None)
@given(companies(), RULES, st.booleans(), st.sampled_from(EXCEPTIONS))
def test_it_agrees_with_the_derivation_on_every_request(
    company: list[ContainerRows], rule: Rule, steered: bool, exceptions: str
) -> None:
    history = history_of((one.used for one in company), DATES, profiles=True)
    target = 60.0 if steered else math.nan
    limits = Limits(
        np.array([limit(one.days, "limit_cpu_m") for one in company]),
        np.array([limit(one.days, "limit_mem_mib") for one in company]),
        np.full(len(company), target),
        np.full(len(company), math.nan),
    )
    targets = {one.service: UtilisationTargets(cpu_pct=60) for one in company} if steered else {}
    apart = RULE_EXCEPTIONS.read(exceptions)
    replayed = Replay(history, limits).requests(RuleBook(rule, apart))
    derived = derived_each_day(company, rule, targets, apart)
    for row, one in enumerate(company):
        for column, when in enumerate(DATES):
            expected = derived.get((one.service[2], one.container, when), (None, None))
            for value, wanted in zip((replayed.cpu_m, replayed.mem_mib), expected, strict=True):
                found = value[row, column]
                assert (None if np.isnan(found) else int(found)) == wanted, (one.container, when)


def level(cpu_m: Sequence[int], mem_mib: Sequence[int], pods: int = 2) -> History:
    """One service, as many m all day as each day says."""
    days = tuple(
        day(when, (pods, cpu, mem, mem, 1.0, (cpu,) * 288), (None, None))
        for when, cpu, mem in zip(DATES, cpu_m, mem_mib, strict=False)
    )
    rows = [ContainerRows(("shop", "Deployment", "cart"), "app", days)]
    return history_of((one.used for one in rows), DATES[: len(days)], profiles=True)


def test_a_day_above_its_request_is_bad() -> None:
    """Requests 100, 100, 200 on the days after the first, of which use 100, 200, 150."""
    history = level([100, 100, 200, 150], [512, 512, 512, 1024])
    outcome = Replay(history).outcome(Rule())
    assert (outcome.days.tolist(), outcome.bad_days.tolist()) == ([3], [1])
    assert outcome.above_min.tolist() == [1440]
    assert outcome.mem_bad_days.tolist() == [1]
    assert outcome.peak_slack.tolist() == [pytest.approx(50 / 400)]
    assert outcome.cores.tolist() == [pytest.approx(2 * (0.1 + 0.1 + 0.2) / 3)]
    assert outcome.gib.tolist() == [pytest.approx(1.0)]
    assert outcome.changes.tolist() == [pytest.approx(1 / (2 / 7))]
    summary = outcome.summary(Prices(30, 4))
    assert (summary.services, summary.days) == (1, 3)
    assert summary.bad_days_pct == pytest.approx(100 / 3)
    assert summary.money_month == pytest.approx(outcome.cores[0] * 30 + 4)
    assert outcome.summary().money_month is None


def test_the_hours_that_the_peak_hours_miss_count() -> None:
    """Used at night: as announced every day is bad, by its own hours none is."""
    night = tuple(900 if slot < 48 else 50 for slot in range(288))
    days = tuple(day(when, (1, 60, 300, 300, 1.0, night), (None, None)) for when in DATES)
    rows = [ContainerRows(("shop", "Deployment", "report"), "app", days)]
    history = history_of((one.used for one in rows), DATES, profiles=True)
    replay = Replay(history)
    bad = {name: replay.outcome(rule).summary().bad_days_pct for name, rule in PRESETS.items()}
    assert bad == {"as_announced": 100, "steady": 0, "careful": 0}


def test_a_memory_that_reached_the_limit_is_told() -> None:
    history = level([100] * 4, [500, 700, 800, 800])
    limits = Limits(np.array([np.nan]), np.array([800.0]), np.array([np.nan]), np.array([np.nan]))
    outcome = Replay(history, limits).outcome(Rule())
    assert (outcome.mem_bad_days.tolist(), outcome.mem_limit_days.tolist()) == ([2], [2])


def test_too_few_days_score_nothing() -> None:
    for count in (0, 1):
        summary = Replay(level([100] * count, [500] * count)).outcome(Rule()).summary()
        assert (summary.services, summary.days, summary.bad_days_pct, summary.cores) == (0, 0, None, 0)


def test_some_services_are_scored_as_among_all() -> None:
    company = [
        ContainerRows(
            ("shop", "Deployment", name), container,
            tuple(day(when, (2, base + 9 * index, base, base, 1.0, (base,) * 288), (None, None))
                  for index, when in enumerate(DATES)),
        )
        for base, (name, container) in enumerate(
            [("a", "app"), ("a", "proxy"), ("b", "app"), ("c", "app")], start=100)
    ]  # fmt: skip
    history = history_of((one.used for one in company), DATES, profiles=True)
    every = Replay(history).outcome(Rule("own_peak"))
    part = Replay(only(history, np.array([0, 2]))).outcome(Rule("own_peak"))
    assert part.cores.tolist() == every.cores[[0, 2]].tolist()
    assert part.days.tolist() == every.days[[0, 2]].tolist()
