"""What people are to be told: services seen for the first time, and days that failed. Each is told once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from kubedoor_collector import queries
from kubedoor_collector.domain.leaving_out import WORDS, LeftOut
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.events import event_row
from kubedoor_core.domain.left_out import LeftOutReason
from kubedoor_core.domain.workload import shown_service

MANY = 20
"""More services than this in one derivation are told in one event: an installation begins."""


def new_services(env: str, services: Iterable[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Return the events of services that were not known before: namespace, kind and name."""
    found = sorted(services)
    if len(found) <= MANY:
        return [
            _event(
                env, f"service.new:{env}/{shown_service(kind, namespace, name)}", "service.new",
                f"{shown_service(kind, namespace, name)} was seen for the first time", {}, namespace, name,
            )
            for namespace, kind, name in found
        ]  # fmt: skip
    names = [shown_service(kind, namespace, name) for namespace, kind, name in found]
    message = f"{len(found)} services were seen for the first time"
    return [
        _event(
            env,
            f"service.new:{env}:{names[0]}:{len(names)}",
            "service.new",
            message,
            {"services": names},
        )
    ]


def day_failed(env: str, run_id: str, day: date, reason: str) -> dict[str, Any]:
    """Return the event of a day that could not be collected."""
    message = f"The peak of {day} could not be collected: {reason}"
    data = {"run": run_id, "date": day.isoformat(), "reason": reason}
    identity = f"collection.failed:{run_id}:{day}"
    return _event(env, identity, "collection.failed", message, data)


def without_owner(env: str, day: date, services: Iterable[str]) -> list[dict[str, Any]]:
    """Return the event of services whose owner nobody tells: they were found by their pods' names."""
    names = sorted(services)
    if not names:
        return []
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    message = f"kube-state-metrics tells no owner of the pods of {shown}: they were found by their names"
    identity = f"collection.no_owner:{env}:{day}"
    return [_event(env, identity, "collection.no_owner", message, {"services": names})]


def left_out(env: str, run_id: str, day: date, found: Iterable[LeftOut]) -> list[dict[str, Any]]:
    """Return the event of what a day's collection left out, with the reasons; all of it is in its data."""
    every = tuple(found)
    if not every:
        return []
    reasons = [f"{WORDS[why]}: {_named(every, why)}" for why in sorted({one.why for one in every})]
    message = f"Left out of the peak of {day}: " + "; ".join(reasons)
    data = {"run": run_id, "date": day.isoformat(), "left_out": [vars(one) for one in every]}
    identity = f"collection.left_out:{env}:{day}:{_digest(data['left_out'])}"
    return [_event(env, identity, "collection.left_out", message, data)]


def _named(every: tuple[LeftOut, ...], why: LeftOutReason) -> str:
    names = ["/".join(part for part in (one.namespace, one.name) if part) for one in every if one.why == why]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def profile_failed(env: str, day: date, reason: str) -> dict[str, Any]:
    """Return the event of a day whose rest, after its peak, could not be collected: told once."""
    message = f"The rest of {day} could not be collected after its peak, and is tried again: {reason}"
    data = {"date": day.isoformat(), "reason": reason}
    identity = f"collection.profile_failed:{env}:{day}"
    return _event(env, identity, "collection.profile_failed", message, data)


async def tell(clickhouse: ClickHouse, env: str, events: list[dict[str, Any]]) -> None:
    """Write the events that have not been written yet."""
    if not events:
        return
    known = await queries.known_events(clickhouse, env, [event["id"] for event in events])
    await queries.insert(clickhouse, "event", [event for event in events if event["id"] not in known])


def _event(
    env: str,
    identity: str,
    kind: str,
    message: str,
    data: Mapping[str, object],
    namespace: str = "",
    name: str = "",
) -> dict[str, Any]:
    now, place = datetime.now(UTC), {"namespace": namespace, "name": name}
    return event_row(identity, now, env, kind, message, data, source="collector", **place)
