"""What is written, and what a library repeats without end."""

from __future__ import annotations

import logging

from structlog.testing import capture_logs

from kubedoor_core.logs import MOST_REMEMBERED, PAUSE_S, Repeated, Trouble, get_logger


class Clock:
    """A clock that is set by hand."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def record(text: object, *values: object) -> logging.LogRecord:
    return logging.LogRecord("asyncio", logging.ERROR, "", 0, text, values, None)


def test_a_librarys_line_is_written_once_in_a_while_and_counted() -> None:
    clock = Clock()
    few = Repeated(clock)
    line = "socket.accept() out of system resource"
    assert [few.filter(record(line)) for _ in range(5000)].count(True) == 1
    clock.now_s = PAUSE_S
    again = record(line)
    assert few.filter(again)
    assert again.getMessage() == f"{line} (and 4999 times more before)"
    clock.now_s = 2 * PAUSE_S
    alone = record(line)
    assert few.filter(alone)
    assert alone.getMessage() == line


def test_other_lines_and_our_own_events_pass() -> None:
    few = Repeated(Clock())
    assert all(few.filter(record("closed %s", number)) for number in range(2 * MOST_REMEMBERED))
    assert all(few.filter(record({"event": "webhook.leaving"})) for _ in range(3))


def test_trouble_is_warned_of_when_it_begins_and_when_it_is_another() -> None:
    with capture_logs() as written:
        trouble = Trouble(get_logger("test"), "test.waiting", env="shop")
        for reason in ("away", "away", "refused", "", "", "refused"):
            trouble.note(reason)
            assert trouble.reason == reason
    assert [line["reason"] for line in written] == ["away", "refused", "refused"]
    assert {(line["event"], line["env"], line["log_level"]) for line in written} == {
        ("test.waiting", "shop", "warning")
    }
