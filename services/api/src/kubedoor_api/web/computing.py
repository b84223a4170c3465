"""Work whose length the caller chooses: off the event loop, a little at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from kubedoor_api.web.places import CrowdedError, Places
from kubedoor_core.problems import Problem

P = ParamSpec("P")
T = TypeVar("T")
AT_ONCE = 2
MAX_WAITING = 20
RETRY_AFTER_S = 1


class Computing:
    """Runs such work in threads, so that nobody else waits for it, and refuses what would wait for long."""

    def __init__(self, at_once: int = AT_ONCE, max_waiting: int = MAX_WAITING) -> None:
        self._places = Places(at_once, max_waiting)

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the work returns.

        :raises Problem: 429 where too much of it waits already.
        """
        try:
            async with self._places.one():
                return await asyncio.to_thread(work, *args, **kwargs)
        except CrowdedError as error:
            detail = "Too much of this is being worked on: try again in a moment"
            raise Problem(429, detail, headers={"Retry-After": str(RETRY_AFTER_S)}) from error
