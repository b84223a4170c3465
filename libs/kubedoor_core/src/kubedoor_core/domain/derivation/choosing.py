"""Which day says what a service needs, and what each of its containers used then: the rules themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kubedoor_core.domain.arrays import Bools, Floats, Ints
from kubedoor_core.domain.derivation.history import History, sum_of_service
from kubedoor_core.domain.derivation.hours import Profiles
from kubedoor_core.domain.derivation.rules import RUNNER_UPS, Rule


@dataclass(frozen=True, eq=False)
class Chosen:
    """What a rule finds in some days. Days are columns of the history; -1 is none.

    :ivar cpu_m: what each container used on its service's day, millicores; ``mem_mib`` likewise, MiB.
    :ivar cpu_day: each service's day, and after it the runners-up, the largest first; ``mem_day`` likewise.
    :ivar begins: the hour at which each service's own busiest hours begin; -1 where the rule has none.
    """

    cpu_m: Floats
    mem_mib: Floats
    cpu_day: Ints
    mem_day: Ints
    begins: Ints


def choose(
    history: History,
    rule: Rule,
    profiles: Profiles | None = None,
    first: int = 0,
    fleet_m: Floats | None = None,
) -> Chosen:
    """Apply a rule to the last days of a history.

    :param profiles: those of the history that these days are a part of, with the column of their first day.
    :param fleet_m: as `fleet_cpu_m` of all services, where the history has only some of them.
    """
    shapes = profiles or Profiles(history)
    part = slice(first, first + len(history.dates))
    count = len(history.services)
    begins = np.full(count, -1, dtype=np.int64)
    cpu = history.cpu_m
    if rule.request_rule == "own_peak":
        begins = shapes.busiest(part.start, part.stop, rule.own_peak_hours)
        cpu = shapes.p95_from(begins, rule.own_peak_hours)[:, part]
    elif rule.request_rule == "whole_day":
        cpu = shapes.p99[:, part]
    cpu_total, cpu_known = _totals(history, cpu)
    mem_total, mem_known = _totals(history, history.mem_mib)
    if rule.request_rule == "fleet":
        one = _fleet_day(cpu_total.sum(axis=0) if fleet_m is None else fleet_m)
        cpu_known, mem_known = cpu_known & one, mem_known & one
    cpu_day, mem_day = _largest_days(cpu_total, cpu_known), _largest_days(mem_total, mem_known)
    mem = _on_day(history, history.mem_mib, mem_day[:, 0])
    if rule.memory_rule == "max":
        mem = _most(history.most_mem_mib)
    return Chosen(_on_day(history, cpu, cpu_day[:, 0]), mem, cpu_day, mem_day, begins)


def choose_each(history: History, rules: Sequence[Rule], profiles: Profiles) -> Chosen:
    """Apply to each service its own rule, over as many of the last days as that looks back on.

    :param rules: in the order of the services.
    """
    nothing = choose(history.between(0, 0), Rule(), profiles)
    cpu_m, mem_mib = nothing.cpu_m, nothing.mem_mib
    cpu_day, mem_day, begins = nothing.cpu_day, nothing.mem_day, nothing.begins
    for rule in dict.fromkeys(rules):
        service = np.array([one == rule for one in rules], dtype=np.bool_)
        first = max(0, len(history.dates) - rule.lookback_days)
        found = choose(history.between(first, len(history.dates)), rule, profiles, first)
        row = service[history.service]
        cpu_m, mem_mib = np.where(row, found.cpu_m, cpu_m), np.where(row, found.mem_mib, mem_mib)
        days = (np.where(day >= 0, day + first, -1) for day in (found.cpu_day, found.mem_day))
        cpu_day, mem_day = (
            np.where(service[:, None], new, old) for new, old in zip(days, (cpu_day, mem_day), strict=True)
        )
        begins = np.where(service, found.begins, begins)
    return Chosen(cpu_m, mem_mib, cpu_day, mem_day, begins)


def fleet_cpu_m(history: History) -> Floats:
    """Return what all services together used in the peak hours, day by day, millicores."""
    return np.asarray(_totals(history, history.cpu_m)[0].sum(axis=0))


def _totals(history: History, figures: Floats) -> tuple[Floats, Bools]:
    """Return what all pods of each service used, day by day, and on which days anything is known."""
    count = len(history.services)
    each = sum_of_service(figures, history.service, count)
    known = sum_of_service(np.isfinite(figures), history.service, count) > 0
    pods = np.where(np.isfinite(history.pods), history.pods, 1.0)
    return pods * each, known


def _fleet_day(every: Floats) -> Bools:
    """Return which is the day of the largest total; of equal ones the latest."""
    day = len(every) - 1 - int(np.argmax(every[::-1])) if every.size else -1
    return np.asarray(np.arange(len(every)) == day)


def _largest_days(total: Floats, known: Bools) -> Ints:
    """Return the days on which a service used most, the largest first, of equal ones the latest."""
    count, days = total.shape
    found = np.full((count, 1 + RUNNER_UPS), -1, dtype=np.int64)
    if days:
        order = days - 1 - np.argsort(np.where(known, -total, np.inf)[:, ::-1], axis=1, kind="stable")
        shown = order[:, : 1 + RUNNER_UPS]
        found[:, : shown.shape[1]] = np.where(np.take_along_axis(known, shown, axis=1), shown, -1)
    return found


def _on_day(history: History, figures: Floats, day: Ints) -> Floats:
    """Return each container's figure on its service's day; of one that was not there then its largest."""
    if not figures.shape[1]:
        return np.full(len(figures), np.nan)
    chosen = day[history.service]
    then = np.where(chosen >= 0, figures[np.arange(len(figures)), chosen], np.nan)
    return np.where(np.isfinite(then), then, _most(figures))


def _most(figures: Floats) -> Floats:
    largest = np.where(np.isfinite(figures), figures, -np.inf).max(axis=1, initial=-np.inf)
    return np.where(np.isfinite(largest), largest, np.nan)
