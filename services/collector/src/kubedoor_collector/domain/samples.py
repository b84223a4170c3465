"""What the store answers, by container of a ReplicaSet; NaN, infinities and what has none are left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubedoor_core.prometheus import Curve, Sample

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
