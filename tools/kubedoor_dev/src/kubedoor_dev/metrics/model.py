"""What is simulated: services with their containers and oddities, and the days and zone they run in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from kubedoor_core.domain.peak import PeakSchedule

Kind = Literal["Deployment", "StatefulSet", "DaemonSet", "CronJob"]
Shape = Literal["hump", "flat", "rising", "bursty", "rhythmic"]
Floats = npt.NDArray[np.float64]
Millis = npt.NDArray[np.int64]
Labels = dict[str, str]
Speaks = Literal["istio", "micrometer", "otel"]
"""How a service's requests are counted: by its mesh, or by a library, which tells of its JVM, too."""


@dataclass(frozen=True)
class Container:
    """One container of a service's pods: what its team asked for, and what it uses.

    Requests and limits are None where the team wrote none, and 0 where it wrote "0".

    :param native_sidecar: it is an init container that restarts, and runs beside the others.
    """

    name: str
    use_cpu_m: float
    use_mem_mib: float
    request_cpu_m: int | None = None
    limit_cpu_m: int | None = None
    request_mem_mib: int | None = None
    limit_mem_mib: int | None = None
    native_sidecar: bool = False


@dataclass(frozen=True)
class Trace:
    """Recorded cpu use of a whole service: cores by day and minute of the day; NaN where unknown."""

    cores: dict[date, Floats]


@dataclass(frozen=True)
class Service:
    """One workload. Days are counted from the first of the scenario; minutes from the window's first instant.

    :param hot_pod: how much more the first pod uses than the others do.
    :param rollouts: day to minute at which its pods begin to be replaced.
    :param gap: day, first and last minute in which its first pod is not scraped.
    :param oom: day to minute at which its first pod is killed for memory.
    :param evicted: further pods that have failed, and that kube-state-metrics still tells of.
    :param detached: further pods that somebody took out of their ReplicaSet by hand.
    :param second_owner: kind and name of an owner of its first pod that is not its controller.
    :param debugged_day: on which somebody runs `kubectl debug` in its first pod.
    :param only_last_min: its pods run only in so many minutes at the window's end.
    :param static_every: what never changes is written at every so many scrapes.
    :param speaks: how its requests are counted, where the scenario has counters; None: they are not.
    """

    namespace: str
    name: str
    replicas: int
    containers: tuple[Container, ...]
    kind: Kind = "Deployment"
    shape: Shape = "hump"
    hot_pod: float = 1.0
    cpu_peak_day: int | None = None
    mem_peak_day: int | None = None
    born_day: int = 0
    rollouts: dict[int, int] = field(default_factory=dict)
    replicas_on: dict[int, int] = field(default_factory=dict)
    gap: tuple[int, int, int] | None = None
    oom: dict[int, int] = field(default_factory=dict)
    throttled: float = 0.02
    pause_rows: bool = False
    trace: Trace | None = None
    evicted: int = 0
    detached: int = 0
    second_owner: tuple[str, str] | None = None
    debugged_day: int | None = None
    only_last_min: int | None = None
    static_every: int = 8
    speaks: Speaks | None = None

    def pods_on(self, day: int) -> int:
        """Return how many pods run on a day."""
        return self.replicas_on.get(day, self.replicas)


@dataclass(frozen=True)
class Flavor:
    """How the exporters name things.

    :param owners: whether kube-state-metrics tells owners.
    :param legacy: an old kube-state-metrics: a metric per resource, with the unit in its name.
    :param extra_labels: labels on every series, such as the cluster's.
    """

    owners: bool = True
    legacy: bool = False
    extra_labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Scenario:
    """Everything that the samples depend on: the same scenario gives the same samples.

    :param margin_min: minutes before a window that are scraped, too; a store looks back by five.
    :param scrape_s: seconds from one scrape to the next.
    :param counters: whether there is also what services count of themselves: requests and JVMs.
    """

    services: tuple[Service, ...]
    dates: tuple[date, ...]
    zone: ZoneInfo
    peak: PeakSchedule
    seed: int = 7
    flavor: Flavor = Flavor()
    margin_min: int = 8
    scrape_s: int = 30
    counters: bool = False


@dataclass(frozen=True)
class Series:
    """One time series: labels with `__name__`, milliseconds since the epoch, values."""

    labels: Labels
    times_ms: Millis
    values: Floats
