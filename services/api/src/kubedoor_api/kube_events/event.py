"""An event of Kubernetes as it is kept: what is too long is cut, a clock that is wrong is put right. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from kubedoor_api.kube.manifests import moment, occurrences_of
from kubedoor_api.kube.objects.cluster import Event
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_core.domain.generated_names import service_of
from kubedoor_core.domain.workload import ServiceKey

EventType = Literal["Normal", "Warning"]
MAX_MESSAGE = 2048
MAX_NAME = 253
MAX_REASON = 128
MAX_COUNT = 2**31 - 1
CUT = "…"
AHEAD = timedelta(minutes=1)
"""A time so far after what the API server says is of a clock that is wrong."""
BEHIND = timedelta(hours=1)
"""So long a node that is cut off may keep what it has to tell; what is older is of a clock that is wrong."""
DROPPED = "Dropped"
"""Type of the rows that say how many events were left out. No event of a cluster's comes to have it."""


@dataclass(frozen=True, slots=True)
class KubeEvent:
    """An event.

    :ivar count: how often it has happened; with `uid` it tells one row from another.
    :ivar namespace: of its object; empty for one that is in none, such as a node.
    :ivar kind: of the service that it is about, as `name` is its name; both empty where it is of none.
    :ivar clock_wrong: its reporter's clock differs so much that the time is the API server's.
    """

    uid: str
    count: int
    first_at: datetime
    last_at: datetime
    type: EventType
    reason: str
    message: str
    object_kind: str
    object_name: str
    namespace: str
    kind: str = ""
    name: str = ""
    component: str = ""
    node: str = ""
    clock_wrong: bool = False

    @property
    def service(self) -> ServiceKey:
        """The service that it is about."""
        return self.namespace, self.kind, self.name

    def columns(self, env: str) -> dict[str, object]:
        """Return its row."""
        named = {name: getattr(self, name) for name in TEXTS}
        return {
            "env": env,
            **named,
            "count": self.count,
            "first_at": timestamp(self.first_at),
            "last_at": timestamp(self.last_at),
        }


TEXTS = (
    "uid", "type", "reason", "message", "object_kind", "object_name", "namespace", "kind", "name",
    "component", "node",
)  # fmt: skip


def read_event(found: Event, now: datetime) -> KubeEvent:
    """Read an event, in either of its shapes.

    :param now: by our own clock, where the API server does not say when it has taken the event.
    """
    subject, source = found.get("involvedObject") or {}, found.get("source") or {}
    object_kind, object_name = str(subject.get("kind") or ""), str(subject.get("name") or "")
    namespace = str(subject.get("namespace") or "")
    component = str(source.get("component") or found.get("reportingComponent") or "")
    instance = str(found.get("reportingInstance") or "") if component == "kubelet" else ""
    node = str(source.get("host") or (object_name if object_kind == "Node" else instance))
    kind, name = (service_of(object_kind, object_name) if namespace else None) or ("", "")
    count, first_at, last_at, clock_wrong = _times(found, now)
    return KubeEvent(
        uid=str(found["metadata"].get("uid") or ""),
        count=count,
        first_at=first_at,
        last_at=last_at,
        type="Warning" if found.get("type") == "Warning" else "Normal",
        reason=_cut(str(found.get("reason") or ""), MAX_REASON),
        message=_cut(str(found.get("message") or ""), MAX_MESSAGE),
        object_kind=object_kind[:MAX_NAME],
        object_name=object_name[:MAX_NAME],
        namespace=namespace[:MAX_NAME],
        kind=kind,
        name=name[:MAX_NAME],
        component=component[:MAX_NAME],
        node=node[:MAX_NAME],
        clock_wrong=clock_wrong,
    )


def _cut(text: str, most: int) -> str:
    """Return a text that can be stored, whatever its program wrote."""
    text = text.encode(errors="replace").decode()
    return text if len(text) <= most else text[: most - len(CUT)] + CUT


def _times(found: Event, now: datetime) -> tuple[int, datetime, datetime, bool]:
    """Return count, first and last time, and whether its reporter's clock is wrong.

    The API server notes by its own clock when an event was made, and in `managedFields` when it was changed.
    """
    metadata = found["metadata"]
    count, first, last = occurrences_of(found)
    written = (moment(one.get("time")) for one in metadata.get("managedFields") or [])
    latest = max((at for at in written if at), default=now)
    made = moment(metadata.get("creationTimestamp")) or latest
    first, last, count = first or made, last or made, min(max(count, 1), MAX_COUNT)
    if first < made - BEHIND:
        first = made
    if last > latest + AHEAD:
        return count, min(made, latest), latest, True
    if last < made - BEHIND:
        return count, made, made, True
    return count, min(first, last), last, False


def dropped_row(env: str, leader: str, since: datetime, count: int) -> dict[str, object]:
    """Return the row that says how many events were left out in a minute.

    :param leader: which instance left them out; written again, the row replaces the one before.
    """
    minute = since.astimezone(UTC).replace(second=0, microsecond=0)
    return {
        "env": env,
        "uid": f"{DROPPED}:{leader}:{minute:%Y-%m-%dT%H:%M}",
        "count": 1,
        "first_at": timestamp(minute),
        "last_at": timestamp(minute),
        "type": DROPPED,
        "dropped": count,
    }
