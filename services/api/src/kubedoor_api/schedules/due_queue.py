"""Which schedule is due next, and what becomes of the times that have passed: pure decisions, in memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kubedoor_api.operations.notes import OperationNote, note
from kubedoor_api.schedules.schedule import EPOCH, StoredSchedule
from kubedoor_api.schedules.times import Timing
from kubedoor_core.errors import BadValueError
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

LOOK_BACK = timedelta(days=30)
"""Times longer ago than this are not counted any more."""


@dataclass(frozen=True)
class Rule:
    """When a run is late.

    :ivar on_time_s: seconds within which a run counts as on time: long enough to change the leader.
    :ivar grace_s: seconds within which one that is late is run all the same; 0: it is skipped.
    """

    on_time_s: int
    grace_s: int

    @property
    def limit(self) -> timedelta:
        """How late a run may begin."""
        return timedelta(seconds=max(self.on_time_s, self.grace_s))

    @property
    def missed(self) -> OperationNote:
        """Why a run that nobody began in time is skipped."""
        if self.grace_s > self.on_time_s:
            return note("run_missed_grace", grace_s=self.grace_s)
        return note("run_missed", on_time_s=self.on_time_s)


@dataclass(frozen=True)
class Skip:
    """Due times that are left out, in one go."""

    first: datetime
    last: datetime
    count: int
    why: OperationNote


@dataclass(frozen=True)
class Plan:
    """What to do now: skip, then start, each if there is any."""

    skip: Skip | None = None
    start: datetime | None = None


def plan(timing: Timing, cursor: datetime, now: datetime, rule: Rule) -> Plan:
    """Decide about every time after the cursor and up to now.

    Of several the last is run, if it isn't too late, and stands for all: what is missed is never made up
    for in a burst.
    """
    first, before, last, count = None, None, None, 0
    for at in timing.after(max(cursor, now - LOOK_BACK)):
        if at > now:
            break
        first, before, last, count = first or at, last, at, count + 1
    if first is None or last is None:
        return Plan()
    if now - last > rule.limit:
        return Plan(skip=Skip(first, last, count, rule.missed))
    if before is None:
        return Plan(start=last)
    return Plan(skip=Skip(first, before, count - 1, note("runs_missed")), start=last)


@dataclass
class Entry:
    """A schedule that is enabled.

    :ivar cursor: up to which due time, UTC, everything is decided.
    """

    schedule: StoredSchedule
    cursor: datetime
    due: datetime | None = None


class DueQueue:
    """The schedules of one env: a heap, filled once and kept up with what changes."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._heap: list[tuple[datetime, str]] = []

    def __len__(self) -> int:
        return len(self._entries)

    def put(self, schedules: Iterable[StoredSchedule], cursors: Mapping[str, datetime]) -> None:
        """Take up what was made or changed, and drop what was removed or paused.

        :param cursors: up to which time each schedule's runs are decided.
        """
        for schedule in schedules:
            standing = self._entries.pop(schedule.id, None)
            if schedule.deleted or not schedule.enabled:
                continue
            decided = [cursors.get(schedule.id, EPOCH), schedule.effective_from]
            decided += [standing.cursor] if standing else []
            entry = self._entries[schedule.id] = Entry(schedule, max(decided))
            self._push(entry)

    def _push(self, entry: Entry, not_before: datetime | None = None) -> None:
        try:
            entry.due = next(entry.schedule.timing.after(entry.cursor), None)
        except BadValueError as error:  # a time zone that the system no longer knows
            log.warning("schedules.unreadable", id=entry.schedule.id, reason=str(error))
        if entry.due is not None:
            entry.due = max(entry.due, not_before or entry.due)
            heapq.heappush(self._heap, (entry.due, entry.schedule.id))

    def put_back(self, entry: Entry, not_before: datetime | None = None) -> None:
        """Put a schedule back that was taken out, behind its cursor.

        :param not_before: take it out again then: it could not be decided now.
        """
        if self._entries.get(entry.schedule.id) is entry:
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

    def take(self, now: datetime) -> list[Entry]:
        """Take out the schedules that are due, the earliest first."""
        found: list[Entry] = []
        while (at := self.next()) is not None and at <= now:
            _, schedule_id = heapq.heappop(self._heap)
            entry = self._entries[schedule_id]
            entry.due = None
            found.append(entry)
        return found
