"""What a rule would have done: walked forward over stored days, each request scored on the day after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from kubedoor_core.domain.arrays import Bools, Floats, Ints, array_of
from kubedoor_core.domain.derivation.choosing import Chosen, choose, fleet_cpu_m
from kubedoor_core.domain.derivation.exceptions import RuleBook
from kubedoor_core.domain.derivation.history import History, sum_of_service
from kubedoor_core.domain.derivation.hours import Profiles
from kubedoor_core.domain.derivation.requests import Bounds, requests
from kubedoor_core.domain.derivation.rules import Rule
from kubedoor_core.domain.derivation.targets import NO_TARGETS, UtilisationTargets
from kubedoor_core.domain.prices import CORE_M, GIB_MIB, Prices

PEAK_HOURS = 4
"""A day is scored at the busiest hours in a row that its service has over all days, whatever the rule."""
SLOT_MIN = 5
WEEK_DAYS = 7.0


class ContainerLimits(NamedTuple):
    """What one container keeps to: limits as first seen, millicores and MiB, and its autoscaler's targets."""

    cpu_m: int | None = None
    mem_mib: int | None = None
    targets: UtilisationTargets = NO_TARGETS


@dataclass(frozen=True, eq=False)
class Limits:
    """What containers keep to; a value each, NaN where there is none.

    :ivar target_pct: the utilisation of cpu that an autoscaler steers to; ``mem_target_pct`` of memory.
    :ivar leave: whether requests that it steers by stay as they are.
    """

    cpu_m: Floats
    mem_mib: Floats
    target_pct: Floats
    mem_target_pct: Floats
    leave: bool = False

    @classmethod
    def none(cls, history: History) -> Limits:
        """Return no limits at all."""
        nothing = np.full(len(history.containers), np.nan)
        return cls(nothing, nothing, nothing, nothing)

    @classmethod
    def of(cls, containers: Sequence[ContainerLimits], *, leave: bool) -> Limits:
        """Put those of containers together, in their order."""
        return cls(
            array_of(one.cpu_m for one in containers),
            array_of(one.mem_mib for one in containers),
            array_of(one.targets.cpu_pct for one in containers),
            array_of(one.targets.mem_pct for one in containers),
            leave,
        )


@dataclass(frozen=True, eq=False)
class Requests:
    """A rule's requests, a row per container, a column per day: what held on it; NaN before there is any."""

    cpu_m: Floats
    mem_mib: Floats


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of a rule, a value per service; NaN where no day could be scored.

    :ivar days: that were scored.
    :ivar bad_days: on which the P95 of its busiest hours was above the request of a container.
    :ivar above_min: minutes above the request.
    :ivar peak_slack: the share of the request that the P95 of the busiest hours left, over the days.
    :ivar day_slack: likewise of the mean of the whole day.
    :ivar mem_days: on which memory was scored; ``mem_bad_days`` on which a pod's passed the request, and
        ``mem_limit_days`` the limit.
    :ivar cores: asked for by all pods, a mean over the days; ``gib`` likewise.
    :ivar changes: of requests, a week.
    """

    days: Floats
    bad_days: Floats
    above_min: Floats
    peak_slack: Floats
    day_slack: Floats
    mem_days: Floats
    mem_bad_days: Floats
    mem_limit_days: Floats
    cores: Floats
    gib: Floats
    changes: Floats

    def summary(self, prices: Prices = Prices()) -> Summary:  # noqa: B008 frozen
        """Add the services up; a month's money where prices are known."""
        days = float(np.nansum(self.days))
        mem_days = float(np.nansum(self.mem_days))
        cores, gib = float(np.nansum(self.cores)), float(np.nansum(self.gib))
        return Summary(
            services=int((self.days > 0).sum()),
            days=int(days),
            bad_days_pct=_share(self.bad_days, days),
            mem_bad_days_pct=_share(self.mem_bad_days, mem_days),
            mem_limit_days_pct=_share(self.mem_limit_days, mem_days),
            above_min_a_day=float(np.nansum(self.above_min)) / days if days else None,
            peak_slack_pct=_mean_pct(self.peak_slack, self.days),
            day_slack_pct=_mean_pct(self.day_slack, self.days),
            cores=cores,
            gib=gib,
            money_month=prices.money(cores * CORE_M, gib * GIB_MIB),
            changes_a_week=float(np.nansum(self.changes)),
        )


