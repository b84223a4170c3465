"""Measures what JVMs did in a window, by the library that tells most of each container."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from kubedoor_collector import asking
from kubedoor_collector.asking import all_of
from kubedoor_collector.asking_dialects import of_dialects
from kubedoor_collector.domain.jvm import promql
from kubedoor_collector.domain.jvm.containers import Containers
from kubedoor_collector.domain.jvm.figures import JvmAnswers, JvmRow, best_told, jvm_rows
from kubedoor_collector.domain.leaving_out import LeftOut
from kubedoor_collector.domain.services import Services
from kubedoor_collector.prometheus import Prometheus
from kubedoor_core.domain.peak import Window
from kubedoor_core.metrics.counted import Spoken
from kubedoor_core.metrics.jvm import JvmDialect
from kubedoor_core.metrics.samples import MINUTE_S, minutes_of
from kubedoor_core.metrics.selecting import Part

SCRAPES = 1.5
"""A range of so many scrapes has one of them, also where they jitter."""


async def measure_jvms(
    prometheus: Prometheus,
    parts: Sequence[Part],
    window: Window,
    interval_s: int | None,
    spoken: Sequence[Spoken[JvmDialect]],
    services: Services,
) -> tuple[list[JvmRow], list[LeftOut]]:
    """Return a row for each container whose JVMs some library tells of, and what is nobody's.

    :param interval_s: seconds between two scrapes; None where unknown.
    :raises KubeDoorError: the store did not answer.
    """
    if not spoken:
        return [], []
    steps = minutes_of(window)
    rows: list[JvmRow] = []
    containers = Containers(services)
    for answers in await _answers(prometheus, parts, spoken, window, interval_s):
        rows += await asyncio.to_thread(
            jvm_rows, answers, steps, containers.of(answers.spoken.dialect.source)
        )
    return list(best_told(rows).values()), containers.left_out()


async def _answers(
    prometheus: Prometheus,
    parts: Sequence[Part],
    spoken: Sequence[Spoken[JvmDialect]],
    window: Window,
    interval_s: int | None,
) -> list[JvmAnswers]:
    end, length_s = window.end, window.seconds
    known_s = int(max(MINUTE_S, SCRAPES * (interval_s or MINUTE_S)))
    answers = await all_of(
        {
            "curves": of_dialects(
                "jvm_curves",
                parts,
                spoken,
                lambda part, some: promql.curves(part, some, known_s),
                lambda query: asking.minutely(prometheus, query, window),
            ),
            "values": of_dialects(
                "jvm_values",
                parts,
                spoken,
                lambda part, some: promql.values(part, some, length_s),
                lambda query: asking.instant(prometheus, query, end),
            ),
        }
    )
    return [JvmAnswers(one, answers["curves"][one.key], answers["values"][one.key]) for one in spoken]
