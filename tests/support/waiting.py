"""Waiting for a condition, with a generous limit and no luck."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

PAUSE_S, MOST_PAUSE_S = 0.05, 0.25
"""Between two questions."""
SHARE = 0.2
"""So much of a wait is added to it at most: the processor is for what is waited for."""


async def until(condition: Callable[[], Awaitable[T | None]], timeout_s: float = 120.0) -> T:
    """Ask again and again, ever less often, until the answer is true-ish, and return it.

    :raises TimeoutError: when it never is.
    """
    began = time.monotonic()
    async with asyncio.timeout(timeout_s):
        while not (answer := await condition()):
            waited_s = time.monotonic() - began
            await asyncio.sleep(max(PAUSE_S, min(MOST_PAUSE_S, SHARE * waited_s)))
        return answer
