"""From what a rule finds to the derived values: margin, floors, limits, autoscalers, and nothing lost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np

from kubedoor_collector.domain.days import PeakDay, ServicePeaks
from kubedoor_collector.domain.policy import Policy
from kubedoor_core.domain.arrays import array_of
from kubedoor_core.domain.control import VALUES, ContainerValues, by_name, container_columns, containers_of
from kubedoor_core.domain.derivation.requests import Bounds, requests
from kubedoor_core.domain.derivation.targets import NO_TARGETS, UtilisationTargets
from kubedoor_core.domain.workload import ServiceKey

Row = dict[str, Any]

OBSERVED = (
    "replicas_observed", "peak_date_cpu", "peak_date_mem", "peak_pods_cpu", "peak_pods_mem",
    "coverage_cpu", "coverage_mem", "window_cpu", "window_mem", "last_seen",
)  # fmt: skip
"""What moves with every derivation; an unknown one keeps what it was."""


@dataclass(frozen=True)
class Change:
    """One value that a derivation changes, and why."""

    namespace: str
    kind: str
    name: str
    container: str
    what: str
    before: int | None
    after: int | None
    why: str


@dataclass(frozen=True)
class Derivation:
    """The rows of `derived` that change, the services that are new, and each value's change."""

    rows: tuple[Row, ...]
    new: tuple[ServiceKey, ...]
    changes: tuple[Change, ...]


def derive(
    peaks: Iterable[ServicePeaks],
    before: Iterable[Row],
    policy: Policy,
    targets: Mapping[ServiceKey, UtilisationTargets] = MappingProxyType({}),
) -> Derivation:
    """Merge what a rule finds into what is derived now.

    :param before: rows of `derived`.
    :param targets: what autoscalers steer to, by service.
    """
    found, known = list(peaks), {_key(row): row for row in before}
    olds = [known.get(one.service) for one in found]
    rows: list[Row] = []
    new: list[ServiceKey] = []
    changes: list[Change] = []
    merged = _merged_containers(found, olds, policy, targets)
    for one, old, containers in zip(found, olds, merged, strict=True):
        row = _service_row(one, old or {}, containers, policy, targets.get(one.service, NO_TARGETS))
        if old is None:
            new.append(one.service)
        if old is None or any(row[name] != old.get(name) for name in row):
            rows.append(row)
            changes.extend(_changes(row, old, targets.get(one.service, NO_TARGETS), policy))
    return Derivation(tuple(rows), tuple(new), tuple(changes))


def _key(row: Row) -> ServiceKey:
    return row["namespace"], row["kind"], row["name"]


def _service_row(
    found: ServicePeaks,
    before: Row,
    containers: Iterable[ContainerValues],
    policy: Policy,
    targets: UtilisationTargets,
) -> Row:
    namespace, kind, name = found.service
    observed = {
        "replicas_observed": found.cpu.pods,
        "peak_date_cpu": _text(found.cpu.day),
        "peak_date_mem": _text(found.mem.day),
        "peak_pods_cpu": found.cpu.pods,
        "peak_pods_mem": found.mem.pods,
        "coverage_cpu": found.cpu.coverage,
        "coverage_mem": found.mem.coverage,
        "window_cpu": _hours(found.cpu, policy),
        "window_mem": _hours(found.mem, policy),
        "last_seen": _text(found.last_seen),
    }
    kept = {
        column: before.get(column) if observed[column] is None else observed[column] for column in OBSERVED
    }
    return {
        "env": policy.env,
        "namespace": namespace,
        "kind": kind,
        "name": name,
        "replicas_initial": _first_known(before.get("replicas_initial"), found.pods_first),
        "replicas_ai": before.get("replicas_ai"),
        "first_seen": before.get("first_seen") or _text(found.first_seen),
        **{
            column: ("" if value is None and column.startswith("window") else value)
            for column, value in kept.items()
        },
        **_provenance(found, policy, targets),
        **_container_columns(found, containers),
    }


def _provenance(found: ServicePeaks, policy: Policy, targets: UtilisationTargets) -> Row:
    """Return why the values are what they are; it holds for this derivation alone."""
    rule, exception = policy.rules.ruling(found.service)
    return {
        "request_rule": rule.request_rule,
        "memory_rule": rule.memory_rule,
        "rule_exception": exception,
        "lookback_days": rule.lookback_days,
        "margin_pct": rule.margin_pct,
        "memory_margin_pct": rule.memory_margin_pct,
        "runner_up_dates_cpu": [day.isoformat() for day in found.cpu.runners_up],
        "runner_up_dates_mem": [day.isoformat() for day in found.mem.runners_up],
        "hpa_cpu_pct": targets.cpu_pct,
        "hpa_mem_pct": targets.mem_pct,
        "hpa_left": any(targets) and policy.hpa_requests == "leave",
        "own_peak_hour": found.own.hour,
        "own_peak_cpu_m": _whole(found.own.cpu_m),
        "peaks_elsewhere": found.own.elsewhere,
    }


