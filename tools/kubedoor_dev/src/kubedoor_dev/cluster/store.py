"""The objects, their versions, and the events that a watch is told."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from kubedoor_dev.cluster.copies import copied
from kubedoor_dev.cluster.schema import format_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = dict[str, Any]
EventType = Literal["ADDED", "MODIFIED", "DELETED"]

HISTORY = 5_000


class Key(NamedTuple):
    """Where an object is: its resource (`group/plural`), namespace ("" without) and name."""

    resource: str
    namespace: str
    name: str


@dataclass(frozen=True)
class Event:
    """A change, as a watch tells it; `before` is what the object was. Neither is a copy: only read."""

    type: EventType
    key: Key
    obj: Json
    version: int
    before: Json | None = None


class StaleError(Exception):
    """The object changed, or went, since it was read."""


@dataclass
class Store:
    """All objects. Nothing here waits, so each method is one step that nobody sees half of."""

    version: int = 0
    _objects: dict[str, dict[tuple[str, str], Json]] = field(default_factory=dict)
    _history: deque[Event] = field(default_factory=lambda: deque(maxlen=HISTORY))
    _listeners: list[Callable[[Event], None]] = field(default_factory=list)

    def get(self, key: Key) -> Json | None:
        """Return a copy of an object."""
        return copied(self.peek(key))

    def peek(self, key: Key) -> Json | None:
        """Return an object itself: only read."""
        return self._objects.get(key.resource, {}).get((key.namespace, key.name))

    def all_of(self, resource: str, namespace: str | None = None) -> Iterator[Json]:
        """Go through the objects of a resource in the order of their keys; they are not copies."""
        objects = self._objects.get(resource, {})
        for place in sorted(objects):
            if namespace is None or place[0] == namespace:
                yield objects[place]

    def create(self, key: Key, obj: Json) -> Json:
        """Put a new object in and return it with uid, creation time and version.

        :raises StaleError: when the name is taken.
        """
        objects = self._objects.setdefault(key.resource, {})
        if (key.namespace, key.name) in objects:
            raise StaleError(key)
        created = copied(obj)
        metadata = created.setdefault("metadata", {})
        metadata["uid"] = str(uuid.uuid4())
        metadata["creationTimestamp"] = now()
        self._put("ADDED", key, created, None)
        return copied(created)

    def update(self, key: Key, obj: Json, based_on: str) -> Json:
        """Replace an object, if it still has the version that the change is based on.

        An object that is the same as before keeps its version, and nobody is told.

        :raises StaleError: when it has another version, or is gone.
        """
        before = self._current(key, based_on)
        after = copied(obj)
        after["metadata"]["resourceVersion"] = before["metadata"]["resourceVersion"]
        if after != before:
            self._put("MODIFIED", key, after, before)
        return copied(after)

    def delete(self, key: Key, based_on: str | None = None) -> Json:
        """Take an object out and return it as it was.

        :raises StaleError: when it has another version, or is gone.
        """
        before = self._current(key, based_on)
        del self._objects[key.resource][(key.namespace, key.name)]
        last = copied(before)
        self.version += 1
        last["metadata"]["resourceVersion"] = str(self.version)
        self._tell(Event("DELETED", key, last, self.version, before))
        return last

    def since(self, version: int) -> list[Event] | None:
        """Return the events after a version, or none if they are no longer all known."""
        oldest = self._history[0].version if self._history else self.version + 1
        if version + 1 < oldest and len(self._history) == HISTORY:
            return None
        return [event for event in self._history if event.version > version]

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call a function at every change, and return what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _current(self, key: Key, based_on: str | None) -> Json:
        found = self.peek(key)
        if found is None or based_on not in (None, found["metadata"]["resourceVersion"]):
            raise StaleError(key)
        return found

    def _put(self, kind: EventType, key: Key, obj: Json, before: Json | None) -> None:
        self.version += 1
        obj["metadata"]["resourceVersion"] = str(self.version)
        self._objects.setdefault(key.resource, {})[(key.namespace, key.name)] = obj
        self._tell(Event(kind, key, obj, self.version, before))

    def _tell(self, event: Event) -> None:
        self._history.append(event)
        for listener in list(self._listeners):
            listener(event)


def subscribe(store: Store) -> tuple[asyncio.Queue[Event], Callable[[], None]]:
    """Return a queue of the changes to come, and what ends it."""
    queue: asyncio.Queue[Event] = asyncio.Queue()
    return queue, store.listen(queue.put_nowait)


def now(*, micro: bool = False) -> str:
    """Return the time as objects carry it."""
    return format_time(datetime.now(UTC), micro=micro)


_suffixes = itertools.count()
ALPHABET = "bcdfghjklmnpqrstvwxz2456789"


def generated(prefix: str) -> str:
    """Add five of the letters and digits that Kubernetes generates; never the same twice."""
    number = (next(_suffixes) * 7_368_787 + 5_000_011) % len(ALPHABET) ** 5
    suffix = ""
    for _ in range(5):
        number, digit = divmod(number, len(ALPHABET))
        suffix += ALPHABET[digit]
    return prefix + suffix
