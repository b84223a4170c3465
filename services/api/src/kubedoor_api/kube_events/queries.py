"""The statements of the events of clusters."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from kubedoor_api.auth.queries import namespace_filter
from kubedoor_api.kube_events.event import DROPPED, KubeEvent
from kubedoor_api.kube_events.models import EventDay, EventQuery, KeptEvent
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import Value
from kubedoor_core.domain.events import EVENT_RULE
from kubedoor_core.domain.workload import ServiceKey

IN_TIME = f"""env = {{env:String}} AND type != '{DROPPED}'
        AND last_at >= {{since:DateTime64(3, 'UTC')}} AND last_at < {{until:DateTime64(3, 'UTC')}}"""
COLUMNS = """uid, first_at, last_at, count, type, reason, message, object_kind, object_name, namespace, kind,
    name, component, node"""
MATCHING = f"""{IN_TIME}
    AND ({{type:String}} = '' OR type = {{type:String}})
    AND ({{reason:String}} = '' OR reason = {{reason:String}})
    AND ({{object_kind:String}} = '' OR object_kind = {{object_kind:String}})
    AND ({{namespace:String}} = '' OR namespace = {{namespace:String}})
    AND ({{kind:String}} = '' OR kind = {{kind:String}})
    AND ({{name:String}} = '' OR name = {{name:String}})
    AND ({{q:String}} = '' OR positionCaseInsensitiveUTF8(concat(message, ' ', reason, ' ', namespace,
        '/', object_name, ' ', name, ' ', node, ' ', component), {{q:String}}) > 0){{within}}"""
FOUND = f"""
SELECT {COLUMNS} FROM kube_event WHERE {MATCHING}
ORDER BY last_at DESC, uid DESC, count DESC LIMIT 1 BY uid LIMIT {{limit:UInt32}} OFFSET {{offset:UInt32}}
"""  # noqa: S608 constants of this file
"""In the table's order, backwards: no more is read than is shown, the newest count of each first."""
TOTAL = f"SELECT uniq(uid) AS total FROM kube_event WHERE {MATCHING}"  # noqa: S608 constants of this file
NAMESPACES = f"SELECT DISTINCT namespace FROM kube_event WHERE {IN_TIME} AND namespace != ''"  # noqa: S608 likewise
LEFT_OUT = f"""
SELECT sum(most) AS dropped FROM
(
    SELECT max(dropped) AS most FROM kube_event
    WHERE env = {{env:String}} AND type = '{DROPPED}'
        AND last_at >= {{since:DateTime64(3, 'UTC')}} AND last_at < {{until:DateTime64(3, 'UTC')}}
    GROUP BY uid
)
"""  # noqa: S608 constants of this file
BY_DAY = f"""
SELECT toDate(last_at, {{timezone:String}}) AS day, type, reason, uniqExact(uid) AS events FROM kube_event
WHERE {IN_TIME} AND namespace = {{namespace:String}} AND kind = {{kind:String}} AND name = {{name:String}}
GROUP BY day, type, reason ORDER BY day, events DESC, type DESC, reason
"""  # noqa: S608 constants of this file
KNOWN = f"""
SELECT uid, max(count) AS count FROM kube_event
WHERE env = {{env:String}} AND last_at >= {{since:DateTime64(3, 'UTC')}} AND type != '{DROPPED}' GROUP BY uid
"""  # noqa: S608 constants of this file


RECENT = f"""
SELECT {COLUMNS.replace("message", "'' AS message")} FROM kube_event FINAL
WHERE env = {{env:String}} AND last_at >= {{since:DateTime64(3, 'UTC')}} AND type != '{DROPPED}'
ORDER BY last_at, uid, count
"""  # noqa: S608 constants of this file
BY_REASON = f"""
SELECT {COLUMNS} FROM
(
    SELECT {COLUMNS} FROM kube_event
    WHERE env = {{env:String}} AND last_at >= {{since:DateTime64(3, 'UTC')}} AND type != '{DROPPED}'
        AND reason IN ({{reasons:Array(String)}})
    ORDER BY count DESC, last_at DESC LIMIT 1 BY uid
)
ORDER BY last_at DESC, uid LIMIT 5000
"""  # noqa: S608 constants of this file
TOLD = f"""
SELECT data, at FROM event
WHERE env = {{env:String}} AND at >= {{since:DateTime64(3, 'UTC')}} AND kind = '{EVENT_RULE}' ORDER BY at
"""  # noqa: S608 constants of this file


