"""What the answers about JVMs come to: a row per container of a service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from kubedoor_collector.domain.figures import MIB, P95
from kubedoor_core.domain.arrays import number_of, percentiles
from kubedoor_core.domain.peak import Window
from kubedoor_core.domain.workload import ServiceKey
from kubedoor_core.metrics.counted import WHAT, Spoken
from kubedoor_core.metrics.jvm import JvmDialect, JvmSource
from kubedoor_core.metrics.samples import Floats, Labels, Samples

ENOUGH = 0.5
"""A library that tells less than this share of the window's minutes gives way to the next."""
Container = tuple[ServiceKey, str]
ContainerOf = Callable[[str, str, str], Container | None]
"""Finds a container by namespace, pod and the container's label, which may be empty."""


@dataclass(frozen=True)
class JvmRow:
    """A container's JVMs in the window of one day; None is unknown.

    :ivar heap_max_mib: of the pods, the smallest; all other sizes are those of the largest.
    :ivar gc_overhead_pct: share of the time in which the pods stood still, their mean.
    :ivar coverage: share of the window's minutes that are known.
    """

    service: ServiceKey
    container: str
    source: JvmSource
    heap_max_mib: float | None
    heap_used_p95_mib: float | None
    heap_live_mib: float | None
    nonheap_p95_mib: float | None
    gc_overhead_pct: float | None
    gc_per_min: float | None
    full_gc: float | None
    gc_pause_max_ms: float | None
    threads_p95: float | None
    coverage: float


@dataclass(frozen=True, eq=False)
class JvmAnswers:
    """What the store answered of one dialect.

    :ivar curves: at steps of a minute; ``values`` at the window's end.
    """

    spoken: Spoken[JvmDialect]
    curves: Samples
    values: Samples


def jvm_rows(answers: JvmAnswers, steps: Floats, container_of: ContainerOf) -> list[JvmRow]:
    """Return a row for each container whose heap a dialect tells."""

    def place(labels: Labels) -> Container | None:
        namespace, _, pod, container = answers.spoken.labelling.place(labels)
        return container_of(namespace, pod, container)

    lines, _ = answers.curves.at(steps, 1.0)
    by_container: dict[Container, dict[str, list[int]]] = {}
    for index, labels in enumerate(answers.curves.labels):
        container = place(labels)
        if container is not None:
            by_container.setdefault(container, {}).setdefault(labels[WHAT], []).append(index)
    values: dict[Container, dict[str, list[float]]] = {}
    for labels, value in zip(answers.values.labels, answers.values.values.tolist(), strict=True):
        container = place(labels)
        if container is not None:
            values.setdefault(container, {}).setdefault(labels[WHAT], []).append(value)
    return [
        _row(
            container,
            answers.spoken.dialect.source,
            {what: lines[rows] for what, rows in found.items()},
            values.get(container, {}),
        )
        for container, found in sorted(by_container.items())
        if "heap" in found
    ]


def best_told(found: Iterable[JvmRow]) -> dict[Container, JvmRow]:
    """Return each container's row of the first library that tells enough, else of the one that tells most.

    :param found: those of the library that is believed most first.
    """
    chosen: dict[Container, JvmRow] = {}
    for row in found:
        had = chosen.get((row.service, row.container))
        if had is None or (had.coverage < ENOUGH and row.coverage > had.coverage):
            chosen[row.service, row.container] = row
    return chosen


def of_windows(found: Iterable[tuple[Window, JvmRow]], meant: Mapping[Container, Window]) -> list[JvmRow]:
    """Return of each container's rows, of the windows of a day, that of the window that its use is of.

    :param meant: the window of each container's use; one that has none there keeps the row that it has.
    """
    chosen: dict[Container, JvmRow] = {}
    for window, row in found:
        key = (row.service, row.container)
        if key not in chosen or meant.get(key) == window:
            chosen[key] = row
    return list(chosen.values())


def _row(
    container: Container, source: JvmSource, lines: Mapping[str, Floats], values: Mapping[str, list[float]]
) -> JvmRow:
    known = np.isfinite(lines["heap"])
    minutes = float(known.sum())
    pauses, paused = _sum(values.get("pauses")), _sum(values.get("paused"))
    # An increase is extrapolated to the window's ends; what happens a few times happens as a whole.
    full = [float(round(value)) for value in values.get("full", [] if pauses is None else [0.0])]
    longest = max(values.get("longest", ()), default=None)
    return JvmRow(
        *container,
        source,
        _mib(min(values.get("heap_max", ()), default=None)),
        _mib(_largest_p95(lines.get("heap"))),
        _mib(max(values.get("live", ()), default=None)),
        _mib(_largest_p95(lines.get("nonheap"))),
        100 * paused / (60 * minutes) if paused is not None and minutes else None,
        pauses / minutes if pauses is not None and minutes else None,
        _sum(full),
        None if longest is None else 1000 * longest,
        _largest_p95(lines.get("threads")),
        float(known.any(axis=0).mean()) if known.size else 0.0,
    )


def _sum(values: list[float] | None) -> float | None:
    return sum(values) if values else None


def _mib(value: float | None) -> float | None:
    return None if value is None else value / MIB


def _largest_p95(lines: Floats | None) -> float | None:
    if lines is None:
        return None
    return number_of(np.fmax.reduce(percentiles(lines, P95), initial=np.nan))
