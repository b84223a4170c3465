"""The rules by which requests follow from daily rows, and the presets that are proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

RequestRule = Literal["peak_day", "own_peak", "whole_day", "fleet"]
MemoryRule = Literal["p95", "max"]
HpaRequests = Literal["divide", "leave"]
Preset = Literal["as_announced", "steady", "careful"]
REQUEST_RULES: tuple[RequestRule, ...] = get_args(RequestRule)
MEMORY_RULES: tuple[MemoryRule, ...] = get_args(MemoryRule)
HPA_REQUESTS: tuple[HpaRequests, ...] = get_args(HpaRequests)

REQUEST_RULE_TEXT = (
    "`peak_day`: each service's peak hours on the day on which it used most; `own_peak`: likewise in its own"
    " busiest hours; `whole_day`: P99 of its whole day; `fleet`: one day for all, by total cpu"
)
OWN_PEAK_HOURS_TEXT = "Length of a service's own busiest hours, for `own_peak`"
MARGIN_TEXT = "Added to the cpu used at peak"
HOLD_FALL_TEXT = "A derived request that would fall by no more than this stays; rises are taken at once"
MEMORY_RULE_TEXT = "`p95` of the peak hours, or `max`: the most that a pod had on any day looked back on"
MEMORY_MARGIN_TEXT = "Added to the memory used"
RULE_EXCEPTIONS_TEXT = (
    "Services of another rule, by regular expressions (RE2) of `namespace/name`; the first that matches"
    " holds. `shop/report-.*: own_peak lookback_days=5; data/.*: careful`"
)
HPA_REQUESTS_TEXT = (
    "Requests by whose utilisation an autoscaler steers: `divide`: use / its target, so that the pods stay as"
    " many; `leave`: as they are"
)

MIN_COVERAGE = 0.5
"""A day counts with coverage of at least one half."""
RUNNER_UPS = 2
"""So many days after the peak day are told."""


@dataclass(frozen=True)
class Rule:
    """How the requests of all services of an env are found.

    :ivar request_rule: `peak_day`: P95 in the peak hours of the day on which the service used most;
        `own_peak`: the same in its own busiest hours; `whole_day`: P99 of the whole day; `fleet`: one day for
        all services, by total cpu.
    :ivar lookback_days: days that are looked back on.
    :ivar margin_pct: added to the cpu used, ``memory_margin_pct`` to the memory.
    :ivar hold_fall_pct: a request falls only where it would by more than this; it rises at once.
    :ivar memory_rule: `p95` in the peak hours, or `max`, the most of the look-back.
    :ivar own_peak_hours: length of a service's own peak, hours.
    """

    request_rule: RequestRule = "peak_day"
    lookback_days: int = 10
    margin_pct: float = 0.0
    hold_fall_pct: float = 0.0
    memory_rule: MemoryRule = "p95"
    memory_margin_pct: float = 0.0
    own_peak_hours: int = 4
    floor_cpu_m: int = 10
    floor_mem_mib: int = 32


AS_ANNOUNCED = Rule()
PRESETS: Mapping[Preset, Rule] = {
    "as_announced": AS_ANNOUNCED,
    "steady": Rule(
        "own_peak",
        lookback_days=5,
        margin_pct=5,
        hold_fall_pct=15,
        memory_rule="max",
        memory_margin_pct=15,
    ),
    "careful": Rule("whole_day", lookback_days=10, margin_pct=10, memory_rule="max", memory_margin_pct=15),
}
"""Each with the trade it makes: as announced, plain to explain; steady, fewer bad days with as few changes;
careful, the fewest bad days, and the most asked for."""


def presets_beside(rule: Rule) -> dict[Preset, Rule]:
    """Return the presets with the floors of a rule that holds."""
    cpu_m, mem_mib = rule.floor_cpu_m, rule.floor_mem_mib
    return {
        name: replace(preset, floor_cpu_m=cpu_m, floor_mem_mib=mem_mib) for name, preset in PRESETS.items()
    }
