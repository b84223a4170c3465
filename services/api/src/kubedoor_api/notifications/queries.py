"""The statements of notifications."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import NamedTuple

from kubedoor_api.web.fields import Model, Time
from kubedoor_core.clickhouse import ClickHouse
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


class Notification(Model):
    """What became of one event."""

    event_id: str
    """Identity of the event"""
    at: Time
    """When that was, UTC"""
    env: str
    """Which env it is about"""
    kind: str
    """What happened, such as `service.new`"""
    severity: str
    """`info`, `warning` or `error`"""
    message: str
    """In words"""
    state: str
    """`taken` while it is being sent, `sent`, or `failed`"""
    attempts: int
    """How often it was tried"""
    detail: str
    """Why it failed"""


class Event(NamedTuple):
    """An event that people may be notified of."""

    id: str
    at: datetime
    env: str
    namespace: str
    name: str
    kind: str
    severity: str
    message: str


async def waiting(clickhouse: ClickHouse, since: datetime) -> AsyncIterator[list[Event]]:
    """Yield the events that nobody has taken up, oldest first, part by part; the unwanted stay among them."""
    after = ""
    while True:
        rows = await clickhouse.fetch(WAITING, since=since, after=after, limit=PART)
        yield [Event(**{**row, "at": datetime.fromisoformat(row["at"])}) for row in rows]
        if len(rows) < PART:
            return
        since, after = datetime.fromisoformat(rows[-1]["at"]), rows[-1]["id"]


async def take(clickhouse: ClickHouse, event_id: str, instance: str) -> bool:
    """Take an event up; of several instances one gets it."""
    await settle(clickhouse, event_id, "taken", instance, once=f"notify:{event_id}")
    row = await clickhouse.fetch_one(TAKER, id=event_id)
    return row is not None and row["instance"] == instance


async def settle(
    clickhouse: ClickHouse,
    event_id: str,
    state: str,
    instance: str,
    attempts: int = 0,
    detail: str = "",
    *,
    once: str = "",
) -> None:
    """Say what became of an event.

    :param once: a token that is taken once: of several such rows the first counts.
    """
    row = {
        "event_id": event_id,
        "at": timestamp(datetime.now(UTC)),
        "state": state,
        "attempts": attempts,
        "detail": detail,
        "instance": instance,
    }
    await clickhouse.insert("notification", [row], once=once)


async def recent(clickhouse: ClickHouse, limit: int) -> list[Notification]:
    """Return what became of the latest events."""
    return [Notification.model_validate(row) for row in await clickhouse.fetch(RECENT, limit=limit)]
