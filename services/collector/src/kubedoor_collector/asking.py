"""Asks the store for the parts of an env: several queries at once, smaller ones where one is too heavy."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from kubedoor_collector.domain.parts import smaller
from kubedoor_collector.prometheus import Prometheus, QueryTooHeavyError
from kubedoor_core.domain.peak import Window
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.metrics.samples import MINUTE_S, Samples, samples_at, samples_of_matrix, together
from kubedoor_core.metrics.selecting import Part, plain

T = TypeVar("T")
Ask = Callable[[Part], Awaitable[Samples]]

log = get_logger(__name__)


async def all_of(asks: Mapping[str, Coroutine[Any, Any, T]]) -> dict[str, T]:
    """Wait for several answers; the client bounds how many are asked for at once.

    :raises KubeDoorError: the first that one of them met; the others are given up.
    """
    tasks: dict[str, asyncio.Task[T]] = {}
    try:
        async with asyncio.TaskGroup() as group:
            for name, ask in asks.items():
                tasks[name] = group.create_task(ask)
    except* KubeDoorError as errors:
        raise _first(errors) from None
    return {name: task.result() for name, task in tasks.items()}


def _first(errors: BaseExceptionGroup[KubeDoorError]) -> KubeDoorError:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error if isinstance(error, KubeDoorError) else KubeDoorError(str(error))


async def of_parts(name: str, parts: Sequence[Part], ask: Ask) -> Samples:
    """Return what a query tells of some parts, put together."""
    answers = await all_of({str(index): _split(name, part, ask) for index, part in enumerate(parts)})
    return together([samples for answer in answers.values() for samples in answer])


async def _split(name: str, part: Part, ask: Ask) -> list[Samples]:
    """Ask for a part at once, or, where that is too heavy, for its halves.

    :raises QueryTooHeavyError: it is too heavy even for the pods of one ending of one namespace.
    """
    try:
        return [await ask(part)]
    except QueryTooHeavyError as error:
        halves = smaller(part)
        if not halves:
            raise
        log.info("prometheus.split", query=name, reason=str(error), namespaces=len(part.namespaces))
    return [samples for half in halves for samples in await _split(name, half, ask)]


def instant(prometheus: Prometheus, query_of: Callable[[Part], str], at: datetime) -> Ask:
    """Return what asks a query once; its values are samples of that instant."""

    async def ask(part: Part) -> Samples:
        return samples_at(await prometheus.instant(query_of(part), at), at.timestamp(), plain)

    return ask


def samples(prometheus: Prometheus, query_of: Callable[[Part], str], at: datetime) -> Ask:
    """Return what asks for the samples themselves of a range selector."""

    async def ask(part: Part) -> Samples:
        return samples_of_matrix(await prometheus.samples(query_of(part), at), plain)

    return ask


def curve(
    prometheus: Prometheus, query_of: Callable[[Part], str], start: datetime, end: datetime, step_s: int
) -> Ask:
    """Return what asks a query at every step."""

    async def ask(part: Part) -> Samples:
        return samples_of_matrix(await prometheus.range(query_of(part), start, end, step_s), plain)

    return ask


def minutely(prometheus: Prometheus, query_of: Callable[[Part], str], window: Window) -> Ask:
    """Return what asks a query at the end of each minute of a window."""
    start = window.start + timedelta(seconds=MINUTE_S)
    return curve(prometheus, query_of, start, window.end, MINUTE_S)
