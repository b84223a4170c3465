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


@dataclass(frozen=True)
class Container:
    """One container of a service's pods: what its team asked for, and what it uses.

    Requests and limits are None where the team wrote none; a limit of 0 is how some write that there is none.

    :param native_sidecar: an init container that restarts always, and so runs beside the others.
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
    :param phase_s: where in each minute the twenty seconds begin in which a rhythmic service works.
    :param starts_at: share of the window before which it has no pods; an autoscaler brings it up from zero.
    :param evicted: Failed pods, of which kube-state-metrics still tells.
    :param orphans: pods taken out of their ReplicaSet by hand, which run on.
    :param second_owner: whether its first pod has a second owner that doesn't control it.
    :param debugged: days on which somebody debugs its first pod with `kubectl debug`.
    :param static_every: what never changes is written at every so many scrapes, where pods are many.
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
    phase_s: int = 0
    starts_at: float = 0.0
    evicted: int = 0
    orphans: int = 0
    second_owner: bool = False
    debugged: tuple[int, ...] = ()
    throttled: float = 0.02
    pause_rows: bool = False
    trace: Trace | None = None
    static_every: int = 1

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

    :param scrape_s: seconds between two scrapes of a target; divides a minute or is a multiple of one.
    :param margin_min: how long before each window the scrapes begin.
    """

    services: tuple[Service, ...]
    dates: tuple[date, ...]
    zone: ZoneInfo
    peak: PeakSchedule
    seed: int = 7
    flavor: Flavor = Flavor()
    margin_min: int = 15
    scrape_s: int = 30


@dataclass(frozen=True)
class Series:
    """One time series: labels with `__name__`, milliseconds since the epoch, values."""

    labels: Labels
    times_ms: Millis
    values: Floats
