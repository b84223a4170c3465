"""Peak hours: their notation, and the instants at which a local date's windows begin and end.

`10:00-11:30` is one window a day; `22:00-01:00` crosses midnight and belongs to the date on which it begins;
`10:00-11:30 mon-fri; 20:00-22:00 sat,sun` are two windows with the weekdays on which each counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from kubedoor_core.errors import BadValueError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = frozenset(range(7))
MAX_WINDOWS = 2
_MINUTES_A_DAY = 24 * 60
_LOOK_BACK_LIMIT = 3 * 366

_CLOCK = r"(\d{1,2}):(\d{2})"
_WINDOW = re.compile(rf"{_CLOCK}\s*-\s*{_CLOCK}(?:\s+(\S.*))?")


@dataclass(frozen=True)
class Window:
    """One peak window as instants in UTC; `[start, end]`."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        """Return the length; 0 where the clocks skip the whole window."""
        return int((self.end - self.start).total_seconds())


@dataclass(frozen=True)
class PeakHours:
    """One window of local time, and the weekdays on which it counts (0 is Monday).

    :param start_min: minutes after local midnight, 0 to 1439.
    :param end_min: likewise, 1 to 1440; not larger than the start where the window crosses midnight.
    """

    start_min: int
    end_min: int
    weekdays: frozenset[int] = EVERY_DAY

    @property
    def crosses_midnight(self) -> bool:
        """Return whether the window ends on the next date."""
        return self.end_min <= self.start_min

    @property
    def hours(self) -> str:
        """Return `HH:MM-HH:MM`."""
        return f"{_clock(self.start_min)}-{_clock(self.end_min)}"

    def __str__(self) -> str:
        if self.weekdays == EVERY_DAY:
            return self.hours
        return f"{self.hours} {','.join(WEEKDAYS[day] for day in sorted(self.weekdays))}"

    def window(self, day: date, zone: tzinfo) -> Window:
        """Return the instants of the window that begins on a local date.

        On the days clocks change it holds exactly the instants whose local time is within: an hour that comes
        twice is in it twice, and an hour that is skipped is not in it.
        """
        end_day = day + timedelta(days=1) if self.crosses_midnight else day
        start = _instant(day, self.start_min, zone, last=False)
        return Window(start, max(start, _instant(end_day, self.end_min, zone, last=True)))


@dataclass(frozen=True)
class PeakSchedule:
    """The one or two windows of an env."""

    windows: tuple[PeakHours, ...]

    def __str__(self) -> str:
        return "; ".join(str(hours) for hours in self.windows)

    def on(self, day: date) -> tuple[PeakHours, ...]:
        """Return the windows that count on a local date; none where it doesn't count."""
        return tuple(hours for hours in self.windows if day.weekday() in hours.weekdays)

    def finished(self, day: date, zone: tzinfo, now: datetime) -> bool:
        """Return whether a date counts and all its windows are over."""
        windows = [hours.window(day, zone) for hours in self.on(day)]
        return any(window.seconds for window in windows) and all(w.end <= now for w in windows)

    def last_finished(self, count: int, zone: tzinfo, now: datetime) -> list[date]:
        """Return the last dates that count and whose windows are over, oldest first."""
        today = now.astimezone(zone).date()
        dates: list[date] = []
        for back in range(_LOOK_BACK_LIMIT):
            day = today - timedelta(days=back)
            if len(dates) == count:
                break
            if self.finished(day, zone, now):
                dates.append(day)
        return dates[::-1]


def parse_peak_hours(text: str) -> PeakSchedule:
    """Read the notation above.

    :raises BadValueError: with the reason, and what would be right.
    """
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if not parts:
        raise BadValueError("peak hours are empty: write them as HH:MM-HH:MM, such as 10:00-11:30")
    if len(parts) > MAX_WINDOWS:
        raise BadValueError(f"at most {MAX_WINDOWS} peak windows are possible, not {len(parts)}")
    return PeakSchedule(tuple(_parse_window(part) for part in parts))


def _parse_window(text: str) -> PeakHours:
    found = _WINDOW.fullmatch(text)
    if found is None:
        raise BadValueError(f"{text!r} is not HH:MM-HH:MM, such as 10:00-11:30")
    start = _minutes(found.group(1), found.group(2), 0, _MINUTES_A_DAY - 1, text)
    end = _minutes(found.group(3), found.group(4), 0, _MINUTES_A_DAY, text)
    if start == end % _MINUTES_A_DAY:
        raise BadValueError(f"{text!r} begins and ends at the same minute: the window is empty")
    return PeakHours(start, end, _parse_weekdays(found.group(5)))


def _minutes(hour: str, minute: str, least: int, most: int, text: str) -> int:
    value = int(hour) * 60 + int(minute)
    if int(minute) > 59 or not least <= value <= most:
        raise BadValueError(f"{text!r}: there is no {hour}:{minute} on a clock of 24 hours")
    return value


def _parse_weekdays(text: str | None) -> frozenset[int]:
    if text is None:
        return EVERY_DAY
    days: set[int] = set()
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        begin = _weekday(first, text)
        length = (_weekday(last, text) - begin) % 7 if last else 0
        days |= {(begin + offset) % 7 for offset in range(length + 1)}
    return frozenset(days)


def _weekday(name: str, text: str) -> int:
    if name not in WEEKDAYS:
        raise BadValueError(f"{text!r}: weekdays are written as mon-fri or sat,sun")
    return WEEKDAYS.index(name)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _instant(day: date, minutes: int, zone: tzinfo, *, last: bool) -> datetime:
    """Return the instant of a local time; of one that is twice the first or last, of none the gap."""
    day, minutes = day + timedelta(days=minutes // _MINUTES_A_DAY), minutes % _MINUTES_A_DAY
    wall = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=zone)
    first, second = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if second < first:
        return _transition(second, first, zone)
    return second if last else first


def _transition(low: datetime, high: datetime, zone: tzinfo) -> datetime:
    """Return the instant between two at which the clocks change, by halving, to the second."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
