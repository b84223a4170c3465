"""Raw samples of invented pods: any scrapes, loads, lives and owners, for stores and for the reference.

Seconds in here are counted from the window's start, so that a scenario is the same whatever the day.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from kubedoor_dev.metrics.model import Labels, Series

Floats = npt.NDArray[np.float64]
Load = Callable[[Floats], Floats]
"""Cores in use at each whole second since the epoch."""

MIB = 1024 * 1024
MARGIN_S = 900
AFTER_S = 240
GONE_S = 360
"""How long kube-state-metrics goes on telling of a pod that ended, as of one that terminates."""


@dataclass(frozen=True)
class Span:
    """Seconds since the epoch."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """Return how long it is."""
        return self.end - self.start


def yesterday(hours: float = 1.5, at_hour: int = 10) -> tuple[date, Span]:
    """Return yesterday in UTC, and a window of it: its scrapes are in the past on any machine."""
    day = datetime.now(UTC).date() - timedelta(days=1)
    start = datetime(day.year, day.month, day.day, at_hour, tzinfo=UTC).timestamp()
    return day, Span(start, start + hours * 3600)


def steady(cores: float = 0.5) -> Load:
    """Return a use that rises and falls by a fifth in the course of an hour and a half."""
    return lambda seconds: cores * (1 + 0.2 * np.sin(2 * np.pi * seconds / 5400))


def rhythmic(phase_s: int = 0, busy: float = 2.0, idle: float = 0.02, busy_s: int = 20) -> Load:
    """Return a use that comes in twenty seconds of each minute."""
    return lambda seconds: np.where((seconds - phase_s) % 60 < busy_s, busy, idle)


def bursty(seed: int = 1, busy: float = 3.0, idle: float = 0.1) -> Load:
    """Return a use in bursts of 5 to 90 seconds with 5 to 240 seconds between them."""

    def load(seconds: Floats) -> Floats:
        rng = np.random.default_rng(seed)
        count = int(seconds.size // 50) + 2
        lengths = np.stack([rng.integers(5, 241, count), rng.integers(5, 91, count)], axis=1).ravel()
        ends = np.cumsum(lengths)
        heights = np.stack([np.full(count, idle), rng.uniform(busy / 3, busy, count)], axis=1).ravel()
        found: Floats = heights[np.searchsorted(ends, seconds - seconds[0], side="right")]
        return found

    return load


@dataclass(frozen=True)
class Scrapes:
    """When a target is scraped.

    :param jitter_s: how far a scrape may be off, either way.
    :param phase_s: when within the interval; None gives each pod its own.
    :param kept: of every ten scrapes the first so many are there.
    :param then: from which second on another interval holds, and that interval.
    :param skew_s: how far the clock is off from one half hour to the next.
    """

    interval_s: float = 30.0
    jitter_s: float = 0.0
    phase_s: float | None = None
    kept: int = 10
    then: tuple[float, float] | None = None
    skew_s: float = 0.0

    def times_ms(self, span: Span, window_start: float, name: str) -> npt.NDArray[np.int64]:
        """Return the scrapes of a span, in milliseconds since the epoch."""
        rng = np.random.default_rng(zlib.crc32(name.encode()))
        share = float(rng.uniform(0.05, 0.95))
        if self.then is None:
            seconds = self._regular(span, self.interval_s, share)
        else:
            change = window_start + self.then[0]
            before = self._regular(Span(span.start, min(change, span.end)), self.interval_s, share)
            after = self._regular(Span(max(change, span.start), span.end), self.then[1], share)
            seconds = np.concatenate([before, after])
        if self.jitter_s:
            seconds = seconds + rng.uniform(-self.jitter_s, self.jitter_s, seconds.size)
        if self.skew_s:
            seconds = seconds + np.where((seconds // 1800) % 2 == 0, 0.0, self.skew_s)
        there = np.arange(seconds.size) % 10 < self.kept
        return np.unique(np.round(seconds[there] * 1000).astype(np.int64))

    def _regular(self, span: Span, interval_s: float, share: float) -> Floats:
        phase = interval_s * share if self.phase_s is None else self.phase_s % interval_s
        first = math.ceil((span.start - phase) / interval_s)
        last = math.floor((span.end - phase) / interval_s)
        return np.arange(first, last + 1, dtype=np.float64) * float(interval_s) + float(phase)


@dataclass(frozen=True)
class Box:
    """A container: what it uses and what was asked for it; requests and limits None where nobody wrote any.

    :param init: a restartable init container: kube-state-metrics tells of it under other names.
    :param debug: what `kubectl debug` adds: cAdvisor knows it, kube-state-metrics does not.
    """

    name: str = "app"
    load: Load = field(default_factory=steady)
    mem_mib: float = 400.0
    request_cpu_m: float | None = 500
    limit_cpu_m: float | None = 2000
    request_mem_mib: float | None = 512
    limit_mem_mib: float | None = 1024
    init: bool = False
    debug: bool = False


@dataclass(frozen=True)
class PodPlan:
    """A pod: whose it is, when it ran, how it was scraped.

    :param owners: kind, name and whether it is the controller (None: no such label), each.
    :param born_s: second of its start; None is long before the window.
    :param ended_s: second of its end; None is after it.
    :param restarts_s: seconds at which its containers restart and their counters begin anew.
    :param new_series: a restarted container has another `id`, as cAdvisor's have.
    :param phase: what it ended as, where it never runs at all: Failed, Succeeded or Pending.
    """

    name: str
    owners: tuple[tuple[str, str, bool | None], ...]
    boxes: tuple[Box, ...] = (Box(),)
    scrapes: Scrapes = Scrapes()
    born_s: float | None = None
    ended_s: float | None = None
    restarts_s: tuple[float, ...] = ()
    new_series: bool = False
    share: float = 1.0
    phase: str = "Running"

    @property
    def runs(self) -> bool:
        """Return whether it ever ran."""
        return self.phase == "Running"


@dataclass(frozen=True)
class Workload:
    """A Deployment or another kind with its pods; `sets` names the ReplicaSets of a Deployment."""

    namespace: str
    kind: str
    name: str
    pods: tuple[PodPlan, ...]
    sets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exporters:
    """How the exporters name things, and what they tell.

    :param legacy: the older names of resources, with the unit in them.
    :param exported: kube-state-metrics is scraped without `honor_labels`.
    """

    owners: bool = True
    status: bool = True
    phase: bool = True
    legacy: bool = False
    exported: bool = False
    scrapes: Scrapes = Scrapes(phase_s=11.37)
    extra: tuple[tuple[str, str], ...] = ()


def deployment(
    name: str = "cart",
    namespace: str = "shop",
    pods: int = 3,
    boxes: Sequence[Box] = (Box(),),
    scrapes: Scrapes | Sequence[Scrapes] = Scrapes(),
    change: str = "",
) -> Workload:
    """Return a Deployment, to which something may happen in a window of an hour and a half.

    :param scrapes: of all pods, or of each.
    :param change: "", "rollout", "restart", "recreated" (a restart under a new id) or "scale from zero".
    """
    each = [scrapes] * pods if isinstance(scrapes, Scrapes) else list(scrapes)
    old, new = f"{name}-7c9d5f68b4", f"{name}-6b8f9d7c5x"
    first = tuple(_pod(old, i, tuple(boxes), each[i]) for i in range(pods))
    sets: tuple[str, ...] = (old,)
    match change:
        case "rollout":
            second = tuple(
                replace(_pod(new, i, tuple(boxes), each[i]), born_s=2405 + 120.0 * i) for i in range(pods)
            )
            first = tuple(replace(pod, ended_s=2465 + 120.0 * i) for i, pod in enumerate(first))
            first, sets = (*first, *second), (old, new)
        case "restart" | "recreated":
            hit = replace(first[0], restarts_s=(2000.0, 3777.0), new_series=change == "recreated")
            first = (hit, *first[1:])
        case "scale from zero":
            first = tuple(replace(pod, born_s=3600.0 + 7 * i) for i, pod in enumerate(first))
        case _:
            pass
    return Workload(namespace, "Deployment", name, first, sets)


def plain(kind: str, name: str, pods: Sequence[str], namespace: str = "shop", **changes: object) -> Workload:
    """Return a workload whose pods are its own, without a ReplicaSet between."""
    plans = [replace(PodPlan(pod, ((kind, name, True),)), **changes) for pod in pods]  # type: ignore[arg-type]  # fields
    return Workload(namespace, kind, name, tuple(plans))


def _pod(owner: str, ordinal: int, boxes: tuple[Box, ...], scrapes: Scrapes) -> PodPlan:
    suffix = "".join(
        "bcdfghjklmnpqrstvwxz2456789"[zlib.crc32(f"{owner}{ordinal}{i}".encode()) % 27] for i in range(5)
    )
    name = f"{owner}-"[:58] + suffix
    return PodPlan(name, (("ReplicaSet", owner, True),), boxes, scrapes, share=1.0 + 0.1 * ordinal)


def samples(
    workloads: Sequence[Workload],
    window: Span,
    exporters: Exporters = Exporters(),
    within: Span | None = None,
) -> list[Series]:
    """Return every sample of the window with a margin, or of a longer time.

    :param within: from when to when; a whole day, say.
    """
    told = within or Span(window.start - MARGIN_S, window.end + AFTER_S)
    found: list[Series] = []
    for workload in workloads:
        for pod in workload.pods:
            if pod.runs:
                found += _cadvisor(workload, pod, window, told, exporters)
            found += _pod_state(workload, pod, window, told, exporters)
        found += _set_owners(workload, window, told, exporters)
    return [series for series in found if series.times_ms.size]


def twice(series: Sequence[Series], label: str, first: str, second: str, shift_ms: int) -> list[Series]:
    """Return a store into which two scrapers write, the second a little later."""
    both = []
    for one in series:
        both.append(replace(one, labels={**one.labels, label: first}))
        later = one.times_ms + shift_ms
        both.append(Series({**one.labels, label: second}, later, np.interp(later, one.times_ms, one.values)))
    return both


def _life(pod: PodPlan, window: Span, told: Span) -> Span:
    born = told.start - 3600 if pod.born_s is None else window.start + pod.born_s
    ended = math.inf if pod.ended_s is None else window.start + pod.ended_s
    return Span(born, ended)


def _cadvisor(
    workload: Workload, pod: PodPlan, window: Span, told: Span, exporters: Exporters
) -> Iterator[Series]:
    life = _life(pod, window, told)
    times = pod.scrapes.times_ms(
        Span(max(told.start, life.start), min(told.end, life.end)), window.start, pod.name
    )
    times = times[(times >= life.start * 1000) & (times <= life.end * 1000)]
    begins = [life.start, *(window.start + second for second in pod.restarts_s)]
    base = {"namespace": workload.namespace, "pod": pod.name, "job": "kubelet", **dict(exporters.extra)}
    for box in pod.boxes:
        labels = {**base, "container": box.name, "image": f"registry.example/{box.name}:1", "cpu": "total"}
        counts = _counter(box, pod, begins, times, Span(begins[0], told.end))
        memory = np.floor(box.mem_mib * MIB * pod.share * (1 + 0.05 * np.sin(times / 1000 / 600)))
        part = np.searchsorted(begins, times / 1000, side="right") - 1
        for number in range(len(begins)) if pod.new_series else (0,):
            mine = part == number if pod.new_series else np.ones(times.size, bool)
            one = {**labels, "id": f"/kubepods/pod{pod.name}/{box.name}{number}"}
            yield Series({"__name__": "container_cpu_usage_seconds_total", **one}, times[mine], counts[mine])
            one.pop("cpu")
            yield Series({"__name__": "container_memory_working_set_bytes", **one}, times[mine], memory[mine])


def _counter(box: Box, pod: PodPlan, begins: list[float], times: npt.NDArray[np.int64], span: Span) -> Floats:
    """Return what had been used at each scrape since the container's last start."""
    grid = np.arange(math.floor(span.start), math.ceil(span.end) + 2, dtype=float)
    total = np.concatenate([[0.0], np.cumsum(box.load(grid) * pod.share)])[:-1]
    at = np.interp(times / 1000, grid, total)
    since = np.array(begins)[np.searchsorted(begins, times / 1000, side="right") - 1]
    return np.asarray(np.round(at - np.interp(since, grid, total), 6))


