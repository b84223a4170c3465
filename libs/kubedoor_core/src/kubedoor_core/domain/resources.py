"""What the control table makes of one pod template's requests and limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from kubedoor_core.domain import quantity
from kubedoor_core.domain.control import ContainerValues, Service
from kubedoor_core.domain.patch import Operation, add
from kubedoor_core.errors import BadValueError

Kind = Literal["requests", "limits"]
ResourceName = Literal["cpu", "memory"]

KINDS: tuple[Kind, Kind] = ("requests", "limits")
RESOURCES: tuple[ResourceName, ResourceName] = ("cpu", "memory")
POD_SPEC = ("spec", "template", "spec")


@dataclass(frozen=True, slots=True)
class Floors:
    """The least that is ever set, so that a quiet service can still start."""

    cpu_m: int = 10
    mem_mib: int = 32


class Amount(NamedTuple):
    """A quantity: its value, in nanos of a core or byte, and how it is written."""

    value: int
    text: str


Amounts = dict[tuple[Kind, ResourceName], Amount]
"""What one container asks for and may use; a key that is missing is not known."""


@dataclass(slots=True)
class Container:
    """One container of the pod, with what it has and what it is to have."""

    list_name: str
    index: int
    name: str
    resources: Mapping[str, Any] | None
    has: Amounts
    gets: Amounts
    changed: list[tuple[Kind, ResourceName, Amount]] = field(default_factory=list)

    def compare(self) -> None:
        """Note what differs by value: an equal value in other words is no change."""
        for resource in RESOURCES:
            for kind in KINDS:
                before, after = self.has.get((kind, resource)), self.gets.get((kind, resource))
                if after and (before is None or before.value != after.value):
                    self.changed.append((kind, resource, after))


@dataclass(slots=True)
class Outcome:
    """What becomes of the pod's resources, and what is to be said of it."""

    containers: list[Container] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unset: list[str] = field(default_factory=list)

    def operations(self) -> list[Operation]:
        """Return the patch of the containers."""
        return [operation for container in self.containers for operation in _patch(container)]

    def changes(self) -> Iterator[tuple[str, str, str]]:
        """Yield each change: what (`app: cpu request`), before (`2`) and after (`250m`)."""
        for container in self.containers:
            for kind, resource, amount in container.changed:
                what = f"{container.name}: {resource} {kind[:-1]}"
                yield what, _before(container, kind, resource), amount.text


def govern(pod_spec: Mapping[str, Any], service: Service, floors: Floors) -> Outcome:
    """Work out every container's requests and limits.

    :raises BadValueError: for a pod spec that is none.
    """
    outcome = Outcome()
    for list_name, index, container in _governable(pod_spec, outcome.warnings):
        name = container.get("name") or ""
        values = service.values_of(name, first=(list_name, index) == ("containers", 0))
        outcome.containers.append(_govern(list_name, index, container, values, floors, outcome))
    if warning := _exceeds_pod(pod_spec, outcome.containers):
        for entry in outcome.containers:
            entry.changed.clear()
        outcome.warnings.append(warning)
    return outcome


def _governable(
    pod_spec: Mapping[str, Any], warnings: list[str]
) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """Yield the containers that run with the pod: the init containers only where they go on running."""
    every = [
        (list_name, index, container)
        for list_name in ("containers", "initContainers")
        for index, container in enumerate(_list(pod_spec, list_name))
    ]
    names = [container.get("name") for _, _, container in every]
    for list_name, index, container in every:
        if names.count(container.get("name")) > 1:
            warnings.append(f"{_name(container)}: named twice, its resources are left alone")
        elif list_name == "containers" or container.get("restartPolicy") == "Always":
            yield list_name, index, container


def _list(pod_spec: Mapping[str, Any], list_name: str) -> list[Mapping[str, Any]]:
    containers = pod_spec.get(list_name)
    if containers is None:
        return []
    if not isinstance(containers, list) or not all(isinstance(c, dict) for c in containers):
        raise BadValueError(f"spec.template.spec.{list_name} must be a list of containers")
    for container in containers:
        if not isinstance(container.get("name") or "", str):
            raise BadValueError(f"spec.template.spec.{list_name}[].name must be a string")
    return containers


def _govern(
    list_name: str,
    index: int,
    container: Mapping[str, Any],
    values: ContainerValues | None,
    floors: Floors,
    outcome: Outcome,
) -> Container:
    name = quantity.shown(_name(container))
    resources, unreadable = _resources(container), list[tuple[Kind, ResourceName]]()
    has = dict(_amounts(resources, name, outcome.warnings, unreadable))
    gets = dict(has)
    if values is not None:
        wanted = _wanted(values, floors)
        outcome.unset.extend(
            f"{name}: {resource} {kind[:-1]}"
            for resource in RESOURCES
            for kind in KINDS
            if (kind, resource) not in wanted
        )
        gets |= {key: amount for key, amount in wanted.items() if key not in unreadable}
        outcome.warnings.extend(_bring_down(name, gets))
    governed = Container(list_name, index, name, resources, has, gets)
    governed.compare()
    return governed


