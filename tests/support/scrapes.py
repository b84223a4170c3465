"""Pods as a store of metrics sees them: scraped at any interval, with any owner, phase and gap.

Samples come from what a pod does at each instant: `Load` gives the seconds of cpu used until then, exactly,
so that what is between two scrapes is in the counter as it is in a real one.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from kubedoor_dev.metrics.model import Series

Floats = npt.NDArray[np.float64]
Load = Callable[[Floats], Floats]
"""Seconds since the first scrape to seconds of cpu used until then."""

MIB = 1024 * 1024
CPU, MEM = "container_cpu_usage_seconds_total", "container_memory_working_set_bytes"


def steady(cores: float = 0.5) -> Load:
    """Use the same all the time."""
    return lambda t: t * cores


def rhythmic(phase_s: float, busy: float = 2.0, idle: float = 0.02, busy_s: float = 20.0) -> Load:
    """Use much for some seconds of each minute."""

    def used(t: Floats) -> Floats:
        shifted = t - phase_s
        within = np.minimum(shifted % 60, busy_s)
        return np.asarray(
            (shifted // 60) * busy_s * busy
            + within * busy
            + (shifted - (shifted // 60) * busy_s - within) * idle
        )

    return used


def bursty(seed: int, cores: float = 0.4) -> Load:
    """Use another amount in each ten seconds: mostly little, at times a lot."""
    rates = np.random.default_rng(seed).lognormal(0, 1, 20_000) * cores

    def used(t: Floats) -> Floats:
        slots = (t // 10).astype(np.int64)
        first = int(slots.min()) - 1 if t.size else 0
        cumulated = np.concatenate(
            ([0.0], np.cumsum(rates[(np.arange(first, int(slots.max()) + 2)) % rates.size] * 10))
        )
        return np.asarray(cumulated[slots - first] + (t - slots * 10) * rates[slots % rates.size])

    return used


@dataclass(frozen=True)
class Pod:
    """One pod of one container.

    :ivar start: seconds since the epoch, ``end`` likewise; None: before and after all that is looked at.
    :ivar restart: when its container was started anew, with another cgroup.
    :ivar reset: when its counter began anew in the same series.
    :ivar owner: kind and name of its controller.
    :ivar gap: what of the scrapes of cAdvisor is missing: True for a time at which there is none.
    :ivar phase: what kube-state-metrics tells; other than Running, cAdvisor has nothing.
    """

    namespace: str
    name: str
    owner: tuple[str, str]
    load: Load
    mem_mib: float = 300.0
    container: str = "app"
    start: float | None = None
    end: float | None = None
    restart: float | None = None
    reset: float | None = None
    gap: Callable[[Floats], npt.NDArray[np.bool_]] | None = None
    phase: str = "Running"
    interval_s: float = 30.0
    jitter_s: float = 0.0
    request_m: float | None = 500
    limit_m: float | None = 1000
    request_mib: float | None = 512
    limit_mib: float | None = 1024
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def seed(self) -> int:
        """A number of its own, the same each time."""
        return zlib.crc32(f"{self.namespace}/{self.name}/{self.container}".encode())

    def scrapes(self, since: float, until: float, salt: int = 0) -> Floats:
        """Return when it is scraped while it lives."""
        rng = np.random.default_rng(self.seed + salt)
        offset = rng.uniform(0, self.interval_s)
        number = np.arange(int((until - since) // self.interval_s))
        times = since + offset + number * self.interval_s
        times = np.round(times + rng.uniform(-self.jitter_s, self.jitter_s, number.size), 3)
        return np.asarray(times[(times >= (self.start or since)) & (times < (self.end or until))])


def series_of(pod: Pod, since: float, until: float) -> Iterator[Series]:
    """Yield a pod's series, of cAdvisor and of kube-state-metrics."""
    if pod.phase == "Running":
        yield from cadvisor(pod, since, until)
    yield from exporter(pod, since, until)


