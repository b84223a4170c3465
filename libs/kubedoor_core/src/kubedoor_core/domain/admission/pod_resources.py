"""What the control table makes of one pod template's requests and limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from kubedoor_core.domain import quantity
from kubedoor_core.domain.admission.container_resources import (
    Floors,
    ResourcePatch,
    amounts,
    reconcile,
    requested,
)
from kubedoor_core.domain.admission.declared import (
    NUMBERS,
    RESOURCES,
    ContainerRef,
    DeclaredResources,
    ResourceName,
    read_resources,
)
from kubedoor_core.domain.admission.limit_range import UNBOUNDED, LimitRange
from kubedoor_core.domain.admission.notes import Change, Note, NoteCode, ValueName
from kubedoor_core.domain.admission.patch import PatchOperation
from kubedoor_core.domain.control import Service
from kubedoor_core.errors import BadValueError

MOST_CONTAINERS = 16
MOST_NAME_CHARS = 63
"""Kubernetes' own limit of a container's name."""


class Container(NamedTuple):
    """A container that runs with the pod: where it stands, its name, and what its manifest says."""

    ref: ContainerRef
    name: str
    declared: DeclaredResources


class Pod(NamedTuple):
    """All of a pod template that governing its resources depends on.

    :ivar duplicated: the names that several containers have.
    :ivar own: the resources of the pod as a whole.
    """

    containers: tuple[Container, ...]
    duplicated: tuple[str, ...] = ()
    own: DeclaredResources | None = None

    @property
    def is_small(self) -> bool:
        """Tell whether it may be remembered: what somebody made up can be megabytes."""
        if len(self.containers) > MOST_CONTAINERS or self.duplicated:
            return False
        return all(len(container.name) <= MOST_NAME_CHARS for container in self.containers)


class PodPatch(NamedTuple):
    """What becomes of the pod's resources, and what is to be said of it."""

    patch: tuple[PatchOperation, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[Note, ...] = ()
    unset: tuple[ValueName, ...] = ()


def read_pod(pod_spec: Mapping[str, Any]) -> Pod:
    """Read the containers that run with the pod: the init containers only where they go on running.

    :raises BadValueError: for a pod spec that is none.
    """
    running, init = _list(pod_spec, "containers"), _list(pod_spec, "initContainers")
    duplicated = _duplicated([name for name, _ in running] + [name for name, _ in init])
    found = [
        Container(
            ContainerRef(list_name, position), name, read_resources(_shown(name), given.get("resources"))
        )
        for list_name, listed in (("containers", running), ("initContainers", init))
        for position, (name, given) in enumerate(listed)
        if name not in duplicated and (listed is running or given.get("restartPolicy") == "Always")
    ]
    own = pod_spec.get("resources")
    return Pod(tuple(found), tuple(duplicated), read_resources("pod", own) if isinstance(own, dict) else None)


def _duplicated(names: list[str]) -> Mapping[str, int]:
    """Count the names that more than one has; nearly always there is none."""
    if len(set(names)) == len(names):
        return {}
    return {name: count for name, count in Counter(names).items() if count > 1}


def _shown(name: str) -> str:
    return quantity.shown(name or "(no name)")


def govern(pod: Pod, service: Service, floors: Floors, limit_range: LimitRange) -> PodPatch:
    """Work out every container's requests and limits."""
    every = [
        reconcile(ref, declared, service.values_of(name, first=ref.first), floors, limit_range)
        for ref, name, declared in pod.containers
    ]
    notes = [Note.of(NoteCode.CONTAINER_DUPLICATED, container=_shown(name)) for name in pod.duplicated]
    patch, changes, unset = list[PatchOperation](), list[Change](), list[ValueName]()
    for made in every:
        patch += made.patch
        changes += made.changes
        notes += made.notes
        unset += made.unset
    if patch and (refused := _exceeds_pod(pod.own, every) or _exceeds_range(limit_range, every)):
        return PodPatch(notes=(*notes, refused), unset=tuple(unset))
    return PodPatch(tuple(patch), tuple(changes), tuple(notes), tuple(unset))


def _list(pod_spec: Mapping[str, Any], list_name: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the containers of a list with their names."""
    containers = pod_spec.get(list_name)
    if containers is None:
        return []
    if not isinstance(containers, list):
        raise BadValueError(f"spec.template.spec.{list_name} must be a list of containers")
    found = list[tuple[str, Mapping[str, Any]]]()
    for container in containers:
        if not isinstance(container, dict):
            raise BadValueError(f"spec.template.spec.{list_name} must be a list of containers")
        name = container.get("name") or ""
        if not isinstance(name, str):
            raise BadValueError(f"spec.template.spec.{list_name}[].name must be a string")
        found.append((name, container))
    return found


def _requests(every: list[ResourcePatch], resource: ResourceName) -> int:
    """Return what the containers request together, in nanos, with what Kubernetes adds after us."""
    found = (requested(made.target, resource) for made in every)
    return sum(amount.value for amount in found if amount)


def _limits(every: list[ResourcePatch], resource: ResourceName) -> int:
    found = (made.target[NUMBERS[resource][1]] for made in every)
    return sum(amount.value for amount in found if amount)


def _exceeds_pod(own: DeclaredResources | None, every: list[ResourcePatch]) -> Note | None:
    """Tell where the containers' values, with what Kubernetes adds after us, contradict the pod's own.

    A pod that has a limit and no request may request all of its limit.
    """
    if own is None:
        return None
    of_pod = amounts(own)
    for resource in RESOURCES:
        own_request, limit = (of_pod[number] for number in NUMBERS[resource])
        request = own_request or limit
        if request and _requests(every, resource) > request.value:
            kind = "request" if own_request else "limit"
            return _pod_exceeded(resource, "requests", kind, request.text)
        if limit and _limits(every, resource) > limit.value:
            return _pod_exceeded(resource, "limits", "limit", limit.text)
    return None


def _pod_exceeded(resource: ResourceName, kind: str, pod_kind: str, text: str) -> Note:
    return Note.of(
        NoteCode.POD_RESOURCES_EXCEEDED,
        resource=resource,
        kind=kind,
        pod_kind=pod_kind,
        pod_value=quantity.shown(text),
    )


def _exceeds_range(limit_range: LimitRange, every: list[ResourcePatch]) -> Note | None:
    """Tell where the containers together would leave what a LimitRange takes of a pod."""
    for resource in RESOURCES:
        bounds = limit_range.of_pod(resource)
        if bounds == UNBOUNDED:
            continue
        requests = _requests(every, resource)
        limit = _limits(every, resource)
        if bounds.max and max(requests, limit) > bounds.max.value:
            return Note.of(NoteCode.POD_LIMIT_RANGE, resource=resource, kind="limit")
        if bounds.min and requests < bounds.min.value:
            return Note.of(NoteCode.POD_LIMIT_RANGE, resource=resource, kind="request")
        if bounds.max_ratio and limit * quantity.NANO > requests * bounds.max_ratio:
            return Note.of(NoteCode.POD_LIMIT_RANGE, resource=resource, kind="request")
    return None
