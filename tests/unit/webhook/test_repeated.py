"""What happens again and again is told once a day, and what happens now and then is not."""

from __future__ import annotations

from kubedoor_webhook.records import DAY_S, REPEATED_TIMES, REPEATED_WITHIN_S, Reminder


class Clock:
    """A clock that a test turns."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def burst(reminder: Reminder, name: str = "cart", times: int = REPEATED_TIMES) -> list[bool]:
    """Let the same thing happen a few times."""
    return [reminder.repeated("set_back", "shop", name) for _ in range(times)]


def test_it_is_told_when_it_has_happened_often_enough_and_then_not_for_a_day() -> None:
    clock = Clock()
    reminder = Reminder(clock)
    assert burst(reminder) == [False] * (REPEATED_TIMES - 1) + [True]
    assert not any(burst(reminder))
    assert burst(reminder, "pay")[-1], "another one is told by itself"
    clock.now_s = DAY_S - 1
    assert not any(burst(reminder))
    clock.now_s = DAY_S
    assert any(burst(reminder))


def test_what_happens_now_and_then_is_not_told() -> None:
    clock = Clock()
    reminder = Reminder(clock)
    for _ in range(50):
        assert burst(reminder, times=1) == [False]
        clock.now_s += REPEATED_WITHIN_S


def test_what_is_remembered_is_bounded() -> None:
    reminder = Reminder(Clock(), most=10)
    for number in range(1000):
        burst(reminder, str(number))
    assert len(reminder._seen) <= 10
