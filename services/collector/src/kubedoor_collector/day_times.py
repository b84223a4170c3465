"""Asks when a day's counters were scraped: of those that are scraped evenly a count tells most of it."""

from __future__ import annotations

from collections.abc import Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from kubedoor_collector import asking
from kubedoor_collector.asking import all_of, of_parts
from kubedoor_collector.domain import promql
from kubedoor_collector.domain.edges import unsure_pods
from kubedoor_collector.domain.parts import literal
from kubedoor_collector.domain.promql import PROFILE_STEP_S
from kubedoor_collector.prometheus import Prometheus
from kubedoor_core.metrics.samples import Bools, Samples, joined, samples_of
from kubedoor_core.metrics.selecting import Part

TIMES_AT_ONCE = 12
"""Steps of one query of `timestamp()`: Prometheus 2's costs grow with their square."""
MOST_PODS = 100
"""Pods that one query names; of more the whole part is asked for."""


@dataclass(frozen=True)
class Even:
    """What is scraped evenly: at which interval, and all containers of which namespaces. None: nothing is."""

    interval_s: int = 0
    namespaces: frozenset[str] = frozenset()

    def divided(self, parts: Iterable[Part]) -> tuple[list[Part], list[Part]]:
        """Return the parts of what is scraped evenly, and those of the rest."""
        even = {literal(name) for name in self.namespaces} if self.interval_s else set()
        counted: list[Part] = []
        others: list[Part] = []
        for part in parts:
            for wanted, found in ((True, counted), (False, others)):
                names = tuple(name for name in part.namespaces if (name in even) is wanted)
                if names:
                    found.append(replace(part, namespaces=names))
        return counted, others


NOTHING_EVEN = Even()


@dataclass(frozen=True, eq=False)
class Scraped:
    """When counters were scraped before each five minutes, or how often."""

    times: Samples
    counts: Samples


async def scraped(
    prometheus: Prometheus, parts: Sequence[Part], start: datetime, end: datetime, even: Even
) -> Scraped:
    """Count the scrapes of what is scraped evenly; ask for the times of the rest, and of what is in doubt."""
    counted, others = even.divided(parts)
    counts, times = await all_of_two(
        _counts(prometheus, counted, start, end), _times(prometheus, others, start, end)
    )
    edges = np.arange(start.timestamp(), end.timestamp() + 1, PROFILE_STEP_S)
    if doubtful := unsure_pods(counts, even.interval_s, edges) if len(counts) else {}:
        times = joined([times, await _times(prometheus, counted, start, end, doubtful)])
    return Scraped(times, counts)


async def all_of_two(
    one: Coroutine[Any, Any, Samples], other: Coroutine[Any, Any, Samples]
) -> tuple[Samples, Samples]:
    """Wait for two answers at once."""
    found = await all_of({"one": one, "other": other})
    return found["one"], found["other"]


async def _counts(prometheus: Prometheus, parts: Sequence[Part], start: datetime, end: datetime) -> Samples:
    if not parts:
        return samples_of(())
    ask = asking.curve(prometheus, promql.profile_counts, start, end, PROFILE_STEP_S)
    return await of_parts("counts", parts, ask)


async def _times(
    prometheus: Prometheus,
    parts: Sequence[Part],
    start: datetime,
    end: datetime,
    doubtful: Mapping[str, Bools] | None = None,
) -> Samples:
    """Ask when the counters were scraped, some steps at a time.

    :param doubtful: ask only of these pods, at these edges of the day.
    """
    step = timedelta(seconds=PROFILE_STEP_S)
    asks: dict[str, Coroutine[Any, Any, Samples]] = {}
    edge = 0
    while parts and start <= end:
        until = min(end, start + step * (TIMES_AT_ONCE - 1))
        pods = None if doubtful is None else _pods_at(doubtful, edge)
        if pods is None or pods:
            asks[str(start)] = of_parts("times", parts, _ask(prometheus, pods or (), start, until))
        start, edge = until + step, edge + TIMES_AT_ONCE
    return joined((await all_of(asks)).values())


def _pods_at(doubtful: Mapping[str, Bools], edge: int) -> list[str]:
    pods, there = list(doubtful), np.array(list(doubtful.values()))[:, edge : edge + TIMES_AT_ONCE]
    return [pods[number] for number in np.flatnonzero(there.any(axis=1)).tolist()]


def _ask(prometheus: Prometheus, pods: Collection[str], start: datetime, end: datetime) -> asking.Ask:
    named = pods if len(pods) <= MOST_PODS else ()
    return asking.curve(
        prometheus, lambda part: promql.profile_times(part, named), start, end, PROFILE_STEP_S
    )
