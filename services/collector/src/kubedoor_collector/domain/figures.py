"""From the containers of a window to a day's rows: each column by its definition."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from kubedoor_collector.domain.containers_seen import Seen, Service
from kubedoor_collector.domain.use import Increase, added, counts, increase, largest, sums
from kubedoor_core.domain.arrays import number_of, percentiles
from kubedoor_core.domain.peak import Window
from kubedoor_core.domain.workload import DEPLOYMENT, WorkloadKind
from kubedoor_core.metrics.intervals import step_of
from kubedoor_core.metrics.owners import OwnerSource
from kubedoor_core.metrics.samples import MINUTE_S, Floats, Ints

MIB = 1024 * 1024
P95 = 0.95
Curve = tuple[int | None, ...]


@dataclass(frozen=True)
class DayRow:
    """One container of one service on one day, as `resource_daily` holds it. Unknown is None.

    :ivar profile_cpu_m: the mean over running pods in each five minutes of the local day, millicores.
    :ivar profile_mem_mib: the largest working set of a pod in each of its hours, MiB; ``profile_pods``
        likewise.
    """

    namespace: str
    name: str
    container: str
    date: date
    window: Window
    pod_count: int | None = None
    p95_cpu_m: int | None = None
    p95_cpu_hot_m: int | None = None
    p95_mem_mib: int | None = None
    p95_mem_hot_mib: int | None = None
    max_mem_mib: int | None = None
    request_cpu_m: int | None = None
    limit_cpu_m: int | None = None
    request_mem_mib: int | None = None
    limit_mem_mib: int | None = None
    cpu_pct: float | None = None
    mem_pct: float | None = None
    oom_kills: int | None = None
    throttled_pct: float | None = None
    coverage: float | None = None
    owner_source: OwnerSource | None = None
    profile_cpu_m: Curve = ()
    profile_mem_mib: Curve = ()
    profile_pods: Curve = ()
    kind: WorkloadKind = DEPLOYMENT


@dataclass(frozen=True, eq=False)
class _Use:
    """What each container of each service used: cores, bytes, pods; a value per row, NaN for unknown.

    :ivar oom_kills: unknown where nobody counts restarts, 0 where none was out of memory.
    :ivar coverage: the seconds known / the seconds run.
    """

    cpu: Floats
    cpu_hot: Floats
    mem: Floats
    mem_hot: Floats
    mem_max: Floats
    pods: Floats
    oom_kills: Floats
    throttled_pct: Floats
    coverage: Floats


def day_rows(seen: Seen, day: date, window: Window) -> list[DayRow]:
    """Return the rows of every service that ran in the window."""
    rows: list[DayRow] = []
    for step_s, services in _by_step(seen).items():
        use = _use(seen, services, step_s)
        places = [(service, name) for service in services for name in service.containers]
        for index, (service, name) in enumerate(places):
            rows.append(_row(seen, service, name, use, index, day, window))
    return sorted(rows, key=lambda row: (row.namespace, row.kind, row.name, row.container))


def whole(value: float | None, unit: float = 1.0) -> int | None:
    """Return a value in whole units, rounded up; what is a whole number but for arithmetic stays."""
    if value is None or not math.isfinite(value) or value < 0:
        return None
    return math.ceil(round(value / unit, 6))


def whole_rows(rows: Floats, unit: float = 1.0) -> list[Curve]:
    """Return rows of values as `whole` returns each: many at once take a tenth of the time."""
    known = np.isfinite(rows) & (rows >= 0)
    found = np.ceil(np.round(np.where(known, rows, 0.0) / unit, 6)).astype(np.int64).astype(object)
    found[~known] = None
    return [tuple(row) for row in found.tolist()]


def _by_step(seen: Seen) -> dict[int, list[Service]]:
    """Group the services by their step: more than a minute where scrapes are further apart, seconds."""
    found: dict[int, list[Service]] = {}
    for service in seen.services:
        found.setdefault(step_of(seen.interval_of(service)), []).append(service)
    return found


def _use(seen: Seen, services: Sequence[Service], step_s: int) -> _Use:
    group = seen.rows_of(services)
    count = sum(len(service.containers) for service in services)
    steps = seen.steps if step_s == MINUTE_S else _multiples(seen.steps, step_s)
    column = ((steps - seen.steps[0]) // MINUTE_S).astype(np.int64)
    told, here = seen.ran.told[:, column], seen.ran.ran[:, column]
    each = _increase(seen, steps, step_s).where(told)
    memory = np.where(here, seen.memory[:, column], np.nan)
    known = counts(memory, group, count)
    pods = counts(here, group, count)
    oom_kills = sums(np.where(seen.oom, seen.restarts, 0.0), group, count)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(known > 0, sums(memory, group, count) / known, np.nan)
        throttled = added(seen.throttled, group, count) / added(seen.periods, group, count)
    return _Use(
        cpu=percentiles(each.summed(group, count).rate(), P95),
        cpu_hot=largest(percentiles(each.rate(), P95), group, count),
        mem=percentiles(mean, P95),
        mem_hot=largest(percentiles(memory, P95), group, count),
        mem_max=largest(seen.memory_max, group, count),
        pods=percentiles(np.where(pods > 0, pods, np.nan), 0.5),
        oom_kills=np.where(np.isfinite(added(seen.restarts, group, count)), oom_kills, np.nan),
        throttled_pct=100 * throttled,
        coverage=_coverage(seen, group, count),
    )


def _increase(seen: Seen, steps: Floats, step_s: int) -> Increase:
    """Return each container's increase over each step; those of its incarnations add up."""
    values, times = seen.cpu.at(np.concatenate((steps[:1] - step_s, steps)), max(300.0, 1.5 * step_s))
    return increase(values, times).summed(seen.cpu_rows, len(seen.keys))


