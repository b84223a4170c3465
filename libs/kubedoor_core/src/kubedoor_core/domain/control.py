"""The rows of the control table as values: what the expert says, what was derived, and what holds.

A row keeps its containers in nested columns (`containers.name`, ...), which are read and written here alone.
That the expert's value wins over the derived one is said here and in the view `effective`, which a test holds
to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from kubedoor_core.domain.derivation.rules import (
    MEMORY_RULES,
    REQUEST_RULES,
    MemoryRule,
    RequestRule,
)
from kubedoor_core.domain.mode import Mode, stored_mode

ReplicasSource = Literal["manual", "ai", "observed"]
ReplicasPolicy = Literal["as_found", "autoscaled", "pinned"]
"""What the expert says of a count: an autoscaler's where one is found, an autoscaler's in any case, or
KubeDoor's whatever scales."""
VALUES = ("request_cpu_m", "limit_cpu_m", "request_mem_mib", "limit_mem_mib")
"""What one container is allowed, by the names of the columns."""


class ContainerValues(NamedTuple):
    """What one container is allowed; None where nobody knows. An empty name is the first container."""

    name: str
    request_cpu_m: int | None = None
    limit_cpu_m: int | None = None
    request_mem_mib: int | None = None
    limit_mem_mib: int | None = None

    def filled_from(self, other: ContainerValues) -> ContainerValues:
        """Return these values, with the other's where they are None."""
        return ContainerValues(
            self.name,
            _first(self.request_cpu_m, other.request_cpu_m),
            _first(self.limit_cpu_m, other.limit_cpu_m),
            _first(self.request_mem_mib, other.request_mem_mib),
            _first(self.limit_mem_mib, other.limit_mem_mib),
        )


