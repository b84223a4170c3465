"""What the answers about nodes come to: a row per node and window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kubedoor_collector.domain.figures import MIB, P95
from kubedoor_collector.domain.nodes.promql import NodeSource
from kubedoor_collector.domain.use import increase
from kubedoor_core.domain.arrays import number_of, percentiles
from kubedoor_core.metrics.counted import WHAT
from kubedoor_core.metrics.nodes import NodeNames, node_names
from kubedoor_core.metrics.samples import LOOKBACK_S, MINUTE_S, Bools, Floats, Labels, Samples

ENOUGH = 0.5
"""One who tells less than this share of the window's minutes of a node gives way to the next."""
NO_GAP = int(LOOKBACK_S / MINUTE_S)
"""Minutes back to which what a counter rose by is spread, where it is scraped less than once a minute."""


@dataclass(frozen=True)
class NodeRow:
    """A node in the window of one day; None is unknown.

    :ivar source: who tells its use; empty: nobody does.
    :ivar requested_cpu_m: by its running pods, the median of the window; likewise memory and ``pods``.
    :ivar coverage: share of the window's minutes in which its cpu is known.
    """

    node: str
    source: NodeSource | str = ""
    cpu_alloc_m: float | None = None
    mem_alloc_mib: float | None = None
    pods_alloc: float | None = None
    p95_cpu_m: float | None = None
    p95_mem_mib: float | None = None
    max_mem_mib: float | None = None
    requested_cpu_m: float | None = None
    requested_mem_mib: float | None = None
    pods: float | None = None
    ready_pct: float | None = None
    psi_cpu_pct: float | None = None
    coverage: float = 0.0


@dataclass(frozen=True, eq=False)
class UsageAnswers:
    """What one tells of what nodes use: at the edges of a window's minutes, memory's highest at its end."""

    source: NodeSource
    counters: Samples
    scraped: Samples
    memory: Samples
    memory_max: Samples


@dataclass(frozen=True)
class Found:
    """What nodes use, by node, and of how many series nothing tells the node, by what was scraped."""

    rows: Mapping[str, NodeRow]
    unknown: Mapping[str, int]


def names_in(known: Samples) -> NodeNames:
    """Return the nodes that the store tells of."""
    by = _by_what(known)
    told = (_own(known.labels[index]) for index in (*by("allocatable"), *by("ready"), *by("info")))
    infos = (known.labels[index] for index in (*by("info"), *by("uname")))
    return node_names((name for name in told if name), infos)


def used(answers: UsageAnswers, edges: Floats, names: NodeNames) -> Found:
    """Return what one tells of each node: of a node that is scraped twice what is known of more.

    :param edges: of the window's minutes: one more than there are.
    """
    by = _by_what(answers.counters)
    cpus = {_key(answers.counters.labels[index]): index for index in by("cpus")}
    scraped = {_key(labels): index for index, labels in enumerate(answers.scraped.labels)}
    values, _ = answers.counters.at(edges, 1.0)
    times = answers.scraped.at(edges, 1.0)[0]
    cpu: dict[str, Floats] = {}
    unknown: dict[str, int] = {}
    for index in by("seconds"):
        labels = answers.counters.labels[index]
        node, key = names.of(labels), _key(labels)
        if not node:
            where = labels.get("instance", "")
            unknown[where] = unknown.get(where, 0) + 1
        elif key in scraped and (not cpus or key in cpus):
            count = values[cpus[key]] if cpus else None
            _keep_better(cpu, node, _cores(values[index], times[scraped[key]], count))
    memory = _lines(answers.memory, edges[1:], names)
    most = _largest(answers.memory_max, names)
    rows = {
        node: NodeRow(
            node,
            answers.source,
            p95_cpu_m=_p95(cpu.get(node), 1 / 1000),
            p95_mem_mib=_p95(memory.get(node), MIB),
            max_mem_mib=most[node] / MIB if node in most else None,
            coverage=float(np.isfinite(cpu[node]).mean()) if node in cpu else 0.0,
        )
        for node in sorted({*cpu, *memory})
    }
    return Found(rows, unknown)


def best(found: Iterable[Mapping[str, NodeRow]]) -> dict[str, NodeRow]:
    """Return of each node what the first tells who tells enough, else he who tells most.

    :param found: of those that are believed most first.
    """
    chosen: dict[str, NodeRow] = {}
    for rows in found:
        for node, row in rows.items():
            had = chosen.get(node)
            if had is None or (had.coverage < ENOUGH and row.coverage > had.coverage):
                chosen[node] = row
    return chosen


def covered(rows: Mapping[str, NodeRow], names: NodeNames) -> bool:
    """Return whether enough is known of the use of all nodes."""
    return bool(names.known) and all(
        node in rows and rows[node].coverage >= ENOUGH and rows[node].p95_mem_mib is not None
        for node in names.known
    )


