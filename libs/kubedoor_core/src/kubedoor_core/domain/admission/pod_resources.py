"""What the control table makes of one pod template's requests and limits."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

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
    DeclaredResources,
    ResourceName,
)
from kubedoor_core.domain.admission.limit_range import UNBOUNDED, LimitRange
from kubedoor_core.domain.admission.manifest import Pod, shown_name
from kubedoor_core.domain.admission.notes import Change, Note, NoteCode, ValueName
from kubedoor_core.domain.admission.patch import PatchOperation
from kubedoor_core.domain.control import Service


class PodPatch(NamedTuple):
    """What becomes of the pod's resources, and what is to be said of it."""

    patch: tuple[PatchOperation, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[Note, ...] = ()
    unset: tuple[ValueName, ...] = ()


_reconciled = lru_cache(maxsize=1024)(reconcile)
"""Sidecars are alike in many services."""


def govern(pod: Pod, service: Service, floors: Floors, limit_range: LimitRange) -> PodPatch:
    """Work out every container's requests and limits."""
    every = [
        _reconciled(ref, found, service.values_of(name, first=ref.first), floors, limit_range)
        for ref, name, found in pod.containers
    ]
    notes = [Note.of(NoteCode.CONTAINER_DUPLICATED, container=shown_name(name)) for name in pod.duplicated]
    patch, changes, unset = list[PatchOperation](), list[Change](), list[ValueName]()
    for made in every:
        patch += made.patch
        changes += made.changes
        notes += made.notes
        unset += made.unset
    if patch and (refused := _exceeds_pod(pod.own, every) or _exceeds_range(limit_range, every)):
        return PodPatch(notes=(*notes, refused), unset=tuple(unset))
    return PodPatch(tuple(patch), tuple(changes), tuple(notes), tuple(unset))


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
