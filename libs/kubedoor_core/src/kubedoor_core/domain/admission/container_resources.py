"""What one container gets: the control table's values over the manifest's, within what Kubernetes takes."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

from kubedoor_core.domain import quantity
from kubedoor_core.domain.admission.declared import (
    KEYS,
    NO_TEXTS,
    NUMBERS,
    RESOURCES,
    Amount,
    Amounts,
    ContainerRef,
    DeclaredResources,
    Kind,
    ResourceName,
)
from kubedoor_core.domain.admission.limit_range import NO_LIMIT_RANGE, UNBOUNDED, LimitRange
from kubedoor_core.domain.admission.notes import Change, Note, NoteCode, ValueName
from kubedoor_core.domain.admission.patch import PatchOperation, pointer
from kubedoor_core.domain.control import ContainerValues
from kubedoor_core.errors import BadValueError

POD_SPEC = ("spec", "template", "spec")
NUMBERED = tuple(enumerate(KEYS))
NOTHING: list[Amount | None] = [None] * len(KEYS)
MILLI, MEBI = 10**6, 2**20 * 10**9
"""One millicore and one MiB, in nanos."""


class Floors(NamedTuple):
    """The least that is ever set, so that a quiet service can still start."""

    cpu_m: int = 10
    mem_mib: int = 32


class ResourcePatch(NamedTuple):
    """What one container gets, what of that is new, and what is to be said of it."""

    target: Amounts
    patch: tuple[PatchOperation, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[Note, ...] = ()
    unset: tuple[ValueName, ...] = ()


def reconcile(
    ref: ContainerRef,
    declared: DeclaredResources,
    values: ContainerValues | None,
    floors: Floors,
    limit_range: LimitRange,
) -> ResourcePatch:
    """Work out a container's requests and limits.

    :param values: the container's row of the control table, or None: then all stays.
    """
    name, notes = declared.name, list[Note]()
    current, invalid = _declared_amounts(declared, notes)
    if values is None:
        return ResourcePatch(current, notes=tuple(notes))
    wanted = _wanted(values, floors)
    target = [after or before for before, after in zip(current, wanted, strict=True)]
    for number in invalid:
        target[number] = None
    _lower_requests(name, target, notes)
    if limit_range is not NO_LIMIT_RANGE:
        _fit(name, target, limit_range, notes)
    unset = _unset(name, wanted) if None in wanted else ()
    new = _new(current, target)
    if new == NOTHING:
        return ResourcePatch(target, notes=tuple(notes), unset=unset)
    _tell_defaulted(name, target, new, notes)
    zeros = _zero_limits(declared, target, new)
    notes.extend([Note.of(NoteCode.LIMIT_OF_ZERO, **_about(name, number)) for number in zeros])
    return ResourcePatch(
        target, _patch(ref, declared, new, zeros), _changes(name, current, new), tuple(notes), unset
    )


def amounts(declared: DeclaredResources) -> Amounts:
    """Return what is declared, without what is no quantity."""
    return _declared_amounts(declared, [])[0]


def requested(target: Amounts, resource: ResourceName) -> Amount | None:
    """Return what a pod requests for a container: Kubernetes takes the limit where there is no request."""
    request, limit = NUMBERS[resource]
    return target[request] or target[limit]


def _declared_amounts(
    declared: DeclaredResources, notes: list[Note]
) -> tuple[list[Amount | None], list[int]]:
    """Return what a manifest says; what is no quantity is told and left alone. A limit of 0 is none."""
    found, invalid = NOTHING.copy(), list[int]()
    if declared.texts == NO_TEXTS:
        return found, invalid
    for number, text in enumerate(declared.texts):
        if text is None:
            continue
        amount = _amount(text)
        if amount is None:
            invalid.append(number)
            about = _about(declared.name, number)
            notes.append(Note.of(NoteCode.QUANTITY_INVALID, value=quantity.shown(text), **about))
        elif amount.value or KEYS[number][0] == "requests":
            found[number] = amount
    return found, invalid


@lru_cache(maxsize=4096)
def _amount(text: str) -> Amount | None:
    try:
        return Amount(quantity.parse(text), text)
    except BadValueError:
        return None


@lru_cache(maxsize=4096)
def _wanted(values: ContainerValues, floors: Floors) -> Amounts:
    """Return what the control table says, never below the floors. A limit of 0 is none."""
    _, request_cpu_m, limit_cpu_m, request_mem_mib, limit_mem_mib = values
    return (
        None if request_cpu_m is None else _cpu_amount(max(request_cpu_m, floors.cpu_m)),
        _cpu_amount(max(limit_cpu_m, floors.cpu_m)) if limit_cpu_m else None,
        None if request_mem_mib is None else _memory_amount(max(request_mem_mib, floors.mem_mib)),
        _memory_amount(max(limit_mem_mib, floors.mem_mib)) if limit_mem_mib else None,
    )


@lru_cache(maxsize=4096)
def _cpu_amount(cpu_m: int) -> Amount:
    return Amount(quantity.cpu(cpu_m), quantity.cpu_text(cpu_m))


@lru_cache(maxsize=4096)
def _memory_amount(mem_mib: int) -> Amount:
    return Amount(quantity.memory(mem_mib), quantity.memory_text(mem_mib))


def _lower_requests(name: str, target: list[Amount | None], notes: list[Note]) -> None:
    """Lower a request that is above its limit: Kubernetes refuses such a pod."""
    for resource, (of_request, of_limit) in NUMBERS.items():
        request, limit = target[of_request], target[of_limit]
        if request and limit and request.value > limit.value:
            target[of_request] = limit
            notes.append(
                Note.of(
                    NoteCode.REQUEST_ABOVE_LIMIT,
                    container=name,
                    resource=resource,
                    before=quantity.shown(request.text),
                    after=quantity.shown(limit.text),
                )
            )


def _fit(name: str, target: list[Amount | None], limit_range: LimitRange, notes: list[Note]) -> None:
    """Keep within the namespace's LimitRange, reckoning with the defaults that it adds after us."""
    for resource in RESOURCES:
        if limit_range.of(resource) == UNBOUNDED:
            continue
        of_request, of_limit = NUMBERS[resource]
        request, limit = _fitted(target[of_request], target[of_limit], resource, limit_range)
        for number, amount in ((of_limit, limit), (of_request, request)):
            before = target[number]
            if amount is not None and _differs(before, amount):
                target[number] = amount
                notes.append(
                    Note.of(
                        NoteCode.LIMIT_RANGE,
                        before=quantity.shown(before.text) if before else "none",
                        after=quantity.shown(amount.text),
                        **_about(name, number),
                    )
                )