@dataclass(frozen=True)
class Summary:
    """What came of a rule for all services; None where nothing could be scored, or prices are unknown.

    :ivar days: whose cpu was scored, of all services together.
    """

    services: int
    days: int
    bad_days_pct: float | None
    mem_bad_days_pct: float | None
    mem_limit_days_pct: float | None
    above_min_a_day: float | None
    peak_slack_pct: float | None
    day_slack_pct: float | None
    cores: float
    gib: float
    money_month: float | None
    changes_a_week: float


class Replay:
    """Some days of some services; what all rules share of them is computed once."""

    def __init__(self, history: History, limits: Limits | None = None, fleet_m: Floats | None = None) -> None:
        """Replay over all days of a history.

        :param fleet_m: as `fleet_cpu_m` of all services, where the history has only some of them.
        """
        self.history = history
        self.profiles = Profiles(history)
        self.limits = limits or Limits.none(history)
        self._fleet_m = fleet_cpu_m(history) if fleet_m is None else fleet_m
        self._peak: Floats | None = None
        self._requests: dict[Rule, Requests] = {}

    def requests(self, rules: Rule | RuleBook) -> Requests:
        """Return what is asked for on each day, from the days before it, by the rule of each service."""
        if isinstance(rules, Rule):
            rules = RuleBook(rules)
        of_service = [rules.ruling(service).rule for service in self.history.services]
        found = self._by(rules.rule)
        for rule in dict.fromkeys(of_service):
            if rule != rules.rule:
                rows = np.array([one == rule for one in of_service])[self.history.service][:, None]
                other = self._by(rule)
                found = Requests(
                    np.where(rows, other.cpu_m, found.cpu_m), np.where(rows, other.mem_mib, found.mem_mib)
                )
        return found

    def _by(self, rule: Rule) -> Requests:
        if rule not in self._requests:
            self._requests[rule] = self._walked(rule)
        return self._requests[rule]

    def _walked(self, rule: Rule) -> Requests:
        shape = self.history.cpu_m.shape
        cpu, mem = np.full(shape, np.nan), np.full(shape, np.nan)
        old_cpu, old_mem = np.full(shape[0], np.nan), np.full(shape[0], np.nan)
        for day in range(1, shape[1]):
            first = max(0, day - rule.lookback_days)
            part = self.history.between(first, day)
            chosen = choose(part, rule, self.profiles, first, self._fleet_m[first:day])
            old_cpu, old_mem = self._asked(rule, chosen, old_cpu, old_mem)
            cpu[:, day], mem[:, day] = old_cpu, old_mem
        return Requests(cpu, mem)

    def _asked(self, rule: Rule, chosen: Chosen, cpu: Floats, mem: Floats) -> tuple[Floats, Floats]:
        limits, nothing = self.limits, np.full(len(cpu), np.nan)
        hold, leave = rule.hold_fall_pct, limits.leave
        of_cpu = Bounds(rule.margin_pct, hold, rule.floor_cpu_m, limits.cpu_m, limits.target_pct, leave)
        of_mem = Bounds(
            rule.memory_margin_pct, hold, rule.floor_mem_mib, limits.mem_mib, limits.mem_target_pct, leave
        )
        return requests(chosen.cpu_m, cpu, of_cpu, nothing), requests(chosen.mem_mib, mem, of_mem, nothing)

    def outcome(self, rules: Rule | RuleBook) -> Outcome:
        """Score a rule, with its exceptions, service by service."""
        return self.score(self.requests(rules))

    def score(self, asked: Requests) -> Outcome:
        """Score requests of whatever origin, service by service."""
        peak = self.peaks()
        scored = np.isfinite(asked.cpu_m) & np.isfinite(peak)
        mem = self.history.most_mem_mib
        mem_scored = np.isfinite(asked.mem_mib) & np.isfinite(mem)
        days = self._any(scored)
        with np.errstate(invalid="ignore"):
            bad = self._any(scored & (peak > asked.cpu_m))
            mem_bad = self._any(mem_scored & (mem > asked.mem_mib))
            over_limit = self._any(mem_scored & (mem >= self.limits.mem_mib[:, None]))
        above, used = self._over_the_day(asked.cpu_m, scored)
        return Outcome(
            days=days.sum(axis=1),
            bad_days=bad.sum(axis=1),
            above_min=above,
            peak_slack=self._slack(np.where(scored, peak, np.nan), asked.cpu_m),
            day_slack=self._slack(used, asked.cpu_m),
            mem_days=self._any(mem_scored).sum(axis=1),
            mem_bad_days=mem_bad.sum(axis=1),
            mem_limit_days=over_limit.sum(axis=1),
            cores=self._total(asked.cpu_m, days) / CORE_M,
            gib=self._total(asked.mem_mib, days) / GIB_MIB,
            changes=self._changes(asked),
        )

    def peaks(self) -> Floats:
        """Return each container's P95 of its service's busiest hours, without a profile of the peak hours."""
        if self._peak is None:
            begins = self.profiles.busiest(0, len(self.history.dates), PEAK_HOURS)
            own = self.profiles.p95_from(begins, PEAK_HOURS)
            self._peak = np.where(np.isfinite(own), own, self.history.cpu_m)
        return self._peak

    def _any(self, containers: Bools) -> Bools:
        """Return for each service whether it is so of any container."""
        count = len(self.history.services)
        return np.asarray(sum_of_service(containers, self.history.service, count) > 0)

    def _over_the_day(self, asked: Floats, scored: Bools) -> tuple[Floats, Floats]:
        """Return the minutes above the request, and each container's mean use, day by day."""
        profile = self.history.profile_cpu_m
        minutes = np.zeros(len(self.history.containers))
        if not profile.shape[2]:
            return self._of_services(minutes), np.full(asked.shape, np.nan)
        allowed = np.where(scored, asked, np.inf).astype(profile.dtype)
        with np.errstate(invalid="ignore"):
            for day in range(asked.shape[1]):
                minutes += SLOT_MIN * np.count_nonzero(profile[:, day] > allowed[:, day, None], axis=1)
        return self._of_services(minutes), np.where(scored, self.profiles.mean, np.nan)

    def _of_services(self, values: Floats) -> Floats:
        return sum_of_service(values, self.history.service, len(self.history.services))

    def _slack(self, used: Floats, asked: Floats) -> Floats:
        """Return the share of what each service asked for that was not used, over the days that are known."""
        count, known = len(self.history.services), np.isfinite(used) & np.isfinite(asked)
        held = sum_of_service(np.where(known, asked, 0.0).sum(axis=1), self.history.service, count)
        left = sum_of_service(
            np.where(known, np.maximum(asked - used, 0.0), 0.0).sum(axis=1), self.history.service, count
        )
        return np.where(held > 0, left / np.maximum(held, 1e-9), np.nan)

    def _total(self, asked: Floats, days: Bools) -> Floats:
        """Return what all pods of each service asked for, a mean over its days."""
        each = sum_of_service(asked, self.history.service, len(self.history.services))
        pods = np.where(np.isfinite(self.history.pods), self.history.pods, 1.0)
        count = days.sum(axis=1)
        total = np.where(days, each * pods, 0.0).sum(axis=1)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def _changes(self, asked: Requests) -> Floats:
        count = len(self.history.services)
        changed = np.zeros(count)
        weeks = np.zeros(count)
        for values in (asked.cpu_m, asked.mem_mib):
            before, after = values[:, :-1], values[:, 1:]
            both = np.isfinite(before) & np.isfinite(after)
            changed += sum_of_service((both & (before != after)).sum(axis=1), self.history.service, count)
            weeks = np.maximum(weeks, self._any(both).sum(axis=1) / WEEK_DAYS)
        return np.where(weeks > 0, changed / np.maximum(weeks, 1e-9), np.nan)


def replay(history: History, rule: Rule, limits: Limits | None = None) -> Outcome:
    """Return what a rule would have done over some days."""
    return Replay(history, limits).outcome(rule)


def only(history: History, services: Ints) -> History:
    """Return the days of some services, by their indices, in order."""
    index = {int(service): number for number, service in enumerate(services)}
    rows = np.flatnonzero(np.isin(history.service, services))
    return replace(
        history,
        services=tuple(history.services[number] for number in services),
        containers=tuple(history.containers[row] for row in rows),
        service=np.array([index[int(history.service[row])] for row in rows], dtype=np.int64),
        cpu_m=history.cpu_m[rows],
        mem_mib=history.mem_mib[rows],
        most_mem_mib=history.most_mem_mib[rows],
        coverage=history.coverage[rows],
        pods=history.pods[services],
        profile_cpu_m=history.profile_cpu_m[rows],
    )


def _share(part: Floats, of: float) -> float | None:
    return 100 * float(np.nansum(part)) / of if of else None


def _mean_pct(shares: Floats, days: Floats) -> float | None:
    known = np.isfinite(shares) & (days > 0)
    return float(100 * np.average(shares[known], weights=days[known])) if known.any() else None
