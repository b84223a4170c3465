"""Measures a window, and the profile of a day, part by part of the env."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import numpy as np

from kubedoor_collector import asking
from kubedoor_collector.asking import all_of, of_parts
from kubedoor_collector.day_times import NOTHING_EVEN, Even, scraped
from kubedoor_collector.domain import promql
from kubedoor_collector.domain.containers_seen import Answers, Seen, put_together
from kubedoor_collector.domain.edges import counts_tell, even_series
from kubedoor_collector.domain.figures import DayRow, day_rows
from kubedoor_collector.domain.leaving_out import LeftOut, gathered
from kubedoor_collector.domain.profile import DayAnswers, Place, Profile, profiles
from kubedoor_collector.domain.promql import HOUR_S, PROFILE_STEP_S
from kubedoor_collector.prometheus import Prometheus
from kubedoor_collector.survey import Survey
from kubedoor_core.domain.peak import Window
from kubedoor_core.metrics.intervals import common_interval, fits_minutes
from kubedoor_core.metrics.owners import Owner, Owners, Workload, read_owners
from kubedoor_core.metrics.samples import (
    LOOKBACK_S,
    MINUTE_S,
    ContainerKey,
    PodKey,
)
from kubedoor_core.metrics.selecting import Part

T = TypeVar("T")

GROUPS_AT_ONCE = 2
"""While one group of parts is computed, the next is asked for; more would only take memory."""


@dataclass(frozen=True)
class Measured:
    """What a window came to.

    :ivar left_out: what has no figures, or not the usual ones.
    :ivar kinds: how many pods are of workloads that are no services, by kind.
    :ivar interval_s: seconds between two scrapes of most containers; None where none has two samples.
    :ivar even: the namespaces whose containers are all scraped at this interval, evenly.
    :ivar workloads: what each pod is of.
    """

    rows: list[DayRow]
    left_out: tuple[LeftOut, ...]
    kinds: Mapping[str, int]
    interval_s: int | None
    even: Even = NOTHING_EVEN
    workloads: Mapping[PodKey, Workload] = field(default_factory=dict)


async def measure(
    prometheus: Prometheus, found: Survey, day: date, window: Window, hidden_interval_s: int = 0
) -> Measured:
    """Measure a window.

    :param hidden_interval_s: seconds between two scrapes where the store hides it, else 0.
    """

    async def one(parts: Sequence[Part]) -> tuple[list[DayRow], Seen, Even]:
        answers = await _window_answers(prometheus, parts, window)
        return await asyncio.to_thread(_figures, answers, found, day, window, hidden_interval_s)

    done = await _each(found.groups(), one)
    intervals = np.concatenate([seen.interval_s for _, seen, _ in done]) if done else np.empty(0)
    interval_s = hidden_interval_s or common_interval(intervals)
    odd = (
        [LeftOut("odd_interval", "", f"{interval_s} s")]
        if interval_s and not fits_minutes(interval_s)
        else []
    )
    kinds: dict[str, int] = {}
    for _, seen, _ in done:
        for kind, count in seen.kinds.items():
            kinds[kind] = kinds.get(kind, 0) + count
    left_out = gathered([*odd, *(one for _, seen, _ in done for one in seen.left_out)])
    return Measured(
        [row for rows, _, _ in done for row in rows],
        left_out,
        kinds,
        interval_s,
        _together([even for _, _, even in done], interval_s),
        {pod: owner.workload for _, seen, _ in done for pod, owner in seen.owners.items()},
    )


def _figures(
    answers: Answers, found: Survey, day: date, window: Window, interval_s: int
) -> tuple[list[DayRow], Seen, Even]:
    seen = put_together(answers, found.run, window, interval_s)
    # What was measured is in the rows: the samples need not be held until the last part is done.
    rows, nothing = day_rows(seen, day, window), answers.cpu.take([])
    even = NOTHING_EVEN if interval_s else _even(seen)
    emptied = replace(
        seen,
        cpu=nothing,
        memory=np.empty((0, 0)),
        ran=replace(seen.ran, ran=seen.ran.ran[:0], told=seen.ran.told[:0]),
    )
    return rows, emptied, even


def _even(seen: Seen) -> Even:
    """Return which namespaces' counters are all scraped alike."""
    interval_s = common_interval(seen.interval_s)
    if not counts_tell(interval_s):
        return NOTHING_EVEN
    odd = ~even_series(seen.cpu, interval_s or MINUTE_S)
    named = [key.namespace for key in seen.cpu.containers]
    return Even(
        interval_s or 0, frozenset(named) - {name for name, one in zip(named, odd, strict=True) if one}
    )


def _together(parts: Iterable[Even], interval_s: int | None) -> Even:
    """Return what is even at the interval of most."""
    alike = [part.namespaces for part in parts if part.interval_s and part.interval_s == interval_s]
    return Even(interval_s or 0, frozenset().union(*alike)) if alike else NOTHING_EVEN