def _container_columns(found: ServicePeaks, containers: Iterable[ContainerValues]) -> Row:
    ordered = sorted(containers)
    used = {one.name: one for one in found.containers}
    return {
        **container_columns(ordered),
        "used_cpu_m": [_whole(used[one.name].cpu_m) if one.name in used else None for one in ordered],
        "used_mem_mib": [_whole(used[one.name].mem_mib) if one.name in used else None for one in ordered],
    }


def _merged_containers(
    found: Sequence[ServicePeaks],
    before: Sequence[Row | None],
    policy: Policy,
    targets: Mapping[ServiceKey, UtilisationTargets],
) -> list[list[ContainerValues]]:
    """Return each service's containers; one that is gone keeps its values, and limits stay as first seen."""
    known = [by_name(containers_of(row)) if row else {} for row in before]
    every = [
        (use, old.get(use.name, ContainerValues(use.name)), targets.get(one.service, NO_TARGETS))
        for one, old in zip(found, known, strict=True)
        for use in one.containers
    ]
    limits = [
        (
            _first_known(old.limit_cpu_m, use.limit_cpu_m),
            _first_known(old.limit_mem_mib, use.limit_mem_mib),
        )
        for use, old, _ in every
    ]
    rules = [rule for one in found for rule in [policy.rules.ruling(one.service).rule] * len(one.containers)]
    hold, leave = array_of(rule.hold_fall_pct for rule in rules), policy.hpa_requests == "leave"
    cpu = requests(
        array_of(use.cpu_m for use, _, _ in every),
        array_of(old.request_cpu_m for _, old, _ in every),
        Bounds(
            array_of(rule.margin_pct for rule in rules), hold, policy.rule.floor_cpu_m,
            array_of(cpu_m for cpu_m, _ in limits), array_of(target.cpu_pct for _, _, target in every), leave,
        ),
        array_of(use.seen_cpu_m for use, _, _ in every),
    )  # fmt: skip
    mem = requests(
        array_of(use.mem_mib for use, _, _ in every),
        array_of(old.request_mem_mib for _, old, _ in every),
        Bounds(
            array_of(rule.memory_margin_pct for rule in rules), hold, policy.rule.floor_mem_mib,
            array_of(mem_mib for _, mem_mib in limits), array_of(target.mem_pct for _, _, target in every),
            leave,
        ),
        array_of(use.seen_mem_mib for use, _, _ in every),
    )  # fmt: skip
    derived = (
        ContainerValues(use.name, _count(cpu_m), limit[0], _count(mem_mib), limit[1])
        for (use, _, _), limit, cpu_m, mem_mib in zip(every, limits, cpu, mem, strict=True)
    )
    return [
        list({**old, **{use.name: next(derived) for use in one.containers}}.values())
        for one, old in zip(found, known, strict=True)
    ]


def _count(value: np.floating) -> int | None:
    return int(value) if np.isfinite(value) else None


def _whole(value: float | None) -> int | None:
    return None if value is None else math.ceil(round(value, 6))


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _hours(peak: PeakDay, policy: Policy) -> str | None:
    if peak.window is None:
        return None
    return "-".join(f"{one.astimezone(policy.zone):%H:%M}" for one in peak.window)


def _first_known(first: Any, second: Any) -> Any:  # noqa: ANN401 any column's value
    return second if first is None else first


def _changes(row: Row, old: Row | None, targets: UtilisationTargets, policy: Policy) -> list[Change]:
    """Tell each changed value and the day that it is of."""
    before = by_name(containers_of(old)) if old else {}
    service = _key(row)
    changes = [
        Change(
            *service,
            one.name,
            what,
            getattr(before.get(one.name), what, None),
            value,
            _why(row, what) + _steered(what, targets, policy),
        )
        for one in containers_of(row)
        for what, value in zip(VALUES, one[1:], strict=True)
    ]
    replicas = "replicas_observed"
    changes.append(
        Change(*service, "", replicas, (old or {}).get(replicas), row[replicas], _why(row, replicas))
    )
    return [change for change in changes if change.before != change.after]


def _steered(what: str, targets: UtilisationTargets, policy: Policy) -> str:
    """Say that an autoscaler steers by a request, where one does."""
    target = {"request_cpu_m": targets.cpu_pct, "request_mem_mib": targets.mem_pct}.get(what)
    if target is None:
        return ""
    if policy.hpa_requests == "leave":
        return f"; left, since an autoscaler steers to {target} % of it"
    return f"; divided by {target} %, the utilisation that its autoscaler steers to"


def _why(row: Row, what: str) -> str:
    if what.startswith("limit"):
        return "the limit as first seen"
    kind = "mem" if what == "request_mem_mib" else "cpu"
    day: date | str | None = row[f"peak_date_{kind}"]
    if day is None:
        return "no day with half of its samples"
    pods, coverage = row[f"peak_pods_{kind}"], row[f"coverage_{kind}"]
    share = "" if coverage is None else f", {100 * coverage:.0f} % of the samples"
    return f"peak day {day}, {row[f'window_{kind}']}, {pods if pods is not None else 'unknown'} pods{share}"
