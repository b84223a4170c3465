"""Takes alerts in: those that come together are written together, and answered once they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

import orjson

from kubedoor_api.alerts.row import Columns
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import UnavailableError

MAX_WAITING_BYTES = 32 << 20
"""Of rows that wait for ClickHouse: beyond, a sender is to come again. Alertmanager does after 5xx."""
BATCH_BYTES = 960 << 10
"""Of one INSERT: what is larger holds the loop up while it is sent. A row is smaller by its bounds."""


class Part(NamedTuple):
    """Rows of one request that are written together, as JSON.

    :ivar stands: done when they are in the table.
    """

    rows: list[bytes]
    size: int
    stands: asyncio.Future[None]


class Intake:
    """What waits to be written, by this instance."""

    def __init__(self, clickhouse: ClickHouse) -> None:
        self._clickhouse = clickhouse
        self._lock = asyncio.Lock()
        self._waiting: list[Part] = []
        self._waiting_bytes = 0

    async def write(self, rows: Sequence[Columns]) -> None:
        """Return when rows stand in the table. Writing some twice makes one.

        :raises UnavailableError: too much waits, or ClickHouse can't be asked: they are to be sent again.
        """
        parts = _parts(rows)
        size = sum(part.size for part in parts)
        if self._waiting_bytes and self._waiting_bytes + size > MAX_WAITING_BYTES:
            raise UnavailableError(
                f"{self._waiting_bytes >> 20} MiB of alerts wait to be written: send these again"
            )
        self._waiting += parts
        self._waiting_bytes += size
        async with self._lock:  # whoever has it writes what waits, for all
            while any(not part.stands.done() for part in parts):
                await self._write_batch()
        await asyncio.gather(*(part.stands for part in parts))

    async def _write_batch(self) -> None:
        batch = [self._waiting.pop(0)]
        size = batch[0].size
        while self._waiting and size + self._waiting[0].size <= BATCH_BYTES:
            batch.append(self._waiting.pop(0))
            size += batch[-1].size
        failure: Exception | None = UnavailableError("the service is closing: send these again")
        try:
            await self._clickhouse.insert(
                "alert", [orjson.Fragment(row) for part in batch for row in part.rows]
            )
            failure = None
        except Exception as error:  # noqa: BLE001 every sender of the batch hears of it
            failure = error
        finally:
            self._waiting_bytes -= size
            for part in batch:
                if part.stands.done():  # its sender has gone away
                    continue
                if failure is None:
                    part.stands.set_result(None)
                else:
                    part.stands.set_exception(failure)


def _parts(rows: Sequence[Columns]) -> list[Part]:
    loop, parts = asyncio.get_running_loop(), list[Part]()
    part, size = list[bytes](), 0
    for row in map(orjson.dumps, rows):
        if part and size + len(row) > BATCH_BYTES:
            parts.append(Part(part, size, loop.create_future()))
            part, size = [], 0
        part.append(row)
        size += len(row) + 1
    return [*parts, Part(part, size, loop.create_future())] if part else parts
