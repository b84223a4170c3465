"""What answers of a store of metrics come to: over a threshold, or unlike what is usual. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from kubedoor_api.findings.facts import Figure, FindingKind, Subject
from kubedoor_api.now.asking import Evaluation
from kubedoor_api.now.models import NowService, QueryName
from kubedoor_api.now.reading import Answers, Service, Traffic, Whose, read_traffic
from kubedoor_api.now.texts import rate_s
from kubedoor_core.domain.generated_names import service_of
from kubedoor_core.metrics.counted import TOLD_BY, Spoken
from kubedoor_core.metrics.jvm import JvmDialect
from kubedoor_core.metrics.labelling import Labelling
from kubedoor_core.metrics.samples import Labels
from kubedoor_core.metrics.selecting import plain
from kubedoor_core.metrics.thresholds import (
    DAYS,
    DAYS_LEAST,
    DEVIATION_LEAST,
    DEVIATIONS,
    ERRORS,
    ERRORS_MANY,
    GC_OVERHEAD,
    HEAP_FULL,
    HOT,
    NEAR_LIMIT,
    REQUESTS_COUNTED,
    SAME_HOUR_S,
    THROTTLED,
    VOLUME_FILLING,
)
from kubedoor_core.metrics.traffic.dialects import Dialect
from kubedoor_core.prometheus import Vector

HOLDS = timedelta(minutes=32)
"""So far before and after it an hour's usual is that of the time itself."""


@dataclass(frozen=True)
class UsualHour:
    """Up to which measures are usual; a service is missing where too few days have it."""

    errors_pct: Mapping[Service, float] = field(default_factory=dict)
    p95_ms: Mapping[Service, float] = field(default_factory=dict)


@dataclass
class Usual:
    """What is usual at the hour around a time; None: it is not known yet."""

    hour: UsualHour | None = None
    around: datetime | None = None

    def at(self, time: datetime) -> UsualHour | None:
        """Return what is usual at a time; None where that is not known."""
        return self.hour if self.around is not None and abs(time - self.around) <= HOLDS else None


def ends_of(around: datetime) -> list[datetime]:
    """Return when the same hour of each day before has ended: half an hour lies before the same time."""
    return [around - timedelta(days=day) + timedelta(seconds=SAME_HOUR_S / 2) for day in range(1, DAYS + 1)]


@dataclass(frozen=True)
class Former(Whose):
    """Whose pods were whose on days before: most are gone, so that their names tell."""

    def find(self, namespace: str, workload: str, pod: str) -> Service | None:
        """Return the service of a workload, or of a pod or ReplicaSet by its name."""
        found = super().find(namespace, workload, pod)
        named = service_of("ReplicaSet", pod) or service_of("Pod", pod) if pod and not found else None
        return (namespace, *named) if named else found


def day_of(
    answers: Answers, spoken: Iterable[Spoken[Dialect]], services: Iterable[Service]
) -> dict[Service, Traffic]:
    """Return what each service was asked in an hour of a day."""
    by_name = {(space, name): (space, kind, name) for space, kind, name in services}
    return read_traffic(answers, spoken, SAME_HOUR_S, Former({}, {}, by_name))


def usual_of(days: Sequence[Mapping[Service, Traffic]]) -> UsualHour:
    """Return up to which errors and latencies are usual: the median, and three deviations more."""
    errors_pct, p95_ms = defaultdict[Service, list[float]](list), defaultdict[Service, list[float]](list)
    for day in days:
        for service, traffic in day.items():
            if traffic.qps * SAME_HOUR_S >= REQUESTS_COUNTED:
                errors_pct[service].append(100 * traffic.errors / traffic.qps)
                if traffic.p95_ms is not None:
                    p95_ms[service].append(traffic.p95_ms)
    return UsualHour(_bounds(errors_pct), _bounds(p95_ms))


def _bounds(measures: Mapping[Service, Sequence[float]]) -> dict[Service, float]:
    return {service: bound(values) for service, values in measures.items() if len(values) >= DAYS_LEAST}


