"""A row of the control table (`effective`), as admission needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from kubedoor_core.domain.mode import Mode

ReplicasSource = Literal["manual", "ai", "observed"]


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

    def values_of(self, container: str, *, first: bool) -> ContainerValues | None:
        """Return what a container is allowed, or None for one without a row.

        :param first: whether it is the pod's first container, whose row may have an empty name.
        """
        rows = {row.name: row for row in reversed(self.containers)}
        own, nameless = rows.get(container), rows.get("") if first else None
        if own and nameless and own is not nameless:
            return own.filled_from(nameless)
        return own or nameless

    def filled_from(self, other: Service) -> Service:
        """Return this service, with the other's count and values where it has none of its own."""
        own = {row.name: row for row in self.containers}
        theirs = {row.name: row for row in other.containers}
        filled = {
            name: own.get(name, row).filled_from(theirs.get(name, row))
            for name, row in {**theirs, **own}.items()
        }
        counted = self if self.replicas is not None else other
        return replace(
            self,
            replicas=counted.replicas,
            replicas_source=counted.replicas_source,
            containers=tuple(filled.values()),
        )


def _first(one: int | None, other: int | None) -> int | None:
    return other if one is None else one


def service_from_row(row: Mapping[str, Any]) -> Service:
    """Build a service from a row of `effective`.

    :raises KeyError, ValueError, TypeError: for a row that is not one.
    """
    return Service(
        namespace=str(row["namespace"]),
        name=str(row["name"]),
        replicas=_count(row["replicas"]),
        replicas_source=row["replicas_source"],
        autoscaled=row["replicas_policy"] == "autoscaled",
        mode=Mode(row["mode"]) if row["mode"] is not None else None,
        containers=tuple(
            ContainerValues(str(name), *(_count(value) for value in values))
            for name, *values in zip(
                row["containers.name"],
                row["containers.request_cpu_m"],
                row["containers.limit_cpu_m"],
                row["containers.request_mem_mib"],
                row["containers.limit_mem_mib"],
                strict=True,
            )
        ),
    )


def _count(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise ValueError(f"{value!r} is not a count")
