"""Which schedule is due next: a heap in memory, filled once and kept up with what changes."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kubedoor_api.schedules.stored import instant, timing_of
from kubedoor_api.schedules.times import Timing
from kubedoor_core.errors import BadValueError
from kubedoor_core.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kubedoor_core.clickhouse import Row

log = get_logger(__name__)

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Entry:
    """A schedule that is enabled.

    :ivar cursor: up to which due time, UTC, everything is decided.
    """

    row: Row
    timing: Timing
    cursor: datetime
    due: datetime | None


class Book:
    """The schedules of one env."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._heap: list[tuple[datetime, str]] = []

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, rows: Iterable[Row], cursors: Mapping[str, datetime]) -> None:
        """Take up what was made or changed, and drop what was removed or paused.

        :param cursors: up to which time each schedule's runs are decided.
        """
        for row in rows:
            standing = self._entries.pop(row["id"], None)
            if row["deleted"] or not row["enabled"]:
                continue
            decided = [cursors.get(row["id"], LONG_AGO), instant(row["armed_at"])]
            decided += [standing.cursor] if standing else []
            entry = Entry(row, timing_of(row), max(decided), None)
            self._entries[row["id"]] = entry
            self._push(entry)

    def _push(self, entry: Entry, not_before: datetime | None = None) -> None:
        try:
            entry.due = next(entry.timing.after(entry.cursor), None)
        except BadValueError as error:  # a time zone that the system no longer knows
            log.warning("schedules.unreadable", id=entry.row["id"], reason=str(error))
        if entry.due is not None:
            entry.due = max(entry.due, not_before or entry.due)
            heapq.heappush(self._heap, (entry.due, entry.row["id"]))

    def back(self, entry: Entry, not_before: datetime | None = None) -> None:
        """Put a schedule back that was taken out, behind its cursor.

        :param not_before: look at it again then: it could not be decided now.
        """
        if self._entries.get(entry.row["id"]) is entry:
            self._push(entry, not_before)

    def next(self) -> datetime | None:
        """Return when the next schedule is due, UTC; None if none is."""
        while self._heap:
            due, schedule_id = self._heap[0]
            entry = self._entries.get(schedule_id)
            if entry and entry.due == due:
                return due
            heapq.heappop(self._heap)  # it was changed since
        return None

    def due(self, now: datetime) -> list[Entry]:
        """Take out the schedules that are due, the earliest first."""
        found: list[Entry] = []
        while (at := self.next()) is not None and at <= now:
            _, schedule_id = heapq.heappop(self._heap)
            entry = self._entries[schedule_id]
            entry.due = None
            found.append(entry)
        return found
