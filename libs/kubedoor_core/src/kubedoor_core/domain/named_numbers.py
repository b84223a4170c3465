"""Rules whose numbers are set by name in one text, `kept_share=0.8 min_replicas=3`; the others stay. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import Generic, NamedTuple, TypeVar

from kubedoor_core.errors import BadValueError

NUMBER = "number"
N = TypeVar("N", int, float)
P = TypeVar("P")


class NamedNumber(NamedTuple):
    """A number that can be set by name.

    :ivar default: what holds while it is not; an `int` where it is a whole number.
    """

    name: str
    default: int | float
    least: float
    most: float


def number(default: N, least: float, most: float) -> N:
    """Return a field of rules that can be set by name; a whole number where its default is an `int`."""
    return field(default=default, metadata={NUMBER: (default, least, most)})


def numbers_of(rules: type[object]) -> tuple[NamedNumber, ...]:
    """Return the numbers of rules that can be set by name."""
    known = fields(rules)  # type: ignore[arg-type]  # a dataclass
    return tuple(NamedNumber(one.name, *one.metadata[NUMBER]) for one in known if NUMBER in one.metadata)


@dataclass(frozen=True)
class Named(Generic[P]):
    """Rules, and the text that they were read from."""

    text: str
    rules: P

    def __str__(self) -> str:
        return self.text


def parse_named(text: str, rules: type[P]) -> Named[P]:
    """Read numbers by their names.

    :raises BadValueError: with the reason, and what would be right; also by `rules`, of those that don't go
        together.
    """
    known, given = {one.name: one for one in numbers_of(rules)}, dict[str, int | float]()
    for word in text.replace(",", " ").split():
        name, _, value = word.partition("=")
        if name not in known:
            names, example = ", ".join(known), next(f"{one.name}={one.default}" for one in known.values())
            raise BadValueError(f"{word!r} is none of {names} with its value, such as {example}")
        if name in given:
            raise BadValueError(f"{name} is there twice")
        given[name] = _number(known[name], value)
    return Named(" ".join(text.split()), rules(**given))


def _number(one: NamedNumber, text: str) -> int | float:
    whole = isinstance(one.default, int)
    try:
        value: int | float = int(text) if whole else float(text)
    except ValueError:
        value = math.nan
    if not one.least <= value <= one.most:
        kind = "whole number" if whole else "number"
        raise BadValueError(f"{one.name} is a {kind} from {one.least:g} to {one.most:g}, not {text!r}")
    return value
