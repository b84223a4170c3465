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
4. reads who the successor is. Itself: it writes the rows, and only then acknowledges. Another:
   from the start.

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
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from kubedoor_api.store import queries
from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.freshness import ACKNOWLEDGE_AFTER_S
from kubedoor_core.errors import UnavailableError
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

Table = Literal["control", "setting", "operation", "schedule"]
Rows = Sequence[Row]
Prepare = Callable[[], Awaitable[Rows]]
"""Reads what stands now, refuses or returns the new rows; called again whenever another was faster."""

GOVERNING: frozenset[Table] = frozenset({"control", "setting"})
"""What admission goes by."""

ATTEMPTS = 200
MICROSECOND = 1_000_000


class Writer:
    """One writer of one process; its own commits to a table wait for each other."""

    def __init__(self, clickhouse: ClickHouse, instance: str = "") -> None:
        self._clickhouse = clickhouse
        self._instance = instance or uuid.uuid4().hex[:12]
        self._locks: dict[Table, asyncio.Lock] = {}

    async def commit(self, table: Table, author: str, prepare: Prepare) -> int:
        """Write rows and return their version.

        When this returns they are readable, and every admission from now on goes by them.

        `version`, `updated_at` and `updated_by` are added to what `prepare` returns.

        :raises UnavailableError: others were faster again and again, or ClickHouse is away. In the
            latter case the rows may still come to be written.
        """
        version = await self._commit(table, author, prepare)
        if table in GOVERNING:
            await asyncio.sleep(ACKNOWLEDGE_AFTER_S)
        return version

    async def _commit(self, table: Table, author: str, prepare: Prepare) -> int:
        async with self._locks.setdefault(table, asyncio.Lock()):
            for attempt in range(ATTEMPTS):
                version = await self._try(table, author, prepare)
                if version is not None:
                    return version
                await asyncio.sleep(random.uniform(0, 0.002 * min(attempt + 1, 25)))  # noqa: S311 no secret
        raise UnavailableError("too many people change this at the same time")

    async def _try(self, table: Table, author: str, prepare: Prepare) -> int | None:
        head = await self._head(table)
        rows = await prepare()
        if not rows:
            return head
        version = max(int(time.time() * MICROSECOND), head + 1)
        stamped = _stamped(rows, version, author)
        writer = f"{self._instance}-{uuid.uuid4().hex[:12]}"
        if not await self._log(table, head, version, writer, stamped):
            return None
        await self._apply(table, stamped)
        return version

    async def _head(self, table: Table) -> int:
        """Return the head, once everything that is logged has been written."""
        while True:
            found = await queries.head(self._clickhouse, table)
            if not found["entries"]:
                return int(found["head"])
            log.info("commit.helped", table=table, base=found["head"], writer=found["first_writer"])
            await self._apply(table, json.loads(found["first_rows"]))

    async def _log(self, table: Table, base: int, version: int, writer: str, rows: Rows) -> bool:
        entry = {
            "table_name": table,
            "base": base,
            "version": version,
            "writer": writer,
            "at": timestamp(datetime.now(UTC)),
            "rows": json.dumps(rows, ensure_ascii=False),
        }
        await self._clickhouse.insert("commit_log", [entry], once=f"{table}:{base}")
        return await queries.writer_after(self._clickhouse, table, base) == writer

    async def _apply(self, table: Table, rows: Rows) -> None:
        await self._clickhouse.insert(table, rows)


def _stamped(rows: Rows, version: int, author: str) -> list[dict[str, Any]]:
    now = timestamp(datetime.now(UTC))
    return [{**row, "version": version, "updated_at": now, "updated_by": author} for row in rows]
