"""The statements of notifications."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from kubedoor_core.clickhouse import ClickHouse, Row
from kubedoor_core.clickhouse.parameters import timestamp

WAITING = """
SELECT id, at, env, namespace, name, kind, severity, message FROM event
WHERE (at, id) > ({since:DateTime64(3, 'UTC')}, {after:String})
    AND id NOT IN (SELECT event_id FROM notification)
ORDER BY at, id LIMIT {limit:UInt32}
"""
PART = 200
TAKER = (
    "SELECT instance FROM notification WHERE event_id = {id:String} AND state = 'taken' ORDER BY at LIMIT 1"
)
RECENT = """
SELECT n.event_id AS event_id, n.at AS at, n.state AS state, n.attempts AS attempts, n.detail AS detail,
    e.env AS env, e.kind AS kind, e.severity AS severity, e.message AS message
FROM
(
    SELECT l.event_id AS event_id, max(l.at) AS at, argMax(l.state, (l.at, l.state != 'taken')) AS state,
        max(l.attempts) AS attempts, argMax(l.detail, (l.at, l.state != 'taken')) AS detail
    FROM notification AS l GROUP BY l.event_id ORDER BY at DESC LIMIT {limit:UInt32}
) AS n
LEFT JOIN event AS e ON n.event_id = e.id
ORDER BY n.at DESC, n.event_id
"""


async def waiting(clickhouse: ClickHouse, since: datetime) -> AsyncIterator[list[Row]]:
    """Yield the events that nobody has taken up, oldest first, part by part; the unwanted stay among them."""
    after = ""
    while True:
        rows = await clickhouse.fetch(WAITING, since=since, after=after, limit=PART)
        yield rows
        if len(rows) < PART:
            return
        since, after = datetime.fromisoformat(rows[-1]["at"]), rows[-1]["id"]


def _row(event_id: str, state: str, instance: str, attempts: int = 0, detail: str = "") -> Row:
    return {
        "event_id": event_id,
        "at": timestamp(datetime.now(UTC)),
        "state": state,
        "attempts": attempts,
        "detail": detail,
        "instance": instance,
    }


async def take(clickhouse: ClickHouse, event_id: str, instance: str) -> bool:
    """Take an event up; of several instances one gets it."""
    await clickhouse.insert("notification", [_row(event_id, "taken", instance)], once=f"notify:{event_id}")
    row = await clickhouse.fetch_one(TAKER, id=event_id)
    return row is not None and row["instance"] == instance


async def settle(
    clickhouse: ClickHouse, event_id: str, state: str, instance: str, attempts: int, detail: str
) -> None:
    """Say what became of an event."""
    await clickhouse.insert("notification", [_row(event_id, state, instance, attempts, detail)])


async def recent(clickhouse: ClickHouse, limit: int) -> list[Row]:
    """Return what became of the latest events."""
    return await clickhouse.fetch(RECENT, limit=limit)