def node_rows(use: Mapping[str, NodeRow], known: Samples, held: Samples, names: NodeNames) -> list[NodeRow]:
    """Return a row for each node of which anything is told.

    :param held: what running pods request, and how many they are, at some instants of the window.
    """
    by, told = _by_what(known), _by_what(held)
    ready = _largest(known.take(by("ready")), names)
    waiting = _largest(known.take(by("waiting")), names)
    may = _by_resource(known.take(by("allocatable")), np.nanmax)
    asked = _by_resource(held.take(told("requested")), np.nanmedian)
    pods = _by_resource(held.take(told("pods")), np.nanmedian)
    is_held = len(held) > 0
    return [
        replace(
            use.get(node, NodeRow(node)),
            cpu_alloc_m=_times(may.get((node, "cpu")), 1000),
            mem_alloc_mib=_times(may.get((node, "memory")), 1 / MIB),
            pods_alloc=may.get((node, "pods")),
            requested_cpu_m=_times(asked.get((node, "cpu"), 0.0 if is_held else None), 1000),
            requested_mem_mib=_times(asked.get((node, "memory"), 0.0 if is_held else None), 1 / MIB),
            pods=pods.get((node, ""), 0.0 if is_held else None),
            ready_pct=_times(ready.get(node), 100),
            psi_cpu_pct=_times(waiting.get(node), 100),
        )
        for node in sorted({*names.known, *use})
    ]


def busier(windows: Iterable[Sequence[NodeRow]]) -> list[NodeRow]:
    """Return each node's row of the window of a day in which it used most cpu; memory's highest is of all."""
    chosen: dict[str, NodeRow] = {}
    for row in (row for rows in windows for row in rows):
        had = chosen.get(row.node)
        if had is None:
            chosen[row.node] = row
            continue
        more, less = (row, had) if (row.p95_cpu_m or 0.0) > (had.p95_cpu_m or 0.0) else (had, row)
        most = [one for one in (more.max_mem_mib, less.max_mem_mib) if one is not None]
        chosen[row.node] = replace(more, max_mem_mib=max(most, default=None))
    return [chosen[node] for node in sorted(chosen)]


def _by_what(samples: Samples) -> Callable[[str], list[int]]:
    def of(what: str) -> list[int]:
        return [index for index, labels in enumerate(samples.labels) if labels.get(WHAT) == what]

    return of


def _own(labels: Labels) -> str:
    """Return the node that kube-state-metrics tells of."""
    return labels.get("exported_node") or labels.get("node", "")


def _key(labels: Labels) -> tuple[tuple[str, str], ...]:
    """Return what is the same for the series of one scrape."""
    ours = ("__name__", WHAT, "told_by")
    return tuple(sorted((name, value) for name, value in labels.items() if name not in ours))


def _cores(values: Floats, times: Floats, cpus: Floats | None) -> Floats:
    """Return how many cores were in use in each minute; NaN where unknown.

    What a counter rose by between two scrapes lies in all the minutes between them. Where idle time fell,
    the node was started anew: how much of it there was is unknown.
    """
    rise = increase(values[None, :], times[None, :])
    rate = rise.rate()[0]
    if cpus is not None:
        rate = np.where(np.diff(values) < 0, np.nan, np.maximum(cpus[1:] - rate, 0.0))
    return _spread_back(rate, np.diff(times) == 0)


def _spread_back(rate: Floats, between: Bools) -> Floats:
    """Give minutes in which there was no scrape what the next one tells of them."""
    filled = rate.copy()
    for index in range(rate.size - 2, -1, -1):
        later = filled[index + 1 : index + 1 + NO_GAP]
        if between[index] and not np.isfinite(filled[index]) and np.isfinite(later[:1]).all():
            filled[index] = later[0]
    return filled


def _keep_better(lines: dict[str, Floats], node: str, line: Floats) -> None:
    had = lines.get(node)
    if had is None or np.isfinite(line).sum() > np.isfinite(had).sum():
        lines[node] = line


def _lines(samples: Samples, steps: Floats, names: NodeNames) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    values, _ = samples.at(steps, 1.0)
    for index, labels in enumerate(samples.labels):
        if node := names.of(labels):
            _keep_better(found, node, values[index])
    return found


def _largest(samples: Samples, names: NodeNames) -> dict[str, float]:
    found: dict[str, float] = {}
    for labels, value in zip(samples.labels, samples.values.tolist(), strict=True):
        if node := names.of(labels):
            found[node] = max(value, found.get(node, value))
    return found


def _by_resource(samples: Samples, how: Callable[[Floats], float]) -> dict[tuple[str, str], float]:
    """Return one value for each node and resource; of what is told twice the larger."""
    found: dict[tuple[str, str], float] = {}
    for index, labels in enumerate(samples.labels):
        value = float(how(samples.values[samples.starts[index] : samples.starts[index + 1]]))
        key = (_own(labels), labels.get("resource", ""))
        found[key] = max(value, found.get(key, value))
    return found


def _p95(line: Floats | None, unit: float) -> float | None:
    return None if line is None else _times(number_of(percentiles(line[None, :], P95)[0]), 1 / unit)


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor
