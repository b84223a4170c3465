"""Events as services tell them: they come after what they are about, so a test waits for what it needs."""

from __future__ import annotations

from typing import Any

from kubedoor_core.clickhouse import ClickHouse
from support.waiting import until

Json = dict[str, Any]
TOLD = "SELECT kind, severity, name, message, data FROM event WHERE kind LIKE {kind:String} ORDER BY at, id"


async def events_told(clickhouse: ClickHouse, kind: str, count: int = 1) -> list[Json]:
    """Wait until there are as many events of a kind, or more, and return all.

    :param kind: as `LIKE` takes it: `finding.%`.
    """

    async def enough() -> list[Json]:
        rows = await clickhouse.fetch(TOLD, kind=kind)
        return rows if len(rows) >= count else []

    return await until(enough)
