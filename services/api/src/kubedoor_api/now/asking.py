"""Asks a store how an env is: what its labels are called now and then, the fourteen queries each time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar, get_args

from kubedoor_api.now.models import NowQuery, QueryName, QueryState
from kubedoor_api.now.summary import NOTHING, Snapshot, snapshot_of
from kubedoor_api.now.texts import queries, rate_s
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.metrics.counted import Spoken, probe, probed
from kubedoor_core.metrics.intervals import common_interval, intervals_of
from kubedoor_core.metrics.naming import with_names
from kubedoor_core.metrics.samples import samples_of_matrix
from kubedoor_core.metrics.selecting import CPU, Part, Scope
from kubedoor_core.metrics.traffic.dialects import DIALECTS, INGRESS, Dialect
from kubedoor_core.prometheus import Prometheus, PrometheusUnavailableError, Vector

T = TypeVar("T")

QUERY_S = 5.0
"""Seconds that a query may take; one that takes longer has failed."""
SURVEY_S = 600
"""For so many seconds a survey holds, and so far back it looks."""
SURVEY_AGAIN_S = 60
USUAL_INTERVAL_S = 30
"""What is taken for the scrape interval where the samples do not show it."""

log = get_logger(__name__)


@dataclass(frozen=True)
class Survey:
    """What holds for longer than one evaluation.

    :ivar interval_s: seconds between two scrapes; None where the samples do not show it.
    :ivar failed: why it could not be had; empty otherwise.
    :ivar until: monotonic seconds.
    """

    scope: Scope
    interval_s: int | None = None
    spoken: tuple[Spoken[Dialect], ...] = ()
    failed: str = ""
    until: float = 0.0


@dataclass(frozen=True)
class Evaluation:
    """How an env is.

    :ivar number: rises from one to the next.
    :ivar at: the store's time; None where it has never answered.
    :ivar asked_at: ours, of when it was asked last.
    :ivar reason: why the store does not answer, so that this is how the env was; empty otherwise.
    """

    number: int
    at: datetime | None
    asked_at: datetime
    reason: str
    survey: Survey
    queries: tuple[NowQuery, ...]
    snapshot: Snapshot


def away(had: Evaluation | None, scope: Scope, reason: str) -> Evaluation:
    """Return how an env was, or that nothing is known of it."""
    now = datetime.now(UTC)
    if had is not None:
        return replace(had, number=had.number + 1, asked_at=now, reason=reason)
    every = tuple(_query(name, "failed", reason) for name in get_args(QueryName))
    return Evaluation(1, None, now, reason, Survey(scope), every, NOTHING)


async def evaluate(
    prometheus: Prometheus,
    scope: Scope,
    had: Evaluation | None,
    at_once: int = 4,
    sources: Sequence[Dialect] = DIALECTS,
) -> Evaluation:
    """Ask a store how an env is; one that does not answer at all leaves what it was.

    :param at_once: queries that run at once.
    :param sources: who may count requests, the one that is believed most first. What an Ingress controller
        counts is the collector's to find out: it knows Services, not pods.
    """
    asked_at = datetime.now(UTC)
    try:
        at = await _in_time(prometheus.now())
        survey = had.survey if had else Survey(scope)
        if survey.until < time.monotonic():
            survey = await _survey(prometheus, scope, at, survey, sources)
        answers, told = await _answers(prometheus, survey, at, asyncio.Semaphore(at_once))
    except KubeDoorError as error:
        log.warning("now.store_away", reason=str(error))
        return away(had, scope, str(error))
    interval_s = survey.interval_s or USUAL_INTERVAL_S
    snapshot = await asyncio.to_thread(snapshot_of, answers, survey.spoken, rate_s(interval_s))
    return Evaluation(had.number + 1 if had else 1, at, asked_at, "", survey, told, snapshot)


async def _survey(
    prometheus: Prometheus, scope: Scope, at: datetime, had: Survey, sources: Sequence[Dialect]
) -> Survey:
    """Find what labels are called, how often the store scrapes and who counts requests."""
    spoken_by = [one for one in sources if one.source != INGRESS]
    try:
        named = await _in_time(with_names(prometheus, scope, at, SURVEY_S))
        interval_s = await _in_time(_interval(prometheus, named, at))
        told = await _in_time(prometheus.instant(probe(named, spoken_by, SURVEY_S), at))
    except KubeDoorError as error:
        log.warning("now.survey_failed", reason=str(error))
        return replace(had, failed=str(error), until=time.monotonic() + SURVEY_AGAIN_S)
    found = probed(spoken_by, [(sample.labels, sample.value) for sample in told])
    return Survey(named, interval_s, tuple(found.spoken), "", time.monotonic() + SURVEY_S)


async def _interval(prometheus: Prometheus, scope: Scope, at: datetime) -> int | None:
    """Find the scrape interval as the collector does, in the samples of one namespace's containers."""
    names = scope.cadvisor
    matchers = ",".join([*scope.matchers(scope.cadvisor), *scope.cadvisor.containers()])
    found = await prometheus.instant(f"topk(1, last_over_time({CPU}{{{matchers}}}[{SURVEY_S}s]))", at)
    if not found:
        return None
    part = Part(scope, (found[0].labels.get(names.namespace, ""),))
    selected = part.series(CPU, names, names.containers())
    samples = samples_of_matrix(await prometheus.samples(f"{selected}[{SURVEY_S}s]", at))
    typical = intervals_of(samples, at.timestamp() - SURVEY_S, at.timestamp()).typical_s
    return common_interval(typical)


async def _answers(
    prometheus: Prometheus, survey: Survey, at: datetime, slots: asyncio.Semaphore
) -> tuple[dict[QueryName, Vector | None], tuple[NowQuery, ...]]:
    """Ask every query; one that fails is told, unless none is answered for want of a store.

    :raises PrometheusUnavailableError: it is away.
    """
    texts = queries(survey.scope, survey.interval_s or USUAL_INTERVAL_S, survey.spoken)
    names = get_args(QueryName)

    async def ask(name: QueryName) -> tuple[Vector | None, NowQuery, KubeDoorError | None]:
        async with slots:  # the time that a query may take begins when its turn comes
            text = texts.get(name)
            if text is None:
                return None, _query(name, "failed" if survey.failed else "none", survey.failed), None
            began = time.monotonic()
            try:
                answer = await _in_time(prometheus.instant(text, at))
            except KubeDoorError as error:
                log.warning("now.query_failed", query=name, reason=str(error))
                return None, _query(name, "failed", str(error), time.monotonic() - began), error
            return answer, _query(name, "ok" if answer else "none", "", time.monotonic() - began), None

    asked = await asyncio.gather(*map(ask, names))
    if all(isinstance(error, PrometheusUnavailableError) for _, _, error in asked):
        raise PrometheusUnavailableError(asked[0][1].reason)
    return (
        {name: answer for name, (answer, _, _) in zip(names, asked, strict=True)},
        tuple(told for _, told, _ in asked),
    )


async def _in_time(answer: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(QUERY_S):
            return await answer
    except TimeoutError as error:
        raise PrometheusUnavailableError(f"the store gave no answer within {QUERY_S:g} s") from error


def _query(name: QueryName, state: QueryState, reason: str, took_s: float = 0.0) -> NowQuery:
    return NowQuery(name=name, state=state, reason=reason, took_ms=round(1000 * took_s))