async def recent(clickhouse: ClickHouse, env: str, since: datetime) -> AsyncIterator[KubeEvent]:
    """Yield the events since then in their order, each as often as it was written, without what they say."""
    read = TypeAdapter(KubeEvent).validate_python
    async for row in clickhouse.iterate(RECENT, env=env, since=since):
        yield read(row)


async def by_reason(
    clickhouse: ClickHouse, env: str, reasons: Sequence[str], since: datetime
) -> list[KubeEvent]:
    """Return the events of some reasons since then, each with its newest count: the latest 5,000."""
    return await clickhouse.fetch_as(KubeEvent, BY_REASON, env=env, reasons=reasons, since=since)


async def told(
    clickhouse: ClickHouse, env: str, since: datetime
) -> list[tuple[str, tuple[str, str, str], datetime]]:
    """Return what the team was told of events since then: rule, subject and time."""
    rows = await clickhouse.fetch(TOLD, env=env, since=since)
    read = ((json.loads(row["data"]), datetime.fromisoformat(row["at"])) for row in rows)
    return [(data["rule"], tuple(data["subject"]), at) for data, at in read]


async def known(clickhouse: ClickHouse, env: str, since: datetime) -> dict[str, int]:
    """Return how often each event has happened as far as it is written, of those since then, by uid."""
    return {row["uid"]: row["count"] for row in await clickhouse.fetch(KNOWN, env=env, since=since)}


async def insert(
    clickhouse: ClickHouse, env: str, events: Iterable[KubeEvent], *further: dict[str, object]
) -> None:
    """Write events, and rows that say what was left out; what is written twice is there once."""
    rows: list[dict[str, Any]] = [event.columns(env) for event in events]
    await clickhouse.insert("kube_event", [*rows, *further])


async def search(
    clickhouse: ClickHouse,
    env: str,
    query: EventQuery,
    time: tuple[datetime, datetime],
    scope: Sequence[str] | None,
    limit: int,
    offset: int,
) -> tuple[list[KeptEvent], int]:
    """Return one part of the events, the latest first, and the total: about so many, beyond 65,000.

    :param time: from when on, and until before when.
    :param scope: only those in these namespaces; None: all, those of nodes too.
    """
    since, until = time
    within = namespace_filter(scope)
    asked: dict[str, Value] = {
        "env": env,
        "since": since,
        "until": until,
        "scope": scope or (),
        **query.model_dump(include={"reason", "object_kind", "namespace", "name", "q"}),
        "type": query.type or "",
        "kind": query.kind or "",
    }
    statement = FOUND.replace("{within}", within)
    found = await clickhouse.fetch_as(KeptEvent, statement, **asked, limit=limit, offset=offset)
    total = await clickhouse.fetch_one(TOTAL.replace("{within}", within), **asked)
    return found, int(total["total"]) if total else 0


async def namespaces(clickhouse: ClickHouse, env: str, since: datetime, until: datetime) -> list[str]:
    """Return the namespaces in which something happened in a time."""
    rows = await clickhouse.fetch(NAMESPACES, env=env, since=since, until=until)
    return [row["namespace"] for row in rows]


async def dropped(clickhouse: ClickHouse, env: str, since: datetime, until: datetime) -> int:
    """Return how many events were left out in a time."""
    row = await clickhouse.fetch_one(LEFT_OUT, env=env, since=since, until=until)
    return int(row["dropped"]) if row else 0


async def by_day(
    clickhouse: ClickHouse, env: str, service: ServiceKey, timezone: str, since: datetime, until: datetime
) -> list[EventDay]:
    """Return what happened to a service on each day."""
    namespace, kind, name = service
    return await clickhouse.fetch_as(
        EventDay,
        BY_DAY,
        env=env,
        namespace=namespace,
        kind=kind,
        name=name,
        timezone=timezone,
        since=since,
        until=until,
    )
