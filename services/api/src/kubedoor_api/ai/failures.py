"""Why a model gave no answer, as values, and how long its server is left alone after several of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from kubedoor_core.errors import KubeDoorError

Failure = Literal[
    "unreachable",
    "proxy",
    "tls",
    "timeout",
    "wrong_key",
    "not_found",
    "refused",
    "rate_limited",
    "server_error",
    "redirected",
    "not_json",
    "too_large",
    "cut_off",
    "declined",
    "invalid",
    "busy",
    "interrupted",
    "failed",
]
OF_THE_QUESTION: frozenset[Failure] = frozenset({"cut_off", "declined", "invalid"})
"""The server works, and another question may have an answer: these don't open the circuit."""


class GatewayError(KubeDoorError):
    """The model's server gave no answer.

    :ivar code: why.
    :ivar detail: what the server said, for administrators: short, without secrets, plain.
    :ivar retry_after_s: seconds after which it wants to be asked again, where it says so.
    """

    def __init__(
        self,
        code: Failure,
        detail: str = "",
        *,
        status: int | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code: Failure = code
        self.detail = detail
        self.status = status
        self.retry_after_s = retry_after_s


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
