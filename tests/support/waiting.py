"""Waiting for a condition, with a generous limit and no luck."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(condition: Callable[[], Awaitable[T | None]], timeout_s: float = 120.0) -> T:
    """Ask again and again until the answer is true-ish, and return it.

    :raises TimeoutError: when it never is.
    """
    async with asyncio.timeout(timeout_s):
        while not (answer := await condition()):  # noqa: ASYNC110 other processes have no Event
            await asyncio.sleep(0.05)
        return answer
