"""What an evaluation's answers say of each pod and each workload, and whose pods they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

from kubedoor_api.now.models import NowAutoscaler, QueryName
from kubedoor_api.now.texts import WHAT
from kubedoor_core.domain.workload import DEPLOYMENT, WORKLOAD_KINDS, ServiceKey, WorkloadKind, workload_kind
from kubedoor_core.metrics.autoscalers import Told, read_autoscalers, scaled_by
from kubedoor_core.metrics.counted import TOLD_BY, Spoken
from kubedoor_core.metrics.owners import Owner, Workload, read_owners
from kubedoor_core.metrics.samples import Labels, PodKey, pod_key
from kubedoor_core.metrics.selecting import plain
from kubedoor_core.metrics.thresholds import HOT, HOT_PODS_LEAST, REQUESTS_COUNTED
from kubedoor_core.metrics.traffic.dialects import Dialect
from kubedoor_core.prometheus import Sample, Vector

MIB = 1_048_576
FAILING: Mapping[str, str] = {
    "CrashLoopBackOff": "crash_loop",
    "ErrImagePull": "image",
    "ImagePullBackOff": "image",
    "InvalidImageName": "image",
    "ErrImageNeverPull": "image",
    "CreateContainerConfigError": "config",
    "CreateContainerError": "config",
    "RunContainerError": "config",
    "StartError": "config",
}
"""Why a container waits in vain, as Kubernetes calls it, and what we call it."""
ENDED = frozenset({"Succeeded", "Failed"})

Answers = Mapping[QueryName, Vector | None]
"""By query; None for one that failed or was not asked."""
ByResource = dict[str, float]
Service = tuple[str, WorkloadKind, str]
"""Namespace, kind and name."""


@dataclass(slots=True)
class Pod:
    """A pod; None and empty are untold.

    :ivar phase: as Kubernetes calls it; ``waiting`` why its containers wait, and how many do.
    :ivar cpu: millicores; ``mem`` MiB; ``requests`` and ``limits`` likewise, by resource.
    :ivar unlimited: the resources for which a container of it has no limit.
    """

    phase: str = ""
    waiting: dict[str, int] = field(default_factory=dict)
    cpu: float | None = None
    mem: float | None = None
    requests: ByResource = field(default_factory=dict)
    limits: ByResource = field(default_factory=dict)
    unlimited: set[str] = field(default_factory=set)
    node: str = ""
    restarts: int = 0

    @property
    def is_failing(self) -> bool:
        """Whether it does not run, and will not by itself."""
        return self.phase == "Failed" or any(reason in FAILING for reason in self.waiting)

    @property
    def is_there(self) -> bool:
        """Whether it has not ended, as far as that is told."""
        return self.phase not in ENDED


@dataclass(slots=True)
class Traffic:
    """What a service is asked, and by whom that is counted."""

    qps: float = 0.0
    errors: float = 0.0
    p95_ms: float | None = None


@dataclass(frozen=True)
class HotPod:
    """A pod that is asked far more than the others of its service; requests per second, and their median."""

    service: Service
    pod: str
    qps: float
    usual_qps: float


@dataclass(frozen=True)
class Whose:
    """Whose pods are whose.

    :ivar of_set: the service of a ReplicaSet.
    :ivar by_name: by namespace and name, a Deployment's before others'.
    """

    of_pod: Mapping[PodKey, Service]
    of_set: Mapping[tuple[str, str], Service]
    by_name: Mapping[tuple[str, str], Service]

    def find(self, namespace: str, workload: str, pod: str) -> Service | None:
        """Return the service of a pod, of a ReplicaSet in its place, or of a workload; each may be empty."""
        return (
            self.of_pod.get(PodKey(namespace, pod))
            or self.of_set.get((namespace, pod))
            or self.by_name.get((namespace, workload))
        )


OF_PODS: tuple[QueryName, ...] = ("pods", "cpu", "memory", "restarts", "requests", "limits")
"""Queries whose samples each say something of one pod."""


def read_pods(answers: Answers) -> dict[PodKey, Pod]:
    """Return every pod that an answer tells of."""
    pods: dict[PodKey, Pod] = defaultdict(Pod)
    for name in OF_PODS:
        for sample in answers.get(name) or ():
            labels = plain(sample.labels)
            key = pod_key(labels)
            if key.pod:  # one without tells that there are such series at all
                _note(pods[key], name, labels, sample.value)
    return dict(pods)


def _note(pod: Pod, name: QueryName, labels: Labels, value: float) -> None:
    match name:
        case "pods" if reason := labels.get("reason"):
            pod.waiting[reason] = pod.waiting.get(reason, 0) + 1
        case "pods":
            pod.phase = labels.get("phase", "")
        case "cpu":
            pod.cpu = value
        case "memory":
            pod.mem = value
        case "restarts":
            pod.restarts = round(value)
        case "requests":
            _add(pod.requests, labels, value)
            pod.node = labels.get("node", "") or pod.node
        case "limits" if unlimited := labels.get("unlimited"):
            pod.unlimited.add(unlimited)
        case _:
            _add(pod.limits, labels, value)


def _add(amounts: ByResource, labels: Labels, value: float) -> None:
    """Add cores as millicores, and bytes as MiB."""
    resource = labels.get("resource", "")
    amounts[resource] = amounts.get(resource, 0.0) + (value * 1000 if resource == "cpu" else value / MIB)


def read_replicas(answer: Iterable[Sample]) -> dict[Service, dict[str, int]]:
    """Return how many pods of each workload are asked for and how many are ready."""
    found: dict[Service, dict[str, int]] = defaultdict(dict)
    for sample in answer:
        labels = plain(sample.labels)
        for kind in WORKLOAD_KINDS:
            if name := labels.get(kind.lower()):
                found[labels.get("namespace", ""), kind, name][labels[WHAT]] = round(sample.value)
    return dict(found)


def read_whose(answer: Vector | None, pods: Iterable[PodKey], told: Iterable[Service]) -> Whose:
    """Return whose pods are whose: by owners; by names where the store tells of no owner at all.

    :param told: workloads that are told of anyway.
    """
    every = [plain(sample.labels) for sample in answer or ()]
    of_sets = [labels for labels in every if labels.get("replicaset")]
    of_pods = [labels for labels in every if not labels.get("replicaset")]
    owners = read_owners(of_pods, of_sets, told=bool(of_pods), sets_told=bool(of_sets))
    found: dict[PodKey, Service] = {}
    for pod in pods:
        owner = owners.of(pod)
        if isinstance(owner, Owner) and (service := _service(owner.workload)):
            found[pod] = service
    services = {*found.values(), *told}
    deployments_last = sorted(services, key=lambda one: one[1] == DEPLOYMENT)
    by_name = {(space, name): (space, kind, name) for space, kind, name in deployments_last}
    named = ((key, Workload(key[0], *owner)) for key, owner in owners.sets.items())
    return Whose(found, {key: service for key, workload in named if (service := _service(workload))}, by_name)


def _service(workload: Workload) -> Service | None:
    kind = workload_kind(workload.kind)
    return (workload.namespace, kind, workload.name) if kind else None


def read_autoscaled(
    answer: Iterable[Sample], services: Iterable[ServiceKey]
) -> dict[ServiceKey, NowAutoscaler]:
    """Return where each autoscaled service stands between its counts."""
    known = set(services)
    told = read_autoscalers(Told(plain(sample.labels), sample.value) for sample in answer)
    return {
        service: NowAutoscaler(current=one.current_replicas, most=one.max_replicas)
        for one in told
        if one.current_replicas is not None and one.max_replicas is not None
        if (service := scaled_by(one, known)) is not None
    }


def read_traffic(
    answers: Answers, spoken: Iterable[Spoken[Dialect]], range_s: int, whose: Whose
) -> dict[Service, Traffic]:
    """Return what each service is asked, by the source that is believed most of those that tell of it."""
    found: dict[Service, Traffic] = {}
    rows, quantiles = (_by_dialect(answers.get(name) or ()) for name in ("traffic", "latency"))
    for one in spoken:
        mine: dict[Service, Traffic] = defaultdict(Traffic)
        for sample in rows.get(one.key, ()):
            if service := _place(one, sample, whose):
                _count(mine[service], sample, range_s)
        for sample in quantiles.get(one.key, ()):
            service = _place(one, sample, whose)
            if service in mine:
                mine[service].p95_ms = max(mine[service].p95_ms or 0.0, sample.value)
        for service, traffic in mine.items():
            found.setdefault(service, traffic)
    return found


def read_hot(
    answer: Iterable[Sample], spoken: Iterable[Spoken[Dialect]], range_s: int, whose: Whose
) -> list[HotPod]:
    """Return pods of Deployments that are asked far more than the others, by whoever counts them by pod."""
    rows, found = _by_dialect(answer), dict[Service, HotPod]()
    for one in spoken:
        counted: dict[Service, dict[str, float]] = defaultdict(dict)
        for sample in rows.get(one.key, ()):
            service, pod = _place(one, sample, whose), one.labelling.place(sample.labels)[2]
            if pod and service and service[1] == DEPLOYMENT and sample.labels.get(WHAT) == "requests":
                counted[service][pod] = sample.value
        for service, counts in counted.items():
            if (hot := _hottest(service, counts, range_s)) is not None:
                found.setdefault(service, hot)
    return list(found.values())


def _hottest(service: Service, counts: Mapping[str, float], range_s: int) -> HotPod | None:
    pod = max(counts, key=lambda name: (counts[name], name))
    usual = median(counts.values())
    if len(counts) < HOT_PODS_LEAST or counts[pod] < REQUESTS_COUNTED or counts[pod] < HOT * usual:
        return None
    return HotPod(service, pod, counts[pod] / range_s, usual / range_s)


def _count(traffic: Traffic, sample: Sample, range_s: int) -> None:
    match sample.labels.get(WHAT):
        case "requests":
            traffic.qps += sample.value / range_s
        case "errors":
            traffic.errors += sample.value / range_s
        case "latency_p95_ms":
            traffic.p95_ms = max(traffic.p95_ms or 0.0, sample.value)
        case _:
            pass


def _by_dialect(answer: Iterable[Sample]) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = defaultdict(list)
    for sample in answer:
        found[sample.labels.get(TOLD_BY, "")].append(sample)
    return found


def _place(one: Spoken[Dialect], sample: Sample, whose: Whose) -> Service | None:
    namespace, workload, pod, _ = one.labelling.place(sample.labels)
    return whose.find(namespace, workload, pod)
