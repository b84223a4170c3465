"""Slows down who guesses passwords: per user and address, and per address over all users."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

FREE_PER_PAIR = 5
FREE_PER_ADDRESS = 30
LONGEST_WAIT_S = 300
FORGET_S = 900
MAX_KEYS = 50_000

Key = tuple[str, str]


@dataclass
class _Failures:
    count: int
    latest: float


class Slowdown:
    """Counts failures. A user can't be locked out from elsewhere: the address belongs to the key."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[Key, _Failures] = {}

    def wait_s(self, user: str, address: str) -> int:
        """Return for how many seconds no attempt is looked at; 0: try."""
        of_address = self._wait_s(("", address), FREE_PER_ADDRESS)
        return max(of_address, self._wait_s((user, address), FREE_PER_PAIR)) if user else of_address

    def _wait_s(self, key: Key, free: int) -> int:
        failures = self._failures.get(key)
        if failures is None or failures.count < free:
            return 0
        wait_s = min(2.0 ** min(failures.count - free + 1, 20), LONGEST_WAIT_S)
        return max(0, math.ceil(failures.latest + wait_s - self._clock()))

    def failed(self, user: str, address: str) -> None:
        """Count a wrong attempt."""
        self._forget()
        for key in {(user, address), ("", address)}:
            failures = self._failures.setdefault(key, _Failures(0, 0.0))
            failures.count += 1
            failures.latest = self._clock()

    def succeeded(self, user: str, address: str) -> None:
        """Forget the wrong attempts of who got in."""
        self._failures.pop((user, address), None)

    def _forget(self) -> None:
        if len(self._failures) < MAX_KEYS:
            return
        horizon = self._clock() - FORGET_S
        self._failures = {key: value for key, value in self._failures.items() if value.latest > horizon}
