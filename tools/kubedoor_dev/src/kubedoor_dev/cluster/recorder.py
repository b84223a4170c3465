"""Events: what the controllers tell of what they did."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

from kubedoor_dev.cluster.garbage import delete_quietly
from kubedoor_dev.cluster.resources import EVENTS
from kubedoor_dev.cluster.store import Key, Store, now

Json = dict[str, Any]

MOST_EVENTS = 5_000


@dataclass
class Recorder:
    """Writes Event objects and lets the oldest go when there are many."""

    store: Store
    _keys: deque[Key] = field(default_factory=deque)
    _told: int = 0

    def tell(
        self, obj: Json, reason: str, message: str, *, kind: Literal["Normal", "Warning"] = "Normal"
    ) -> None:
        """Record an event of an object."""
        metadata = obj["metadata"]
        self._told += 1
        name = f"{metadata['name']}.{self._told:016x}"
        key = Key(EVENTS.id, metadata["namespace"], name)
        self.store.create(key, _event(obj, name, reason, message, kind))
        self._keys.append(key)
        if len(self._keys) > MOST_EVENTS:
            delete_quietly(self.store, self._keys.popleft())


def _event(obj: Json, name: str, reason: str, message: str, kind: str) -> Json:
    metadata = obj["metadata"]
    involved = {
        "kind": obj["kind"],
        "apiVersion": obj["apiVersion"],
        "name": metadata["name"],
        "namespace": metadata["namespace"],
        "uid": metadata["uid"],
        "resourceVersion": metadata["resourceVersion"],
    }
    return {
        "kind": EVENTS.kind,
        "apiVersion": EVENTS.api_version,
        "metadata": {"name": name, "namespace": metadata["namespace"]},
        "involvedObject": involved,
        "reason": reason,
        "message": message,
        "type": kind,
        "count": 1,
        "firstTimestamp": now(),
        "lastTimestamp": now(),
        "source": {"component": "simulated-cluster"},
        "reportingComponent": "simulated-cluster",
        "reportingInstance": "",
    }
