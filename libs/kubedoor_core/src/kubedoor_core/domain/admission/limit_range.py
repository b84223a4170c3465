"""A namespace's LimitRanges, as far as they bound the cpu and memory of containers and pods.

Kubernetes applies them after us, to the pod: https://kubernetes.io/docs/concepts/policy/limit-range/
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from kubedoor_core.domain import quantity
from kubedoor_core.domain.admission.declared import Amount, ResourceName
from kubedoor_core.errors import BadValueError

Bound = Literal["min", "max", "default", "defaultRequest", "maxLimitRequestRatio"]


class Bounds(NamedTuple):
    """What one resource is held to; None where it is not.

    :ivar default: the limit of a container that has none.
    :ivar default_request: the request of one that has neither a request nor a limit.
    :ivar max_ratio: the largest limit ÷ request, in nanos.
    """

    min: Amount | None = None
    max: Amount | None = None
    default: Amount | None = None
    default_request: Amount | None = None
    max_ratio: int | None = None


UNBOUNDED = Bounds()


class LimitRange(NamedTuple):
    """All LimitRanges of a namespace together: of several, the narrowest bound."""

    cpu: Bounds = UNBOUNDED
    memory: Bounds = UNBOUNDED
    pod_cpu: Bounds = UNBOUNDED
    pod_memory: Bounds = UNBOUNDED

    def of(self, resource: ResourceName) -> Bounds:
        """Return what holds for each container."""
        return self.cpu if resource == "cpu" else self.memory

    def of_pod(self, resource: ResourceName) -> Bounds:
        """Return what holds for the pod's containers together."""
        return self.pod_cpu if resource == "cpu" else self.pod_memory


NO_LIMIT_RANGE = LimitRange()


def limit_range_of(specs: Iterable[Mapping[str, Any]]) -> LimitRange:
    """Read the `spec`s of a namespace's LimitRange objects.

    :raises BadValueError: for what is none.
    """
    items = [item for spec in specs for item in spec.get("limits") or []]
    containers = [item for item in items if item.get("type") == "Container"]
    pods = [item for item in items if item.get("type") == "Pod"]
    return LimitRange(
        cpu=_bounds(containers, "cpu"),
        memory=_bounds(containers, "memory"),
        pod_cpu=_bounds(pods, "cpu"),
        pod_memory=_bounds(pods, "memory"),
    )


def limit_range_of_json(text: str) -> LimitRange:
    """Read the specs of a namespace's LimitRanges as they are stored: a JSON list.

    :raises BadValueError: for what is none.
    """
    try:
        return limit_range_of(json.loads(text))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadValueError(str(error)) from error


def _bounds(items: list[Mapping[str, Any]], resource: ResourceName) -> Bounds:
    def every(bound: Bound) -> list[Amount]:
        found = [(item.get(bound) or {}).get(resource) for item in items]
        return [Amount(quantity.parse(value), str(value)) for value in found if value is not None]

    lowest, highest, ratios = every("min"), every("max"), every("maxLimitRequestRatio")
    default, default_request = every("default"), every("defaultRequest")
    if any(amount.value < 0 for amount in (*lowest, *highest, *ratios)):
        raise BadValueError(f"a LimitRange bounds {resource} by a negative quantity")
    return Bounds(
        min=max(lowest, default=None),
        max=min(highest, default=None),
        default=default[0] if default else None,
        default_request=default_request[0] if default_request else None,
        max_ratio=min((amount.value for amount in ratios), default=None),
    )
