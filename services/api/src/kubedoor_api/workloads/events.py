"""What Kubernetes tells of a Deployment, of its ReplicaSets and pods, those that are gone included. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from kubedoor_api.workloads.pods import moment
from kubedoor_api.workloads.service_models import LiveEvent

Json = dict[str, Any]

MOST = 100
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def concerns(event: Json, name: str, replica_sets: Collection[str], autoscalers: Collection[str]) -> bool:
    """Tell whether an event is of a Deployment or of what belongs to it."""
    subject = event.get("involvedObject") or {}
    kind, named = subject.get("kind"), str(subject.get("name") or "")
    if kind == "Pod":  # a ReplicaSet's pod bears its name and a suffix without a dash
        return named.rpartition("-")[0] in replica_sets
    own: dict[object, Collection[str]] = {
        "Deployment": {name},
        "ReplicaSet": replica_sets,
        "HorizontalPodAutoscaler": autoscalers,
    }
    return named in own.get(kind, ())


def event_of(event: Json) -> LiveEvent:
    """Return an event. Where it was told several times, Kubernetes keeps the count in one of two places."""
    series, subject = event.get("series") or {}, event.get("involvedObject") or {}
    made = moment((event.get("metadata") or {}).get("creationTimestamp"))
    first = moment(event.get("firstTimestamp")) or moment(event.get("eventTime")) or made
    last = moment(series.get("lastObservedTime")) or moment(event.get("lastTimestamp")) or first
    return LiveEvent(
        type=str(event.get("type") or "Normal"),
        reason=str(event.get("reason") or ""),
        message=str(event.get("message") or ""),
        object=f"{subject.get('kind')}/{subject.get('name')}",
        count=int(series.get("count") or event.get("count") or 1),
        first_at=first,
        last_at=last,
    )


def latest(events: Iterable[LiveEvent]) -> list[LiveEvent]:
    """Return the last hundred, the latest first."""
    return sorted(events, key=lambda event: event.last_at or LONG_AGO, reverse=True)[:MOST]
