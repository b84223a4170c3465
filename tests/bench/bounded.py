"""A limit of time for each suite: one that hangs takes nothing from those after it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

LIMIT_S = 1800.0
"""Several times what the longest suite takes on two quiet cores."""


class OverTimeError(Exception):
    """A suite was not over in its time; the message says in how much."""


@contextmanager
def within(limit_s: float) -> Iterator[None]:
    """End what the main thread does in the block when it takes too long; what it has started it ends itself.

    :raises OverTimeError: when the time is over.
    """

    def over(*_: object) -> None:
        raise OverTimeError(f"not over within {limit_s:g} s")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
