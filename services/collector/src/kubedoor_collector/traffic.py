"""Measures what services were asked in a window, by the source that tells most of each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import numpy as np

from kubedoor_collector import asking
from kubedoor_collector.asking import all_of, of_parts
from kubedoor_collector.domain.promql import Part
from kubedoor_collector.domain.samples import MINUTE_S, PodKey
from kubedoor_collector.domain.traffic import promql
from kubedoor_collector.domain.traffic.dialects import Spoken, spoken
from kubedoor_collector.domain.traffic.figures import (
    Service,
    ServiceOf,
    TrafficAnswers,
    TrafficRow,
    best,
    traffic_rows,
)
from kubedoor_collector.measure import Measured
from kubedoor_collector.prometheus import Prometheus
from kubedoor_collector.survey import Survey
from kubedoor_core.domain.peak import Window
from kubedoor_core.domain.workload import workload_kind

SCRAPES = 2.5
"""A range of so many scrapes has two of them, wherever it begins."""


async def measure_traffic(
    prometheus: Prometheus, found: Survey, window: Window, measured: Measured
) -> list[TrafficRow]:
    """Return a row for each service of which some source tells requests.

    :param measured: of the same window: the pods and what they are of.
    :raises KubeDoorError: the store did not answer.
    """
    examples = await prometheus.instant(promql.examples(found.scope), window.end)
    dialects = spoken([sample.labels for sample in examples])
    service_of = services_of(measured)
    steps = np.arange(window.start.timestamp() + MINUTE_S, window.end.timestamp() + 1, MINUTE_S)
    rows: list[TrafficRow] = []
    for one in dialects:
        answers = await _answers(prometheus, _whole(found), one, window, measured.interval_s)
        rows += await asyncio.to_thread(traffic_rows, answers, steps, service_of)
    return list(best(rows).values())


def services_of(measured: Measured) -> ServiceOf:
    """Return what finds a service: by its pod, else by its workload's name, a Deployment's first."""
    of_pod: dict[PodKey, Service] = {}
    for pod, workload in measured.workloads.items():
        if kind := workload_kind(workload.kind):
            of_pod[pod] = (workload.namespace, kind, workload.name)
    by_name: Mapping[tuple[str, str], Service] = {
        (row.namespace, row.name): (row.namespace, row.kind, row.name)
        for row in sorted(measured.rows, key=lambda row: row.kind, reverse=True)
    }

    def service_of(namespace: str, workload: str, pod: str) -> Service | None:
        return of_pod.get(PodKey(namespace, pod)) or by_name.get((namespace, workload))

    return service_of


def _whole(found: Survey) -> list[Part]:
    """Return the parts to ask for: whole namespaces, as an answer has a row per pod at most."""
    every: Iterable[Part] = (part for group in found.groups() for part in group)
    return list(dict.fromkeys(Part(part.scope, part.namespaces) for part in every))


async def _answers(
    prometheus: Prometheus, parts: Sequence[Part], one: Spoken, window: Window, interval_s: int | None
) -> TrafficAnswers:
    start, end, length_s = window.start + timedelta(seconds=MINUTE_S), window.end, window.seconds
    range_s = int(max(2 * MINUTE_S, SCRAPES * (interval_s or MINUTE_S)))
    asks = {
        "rates": asking.curve(
            prometheus, lambda part: promql.rates(part, one, range_s), start, end, MINUTE_S
        ),
        "totals": asking.instant(prometheus, lambda part: promql.totals(part, one, length_s), end),
        "latencies": asking.instant(prometheus, lambda part: promql.latencies(part, one, length_s), end),
    }
    answers = await all_of({name: of_parts(name, parts, ask) for name, ask in asks.items()})
    return TrafficAnswers(one, answers["rates"], answers["totals"], answers["latencies"])
