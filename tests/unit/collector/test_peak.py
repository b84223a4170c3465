"""Peak hours: notation, midnight, the days clocks change, dates that are over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubedoor_core.domain.peak import Window, parse_peak_hours
from kubedoor_core.errors import BadValueError

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def window(hours: str, day: str, zone: ZoneInfo) -> Window:
    return parse_peak_hours(hours).windows[0].window(date.fromisoformat(day), zone)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" ; ", "empty"),
        ("25:00-26:00", "no 25:00 on a clock"),
        ("10:00-24:30", "no 24:30 on a clock"),
        ("24:00-01:00", "no 24:00 on a clock"),
        ("10:60-11:30", "no 10:60 on a clock"),
        ("10:00-10:00", "same minute"),
        ("00:00-24:00", "same minute"),
        ("ten to eleven", "is not HH:MM-HH:MM"),
        ("10:00", "is not HH:MM-HH:MM"),
        ("10:00-11:30 monday", "weekdays are written"),
        ("10:00-11:30; 12:00-13:00; 14:00-15:00", "at most 2"),
    ],
)
def test_bad_peak_hours_are_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(BadValueError, match=reason):
        parse_peak_hours(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("10:00-11:30", "10:00-11:30"),
        (" 9:05 - 10:00 ", "09:05-10:00"),
        ("22:00-24:00", "22:00-24:00"),
        ("22:00-01:00 fri-mon", "22:00-01:00 mon,fri,sat,sun"),
        ("10:00-11:30 MON-FRI; 20:00-22:00 sat, sun", "10:00-11:30 mon,tue,wed,thu,fri; 20:00-22:00 sat,sun"),
    ],
)  # fmt: skip
def test_peak_hours_are_shown_as_they_are_read(text: str, shown: str) -> None:
    assert str(parse_peak_hours(text)) == shown
    assert parse_peak_hours(shown) == parse_peak_hours(text)


def test_a_window_is_local_time() -> None:
    found = window("10:00-11:30", "2026-03-02", SHANGHAI)
    assert found == Window(utc("2026-03-02T02:00"), utc("2026-03-02T03:30"))


def test_a_window_across_midnight_belongs_to_the_date_on_which_it_begins() -> None:
    found = window("22:30-01:00", "2026-03-02", SHANGHAI)
    assert found == Window(utc("2026-03-02T14:30"), utc("2026-03-02T17:00"))
    assert window("22:00-24:00", "2026-03-02", SHANGHAI).end == utc("2026-03-02T16:00")


@pytest.mark.parametrize(
    ("hours", "day", "start", "end"),
    [
        # 2026-03-08, 02:00 EST becomes 03:00 EDT
        ("10:00-11:30", "2026-03-08", "2026-03-08T14:00", "2026-03-08T15:30"),
        ("01:00-04:00", "2026-03-08", "2026-03-08T06:00", "2026-03-08T08:00"),
        ("02:30-03:30", "2026-03-08", "2026-03-08T07:00", "2026-03-08T07:30"),
        ("23:00-02:30", "2026-03-07", "2026-03-08T04:00", "2026-03-08T07:00"),
        # 2026-11-01, 02:00 EDT becomes 01:00 EST
        ("10:00-11:30", "2026-11-01", "2026-11-01T15:00", "2026-11-01T16:30"),
        ("00:30-02:30", "2026-11-01", "2026-11-01T04:30", "2026-11-01T07:30"),
        ("01:15-01:45", "2026-11-01", "2026-11-01T05:15", "2026-11-01T06:45"),
        ("23:00-01:30", "2026-10-31", "2026-11-01T03:00", "2026-11-01T06:30"),
    ],
)
def test_a_window_on_the_days_clocks_change(hours: str, day: str, start: str, end: str) -> None:
    assert window(hours, day, NEW_YORK) == Window(utc(start), utc(end))


def test_a_window_that_the_clocks_skip_is_empty_and_its_date_does_not_count() -> None:
    assert window("02:10-02:50", "2026-03-08", NEW_YORK).seconds == 0
    dates = parse_peak_hours("02:10-02:50").last_finished(2, NEW_YORK, utc("2026-03-09T20:00"))
    assert dates == [date(2026, 3, 7), date(2026, 3, 9)]


def test_today_counts_once_its_window_is_over() -> None:
    schedule = parse_peak_hours("10:00-11:30")
    before = schedule.last_finished(2, SHANGHAI, utc("2026-03-02T03:29"))
    after = schedule.last_finished(2, SHANGHAI, utc("2026-03-02T03:30"))
    assert before == [date(2026, 2, 28), date(2026, 3, 1)]
    assert after == [date(2026, 3, 1), date(2026, 3, 2)]


def test_a_window_across_midnight_is_over_on_the_next_date() -> None:
    schedule = parse_peak_hours("22:00-01:00")
    assert schedule.last_finished(1, SHANGHAI, utc("2026-03-02T16:59")) == [date(2026, 3, 1)]
    assert schedule.last_finished(1, SHANGHAI, utc("2026-03-02T17:00")) == [date(2026, 3, 2)]


def test_weekdays_that_do_not_count_are_left_out() -> None:
    schedule = parse_peak_hours("10:00-11:30 mon-fri; 20:00-22:00 fri")
    monday, friday = date(2026, 3, 2), date(2026, 2, 27)
    assert schedule.last_finished(2, SHANGHAI, utc("2026-03-02T09:00")) == [friday, monday]
    assert [len(schedule.on(day)) for day in (friday, date(2026, 2, 28), monday)] == [2, 0, 1]


@given(
    start=st.integers(0, 1439),
    length=st.integers(1, 1439),
    day=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    zone=st.sampled_from([SHANGHAI, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), UTC]),
)
def test_every_instant_of_a_window_has_a_local_time_within(
    start: int, length: int, day: date, zone: ZoneInfo
) -> None:
    end = (start + length) % 1440
    clock = f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
    found = parse_peak_hours(clock).windows[0].window(day, zone)
    assert found.start <= found.end <= found.start + timedelta(hours=26)
    if found.seconds:
        local = (found.start + (found.end - found.start) / 2).astimezone(zone)
        minute = local.hour * 60 + local.minute
        assert start <= minute <= end if start < end else minute >= start or minute <= end
