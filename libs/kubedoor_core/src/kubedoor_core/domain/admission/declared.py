"""What a manifest declares: where a container stands in the pod, and its requests and limits as written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from kubedoor_core.domain import quantity
from kubedoor_core.errors import BadValueError

Kind = Literal["requests", "limits"]
ResourceName = Literal["cpu", "memory"]
Key = tuple[Kind, ResourceName]

KINDS: tuple[Kind, Kind] = ("requests", "limits")
RESOURCES: tuple[ResourceName, ResourceName] = ("cpu", "memory")
KEYS: tuple[Key, ...] = tuple((kind, resource) for resource in RESOURCES for kind in KINDS)
"""The values of a container; a number of one is its place here."""
NUMBERS: Mapping[ResourceName, tuple[int, int]] = {"cpu": (0, 1), "memory": (2, 3)}
"""By resource, the numbers of its request and of its limit."""


class Amount(NamedTuple):
    """A quantity: its value, in nanos of a core or byte, and how it is written."""

    value: int
    text: str


Amounts = Sequence[Amount | None]
"""What one container requests and may use, by `KEYS`; None is not known."""


class ContainerRef(NamedTuple):
    """Where a container stands in the pod: in which list, and at which position."""

    list_name: str
    position: int

    @property
    def first(self) -> bool:
        """Tell whether it is the pod's first container, whose control row may have no name."""
        return self.position == 0 and self.list_name == "containers"


class Parents(NamedTuple):
    """Which of the objects that hold the values are there."""

    resources: bool
    requests: bool
    limits: bool


class DeclaredResources(NamedTuple):
    """What a manifest says of a container; ``texts`` are the values as written, by `KEYS`; None is none."""

    name: str
    parents: Parents
    texts: tuple[str | None, ...]


NOTHING = (None,) * len(KEYS)
NO_PARENTS = Parents(resources=False, requests=False, limits=False)
EMPTY: Mapping[str, Any] = {}


def read_resources(name: str, resources: object) -> DeclaredResources:
    """Read a `resources` of a manifest.

    :param name: what the container is called in messages.
    :raises BadValueError: for something that is no object where one must be.
    """
    if resources is None:
        return DeclaredResources(name, NO_PARENTS, NOTHING)
    if not isinstance(resources, dict):
        raise BadValueError(f"resources of container {name} must be an object")
    requests, limits = resources.get("requests"), resources.get("limits")
    parents = Parents(resources=True, requests=requests is not None, limits=limits is not None)
    asked, bound = _listed(name, "requests", requests), _listed(name, "limits", limits)
    values = asked.get("cpu"), bound.get("cpu"), asked.get("memory"), bound.get("memory")
    texts = tuple([None if value is None else _text(value) for value in values])
    return DeclaredResources(name, parents, texts)


def _listed(name: str, kind: Kind, listed: object) -> Mapping[str, Any]:
    if listed is None:
        return EMPTY
    if not isinstance(listed, dict):
        raise BadValueError(f"resources.{kind} of {name} must be an object")
    return listed


def _text(written: object) -> str:
    """Return a value as text, cut where it is too long for any quantity, so that it can be remembered."""
    text = written if isinstance(written, str) else repr(written)
    return text if len(text) <= quantity.MAX_LENGTH else text[: quantity.MAX_LENGTH + 1]
