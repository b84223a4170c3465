"""What the control table makes of one pod template's requests and limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from kubedoor_core.domain import quantity
from kubedoor_core.domain.container import KINDS, Kind, Place, Written, read
from kubedoor_core.domain.control import Service
from kubedoor_core.domain.patch import Operation
from kubedoor_core.domain.settle import Change, Floors, Settled, amounts, settle
from kubedoor_core.errors import BadValueError

MOST_CONTAINERS = 16
MOST_NAME_CHARS = 63
"""Kubernetes' own limit of a container's name."""


class Container(NamedTuple):
    """A container that runs with the pod: its place, its name, and what its manifest says."""

    place: Place
    name: str
    written: Written


class Pod(NamedTuple):
    """All of a pod template that governing its resources depends on.

    ``twice`` are the names that several containers have; ``own`` are the resources of the pod as a whole.
    """

    containers: tuple[Container, ...]
    twice: tuple[str, ...] = ()
    own: Written | None = None

    @property
    def is_small(self) -> bool:
        """Tell whether it may be remembered: what somebody made up can be megabytes."""
        if len(self.containers) > MOST_CONTAINERS or self.twice:
            return False
        return all(len(container.name) <= MOST_NAME_CHARS for container in self.containers)


class Outcome(NamedTuple):
    """What becomes of the pod's resources, and what is to be said of it."""

    patch: tuple[Operation, ...] = ()
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()


def read_pod(pod_spec: Mapping[str, Any]) -> Pod:
    """Read the containers that run with the pod: the init containers only where they go on running.

    :raises BadValueError: for a pod spec that is none.
    """
    running, init = _list(pod_spec, "containers"), _list(pod_spec, "initContainers")
    twice = _twice([container.get("name") or "" for container in (*running, *init)])
    found = list[Container]()
    for list_name, listed in (("containers", running), ("initContainers", init)):
        for number, container in enumerate(listed):
            name = container.get("name") or ""
            if name not in twice and (listed is running or container.get("restartPolicy") == "Always"):
                written = read(_shown(name), container.get("resources"))
                found.append(Container(Place(list_name, number), name, written))
    own = pod_spec.get("resources")
    return Pod(tuple(found), tuple(twice), read("pod", own) if isinstance(own, dict) else None)


def _twice(names: list[str]) -> Mapping[str, int]:
    """Count the names that more than one has; nearly always there is none."""
    if len(set(names)) == len(names):
        return {}
    return {name: count for name, count in Counter(names).items() if count > 1}


def _shown(name: str) -> str:
    return quantity.shown(name or "(no name)")


def govern(pod: Pod, service: Service, floors: Floors) -> Outcome:
    """Work out every container's requests and limits."""
    every = [
        settle(place, written, service.values_of(name, first=place.first), floors)
        for place, name, written in pod.containers
    ]
    warnings = [f"{_shown(name)}: named twice, its resources are left alone" for name in pod.twice]
    warnings += [warning for settled in every for warning in settled.warnings]
    unset = tuple(what for settled in every for what in settled.unset)
    patch = tuple(operation for settled in every for operation in settled.patch)
    if patch and pod.own and (warning := _exceeds_pod(pod.own, every)):
        return Outcome(warnings=(*warnings, warning), unset=unset)
    changes = tuple(change for settled in every for change in settled.changes)
    return Outcome(patch, changes, tuple(warnings), unset)


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


def _exceeds_pod(own: Written, every: list[Settled]) -> str | None:
    """Tell where the containers together would exceed the pod's own resources."""
    for (kind, resource), amount in amounts(own).items():
        checked: tuple[Kind, ...] = KINDS if kind == "limits" else ("requests",)
        for of_containers in checked:
            key = (of_containers, resource)
            if sum(settled.gets[key].value for settled in every if key in settled.gets) > amount.value:
                return (
                    f"resources are left alone: the containers' {resource} {of_containers} together"
                    f" would exceed the pod's {resource} {kind[:-1]} of {amount.text}"
                )
    return None
