"""What people hear of a cluster's autoscalers: what was found or is gone, and what can't be listed. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kubedoor_core.domain.autoscaler import Autoscaler
from kubedoor_core.domain.events import KINDS

SINGLY = 3
"""So many are told by themselves; more at a time are told together."""
NAMES = 5


def events_of(env: str, rows: Sequence[Autoscaler], now: datetime, teller: str) -> list[dict[str, Any]]:
    """Return the events about rows that are written now.

    :param teller: the service that has found it.
    """
    found = [row for row in rows if row.since == now and row.gone_at is None and not row.deleted]
    gone = [row for row in rows if row.gone_at == now and not row.deleted]
    events = [*_told(env, "autoscaler.found", found, now), *_told(env, "autoscaler.gone", gone, now)]
    return [{**event, "source": teller} for event in events]


def unlisted(env: str, resource: str, reason: str, now: datetime) -> dict[str, Any]:
    """Return the event that something can't be listed; the same one for the whole day."""
    message = (
        f"{resource} of {env} can't be listed, so what is new among them is not known: {reason}."
        " Give the api's role list and watch on them (docs/autoscalers.md)"
    )
    event = _event(env, "autoscaler.unknown", "", "", message, now, {"resource": resource})
    return {**event, "id": f"autoscaler.unknown:{env}:{resource}:{now:%Y-%m-%d}"}


def _told(env: str, kind: str, rows: Sequence[Autoscaler], now: datetime) -> list[dict[str, Any]]:
    if len(rows) <= SINGLY:
        return [
            _event(env, kind, row.namespace, row.name, _words(kind, row), now, {"autoscaler": row.autoscaler})
            for row in rows
        ]
    names = ", ".join(f"{row.namespace}/{row.name}" for row in rows[:NAMES])
    more = ", ..." if len(rows) > NAMES else ""
    what = "were found" if kind == "autoscaler.found" else "are gone"
    message = f"The autoscalers of {len(rows)} services {what}: {names}{more}"
    return [_event(env, kind, "", "", message, now, {"count": len(rows)})]


def _words(kind: str, row: Autoscaler) -> str:
    service = f"{row.kind} {row.namespace}/{row.name}"
    if kind == "autoscaler.found":
        teller = ", as kube-state-metrics tells" if row.source == "metrics" else ""
        return f"{service} is autoscaled by {row.autoscaler}{teller}: its pod count is left alone"
    return f"The autoscaler {row.autoscaler} of {service} is gone: its pod count is governed again in a day"


def _event(
    env: str, kind: str, namespace: str, name: str, message: str, now: datetime, data: dict[str, Any]
) -> dict[str, Any]:
    place = f"{namespace}/{name}" if name else ""
    return {
        "id": f"{kind}:{env}:{place}:{now.isoformat()}",
        "at": now,
        "env": env,
        "namespace": namespace,
        "name": name,
        "kind": kind,
        "severity": KINDS[kind],
        "message": message,
        "data": json.dumps(data),
        "source": "api",
    }
