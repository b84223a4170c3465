"""How long a terminal lasts, and how far its output may run ahead of whoever looks at it."""

from __future__ import annotations

import asyncio

import pytest

from kubedoor_api.pods.terminal.ending import IDLE_S, MOST_S, WINDOW_BYTES, Limits, Window


@pytest.mark.parametrize(
    ("typed_after_s", "at", "limit"),
    [
        (0, IDLE_S, "idle"),
        (MOST_S - IDLE_S - 1, MOST_S - 1, "idle"),
        (MOST_S - 1, MOST_S, "time_limit"),
    ],
)
def test_the_limit_that_comes_first_ends_it(typed_after_s: float, at: float, limit: str) -> None:
    times = Limits(100.0, 100.0)
    times.typed_at += typed_after_s
    assert (times.end.at - 100.0, times.end.limit) == (at, limit)


async def test_a_window_is_full_until_somebody_has_seen_some_and_believes_nobody_who_saw_more() -> None:
    window = Window()
    await window.room()
    window.sent = WINDOW_BYTES
    waiting = asyncio.create_task(window.room())
    window.seen(0)
    await asyncio.sleep(0)
    assert not waiting.done()
    window.seen(1)
    await waiting
    window.seen(10 * WINDOW_BYTES)
    window.sent = 2 * WINDOW_BYTES  # all of what was sent before had been seen, and no more
    waiting = asyncio.create_task(window.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()
