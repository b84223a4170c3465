"""What metrics alone tell of an env to whoever looks for findings: Now's evaluation, and a few queries."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.findings.facts import MEASURED, Figure, FindingKind
from kubedoor_api.findings.figures import Usual, day_of, ends_of, of_answers, of_evaluation, usual_of
from kubedoor_api.now.asking import QUERY_S, SURVEY_S, USUAL_INTERVAL_S
from kubedoor_api.now.board import NowBoard, client_of
from kubedoor_api.now.reading import Service, Traffic
from kubedoor_api.now.texts import irate_s, traffic_queries
from kubedoor_api.web.endpoint import Context
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.metrics.counted import Spoken, probe, probed, tagged, union
from kubedoor_core.metrics.jvm import JvmDialect, jvm_dialects
from kubedoor_core.metrics.selecting import Part, Scope
from kubedoor_core.metrics.thresholds import SAME_HOUR_S
from kubedoor_core.metrics.wrong import Wrong, gc_overhead, heap_full
from kubedoor_core.problems import Problem
from kubedoor_core.prometheus import Prometheus, PrometheusUnavailableError, Vector

USUAL_PAUSE_S, USUAL_RETRY_S, USUAL_QUERY_S = 3600.0, 300.0, 30.0
LASTING_S = 600
"""Over so many seconds it is measured how much a container is throttled and a JVM stands still."""
Jvm = Spoken[JvmDialect]

log = get_logger(__name__)


class Measured(NamedTuple):
    """What a look finds by metrics.

    :ivar unknown: kinds of findings that could not be told.
    :ivar trouble: why; empty if all could.
    """

    figures: tuple[Figure, ...]
    unknown: frozenset[FindingKind]
    trouble: str


@dataclass
class Measuring:
    """What is remembered from look to look of an env's metrics; ``until`` is monotonic seconds."""

    usual: Usual = field(default_factory=Usual)
    jvms: tuple[Jvm, ...] = ()
    until: float = 0.0


async def measure(context: Context, env: str, known: Measuring) -> Measured:
    """Look once; what can't be asked makes kinds unknown, and never ends the look."""
    try:
        evaluation = await context[NowBoard].latest(context, env)
        if evaluation.at is None or evaluation.reason:
            return Measured((), MEASURED, evaluation.reason)
        prometheus, store = await client_of(context, env)
        if known.until < time.monotonic():
            # Which libraries JVMs tell of themselves by, and what they call their labels.
            settings = context[ApiSettings]
            dialects = jvm_dialects(settings.namespace_label, settings.pod_label)
            probing = probe(evaluation.survey.scope, dialects, SURVEY_S)
            spoken = await _in_time(prometheus, probing, evaluation.at)
            known.jvms = tuple(probed(dialects, [(one.labels, one.value) for one in spoken]).spoken)
            known.until = time.monotonic() + SURVEY_S
        slots = asyncio.Semaphore(store.concurrency)
        interval_s = evaluation.survey.interval_s or USUAL_INTERVAL_S
        range_s = max(LASTING_S, irate_s(interval_s))
        texts = dict(_texts(evaluation.survey.scope, known.jvms, range_s))
        answers, failed = await _answers(prometheus, texts, evaluation.at, slots)
    except (KubeDoorError, Problem) as error:
        return Measured((), MEASURED, str(error))
    told, unknown = of_evaluation(evaluation, known.usual.at(evaluation.at))
    return Measured(
        (*told, *of_answers(answers, known.jvms)), unknown | failed.keys(), next(iter(failed.values()), "")
    )


async def keep_usual(context: Context, env: str, known: Measuring) -> None:
    """Find out each hour what is usual at the next, as the same hour of other days tells."""
    while True:
        try:
            evaluation = await context[NowBoard].latest(context, env)
            if evaluation.at is None or evaluation.reason:
                raise PrometheusUnavailableError(evaluation.reason)
            prometheus, _ = await client_of(context, env, USUAL_QUERY_S)
            survey, around = evaluation.survey, evaluation.at + timedelta(seconds=USUAL_PAUSE_S / 2)
            texts = traffic_queries(survey.scope, survey.spoken, SAME_HOUR_S)
            services = [(one.namespace, one.kind, one.name) for one in evaluation.snapshot.services]
            days = list[Mapping[Service, Traffic]]()
            for end in ends_of(around):  # one after another: nobody waits for them
                answers = {name: await prometheus.instant(text, end) for name, text in texts.items()}
                days.append(day_of(answers, survey.spoken, services))
            known.usual = Usual(usual_of(days), around)
            pause_s = USUAL_PAUSE_S
        except (KubeDoorError, Problem) as error:
            log.warning("findings.usual_unknown", env=env, reason=str(error))
            pause_s = USUAL_RETRY_S
        await asyncio.sleep(pause_s)


async def _answers(
    prometheus: Prometheus, texts: Mapping[FindingKind, str], at: datetime, slots: asyncio.Semaphore
) -> tuple[dict[FindingKind, Vector], dict[FindingKind, str]]:
    """Ask the queries; return the answers, and of those that failed why."""
    failed: dict[FindingKind, str] = {}

    async def ask(kind: FindingKind, text: str) -> Vector:
        async with slots:
            try:
                return await _in_time(prometheus, text, at)
            except KubeDoorError as error:
                log.warning("findings.query_failed", kind=kind, reason=str(error))
                failed[kind] = str(error)
                return []

    found = await asyncio.gather(*(ask(kind, text) for kind, text in texts.items()))
    return dict(zip(texts, found, strict=True)), failed


def _texts(scope: Scope, jvms: tuple[Jvm, ...], range_s: int) -> Iterator[tuple[FindingKind, str]]:
    """Yield the query of each kind, which answers with what is wrong alone."""
    wrong, part = Wrong(scope), Part(scope, (".+",))
    yield "throttled", wrong.throttled(range_s)
    yield "memory_near_limit", wrong.memory_near_limit()
    yield "pvc_full", wrong.volumes_full()
    yield "hpa_capped", wrong.autoscalers_capped()
    if jvms:
        yield "heap_full", union(tagged(f"({heap_full(part, one)})", one.key) for one in jvms)
        yield "gc_storm", union(tagged(f"({gc_overhead(part, one, range_s)})", one.key) for one in jvms)


async def _in_time(prometheus: Prometheus, text: str, at: datetime) -> Vector:
    try:
        async with asyncio.timeout(QUERY_S):
            return await prometheus.instant(text, at)
    except TimeoutError as error:
        raise PrometheusUnavailableError(f"the store gave no answer within {QUERY_S:g} s") from error
