"""Measures what services were asked in a window, by the source that tells most of each."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence

from kubedoor_collector import asking
from kubedoor_collector.asking import all_of
from kubedoor_collector.asking_dialects import of_dialects
from kubedoor_collector.domain.leaving_out import LeftOut
from kubedoor_collector.domain.services import Services
from kubedoor_collector.domain.traffic.figures import (
    ServiceOf,
    TrafficAnswers,
    TrafficRow,
    best,
    traffic_rows,
)
from kubedoor_collector.ingress import Asked, services_behind
from kubedoor_collector.prometheus import Prometheus
from kubedoor_core.domain.peak import Window
from kubedoor_core.metrics.counted import Spoken
from kubedoor_core.metrics.samples import MINUTE_S, Samples, minutes_of
from kubedoor_core.metrics.selecting import Part
from kubedoor_core.metrics.traffic import promql
from kubedoor_core.metrics.traffic.dialects import INGRESS, Dialect

SCRAPES = 2.5
"""A range of so many scrapes has two of them, wherever it begins."""


async def measure_traffic(
    prometheus: Prometheus,
    parts: Sequence[Part],
    window: Window,
    interval_s: int | None,
    spoken: Sequence[Spoken[Dialect]],
    services: Services,
) -> tuple[list[TrafficRow], list[LeftOut]]:
    """Return a row for each service of which some source tells requests, and what is nobody's.

    :param interval_s: seconds between two scrapes; None where unknown.
    :raises KubeDoorError: the store did not answer.
    """
    if not spoken:
        return [], []
    every = await _answers(prometheus, parts, spoken, window, interval_s)
    steps = minutes_of(window)
    rows: list[TrafficRow] = []
    left_out: list[LeftOut] = []
    for answers in every:
        service_of: ServiceOf = services.find
        if answers.spoken.dialect.source == INGRESS:
            behind = await services_behind(prometheus, parts, window, _asked(answers), services)
            service_of = behind.find
            left_out += behind.unmatched
        else:
            left_out += nobodys(answers.spoken, answers.rates, services)
        rows += await asyncio.to_thread(traffic_rows, answers, steps, service_of)
    return list(best(rows).values()), left_out


def nobodys(one: Spoken[Dialect], rates: Samples, services: Services) -> list[LeftOut]:
    """Return how many places each namespace has of which requests are told, and nothing else."""
    counted: Counter[str] = Counter()
    for labels in rates.labels:
        namespace, workload, pod, _ = one.labelling.place(labels)
        if (workload or pod) and not services.knows(namespace, workload, pod):
            counted[namespace] += 1
    return [
        LeftOut("counter_unknown_pod", name, one.dialect.source, count) for name, count in counted.items()
    ]


def _asked(answers: TrafficAnswers) -> set[Asked]:
    places = map(answers.spoken.labelling.place, answers.rates.labels)
    return {Asked(namespace, service) for namespace, service, _, _ in places if service}


async def _answers(
    prometheus: Prometheus,
    parts: Sequence[Part],
    spoken: Sequence[Spoken[Dialect]],
    window: Window,
    interval_s: int | None,
) -> list[TrafficAnswers]:
    end, length_s = window.end, window.seconds
    range_s = int(max(2 * MINUTE_S, SCRAPES * (interval_s or MINUTE_S)))
    with_buckets = [one for one in spoken if one.dialect.buckets]

    def at_end(query: Callable[[Part], str]) -> asking.Ask:
        return asking.instant(prometheus, query, end)

    answers = await all_of(
        {
            "rates": of_dialects(
                "rates",
                parts,
                spoken,
                lambda part, some: promql.rates(part, some, range_s),
                lambda query: asking.minutely(prometheus, query, window),
            ),
            "totals": of_dialects(
                "totals", parts, spoken, lambda part, some: promql.totals(part, some, length_s), at_end
            ),
            "latencies": of_dialects(
                "latencies",
                parts,
                with_buckets,
                lambda part, some: promql.latencies(part, some, length_s),
                at_end,
            ),
        }
    )
    return [
        TrafficAnswers(
            one,
            answers["rates"][one.key],
            answers["totals"][one.key],
            answers["latencies"].get(one.key, Samples.none()),
        )
        for one in spoken
    ]
