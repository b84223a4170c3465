"""What waits to be written: of each event the newest, warnings before others, never more than fit. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from kubedoor_api.kube_events.event import KubeEvent


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