def _fitted(
    request: Amount | None, limit: Amount | None, resource: ResourceName, limit_range: LimitRange
) -> tuple[Amount | None, Amount | None]:
    """Return the request and the limit that fit; None stays None."""
    bounds = limit_range.of(resource)
    if limit:
        limit = _clamped(limit, bounds.min, bounds.max)
    holds = limit or bounds.default or bounds.max
    if request:
        request = _clamped(request, bounds.min, _least(bounds.max, holds))
        if holds and bounds.max_ratio and holds.value * quantity.NANO > request.value * bounds.max_ratio:
            request = _raised(holds, bounds.max_ratio, resource)
    return request, limit


def _clamped(amount: Amount, lowest: Amount | None, highest: Amount | None) -> Amount:
    if lowest and amount.value < lowest.value:
        amount = lowest
    return highest if highest and amount.value > highest.value else amount


def _least(one: Amount | None, other: Amount | None) -> Amount | None:
    return min((amount for amount in (one, other) if amount), default=None)


def _raised(limit: Amount, max_ratio: int, resource: ResourceName) -> Amount:
    """Return the least request, in whole millicores or MiB, that a limit is not too large for."""
    unit, amount = (MILLI, _cpu_amount) if resource == "cpu" else (MEBI, _memory_amount)
    least = amount(-(-limit.value * quantity.NANO // max_ratio // unit))
    return limit if least.value > limit.value else least


def _unset(name: str, wanted: Amounts) -> tuple[ValueName, ...]:
    return tuple(
        [
            ValueName(name, resource, _singular(kind))
            for number, (kind, resource) in NUMBERED
            if wanted[number] is None
        ]
    )


def _new(current: Amounts, target: Amounts) -> list[Amount | None]:
    return [
        after if after is not None and _differs(before, after) else None
        for before, after in zip(current, target, strict=True)
    ]


def _differs(before: Amount | None, after: Amount) -> bool:
    """Compare by value: an equal value in other words is no change."""
    return before is None or before.value != after.value


def _tell_defaulted(name: str, target: Amounts, new: Amounts, notes: list[Note]) -> None:
    """Tell of a limit that is set where no request is known: the pod will request all of it."""
    for resource, (of_request, of_limit) in NUMBERS.items():
        limit = new[of_limit]
        if limit and target[of_request] is None:
            note = NoteCode.REQUEST_DEFAULTS_TO_LIMIT
            notes.append(Note.of(note, container=name, resource=resource, limit=limit.text))


def _zero_limits(declared: DeclaredResources, target: Amounts, new: Amounts) -> list[int]:
    """Return which limits of 0 can't stay: they are none, but the API server takes no request above them."""
    return [
        of_limit
        for of_request, of_limit in NUMBERS.values()
        if new[of_request] is not None
        and target[of_limit] is None
        and declared.texts[of_limit] is not None
        and quantity.is_zero(declared.texts[of_limit])
    ]


class _Paths(NamedTuple):
    """Where a container's resources stand in a Deployment; ``values`` by `KEYS`."""

    resources: str
    kinds: dict[Kind, str]
    values: tuple[str, ...]


@lru_cache(maxsize=1024)
def _paths(ref: ContainerRef) -> _Paths:
    resources = pointer(*POD_SPEC, ref.list_name, ref.position, "resources")
    kinds: dict[Kind, str] = {kind: f"{resources}/{kind}" for kind, _ in KEYS}
    return _Paths(resources, kinds, tuple(f"{kinds[kind]}/{resource}" for kind, resource in KEYS))


def _patch(
    ref: ContainerRef, declared: DeclaredResources, new: Amounts, zeros: list[int]
) -> tuple[PatchOperation, ...]:
    """Return the operations; parents that are missing are made with what they hold."""
    by_kind: dict[Kind, dict[ResourceName, str]] = {}
    for (kind, resource), amount in zip(KEYS, new, strict=True):
        if amount:
            by_kind.setdefault(kind, {})[resource] = amount.text
    where = _paths(ref)
    patch = list[PatchOperation]()
    if not declared.parents.resources:
        patch.append({"op": "add", "path": where.resources, "value": by_kind})
    else:
        there = {"requests": declared.parents.requests, "limits": declared.parents.limits}
        for of_kind, values in by_kind.items():
            path = where.kinds[of_kind]
            if there[of_kind]:
                patch += [
                    {"op": "add", "path": f"{path}/{resource}", "value": text}
                    for resource, text in values.items()
                ]
            else:
                patch.append({"op": "add", "path": path, "value": values})
    patch += [{"op": "remove", "path": where.values[number]} for number in zeros]
    return tuple(patch)


def _singular(kind: Kind) -> Literal["request", "limit"]:
    return "request" if kind == "requests" else "limit"


def _about(name: str, number: int) -> dict[str, str]:
    kind, resource = KEYS[number]
    return {"container": name, "resource": resource, "kind": _singular(kind)}


def _changes(name: str, current: Amounts, new: Amounts) -> tuple[Change, ...]:
    changes = list[Change]()
    for number, (kind, resource) in NUMBERED:
        if after := new[number]:
            before = current[number]
            text = quantity.shown(before.text) if before else None
            changes.append(Change(name, resource, _singular(kind), text, after.text))
    return tuple(changes)
