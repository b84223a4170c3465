"""ClickHouse killed, stopped, slow, truncating, failing after 200, its disk full."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

from faults.checking import told, watched
from faults.load import Load
from faults.results import eventually, must
from faults.scale import Scale
from faults.system import API
from support.proxy import Trouble

FULL = "ALTER TABLE {table} MODIFY SETTING min_free_disk_bytes_to_perform_insert = 1e18"
FREE = "ALTER TABLE {table} RESET SETTING min_free_disk_bytes_to_perform_insert"
TABLES = "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'"

Step = Callable[[], Awaitable[None]]


async def _through(
    load: Load, scale: Scale, begin: Step, end: Step, *, writes_fail: bool = True, acting: bool = False
) -> str:
    """Let the load go on, begin the trouble, and end it again; admission must not notice."""
    system = load.system
    async with watched(load), load.going_on(acting=acting):
        await asyncio.sleep(1)
        load.may_be_stale()
        await begin()
        try:
            if writes_fail:
                await _said_by_the_api(load)
            await asyncio.sleep(scale.trouble_s)
            must(not load.wrong, "; ".join(load.wrong[:2]))
        finally:
            await end()
        await system.until_ready()
        await load.until_fresh()
    return told(load)


async def _said_by_the_api(load: Load) -> None:
    """Wait until the api says 503, of an edit and of itself."""

    async def said() -> bool:
        answer = await load.send("PUT", f"{API}/services/nowhere/nothing", {})
        return answer is not None and answer.status == 503

    await eventually("the api says 503", said)


async def killed(load: Load, scale: Scale) -> str:
    """SIGKILL, and started again on its folder."""

    async def begin() -> None:
        load.system.signal("clickhouse", signal.SIGKILL)

    async def end() -> None:
        await load.system.start("clickhouse")

    return await _through(load, scale, begin, end, acting=True)


async def stopped(load: Load, scale: Scale) -> str:
    """SIGSTOP: connections are accepted, and nothing comes back."""

    async def begin() -> None:
        load.system.signal("clickhouse", signal.SIGSTOP)

    async def end() -> None:
        load.system.signal("clickhouse", signal.SIGCONT)

    return await _through(load, scale, begin, end)


def spoilt(trouble: Trouble, *, writes_fail: bool = True) -> Callable[[Load, Scale], Awaitable[str]]:
    """A fault that the proxy before ClickHouse makes."""

    async def row(load: Load, scale: Scale) -> str:
        async def begin() -> None:
            load.system.proxy.make(trouble)

        async def end() -> None:
            load.system.proxy.make(Trouble.NONE)

        return await _through(load, scale, begin, end, writes_fail=writes_fail)

    return row


async def disk_full(load: Load, scale: Scale) -> str:
    """Every INSERT is refused for want of space, as ClickHouse refuses it (NOT_ENOUGH_SPACE)."""
    database = load.system.database
    tables = [row["name"] for row in await database.fetch(TABLES)]

    async def all_tables(statement: str) -> None:
        for table in tables:
            await database.execute(statement.format(table=f"`{table}`"))

    return await _through(load, scale, lambda: all_tables(FULL), lambda: all_tables(FREE))
