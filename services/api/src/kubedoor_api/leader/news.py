"""When a leader has reason to look into a table for work: an idle env costs ClickHouse next to nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from kubedoor_api.commits import queries
from kubedoor_api.commits.queries import Table
from kubedoor_api.web.concurrency import Polls
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import KubeDoorError

T = TypeVar("T")
POLL_S = 1.0
"""Seconds between two questions whether anything was committed: one question for all tables and envs."""
LOOK_ANYWAY_S = 5.0
"""What is due at a time of its own is found within these, though nothing was committed."""


class News:
    """What one env's leader knows of one table."""

    def __init__(self, context: Context, table: Table, added: asyncio.Event) -> None:
        """:param added: set when this instance was asked for work: it is looked for at once."""
        self._context = context
        self._table = table
        self._added = added
        self._head: int | None = None
        self._any_open = False

    async def look(self, look: Callable[[], Awaitable[Iterable[T]]]) -> list[T]:
        """Return the work that a look finds open: while there is some there is a look at each question.

        So there is after one that failed, as nobody knows what it would have found.
        """
        self._any_open = True
        found = list(await look())
        self._any_open = bool(found)
        return found

    async def wait(self) -> None:
        """Return when there is reason to look.

        Also where ClickHouse can't be asked: so will the look be, which tells.
        """
        ways: list[asyncio.Task[Any]] = [
            asyncio.create_task(way) for way in (self._added.wait(), self._committed())
        ]
        try:
            done, _ = await asyncio.wait(ways, timeout=LOOK_ANYWAY_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
        self._added.clear()
        for way in done:
            way.result()

    async def _committed(self) -> None:
        """Return when the table has changed since it was last looked into, or something in it is open.

        The version is read before the look that follows, so what comes in between is looked for once more.
        """
        ask = partial(queries.heads_of_work, self._context[ClickHouse])
        while True:
            try:
                heads = await self._context[Polls].next(queries.WORK, POLL_S, ask)
            except KubeDoorError:
                return
            before, self._head = self._head, heads[self._table]
            if self._any_open or self._head != before:
                return
