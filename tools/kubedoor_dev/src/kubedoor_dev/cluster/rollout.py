"""How many pods each ReplicaSet of a Deployment is to have next: pure arithmetic of a rollout."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Json = dict[str, Any]


@dataclass(frozen=True)
class Count:
    """The pods of a ReplicaSet: how many it is to have, and how many are available."""

    replicas: int
    available: int


@dataclass(frozen=True)
class Plan:
    """The replicas to set: of the new ReplicaSet, and of the old ones in their order."""

    new: int
    olds: tuple[int, ...]


def plan(spec: Json, new: Count, olds: Sequence[Count]) -> Plan:
    """Work out the next step; a finished rollout plans what is.

    :param spec: of the Deployment, defaulted.
    :param olds: the oldest first.
    """
    desired: int = spec["replicas"]
    kept = tuple(old.replicas for old in olds)
    if spec.get("paused"):
        return _paused(desired, new, olds)
    if not any(kept):
        return Plan(desired, kept)
    if spec["strategy"]["type"] == "Recreate":
        return Plan(min(new.replicas, desired), (0,) * len(olds))
    surge, unavailable = bounds(spec)
    grown = _grown(desired, surge, new, sum(kept))
    if grown != new.replicas:
        return Plan(grown, kept)
    return Plan(new.replicas, _shrunk(desired - unavailable, new, olds))


def bounds(spec: Json) -> tuple[int, int]:
    """Return how many pods may be there over, and missing under, the desired count."""
    if spec["strategy"]["type"] == "Recreate":
        return 0, spec["replicas"]
    rolling = spec["strategy"].get("rollingUpdate", {})
    desired = spec["replicas"]
    surge = _amount(rolling.get("maxSurge", "25%"), desired, math.ceil)
    unavailable = _amount(rolling.get("maxUnavailable", "25%"), desired, math.floor)
    return surge, min(desired, unavailable or (0 if surge else 1))


def _amount(value: int | str, of: int, whole: Callable[[float], int]) -> int:
    if isinstance(value, int):
        return value
    if value.endswith("%"):
        return whole(int(value[:-1]) * of / 100)
    return int(value)


def _paused(desired: int, new: Count, olds: Sequence[Count]) -> Plan:
    """Nothing rolls; only a Deployment with one ReplicaSet in use follows its count."""
    kept = tuple(old.replicas for old in olds)
    used = [index for index, count in enumerate(kept) if count]
    if not used:
        return Plan(desired, kept)
    if len(used) == 1 and not new.replicas:
        return Plan(0, tuple(desired if index in used else count for index, count in enumerate(kept)))
    return Plan(new.replicas, kept)


def _grown(desired: int, surge: int, new: Count, old: int) -> int:
    if new.replicas >= desired:
        return desired
    room = desired + surge - new.replicas - old
    return new.replicas + max(0, min(room, desired - new.replicas))


def _shrunk(least_available: int, new: Count, olds: Sequence[Count]) -> tuple[int, ...]:
    """Take pods from the old ones: first those that are not available, then as many as may go."""
    total = new.replicas + sum(old.replicas for old in olds)
    may_go = total - least_available - (new.replicas - new.available)
    left: list[int] = []
    for old in olds:
        unhealthy = max(0, min(old.replicas - old.available, may_go))
        may_go -= unhealthy
        left.append(old.replicas - unhealthy)
    may_go = min(may_go, new.available + sum(old.available for old in olds) - least_available)
    for index, count in enumerate(left):
        gone = max(0, min(count, may_go))
        may_go -= gone
        left[index] = count - gone
    return tuple(left)
