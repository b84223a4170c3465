"""Appends to the audit log, in one chain through all instances of the API."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import replace

from kubedoor_api.audit import queries
from kubedoor_api.audit.entry import GENESIS, AuditEntry, chain, entry_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

Event = Mapping[str, str]
"""A row of `event`."""

MAX_WAITING = 50_000
MAX_BATCH = 500
RETRY_S = 2.0
RECORD_WITHIN_S = 2.0
"""Seconds that an answer waits for its entry; a ClickHouse that hangs holds no answer up."""


async def record_command(clickhouse: ClickHouse, action: str, told: object) -> None:
    """Write an entry of what somebody did on the command line."""
    logger = AuditLogger(clickhouse)
    after = json.dumps(told)
    logger.add(AuditEntry("command line", "admin", "", "", action, "succeeded", after=after))
    await logger.flush()


class AuditLogger:
    """Writes entries in order. What ClickHouse could not take waits and is tried again.

    Two instances can't take the same place: an insert bears its first number as a token, and the table
    takes each token once. Whoever lost reads the new tail and links its entries behind it.
    """

    def __init__(self, clickhouse: ClickHouse) -> None:
        self._clickhouse = clickhouse
        self._waiting: deque[AuditEntry] = deque()
        self._told: deque[Event] = deque(maxlen=MAX_WAITING)
        self._lock = asyncio.Lock()
        self._wake = asyncio.Event()
        self._flushing: set[asyncio.Task[None]] = set()

    def add(self, entry: AuditEntry) -> None:
        """Record in the background."""
        if len(self._waiting) >= MAX_WAITING:
            log.error("audit.lost", action=entry.action, actor=entry.actor, waiting=len(self._waiting))
            return
        self._waiting.append(entry)
        self._wake.set()

    async def record(self, entry: AuditEntry, event: Event | None = None) -> None:
        """Record now, or as soon as ClickHouse is back: what has been done is done, and answered.

        :param event: what people are to be told of it, in the background.
        """
        if event is not None:
            self._told.append(event)
        self.add(entry)
        flushing = asyncio.create_task(self._flush_or_wait())
        self._flushing.add(flushing)
        flushing.add_done_callback(self._flushing.discard)
        await asyncio.wait({flushing}, timeout=RECORD_WITHIN_S)

    async def _flush_or_wait(self) -> None:
        try:
            await self.flush()
        except KubeDoorError as error:
            log.warning("audit.waiting", rows=len(self._waiting), reason=str(error))

    def abandon(self) -> None:
        """Leave alone what nobody waits for any more: ClickHouse's connections are about to close."""
        for flushing in self._flushing:
            flushing.cancel()

    def announce(self, event: Event | None) -> None:
        """Tell people in the background of a change whose entry is in the log already, if of that at all."""
        if event is not None:
            self._told.append(event)
            self._wake.set()

    async def position(self, *, needed: bool = True) -> int:
        """Return the number of the last row: what is logged from now on stands behind it."""
        found = await queries.tail(self._clickhouse) if needed else None
        return found[0] if found else 0

    async def complete(self, text: str, commit_id: str, after: int) -> None:
        """Write the entry of a commit, if nobody has; however many do so at once, it is there once.

        A row takes its place only behind the tail that was read, and by that reading the entry is in no row
        before: whoever else wrote it has taken the place.

        :param after: the last row when the commit was logged.
        """
        entry = replace(entry_of(text), commit_id=commit_id)
        async with self._lock:
            while (last := await queries.behind(self._clickhouse, after, commit_id)) is not None:
                if await self._link([entry], *last):
                    return

    async def flush(self) -> None:
        """Write everything that waits."""
        async with self._lock:
            while self._waiting:
                batch = [self._waiting[i] for i in range(min(MAX_BATCH, len(self._waiting)))]
                last = await queries.tail(self._clickhouse) or (0, GENESIS)
                if await self._link(batch, *last):
                    for _ in batch:
                        self._waiting.popleft()

    async def tell(self) -> None:
        """Write the events that wait."""
        events = list(self._told)
        await self._clickhouse.insert("event", events)
        for _ in events:
            self._told.popleft()

    async def _link(self, batch: list[AuditEntry], seq: int, prev_hash: str) -> bool:
        links = chain(batch, seq, prev_hash)
        await queries.insert(self._clickhouse, links)
        return await queries.hash_of(self._clickhouse, links[0].seq) == links[0].hash

    async def run(self) -> None:
        """Write what waits, for as long as the API lives."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self.flush()
                await self.tell()
            except KubeDoorError as error:
                log.warning("audit.waiting", rows=len(self._waiting), reason=str(error))
                await asyncio.sleep(RETRY_S)
                self._wake.set()
