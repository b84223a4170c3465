"""What the store answers, as values: NaN, infinities and series that belong to no ReplicaSet are left out."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from kubedoor_core.errors import KubeDoorError

Steps = dict[int, float]
"""Values by the second at which they were evaluated."""


class SetKey(NamedTuple):
    """A container of a ReplicaSet's pods."""

    namespace: str
    rs: str
    container: str


class Resource(NamedTuple):
    """A resource of such a container: `cpu` in cores, `memory` in bytes."""

    key: SetKey
    resource: str


@dataclass(frozen=True)
class Sample:
    """One series of an instant query."""

    labels: dict[str, str]
    value: float


@dataclass(frozen=True)
class Curve:
    """One series of a range query."""

    labels: dict[str, str]
    steps: Steps


class BadAnswerError(KubeDoorError):
    """The store answered with something that is no result."""


def read_vector(result: Iterable[Any]) -> list[Sample]:
    """Read the `result` of an instant query.

    :raises BadAnswerError: it is not a vector.
    """
    try:
        rows = [Sample(dict(row["metric"]), float(row["value"][1])) for row in result]
    except (TypeError, KeyError, IndexError, ValueError) as error:
        raise BadAnswerError(f"the answer is not a vector: {error!r}") from error
    return [row for row in rows if math.isfinite(row.value)]


def read_matrix(result: Iterable[Any]) -> list[Curve]:
    """Read the `result` of a range query.

    :raises BadAnswerError: it is not a matrix.
    """
    try:
        return [Curve(dict(row["metric"]), _steps(row["values"])) for row in result]
    except (TypeError, KeyError, IndexError, ValueError) as error:
        raise BadAnswerError(f"the answer is not a matrix: {error!r}") from error


def _steps(values: Iterable[Any]) -> Steps:
    pairs = ((int(second), float(text)) for second, text in values)
    return {second: value for second, value in pairs if math.isfinite(value)}


def by_set(samples: Iterable[Sample]) -> dict[SetKey, float]:
    """Index an instant query's samples; those without a ReplicaSet or container are left out."""
    found = ((_key(sample.labels), sample.value) for sample in samples)
    return {key: value for key, value in found if key is not None}


def curves_by_set(curves: Iterable[Curve]) -> dict[SetKey, Steps]:
    """Index a range query's curves likewise."""
    found = ((_key(curve.labels), curve.steps) for curve in curves)
    return {key: steps for key, steps in found if key is not None}


def by_resource(samples: Iterable[Sample]) -> dict[Resource, float]:
    """Index requests or limits; the resource is told by its name, or else by its unit."""
    found: dict[Resource, float] = {}
    for sample in samples:
        key, resource = _key(sample.labels), _resource(sample.labels)
        if key is not None and resource is not None:
            found[Resource(key, resource)] = sample.value
    return found


def _key(labels: dict[str, str]) -> SetKey | None:
    key = SetKey(labels.get("namespace", ""), labels.get("rs", ""), labels.get("container", ""))
    return key if all(key) else None


def _resource(labels: dict[str, str]) -> str | None:
    resource, unit = labels.get("resource", ""), labels.get("unit", "")
    if resource in ("cpu", "memory"):
        return resource
    return {"core": "cpu", "byte": "memory"}.get(unit) if resource == "" else None
