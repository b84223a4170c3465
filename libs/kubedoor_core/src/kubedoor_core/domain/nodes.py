"""How evenly load lies on nodes, and what of their room nobody can use. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

FULL_SHARE = 0.05
"""A node has no more room for a resource where less than this share of it is left."""


@dataclass(frozen=True)
class Load:
    """A resource of one node; None is unknown."""

    node: str
    used: float | None
    allocatable: float | None

    @property
    def pct(self) -> float | None:
        """What is used of what there is, per cent."""
        if self.used is None or not self.allocatable:
            return None
        return 100 * self.used / self.allocatable


@dataclass(frozen=True)
class Imbalance:
    """How unevenly nodes are loaded, in points of what each has.

    :ivar deviation: standard deviation over the nodes.
    :ivar hottest_over_mean: how far the hottest node is above their mean.
    """

    mean_pct: float
    deviation: float
    hottest_over_mean: float
    hottest: str


def imbalance(loads: Iterable[Load]) -> Imbalance | None:
    """Return how unevenly nodes are loaded, of those of which it is known; None where it is of none."""
    known = [(pct, one.node) for one in loads if (pct := one.pct) is not None]
    if not known:
        return None
    shares = [pct for pct, _ in known]
    mean, (most, hottest) = statistics.fmean(shares), max(known)
    return Imbalance(mean, statistics.pstdev(shares), most - mean, hottest)


@dataclass(frozen=True)
class Room:
    """What a node has, and what of it is not requested: millicores and MiB."""

    cpu_m: float
    mem_mib: float
    free_cpu_m: float
    free_mem_mib: float


def stranded(rooms: Iterable[Room]) -> tuple[float, float]:
    """Return the cpu that is free on nodes without free memory, and the memory on nodes without free cpu."""
    cpu_m = mem_mib = 0.0
    for one in rooms:
        no_cpu, no_mem = one.free_cpu_m < FULL_SHARE * one.cpu_m, one.free_mem_mib < FULL_SHARE * one.mem_mib
        cpu_m += max(0.0, one.free_cpu_m) if no_mem and not no_cpu else 0.0
        mem_mib += max(0.0, one.free_mem_mib) if no_cpu and not no_mem else 0.0
    return cpu_m, mem_mib
