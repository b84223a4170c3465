"""The pods of a service on one day: their names as Kubernetes makes them, and from when to when they ran."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from kubedoor_dev.metrics.model import Service

GENERATED = "bcdfghjklmnpqrstvwxz2456789"
"""The letters and digits of generated names (k8s.io/apimachinery/pkg/util/rand)."""

LONGEST_PREFIX = 58
"""What is left of a longer name of an owner: a pod's is a label, of 63 characters (apiserver's `names`)."""

USUAL_LENGTH_MIN = 90.0
NODES = 6
ROLLOUT_STEP_MIN = 2


@dataclass(frozen=True)
class Pod:
    """One pod on one day.

    :param owner: name of what owns it directly: a ReplicaSet, StatefulSet, DaemonSet or Job.
    :param phase: Running, or Failed: it is still told of and doesn't run.
    :param other_owner: a second owner, which doesn't control it.
    :param from_min: first minute of the window's clock; None is without end, `to_min` likewise, half open.
    """

    name: str
    owner_kind: str
    owner: str
    ordinal: int
    node: int
    from_min: int | None = None
    to_min: int | None = None
    phase: str = "Running"
    other_owner: str = ""

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


def pods_on(service: Service, day_index: int, day: date, length_min: float = USUAL_LENGTH_MIN) -> list[Pod]:
    """Return the pods of one day, whose window is so long."""
    if day_index < service.born_day:
        return []
    count = service.pods_on(day_index)
    match service.kind:
        case "Deployment":
            return _odd_pods(service, _deployment_pods(service, day_index, count), length_min)
        case "StatefulSet":
            return [_pod(service, f"{service.name}-{i}", service.name, i) for i in range(count)]
        case "DaemonSet":
            names = [f"{service.name}-{generated(f'{service.name}/{i}', 5)}" for i in range(count)]
            return [_pod(service, name, service.name, i) for i, name in enumerate(names)]
        case "CronJob":
            minutes = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) // 60
            job = f"{service.name}-{minutes}"
            return [_pod(service, f"{job}-{generated(job, 5)}", job, 0)]


def _deployment_pods(service: Service, day_index: int, count: int) -> list[Pod]:
    """Replace the pods one by one on a day with a roll-out: a new one starts as an old one ends."""
    generation = sum(1 for rollout in service.rollouts if rollout < day_index)
    old = _generation(service, generation, count)
    minute = service.rollouts.get(day_index)
    if minute is None:
        return old
    new = _generation(service, generation + 1, count)
    steps = [minute + ROLLOUT_STEP_MIN * i for i in range(count)]
    ended = [_limited(pod, None, step + 1) for pod, step in zip(old, steps, strict=True)]
    return ended + [_limited(pod, step, None) for pod, step in zip(new, steps, strict=True)]


def _odd_pods(service: Service, pods: list[Pod], length_min: float) -> list[Pod]:
    """Return a Deployment's pods with what came of them by eviction, by hand or by another controller."""
    if service.starts_at:
        pods = [replace(pod, from_min=int(service.starts_at * length_min)) for pod in pods]
    if service.second_owner:
        pods = [replace(pods[0], other_owner=f"{service.name}-canary"), *pods[1:]]
    owner, count = pods[0].owner, len(pods)
    evicted = _named(service, owner, range(count, count + service.evicted))
    orphans = _named(
        service, owner, range(count + service.evicted, count + service.evicted + service.orphans)
    )
    failed = [replace(pod, phase="Failed") for pod in evicted]
    return [*pods, *failed, *(replace(pod, owner_kind="<none>", owner="<none>") for pod in orphans)]


def _generation(service: Service, generation: int, count: int) -> list[Pod]:
    return _named(service, replica_set(service, generation), range(count))


def _named(service: Service, owner: str, ordinals: Iterable[int]) -> list[Pod]:
    prefix = f"{owner}-"[:LONGEST_PREFIX]
    return [
        _pod(service, prefix + generated(f"{service.namespace}/{owner}/{i}", 5), owner, i) for i in ordinals
    ]


def _pod(service: Service, name: str, owner: str, ordinal: int) -> Pod:
    kind = {"Deployment": "ReplicaSet", "CronJob": "Job"}.get(service.kind, service.kind)
    node = int(hashlib.sha256(name.encode()).hexdigest()[:6], 16) % NODES
    return Pod(name, kind, owner, ordinal, node)


def _limited(pod: Pod, from_min: int | None, to_min: int | None) -> Pod:
    return replace(pod, from_min=from_min, to_min=to_min)
