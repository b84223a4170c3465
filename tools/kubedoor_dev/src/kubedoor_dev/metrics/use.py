"""How much cpu and memory a container uses, minute by minute: daily shapes, better and worse days, noise."""

from __future__ import annotations

import zlib
from datetime import date

import numpy as np

from kubedoor_dev.metrics.model import Container, Floats, Scenario, Service

MIB = 1024 * 1024
PEAK_DAY_FACTOR = 1.35

BUSY_S, BUSY, IDLE = 20, 2.0, 0.02
RHYTHM_MEAN = (BUSY_S * BUSY + (60 - BUSY_S) * IDLE) / 60
"""A rhythmic container uses 2 cores in seconds 0 to 20 of each minute, else 0.02: 0.68 on average."""


def generator(scenario: Scenario, *names: object) -> np.random.Generator:
    """Return the random numbers that belong to a thing, the same at every run."""
    words = [zlib.crc32(str(name).encode()) for name in names]
    return np.random.default_rng([scenario.seed, *words])


def day_factor(scenario: Scenario, service: Service, day_index: int, resource: str) -> float:
    """Return how busy a day is: 0.8 to 1 of the usual, and clearly more on the day named as the peak."""
    peak_day = service.cpu_peak_day if resource == "cpu" else service.mem_peak_day
    if peak_day == day_index:
        return PEAK_DAY_FACTOR
    name = f"{service.namespace}/{service.name}"
    return float(generator(scenario, name, day_index, resource).uniform(0.8, 1.0))


def shape(service: Service, minutes: Floats, length_min: float) -> Floats:
    """Return the window's shape, about 1 at its height."""
    position = np.clip(minutes / length_min, -0.2, 1.2)
    match service.shape:
        case "flat":
            return np.ones_like(position)
        case "rising":
            return 0.55 + 0.45 * position
        case "bursty":
            return np.where((minutes.astype(int) // 7) % 3 == 0, 1.0, 0.6)
        case "rhythmic":
            raise ValueError(f"{service.name} is told by the second: see rhythmic_cores")
        case "hump":
            return 0.65 + 0.35 * np.sin(np.pi * np.clip(position, 0.0, 1.0))


def cpu_cores(
    scenario: Scenario, service: Service, container: Container, day_index: int, minutes: Floats, length: float
) -> Floats:
    """Return the use of a usual pod in cores, before each pod's own share and noise."""
    factor = day_factor(scenario, service, day_index, "cpu")
    return container.use_cpu_m / 1000 * factor * shape(service, minutes, length)


def rhythmic_cores(container: Container, times_s: Floats, steps_s: Floats) -> Floats:
    """Return the mean use since the scrape before, in cores: scrapes are shorter apart than its minute.

    :param times_s: the scrapes, seconds since the epoch; ``steps_s``: seconds since the one before.
    """
    since_s = times_s - np.floor(times_s[0] / 60) * 60  # small numbers: no digit of a counter is lost
    used = _rhythm(since_s) - _rhythm(since_s - steps_s)
    return np.asarray(container.use_cpu_m / 1000 / RHYTHM_MEAN * used / steps_s)


def _rhythm(times_s: Floats) -> Floats:
    """Return the core seconds since a whole minute."""
    minutes, second = np.divmod(times_s, 60)
    return np.asarray(
        minutes * 60 * RHYTHM_MEAN + BUSY * np.minimum(second, BUSY_S) + IDLE * np.maximum(second - BUSY_S, 0)
    )


def traced_cores(service: Service, day: date, local_minutes: Floats) -> Floats:
    """Return the recorded use of a whole service by minute of the local day, which may pass midnight."""
    if service.trace is None:
        raise ValueError(f"{service.name} has no trace")
    today = service.trace.cores.get(day, np.full(1440, np.nan))
    following = service.trace.cores.get(date.fromordinal(day.toordinal() + 1), np.full(1440, np.nan))
    both = np.concatenate([today, following, following])
    cores: Floats = both[local_minutes.astype(int)]
    return cores


def pod_share(scenario: Scenario, service: Service, ordinal: int) -> float:
    """Return how a pod compares with the usual one; the first may be hot."""
    if ordinal == 0 and service.hot_pod != 1.0:
        return service.hot_pod
    name = f"{service.namespace}/{service.name}"
    return float(generator(scenario, name, "share", ordinal).uniform(0.9, 1.1))


def noise(rng: np.random.Generator, count: int, width: float) -> Floats:
    """Return factors around 1."""
    return np.exp(rng.normal(0.0, width, count))


def memory_bytes(use_mib: float, cores: Floats, factor: float, rng: np.random.Generator) -> Floats:
    """Return the working set: mostly standing, a part that follows the cpu, a little noise; whole pages."""
    height = float(np.nanmax(cores)) if cores.size and np.nanmax(cores) > 0 else 1.0
    level = use_mib * MIB * factor * (0.8 + 0.2 * cores / height) * noise(rng, cores.size, 0.01)
    return np.floor(level / 4096) * 4096
