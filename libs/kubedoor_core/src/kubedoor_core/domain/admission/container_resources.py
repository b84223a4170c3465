"""What one container gets: the control table's values over the manifest's, within what Kubernetes takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from kubedoor_core.domain import quantity
from kubedoor_core.domain.admission.declared import (
    KEYS,
    RESOURCES,
    Amount,
    Amounts,
    ContainerRef,
    DeclaredResources,
    Key,
    Kind,
    ResourceName,
)
from kubedoor_core.domain.admission.limit_range import UNBOUNDED, LimitRange
from kubedoor_core.domain.admission.notes import Change, Note, NoteCode, ValueName
from kubedoor_core.domain.admission.patch import PatchOperation, add, remove
from kubedoor_core.domain.control import ContainerValues
from kubedoor_core.errors import BadValueError

POD_SPEC = ("spec", "template", "spec")
MILLI, MEBI = 10**6, 2**20 * 10**9
"""One millicore and one MiB, in nanos."""


class Floors(NamedTuple):
    """The least that is ever set, so that a quiet service can still start."""

    cpu_m: int = 10
    mem_mib: int = 32


class ResourcePatch(NamedTuple):
    """What one container gets, what of that is new, and what is to be said of it."""

    target: Mapping[Key, Amount]
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
    target = current | wanted
    for key in invalid:
        target.pop(key, None)
    notes.extend(_lower_requests(name, target))
    notes.extend(_fit(name, target, limit_range))
    new = {key: target[key] for key in KEYS if key in target and _differs(current.get(key), target[key])}
    notes.extend(_defaulted(name, target, new))
    zeros = _zero_limits(declared, target, new)
    notes.extend(Note.of(NoteCode.LIMIT_OF_ZERO, **_about(name, ("limits", one))) for one in zeros)
    return ResourcePatch(
        target,
        (*_patch(ref, declared, new), *(remove(*_place(ref), "limits", one) for one in zeros)),
        tuple([_change(name, key, current.get(key), amount) for key, amount in new.items()]),
        tuple(notes),
        tuple([_value_name(name, key) for key in KEYS if key not in wanted]),
    )


def amounts(declared: DeclaredResources) -> Amounts:
    """Return what is declared, without what is no quantity."""
    return _declared_amounts(declared, [])[0]


def requested(target: Mapping[Key, Amount], resource: ResourceName) -> Amount | None:
    """Return what a pod requests for a container: Kubernetes takes the limit where there is no request."""
    return target.get(("requests", resource)) or target.get(("limits", resource))


def _declared_amounts(declared: DeclaredResources, notes: list[Note]) -> tuple[Amounts, set[Key]]:
    """Return what a manifest says; what is no quantity is told and left alone. A limit of 0 is none."""
    found, invalid = Amounts(), set[Key]()
    for key, text in zip(KEYS, declared.texts, strict=True):
        if text is None:
            continue
        amount = _amount(text)
        if amount is None:
            invalid.add(key)
            about = _about(declared.name, key)
            notes.append(Note.of(NoteCode.QUANTITY_INVALID, value=quantity.shown(text), **about))
        elif amount.value or key[0] == "requests":
            found[key] = amount
    return found, invalid


@lru_cache(maxsize=4096)
def _amount(text: str) -> Amount | None:
    try:
        return Amount(quantity.parse(text), text)
    except BadValueError:
        return None


def _wanted(values: ContainerValues, floors: Floors) -> Amounts:
    """Return what the control table says, never below the floors. A limit of 0 is none."""
    _, request_cpu_m, limit_cpu_m, request_mem_mib, limit_mem_mib = values
    wanted = Amounts()
    if request_cpu_m is not None:
        wanted["requests", "cpu"] = _cpu_amount(max(request_cpu_m, floors.cpu_m))
    if limit_cpu_m:
        wanted["limits", "cpu"] = _cpu_amount(max(limit_cpu_m, floors.cpu_m))
    if request_mem_mib is not None:
        wanted["requests", "memory"] = _memory_amount(max(request_mem_mib, floors.mem_mib))
    if limit_mem_mib:
        wanted["limits", "memory"] = _memory_amount(max(limit_mem_mib, floors.mem_mib))
    return wanted


@lru_cache(maxsize=4096)
def _cpu_amount(cpu_m: int) -> Amount:
    return Amount(quantity.cpu(cpu_m), quantity.cpu_text(cpu_m))


@lru_cache(maxsize=4096)
def _memory_amount(mem_mib: int) -> Amount:
    return Amount(quantity.memory(mem_mib), quantity.memory_text(mem_mib))


def _lower_requests(name: str, target: Amounts) -> Iterator[Note]:
    """Lower a request that is above its limit: Kubernetes refuses such a pod."""
    for resource in RESOURCES:
        request, limit = target.get(("requests", resource)), target.get(("limits", resource))
        if request and limit and request.value > limit.value:
            target["requests", resource] = limit
            yield Note.of(
                NoteCode.REQUEST_ABOVE_LIMIT,
                container=name,
                resource=resource,
                before=quantity.shown(request.text),
                after=quantity.shown(limit.text),
            )


def _fit(name: str, target: Amounts, limit_range: LimitRange) -> Iterator[Note]:
    """Keep within the namespace's LimitRange, reckoning with the defaults that it adds after us."""
    for resource in RESOURCES:
        if limit_range.of(resource) == UNBOUNDED:
            continue
        fitted = _fitted(target, resource, limit_range)
        for key in ((kind, resource) for kind in ("limits", "requests")):
            amount = fitted.get(key)
            if amount is not None and _differs(target.get(key), amount):
                before = target.get(key)
                target[key] = amount
                yield Note.of(
                    NoteCode.LIMIT_RANGE,
                    before=quantity.shown(before.text) if before else "none",
                    after=quantity.shown(amount.text),
                    **_about(name, key),
                )


