"""Tells when requests rush in, so that checks of the control table are shared."""

from __future__ import annotations

SLOT_S = 0.25
RUSH_PER_SLOT = 200
"""Eight hundred requests a second: more than any cluster makes, fewer than a check each would bear."""


class Rush:
    """Counts arrivals by slots of time; it is a rush while the slot before was full."""

    def __init__(self) -> None:
        self._slot = 0
        self._count = 0
        self._count_before = 0

    def arrived(self, now_s: float) -> bool:
        """Count a request; tell whether it came in a rush.

        :param now_s: monotonic time in seconds.
        """
        slot = int(now_s / SLOT_S)
        if slot != self._slot:
            self._count_before = self._count if slot == self._slot + 1 else 0
            self._slot, self._count = slot, 0
        self._count += 1
        return self._count_before >= RUSH_PER_SLOT
