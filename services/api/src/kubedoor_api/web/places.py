"""A few at once, some more that wait, and the rest turned away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class CrowdedError(Exception):
    """Too many wait already."""


class Places:
    """Places for so many at once."""

    def __init__(self, at_once: int, max_waiting: int) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most = at_once + max_waiting
        self._present = 0

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait for a place and hold it.

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
