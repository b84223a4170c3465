"""The two sets of public traces as histories: five-minute means of whole local days.

`KUBEDOOR_TRACES` is a folder of `workload-N.csv.gz` (`ts,value`, cores of all pods of a workload, a sample a
minute), and `KUBEDOOR_VM_TRACES` a numpy archive of `cpu_m/N` and `mem_mib/N` (days × 288, -1 is unknown), by
default `../vm-traces/august-even.npz` beside the folder. Neither comes with the project.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from kubedoor_core.domain.arrays import Floats, percentiles
from kubedoor_core.domain.derivation.history import SLOTS as MOST_SLOTS
from kubedoor_core.domain.derivation.history import History
from kubedoor_core.domain.peak_found import SLOTS, busiest_hours, slots_of

ZONE_S = 8 * 3600
"""The workloads' local time is UTC+8, as their description says."""
DAY_S, SLOT_S = 86_400, 300
FIRST = date(2021, 1, 1)
"""Only counts days."""
P95 = 0.95
LARGEST_POD_M = 4000.0
"""The workloads' traces are of all their pods, and nobody says how many: as many as keep each below this."""


@dataclass(frozen=True, eq=False)
class Traces:
    """A set: a row a workload, a column a day, and in each five-minute means; NaN is unknown.

    :ivar pods: of each workload; the means are of one.
    :ivar mem_mib: None where the set has no memory.
    :ivar warm_days: so many first days are only looked back on.
    """

    name: str
    pods: Floats
    cpu_m: Floats
    mem_mib: Floats | None
    warm_days: int

    def history(self) -> History:
        """Return the daily rows that a collection would have stored, in peak hours found."""
        count, days, _ = self.cpu_m.shape
        usual = (self.pods[:, None] * np.nan_to_num(self.cpu_m).sum(axis=1)).sum(axis=0)
        hours = busiest_hours(usual)
        slots = slots_of(hours) if hours else np.arange(SLOTS)
        mem = np.full(self.cpu_m.shape, np.nan) if self.mem_mib is None else self.mem_mib
        profile = np.full((count, days, MOST_SLOTS), np.nan, dtype=np.float32)
        profile[:, :, :SLOTS] = self.cpu_m
        known = np.isfinite(self.cpu_m)
        return History(
            tuple(FIRST + timedelta(days=number) for number in range(days)),
            tuple(("trace", "Deployment", str(number)) for number in range(count)),
            ("app",) * count,
            np.arange(count),
            _p95(self.cpu_m[:, :, slots]),
            _p95(mem[:, :, slots]),
            np.where(np.isfinite(mem).any(axis=2), np.nan_to_num(mem).max(axis=2), np.nan),
            known.mean(axis=2),
            np.where(known.any(axis=2), self.pods[:, None], np.nan),
            profile,
        )


def _p95(values: Floats) -> Floats:
    flat = values.reshape(-1, values.shape[2])
    return np.ceil(np.round(percentiles(flat, P95), 6)).reshape(values.shape[:2])


def found() -> tuple[list[Traces], list[str]]:
    """Return the sets that are there, and why the others are not."""
    folder = os.environ.get("KUBEDOOR_TRACES", "")
    beside = str(Path(folder).parent / "vm-traces" / "august-even.npz") if folder else ""
    archive = Path(os.environ.get("KUBEDOOR_VM_TRACES", beside) or "/nowhere")
    files = sorted(Path(folder).glob("workload-*.csv.gz")) if folder else []
    sets, absent = [], []
    if files:
        sets.append(_workloads(files))
    else:
        absent.append("traces: KUBEDOOR_TRACES names no folder with workload-N.csv.gz")
    if archive.is_file():
        sets.append(_machines(archive))
    else:
        absent.append(
            "vm-traces: KUBEDOOR_VM_TRACES names no archive, and there is none beside KUBEDOOR_TRACES"
        )
    return sets, absent


def _machines(archive: Path) -> Traces:
    with np.load(archive) as stored:
        names = sorted((name for name in stored.files if name.startswith("cpu_m/")), key=_number)
        cpu = np.array([stored[name] for name in names], dtype=np.float64).reshape(len(names), -1, SLOTS)
        every = [stored[name.replace("cpu_m", "mem_mib")] for name in names]
    mem = np.array(every, dtype=np.float64).reshape(cpu.shape)
    cpu[cpu < 0], mem[mem < 0] = np.nan, np.nan
    return Traces("vm-traces", np.ones(len(cpu)), cpu, mem, warm_days=10)


def _number(name: str) -> int:
    return int(name.rpartition("/")[2])


def _workloads(files: Sequence[Path]) -> Traces:
    every = [_days(path) for path in files]
    longest = max(len(days) for days in every)
    cpu = np.full((len(every), longest, SLOTS), np.nan)
    for row, days in enumerate(every):
        cpu[row, longest - len(days) :] = days
    pods = np.ceil(np.nan_to_num(cpu).max(axis=(1, 2)) / LARGEST_POD_M)
    return Traces("traces", pods, cpu / pods[:, None, None], None, warm_days=4)


def _days(path: Path) -> Floats:
    """Return the whole local days of one workload, millicores."""
    with gzip.open(path, "rt") as text:
        rows = np.loadtxt(text, delimiter=",", skiprows=1)
    at = rows[:, 0].astype(np.int64) + ZONE_S
    slot = at // SLOT_S
    first, last = -(-int(slot[0]) // SLOTS), (int(slot[-1]) + 1) // SLOTS
    index = slot - first * SLOTS
    inside = (index >= 0) & (index < (last - first) * SLOTS)
    total = np.bincount(index[inside], weights=rows[inside, 1], minlength=(last - first) * SLOTS)
    count = np.bincount(index[inside], minlength=(last - first) * SLOTS)
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return np.asarray(1000 * mean.reshape(last - first, SLOTS))
