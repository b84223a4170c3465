"""What a manifest declares: where a container stands in the pod, and its requests and limits as written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, Protocol

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


@lru_cache(maxsize=256)
def ref_of(list_name: str, position: int) -> ContainerRef:
    """Return where a container stands."""
    return ContainerRef(list_name, position)


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


NO_TEXTS = (None,) * len(KEYS)
NO_PARENTS = Parents(resources=False, requests=False, limits=False)


class Values(Protocol):
    """A `requests` or `limits` of a manifest: quantities as written, each short enough to be remembered."""

    @property
    def cpu(self) -> str | None:
        """The quantity of cpu."""

    @property
    def memory(self) -> str | None:
        """The quantity of memory."""


class Resources(Protocol):
    """A `resources` of a manifest."""

    @property
    def requests(self) -> Values | None:
        """What it requests."""

    @property
    def limits(self) -> Values | None:
        """What it may use."""


def declared(name: str, resources: Resources | None) -> DeclaredResources:
    """Return what a manifest says of a container.

    :param name: what the container is called in messages.
    """
    if resources is None:
        return DeclaredResources(name, NO_PARENTS, NO_TEXTS)
    asked, bound = resources.requests, resources.limits
    request_cpu, request_memory = (None, None) if asked is None else (asked.cpu, asked.memory)
    limit_cpu, limit_memory = (None, None) if bound is None else (bound.cpu, bound.memory)
    return DeclaredResources(
        name,
        Parents(resources=True, requests=asked is not None, limits=bound is not None),
        (request_cpu, limit_cpu, request_memory, limit_memory),
    )


class _Values(NamedTuple):
    cpu: str | None
    memory: str | None


class _Resources(NamedTuple):
    requests: _Values | None
    limits: _Values | None


def read_resources(name: str, resources: object) -> Resources | None:
    """Read a `resources` of a manifest.

    :raises BadValueError: for something that is no object where one must be.
    """
    if resources is None:
        return None
    if not isinstance(resources, dict):
        raise BadValueError(f"resources of container {name} must be an object")
    return _Resources(
        _read_values(name, "requests", resources.get("requests")),
        _read_values(name, "limits", resources.get("limits")),
    )


def _read_values(name: str, kind: Kind, values: object) -> _Values | None:
    if values is None:
        return None
    if not isinstance(values, dict):
        raise BadValueError(f"resources.{kind} of {name} must be an object")
    return _Values(_text(values.get("cpu")), _text(values.get("memory")))


def _text(written: object) -> str | None:
    """Return a value as text, cut where it is too long for any quantity, so that it can be remembered."""
    if written is None:
        return None
    text = written if isinstance(written, str) else repr(written)
    return text if len(text) <= quantity.MAX_LENGTH else text[: quantity.MAX_LENGTH + 1]
