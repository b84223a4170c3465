"""What the cluster and its people ask of a service's pod count, besides what it uses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Literal

Held = Literal["registered", "unregistered", "off"]


@dataclass(frozen=True)
class Constraints:
    """What is known of a service today.

    :ivar replicas: the pods that it has, or the least that its autoscaler keeps.
    :ivar held: whether admission governs it.
    :ivar autoscaled: an autoscaler decides on its count; advice is on the least then.
    :ivar budget_least: pods that its PodDisruptionBudget needs, if one may be evicted; None without one.
    :ivar zones: that its pods must be spread over, or nodes that they must be apart on; None for none.
    :ivar first_seen: its first day; ``changed_on`` its last roll-out or edit.
    :ivar counted_on: when somebody set its count by hand.
    :ivar dismissed_until: until when nobody wants to hear advice.
    :ivar cluster_known: whether its cluster was asked for what the count must keep to.
    :ivar least_known: whether it is known what its autoscaler keeps at least.
    :ivar opted_out: by the annotation `kubedoor.io/advice: "off"`.
    """

    replicas: int
    held: Held = "registered"
    autoscaled: bool = False
    budget_least: int | None = None
    zones: int | None = None
    first_seen: date | None = None
    changed_on: date | None = None
    counted_on: date | None = None
    dismissed_until: date | None = None
    opted_out: bool = False
    cluster_known: bool = True
    least_known: bool = True


def budget_least(
    min_available: int | str | None, max_unavailable: int | str | None, replicas: int
) -> int | None:
    """Return the least pods at which a PodDisruptionBudget lets one go; None where no count does.

    :param min_available: a number or a percentage, `50%`, as the budget's spec has it; likewise the other.
    :param replicas: beyond which nothing is looked for.
    """
    for pods in range(1, max(replicas, 1) + 1):
        needed = _of(min_available, pods)
        if max_unavailable is not None:
            needed = pods - _of(max_unavailable, pods)
        if pods - needed >= 1:
            return pods
    return None


def _of(value: int | str | None, pods: int) -> int:
    """Return what a number or percentage comes to; Kubernetes rounds both up."""
    if isinstance(value, str):
        return math.ceil(float(value.removesuffix("%")) / 100 * pods) if value.endswith("%") else int(value)
    return value or 0
