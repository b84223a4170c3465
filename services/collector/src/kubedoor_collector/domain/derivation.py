"""From the peak days to the derived values: margin, floors, the least change, and nothing lost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from kubedoor_collector.domain.policy import Policy
from kubedoor_core.domain.control import VALUES, ContainerValues, by_name, container_columns, containers_of

Row = dict[str, Any]
ServiceKey = tuple[str, str, str]
"""Namespace, kind and name."""

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


def derive(peaks: Iterable[Row], before: Iterable[Row], policy: Policy) -> Derivation:
    """Merge what the peak days say into what is derived now.

    :param peaks: rows per container, ordered by service, as the statement returns them.
    :param before: rows of `derived`.
    """
    known = {_key(row): row for row in before}
    rows: list[Row] = []
    new: list[ServiceKey] = []
    changes: list[Change] = []
    for key, group in groupby(peaks, key=_key):
        old, row = known.get(key), _service_row(list(group), known.get(key), policy)
        if old is None:
            new.append(key)
        if old is None or any(row[name] != old.get(name) for name in row):
            rows.append(row)
            changes.extend(_changes(row, old))
    return Derivation(tuple(rows), tuple(new), tuple(changes))


def _key(row: Row) -> ServiceKey:
    return row["namespace"], row["kind"], row["name"]


def _service_row(group: list[Row], old: Row | None, policy: Policy) -> Row:
    first = group[0]
    observed = {
        "replicas_observed": first["pods_cpu"],
        "peak_date_cpu": first["peak_date_cpu"],
        "peak_date_mem": first["peak_date_mem"],
        "peak_pods_cpu": first["pods_cpu"],
        "peak_pods_mem": first["pods_mem"],
        "coverage_cpu": first["coverage_cpu"],
        "coverage_mem": first["coverage_mem"],
        "window_cpu": _hours(first["start_cpu"], first["end_cpu"], policy),
        "window_mem": _hours(first["start_mem"], first["end_mem"], policy),
        "last_seen": first["last_seen"],
    }
    before: Mapping[str, Any] = old or {}
    kept = {name: before.get(name) if observed[name] is None else observed[name] for name in OBSERVED}
    return {
        "env": policy.env,
        "namespace": first["namespace"],
        "kind": first["kind"],
        "name": first["name"],
        "replicas_initial": _first_known(before.get("replicas_initial"), first["pods_first"]),
        "replicas_ai": before.get("replicas_ai"),
        "first_seen": before.get("first_seen") or first["first_seen"],
        **{
            name: ("" if value is None and name.startswith("window") else value)
            for name, value in kept.items()
        },
        **_containers(group, before, policy),
    }


def _containers(group: list[Row], before: Mapping[str, Any], policy: Policy) -> dict[str, list[Any]]:
    """Merge by name; a container that is gone keeps its values."""
    known = by_name(containers_of(before)) if before else {}
    merged = dict(known)
    for row in group:
        old = known.get(row["container"], ContainerValues(row["container"]))
        merged[old.name] = ContainerValues(
            old.name,
            request_cpu_m=_request(row["cpu_m"], old.request_cpu_m, policy.floor_cpu_m, policy),
            limit_cpu_m=_first_known(old.limit_cpu_m, row["limit_cpu_m"]),
            request_mem_mib=_request(row["mem_mib"], old.request_mem_mib, policy.floor_mem_mib, policy),
            limit_mem_mib=_first_known(old.limit_mem_mib, row["limit_mem_mib"]),
        )
    return container_columns([merged[name] for name in sorted(merged)])


def _request(used: int | None, old: int | None, floor: int, policy: Policy) -> int | None:
    """Return the request for what was used: not below the floor, and the old one where it hardly differs."""
    if used is None:
        return old
    wanted = max(floor, math.ceil(round(used * (1 + policy.margin_pct / 100), 6)))
    if old is not None and old >= floor and abs(wanted - old) < old * policy.min_change_pct / 100:
        return old
    return wanted


def _first_known(first: Any, second: Any) -> Any:  # noqa: ANN401 any column's value
    return second if first is None else first


def _hours(start_s: int | None, end_s: int | None, policy: Policy) -> str | None:
    if not start_s or not end_s:
        return None
    local = (datetime.fromtimestamp(s, UTC).astimezone(policy.zone) for s in (start_s, end_s))
    return "-".join(f"{one:%H:%M}" for one in local)


def _changes(row: Row, old: Row | None) -> list[Change]:
    """Tell each changed value and the day that it is of."""
    before = by_name(containers_of(old)) if old else {}
    service = _key(row)
    changes = [
        Change(*service, one.name, what, getattr(before.get(one.name), what, None), value, _why(row, what))
        for one in containers_of(row)
        for what, value in zip(VALUES, one[1:], strict=True)
    ]
    replicas = "replicas_observed"
    changes.append(
        Change(*service, "", replicas, (old or {}).get(replicas), row[replicas], _why(row, replicas))
    )
    return [change for change in changes if change.before != change.after]


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
