"""What becomes of the times that have passed: a pure decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kubedoor_api.schedules.times import Timing

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

    def words(self) -> str:
        """Say how late a run may begin."""
        if self.grace_s > self.on_time_s:
            return f"it may be {self.grace_s} s late"
        return f"it is skipped when nobody runs it within {self.on_time_s} s"


@dataclass(frozen=True)
class Skip:
    """Due times that are left out, in one go."""

    first: datetime
    last: datetime
    count: int
    reason: str


@dataclass(frozen=True)
class Plan:
    """What to do now: leave out, then start, each if there is any."""

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
        return Plan(skip=Skip(first, last, count, f"nobody was there to run it; {rule.words()}"))
    if before is None:
        return Plan(start=last)
    reason = "nobody was there to run it; the last time that was missed stands for all"
    return Plan(skip=Skip(first, before, count - 1, reason), start=last)
