"""Cores and GiB in money, as pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kubedoor_api.statistics.totals.models import Money, Totals

MILLICORES = 1000
MIB = 1024


@dataclass(frozen=True)
class Prices:
    """What one core and one GiB cost a month; 0 where it is not known."""

    currency: str
    core_month: float
    gib_month: float

    @classmethod
    def of(cls, settings: Mapping[Any, Any]) -> Prices:
        """Read the prices that hold in an env."""
        return cls(settings["currency"], settings["price_core_month"], settings["price_gib_month"])

    def cpu(self, cpu_m: int) -> float:
        """Return the price of millicores a month."""
        return self.core_month * cpu_m / MILLICORES

    def mem(self, mem_mib: int) -> float:
        """Return the price of MiB a month."""
        return self.gib_month * mem_mib / MIB


def cost_of(totals: Totals, prices: Prices) -> Money | None:
    """Return what a peak costs a month, rounded to hundredths; None while no price is known."""
    if not prices.core_month and not prices.gib_month:
        return None
    cpu, mem = totals.cpu_m, totals.mem_mib
    waste_cpu, waste_mem = round(prices.cpu(cpu.waste), 2), round(prices.mem(mem.waste), 2)
    return Money(
        currency=prices.currency,
        core_month=prices.core_month,
        gib_month=prices.gib_month,
        requested=round(prices.cpu(cpu.requested) + prices.mem(mem.requested), 2),
        used=round(prices.cpu(cpu.used) + prices.mem(mem.used), 2),
        waste=round(waste_cpu + waste_mem, 2),
        waste_cpu=waste_cpu,
        waste_mem=waste_mem,
    )
