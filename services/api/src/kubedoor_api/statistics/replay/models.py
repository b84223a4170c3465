"""What is asked and told of rules that are replayed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from kubedoor_api.web.fields import Model, ServiceName
from kubedoor_core.domain.derivation.rules import MemoryRule, RequestRule, Rule
from kubedoor_core.domain.env_policy import HOLD_FALL_PCT, LOOKBACK_DAYS, MARGIN_PCT, OWN_PEAK_HOURS

MAX_RULES = 5
LEAST_DAYS, MOST_DAYS = 2, 366
Percent = Annotated[float, Field(ge=MARGIN_PCT.least, le=MARGIN_PCT.most)]
Name = Literal["now", "as_announced", "steady", "careful", "asked"]


class ReplayRule(Model):
    """How requests follow from the daily rows; the floors are the env's."""

    request_rule: RequestRule = "peak_day"
    """`peak_day`, `own_peak`, `whole_day` or `fleet`, as the setting"""
    lookback_days: Annotated[int, Field(ge=LOOKBACK_DAYS.least, le=LOOKBACK_DAYS.most)] = 10
    """Days that are looked back on"""
    margin_pct: Percent = 0
    """Added to the cpu used, per cent"""
    hold_fall_pct: Annotated[float, Field(ge=HOLD_FALL_PCT.least, le=HOLD_FALL_PCT.most)] = 0
    """A request falls only where it would by more, per cent"""
    memory_rule: MemoryRule = "p95"
    """`p95` in the peak hours, or `max`, the most of the look-back"""
    memory_margin_pct: Percent = 0
    """Added to the memory used, per cent"""
    own_peak_hours: Annotated[int, Field(ge=OWN_PEAK_HOURS.least, le=OWN_PEAK_HOURS.most)] = 4
    """Length of a service's own peak, hours, for `own_peak`"""

    def rule(self, floors: Rule) -> Rule:
        """Return it with the floors of a rule that holds."""
        return Rule(**self.model_dump(), floor_cpu_m=floors.floor_cpu_m, floor_mem_mib=floors.floor_mem_mib)

    @classmethod
    def of(cls, rule: Rule) -> ReplayRule:
        """Return a rule without its floors."""
        return cls(**{name: getattr(rule, name) for name in cls.model_fields})


class ReplayRequest(Model):
    """Which days, which rules beside the presets and the one that holds, and which exceptions all have."""

    days: Annotated[int, Field(ge=LEAST_DAYS, le=MOST_DAYS)] = 60
    """How many of the last days"""
    rules: Annotated[list[ReplayRule], Field(max_length=MAX_RULES)] = Field(default_factory=list)
    """Rules to try besides"""
    rule_exceptions: Annotated[str, Field(max_length=2000)] | None = None
    """Services of another rule, in the notation of the setting, for the rules asked for; null: those that
    hold"""


class ReplayChange(ServiceName):
    """One service, by the rule that holds and by another."""

    cores_now: float
    """Cores that all its pods ask for, a mean over the days, by the rule that holds"""
    cores_then: float
    """The same by the other rule"""
    gib_now: float
    """Memory likewise, GiB"""
    gib_then: float
    """The same by the other rule"""
    bad_days_now: int
    """Days on which its peak was above its request"""
    bad_days_then: int
    """The same by the other rule"""
    days: int
    """Days that were scored"""


class ReplayOutcome(Model):
    """What would have come of a rule; null where no day could be scored."""

    name: Name
    """`now`: the rule that holds; a preset; `asked`: one of those asked for, in their order"""
    rule: ReplayRule
    """The rule"""
    services: int
    """Services of which a day could be scored"""
    days: int
    """Days that were scored, of all services together"""
    bad_days_pct: float | None
    """Of these, those whose peak was above the request"""
    mem_bad_days_pct: float | None
    """Those on which a pod's memory passed the request"""
    mem_limit_days_pct: float | None
    """Those on which it passed the limit"""
    above_min_a_day: float | None
    """Minutes a day above the request"""
    peak_slack_pct: float | None
    """Share of what was asked for that the peak left"""
    day_slack_pct: float | None
    """Share that the whole day left"""
    cores: float
    """Cores asked for, a mean over the days"""
    gib: float
    """Memory asked for, GiB"""
    money_month: float | None
    """What that costs a month; null where prices are unknown"""
    changes_a_week: float
    """Requests that change in a week"""
    largest: list[ReplayChange]
    """The services that would change most against the rule that holds, at most 100"""
    changed: int
    """How many services ask for other cores or memory than by the rule that holds"""


class ReplayResult(Model):
    """What would have come of each rule."""

    since: date | None
    """First of the days; null where none is stored"""
    until: date | None
    """Last of the days"""
    days: int
    """Days of those asked for that are stored; a rule is scored on those after the first"""
    missing: list[date]
    """Days between that count and of which nothing is stored"""
    rest_days: list[int]
    """Weekdays that do not count by the peak hours, 0 is Monday"""
    services: int
    """Services that were seen on any of the days"""
    unscored: int
    """Those among them of which no day could be scored: they are too young, or their samples too few"""
    outcomes: list[ReplayOutcome]
    """The rule that holds, the presets, then those asked for"""
