"""An env as it is now, put together of its pods: services with what is wrong with them, namespaces, sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from kubedoor_api.now.models import (
    NowAutoscaler,
    NowNamespace,
    NowNode,
    NowNodeCounts,
    NowNodeUse,
    NowPods,
    NowRow,
    NowService,
    NowTiles,
    NowUse,
    NowVolume,
    NowVolumes,
    Trouble,
)
from kubedoor_api.now.nodes import nodes_of
from kubedoor_api.now.reading import (
    FAILING,
    Answers,
    HotPod,
    Pod,
    Service,
    Traffic,
    read_autoscaled,
    read_hot,
    read_pods,
    read_replicas,
    read_traffic,
    read_whose,
)
from kubedoor_core.metrics.counted import Spoken
from kubedoor_core.metrics.selecting import plain
from kubedoor_core.metrics.thresholds import ERRORS, NEAR_LIMIT
from kubedoor_core.metrics.traffic.dialects import Dialect
from kubedoor_core.prometheus import Sample

PENDING = "Pending"
RUNNING = ("Running", "Unknown")


@dataclass(frozen=True)
class Snapshot:
    """An env at one instant.

    :ivar services: the one with which most is wrong first; ``namespaces`` and ``nodes`` by name.
    :ivar volumes: the full ones, the fullest first; None while unknown.
    :ivar volumes_counted: how many there are in all.
    :ivar hot: pods that are asked far more than the others of their service.
    """

    services: Sequence[NowService]
    namespaces: Sequence[NowNamespace]
    nodes: Sequence[NowNode]
    volumes: Sequence[NowVolume] | None
    volumes_counted: int
    hot: Sequence[HotPod] = ()

    def tiles(self, names: frozenset[str] | None) -> NowTiles:
        """Return what the env comes to, or some of its namespaces; nodes are of the whole env only."""
        namespaces = [one for one in self.namespaces if names is None or one.namespace in names]
        nodes = self.nodes if names is None else ()
        return NowTiles(
            nodes=NowNodeCounts(ready=sum(one.ready is True for one in nodes), all=len(nodes))
            if nodes and all(one.ready is not None for one in nodes)
            else None,
            pods=_counted([one.pods for one in namespaces]),
            cpu=_tile([one.cpu for one in namespaces], [one.cpu for one in nodes]),
            mem=_tile([one.mem for one in namespaces], [one.mem for one in nodes]),
            volumes=self._volumes(names),
            services=sum(one.services for one in namespaces),
            troubled=sum(one.troubled for one in namespaces),
        )

    def _volumes(self, names: frozenset[str] | None) -> NowVolumes | None:
        if self.volumes is None:
            return None
        full = [one for one in self.volumes if names is None or one.namespace in names]
        return NowVolumes(full=full, all=self.volumes_counted if names is None else None)


NOTHING = Snapshot((), (), (), None, 0)


def snapshot_of(answers: Answers, spoken: Sequence[Spoken[Dialect]], range_s: int) -> Snapshot:
    """Put an env together.

    :param range_s: seconds over which requests were counted.
    """
    pods = read_pods(answers)
    replicas = read_replicas(answers.get("replicas") or ())
    whose = read_whose(answers.get("owners"), pods, replicas)
    traffic = read_traffic(answers, spoken, range_s, whose)
    grouped: dict[Service, list[Pod]] = {key: [] for key in replicas}
    spaces: dict[str, list[Pod]] = defaultdict(list)
    for key, pod in pods.items():
        spaces[key.namespace].append(pod)
        if service := whose.of_pod.get(key):
            grouped.setdefault(service, []).append(pod)
    autoscaled = read_autoscaled(answers.get("autoscalers") or (), grouped)
    row = _Rows(answers)
    services = [
        row.service(key, some, replicas.get(key, {}), traffic.get(key), autoscaled.get(key))
        for key, some in grouped.items()
    ]
    services.sort(key=_worst)
    of_space: dict[str, list[NowService]] = defaultdict(list)
    for one in services:
        of_space[one.namespace].append(one)
    volumes = answers.get("volumes")
    return Snapshot(
        services,
        [row.namespace(name, spaces.get(name, []), of_space[name]) for name in sorted({*spaces, *of_space})],
        nodes_of(answers, pods.values()),
        sorted(_volumes(volumes), key=lambda one: -one.used_pct) if volumes else None,
        next((round(sample.value) for sample in volumes or () if not sample.labels), 0),
        read_hot(answers.get("traffic") or (), spoken, range_s, whose),
    )


def _volumes(answer: Iterable[Sample]) -> Iterator[NowVolume]:
    for sample in answer:
        labels = plain(sample.labels)
        if claim := labels.get("persistentvolumeclaim"):
            yield NowVolume(namespace=labels.get("namespace", ""), claim=claim, used_pct=sample.value)


class _Rows:
    """Makes rows; what was not told is unknown in them."""

    def __init__(self, answers: Answers) -> None:
        self._told = {name for name, answer in answers.items() if answer}

    def service(
        self,
        key: Service,
        pods: Sequence[Pod],
        replicas: dict[str, int],
        traffic: Traffic | None,
        autoscaler: NowAutoscaler | None,
    ) -> NowService:
        """Return a service with what is wrong with it."""
        namespace, kind, name = key
        waiting: dict[str, int] = defaultdict(int)
        for pod in pods:
            for reason, count in pod.waiting.items():
                waiting[reason] += count
        found = NowService.model_construct(
            namespace=namespace,
            kind=kind,
            name=name,
            **dict(self._row(pods, traffic.qps if traffic else None, traffic.errors if traffic else 0.0)),
            ready=replicas.get("ready"),
            asked=replicas.get("asked"),
            waiting=dict(sorted(waiting.items())),
            p95_ms=traffic.p95_ms if traffic else None,
            autoscaler=autoscaler,
            troubles=[],
        )
        return found.model_copy(update={"troubles": list(_troubles(found))})

    def namespace(self, name: str, pods: Sequence[Pod], services: Sequence[NowService]) -> NowNamespace:
        """Return a namespace."""
        counted = [
            (one.qps, one.qps * (one.error_pct or 0.0) / 100) for one in services if one.qps is not None
        ]
        qps = sum(qps for qps, _ in counted) if counted else None
        row = self._row(pods, qps, sum(errors for _, errors in counted))
        return NowNamespace.model_construct(
            namespace=name,
            services=len(services),
            troubled=sum(bool(one.troubles) for one in services),
            **dict(row),
        )

    def _row(self, pods: Sequence[Pod], qps: float | None, errors: float) -> NowRow:
        return NowRow(
            pods=self._counts(pods),
            cpu=self._use(pods, "cpu", lambda pod: pod.cpu),
            mem=self._use(pods, "memory", lambda pod: pod.mem),
            restarts_1h=sum(pod.restarts for pod in pods) if "restarts" in self._told else None,
            qps=qps,
            error_pct=100 * errors / qps if qps else None,
        )

    def _counts(self, pods: Sequence[Pod]) -> NowPods:
        if "pods" not in self._told:
            return NowPods(running=None, pending=None, failing=None)
        failing = sum(pod.is_failing for pod in pods)
        well = [pod.phase for pod in pods if not pod.is_failing]
        return NowPods(
            running=sum(phase in RUNNING for phase in well), pending=well.count(PENDING), failing=failing
        )

    def _use(
        self,
        pods: Sequence[Pod],
        resource: Literal["cpu", "memory"],
        used_by: Callable[[Pod], float | None],
    ) -> NowUse:
        there = [pod for pod in pods if pod.is_there]
        used = [value for pod in there if (value := used_by(pod)) is not None]
        none_runs = "pods" in self._told and not there
        requests = [pod.requests[resource] for pod in there if resource in pod.requests]
        limits = [pod.limits.get(resource) for pod in there]
        limited = bool(limits) and not any(resource in pod.unlimited for pod in there)
        known = [value for value in limits if value is not None]
        return NowUse(
            used=sum(used) if used else 0.0 if none_runs and resource in self._told else None,
            request=sum(requests) if requests else None,
            limit=sum(known) if limited and len(known) == len(limits) else None,
        )


def _troubles(one: NowService) -> Iterator[Trouble]:
    """Yield what is wrong with a service, what is worst first."""
    why = {FAILING[reason] for reason in one.waiting if reason in FAILING}
    asked, ready = one.asked, one.ready
    found: dict[Trouble, bool] = {
        "crash_loop": "crash_loop" in why,
        "image": "image" in why,
        "config": "config" in why,
        "none_ready": bool(asked) and ready == 0,
        "pods_missing": asked is not None and ready is not None and 0 < ready < asked,
        "pending": bool(one.pods.pending),
        # What was evicted stays as Failed for long: where all others are ready, it is none of them.
        "failing": bool(one.pods.failing) and not why and (ready is None or ready != asked),
        "mem_near_limit": _share(one.mem) >= NEAR_LIMIT,
        "restarts": bool(one.restarts_1h),
        "errors": (one.error_pct or 0.0) >= 100 * ERRORS,
        "at_most": one.autoscaler is not None and one.autoscaler.current >= one.autoscaler.most,
        "cpu_near_limit": _share(one.cpu) >= NEAR_LIMIT,
    }
    return (trouble for trouble, is_so in found.items() if is_so)


ORDER: dict[Trouble, int] = {trouble: number for number, trouble in enumerate(get_args(Trouble))}


def _worst(one: NowService) -> tuple[int, int, float, str, str, str]:
    """Return a key by which that comes first with which most is wrong."""
    worst = ORDER[one.troubles[0]] if one.troubles else len(ORDER)
    return worst, -len(one.troubles), -max(_share(one.cpu), _share(one.mem)), *one.key


def _share(use: NowUse) -> float:
    """Return how much of its limit is used; 0 where that is unknown or there is none."""
    return use.used / use.limit if use.used is not None and use.limit else 0.0


def _counted(every: Sequence[NowPods]) -> NowPods:
    def total(of: Callable[[NowPods], int | None]) -> int | None:
        values = [of(one) for one in every]
        return sum(value for value in values if value is not None) if None not in values and values else None

    return NowPods(
        running=total(lambda one: one.running),
        pending=total(lambda one: one.pending),
        failing=total(lambda one: one.failing),
    )


def _tile(uses: Sequence[NowUse], nodes: Sequence[NowNodeUse]) -> NowNodeUse:
    """Return what pods use and request, and what nodes may give: unknown as soon as one node's is."""

    def known(values: Iterable[float | None]) -> float | None:
        found = [value for value in values if value is not None]
        return sum(found) if found else None

    may = [one.allocatable for one in nodes]
    return NowNodeUse(
        used=known(one.used for one in uses),
        requested=known(one.request for one in uses),
        allocatable=known(may) if None not in may else None,
    )
