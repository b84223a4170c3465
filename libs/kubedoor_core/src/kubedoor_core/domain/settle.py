"""What the control table makes of one container's requests and limits: arithmetic on four values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from kubedoor_core.domain import quantity
from kubedoor_core.domain.container import KEYS, RESOURCES, Key, Kind, Place, ResourceName, Written
from kubedoor_core.domain.control import ContainerValues
from kubedoor_core.domain.patch import Operation, add
from kubedoor_core.errors import BadValueError

POD_SPEC = ("spec", "template", "spec")


class Floors(NamedTuple):
    """The least that is ever set, so that a quiet service can still start."""

    cpu_m: int = 10
    mem_mib: int = 32


class Amount(NamedTuple):
    """A quantity: its value, in nanos of a core or byte, and how it is written."""

    value: int
    text: str


Amounts = dict[Key, Amount]
"""What one container asks for and may use; a key that is missing is not known."""


class Change(NamedTuple):
    """One governed value before and after; ``why`` is where the new one comes from, if worth saying."""

    what: str
    before: str
    after: str
    why: str = ""

    def __str__(self) -> str:
        """Say it in plain words: `replicas 10 -> 3 (manual)`."""
        return f"{self.what} {self.before} -> {self.after}" + (f" ({self.why})" if self.why else "")


class Settled(NamedTuple):
    """What one container gets, what of that is new, and what is to be said of it."""

    gets: Mapping[Key, Amount]
    patch: tuple[Operation, ...] = ()
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()


def settle(place: Place, written: Written, values: ContainerValues | None, floors: Floors) -> Settled:
    """Work out a container's requests and limits.

    :param values: the container's row of the control table, or None: then all stays.
    """
    warnings = list[str]()
    has, unreadable = _amounts(written, warnings)
    if values is None:
        return Settled(has, warnings=tuple(warnings))
    wanted = _wanted(values, floors)
    gets = has | {key: amount for key, amount in wanted.items() if key not in unreadable}
    warnings.extend(_bring_down(written.name, gets))
    new = {key: gets[key] for key in KEYS if key in gets and _differs(has.get(key), gets[key])}
    return Settled(
        gets,
        tuple(_patch(place, written, new)),
        tuple(Change(_what(written.name, key), _before(has.get(key)), new[key].text) for key in new),
        tuple(warnings),
        tuple(_what(written.name, key) for key in KEYS if key not in wanted),
    )


def amounts(written: Written) -> Amounts:
    """Return what is written, without what is no quantity."""
    return _amounts(written, [])[0]


def _amounts(written: Written, warnings: list[str]) -> tuple[Amounts, set[Key]]:
    """Return what a manifest says; what is no quantity is told, and left alone."""
    found, unreadable = Amounts(), set[Key]()
    for key, text in zip(KEYS, written.texts, strict=True):
        if text is None:
            continue
        try:
            found[key] = Amount(quantity.parse(text), text)
        except BadValueError as error:
            unreadable.add(key)
            warnings.append(f"{_what(written.name, key)} is left alone: {error}")
    return found, unreadable


def _wanted(values: ContainerValues, floors: Floors) -> Amounts:
    """Return what the control table says, never below the floors."""
    table: tuple[tuple[Key, int | None, int, Callable[[int], Amount]], ...] = (
        (("requests", "cpu"), values.request_cpu_m, floors.cpu_m, _cpu_amount),
        (("limits", "cpu"), values.limit_cpu_m, floors.cpu_m, _cpu_amount),
        (("requests", "memory"), values.request_mem_mib, floors.mem_mib, _memory_amount),
        (("limits", "memory"), values.limit_mem_mib, floors.mem_mib, _memory_amount),
    )
    return {key: amount(max(value, floor)) for key, value, floor, amount in table if value is not None}


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


def _differs(before: Amount | None, after: Amount) -> bool:
    """Compare by value: an equal value in other words is no change."""
    return before is None or before.value != after.value


def _patch(place: Place, written: Written, new: Amounts) -> Iterator[Operation]:
    """Yield the operations; parents that are missing are made with what they hold."""
    by_kind: dict[Kind, dict[ResourceName, str]] = {}
    for (kind, resource), amount in new.items():
        by_kind.setdefault(kind, {})[resource] = amount.text
    where = (*POD_SPEC, place.list_name, place.number, "resources")
    if by_kind and not written.parents.resources:
        yield add(by_kind, *where)
        return
    there = {"requests": written.parents.requests, "limits": written.parents.limits}
    for of_kind, values in by_kind.items():
        if not there[of_kind]:
            yield add(values, *where, of_kind)
        else:
            for name, text in values.items():
                yield add(text, *where, of_kind, name)


def _what(name: str, key: Key) -> str:
    kind, resource = key
    return f"{name}: {resource} {kind[:-1]}"


def _before(amount: Amount | None) -> str:
    return quantity.shown(amount.text) if amount else "none"
