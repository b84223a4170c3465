"""When a schedule runs: cron and dates in a time zone as pure functions, over changes of the clocks.

Each local time that is due runs exactly once. One that the clock skips runs as soon as the clock has jumped;
of one that it passes twice the first counts. With every hour allowed (`*`), each real hour counts, so that a
schedule of every quarter of an hour goes on through the change: it runs whenever the clock shows one of its
minutes. Where a clock is put back by half an hour (Australia/Lord_Howe), minutes 30 to 59 of that hour thus
run twice; where it is put forward by that, the missing ones run once, when it has jumped.
"""

from __future__ import annotations

import contextlib
import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from kubedoor_core.errors import BadValueError
from kubedoor_core.problem_codes import FieldCode

FIELDS = ("minute", "hour", "day of month", "month", "day of week")
RANGES = ("0-59", "0-23", "1-31", "1-12 or JAN-DEC", "0-7 or SUN-SAT")
NAMES = {"minute": 0, "hour": 1, "day-of-month": 2, "month": 3, "day-of-week": 4}
EVERY_HOUR = set(range(24))
FAR = timedelta(days=3660)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
AMBIGUOUS = timedelta(hours=3)
"""More than any clock is ever put back by."""
SOME_DAY = datetime(2024, 1, 1)  # noqa: DTZ001 wall-clock time: any will do to parse with


class BadFieldError(BadValueError):
    """A value that is invalid.

    :param field: in which it stands.
    :param code: the kind of fault, for machines that put it into words of their own.
    :param parameters: what the fault is about.
    """

    def __init__(self, field: str, reason: str, code: FieldCode, **parameters: object) -> None:
        super().__init__(reason)
        self.field = field
        self.code = code
        self.parameters = parameters


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone.

    :raises BadFieldError: for a name that is none.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        reason = f"{name!r} is not a time zone, such as Asia/Shanghai or UTC"
        raise BadFieldError("timezone", reason, FieldCode.TIMEZONE_UNKNOWN, value=name) from error


def check_cron(text: str, field: str = "cron") -> str:
    """Return an expression with single blanks.

    :param field: in which it stands.
    :raises BadFieldError: saying which of the five fields is wrong, or that it never comes.
    """
    fields = text.split()
    if len(fields) != len(FIELDS):
        names = ", ".join(FIELDS)
        reason = f"has {len(fields)} fields; give five: {names}, such as 30 3 * * 1-5"
        raise BadFieldError(field, reason, FieldCode.CRON_FIELDS, count=len(fields))
    try:
        found = next(CronSim(" ".join(fields), SOME_DAY), None)
    except CronSimError as error:
        raise _why(field, fields, str(error)) from error
    if found is None:
        raise _never(field, fields)
    return " ".join(fields)


def _why(field: str, fields: list[str], message: str) -> BadFieldError:
    index = NAMES.get(message.removeprefix("Bad "))
    if index is None:
        return BadFieldError(field, f"can't be read: {message}", FieldCode.CRON_UNREADABLE)
    if index == NAMES["day-of-month"]:  # where it is well without the month, that has no such day
        with contextlib.suppress(CronSimError):
            CronSim(" ".join([*fields[:3], "*", fields[4]]), SOME_DAY)
            return _never(field, fields)
    value, part, range_ = fields[index], FIELDS[index], RANGES[index]
    reason = f"{value!r} is not valid for {part}: {range_}, with * , - and / as cron has them"
    return BadFieldError(field, reason, FieldCode.CRON_PART, value=value, part=part, range=range_)


def _never(field: str, fields: list[str]) -> BadFieldError:
    on = "" if fields[4] == "*" else f" on {fields[4]}"
    reason = f"never comes: there is no day {fields[2]} in month {fields[3]}{on}"
    return BadFieldError(
        field, reason, FieldCode.CRON_NEVER, day=fields[2], month=fields[3], weekday=fields[4]
    )


def local_to_utc(local: datetime, zone: tzinfo) -> datetime:
    """Turn a wall clock's time into the instant at which it is due.

    The first of two; for one that is skipped, the first that there is after it.
    """
    while True:
        instant = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == local:
            return instant
        local = local.replace(second=0, microsecond=0) + MINUTE


