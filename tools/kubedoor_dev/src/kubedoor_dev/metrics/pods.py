"""The pods of a service on one day: their names as Kubernetes makes them, and from when to when they ran."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from kubedoor_dev.metrics.model import Service

GENERATED = "bcdfghjklmnpqrstvwxz2456789"
"""The letters and digits of generated names (k8s.io/apimachinery/pkg/util/rand)."""

MAX_BASE = 58
"""Longer names are cut to so many characters before the five generated ones (`maxGeneratedNameLength`)."""

NO_OWNER = "<none>"
"""As kube-state-metrics tells it."""

NODES = 6
ROLLOUT_STEP_MIN = 2


@dataclass(frozen=True)
class Pod:
    """One pod on one day.

    :param owner: name of what owns it directly: a ReplicaSet, StatefulSet, DaemonSet or Job.
    :param owner_kind: `<none>` for a pod that was taken out of its ReplicaSet.
    :param from_min: first minute of the window's clock, and the one after the last; None is without end.
    :param failed: it was evicted: only kube-state-metrics still tells of it.
    """

    name: str
    owner_kind: str
    owner: str
    ordinal: int
    node: int
    from_min: int | None = None
    to_min: int | None = None
    failed: bool = False

    @property
    def uid(self) -> str:
        """Return an identifier that is the pod's alone."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:12]


def generated(text: str, length: int) -> str:
    """Return letters and digits as Kubernetes generates them, the same for the same text."""
    digest = hashlib.sha256(text.encode()).digest()
    return "".join(GENERATED[byte % len(GENERATED)] for byte in digest[:length])


def replica_set(service: Service, generation: int) -> str:
    """Return the name of a Deployment's ReplicaSet."""
    return f"{service.name}-{generated(f'{service.namespace}/{service.name}/{generation}', 9)}"


def pods_on(service: Service, day_index: int, day: date, length_min: float = 90.0) -> list[Pod]:
    """Return the pods of one day.

    :param length_min: length of its window.
    """
    if day_index < service.born_day:
        return []
    count = service.pods_on(day_index)
    match service.kind:
        case "Deployment":
            return _deployment_pods(service, day_index, count, length_min)
        case "StatefulSet":
            return [_pod(service, f"{service.name}-{i}", service.name, i) for i in range(count)]
        case "DaemonSet":
            names = [f"{service.name}-{generated(f'{service.name}/{i}', 5)}" for i in range(count)]
            return [_pod(service, name, service.name, i) for i, name in enumerate(names)]
        case "CronJob":
            minutes = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) // 60
            job = f"{service.name}-{minutes}"
            return [_pod(service, f"{job}-{generated(job, 5)}", job, 0)]


def _deployment_pods(service: Service, day_index: int, count: int, length_min: float) -> list[Pod]:
    """Replace the pods one by one on a day with a roll-out: a new one starts as an old one ends."""
    generation = sum(1 for rollout in service.rollouts if rollout < day_index)
    if service.only_last_min is not None:
        begins = math.floor(length_min - service.only_last_min)
        return [replace(pod, from_min=begins) for pod in _generation(service, generation, count, day_index)]
    if service.evicted or service.detached:
        return _with_odd_ones(service, generation, count)
    old = _generation(service, generation, count)
    minute = service.rollouts.get(day_index)
    if minute is None:
        return old
    new = _generation(service, generation + 1, count)
    steps = [minute + ROLLOUT_STEP_MIN * i for i in range(count)]
    ended = [_limited(pod, None, step + 1) for pod, step in zip(old, steps, strict=True)]
    return ended + [_limited(pod, step, None) for pod, step in zip(new, steps, strict=True)]


def _with_odd_ones(service: Service, generation: int, count: int) -> list[Pod]:
    """Return the pods that run, those that somebody took out by hand, and those that have failed."""
    every = _generation(service, generation, count + service.detached + service.evicted)
    usual, rest = every[:count], every[count:]
    detached = [replace(pod, owner_kind=NO_OWNER, owner=NO_OWNER) for pod in rest[: service.detached]]
    return [*usual, *detached, *(replace(pod, failed=True) for pod in rest[service.detached :])]


def _generation(service: Service, generation: int, count: int, anew: int | None = None) -> list[Pod]:
    """Return a ReplicaSet's pods.

    :param anew: which of the times this is that they were made, where they are made more than once.
    """
    owner = replica_set(service, generation)
    again = "" if anew is None else f"/{anew}"
    base = f"{owner}-"[:MAX_BASE]
    names = [f"{base}{generated(f'{service.namespace}/{owner}/{i}{again}', 5)}" for i in range(count)]
    return [_pod(service, name, owner, i) for i, name in enumerate(names)]


def _pod(service: Service, name: str, owner: str, ordinal: int) -> Pod:
    kind = {"Deployment": "ReplicaSet", "CronJob": "Job"}.get(service.kind, service.kind)
    node = int(hashlib.sha256(name.encode()).hexdigest()[:6], 16) % NODES
    return Pod(name, kind, owner, ordinal, node)


def _limited(pod: Pod, from_min: int | None, to_min: int | None) -> Pod:
    return replace(pod, from_min=from_min, to_min=to_min)