def _fitted(target: Amounts, resource: ResourceName, limit_range: LimitRange) -> Amounts:
    bounds, fitted = limit_range.of(resource), Amounts()
    limit, request = target.get(("limits", resource)), target.get(("requests", resource))
    if limit:
        limit = fitted["limits", resource] = _clamped(limit, bounds.min, bounds.max)
    limit = limit or bounds.default or bounds.max
    if request:
        request = _clamped(request, bounds.min, _least(bounds.max, limit))
        if limit and bounds.max_ratio and limit.value * quantity.NANO > request.value * bounds.max_ratio:
            request = _raised(limit, bounds.max_ratio, resource)
        fitted["requests", resource] = request
    return fitted


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


def _defaulted(name: str, target: Amounts, new: Mapping[Key, Amount]) -> Iterator[Note]:
    """Tell of a limit that is set where no request is known: the pod will request all of it."""
    for resource in RESOURCES:
        limit = new.get(("limits", resource))
        if limit and ("requests", resource) not in target:
            yield Note.of(
                NoteCode.REQUEST_DEFAULTS_TO_LIMIT, container=name, resource=resource, limit=limit.text
            )


def _zero_limits(declared: DeclaredResources, target: Amounts, new: Amounts) -> list[ResourceName]:
    """Return which limits of 0 can't stay: they are none, but the API server takes no request above them."""
    written = dict(zip(KEYS, declared.texts, strict=True))
    return [
        resource
        for resource in RESOURCES
        if written["limits", resource] is not None
        and ("limits", resource) not in target
        and ("requests", resource) in new
        and quantity.is_zero(written["limits", resource])
    ]


def _differs(before: Amount | None, after: Amount) -> bool:
    """Compare by value: an equal value in other words is no change."""
    return before is None or before.value != after.value


def _patch(ref: ContainerRef, declared: DeclaredResources, new: Amounts) -> Iterator[PatchOperation]:
    """Yield the operations; parents that are missing are made with what they hold."""
    by_kind: dict[Kind, dict[ResourceName, str]] = {}
    for (kind, resource), amount in new.items():
        by_kind.setdefault(kind, {})[resource] = amount.text
    where = _place(ref)
    if by_kind and not declared.parents.resources:
        yield add(by_kind, *where)
        return
    there = {"requests": declared.parents.requests, "limits": declared.parents.limits}
    for of_kind, values in by_kind.items():
        if not there[of_kind]:
            yield add(values, *where, of_kind)
        else:
            for name, text in values.items():
                yield add(text, *where, of_kind, name)


def _place(ref: ContainerRef) -> tuple[str | int, ...]:
    return (*POD_SPEC, ref.list_name, ref.position, "resources")


def _singular(kind: Kind) -> Literal["request", "limit"]:
    return "request" if kind == "requests" else "limit"


def _about(name: str, key: Key) -> dict[str, str]:
    return {"container": name, "resource": key[1], "kind": _singular(key[0])}


def _value_name(name: str, key: Key) -> ValueName:
    return ValueName(name, key[1], _singular(key[0]))


def _change(name: str, key: Key, before: Amount | None, after: Amount) -> Change:
    text = quantity.shown(before.text) if before else None
    return Change(name, key[1], _singular(key[0]), text, after.text)
