"""The pods of a service on one day: their names as Kubernetes makes them, and from when to when they ran."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime

from kubedoor_dev.metrics.model import Service

GENERATED = "bcdfghjklmnpqrstvwxz2456789"
"""The letters and digits of generated names (k8s.io/apimachinery/pkg/util/rand)."""

NODES = 6
ROLLOUT_STEP_MIN = 2


@dataclass(frozen=True)
class Pod:
    """One pod on one day.

    :param owner: name of what owns it directly: a ReplicaSet, StatefulSet, DaemonSet or Job.
    :param alive: first and last minute of the window's clock, half open; None is without end.
    """

    name: str
    owner_kind: str
    owner: str
    ordinal: int
    node: int
    from_min: int | None = None
    to_min: int | None = None

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


def pods_on(service: Service, day_index: int, day: date) -> list[Pod]:
    """Return the pods of one day."""
    if day_index < service.born_day:
        return []
    count = service.pods_on(day_index)
    match service.kind:
        case "Deployment":
            return _deployment_pods(service, day_index, count)
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


def _generation(service: Service, generation: int, count: int) -> list[Pod]:
    owner = replica_set(service, generation)
    names = [f"{owner}-{generated(f'{service.namespace}/{owner}/{i}', 5)}" for i in range(count)]
    return [_pod(service, name, owner, i) for i, name in enumerate(names)]


def _pod(service: Service, name: str, owner: str, ordinal: int) -> Pod:
    kind = {"Deployment": "ReplicaSet", "CronJob": "Job"}.get(service.kind, service.kind)
    node = int(hashlib.sha256(name.encode()).hexdigest()[:6], 16) % NODES
    return Pod(name, kind, owner, ordinal, node)


def _limited(pod: Pod, from_min: int | None, to_min: int | None) -> Pod:
    return Pod(pod.name, pod.owner_kind, pod.owner, pod.ordinal, pod.node, from_min, to_min)
