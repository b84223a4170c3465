"""Cores and GiB in money, as pure functions."""

from __future__ import annotations

from dataclasses import dataclass

from kubedoor_api.statistics.totals.models import Money, Totals
from kubedoor_core.domain.env_policy import CURRENCY, PRICE_CORE_MONTH, PRICE_GIB_MONTH, EnvPolicy

MILLICORES = 1000
MIB = 1024


@dataclass(frozen=True)
class Prices:
    """What one core and one GiB cost a month; 0 where it is not known."""

    currency: str
    core_month: float
    gib_month: float

    @classmethod
    def of(cls, policy: EnvPolicy) -> Prices:
        """Read the prices that hold in an env."""
        return cls(policy[CURRENCY], policy[PRICE_CORE_MONTH], policy[PRICE_GIB_MONTH])

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