def _pod_state(
    workload: Workload, pod: PodPlan, window: Span, told: Span, exporters: Exporters
) -> Iterator[Series]:
    life = _life(pod, window, told)
    gone = life.end + GONE_S
    times = exporters.scrapes.times_ms(told, window.start, "kube-state-metrics")
    times = times[(times >= life.start * 1000) & (times < gone * 1000)]
    running = ((times < life.end * 1000) & pod.runs).astype(float)
    base = _told_labels(exporters, {"namespace": workload.namespace, "pod": pod.name})
    if exporters.owners:
        for kind, name, controls in pod.owners or (("<none>", "<none>", None),):
            owner = {"owner_kind": kind, "owner_name": name}
            if controls is not None:
                owner["owner_is_controller"] = str(controls).lower()
            yield _series("kube_pod_owner", {**base, **owner}, times, 1.0)
    if exporters.phase:
        ended = pod.phase if not pod.runs else "Succeeded"
        yield _series("kube_pod_status_phase", {**base, "phase": "Running"}, times, running)
        yield _series("kube_pod_status_phase", {**base, "phase": ended}, times, 1 - running)
    for box in pod.boxes:
        if not box.debug:
            yield from _container_state(box, exporters, base, times, running)


def _container_state(
    box: Box, exporters: Exporters, base: Labels, times: npt.NDArray[np.int64], running: Floats
) -> Iterator[Series]:
    label = "exported_container" if exporters.exported else "container"
    labels, which = {**base, label: box.name}, "init_" if box.init else ""
    info = {**labels, "image": f"registry.example/{box.name}:1"}
    if box.init:
        info["restart_policy"] = "Always"
    yield _series(f"kube_pod_{which}container_info", info, times, 1.0)
    if exporters.status:
        yield _series(f"kube_pod_{which}container_status_running", labels, times, running)
    for kind, resource, value in (
        ("requests", "cpu", box.request_cpu_m),
        ("limits", "cpu", box.limit_cpu_m),
        ("requests", "memory", box.request_mem_mib),
        ("limits", "memory", box.limit_mem_mib),
    ):
        if value is None:
            continue
        amount = value / 1000 if resource == "cpu" else value * MIB
        name = f"kube_pod_{which}container_resource_{kind}"
        if exporters.legacy:
            unit = {"cpu": "cpu_cores", "memory": "memory_bytes"}[resource]
            yield _series(f"{name}_{unit}", labels, times, amount)
        else:
            unit = {"cpu": "core", "memory": "byte"}[resource]
            yield _series(name, {**labels, "resource": resource, "unit": unit}, times, amount)


def _set_owners(workload: Workload, window: Span, told: Span, exporters: Exporters) -> Iterator[Series]:
    if not exporters.owners:
        return
    times = exporters.scrapes.times_ms(told, window.start, "kube-state-metrics")
    for name in workload.sets:
        owner = {"owner_kind": workload.kind, "owner_name": workload.name, "owner_is_controller": "true"}
        labels = _told_labels(exporters, {"namespace": workload.namespace})
        yield _series("kube_replicaset_owner", {**labels, "replicaset": name, **owner}, times, 1.0)


def _told_labels(exporters: Exporters, labels: Labels) -> Labels:
    """Return kube-state-metrics' labels: beside its own pod's where they had to give way."""
    common = {"job": "kube-state-metrics", "instance": "10.0.0.9:8080", **dict(exporters.extra)}
    if not exporters.exported:
        return {**labels, **common}
    own = {"namespace": "monitoring", "pod": "kube-state-metrics-0", "container": "kube-state-metrics"}
    return {**{f"exported_{name}": value for name, value in labels.items()}, **own, **common}


def _series(name: str, labels: Labels, times: npt.NDArray[np.int64], value: float | Floats) -> Series:
    return Series({"__name__": name, **labels}, times, np.full(times.size, 1.0) * value)
