"""What a scan has found: each service's requests beside what its peak needs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from kubedoor_collector.domain.leaving_out import WORDS, LeftOut
from kubedoor_core.domain.control import by_name, containers_of
from kubedoor_core.domain.workload import DEPLOYMENT

Row = Mapping[str, Any]
Order = Literal["cpu", "memory", "name"]
Key = tuple[str, str, str]
GIB = 1024
"""MiB."""


@dataclass(frozen=True)
class Container:
    """One container of each pod: millicores and MiB; None where it asks for nothing, or nothing is known."""

    name: str
    request_cpu_m: int | None
    proposed_cpu_m: int | None
    request_mem_mib: int | None
    proposed_mem_mib: int | None


@dataclass(frozen=True)
class Scanned:
    """One service. Over all of its pods, positive: asked for beyond what the peak needs; negative: missing.

    :ivar pods: at the peak; 1 where it isn't known.
    """

    namespace: str
    kind: str
    name: str
    pods: int
    containers: tuple[Container, ...]

    @property
    def title(self) -> str:
        """Its name; the kind goes without saying where it is a Deployment."""
        return self.name if self.kind == DEPLOYMENT else f"{self.name} ({self.kind})"

    def of_a_pod(self, what: str) -> int | None:
        """Add up one of the amounts over the containers of a pod; None where it is of none of them."""
        known = [value for one in self.containers if (value := getattr(one, what)) is not None]
        return sum(known) if known else None

    @property
    def spare_cpu_m(self) -> int:
        """Millicores; a container that asks for nothing lacks all that it needs."""
        return self.pods * sum(
            (one.request_cpu_m or 0) - (one.proposed_cpu_m or 0) for one in self.containers
        )

    @property
    def spare_mem_mib(self) -> int:
        """The same in MiB."""
        return self.pods * sum(
            (one.request_mem_mib or 0) - (one.proposed_mem_mib or 0) for one in self.containers
        )


@dataclass(frozen=True)
class Totals:
    """Over all services.

    :ivar freed_cpu_m: what services ask for beyond their peaks.
    :ivar missing_cpu_m: what others use at their peaks beyond what they ask for.
    """

    services: int
    requested_cpu_m: int
    proposed_cpu_m: int
    freed_cpu_m: int
    missing_cpu_m: int
    requested_mem_mib: int
    proposed_mem_mib: int
    freed_mem_mib: int
    missing_mem_mib: int

    @property
    def freed_cpu_pct(self) -> float:
        """Of what is asked for."""
        return 100 * self.freed_cpu_m / self.requested_cpu_m if self.requested_cpu_m else 0.0


@dataclass(frozen=True)
class Report:
    """All that a scan says.

    :ivar found_hours: whether the peak hours were found, and not given.
    :ivar failed: days that could not be read, and why.
    """

    prometheus: str
    timezone: str
    peak_hours: str
    found_hours: bool
    days: tuple[date, ...]
    failed: tuple[tuple[date, str], ...]
    services: tuple[Scanned, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def totals(self) -> Totals:
        """Add the services up."""
        return totals_of(self.services)

    def sorted_by(self, order: Order) -> list[Scanned]:
        """Return the services, those that ask for most too much first, or by name."""
        if order == "name":
            return sorted(self.services, key=lambda one: (one.namespace, one.name, one.kind))
        return sorted(
            self.services,
            key=lambda one: (
                -(one.spare_cpu_m if order == "cpu" else one.spare_mem_mib),
                one.namespace,
                one.name,
            ),
        )

    def document(self, order: Order) -> dict[str, Any]:
        """Return it as plain values, for JSON and YAML."""
        left_out = [{**asdict(one), "words": WORDS[one.why]} for one in self.left_out]
        return {
            "prometheus": self.prometheus,
            "timezone": self.timezone,
            "peak_hours": self.peak_hours,
            "peak_hours_found": self.found_hours,
            "days": [day.isoformat() for day in self.days],
            "failed": [{"day": day.isoformat(), "reason": reason} for day, reason in self.failed],
            "totals": asdict(self.totals),
            "services": [service_document(one) for one in self.sorted_by(order)],
            "left_out": left_out,
        }


def service_document(service: Scanned) -> dict[str, Any]:
    """Return a service as plain values."""
    spare = {"spare_cpu_m": service.spare_cpu_m, "spare_mem_mib": service.spare_mem_mib}
    return {**asdict(service), "containers": [asdict(one) for one in service.containers], **spare}


def totals_of(services: Sequence[Scanned]) -> Totals:
    """Add services up."""

    def all_of(what: str) -> int:
        return sum(one.pods * (one.of_a_pod(what) or 0) for one in services)

    cpu, mem = [one.spare_cpu_m for one in services], [one.spare_mem_mib for one in services]
    return Totals(
        services=len(services),
        requested_cpu_m=all_of("request_cpu_m"),
        proposed_cpu_m=all_of("proposed_cpu_m"),
        freed_cpu_m=sum(one for one in cpu if one > 0),
        missing_cpu_m=-sum(one for one in cpu if one < 0),
        requested_mem_mib=all_of("request_mem_mib"),
        proposed_mem_mib=all_of("proposed_mem_mib"),
        freed_mem_mib=sum(one for one in mem if one > 0),
        missing_mem_mib=-sum(one for one in mem if one < 0),
    )


def scanned(derived: Iterable[Row], asked: Iterable[Row]) -> tuple[Scanned, ...]:
    """Put what is derived beside what is asked for.

    :param derived: rows of `derived`; ``asked``: requests of each container on the last day that it was seen.
    """
    requests: dict[Key, dict[str, Row]] = {}
    for row in asked:
        requests.setdefault(_key(row), {})[row["container"]] = row
    return tuple(_scanned(row, requests.get(_key(row), {})) for row in derived)


def _key(row: Row) -> Key:
    return row["namespace"], row["kind"], row["name"]


def _scanned(row: Row, asked: Mapping[str, Row]) -> Scanned:
    needed = by_name(containers_of(row))
    containers = tuple(
        Container(
            name,
            asked[name]["request_cpu_m"],
            needed[name].request_cpu_m if name in needed else None,
            asked[name]["request_mem_mib"],
            needed[name].request_mem_mib if name in needed else None,
        )
        for name in sorted(asked)
    )
    return Scanned(*_key(row), row["replicas_observed"] or 1, containers)
