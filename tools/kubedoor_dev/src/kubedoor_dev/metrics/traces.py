"""Recorded cpu use of real workloads, moved to the last days, as services beside the synthetic ones."""

from __future__ import annotations

import gzip
import math
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from kubedoor_dev.metrics.model import Container, Floats, Service, Trace

RECORDED_ZONE = timezone(timedelta(hours=8))
MAX_CORES_A_POD = 1.8
NAMESPACE = "replayed"


class TraceError(Exception):
    """A folder holds no traces, or one can't be read; the message says which."""


def traced_services(folder: Path, last_date: date) -> tuple[Service, ...]:
    """Return a service for each `workload-N.csv.gz`; their last whole day becomes the last date.

    The time of day stays what it was where they were recorded (UTC+8), in whatever zone they are replayed.

    :raises TraceError: for a folder without traces, or a file that is not `ts,value`.
    """
    files = sorted(folder.glob("workload-*.csv.gz"), key=lambda path: (len(path.name), path.name))
    if not files:
        raise TraceError(f"{folder} holds no workload-*.csv.gz")
    return tuple(_service(path, last_date) for path in files)


def read_trace(path: Path) -> dict[date, Floats]:
    """Return cores by recorded day and minute of the day; a minute without a sample is NaN.

    :raises TraceError: where a line is not a time and a number.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            rows = np.loadtxt(file, delimiter=",", skiprows=1, dtype=float, ndmin=2)
    except (OSError, ValueError) as error:
        raise TraceError(f"{path} is not a trace of lines `ts,value`: {error}") from error
    if rows.shape[0] == 0 or rows.shape[1] != 2:
        raise TraceError(f"{path} is not a trace of lines `ts,value`")
    days: dict[date, Floats] = {}
    for second, cores in rows.tolist():
        local = datetime.fromtimestamp(second, UTC).astimezone(RECORDED_ZONE)
        minutes = days.setdefault(local.date(), np.full(1440, np.nan))
        minutes[local.hour * 60 + local.minute] = cores
    return days


def _service(path: Path, last_date: date) -> Service:
    recorded = read_trace(path)
    whole = [day for day in sorted(recorded) if np.isfinite(recorded[day]).mean() > 0.9]
    if not whole:
        raise TraceError(f"{path} holds no whole day")
    shift = last_date - whole[-1]
    cores = {day + shift: values for day, values in recorded.items()}
    height = float(np.nanpercentile(np.concatenate([recorded[day] for day in whole]), 99))
    pods = max(1, math.ceil(height / MAX_CORES_A_POD))
    container = _container(height / pods)
    name = path.name.removesuffix(".csv.gz")
    return Service(NAMESPACE, name, pods, (container,), trace=Trace(cores))


def _container(cores: float) -> Container:
    """Guess as a team would: round numbers, well above the use; memory shaped after cpu."""
    mem_mib = round(256 + 1024 * cores)
    request_cpu_m = max(100, math.ceil(cores * 2) * 500)
    request_mem_mib = math.ceil(mem_mib * 1.5 / 256) * 256
    return Container(
        "app", cores * 1000, mem_mib, request_cpu_m, 2 * request_cpu_m, request_mem_mib, 2 * request_mem_mib
    )  # fmt: skip