class Values(NamedTuple):
    """What holds for a service."""

    replicas: int | None
    replicas_source: ReplicasSource | None
    replicas_policy: ReplicasPolicy
    autoscaled: bool
    mode: Mode | None
    containers: tuple[ContainerValues, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A registered Deployment."""

    namespace: str
    name: str
    replicas: int | None = None
    replicas_source: ReplicasSource | None = None
    autoscaled: bool = False
    mode: Mode | None = None
    containers: tuple[ContainerValues, ...] = ()
    pinned: bool = False
    """Whether the count holds whatever scales."""

    def values_of(self, container: str, *, first: bool) -> ContainerValues | None:
        """Return what a container is allowed, or None for one without a row.

        :param first: whether it is the pod's first container, whose row may have an empty name.
        """
        own = nameless = None
        for row in reversed(self.containers):  # of two with the same name the first counts
            if row.name == container:
                own = row
            if first and not row.name:
                nameless = row
        if own and nameless and own is not nameless:
            return own.filled_from(nameless)
        return own or nameless

    def filled_from(self, other: Service) -> Service:
        """Return this service, with the other's count and values where it has none of its own."""
        counted = self if self.replicas is not None else other
        return replace(
            self,
            replicas=counted.replicas,
            replicas_source=counted.replicas_source,
            containers=merged(self.containers, other.containers),
        )


def _first(one: int | None, other: int | None) -> int | None:
    return other if one is None else one


def by_name(containers: Iterable[ContainerValues]) -> dict[str, ContainerValues]:
    """Return containers by their names; of two with the same name the first counts, as in the view."""
    found: dict[str, ContainerValues] = {}
    for container in containers:
        found.setdefault(container.name, container)
    return found


def merged(own: Iterable[ContainerValues], behind: Iterable[ContainerValues]) -> tuple[ContainerValues, ...]:
    """Return each container's own values, with those behind them where they are None."""
    first, second = by_name(own), by_name(behind)
    return tuple(
        first.get(name, row).filled_from(second.get(name, row)) for name, row in {**second, **first}.items()
    )


def containers_of(row: Mapping[str, Any], prefix: str = "containers.") -> tuple[ContainerValues, ...]:
    """Read nested columns.

    :param prefix: what stands before `name`, `request_cpu_m` and so on in the columns' names.
    :raises KeyError, ValueError: for columns that are missing, of unequal length, or hold no counts.
    """
    columns = (row[f"{prefix}{name}"] for name in ("name", *VALUES))
    return tuple(
        ContainerValues(str(name), *map(_count, values)) for name, *values in zip(*columns, strict=True)
    )


def container_columns(containers: Sequence[ContainerValues]) -> dict[str, list[Any]]:
    """Write nested columns."""
    return {
        f"containers.{name}": [getattr(container, name) for container in containers]
        for name in ("name", *VALUES)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertRow:
    """A row of `control`: what the expert says of a service; a tombstone where it was removed.

    :ivar replicas_ai: the count of an accepted advice, ``advice_id``; a manual one goes before it.
    :ivar version: 0 where it has never been written.
    """

    env: str
    namespace: str
    kind: str
    name: str
    replicas_manual: int | None = None
    replicas_ai: int | None = None
    advice_id: str = ""
    replicas_policy: ReplicasPolicy = "as_found"
    mode: Mode | None = None
    note: str = ""
    containers: tuple[ContainerValues, ...] = ()
    deleted: bool = False
    version: int = 0
    updated_at: datetime | None = None
    updated_by: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from the others of its env: namespace, kind and name."""
        return self.namespace, self.kind, self.name

    def columns(self) -> dict[str, Any]:
        """Return the row as it is written; its version and who writes it are the writer's to say."""
        return {
            "env": self.env,
            "namespace": self.namespace,
            "kind": self.kind,
            "name": self.name,
            "replicas_manual": self.replicas_manual,
            "replicas_ai": self.replicas_ai,
            "advice_id": self.advice_id,
            "replicas_policy": self.replicas_policy,
            "mode": self.mode,
            "note": self.note,
            **container_columns(self.containers),
            "deleted": self.deleted,
        }

    def says_the_same_as(self, other: ExpertRow) -> bool:
        """Tell whether two rows hold the same values, whoever wrote them and when."""
        return self.columns() == other.columns()


class Used(NamedTuple):
    """What a container used by the rule, before margin, floor and limit; None where unknown."""

    cpu_m: int | None = None
    mem_mib: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedRow:
    """A row of `derived`: what the collector found of a service, and on which days; None where unknown."""

    replicas_ai: int | None = None
    replicas_observed: int | None = None
    replicas_initial: int | None = None
    containers: tuple[ContainerValues, ...] = ()
    peak_date_cpu: date | None = None
    peak_date_mem: date | None = None
    peak_pods_cpu: int | None = None
    peak_pods_mem: int | None = None
    coverage_cpu: float | None = None
    coverage_mem: float | None = None
    window_cpu: str = ""
    window_mem: str = ""
    first_seen: date | None = None
    last_seen: date | None = None
    request_rule: RequestRule | Literal[""] = ""
    memory_rule: MemoryRule | Literal[""] = ""
    runner_up_dates_cpu: tuple[date, ...] = ()
    runner_up_dates_mem: tuple[date, ...] = ()
    hpa_cpu_pct: int | None = None
    hpa_mem_pct: int | None = None
    own_peak_hour: int | None = None
    own_peak_cpu_m: int | None = None
    peaks_elsewhere: bool = False
    rule_exception: str = ""
    lookback_days: int | None = None
    margin_pct: float | None = None
    memory_margin_pct: float | None = None
    hpa_left: bool = False
    used: Mapping[str, Used] = field(default_factory=dict)
    version: int = 0
    updated_at: datetime | None = None
    updated_by: str = ""


_DATES = ("peak_date_cpu", "peak_date_mem", "first_seen", "last_seen")
_DERIVED = (
    "replicas_ai", "replicas_observed", "replicas_initial", "peak_pods_cpu", "peak_pods_mem",
    "coverage_cpu", "coverage_mem", "window_cpu", "window_mem", "hpa_cpu_pct", "hpa_mem_pct",
    "own_peak_hour", "own_peak_cpu_m", "peaks_elsewhere", "rule_exception", "lookback_days", "margin_pct",
    "memory_margin_pct", "hpa_left",
)  # fmt: skip


def _used(row: Mapping[str, Any]) -> dict[str, Used]:
    """Read what each container used; rows from before it was kept have none."""
    columns = zip(row["containers.name"], row["used_cpu_m"], row["used_mem_mib"], strict=False)
    return {name: Used(cpu_m, mem_mib) for name, cpu_m, mem_mib in columns}


def expert_from_row(row: Mapping[str, Any]) -> ExpertRow:
    """Read a row of `control`; a text that is none of its column's values is read as unset."""
    return ExpertRow(
        env=row["env"],
        namespace=row["namespace"],
        kind=row["kind"],
        name=row["name"],
        replicas_manual=row["replicas_manual"],
        replicas_ai=row["replicas_ai"],
        advice_id=row["advice_id"],
        replicas_policy=policy_of(row["replicas_policy"]),
        mode=stored_mode(row["mode"]),
        note=row["note"],
        containers=containers_of(row),
        deleted=row["deleted"],
        version=int(row["version"]),
        updated_at=datetime.fromisoformat(row["updated_at"]),
        updated_by=row["updated_by"],
    )


def derived_from_row(row: Mapping[str, Any]) -> DerivedRow:
    """Read a row of `derived`; a text that is none of its column's values is read as unset."""
    dates: dict[str, Any] = {name: date.fromisoformat(row[name]) if row[name] else None for name in _DATES}
    return DerivedRow(
        **{name: row[name] for name in _DERIVED},
        **dates,
        request_rule=next((rule for rule in REQUEST_RULES if rule == row["request_rule"]), ""),
        memory_rule=next((rule for rule in MEMORY_RULES if rule == row["memory_rule"]), ""),
        runner_up_dates_cpu=tuple(map(date.fromisoformat, row["runner_up_dates_cpu"])),
        runner_up_dates_mem=tuple(map(date.fromisoformat, row["runner_up_dates_mem"])),
        containers=containers_of(row),
        used=_used(row),
        version=int(row["version"]),
        updated_at=datetime.fromisoformat(row["updated_at"]),
        updated_by=row["updated_by"],
    )


def policy_of(stored: str) -> ReplicasPolicy:
    """Return what the expert says of a count; rows from before autoscalers were found say `fixed`."""
    said: dict[str, ReplicasPolicy] = {"autoscaled": "autoscaled", "pinned": "pinned"}
    return said.get(stored, "as_found")


def effective(
    expert: ExpertRow | None, derived: DerivedRow | None, *, autoscaler: bool = False
) -> Values | None:
    """Return what holds for a service: the expert's values, with the derived ones where there are none.

    :param autoscaler: whether an autoscaler of the service has been found.
    None for one that is not registered: neither row is there, or the expert's is a tombstone.
    """
    if (expert is None and derived is None) or (expert is not None and expert.deleted):
        return None
    counts: dict[ReplicasSource, int | None] = {
        "manual": expert.replicas_manual if expert else None,
        "ai": _first(expert.replicas_ai if expert else None, derived.replicas_ai if derived else None),
        "observed": derived.replicas_observed if derived else None,
    }
    source = next((source for source, count in counts.items() if count is not None), None)
    policy = expert.replicas_policy if expert else "as_found"
    return Values(
        replicas=counts[source] if source else None,
        replicas_source=source,
        replicas_policy=policy,
        autoscaled=policy == "autoscaled" or (policy == "as_found" and autoscaler),
        mode=expert.mode if expert else None,
        containers=merged(expert.containers if expert else (), derived.containers if derived else ()),
    )


def service_of(namespace: str, name: str, values: Values) -> Service:
    """Return a Deployment of which some values hold."""
    return Service(
        namespace=namespace,
        name=name,
        replicas=values.replicas,
        replicas_source=values.replicas_source,
        autoscaled=values.autoscaled,
        mode=values.mode,
        containers=values.containers,
        pinned=values.replicas_policy == "pinned",
    )


def service_from_row(row: Mapping[str, Any]) -> Service:
    """Build a service from a row of `effective`.

    :raises KeyError, ValueError, TypeError: for a row that is not one.
    """
    return Service(
        namespace=str(row["namespace"]),
        name=str(row["name"]),
        replicas=_count(row["replicas"]),
        replicas_source=row["replicas_source"],
        autoscaled=bool(row["autoscaled"]),
        pinned=row["replicas_policy"] == "pinned",
        mode=stored_mode(row["mode"]),
        containers=containers_of(row),
    )


def _count(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise ValueError(f"{value!r} is not a count")
