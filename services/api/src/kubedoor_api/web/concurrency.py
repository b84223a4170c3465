"""Bounds for work that many ask for at once: so many at a time, one for all who ask for the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Any, ParamSpec, TypeVar

from kubedoor_core.problems import Problem


class CrowdedError(Exception):
    """Too many wait already."""


class Limiter:
    """Lets so many in at once; some more wait, and the rest are turned away."""

    def __init__(self, at_once: int, max_waiting: int) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most = at_once + max_waiting
        self._present = 0

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for a slot and hold it.

        :raises CrowdedError: so many wait that it would take too long.
        """
        if self._present >= self._most:
            raise CrowdedError
        self._present += 1
        try:
            async with self._free:
                yield
        finally:
            self._present -= 1


P = ParamSpec("P")
T = TypeVar("T")
AT_ONCE = 2
MAX_WAITING = 20
RETRY_AFTER_S = 1


class Computing:
    """Runs such work in threads, so that nobody else waits for it, and refuses what would wait for long."""

    def __init__(self, at_once: int = AT_ONCE, max_waiting: int = MAX_WAITING) -> None:
        self._limiter = Limiter(at_once, max_waiting)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the work returns.

        :raises Problem: 429 where too much of it waits already.
        """
        try:
            async with self._limiter.slot():
                return await asyncio.to_thread(work, *args, **kwargs)
        except CrowdedError as error:
            detail = "Too much of this is being worked on: try again in a moment"
            raise Problem(429, detail, headers={"Retry-After": str(RETRY_AFTER_S)}) from error


class SingleFlight:
    """Bounds how many large answers are being made.

    Whoever asks for what is waiting to be made gets that; what is being made already may have read the
    tables before the request came, so it is not given to it. Each answer is thus as fresh as one of its own.
    """

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._waiting: dict[Hashable, asyncio.Task[Any]] = {}

    async def get(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Return what `make` makes after this was called.

        :param key: says what is asked for, parameters included.
        """
        task = self._waiting.get(key)
        if task is None:
            task = asyncio.create_task(self._made(key, make))
            task.add_done_callback(_looked_at)
            self._waiting[key] = task
        # One who goes away takes the answer from nobody else.
        answer: T = await asyncio.shield(task)
        return answer

    async def _made(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        async with self._slots:
            del self._waiting[key]
            return await make()


class Polls:
    """One look at a time at each thing that people watch, however many watch it."""

    def __init__(self) -> None:
        self._next: dict[Hashable, asyncio.Task[Any]] = {}

    async def next(self, key: Hashable, pause_s: float, look: Callable[[], Awaitable[T]]) -> T:
        """Return what the next look finds; whoever waits for the same thing gets the same."""
        task = self._next.get(key)
        if task is None:
            task = self._next[key] = asyncio.create_task(self._look(key, pause_s, look))
            task.add_done_callback(_looked_at)
        # One who goes away takes the look from nobody else; without anybody it is the last.
        found: T = await asyncio.shield(task)
        return found

    async def _look(self, key: Hashable, pause_s: float, look: Callable[[], Awaitable[T]]) -> T:
        try:
            await asyncio.sleep(pause_s)
        finally:
            del self._next[key]
        return await look()


def _looked_at(task: asyncio.Task[object]) -> None:
    """Take note of an error that nobody waits for any more."""
    if not task.cancelled():
        task.exception()