async def _window_answers(prometheus: Prometheus, parts: Sequence[Part], window: Window) -> Answers:
    end, length_s = window.end, window.seconds
    back_s = length_s + int(LOOKBACK_S)
    curves, values = promql.window_curves(parts[0]), promql.window_values(parts[0], length_s)

    def curve(name: str) -> asking.Ask:
        return asking.minutely(prometheus, lambda part: promql.window_curves(part)[name], window)

    def value(name: str) -> asking.Ask:
        return asking.instant(prometheus, lambda part: promql.window_values(part, length_s)[name], end)

    asks = {
        "cpu": of_parts(
            "cpu", parts, asking.samples(prometheus, lambda part: promql.cpu_samples(part, back_s), end)
        ),
        **{name: of_parts(name, parts, curve(name)) for name in curves},
        **{name: of_parts(name, parts, value(name)) for name in values},
    }
    answers = await all_of(asks)
    return Answers(
        answers["cpu"], {name: answers[name] for name in curves}, {name: answers[name] for name in values}
    )


async def measure_day(
    prometheus: Prometheus,
    found: Survey,
    day: Window,
    until: datetime,
    places: Iterable[Place],
    interval_s: int | None,
    even: Even = NOTHING_EVEN,
) -> dict[Place, Profile]:
    """Return the profile of what has passed of a local day.

    :param until: where the day is not over, how far to go.
    :param places: of each row that wants one.
    :param even: what is scraped evenly, as a window of the day showed.
    """
    end = min(day.end, until)
    end -= timedelta(seconds=(end - day.start).total_seconds() % PROFILE_STEP_S)
    if end <= day.start:
        return {}
    wanted = set(places)

    async def one(parts: Sequence[Part]) -> dict[Place, Profile]:
        answers, owners = await _day_answers(prometheus, found, parts, day.start, end, even)
        return await asyncio.to_thread(_profiles, answers, owners, found, wanted, day)

    points = (end - day.start).total_seconds() / PROFILE_STEP_S
    groups = found.groups(points / max(1.0, found.seconds / (interval_s or MINUTE_S)))
    return {place: profile for part in await _each(groups, one) for place, profile in part.items()}


def _profiles(
    answers: DayAnswers, owners: Owners, found: Survey, wanted: set[Place], day: Window
) -> dict[Place, Profile]:
    places: dict[ContainerKey, Place] = {}
    for samples in (answers.cpu, answers.memory, *answers.states.values()):
        for key in samples.containers:
            owner = owners.of(key.of_pod) if key not in places else None
            if isinstance(owner, Owner):
                place = (*owner.workload, key.container)
                if place in wanted:
                    places[key] = place
    return profiles(answers, found.run, places, day) if places else {}


async def _day_answers(
    prometheus: Prometheus, found: Survey, parts: Sequence[Part], start: datetime, end: datetime, even: Even
) -> tuple[DayAnswers, Owners]:
    length_s = int((end - start).total_seconds())

    def curve(name: str) -> asking.Ask:
        return asking.curve(
            prometheus, lambda part: promql.profile_curves(part)[name], start, end, PROFILE_STEP_S
        )

    def owner(name: str) -> asking.Ask:
        return asking.instant(prometheus, lambda part: promql.owners(part, length_s)[name], end)

    hour = timedelta(seconds=HOUR_S)
    last_hour = start + hour * -(-length_s // HOUR_S)
    asks = {
        **{name: of_parts(name, parts, curve(name)) for name in promql.profile_curves(parts[0])},
        **{name: of_parts(name, parts, owner(name)) for name in promql.owners(parts[0], length_s)},
        "memory": of_parts(
            "memory", parts, asking.curve(prometheus, promql.profile_memory, start + hour, last_hour, HOUR_S)
        ),
    }
    when = asyncio.create_task(scraped(prometheus, parts, start, end, even))
    try:
        answers = await all_of(asks)
        found_times = await when
    finally:
        when.cancel()
    owners = read_owners(
        answers.pop("pod_owners").labels,
        answers.pop("set_owners").labels,
        told="kube_pod_owner" in found.run.told,
        sets_told="kube_replicaset_owner" in found.run.told,
    )
    cpu, memory = answers.pop("cpu"), answers.pop("memory")
    return (
        DayAnswers(cpu, found_times.times, memory, answers, found_times.counts, even.interval_s),
        owners,
    )


async def _each(
    groups: Sequence[Sequence[Part]], one: Callable[[Sequence[Part]], Coroutine[Any, Any, T]]
) -> list[T]:
    """Do the first group alone, which chooses among doubles, then the others, a few at a time."""
    if not groups:
        return []
    first = await one(groups[0])
    gate = asyncio.Semaphore(GROUPS_AT_ONCE)

    async def gated(parts: Sequence[Part]) -> T:
        async with gate:
            return await one(parts)

    rest = await all_of({str(index): gated(parts) for index, parts in enumerate(groups[1:])})
    return [first, *rest.values()]
