"""Label and field selectors, as text (of a list) and as objects (of a Deployment or a webhook)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Labels = Mapping[str, str]

SET_BASED = re.compile(r"(?P<key>\S+)\s+(?P<operator>in|notin)\s*\((?P<values>[^()]*)\)")
EQUALITY = re.compile(r"(?P<key>[^=!\s]+)\s*(?P<operator>==|=|!=)\s*(?P<value>[^=!\s]*)")
KEY = re.compile(r"!?\s*[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?")


class SelectorError(ValueError):
    """The text is not a selector."""


@dataclass(frozen=True)
class Requirement:
    """One condition on the labels; `operator` as in LabelSelectorRequirement."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def matches(self, labels: Labels) -> bool:
        """Tell whether the labels fulfil it; NotIn is fulfilled by a missing label too."""
        match self.operator:
            case "In":
                return labels.get(self.key) in self.values
            case "NotIn":
                return labels.get(self.key) not in self.values
            case "Exists":
                return self.key in labels
            case _:
                return self.key not in labels


def from_text(text: str) -> list[Requirement]:
    """Read a `labelSelector` parameter.

    :raises SelectorError: when it is not one.
    """
    parts = re.split(r",(?![^()]*\))", text) if text.strip() else []
    return [_requirement(part.strip()) for part in parts]


def _requirement(part: str) -> Requirement:
    if found := SET_BASED.fullmatch(part):
        values = tuple(value.strip() for value in found["values"].split(","))
        return Requirement(found["key"], "In" if found["operator"] == "in" else "NotIn", values)
    if found := EQUALITY.fullmatch(part):
        operator = "NotIn" if found["operator"] == "!=" else "In"
        return Requirement(found["key"], operator, (found["value"],))
    if not KEY.fullmatch(part):
        raise SelectorError(f"unable to parse requirement: {part!r}")
    absent = part.startswith("!")
    return Requirement(part.lstrip("! "), "DoesNotExist" if absent else "Exists")


def from_object(selector: Json | None) -> list[Requirement]:
    """Read a LabelSelector; an empty one has no requirements, so everything matches."""
    selector = selector or {}
    equal = [Requirement(key, "In", (value,)) for key, value in selector.get("matchLabels", {}).items()]
    return equal + [
        Requirement(one["key"], one["operator"], tuple(one.get("values", ())))
        for one in selector.get("matchExpressions", [])
    ]


def matches(requirements: Sequence[Requirement], labels: Labels | None) -> bool:
    """Tell whether all requirements are fulfilled."""
    return all(requirement.matches(labels or {}) for requirement in requirements)


def to_text(selector: Json | None) -> str:
    """Write a LabelSelector as text, as `status.selector` of a Scale has it."""
    return ",".join(map(_text, sorted(from_object(selector), key=lambda one: one.key)))


def _text(one: Requirement) -> str:
    values = ",".join(sorted(one.values))
    match one.operator:
        case "In":
            return f"{one.key}={values}" if len(one.values) == 1 else f"{one.key} in ({values})"
        case "NotIn":
            return f"{one.key} notin ({values})"
        case "Exists":
            return one.key
        case _:
            return f"!{one.key}"


@dataclass(frozen=True)
class FieldRequirement:
    """One condition on a field, by its dotted path."""

    path: str
    value: str
    equal: bool

    def matches(self, obj: Json) -> bool:
        """Compare as text; a missing field is the empty text."""
        here: Any = obj
        for part in self.path.split("."):
            here = here.get(part) if isinstance(here, dict) else None
        return (str("" if here is None else here) == self.value) is self.equal


def fields_from_text(text: str, known: Sequence[str]) -> list[FieldRequirement]:
    """Read a `fieldSelector` parameter.

    :param known: the paths that the resource can be selected by.
    :raises SelectorError: when it is not one, or names another field.
    """
    return [_field(part.strip(), known) for part in text.split(",") if part.strip()]


def _field(part: str, known: Sequence[str]) -> FieldRequirement:
    found = re.fullmatch(r"(?P<path>[^=!]+?)(?P<operator>==|=|!=)(?P<value>.*)", part)
    if not found:
        raise SelectorError(f"invalid selector: '{part}'; can't understand '{part}'")
    if found["path"] not in known:
        raise SelectorError(f"field label not supported: {found['path']}")
    return FieldRequirement(found["path"], found["value"], found["operator"] != "!=")
