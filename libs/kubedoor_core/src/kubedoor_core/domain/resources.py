"""What the control table makes of one pod template's requests and limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kubedoor_core.domain import quantity
from kubedoor_core.domain.container import KINDS, Kind, Place, read
from kubedoor_core.domain.control import Service
from kubedoor_core.domain.patch import Operation
from kubedoor_core.domain.settle import Change, Floors, Settled, amounts, settle
from kubedoor_core.errors import BadValueError


class Outcome(NamedTuple):
    """What becomes of the pod's resources, and what is to be said of it."""

    patch: tuple[Operation, ...] = ()
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()


def govern(pod_spec: Mapping[str, Any], service: Service, floors: Floors) -> Outcome:
    """Work out every container's requests and limits.

    :raises BadValueError: for a pod spec that is none.
    """
    patch, changes, warnings, unset = list[Operation](), list[Change](), list[str](), list[str]()
    every = list[Settled]()
    for place, container in _governable(pod_spec, warnings):
        values = service.values_of(container.get("name") or "", first=place.first)
        settled = settle(place, read(_name(container), container.get("resources")), values, floors)
        every.append(settled)
        patch += settled.patch
        changes += settled.changes
        warnings += settled.warnings
        unset += settled.unset
    if patch and (warning := _exceeds_pod(pod_spec, every)):
        return Outcome(warnings=(*warnings, warning), unset=tuple(unset))
    return Outcome(tuple(patch), tuple(changes), tuple(warnings), tuple(unset))


def _governable(
    pod_spec: Mapping[str, Any], warnings: list[str]
) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield the containers that run with the pod: the init containers only where they go on running."""
    every = [
        (list_name, number, container)
        for list_name in ("containers", "initContainers")
        for number, container in enumerate(_list(pod_spec, list_name))
    ]
    names = [container.get("name") for _, _, container in every]
    for list_name, number, container in every:
        if names.count(container.get("name")) > 1:
            warnings.append(f"{_name(container)}: named twice, its resources are left alone")
        elif list_name == "containers" or container.get("restartPolicy") == "Always":
            yield Place(list_name, number), container


def _list(pod_spec: Mapping[str, Any], list_name: str) -> list[Mapping[str, Any]]:
    containers = pod_spec.get(list_name)
    if containers is None:
        return []
    if not isinstance(containers, list):
        raise BadValueError(f"spec.template.spec.{list_name} must be a list of containers")
    for container in containers:
        if not isinstance(container, dict):
            raise BadValueError(f"spec.template.spec.{list_name} must be a list of containers")
        if not isinstance(container.get("name") or "", str):
            raise BadValueError(f"spec.template.spec.{list_name}[].name must be a string")
    return containers


def _name(container: Mapping[str, Any]) -> str:
    return quantity.shown(container.get("name") or "(no name)")


def _exceeds_pod(pod_spec: Mapping[str, Any], every: list[Settled]) -> str | None:
    """Tell where the containers together would exceed the pod's own resources."""
    pod = pod_spec.get("resources")
    if not isinstance(pod, dict):
        return None
    for (kind, resource), amount in amounts(read("pod", pod)).items():
        checked: tuple[Kind, ...] = KINDS if kind == "limits" else ("requests",)
        for of_containers in checked:
            key = (of_containers, resource)
            if sum(settled.gets[key].value for settled in every if key in settled.gets) > amount.value:
                return (
                    f"resources are left alone: the containers' {resource} {of_containers} together"
                    f" would exceed the pod's {resource} {kind[:-1]} of {amount.text}"
                )
    return None
