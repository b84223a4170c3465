"""How long a terminal lasts, and how much of its output may be on its way. Pure, but for the waiting."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal, NamedTuple

IDLE_S = 600.0
"""So long nobody may type."""
MOST_S = 3600.0
"""A terminal lasts no longer."""
WARN_S = 60.0
"""So long before its end that is told."""
WINDOW_BYTES = 256 << 10
"""So much may have been sent that the viewer has not said to have shown."""

LimitName = Literal["idle", "time_limit"]


class End(NamedTuple):
    """When a terminal ends, monotonic seconds, and by which limit."""

    at: float
    limit: LimitName


@dataclass
class Limits:
    """The times of one terminal, monotonic seconds.

    :ivar typed_at: when somebody typed last, or it began.
    """

    began_at: float
    typed_at: float

    @property
    def end(self) -> End:
        """When it ends, unless somebody types before."""
        return min(End(self.typed_at + IDLE_S, "idle"), End(self.began_at + MOST_S, "time_limit"))


class Window:
    """Lets no more output out than the viewer keeps up with, so that none of it gathers anywhere."""

    def __init__(self) -> None:
        self.sent = 0
        self._seen = 0
        self._moved = asyncio.Event()

    def seen(self, total: int) -> None:
        """Hear how many bytes have been shown in all."""
        self._seen = max(self._seen, min(total, self.sent))
        self._moved.set()

    async def room(self) -> None:
        """Wait until there is room for more."""
        while self.sent - self._seen >= WINDOW_BYTES:
            self._moved.clear()
            await self._moved.wait()
