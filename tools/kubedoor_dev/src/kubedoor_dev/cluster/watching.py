"""Watches: the changes since a version, as lines of JSON, until the client or the time ends it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster.errors import ApiError, bad_request
from kubedoor_dev.cluster.listing import ListOptions
from kubedoor_dev.cluster.store import Event, Key, Store, subscribe

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from kubedoor_dev.cluster.resources import Resource

Json = dict[str, Any]

DEFAULT_TIMEOUT_S = 1800


@dataclass(frozen=True)
class Watch:
    """One watch: what is selected, and from where on."""

    resource: Resource
    namespace: str | None
    options: ListOptions
    version: str
    timeout_s: int
    bookmarks: bool

    @staticmethod
    def of(resource: Resource, namespace: str | None, query: Mapping[str, str]) -> Watch:
        """Read the parameters of a URL.

        :raises ApiError: 400, when a number is none.
        """
        version, timeout = query.get("resourceVersion", ""), query.get("timeoutSeconds", "")
        for name, text in (("resourceVersion", version), ("timeoutSeconds", timeout)):
            if text and not text.isdigit():
                raise bad_request(f'invalid {name}: strconv.ParseUint: parsing "{text}"')
        bookmarks = query.get("allowWatchBookmarks") in ("true", "1", "True")
        seconds = int(timeout) if timeout else DEFAULT_TIMEOUT_S
        return Watch(resource, namespace, ListOptions.of(query), version, seconds, bookmarks)

    async def events(self, store: Store) -> AsyncIterator[Json]:
        """Go through the events until the time is over."""
        selected = self.options.predicate(self.resource)
        queue, end = subscribe(store)
        try:
            for event in self._first(store):
                if told := self._told(event, selected):
                    yield told
            async for event in _until(queue, self.timeout_s):
                if told := self._told(event, selected):
                    yield told
            if self.bookmarks:
                yield self._bookmark(store.version)
        except ApiError as error:
            yield {"type": "ERROR", "object": error.status}
        finally:
            end()

    def _first(self, store: Store) -> list[Event]:
        """Without a version, everything there is; else what came after it."""
        if self.version in ("", "0"):
            keyed = (self._key_of(obj) for obj in store.all_of(self.resource.id, self.namespace))
            return [Event("ADDED", key, obj, store.version) for key, obj in keyed]
        past = store.since(int(self.version))
        if past is None:
            message = f"too old resource version: {self.version} ({store.version})"
            raise ApiError(410, message)
        return past

    def _key_of(self, obj: Json) -> tuple[Key, Json]:
        metadata = obj["metadata"]
        return Key(self.resource.id, metadata.get("namespace", ""), metadata["name"]), obj

    def _told(self, event: Event, selected: Callable[[Json], bool]) -> Json | None:
        """An object that comes to be selected is added, one that no longer is, deleted."""
        if event.key.resource != self.resource.id:
            return None
        if self.namespace is not None and event.key.namespace != self.namespace:
            return None
        now = event.type != "DELETED" and selected(event.obj)
        before = event.before is not None and selected(event.before)
        kind = {(True, True): "MODIFIED", (True, False): "ADDED", (False, True): "DELETED"}
        told = kind.get((now, before))
        return {"type": told, "object": event.obj} if told else None

    def _bookmark(self, version: int) -> Json:
        obj = {
            "kind": self.resource.kind,
            "apiVersion": self.resource.api_version,
            "metadata": {"resourceVersion": str(version)},
        }
        return {"type": "BOOKMARK", "object": obj}


async def _until(queue: asyncio.Queue[Event], timeout_s: float) -> AsyncIterator[Event]:
    deadline = asyncio.get_running_loop().time() + timeout_s
    while True:
        try:
            async with asyncio.timeout_at(deadline):
                event = await queue.get()
        except TimeoutError:
            return
        yield event