def _name(container: Mapping[str, Any]) -> str:
    return container.get("name") or "(no name)"


def _resources(container: Mapping[str, Any]) -> Mapping[str, Any] | None:
    resources = container.get("resources")
    if resources is not None and not isinstance(resources, dict):
        raise BadValueError(f"resources of container {_name(container)} must be an object")
    return resources


def _amounts(
    resources: Mapping[str, Any] | None,
    name: str,
    warnings: list[str],
    unreadable: list[tuple[Kind, ResourceName]],
) -> Iterator[tuple[tuple[Kind, ResourceName], Amount]]:
    """Yield what a manifest says; what is no quantity is told, and left alone."""
    for kind in KINDS:
        listed = (resources or {}).get(kind)
        if listed is not None and not isinstance(listed, dict):
            raise BadValueError(f"resources.{kind} of {name} must be an object")
        for resource in RESOURCES:
            written = (listed or {}).get(resource)
            if written is None:
                continue
            try:
                yield (kind, resource), Amount(quantity.parse(written), str(written))
            except BadValueError as error:
                unreadable.append((kind, resource))
                warnings.append(f"{name}: {resource} {kind[:-1]} is left alone: {error}")


@lru_cache(maxsize=65_536)
def _wanted(values: ContainerValues, floors: Floors) -> Mapping[tuple[Kind, ResourceName], Amount]:
    """Return what the control table says, never below the floors."""
    table: tuple[tuple[Kind, ResourceName, int | None, int, Callable[[int], Amount]], ...] = (
        ("requests", "cpu", values.request_cpu_m, floors.cpu_m, _cpu_amount),
        ("limits", "cpu", values.limit_cpu_m, floors.cpu_m, _cpu_amount),
        ("requests", "memory", values.request_mem_mib, floors.mem_mib, _memory_amount),
        ("limits", "memory", values.limit_mem_mib, floors.mem_mib, _memory_amount),
    )
    return {
        (kind, resource): amount(max(value, floor))
        for kind, resource, value, floor, amount in table
        if value is not None
    }


def _cpu_amount(cpu_m: int) -> Amount:
    return Amount(quantity.cpu(cpu_m), quantity.cpu_text(cpu_m))


def _memory_amount(mem_mib: int) -> Amount:
    return Amount(quantity.memory(mem_mib), quantity.memory_text(mem_mib))


def _bring_down(name: str, gets: Amounts) -> Iterator[str]:
    """Bring a request above its limit down to it: Kubernetes refuses such a pod."""
    for resource in RESOURCES:
        request, limit = gets.get(("requests", resource)), gets.get(("limits", resource))
        if request and limit and request.value > limit.value:
            gets["requests", resource] = limit
            yield f"{name}: {resource} request {request.text} is above the limit, lowered to {limit.text}"


def _exceeds_pod(pod_spec: Mapping[str, Any], containers: list[Container]) -> str | None:
    """Tell where the containers together would exceed the pod's own resources."""
    pod = pod_spec.get("resources")
    if not isinstance(pod, dict) or not any(c.changed for c in containers):
        return None
    allowed = dict(_amounts(pod, "pod", [], []))
    for (kind, resource), amount in allowed.items():
        checked: tuple[Kind, ...] = KINDS if kind == "limits" else ("requests",)
        for of_containers in checked:
            total = sum(
                c.gets[of_containers, resource].value
                for c in containers
                if (of_containers, resource) in c.gets
            )
            if total > amount.value:
                return (
                    f"resources are left alone: the containers' {resource} {of_containers} together"
                    f" would exceed the pod's {resource} {kind[:-1]} of {amount.text}"
                )
    return None


def _before(container: Container, kind: Kind, resource: ResourceName) -> str:
    amount = container.has.get((kind, resource))
    return quantity.shown(amount.text) if amount else "none"


def _patch(container: Container) -> Iterator[Operation]:
    """Yield the operations of one container; parents that are missing are made with what they hold."""
    if not container.changed:
        return
    changed: dict[Kind, dict[ResourceName, str]] = {}
    for kind, resource, amount in container.changed:
        changed.setdefault(kind, {})[resource] = amount.text
    place = (*POD_SPEC, container.list_name, container.index, "resources")
    if container.resources is None:
        yield add(changed, *place)
        return
    for of_kind, values in changed.items():
        if (container.resources or {}).get(of_kind) is None:
            yield add(values, *place, of_kind)
        else:
            for name, text in values.items():
                yield add(text, *place, of_kind, name)
