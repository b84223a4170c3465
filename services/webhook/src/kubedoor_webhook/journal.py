"""The admission log: rows wait in a bounded queue and go to ClickHouse in batches, never in a request."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol

import orjson
from prometheus_client import Counter

from kubedoor_core.errors import ClickHouseError, KubeDoorError
from kubedoor_core.logs import get_logger

FLUSH_PAUSE_S = 0.5
BATCH_ROWS = 1000
"""Many small INSERTs cost ClickHouse forty times their rows in merges."""
CAPACITY_ROWS = 20_000

Entry = tuple[str, bytes]
"""A table's name and one row of it, a JSON object: a fifth of the memory of what it is made of."""

log = get_logger(__name__)


class Sink(Protocol):
    """Where rows go."""

    async def insert(self, table: str, rows: list[orjson.Fragment]) -> None:
        """Insert rows, rendered as JSON objects, or raise a KubeDoorError."""


class Journal:
    """A queue in front of append-only tables; when it is full the oldest row is dropped and counted."""

    def __init__(self, sink: Sink, dropped: Counter, capacity_rows: int = CAPACITY_ROWS) -> None:
        self._sink = sink
        self._dropped = dropped
        self._capacity_rows = capacity_rows
        self._queue: deque[Entry] = deque()
        self._under_way: asyncio.Task[str | None] | None = None

    def __len__(self) -> int:
        """Return the number of rows that wait."""
        return len(self._queue)

    def put(self, table: str, row: bytes) -> None:
        """Queue a row, a JSON object; never waits."""
        self._queue.append((table, row))
        self._drop_oldest()

    def _drop_oldest(self) -> None:
        while len(self._queue) > self._capacity_rows:
            self._queue.popleft()
            self._dropped.inc()

    async def run(self) -> None:
        """Write batches as they come; after a failure the rows go back and are tried again."""
        told = False
        while True:
            await asyncio.sleep(FLUSH_PAUSE_S)
            self._under_way = asyncio.create_task(self._write_all())
            # Whoever ends this on leaving ends no write: its rows wait in no queue any more.
            error = await asyncio.shield(self._under_way)
            if error and not told:
                log.warning("journal.waiting", reason=error, rows=len(self))
            told = error is not None

    async def flush(self) -> str | None:
        """Write everything that waits now, after what is being written; return why not, where it fails."""
        if self._under_way is not None:
            await asyncio.wait({self._under_way})
        return await self._write_all()

    async def _write_all(self) -> str | None:
        """Write what waits; what comes meanwhile waits for the next time: batches stay large under load."""
        waiting = len(self._queue)
        for begin in range(0, waiting, BATCH_ROWS):
            batch = [self._queue.popleft() for _ in range(min(BATCH_ROWS, waiting - begin, len(self._queue)))]
            try:
                await self._write(batch)
            except KubeDoorError as error:
                self._queue.extendleft(reversed(batch))
                self._drop_oldest()
                return str(error)
        return None

    async def _write(self, batch: list[Entry]) -> None:
        """Insert table by table, taking what is in out of the batch, so that no row is written twice."""
        for table in sorted({table for table, _ in batch}):
            await self._insert(table, [orjson.Fragment(row) for of, row in batch if of == table])
            batch[:] = [entry for entry in batch if entry[0] != table]

    async def _insert(self, table: str, rows: list[orjson.Fragment]) -> None:
        """Insert rows; one that ClickHouse refuses must not hold up the others, so it is dropped."""
        try:
            await self._sink.insert(table, rows)
        except ClickHouseError as error:
            if len(rows) == 1:
                log.warning("journal.row_refused", table=table, reason=str(error))
                self._dropped.inc()
                return
            for row in rows:
                await self._insert(table, [row])
