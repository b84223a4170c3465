"""Commits rows that change, so that no update is lost, through however many instances.

ClickHouse has no compare-and-set. It has something as strong: of several inserts that bear the same
deduplication token, a table takes one and drops the others, decided under the lock under which parts
are committed. `commit_log` is a chain made with it. An entry says: *after version `base` of this
table come these rows, with version `version`*. Its token is `table:base`, so that each base has one
successor at most. A writer

1. reads the table's largest version, the head, and, if the log has a successor of it, writes those
   rows (another writer logged them and has not written them yet, or died) and starts over;
2. reads the row and compares its version with what the change is based on: a stale one is refused;
3. logs the new rows under `table:head`, with a version above the head and not below the clock;
4. reads who the successor is. Itself: it completes the commit, and only then acknowledges. Another:
   from the start.

To complete a commit is to write its entry of the audit log, which was logged with the rows, and then the
rows. So no change governs without its entry; and since a logged commit is completed by the next writer, or
within seconds by any instance (`run`), no entry stays without its change. The log takes an entry once
(`Recorder.complete`), whoever writes it.

No update is lost: rows reach the table through the log alone, so the table passes from one head to
the next along the chain. If the table has moved on from the head of step 1 when step 3 comes, the
head has a successor already, step 3 is dropped, and the row is read and compared again. Writing
an entry twice (its writer and a helper) is harmless: the rows are the same, with the same version.
Versions grow along the chain over the whole table, so whoever polls `max(version)` misses nothing.
Somebody always makes progress: a log entry is only dropped because another one was taken.

The window of tokens (10,000, on disk) bounds how long an insert may linger in ClickHouse: one that
arrives after 10,000 further commits would be taken again. Inserts time out long before that.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from kubedoor_api.audit.logger import AuditLogger
from kubedoor_api.commits import queries
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.freshness import ACKNOWLEDGE_AFTER_S
from kubedoor_core.errors import KubeDoorError, UnavailableError
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

Table = Literal["control", "setting", "operation", "schedule"]
Rows = Sequence[Row]
Prepare = Callable[[], Awaitable[Rows]]
"""Reads what stands now, refuses or returns the new rows; called again whenever another was faster."""

GOVERNING: frozenset[Table] = frozenset({"control", "setting"})
"""What admission goes by."""

ATTEMPTS = 200
QUEUE_S = 20.0
"""Seconds that a change waits for those before it: where ClickHouse hangs, nobody stands in a long line."""
LOOK_FOR_LEFT_S = 2.0
MICROSECOND = 1_000_000


class Audited(Protocol):
    """What a change leaves for the audit log."""

    def entry(self) -> str:
        """Return the entry, as JSON, once `prepare` has said what changes."""

    def logged(self) -> None:
        """Hear that the entry is part of a commit, and so will be written with it."""


class Writer:
    """One writer of one process; its own commits to a table wait for each other."""

    def __init__(
        self, clickhouse: ClickHouse, recorder: AuditLogger | None = None, instance: str = ""
    ) -> None:
        self._clickhouse = clickhouse
        self._recorder = recorder or AuditLogger(clickhouse)
        self._instance = instance or uuid.uuid4().hex[:12]
        self._locks: dict[Table, asyncio.Lock] = {}

    async def commit(
        self, table: Table, author: str, prepare: Prepare, audited: Audited | None = None
    ) -> int:
        """Write rows and return their version.

        When this returns they are readable, and every admission from now on goes by them.

        `version`, `updated_at` and `updated_by` are added to what `prepare` returns.

        :param audited: the audit log's entry, which is written with the rows, by whoever writes them.
        :raises UnavailableError: others were faster again and again, or ClickHouse is away. In the
            latter case the rows may still come to be written.
        """
        version = await self._commit(table, author, prepare, audited)
        if table in GOVERNING:
            await asyncio.sleep(ACKNOWLEDGE_AFTER_S)
        return version

    async def _commit(self, table: Table, author: str, prepare: Prepare, audited: Audited | None) -> int:
        async with self._turn(table):
            for attempt in range(ATTEMPTS):
                version = await self._try(table, author, prepare, audited)
                if version is not None:
                    return version
                await asyncio.sleep(random.uniform(0, 0.002 * min(attempt + 1, 25)))  # noqa: S311 no secret
        raise UnavailableError("too many people change this at the same time")

    @asynccontextmanager
    async def _turn(self, table: Table) -> AsyncIterator[None]:
        lock = self._locks.setdefault(table, asyncio.Lock())
        try:
            await asyncio.wait_for(lock.acquire(), QUEUE_S)
        except TimeoutError:
            message = f"changes of the table {table} wait for ClickHouse for more than {QUEUE_S:.0f} s"
            raise UnavailableError(message) from None
        try:
            yield
        finally:
            lock.release()

    async def _try(self, table: Table, author: str, prepare: Prepare, audited: Audited | None) -> int | None:
        head, after = await asyncio.gather(self._head(table), self._position(audited))
        rows = await prepare()
        if not rows:
            return head
        version = max(int(time.time() * MICROSECOND), head + 1)
        stamped = _stamped(rows, version, author)
        writer = f"{self._instance}-{uuid.uuid4().hex[:12]}"
        entry = audited.entry() if audited else ""
        if not await self._log(table, head, version, writer, stamped, entry, after):
            return None
        if audited:
            audited.logged()
        await self._complete(table, stamped, writer, entry, after)
        return version

    async def _position(self, audited: Audited | None) -> int:
        return await self._recorder.position() if audited else 0

    async def _head(self, table: Table) -> int:
        """Return the head, once everything that is logged has been written."""
        while True:
            found = await queries.head(self._clickhouse, table)
            if not found["entries"]:
                return int(found["head"])
            log.info("commit.helped", table=table, base=found["head"], writer=found["first_writer"])
            rows, audit, after = found["first_rows"], found["first_audit"], int(found["first_audit_after"])
            await self._complete(table, json.loads(rows), found["first_writer"], audit, after)

    async def _log(
        self, table: Table, base: int, version: int, writer: str, rows: Rows, audit: str, after: int
    ) -> bool:
        entry = {
            "table_name": table,
            "base": base,
            "version": version,
            "writer": writer,
            "at": timestamp(datetime.now(UTC)),
            "rows": json.dumps(rows, ensure_ascii=False),
            "audit": audit,
            "audit_after": after,
        }
        await self._clickhouse.insert("commit_log", [entry], once=f"{table}:{base}")
        return await queries.writer_after(self._clickhouse, table, base) == writer

    async def _complete(self, table: Table, rows: Rows, writer: str, audit: str, after: int) -> None:
        if audit:
            await self._recorder.complete(audit, writer, after)
        await self._clickhouse.insert(table, rows)

    async def complete_left(self, seen: frozenset[str]) -> frozenset[str]:
        """Complete the commits that were logged and left, and return the writers of those that are new.

        :param seen: writers of what was waiting at the last look: who was at work then has died since.
        """
        left = await queries.left(self._clickhouse)
        for found in left:
            if found["writer"] in seen:
                log.info("commit.completed", table=found["table_name"], writer=found["writer"])
                rows, after = json.loads(found["rows"]), int(found["audit_after"])
                await self._complete(found["table_name"], rows, found["writer"], found["audit"], after)
        return frozenset(found["writer"] for found in left)

    async def run(self) -> None:
        """Complete what writers that died have logged, for as long as the API lives."""
        seen = frozenset[str]()
        while True:
            await asyncio.sleep(LOOK_FOR_LEFT_S)
            try:
                seen = await self.complete_left(seen)
            except KubeDoorError as error:
                log.warning("commit.waiting", reason=str(error))


def _stamped(rows: Rows, version: int, author: str) -> list[dict[str, Any]]:
    now = timestamp(datetime.now(UTC))
    return [{**row, "version": version, "updated_at": now, "updated_by": author} for row in rows]
