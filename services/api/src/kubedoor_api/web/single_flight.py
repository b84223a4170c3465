"""Large answers: made a few at a time, and once for all who wait for the same."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

AT_ONCE = 2


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


def _looked_at(task: asyncio.Task[Any]) -> None:
    """Take note of an error that nobody waits for any more."""
    if not task.cancelled():
        task.exception()
