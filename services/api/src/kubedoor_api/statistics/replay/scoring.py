"""Scores rules over the services of an env, some at a time: all days at once would take too much memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from kubedoor_api.statistics.replay.queries import Used
from kubedoor_core.domain.arrays import array_of
from kubedoor_core.domain.derivation.history import ServiceKey, history_of
from kubedoor_core.domain.derivation.replay import Limits, Outcome, Replay
from kubedoor_core.domain.derivation.rules import Rule

AT_ONCE = 200
"""Containers at a time: 60 days of them with their profiles are 15 MiB."""


@dataclass(frozen=True)
class Scored:
    """What came of each rule, in their order, a value per service."""

    services: tuple[ServiceKey, ...]
    outcomes: tuple[Outcome, ...]


async def score(containers: AsyncIterator[Used], dates: Sequence[date], rules: Sequence[Rule]) -> Scored:
    """Score rules over containers, those of a service one after the other."""
    parts = [await asyncio.to_thread(_part, part, dates, rules) async for part in _whole_services(containers)]
    return joined(parts) if parts else _part([], dates, rules)


async def _whole_services(containers: AsyncIterator[Used]) -> AsyncIterator[list[Used]]:
    part: list[Used] = []
    async for one in containers:
        if len(part) >= AT_ONCE and part[-1].use.service != one.use.service:
            yield part
            part = []
        part.append(one)
    if part:
        yield part


def _part(part: Sequence[Used], dates: Sequence[date], rules: Sequence[Rule]) -> Scored:
    history = history_of((one.use for one in part), dates, profiles=True)
    nothing = np.full(len(part), np.nan)
    limits = Limits(
        array_of(one.limit_cpu_m for one in part),
        array_of(one.limit_mem_mib for one in part),
        nothing,
        nothing,
    )
    replay = Replay(history, limits)
    return Scored(history.services, tuple(replay.outcome(rule) for rule in rules))


def joined(parts: Sequence[Scored]) -> Scored:
    """Put the services of several parts together."""
    names = [one.name for one in fields(Outcome)]
    outcomes = tuple(
        Outcome(**{name: np.concatenate([getattr(one, name) for one in same]) for name in names})
        for same in zip(*(part.outcomes for part in parts), strict=True)
    )
    return Scored(tuple(key for part in parts for key in part.services), outcomes)