def cadvisor(pod: Pod, since: float, until: float) -> Iterator[Series]:
    """Yield its counters and working set: a container that was started anew has two of each."""
    times = pod.scrapes(since, until)
    if pod.gap is not None:
        times = times[~pod.gap(times)]
    lives = [times] if pod.restart is None else [times[times < pod.restart], times[times >= pod.restart]]
    for number, some in enumerate(lives):
        began = pod.restart if number else pod.start
        labels = {
            "namespace": pod.namespace, "pod": pod.name, "container": pod.container,
            "id": f"/kubepods/{pod.namespace}/{pod.name}/{pod.container}/{number}",
            "cpu": "total", **pod.extra,
        }  # fmt: skip
        if some.size:
            counted = _counter(pod, some, since - 3600 if began is None else began, since)
            yield _series(CPU, labels, some, counted)
            plain = {key: value for key, value in labels.items() if key != "cpu"}
            wave = 1 + 0.1 * np.sin((some - since) / 700 + pod.seed % 7)
            yield _series(MEM, plain, some, np.floor(pod.mem_mib * MIB * wave))


def _counter(pod: Pod, times: Floats, began: float, since: float) -> Floats:
    """Return what a pod's counter shows; its load is the same on each day, from the first scrape on."""
    used = pod.load(times - since)
    counted = used - pod.load(np.array([began - since]))
    if pod.reset is not None:
        anew = times >= pod.reset
        counted[anew] = (used - pod.load(np.array([pod.reset - since])))[anew]
    return np.round(counted, 6)


def exporter(pod: Pod, since: float, until: float) -> Iterator[Series]:
    """Yield what kube-state-metrics tells of it, scraped every 30 s."""
    times = replace(pod, interval_s=30.0, jitter_s=0.0, phase="Running").scrapes(since, until, salt=1)
    place = {"namespace": pod.namespace, "pod": pod.name}
    kind, name = pod.owner
    owner = {
        "owner_kind": kind,
        "owner_name": name,
        "owner_is_controller": "<none>" if kind == "<none>" else "true",
    }
    yield _constant("kube_pod_owner", {**place, **owner}, times)
    yield _constant("kube_pod_container_info", {**place, "container": pod.container}, times)
    for phase in ("Running", "Failed", "Pending"):
        yield _constant("kube_pod_status_phase", {**place, "phase": phase}, times, float(phase == pod.phase))
    if pod.phase == "Running":
        yield _constant("kube_pod_container_status_running", {**place, "container": pod.container}, times)
    for kind_, resource, unit, value in (
        ("requests", "cpu", "core", pod.request_m and pod.request_m / 1000),
        ("limits", "cpu", "core", pod.limit_m if not pod.limit_m else pod.limit_m / 1000),
        ("requests", "memory", "byte", pod.request_mib and pod.request_mib * MIB),
        ("limits", "memory", "byte", pod.limit_mib if not pod.limit_mib else pod.limit_mib * MIB),
    ):
        if value is not None:
            labels = {**place, "container": pod.container, "resource": resource, "unit": unit}
            yield _constant(f"kube_pod_container_resource_{kind_}", labels, times, value)


def replica_set(namespace: str, name: str, deployment: str, since: float, until: float) -> Series:
    """Return who owns a ReplicaSet."""
    labels = {
        "namespace": namespace, "replicaset": name, "owner_kind": "Deployment", "owner_name": deployment,
        "owner_is_controller": "true",
    }  # fmt: skip
    return _constant("kube_replicaset_owner", labels, np.arange(since, until, 30.0))


def deployment(namespace: str, name: str, pods: Iterable[Pod], since: float, until: float) -> list[Series]:
    """Return the series of a Deployment's pods and of their ReplicaSets."""
    every = list(pods)
    sets = sorted({pod.owner[1] for pod in every if pod.owner[0] == "ReplicaSet"})
    owners = [replica_set(namespace, one, name, since, until) for one in sets]
    return [*owners, *(series for pod in every for series in series_of(pod, since, until))]


def _constant(name: str, labels: dict[str, str], times: Floats, value: float = 1.0) -> Series:
    return _series(name, labels, times, np.full(times.size, value))


def _series(name: str, labels: dict[str, str], times: Floats, values: Floats) -> Series:
    return Series({"__name__": name, **labels}, np.round(times * 1000).astype(np.int64), values)
