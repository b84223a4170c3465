"""What an env's leader does about events: it lists and watches them, and writes what comes.

The cluster keeps them for about an hour, so a new leader lists what the last one may not have written; what
is in the table is not written again, and would be the same row if it were.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import cast

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import surroundings as kube
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.objects.cluster import Event
from kubedoor_api.kube.surroundings import WatchExpiredError
from kubedoor_api.kube_events import queries
from kubedoor_api.kube_events.event import KubeEvent, dropped_row, read_event
from kubedoor_api.kube_events.owners import PodOwners
from kubedoor_api.kube_events.telling import Telling
from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger


class Buffer:
    """Events that are to be written, and how far each has been told.

    :ivar dropped: how many were left out since somebody asked, as there was no room for them.
    :ivar clocks_wrong: how many came with a time that was put right.
    """

    def __init__(self, known: Mapping[str, int], most: int) -> None:
        """Begin.

        :param known: counts of the events that are in the table already, by uid.
        :param most: how many may wait.
        """
        self._known = dict(known)
        self._most = most
        self._warnings: dict[str, KubeEvent] = {}
        self._others: dict[str, KubeEvent] = {}
        self.dropped = 0
        self.clocks_wrong = 0

    def __len__(self) -> int:
        return len(self._warnings) + len(self._others)

    def offer(self, event: KubeEvent) -> None:
        """Take up an event, unless it was told with the same count already."""
        if event.count <= self._known.get(event.uid, 0):
            return
        self._known[event.uid] = event.count
        self.clocks_wrong += event.clock_wrong
        self._put(event)

    def forget(self, uid: str) -> None:
        """Hear that the cluster does not keep an event any more; one that waits is written nevertheless."""
        self._known.pop(uid, None)

    def keep_only(self, uids: set[str]) -> None:
        """Forget the events that are not in a list of all that there are."""
        self._known = {uid: count for uid, count in self._known.items() if uid in uids}

    def take(self, most: int) -> list[KubeEvent]:
        """Take some out, warnings first, the earlier before the later."""
        taken = list[KubeEvent]()
        for waiting in (self._warnings, self._others):
            for uid in list(islice(waiting, most - len(taken))):
                taken.append(waiting.pop(uid))
        return taken

    def put_back(self, events: Iterable[KubeEvent]) -> None:
        """Let events wait again that could not be written."""
        for event in events:
            self._put(event)

    def _put(self, event: KubeEvent) -> None:
        waiting = self._warnings if event.type == "Warning" else self._others
        standing = waiting.get(event.uid)
        if standing is None and len(self) >= self._most:
            self.dropped += 1
            if event.type != "Warning" or not self._others:
                return
            del self._others[next(iter(self._others))]
        if standing is None or standing.count < event.count:
            waiting[event.uid] = event


PER_SECOND = 50
MAX_WAITING = 10_000
WRITE_PAUSE_S = 1.0
RETRY_S = 10.0
KNOWN_FOR = timedelta(minutes=90)
"""The API server keeps events for an hour where nothing else is said; what is older is written again."""

log = get_logger(__name__)


@dataclass
class Keeping:
    """How keeping the events of an env goes in this instance.

    :ivar watching: it has listed them, and watches.
    :ivar trouble: why the cluster can't be watched; `unwritten`: why what came can't be written.
    """

    buffer: Buffer
    watching: bool = False
    trouble: str = ""
    unwritten: str = ""


class Keepings(dict[str, Keeping]):
    """The envs whose events this instance keeps."""


async def keep_events(context: Context, env: str) -> None:
    """Keep an env's events, while leading it and where it is switched on."""
    clusters, clickhouse = context[Clusters], context[ClickHouse]
    if not context[ApiSettings].keep_events or env not in clusters.names:
        await asyncio.Event().wait()
    known = await queries.known(clickhouse, env, datetime.now(UTC) - KNOWN_FOR)
    keeping = Keeping(Buffer(known, MAX_WAITING))
    context[Keepings][env] = keeping
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_follow(clusters, env, keeping))
            group.create_task(_write(context, env, keeping))
    finally:
        del context[Keepings][env]


async def _follow(clusters: Clusters, env: str, keeping: Keeping) -> None:
    """List once, and watch on from there; list again where the cluster has forgotten what came since."""
    version = ""
    while True:
        try:
            if not version:
                version = await _list(clusters, env, keeping.buffer)
                keeping.watching, keeping.trouble = True, ""
            async for change in kube.followed(clusters, env, "events", version):
                keeping.watching, keeping.trouble = True, ""
                version = change.version or version
                _take(keeping.buffer, change)
        except WatchExpiredError:
            log.info("events.listed_again", env=env)
            version = ""
        except KubeDoorError as error:
            if str(error) != keeping.trouble:
                log.warning("events.not_watched", env=env, reason=str(error))
            keeping.watching, keeping.trouble = False, str(error)
            await asyncio.sleep(RETRY_S)


async def _list(clusters: Clusters, env: str, buffer: Buffer) -> str:
    """Take up all events that there are, and return from which version on to watch."""

    def take(found: Event) -> str:
        event = read_event(found, datetime.now(UTC))
        buffer.offer(event)
        return event.uid

    uids, version = await kube.listed(clusters, env, "events", take)
    buffer.keep_only(set(uids))
    return version


def _take(buffer: Buffer, change: kube.Change) -> None:
    if change.type == "DELETED":
        buffer.forget(str(change.object["metadata"].get("uid") or ""))
    elif change.type != "BOOKMARK":
        buffer.offer(read_event(cast("Event", change.object), datetime.now(UTC)))


async def _write(context: Context, env: str, keeping: Keeping) -> None:
    """Write what waits, at most so many a second, and how many were left out; tell what rules ask for."""
    clickhouse, identity = context[ClickHouse], context[Leadership].identity
    buffer, minute, dropped, telling = keeping.buffer, datetime.now(UTC), 0, Telling(context, env)
    owners = PodOwners()
    while True:
        now = datetime.now(UTC)
        if now - minute >= timedelta(minutes=1):
            minute, dropped = now, 0
        left_out, buffer.dropped = buffer.dropped, 0
        events = await owners.named(context[Clusters], env, buffer.take(PER_SECOND))
        told = [dropped_row(env, identity, minute, dropped + left_out)] if left_out else []
        written = False
        try:
            await telling.prepare()
            await queries.insert(clickhouse, env, events, *told)
            dropped, written = dropped + left_out, True
            await telling.tell(events)
            keeping.unwritten = ""
        except KubeDoorError as error:
            if str(error) != keeping.unwritten:
                log.warning("events.not_written", env=env, reason=str(error))
            keeping.unwritten = str(error)
            if not written:
                buffer.put_back(events)
                buffer.dropped += left_out
        await asyncio.sleep(WRITE_PAUSE_S)
