"""Stops asking a server that doesn't answer, for some minutes, and then tries it once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from kubedoor_api.ai.failures import OF_THE_QUESTION, Failure

FAILURES = 3
OPEN_S = 300.0

State = Literal["closed", "open"]


class Circuit:
    """Opens after several failures in a row."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._opened_at: float | None = None

    @property
    def rest_s(self) -> float:
        """Seconds until the server is asked again; 0: it may be asked now."""
        if self._opened_at is None:
            return 0.0
        return max(0.0, self._opened_at + OPEN_S - self._clock())

    @property
    def state(self) -> State:
        """Whether the server is left alone."""
        return "open" if self.rest_s else "closed"

    def told(self, failure: Failure | None) -> None:
        """Hear how a question ended; None: with an answer.

        Once open, it closes with the first answer: a failure after the pause opens it again at once.
        """
        if failure is None or failure in OF_THE_QUESTION:
            self._failures, self._opened_at = 0, None
            return
        self._failures += 1
        if self._failures >= FAILURES:
            self._opened_at = self._clock()
