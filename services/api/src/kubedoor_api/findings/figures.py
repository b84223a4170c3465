"""What answers of a store of metrics come to: measures that are over their thresholds. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kubedoor_api.findings.facts import Figure, FindingKind, Subject
from kubedoor_api.findings.usual import UsualHour
from kubedoor_api.now.asking import Evaluation
from kubedoor_api.now.models import NowService, QueryName
from kubedoor_api.now.texts import rate_s
from kubedoor_core.metrics.counted import TOLD_BY, Spoken
from kubedoor_core.metrics.jvm import JvmDialect
from kubedoor_core.metrics.labelling import Labelling
from kubedoor_core.metrics.samples import Labels
from kubedoor_core.metrics.selecting import plain
from kubedoor_core.metrics.thresholds import (
    ERRORS,
    ERRORS_MANY,
    GC_OVERHEAD,
    HEAP_FULL,
    HOT,
    NEAR_LIMIT,
    REQUESTS_COUNTED,
    THROTTLED,
    VOLUME_FILLING,
)
from kubedoor_core.prometheus import Vector

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