def read_once(text: str, zone: tzinfo) -> datetime:
    """Return the instant of a date and time, UTC, whole milliseconds.

    :param text: ISO 8601 with year; without an offset it is local in `zone`.
    :raises BadFieldError: for what is not a date.
    """
    try:
        given = datetime.fromisoformat(text)
        instant = given.astimezone(UTC) if given.tzinfo else local_to_utc(given, zone)
    except (ValueError, OverflowError) as error:
        reason = f"{text!r} is not a date and time with its year, such as 2027-01-31T03:30:00"
        raise BadFieldError("once_at", reason, FieldCode.ONCE_UNREADABLE, value=text) from error
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def check_once(text: str, zone: tzinfo, now: datetime) -> datetime:
    """Return the instant of a date and time to come, UTC.

    :raises BadFieldError: for what is not a date, past or more than ten years ahead.
    """
    instant = read_once(text, zone)
    if instant <= now:
        reason = f"{text} is past; give a time to come, with its year"
        raise BadFieldError("once_at", reason, FieldCode.ONCE_PAST, value=text)
    if instant > now + FAR:
        raise BadFieldError("once_at", f"{text} is more than ten years ahead", FieldCode.ONCE_FAR, value=text)
    return instant


def local_text(instant: datetime, zone: tzinfo) -> str:
    """Write an instant in a time zone, with its offset."""
    return instant.astimezone(zone).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Timing:
    """When a schedule runs: `once_at` (UTC), or `cron` in `timezone`."""

    timezone: str
    cron: str = ""
    once_at: datetime | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return zone_of(self.timezone)

    def after(self, moment: datetime) -> Iterator[datetime]:
        """Return every time later than a moment, in order, UTC."""
        if self.once_at is not None:
            return iter([self.once_at] if self.once_at > moment else [])
        return occurrences(self.cron, self.zone, moment)

    def next(self, moment: datetime, count: int) -> list[datetime]:
        """Return the first so many."""
        return list(islice(self.after(moment), count))


def occurrences(cron: str, zone: tzinfo, moment: datetime) -> Iterator[datetime]:
    """Return the times of a checked expression that are later than a moment, in order, UTC."""
    wall = CronSim(cron, moment.astimezone(zone).replace(tzinfo=None))
    if wall.hours == EVERY_HOUR:
        yield from _every_hour(cron, zone, moment)
        return
    last = moment
    for local in wall:
        instant = local_to_utc(local, zone)
        if instant > last:
            last = instant
            yield instant


def _every_hour(cron: str, zone: tzinfo, moment: datetime) -> Iterator[datetime]:
    """Return every instant at which a clock on the wall shows one of the times, in order."""
    fields = cron.split()
    fields[1] = "*"
    first = moment.astimezone(zone).replace(tzinfo=None) - AMBIGUOUS
    waiting: list[datetime] = []
    last = moment
    for local in CronSim(" ".join(fields), first):
        for instant in _shown(local, zone):
            heapq.heappush(waiting, instant)
        # The second showing of a time lies behind the first ones of later times, nothing lies before this.
        reached = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
        while waiting and waiting[0] <= reached:
            instant = heapq.heappop(waiting)
            if instant > last:
                last = instant
                yield instant


def _shown(local: datetime, zone: tzinfo) -> list[datetime]:
    """Return the instants at which a wall clock shows a time: one, two, or none.

    Where it skips whole hours, these hours are none; of an hour of which it skips a part, a time in that
    part counts as soon as the clock has jumped.
    """
    both = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    instants = {each.astimezone(UTC) for each in both}
    real = [at for at in instants if at.astimezone(zone).replace(tzinfo=None) == local]
    if real:
        return real
    before, after = (each.utcoffset() or timedelta(0) for each in both)
    return [] if (after - before) % HOUR == timedelta(0) else [local_to_utc(local, zone)]


@lru_cache(maxsize=20_000)
def next_time(timing: Timing, moment: datetime) -> datetime | None:
    """Return the first time later than a moment, UTC, or None; remembered, for lists of thousands."""
    return next(timing.after(moment), None)
