"""What cpu and memory cost: the only place in which one is set against the other."""

from __future__ import annotations

from dataclasses import dataclass

CORE_M, GIB_MIB = 1000.0, 1024.0
GIB_PER_CORE = 8.0
"""A core is worth so many GiB where a price does not say otherwise."""


@dataclass(frozen=True)
class Prices:
    """What a core and a GiB cost in a month; 0 where it is not known."""

    core_month: float = 0.0
    gib_month: float = 0.0

    def money(self, cpu_m: float, mem_mib: float) -> float | None:
        """Return what so much costs in a month, what has no price left out; None while neither has one."""
        if not self.core_month and not self.gib_month:
            return None
        return cpu_m / CORE_M * self.core_month + mem_mib / GIB_MIB * self.gib_month

    @property
    def weights(self) -> tuple[float, float]:
        """What a core and a GiB weigh against each other: a price that is not known follows from the other.

        Money where there is a price, else GiB.
        """
        core = self.core_month or self.gib_month * GIB_PER_CORE or GIB_PER_CORE
        return core, self.gib_month or core / GIB_PER_CORE

    def weight(self, cpu_m: float, mem_mib: float) -> float:
        """Return what so much weighs."""
        core, gib = self.weights
        return cpu_m / CORE_M * core + mem_mib / GIB_MIB * gib
