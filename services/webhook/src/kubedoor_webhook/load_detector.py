"""Tells when requests come in numbers, so that checks of the control table are shared."""

from __future__ import annotations

SLOT_S = 0.25
LOAD_PER_SLOT = 10
"""Forty requests a second: a roll-out of many services, more than people and pipelines make by themselves."""


class LoadDetector:
    """Counts arrivals by slots of time; there is load while the slot before was full."""

    def __init__(self) -> None:
        self._slot = 0
        self._count = 0
        self._count_before = 0

    def arrived(self, now_s: float) -> bool:
        """Count a request; tell whether it came under load.

        :param now_s: monotonic time in seconds.
        """
        slot = int(now_s / SLOT_S)
        if slot != self._slot:
            self._count_before = self._count if slot == self._slot + 1 else 0
            self._slot, self._count = slot, 0
        self._count += 1
        return self._count_before >= LOAD_PER_SLOT
