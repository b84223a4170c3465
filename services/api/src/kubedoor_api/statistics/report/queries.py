"""The statement of the weekly report: whether it was told."""

from __future__ import annotations

from kubedoor_core.clickhouse import ClickHouse

TOLD = "SELECT count() AS n FROM event WHERE env = {env:String} AND id = {id:String}"


async def was_told(clickhouse: ClickHouse, env: str, event_id: str) -> bool:
    """Tell whether an event is there already."""
    rows = await clickhouse.fetch(TOLD, env=env, id=event_id)
    return bool(rows[0]["n"])
