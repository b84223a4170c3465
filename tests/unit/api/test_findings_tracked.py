"""A finding is opened when it lasts, closed when it is over for a while, and told once."""

from __future__ import annotations

from datetime import datetime, timedelta

from kubedoor_api.findings.tracking import NOTHING, Step, Tracked, step
from support.findings import NOW, ended, facts, found, pod

LOOK = timedelta(seconds=30)
CRASHING = found(facts([pod(ready=False, container=ended("Error", 1))]))


def look(before: Tracked, number: float, *, wrong: bool, unknown: bool = False) -> Step:
    now: datetime = NOW + number * LOOK
    kinds = frozenset({"crash_loop"} if unknown else ())
    return step("test", before, CRASHING if wrong else [], now, kinds)  # type: ignore[arg-type]  # a word


def test_it_is_opened_by_the_second_look_and_keeps_when_it_began() -> None:
    first = look(NOTHING, 0, wrong=True)
    assert (first.opened, dict(first.tracked.open)) == ([], {})
    second = look(first.tracked, 1, wrong=True)
    [opened] = second.opened
    assert (opened.key.kind, opened.began_at) == ("crash_loop", NOW - timedelta(minutes=1))
    assert opened.opened_at == NOW + LOOK
    third = look(second.tracked, 2, wrong=True)
    assert (third.opened, third.changed, third.closed) == ([], [], [])


def test_what_is_away_for_one_look_is_still_waited_for_and_then_forgotten() -> None:
    first = look(NOTHING, 0, wrong=True)
    away = look(first.tracked, 1, wrong=False)
    assert len(look(away.tracked, 2, wrong=True).opened) == 1
    assert look(look(away.tracked, 4, wrong=False).tracked, 5, wrong=True).opened == []


def test_it_is_closed_after_ten_minutes_in_which_it_was_not_seen() -> None:
    opened = look(look(NOTHING, 0, wrong=True).tracked, 1, wrong=True)
    almost = look(opened.tracked, 20, wrong=False)
    assert almost.closed == []
    back = look(almost.tracked, 20.5, wrong=True)
    assert (back.opened, back.closed) == ([], [])
    over = look(almost.tracked, 21, wrong=False)
    [closed] = over.closed
    assert closed.ended_at == NOW + LOOK
    assert dict(over.tracked.open) == {}


def test_what_could_not_be_looked_for_is_not_closed() -> None:
    opened = look(look(NOTHING, 0, wrong=True).tracked, 1, wrong=True)
    assert look(opened.tracked, 100, wrong=False, unknown=True).closed == []


def test_two_leaders_that_open_the_same_make_one() -> None:
    ones = [look(look(NOTHING, 0, wrong=True).tracked, at, wrong=True).opened[0] for at in (1, 1.5)]
    assert ones[0].id == ones[1].id


def test_more_of_the_same_is_a_change() -> None:
    opened = look(look(NOTHING, 0, wrong=True).tracked, 1, wrong=True)
    two = found(facts([pod(number, ready=False, container=ended("Error", 1)) for number in (0, 1)]))
    more = step("test", opened.tracked, two, NOW + 2 * LOOK, frozenset())
    [changed] = more.changed
    assert changed.pods == ("cart-1-0", "cart-1-1")
    assert changed.id == opened.opened[0].id
