"""What advice is founded on: numbers with a name, the day they are of, and where they come from."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

FactName = Literal[
    "demand_cpu_m",
    "growth_pct",
    "skew",
    "cpu_per_pod_m",
    "limit_cpu_m",
    "request_cpu_m",
    "limit_mem_mib",
    "mem_fixed_mib",
    "mem_per_core_mib",
    "heap_live_mib",
    "heap_max_mib",
    "qps",
    "qps_proved_per_pod",
    "min_replicas",
    "budget_least",
    "zones",
    "replicas_now",
]
FactSource = Literal["profile", "peak", "traffic", "jvm", "manifest", "cluster", "setting"]


class Fact(NamedTuple):
    """One number.

    :ivar date: the day that it is of; None where it is not a day's.
    :ivar container: the container that it is of; None for the service's.
    """

    name: FactName
    value: float
    source: FactSource
    date: date | None = None
    container: str | None = None
