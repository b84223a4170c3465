"""Selectors of labels: of pods and of nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

Json = Mapping[str, Any]
Labels = Mapping[str, str]


class Requirement(NamedTuple):
    """One condition on a label."""

    key: str
    operator: str
    values: tuple[str, ...] = ()


Selector = tuple[Requirement, ...]
"""All of them must hold; an empty one selects everything."""


class NodeTerm(NamedTuple):
    """A node selector term: it chooses a node whose labels and whose own fields hold; an empty one none."""

    labels: Selector
    fields: Selector

    def chooses(self, name: str, labels: Labels) -> bool:
        """Tell whether it chooses a node."""
        wanted = self.labels or self.fields
        return bool(wanted) and matches(self.labels, labels) and matches(self.fields, {"metadata.name": name})


def read_selector(selector: Json | None) -> Selector | None:
    """Read a LabelSelector; None, which selects nothing, for none."""
    if selector is None:
        return None
    equal = (Requirement(key, "In", (value,)) for key, value in (selector.get("matchLabels") or {}).items())
    return (*equal, *read_requirements(selector.get("matchExpressions")))


def read_requirements(expressions: Iterable[Json] | None) -> Selector:
    """Read the expressions of a selector."""
    return tuple(
        Requirement(str(one["key"]), str(one["operator"]), tuple(map(str, one.get("values") or ())))
        for one in expressions or ()
    )


def read_node_terms(terms: Iterable[Json] | None) -> tuple[NodeTerm, ...]:
    """Read node selector terms."""
    return tuple(
        NodeTerm(read_requirements(one.get("matchExpressions")), read_requirements(one.get("matchFields")))
        for one in terms or ()
    )


def matches(selector: Selector | None, labels: Labels) -> bool:
    """Tell whether a selector selects what bears labels."""
    return selector is not None and all(_holds(one, labels.get(one.key)) for one in selector)


def _holds(requirement: Requirement, value: str | None) -> bool:
    match requirement.operator:
        case "In":
            return value in requirement.values
        case "NotIn":
            return value not in requirement.values
        case "Exists":
            return value is not None
        case "Gt" | "Lt":
            return _compares(requirement, value)
        case _:
            return value is None


def _compares(requirement: Requirement, value: str | None) -> bool:
    bound = next(iter(requirement.values), "")
    if value is None or not _is_whole(value) or not _is_whole(bound):
        return False
    return int(value) > int(bound) if requirement.operator == "Gt" else int(value) < int(bound)


def _is_whole(text: str) -> bool:
    return text.lstrip("-").isdigit()
