"""What becomes of times that have passed, and which schedule is due next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from kubedoor_api.operations.notes import note
from kubedoor_api.schedules.due_queue import DueQueue, Plan, Rule, plan
from kubedoor_api.schedules.schedule import StoredSchedule, run_id_of
from kubedoor_api.schedules.times import Timing

HOURLY = Timing(timezone="UTC", cron="0 * * * *")
SKIP, LATE = Rule(60, 0), Rule(60, 1800)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BEFORE = NOON - timedelta(minutes=30)


def after(**delta: float) -> datetime:
    """Some time after noon."""
    return NOON + timedelta(**delta)


def test_nothing_is_due_before_its_time() -> None:
    assert plan(HOURLY, BEFORE, after(milliseconds=-1), SKIP) == Plan()
    assert plan(HOURLY, NOON, after(minutes=59), SKIP) == Plan()


def test_a_run_within_the_time_that_a_new_leader_takes_is_on_time() -> None:
    for rule in (SKIP, LATE):
        assert plan(HOURLY, BEFORE, NOON, rule) == Plan(start=NOON)
        assert plan(HOURLY, BEFORE, after(seconds=60), rule) == Plan(start=NOON)


def test_a_late_run_is_skipped_or_run_within_its_grace() -> None:
    skipped = plan(HOURLY, BEFORE, after(seconds=61), SKIP).skip
    assert skipped
    assert (skipped.first, skipped.last, skipped.count) == (NOON, NOON, 1)
    assert "nobody was there" in str(skipped.why)
    assert plan(HOURLY, BEFORE, after(minutes=30), LATE) == Plan(start=NOON)
    too_late = plan(HOURLY, BEFORE, after(minutes=31), LATE)
    assert too_late.skip
    assert too_late.skip.why == note("run_missed_grace", grace_s=1800)
    assert too_late.start is None


def test_of_many_missed_times_the_last_stands_for_all() -> None:
    made = plan(HOURLY, BEFORE, after(hours=5, minutes=10), LATE)
    assert made.start == after(hours=5)
    assert made.skip
    assert (made.skip.first, made.skip.last, made.skip.count) == (NOON, after(hours=4), 5)
    none = plan(HOURLY, BEFORE, after(hours=5, minutes=10), SKIP)
    assert none.skip
    assert (none.skip.count, none.start) == (6, None)


def test_a_long_absence_is_bounded() -> None:
    every_minute = Timing(timezone="UTC", cron="* * * * *")
    made = plan(every_minute, NOON - timedelta(days=900), NOON, SKIP)
    assert made.skip
    assert made.skip.count == 30 * 24 * 60 - 1
    assert made.start == NOON


def test_a_schedule_for_one_time_is_done_then() -> None:
    once = Timing(timezone="UTC", once_at=NOON)
    assert plan(once, BEFORE, NOON, SKIP) == Plan(start=NOON)
    assert plan(once, NOON, after(days=1), SKIP) == Plan()


def row(number: int, **columns: Any) -> StoredSchedule:
    """A stored schedule."""
    made = StoredSchedule(
        id=f"s{number:05}",
        env="test",
        name="nightly",
        kind="restart",
        enabled=True,
        once_at=None,
        cron="0 * * * *",
        timezone="UTC",
        spec="{}",
        misfire="skip",
        grace_s=0,
        effective_from=BEFORE,
        version=1,
        updated_at=BEFORE,
        updated_by="alice",
    )
    return replace(made, **columns)


def test_the_next_one_due_is_known_without_looking_at_all() -> None:
    queue = DueQueue()
    rows = [row(n, cron=f"{n % 60} {13 + n % 11} * * *") for n in range(2000)]
    rows.append(row(9999, once_at=after(seconds=7), cron=""))
    queue.put(rows, {})
    assert queue.next() == after(seconds=7)
    assert [entry.schedule.id for entry in queue.take(after(seconds=7))] == ["s09999"]
    assert queue.next() == after(hours=1)
    assert len(queue.take(after(hours=1))) == len([one for one in rows if one.cron == "0 13 * * *"])


def test_the_queue_follows_what_is_changed_paused_and_removed() -> None:
    queue = DueQueue()
    queue.put([row(1), row(2)], {"s00002": NOON})
    assert queue.next() == NOON
    queue.put([row(1, cron="30 * * * *")], {})
    assert queue.next() == after(minutes=30)
    queue.put([row(1, enabled=False)], {})
    assert queue.next() == after(hours=1)
    queue.put([row(2, deleted=True)], {})
    assert (queue.next(), len(queue)) == (None, 0)
    queue.put([row(3, timezone="Mars/Olympus"), row(4)], {})
    assert queue.next() == NOON


def test_what_was_taken_out_comes_back_behind_its_cursor() -> None:
    queue = DueQueue()
    queue.put([row(1)], {})
    [entry] = queue.take(NOON)
    assert queue.next() is None
    entry.cursor = NOON
    queue.put_back(entry)
    assert queue.next() == after(hours=1)
    [entry] = queue.take(after(hours=1))
    queue.put_back(entry, after(hours=1, seconds=1))  # it could not be decided
    assert queue.next() == after(hours=1, seconds=1)
    queue.put([row(1, cron="15 * * * *")], {})  # changed since: what was taken out counts no more
    queue.put_back(entry)
    assert queue.next() == after(minutes=15)


def test_a_runs_identity_follows_from_schedule_and_time() -> None:
    assert run_id_of("a", NOON) == run_id_of("a", NOON.astimezone())
    assert len({run_id_of("a", NOON), run_id_of("b", NOON), run_id_of("a", after(seconds=1))}) == 3
