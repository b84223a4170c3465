"""A window's answers put together: the containers seen, whose they are, whether they ran, what they used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from kubedoor_collector.domain.containers import read_containers
from kubedoor_collector.domain.doubles import Doubles, cadvisor_doubles, exporter_doubles
from kubedoor_collector.domain.leaving_out import LeftOut, gathered
from kubedoor_collector.domain.running import Ran, ran, states_of
from kubedoor_collector.domain.use import added, counts, largest, newest, sums
from kubedoor_core.domain.peak import Window
from kubedoor_core.domain.workload import WorkloadKind, shown_service, workload_kind
from kubedoor_core.metrics.intervals import intervals_of
from kubedoor_core.metrics.owners import Owner, OwnerSource, Workload, read_owners
from kubedoor_core.metrics.samples import (
    LOOKBACK_S,
    MINUTE_S,
    Bools,
    ContainerKey,
    Floats,
    Ints,
    PodKey,
    Samples,
    container_key,
    minutes_of,
)

ResourceKey = tuple[ContainerKey, str]


@dataclass(frozen=True, eq=False)
class Answers:
    """What the store answered of one part of the env, or of several put together.

    :ivar cpu: the counters' samples themselves.
    :ivar curves: values at every step, by the query's name; ``values`` at the window's end.
    """

    cpu: Samples
    curves: Mapping[str, Samples]
    values: Mapping[str, Samples]


@dataclass
class Run:
    """What holds for all parts of an env: the metrics that it has, and which of two replicas is taken.

    :ivar told: names of kube-state-metrics' metrics that the store has of this env.
    """

    told: frozenset[str]
    cadvisor: Doubles = field(default_factory=cadvisor_doubles)
    exporter: Doubles = field(default_factory=exporter_doubles)


@dataclass(frozen=True, eq=False)
class Service:
    """A workload that ran in the window.

    :ivar containers: the rows of each container's pods.
    """

    namespace: str
    kind: WorkloadKind
    name: str
    source: OwnerSource
    containers: Mapping[str, Ints]


@dataclass(frozen=True)
class Asked:
    """What a container asks for: cores and bytes; None for nothing."""

    request_cpu: float | None
    limit_cpu: float | None
    request_mem: float | None
    limit_mem: float | None


@dataclass(frozen=True, eq=False)
class Seen:
    """The containers that were seen, a row each; NaN is unknown.

    :ivar steps: whole minutes, seconds since the epoch.
    :ivar cpu_rows: the row that each counter is of; one that was started anew has several counters.
    :ivar known_s: seconds that its samples speak for; ``interval_s`` the usual distance of its samples.
    :ivar kinds: pods of workloads that are no services, such as Jobs, by kind.
    """

    keys: Sequence[ContainerKey]
    owners: Mapping[PodKey, Owner]
    steps: Floats
    cpu: Samples
    cpu_rows: Ints
    memory: Floats
    memory_max: Floats
    ran: Ran
    known_s: Floats
    interval_s: Floats
    restarts: Floats
    oom: Bools
    periods: Floats
    throttled: Floats
    resources: Mapping[str, Mapping[ResourceKey, float]]
    services: Sequence[Service]
    left_out: tuple[LeftOut, ...]
    kinds: Mapping[str, int]

    def rows_of(self, services: Sequence[Service]) -> Ints:
        """Return which container of some services each row is of, in their order; -1 for none."""
        group = np.full(len(self.keys), -1, dtype=np.int64)
        places = (rows for service in services for rows in service.containers.values())
        for index, rows in enumerate(places):
            group[rows] = index
        return group

    def interval_of(self, service: Service) -> float:
        """Return the usual distance of a service's samples, seconds; NaN where there are no two."""
        rows = np.concatenate(list(service.containers.values()))
        found = self.interval_s[rows]
        found = found[np.isfinite(found)]
        return float(np.median(found)) if found.size else float("nan")

    def asked(self, service: Service, name: str) -> Asked:
        """Return what a service's newest pods ask for: of the ReplicaSet that ran last, and began last."""
        rows = sorted(service.containers[name].tolist(), key=lambda row: self._age[row], reverse=True)
        newest_set = self.owners[self.keys[rows[0]].of_pod].replica_set
        keys = [
            self.keys[row] for row in rows if self.owners[self.keys[row].of_pod].replica_set == newest_set
        ]
        return Asked(
            self._first("requests", keys, "cpu"),
            self._first("limits", keys, "cpu", "quota"),
            self._first("requests", keys, "memory"),
            self._first("limits", keys, "memory"),
        )

    @cached_property
    def _age(self) -> list[tuple[float, float]]:
        """When each container ran last, and when it began to; those that never ran are the oldest."""
        ran_rows = self.ran.ran
        ever = ran_rows.any(axis=1)
        last = np.where(ever, self.steps[-1 - np.argmax(ran_rows[:, ::-1], axis=1)], 0.0)
        first = np.where(ever, self.steps[np.argmax(ran_rows, axis=1)], 0.0)
        return list(zip(last.tolist(), first.tolist(), strict=True))

    def _first(
        self, kind: str, keys: Iterable[ContainerKey], resource: str, instead: str = ""
    ) -> float | None:
        """Return the first that is known and not 0, which is how none is told."""
        for key in keys:
            value = self.resources[kind].get((key, resource), 0.0)
            if not value and instead and not self._tells(kind, key):
                value = self.resources[instead].get((key, resource), 0.0)
            if value > 0:
                return value
        return None

    def _tells(self, kind: str, key: ContainerKey) -> bool:
        """Return whether kube-state-metrics tells a container's limits at all, be it as 0."""
        return (key, "cpu") in self.resources[kind]


