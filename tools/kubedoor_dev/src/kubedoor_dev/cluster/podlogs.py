"""The logs of containers: what a test, or the demo, has them say, and how they are read."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster.errors import bad_request
from kubedoor_dev.cluster.routes import TRUE
from kubedoor_dev.cluster.schema import format_time

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

Json = dict[str, Any]


class PodLogs:
    """Lines by namespace, pod and container, each with its time."""

    def __init__(self) -> None:
        self._lines: defaultdict[tuple[str, str, str, bool], list[tuple[float, str]]] = defaultdict(list)
        self._said = asyncio.Condition()
        self._ended: set[tuple[str, str, str, bool]] = set()

    async def say(
        self, namespace: str, pod: str, container: str, *lines: str, previous: bool = False, at_s: float = 0
    ) -> None:
        """Let a container say something; who follows it reads it at once.

        :param previous: of the container before its last restart.
        :param at_s: seconds since 1970; 0: now.
        """
        async with self._said:
            place = (namespace, pod, container, previous)
            self._lines[place] += [(at_s or time.time(), line) for line in lines]
            self._said.notify_all()

    async def end(self, namespace: str, pod: str, container: str) -> None:
        """End what a container says: who follows it reads no more."""
        async with self._said:
            self._ended.add((namespace, pod, container, False))
            self._said.notify_all()

    def read(self, pod: Json, query: Mapping[str, str]) -> AsyncIterator[bytes]:
        """Return what is asked for, and go on while it is followed.

        :raises ApiError: 400, as the API server would.
        """
        return self._read(self._place(pod, query), query)

    async def _read(
        self, place: tuple[str, str, str, bool], query: Mapping[str, str]
    ) -> AsyncIterator[bytes]:
        tail, since = query.get("tailLines"), query.get("sinceSeconds")
        lines = self._lines[place]
        first = max(0, len(lines) - int(tail)) if tail else 0
        oldest_s = time.time() - int(since) if since else 0.0
        while True:
            for at_s, line in lines[first:]:
                if at_s >= oldest_s:
                    yield _written(at_s, line, timestamps=query.get("timestamps") in TRUE)
            first = len(lines)
            if query.get("follow") not in TRUE or place in self._ended:
                return
            async with self._said:
                if len(lines) == first and place not in self._ended:
                    await self._said.wait()

    def _place(self, pod: Json, query: Mapping[str, str]) -> tuple[str, str, str, bool]:
        namespace, name, container = container_place(pod, query.get("container", ""))
        previous = query.get("previous") in TRUE
        place = (namespace, name, container, previous)
        if previous and place not in self._lines:
            raise bad_request(f'previous terminated container "{container}" in pod "{name}" not found')
        return place


def container_place(pod: Json, container: str) -> tuple[str, str, str]:
    """Return namespace, pod and container; the only one where none is named.

    :raises ApiError: 400, as the API server would.
    """
    metadata, names = pod["metadata"], [one["name"] for one in pod["spec"]["containers"]]
    name, beside = metadata["name"], [one["name"] for one in pod["spec"].get("ephemeralContainers") or []]
    if not container and len(names) > 1:
        chosen = " ".join(names)
        raise bad_request(f"a container name must be specified for pod {name}, choose one of: [{chosen}]")
    if container and container not in (*names, *beside):
        raise bad_request(f"container {container} is not valid for pod {name}")
    return metadata["namespace"], name, container or names[0]


def _written(at_s: float, line: str, *, timestamps: bool) -> bytes:
    stamp = f"{format_time(datetime.fromtimestamp(at_s, UTC), micro=True)} " if timestamps else ""
    return f"{stamp}{line}\n".encode()