def bound(values: Sequence[float]) -> float:
    """Return the median and three median absolute deviations more, each at least a tenth of the median."""
    middle = median(values)
    deviation = median(abs(value - middle) for value in values)
    return middle + DEVIATIONS * max(deviation, DEVIATION_LEAST * middle)


THRESHOLDS: Mapping[FindingKind, float] = {
    "throttled": THROTTLED,
    "memory_near_limit": NEAR_LIMIT,
    "pvc_full": VOLUME_FILLING,
    "heap_full": HEAP_FULL,
    "gc_storm": GC_OVERHEAD,
}
"""Of measures that are shares; they are told in per cent."""
NEEDS: Mapping[FindingKind, QueryName] = {
    "errors_up": "traffic",
    "hot_pod": "traffic",
    "latency_up": "latency",
}
"""By kind, which of Now's queries tells it."""


def of_answers(answers: Mapping[FindingKind, Vector], jvms: Iterable[Spoken[JvmDialect]]) -> Iterator[Figure]:
    """Return what is wrong by queries that answer with that alone.

    :param jvms: which libraries the answers about JVMs are told by.
    """
    ways = {one.key: one.labelling for one in jvms}
    for kind, answer in answers.items():
        for sample in answer:
            subject, container = _place(kind, sample.labels, ways)
            if not subject.name:
                continue
            if kind in THRESHOLDS:
                yield Figure(kind, subject, container, 100 * sample.value, 100 * THRESHOLDS[kind])
            else:
                yield Figure(kind, subject, container, sample.value, sample.value)


def _place(kind: FindingKind, labels: Labels, ways: Mapping[str, Labelling]) -> tuple[Subject, str]:
    """Return what a sample is about, and which container."""
    way = ways.get(labels.get(TOLD_BY, ""))
    if way is not None:
        namespace, _, pod, container = way.place(labels)
        return Subject("Pod", namespace, pod), container
    told = plain(labels)
    namespace = told.get("namespace", "")
    match kind:
        case "hpa_capped":
            target = told.get("scaletargetref_kind", ""), told.get("scaletargetref_name", "")
            return Subject(target[0], namespace, target[1]), ""
        case "pvc_full":
            return Subject("PersistentVolumeClaim", namespace, told.get("persistentvolumeclaim", "")), ""
        case _:
            return Subject("Pod", namespace, told.get("pod", "")), told.get("container", "")


def of_evaluation(
    evaluation: Evaluation, usual: UsualHour | None
) -> tuple[list[Figure], frozenset[FindingKind]]:
    """Return what is wrong with requests, as Now has counted them, and what can't be told."""
    went = {one.name: one.state for one in evaluation.queries}
    unknown = {kind for kind, query in NEEDS.items() if went.get(query) == "failed"}
    if usual is None:
        unknown.add("latency_up")
    range_s = rate_s(evaluation.survey.interval_s or 0)
    found = [
        figure
        for one in evaluation.snapshot.services
        if (one.qps or 0.0) * range_s >= REQUESTS_COUNTED
        for figure in _of_service(one, usual or UsualHour())
    ]
    found += [
        Figure("hot_pod", Subject("Pod", one.service[0], one.pod), "", one.qps, HOT * one.usual_qps)
        for one in evaluation.snapshot.hot
    ]
    return found, frozenset(unknown)


def _of_service(one: NowService, usual: UsualHour) -> Iterator[Figure]:
    subject, key = Subject(one.kind, one.namespace, one.name), (one.namespace, one.kind, one.name)
    errors_pct = usual.errors_pct.get(key)
    least_pct = 100 * ERRORS_MANY if errors_pct is None else max(100 * ERRORS, errors_pct)
    if (one.error_pct or 0.0) >= least_pct:
        yield Figure("errors_up", subject, "", one.error_pct or 0.0, least_pct)
    p95_ms = usual.p95_ms.get(key)
    if p95_ms is not None and one.p95_ms is not None and one.p95_ms > p95_ms:
        yield Figure("latency_up", subject, "", one.p95_ms, p95_ms)