def _multiples(steps: Floats, step_s: int) -> Floats:
    """Return the multiples of a longer step whose whole length is in the window, as whole minutes of it."""
    first = math.ceil((steps[0] - MINUTE_S) / step_s) * step_s + step_s
    return np.arange(first, steps[-1] + 1, step_s, dtype=np.float64)


def _row(seen: Seen, service: Service, name: str, use: _Use, index: int, day: date, window: Window) -> DayRow:
    asked = seen.asked(service, name)
    cpu, mem = use.cpu[index], use.mem[index]
    return DayRow(
        service.namespace,
        service.name,
        name,
        day,
        window,
        pod_count=whole(use.pods[index]),
        p95_cpu_m=whole(cpu, 0.001),
        p95_cpu_hot_m=whole(use.cpu_hot[index], 0.001),
        p95_mem_mib=whole(mem, MIB),
        p95_mem_hot_mib=whole(use.mem_hot[index], MIB),
        max_mem_mib=whole(use.mem_max[index], MIB),
        request_cpu_m=whole(asked.request_cpu, 0.001),
        limit_cpu_m=whole(asked.limit_cpu, 0.001),
        request_mem_mib=whole(asked.request_mem, MIB),
        limit_mem_mib=whole(asked.limit_mem, MIB),
        cpu_pct=_per_cent(cpu, asked.limit_cpu),
        mem_pct=_per_cent(mem, asked.limit_mem),
        oom_kills=whole(use.oom_kills[index]),
        throttled_pct=number_of(use.throttled_pct[index]),
        coverage=number_of(use.coverage[index]),
        owner_source=service.source,
        kind=service.kind,
    )


def _coverage(seen: Seen, group: Ints, count: int) -> Floats:
    """Return the seconds known / the seconds run; of memory's steps where the counters are missing."""
    run_s = seen.ran.ran.sum(axis=1) * float(MINUTE_S)
    of_memory_s = (np.isfinite(seen.memory) & seen.ran.ran).sum(axis=1) * float(MINUTE_S)
    by_counters, by_memory = (
        sums(np.minimum(known_s, run_s), group, count) for known_s in (seen.known_s, of_memory_s)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        known_s = np.where(sums(seen.known_s, group, count) > 0, by_counters, by_memory)
        return np.asarray(known_s / sums(run_s, group, count))


def _per_cent(part: float | None, of: float | None) -> float | None:
    if part is None or not math.isfinite(part) or not of:
        return None
    return float(100 * part / of)


def known_seconds(rows: Iterable[DayRow]) -> float:
    """Return how much a day's rows know: each container's pods by its coverage, where it has use at all."""
    return sum(
        (row.coverage or 0.0)
        * (row.pod_count or 1)
        * ((row.p95_cpu_m is not None) + (row.p95_mem_mib is not None))
        for row in rows
    )
