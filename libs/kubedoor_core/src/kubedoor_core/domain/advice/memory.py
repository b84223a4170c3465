"""How a pod's memory follows its load: what it has by itself, and what each core of load adds."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kubedoor_core.domain.advice.demand import Demand
from kubedoor_core.domain.advice.history import ContainerHistory, ServiceHistory
from kubedoor_core.domain.advice.trend import theil_sen
from kubedoor_core.domain.advice_policy import AdvicePolicy
from kubedoor_core.domain.arrays import Floats, some

CORE_M = 1000.0


@dataclass(frozen=True)
class MemoryLine:
    """A pod's memory, MiB: ``fixed_mib`` and ``per_core_mib`` for each core of its load."""

    fixed_mib: float
    per_core_mib: float

    def mib(self, cpu_m: float) -> float:
        """Return a pod's memory at a load."""
        return self.fixed_mib + self.per_core_mib * cpu_m / CORE_M

    def least_pods(self, demand_m: float, most_mib: float) -> int | None:
        """Return the least pods that share a demand with no more than so much memory each; None: no count."""
        free_mib = most_mib - self.fixed_mib
        if free_mib < 0 or (free_mib == 0 and self.per_core_mib > 0):
            return None
        shared_mib = self.per_core_mib * demand_m / CORE_M
        return max(1, math.ceil(round(shared_mib / free_mib, 9))) if shared_mib else 1


def memory_line(
    history: ServiceHistory, one: ContainerHistory, demand: Demand, policy: AdvicePolicy
) -> MemoryLine | None:
    """Return how a container's memory follows its load per pod; None where no day tells both.

    Where more load does not come with more memory, the load is taken to add none, and the most of any day
    with a tenth more to be what a pod has by itself.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        load: Floats = demand.daily_m / history.pods
    known = np.isfinite(load) & np.isfinite(one.mem_mib)
    if not some(known):
        return None
    memory, load = one.mem_mib[known], load[known]
    slope = theil_sen(load, memory)
    if slope is None or slope <= 0:
        return MemoryLine(float(memory.max()) * policy.limit_memory_margin, 0.0)
    return MemoryLine(max(0.0, float(np.max(memory - slope * load))), slope * CORE_M)
