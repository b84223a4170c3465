"""Tells the work of the leader that there is something to do."""

from __future__ import annotations

import asyncio


class Wake:
    """Rung by who wrote a row in this process; what others wrote is found by looking."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Say that there is something."""
        self._event.set()

    async def wait(self, timeout_s: float) -> None:
        """Return when it rang, or after a time."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._event.wait()
        except TimeoutError:
            return
        self._event.clear()
