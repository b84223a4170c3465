"""Scores rules over the services of an env, some at a time: all days at once would take too much memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from kubedoor_api.statistics.replay.queries import Used
from kubedoor_core.domain.arrays import Bools, Floats
from kubedoor_core.domain.derivation.choosing import fleet_cpu_m
from kubedoor_core.domain.derivation.exceptions import RuleBook
from kubedoor_core.domain.derivation.history import history_of
from kubedoor_core.domain.derivation.replay import ContainerLimits, Limits, Outcome, Replay
from kubedoor_core.domain.derivation.targets import NO_TARGETS, UtilisationTargets
from kubedoor_core.domain.workload import ServiceKey

AT_ONCE = 200
"""Containers at a time: 60 days of them with their profiles are 15 MiB."""


@dataclass(frozen=True)
class Scored:
    """What came of each rule, in their order, a value per service; and which days have rows at all."""

    services: tuple[ServiceKey, ...]
    outcomes: tuple[Outcome, ...]
    seen: Bools


@dataclass(frozen=True)
class Task:
    """What is scored.

    :ivar books: the rules that are compared.
    :ivar targets: what autoscalers steer to, by service; ``leave``: their requests stay as they are.
    :ivar fleet_m: as `fleet_cpu_m` of all services of the env.
    """

    dates: Sequence[date]
    books: Sequence[RuleBook]
    targets: Mapping[ServiceKey, UtilisationTargets]
    leave: bool
    fleet_m: Floats


async def fleet_of(containers: AsyncIterator[Used], dates: Sequence[date]) -> Floats:
    """Return what all services together used in the peak hours, day by day, millicores."""
    total = np.zeros(len(dates))
    async for part in _whole_services(containers):
        total += await asyncio.to_thread(_fleet_of_part, part, dates)
    return total


def _fleet_of_part(part: Sequence[Used], dates: Sequence[date]) -> Floats:
    return fleet_cpu_m(history_of((one.use for one in part), dates, profiles=False))


async def score(containers: AsyncIterator[Used], task: Task) -> Scored:
    """Score rules over containers, those of a service one after the other."""
    parts = [await asyncio.to_thread(_part, part, task) async for part in _whole_services(containers)]
    return joined(parts) if parts else _part([], task)


async def _whole_services(containers: AsyncIterator[Used]) -> AsyncIterator[list[Used]]:
    part: list[Used] = []
    async for one in containers:
        if len(part) >= AT_ONCE and part[-1].use.service != one.use.service:
            yield part
            part = []
        part.append(one)
    if part:
        yield part


def _part(part: Sequence[Used], task: Task) -> Scored:
    history = history_of((one.use for one in part), task.dates, profiles=True)
    each = [
        ContainerLimits(one.limit_cpu_m, one.limit_mem_mib, task.targets.get(one.use.service, NO_TARGETS))
        for one in part
    ]
    replay = Replay(history, Limits.of(each, leave=task.leave), task.fleet_m)
    seen = np.asarray(np.isfinite(history.coverage).any(axis=0), dtype=np.bool_)
    return Scored(history.services, tuple(replay.outcome(book) for book in task.books), seen)


def joined(parts: Sequence[Scored]) -> Scored:
    """Put the services of several parts together."""
    names = [one.name for one in fields(Outcome)]
    outcomes = tuple(
        Outcome(**{name: np.concatenate([getattr(one, name) for one in same]) for name in names})
        for same in zip(*(part.outcomes for part in parts), strict=True)
    )
    seen = np.asarray(np.any([part.seen for part in parts], axis=0))
    return Scored(tuple(key for part in parts for key in part.services), outcomes, seen)
