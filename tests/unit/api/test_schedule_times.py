"""Cron and dates over changes of the clocks, and what is refused."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given
from hypothesis import strategies as st

from kubedoor_api.schedules.times import (
    BadFieldError,
    Timing,
    check_cron,
    check_once,
    local_text,
    occurrences,
    read_once,
    zone_of,
)

BERLIN = "Europe/Berlin"
"""Skips 02:00-03:00 on 2027-03-28, passes 02:00-03:00 twice on 2027-10-31."""
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def locals_of(cron: str, zone: str, since: str, until: str) -> list[str]:
    """The times between two local ones, as a clock on the wall shows them, with the offset."""
    at = zone_of(zone)
    first = datetime.fromisoformat(since).replace(tzinfo=at).astimezone(UTC) - timedelta(seconds=1)
    last = datetime.fromisoformat(until).replace(tzinfo=at).astimezone(UTC)
    found = []
    for instant in occurrences(check_cron(cron), at, first):
        if instant >= last:
            break
        found.append(local_text(instant, at).replace(":00+", "+").replace(":00-", "-"))
    return found


def test_a_local_time_that_the_clock_skips_runs_once_when_it_has_jumped() -> None:
    days = locals_of("30 2 * * *", BERLIN, "2027-03-27T00:00", "2027-03-30T00:00")
    assert days == ["2027-03-27T02:30+01:00", "2027-03-28T03:00+02:00", "2027-03-29T02:30+02:00"]
    several = locals_of("*/30 2 * * *", BERLIN, "2027-03-28T00:00", "2027-03-29T00:00")
    assert several == ["2027-03-28T03:00+02:00"]
    both = locals_of("30 2,3 * * *", BERLIN, "2027-03-28T00:00", "2027-03-29T00:00")
    assert both == ["2027-03-28T03:00+02:00", "2027-03-28T03:30+02:00"]
    together = locals_of("0 2,3 * * *", BERLIN, "2027-03-28T00:00", "2027-03-29T00:00")
    assert together == ["2027-03-28T03:00+02:00"]


def test_a_local_time_that_the_clock_passes_twice_runs_once() -> None:
    days = locals_of("30 2 * * *", BERLIN, "2027-10-30T00:00", "2027-11-02T00:00")
    assert days == ["2027-10-30T02:30+02:00", "2027-10-31T02:30+02:00", "2027-11-01T02:30+01:00"]
    several = locals_of("*/20 2 * * *", BERLIN, "2027-10-31T00:00", "2027-11-01T00:00")
    assert several == ["2027-10-31T02:00+02:00", "2027-10-31T02:20+02:00", "2027-10-31T02:40+02:00"]
    even = locals_of("0 */2 * * *", BERLIN, "2027-10-31T00:00", "2027-10-31T05:00")
    assert even == ["2027-10-31T00:00+02:00", "2027-10-31T02:00+02:00", "2027-10-31T04:00+01:00"]


def test_looking_from_the_second_pass_does_not_run_the_first_again() -> None:
    second = datetime(2027, 10, 31, 1, 10, tzinfo=UTC)  # 02:10 for the second time
    assert local_text(second, zone_of(BERLIN)) == "2027-10-31T02:10:00+01:00"
    found = next(occurrences("30 2 * * *", zone_of(BERLIN), second))
    assert local_text(found, zone_of(BERLIN)) == "2027-11-01T02:30:00+01:00"


def test_each_real_hour_counts_where_every_hour_is_allowed() -> None:
    for cron in ("*/30 * * * *", "*/30 0-23 * * *"):
        spring = locals_of(cron, BERLIN, "2027-03-28T01:00", "2027-03-28T04:00")
        assert [text[11:] for text in spring] == [
            "01:00+01:00", "01:30+01:00", "03:00+02:00", "03:30+02:00",
        ]  # fmt: skip
        autumn = locals_of(cron, BERLIN, "2027-10-31T02:00", "2027-10-31T03:30")
        assert [text[11:] for text in autumn] == [
            "02:00+02:00", "02:30+02:00", "02:00+01:00", "02:30+01:00", "03:00+01:00",
        ]  # fmt: skip


def test_half_hours_are_neither_lost_nor_made_up() -> None:
    """Lord Howe: 02:00-02:30 is skipped on 2026-10-04; 01:30-02:00 is passed twice on 2027-04-04."""
    zone = "Australia/Lord_Howe"
    spring = ("2026-10-04T01:00", "2026-10-04T03:30")
    for cron, expected in {
        "*/15 * * * *": ["01:00", "01:15", "01:30", "01:45", "02:30", "02:45", "03:00", "03:15"],
        "15 * * * *": ["01:15", "02:30", "03:15"],
        "0 * * * *": ["01:00", "02:30", "03:00"],
        "45 * * * *": ["01:45", "02:45"],
    }.items():
        assert [text[11:16] for text in locals_of(cron, zone, *spring)] == expected, cron
    autumn = ("2027-04-04T01:00", "2027-04-04T02:30")
    for cron, expected in {
        "*/15 * * * *": ["01:00", "01:15", "01:30", "01:45", "01:30", "01:45", "02:00", "02:15"],
        "15 * * * *": ["01:15", "02:15"],
        "45 * * * *": ["01:45", "01:45"],
    }.items():
        assert [text[11:16] for text in locals_of(cron, zone, *autumn)] == expected, cron


@given(
    st.sampled_from(["*/7 * * * *", "30 * * * *", "0,59 * * 3,4,10 *", "* * L * *"]),
    st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "Africa/Cairo"]),
    st.sampled_from(
        [(2026, 10, 3), (2027, 3, 14), (2027, 3, 28), (2027, 4, 3), (2027, 10, 31), (2027, 11, 7)]
    ),
    st.integers(0, 36 * 60),
)
def test_every_showing_of_a_minute_counts(
    cron: str, zone: str, day: tuple[int, int, int], minutes: int
) -> None:
    """Against a look at each real minute of a day; what is skipped in part may add to that."""
    at, start = zone_of(zone), datetime(*day, tzinfo=UTC) + timedelta(minutes=minutes)
    found = occurrences(cron, at, start - timedelta(seconds=1))
    end = start + timedelta(hours=6)
    seen = set(takewhile(lambda one: one < end, found))
    every = [start + timedelta(minutes=minute) for minute in range(6 * 60)]
    shown = {one for one in every if _matches(cron, one.astimezone(at))}
    added = seen - shown
    assert shown <= seen
    assert not added or zone == "Australia/Lord_Howe"


def _matches(cron: str, local: datetime) -> bool:
    naive = local.replace(tzinfo=None, fold=0)
    return bool(next(CronSim(cron, naive - timedelta(minutes=1))) == naive)


@pytest.mark.parametrize(
    ("zone", "cron", "day", "expected"),
    [
        ("Australia/Lord_Howe", "15 2 * * *", "2026-10-04", "2026-10-04T02:30+11:00"),  # half an hour
        ("Asia/Beirut", "30 0 * * *", "2027-03-28", "2027-03-28T01:00+03:00"),  # midnight is skipped
        ("Pacific/Apia", "0 12 30 12 *", "2011-12-30", "2011-12-31T00:00+14:00"),  # a whole day is
    ],
)
def test_other_changes_of_the_clocks(zone: str, cron: str, day: str, expected: str) -> None:
    since, until = f"{day}T00:00", str(datetime.fromisoformat(day) + timedelta(days=2))
    found = locals_of(cron, zone, str(datetime.fromisoformat(since) - timedelta(minutes=1)), until)
    assert expected in found
    assert len(found) == len(set(found))


CRONS = st.builds(
    " ".join,
    st.tuples(
        st.sampled_from(["0", "*/7", "30", "0,59", "5-20/5", "*"]),
        st.sampled_from(["*", "0", "1", "2", "3", "*/2", "1-4", "23", "0-23"]),
        st.sampled_from(["*", "1", "28-31", "L"]),
        st.sampled_from(["*", "3,10", "11"]),
        st.sampled_from(["*", "SUN", "1-5"]),
    ),
)


@given(
    CRONS,
    st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "UTC"]),
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2028, 1, 1)),  # noqa: DTZ001 strategy
)
def test_times_grow_and_do_not_depend_on_where_one_starts(cron: str, zone: str, naive: datetime) -> None:
    start, at = naive.replace(tzinfo=UTC), zone_of(zone)
    found = list(islice(occurrences(cron, at, start), 6))
    assert all(one > start for one in found)
    assert found == sorted(set(found))
    for before, after in pairwise(found):
        assert next(occurrences(cron, at, before)) == after


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("* * * *", "has 4 fields; give five"),
        ("", "has 0 fields"),
        ("* * * * * *", "has 6 fields"),
        ("@daily", "has 1 fields"),
        ("0 0 30 2 *", "never comes: there is no day 30 in month 2"),
        ("0 0 31 2,4,6,9,11 *", "never comes"),
        ("60 * * * *", "'60' is not valid for minute: 0-59"),
        ("* 24 * * *", "'24' is not valid for hour: 0-23"),
        ("* * 0 * *", "'0' is not valid for day of month: 1-31"),
        ("* * * 13 *", "'13' is not valid for month"),
        ("* * * * 8", "'8' is not valid for day of week"),
        ("5-1 * * * *", "'5-1' is not valid for minute"),
        ("*/0 * * * *", "'*/0' is not valid for minute"),
        ("1.5 * * * *", "'1.5' is not valid for minute"),
        ("-1 * * * *", "'-1' is not valid for minute"),
        ("a b c d e", "'a' is not valid for minute"),
        ("٣ * * * *", "is not valid for minute"),
    ],
)
def test_what_is_no_cron_is_refused_with_the_field(cron: str, words: str) -> None:
    with pytest.raises(BadFieldError, match=words.replace("*", r"\*")) as refused:
        check_cron(cron)
    assert refused.value.field == "cron"
    assert refused.value.code in {"cron_fields", "cron_part", "cron_never"}


@given(st.text(max_size=40))
def test_nothing_but_a_reason_comes_of_any_text(text: str) -> None:
    with contextlib.suppress(BadFieldError):
        assert next(occurrences(check_cron(text), UTC, NOW)) > NOW


def test_rare_times_are_found_and_blanks_do_not_matter() -> None:
    assert check_cron("  0   0 29 2  * ") == "0 0 29 2 *"
    found = Timing(timezone="UTC", cron="0 0 29 2 *").next(NOW, 2)
    assert [one.year for one in found] == [2028, 2032]


def test_dates_are_read_in_their_zone() -> None:
    berlin = zone_of(BERLIN)
    assert read_once("2027-01-31T03:30", berlin).isoformat() == "2027-01-31T02:30:00+00:00"
    assert read_once("2027-01-31T03:30:00Z", berlin).isoformat() == "2027-01-31T03:30:00+00:00"
    assert read_once("2027-01-31T03:30+08:00", berlin).isoformat() == "2027-01-30T19:30:00+00:00"
    skipped, twice = read_once("2027-03-28T02:30", berlin), read_once("2027-10-31T02:30", berlin)
    assert local_text(skipped, berlin) == "2027-03-28T03:00:00+02:00"
    assert local_text(twice, berlin) == "2027-10-31T02:30:00+02:00"
    once = Timing(timezone=BERLIN, once_at=twice)
    assert once.next(NOW, 5) == [twice]
    assert once.next(twice, 5) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-11-22T23:59", "is past"),
        ("2026-02-30T10:00", "is not a date"),
        ("2099-01-01T00:00", "more than ten years"),
        ("tomorrow", "is not a date"),
        ("0001-01-01T00:00+14:00", "is"),
    ],
)
def test_a_date_that_can_not_be_is_refused(text: str, words: str) -> None:
    with pytest.raises(BadFieldError, match=words) as refused:
        check_once(text, ZoneInfo("UTC"), NOW)
    assert refused.value.field == "once_at"


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "America", "../../etc/passwd", "/etc/localtime", "\0"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(BadFieldError, match="is not a time zone") as refused:
        zone_of(name)
    assert refused.value.field == "timezone"