def put_together(answers: Answers, run: Run, window: Window, hidden_interval_s: int = 0) -> Seen:
    """Read the answers of one window.

    :param hidden_interval_s: seconds between two scrapes where the store hides it, else 0.
    """
    return _Reader(answers, run, window, hidden_interval_s).seen()


class _Reader:
    """Holds what the steps of reading share."""

    def __init__(self, answers: Answers, run: Run, window: Window, hidden_interval_s: int) -> None:
        start, end = window.start.timestamp(), window.end.timestamp()
        self.run, self.answers, self.start, self.end = run, answers, start, end
        self.hidden_interval_s = hidden_interval_s
        self.steps = minutes_of(window)
        self.cpu = run.cadvisor.one_of_each(answers.cpu)
        self.mem = run.cadvisor.one_of_each(answers.curves["memory"])
        phase = {
            name: run.exporter.one_of_each(answers.curves[name])
            for name in ("running", "init_running", "phase")
        }
        self.states = states_of(phase["running"], phase["init_running"], phase["phase"], self.steps)
        self.containers = read_containers(
            answers.values["info"].labels,
            answers.values["init_info"].labels,
            told="kube_pod_container_info" in run.told,
        )
        self.keys = self._keys()
        self.index = {key: row for row, key in enumerate(self.keys)}

    def _keys(self) -> list[ContainerKey]:
        found = {*self.cpu.containers, *self.mem.containers}
        spec = (ContainerKey(*pod, name) for pod, names in self.containers.spec.items() for name in names)
        return sorted(
            key for key in {*found, *self.states.containers.index, *spec, *self.containers.init} if all(key)
        )

    def seen(self) -> Seen:
        keys, count = self.keys, len(self.keys)
        cpu_rows = self._rows(self.cpu)
        intervals = intervals_of(self.cpu, self.start, self.end, self.hidden_interval_s)
        known_s, interval_s = (
            sums(intervals.known_s, cpu_rows, count),
            largest(intervals.typical_s, cpu_rows, count),
        )
        mem_rows = self._rows(self.mem)
        memory_at, _ = self.mem.at(self.steps, MINUTE_S / 2)
        begins = self.mem.first_and_last()[0] if len(self.mem) else np.empty(0)
        memory = newest(memory_at, begins, mem_rows, count)
        running = self._ran(cpu_rows, memory, interval_s)
        owners, left = self._owners(running)
        services, more = self._services(owners, running)
        kinds: dict[str, int] = {}
        for owner in owners.values():
            if workload_kind(owner.workload.kind) is None:
                kinds[owner.workload.kind] = kinds.get(owner.workload.kind, 0) + 1
        return Seen(
            keys, owners, self.steps, self.cpu, cpu_rows, memory,
            self._cadvisor("memory_max", largest), running, known_s, interval_s, self._exporter("restarts"),
            np.asarray(self._exporter("oom") > 0), self._cadvisor("periods", added),
            self._cadvisor("throttled", added), self._resources(), services, gathered([*left, *more]), kinds,
        )  # fmt: skip

    def _rows(self, samples: Samples) -> Ints:
        return np.array([self.index.get(key, -1) for key in samples.containers], dtype=np.int64)

    def _ran(self, cpu_rows: Ints, memory: Floats, interval_s: Floats) -> Ran:
        usual = float(np.nanmedian(interval_s)) if np.isfinite(interval_s).any() else float(MINUTE_S)
        last = self.cpu.first_and_last()[1] if len(self.cpu) else np.empty(0)
        ended = largest(last, cpu_rows, len(self.keys))
        sampled = np.where(np.isfinite(ended)[:, None], self._sampled(cpu_rows, usual), np.isfinite(memory))
        return ran(self.keys, self.states, sampled, ended, self.steps, usual)

    def _sampled(self, cpu_rows: Ints, interval_s: float) -> Bools:
        """Return at which steps each counter was just scraped, or within five minutes before and after."""
        _, before = self.cpu.at(self.steps)
        _, after = self.cpu.at(self.steps + LOOKBACK_S)
        fresh = before > self.steps - 1.1 * interval_s

        def of_container(seen: Bools) -> Bools:
            return counts(seen, cpu_rows, len(self.keys)) > 0

        around = of_container(np.isfinite(before)) & of_container(after > self.steps)
        return np.asarray(of_container(fresh) | around)

    def _owners(self, running: Ran) -> tuple[dict[PodKey, Owner], list[LeftOut]]:
        told = self.run.told
        owners = read_owners(
            self.answers.values["pod_owners"].labels,
            self.answers.values["set_owners"].labels,
            told="kube_pod_owner" in told,
            sets_told="kube_replicaset_owner" in told,
        )
        ever: Bools = np.asarray(running.told.any(axis=1))
        pods: dict[PodKey, bool] = {}
        for key, there in zip(self.keys, ever.tolist(), strict=True):
            pods[key.of_pod] = pods.get(key.of_pod, False) or there
        found: dict[PodKey, Owner] = {}
        left: list[LeftOut] = []
        for pod, there in pods.items():
            owner = owners.of(pod)
            if isinstance(owner, Owner):
                found[pod] = owner
            elif there:
                left.append(LeftOut(owner, pod.namespace, pod.pod))
        return found, left

    def _services(self, owners: Mapping[PodKey, Owner], running: Ran) -> tuple[list[Service], list[LeftOut]]:
        workloads = {pod: owner.workload for pod, owner in owners.items()}
        of_workload = self.containers.of(workloads)
        rows: dict[Workload, dict[str, list[int]]] = {}
        left: list[LeftOut] = []
        restarts = self._restartable(running)
        for row, key in enumerate(self.keys):
            workload = workloads.get(key.of_pod)
            if workload is None or workload_kind(workload.kind) is None:
                continue
            if self.containers.belongs(key, of_workload.get(workload, frozenset()), restarts):
                rows.setdefault(workload, {}).setdefault(key.container, []).append(row)
            elif key not in self.containers.init:
                name = shown_service(workload.kind, workload.name, key.container)
                left.append(LeftOut("not_in_spec", key.namespace, name))
        sources = _sources(owners)
        services: list[Service] = []
        for workload in sorted(rows):
            namespace, kind, name = workload.namespace, workload_kind(workload.kind), workload.name
            named = {name: np.array(some, dtype=np.int64) for name, some in sorted(rows[workload].items())}
            if kind and any(running.told[some].any() for some in named.values()):
                services.append(Service(namespace, kind, name, sources[workload], named))
            else:
                left.append(LeftOut("not_running", namespace, shown_service(workload.kind, name)))
        return services, left

    def _restartable(self, running: Ran) -> Callable[[ContainerKey], bool]:
        """Return what tells an init container that runs beside the others: ordinary ones end before."""

        def restarts(key: ContainerKey) -> bool:
            others = [
                self.index[ContainerKey(*key.of_pod, name)]
                for name in self.containers.spec.get(key.of_pod, frozenset())
            ]
            return bool(others) and bool(
                (running.ran[self.index[key]] & running.ran[others].any(axis=0)).any()
            )

        return restarts

    def _cadvisor(self, name: str, merge: Callable[[Floats, Ints, int], Floats]) -> Floats:
        samples = self.run.cadvisor.one_of_each(self.answers.values[name])
        return merge(samples.values, self._rows(samples), len(self.keys))

    def _exporter(self, name: str) -> Floats:
        samples = self.answers.values[name]
        return largest(samples.values, self._rows(samples), len(self.keys))

    def _resources(self) -> dict[str, dict[ResourceKey, float]]:
        values = self.answers.values
        period = {container_key(labels): value for labels, value in _pairs(values["period"])}
        quota = {
            (container_key(labels), "cpu"): value / (period.get(container_key(labels)) or 100_000.0)
            for labels, value in _pairs(values["quota"])
            if value > 0
        }
        found = {"quota": quota}
        for kind in ("requests", "limits"):
            found[kind] = {}
            for name in (kind, f"init_{kind}"):
                for labels, value in _pairs(self.run.exporter.one_of_each(values[name])):
                    found[kind][container_key(labels), _resource(labels)] = value
        return found


def _pairs(samples: Samples) -> Iterable[tuple[Mapping[str, str], float]]:
    return zip(samples.labels, samples.values.tolist(), strict=True)


def _resource(labels: Mapping[str, str]) -> str:
    """Return the resource, told by its name, or else by its unit."""
    return labels.get("resource") or {"core": "cpu", "byte": "memory"}.get(labels.get("unit", ""), "")


def _sources(owners: Mapping[PodKey, Owner]) -> dict[Workload, OwnerSource]:
    """Return `metrics` for the workloads of which kube-state-metrics told all."""
    sources: dict[Workload, OwnerSource] = {}
    for owner in owners.values():
        if sources.get(owner.workload) != "name":
            sources[owner.workload] = owner.source
    return sources
