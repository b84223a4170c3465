"""Slows down who guesses passwords: per user and address, and per address over all users."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

FREE_PER_PAIR = 5
FREE_PER_ADDRESS = 30
FREE_SCRIPTS = 30
"""Wrong API tokens of an address: they can't be guessed, but a script with an old one asks without end."""
AT_ONCE = 3
"""Attempts of one address that are looked at at the same time."""
LONGEST_WAIT_S = 300
HALF_LIFE_S = 900.0
"""Half of what is counted is forgotten in so many seconds."""
FLOOD = 60
FLOOD_HALF_LIFE_S = 60.0
ANYBODY = "\0"
"""Stands for all users of an address: no name has it."""
NEGLIGIBLE = 0.1
MAX_KEYS = 50_000

Key = tuple[str, str]


@dataclass
class _Count:
    """A number that decays."""

    value: float
    latest: float

    def at(self, now: float, half_life_s: float) -> float:
        return self.value * math.pow(0.5, max(0.0, now - self.latest) / half_life_s)


class _Counts:
    """Numbers by key, of which half is forgotten in a time."""

    def __init__(self, clock: Callable[[], float], half_life_s: float) -> None:
        self._clock, self._half_life_s = clock, half_life_s
        self._counts: dict[Key, _Count] = {}

    def get(self, key: Key) -> float:
        count = self._counts.get(key)
        return count.at(self._clock(), self._half_life_s) if count else 0.0

    def latest(self, key: Key) -> tuple[float, float]:
        """Return the number as it was when it last grew, and for how many seconds it has not."""
        count = self._counts.get(key)
        return (count.value, self._clock() - count.latest) if count else (0.0, math.inf)

    def add(self, key: Key) -> None:
        """Count one more, and forget what is negligible once there are many."""
        if len(self._counts) >= MAX_KEYS:
            self._counts = {key: one for key, one in self._counts.items() if self.get(key) > NEGLIGIBLE}
        if len(self._counts) >= MAX_KEYS:  # more guessers than fit: the oldest half goes
            by_age = sorted(self._counts.items(), key=lambda item: item[1].latest)
            self._counts = dict(by_age[MAX_KEYS // 2 :])
        self._counts[key] = _Count(self.get(key) + 1, self._clock())

    def roll_back(self, key: Key) -> None:
        """Make one of them not have been; the time of the latest stays."""
        if key in self._counts:
            self._counts[key].value = max(0.0, self._counts[key].value - 1)

    def drop(self, key: Key) -> None:
        self._counts.pop(key, None)


class LoginThrottle:
    """Counts wrong attempts. A user can't be locked out from elsewhere: the address belongs to the key.

    An attempt counts as wrong from its beginning, so that many at once are not all looked at; what was
    right, or could not be found out, is given back. A script has no user.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._wrong = _Counts(clock, HALF_LIFE_S)
        self._tries = _Counts(clock, FLOOD_HALF_LIFE_S)
        self._under_way: Counter[str] = Counter()

    def wait_s(self, user: str, address: str) -> int:
        """Return for how many seconds no attempt is looked at; 0: try."""
        if not user:
            return self._wait_s((user, address), FREE_SCRIPTS)
        of_address = self._wait_s((ANYBODY, address), FREE_PER_ADDRESS)
        return max(of_address, self._wait_s((user, address), FREE_PER_PAIR))

    def _wait_s(self, key: Key, free: int) -> int:
        number, age_s = self._wrong.latest(key)
        if number < free:
            return 0
        wait_s = min(2.0 ** min(int(number - free) + 1, 20), LONGEST_WAIT_S)
        return max(0, math.ceil(wait_s - age_s))

    def begin(self, user: str, address: str) -> int:
        """Begin an attempt, or return for how many seconds there is none."""
        wait_s = self.wait_s(user, address)
        if wait_s == 0 and self._under_way[address] >= AT_ONCE:
            wait_s = 1
        if wait_s > 0:
            self._tries.add((user, address))
            return wait_s
        self._under_way[address] += 1
        self._count(user, address)
        return 0

    def end(self, user: str, address: str, *, right: bool | None) -> None:
        """End an attempt that began; None: nobody could tell whether it was right."""
        self._under_way[address] -= 1
        self._under_way += Counter()  # which drops those at zero
        if right is False:
            self._tries.add((user, address))
            return
        for key in _keys(user, address):
            self._wrong.roll_back(key)
        if right:
            self._wrong.drop((user, address))

    def failed(self, user: str, address: str) -> None:
        """Count a wrong attempt that did not begin here."""
        self._count(user, address)
        self._tries.add((user, address))

    def _count(self, user: str, address: str) -> None:
        for key in _keys(user, address):
            self._wrong.add(key)

    def is_flooded(self, user: str, address: str) -> bool:
        """Tell whether so many wrong ones come for a user that not even a remembered one is believed.

        It would be the one that is answered differently, however fast somebody guesses.
        """
        return bool(user) and self._tries.get((user, address)) > FLOOD


def _keys(user: str, address: str) -> tuple[Key, ...]:
    return ((user, address), (ANYBODY, address)) if user else ((user, address),)
