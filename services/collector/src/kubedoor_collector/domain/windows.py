"""Puts the windows of one day together: each service is told by the one in which it consumed more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from kubedoor_collector.domain.figures import DayRow

Key = tuple[str, str, str]
Rows = dict[str, DayRow]


def busier(windows: Iterable[list[DayRow]]) -> list[DayRow]:
    """Return a row per container: of its service's window of most cpu, with memory of that of most memory.

    Kills are counted over all windows; the coverage is the least of them.
    """
    services: dict[Key, list[Rows]] = defaultdict(list)
    for rows in windows:
        grouped: dict[Key, Rows] = defaultdict(dict)
        for row in rows:
            grouped[row.namespace, row.kind, row.name][row.container] = row
        for key, containers in grouped.items():
            services[key].append(containers)
    return [row for key in sorted(services) for row in _merged(services[key])]


def _merged(windows: list[Rows]) -> Iterable[DayRow]:
    by_cpu = max(windows, key=lambda rows: _total(rows, "p95_cpu_m"))
    by_mem = max(windows, key=lambda rows: _total(rows, "p95_mem_mib"))
    for name in sorted({name for rows in windows for name in rows}):
        every = [rows[name] for rows in windows if name in rows]
        row, mem = by_cpu.get(name, every[0]), by_mem.get(name, every[0])
        kills = [one.oom_kills for one in every if one.oom_kills is not None]
        known = [one.coverage for one in every if one.coverage is not None]
        yield replace(
            row,
            p95_mem_mib=mem.p95_mem_mib,
            p95_mem_hot_mib=mem.p95_mem_hot_mib,
            max_mem_mib=max((one.max_mem_mib for one in every if one.max_mem_mib is not None), default=None),
            mem_pct=mem.mem_pct,
            oom_kills=sum(kills) if kills else None,
            coverage=min(known, default=None),
        )


def _total(rows: Rows, column: str) -> int:
    pods = max((row.pod_count or 1 for row in rows.values()), default=1)
    return pods * sum(getattr(row, column) or 0 for row in rows.values())
