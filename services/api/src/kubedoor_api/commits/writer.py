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
(`Recorder.complete`), whoever writes it. What a change leaves in tables that only grow (`Beside`) goes the
same way, before the rows; it may be there twice, with the same values.

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
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from tenacity import AsyncRetrying, retry_if_result, stop_after_attempt

from kubedoor_api.audit.logger import AuditLogger
from kubedoor_api.commits import queries
from kubedoor_api.commits.queries import Table
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.freshness import ACKNOWLEDGE_AFTER_S
from kubedoor_core.errors import KubeDoorError, UnavailableError
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

Columns = Mapping[str, object]
"""A row to write, without what every row of a commit bears."""
Beside = Mapping[str, Sequence[Columns]]
"""By table that only grows: rows that are part of a commit. Their readers take the same row twice for one."""
Prepare = Callable[[], Awaitable[Sequence[Columns]]]
"""Reads what stands now, refuses or returns the new rows; called again whenever another was faster."""

GOVERNING: frozenset[Table] = frozenset({"control", "setting"})
"""What admission goes by."""

ATTEMPTS = 200
QUEUE_S = 20.0
"""Seconds that a change waits for those before it: where ClickHouse hangs, nobody stands in a long line."""
LOOK_FOR_LEFT_S = 2.0
MICROSECOND = 1_000_000


class Stamp(NamedTuple):
    """What every row of a commit bears."""

    version: int
    at: datetime


class Written(NamedTuple):
    """What a commit writes: rows of its table, and rows beside."""

    rows: Sequence[Columns]
    beside: Beside

    def text(self) -> str:
        """Return what `written_of` reads."""
        told = self._asdict() if self.beside else self.rows
        return json.dumps(told, ensure_ascii=False)


def written_of(text: str) -> Written:
    """Read what a logged commit writes: a list where nothing is written beside."""
    told = json.loads(text)
    return Written(told, {}) if isinstance(told, list) else Written(**told)


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
        self,
        table: Table,
        author: str,
        prepare: Prepare,
        audited: Audited | None = None,
        beside: Callable[[], Beside] = dict,
    ) -> int:
        """Write rows and return their version.

        When this returns they are readable, and every admission from now on goes by them.

        `version`, `updated_at` and `updated_by` are added to what `prepare` returns.

        :param audited: the audit log's entry, which is written with the rows, by whoever writes them.
        :param beside: returns, once `prepare` has, what else is; nothing is where that returns no rows.
        :raises UnavailableError: others were faster again and again, or ClickHouse is away. In the
            latter case the rows may still come to be written.
        """
        return (await self.commit_stamped(table, author, prepare, audited, beside)).version

    async def commit_stamped(
        self,
        table: Table,
        author: str,
        prepare: Prepare,
        audited: Audited | None = None,
        beside: Callable[[], Beside] = dict,
    ) -> Stamp:
        """Do as `commit` does, and return `updated_at` of the rows as well."""
        turn = self._locks.setdefault(table, asyncio.Lock())
        try:
            await asyncio.wait_for(turn.acquire(), QUEUE_S)
        except TimeoutError:
            message = f"changes of the table {table} wait for ClickHouse for more than {QUEUE_S:.0f} s"
            raise UnavailableError(message) from None
        try:
            stamp: Stamp | None = await AsyncRetrying(
                retry=retry_if_result(lambda stamp: stamp is None),
                wait=lambda state: random.uniform(0, 0.002 * min(state.attempt_number, 25)),  # noqa: S311 no secret
                stop=stop_after_attempt(ATTEMPTS),
                retry_error_callback=lambda _: None,
            )(self._try, table, author, prepare, audited, beside)
        finally:
            turn.release()
        if stamp is None:
            raise UnavailableError("too many people change this at the same time")
        if table in GOVERNING:
            await asyncio.sleep(ACKNOWLEDGE_AFTER_S)
        return stamp

    async def _try(
        self,
        table: Table,
        author: str,
        prepare: Prepare,
        audited: Audited | None,
        beside: Callable[[], Beside],
    ) -> Stamp | None:
        head, after = await asyncio.gather(self._head(table), self._recorder.position(needed=bool(audited)))
        rows = await prepare()
        now = datetime.now(UTC)
        if not rows:
            return Stamp(head, now)
        version = max(int(time.time() * MICROSECOND), head + 1)
        told = {"version": version, "updated_at": timestamp(now), "updated_by": author}
        stamped = Written([{**row, **told} for row in rows], beside())
        writer = f"{self._instance}-{uuid.uuid4().hex[:12]}"
        entry = audited.entry() if audited else ""
        logged = {
            "table_name": table,
            "base": head,
            "version": version,
            "writer": writer,
            "at": timestamp(datetime.now(UTC)),
            "rows": stamped.text(),
            "audit": entry,
            "audit_after": after,
        }
        await self._clickhouse.insert("commit_log", [logged], once=f"{table}:{head}")
        if await queries.writer_after(self._clickhouse, table, head) != writer:
            return None
        if audited:
            audited.logged()
        await self._complete(table, stamped, writer, entry, after)
        return Stamp(version, now)

    async def _head(self, table: Table) -> int:
        """Return the head, once everything that is logged has been written."""
        while True:
            head, left = await queries.head(self._clickhouse, table)
            if left is None:
                return head
            log.info("commit.helped", table=table, base=head, writer=left.writer)
            await self._complete(table, written_of(left.rows), left.writer, left.audit, left.audit_after)

    async def _complete(self, table: Table, written: Written, writer: str, audit: str, after: int) -> None:
        if audit:
            await self._recorder.complete(audit, writer, after)
        for other, rows in written.beside.items():
            await self._clickhouse.insert(other, rows)
        await self._clickhouse.insert(table, written.rows)

    async def complete_left(self, seen: frozenset[str]) -> frozenset[str]:
        """Complete the commits that were logged and left, and return the writers of those that are new.

        :param seen: writers of what was waiting at the last look: who was at work then has died since.
        """
        left = await queries.left(self._clickhouse)
        for found in left:
            if found.writer in seen:
                log.info("commit.completed", table=found.table_name, writer=found.writer)
                what = written_of(found.rows)
                await self._complete(found.table_name, what, found.writer, found.audit, found.audit_after)
        return frozenset(found.writer for found in left)

    async def run(self) -> None:
        """Complete what writers that died have logged, for as long as the API lives."""
        seen = frozenset[str]()
        while True:
            await asyncio.sleep(LOOK_FOR_LEFT_S)
            try:
                seen = await self.complete_left(seen)
            except KubeDoorError as error:
                log.warning("commit.waiting", reason=str(error))
