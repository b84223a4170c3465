"""Measures what nodes gave, were asked for and used in a window."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import datetime, timedelta

import numpy as np

from kubedoor_collector.asking import all_of
from kubedoor_collector.domain.leaving_out import LeftOut
from kubedoor_collector.domain.nodes import promql
from kubedoor_collector.domain.nodes.figures import (
    NodeRow,
    UsageAnswers,
    best,
    covered,
    names_in,
    node_rows,
    used,
)
from kubedoor_collector.domain.nodes.promql import QUARTER_S, USAGES, Usage
from kubedoor_collector.prometheus import Prometheus
from kubedoor_core.domain.peak import Window
from kubedoor_core.metrics.samples import MINUTE_S, Floats, Samples, samples_at, samples_of_matrix
from kubedoor_core.metrics.selecting import Scope
from kubedoor_core.prometheus import Matrix


async def measure_nodes(
    prometheus: Prometheus, scope: Scope, window: Window
) -> tuple[list[NodeRow], list[LeftOut]]:
    """Return a row for each node, and what is told of nodes that nobody knows.

    Whoever tells use is asked in turn, until enough is known of every node.

    :raises KubeDoorError: the store did not answer.
    """
    start = window.start + timedelta(seconds=QUARTER_S)
    answers = await all_of(
        {
            "known": _at_end(prometheus, promql.known(scope, window.seconds), window.end),
            "held": _curves(prometheus.range(promql.held(scope), start, window.end, QUARTER_S)),
        }
    )
    names = names_in(answers["known"])
    every: list[dict[str, NodeRow]] = []
    unknown: Counter[str] = Counter()
    for usage in USAGES:
        told = await _told(prometheus, scope, window, usage)
        found = await asyncio.to_thread(used, told, _edges(window), names)
        every.append(dict(found.rows))
        unknown.update(found.unknown)
        if covered(best(every), names):
            break
    rows = node_rows(best(every), answers["known"], answers["held"], names)
    return rows, [LeftOut("node_unknown", "", where, count) for where, count in unknown.items()]


async def _told(prometheus: Prometheus, scope: Scope, window: Window, usage: Usage) -> UsageAnswers:
    async def minutely(query: str) -> Samples:
        return await _curves(prometheus.range(query, window.start, window.end, MINUTE_S))

    answers = await all_of(
        {
            "counters": minutely(promql.counters(scope, usage)),
            "scraped": minutely(promql.scraped(scope, usage)),
            "memory": minutely(promql.memory(scope, usage)),
            "memory_max": _at_end(prometheus, promql.memory_max(scope, usage, window.seconds), window.end),
        }
    )
    return UsageAnswers(usage.source, **answers)


async def _curves(asked: Awaitable[Matrix]) -> Samples:
    return samples_of_matrix(await asked)


async def _at_end(prometheus: Prometheus, query: str, at: datetime) -> Samples:
    return samples_at(await prometheus.instant(query, at), at.timestamp())


def _edges(window: Window) -> Floats:
    return np.arange(window.start.timestamp(), window.end.timestamp() + 1, MINUTE_S)
