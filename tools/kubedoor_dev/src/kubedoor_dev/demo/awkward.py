"""The services on which figures go wrong in real clusters: what is odd about each, and what came out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kubedoor_core.domain.workload import shown_service, workload_kind
from kubedoor_dev.demo.clients import Json, StepFailedError
from kubedoor_dev.metrics import Container, Service

_CUT = "customs-declarations-for-goods-that-leave-the-union-by-way"

ODD = {
    "gift-cards": 'limits of "0" are none',
    "chargebacks": "two evicted pods do not count",
    f"{_CUT}-air": "its pods are named as the next one's are: only owners tell",
    f"{_CUT}-sea": "its pods are named as the one's before are",
    "consents": "a pod taken out by hand, and one with a second owner",
    "model-server": "a native sidecar has its own values",
    "quota-service": "kubectl debug's container is not its own",
    "stock-sync": "it ran at the end of the window only",
    "frame-sampler": "2 cores for 20 s of each minute: 680m",
    "tracking": "killed for want of memory",
}
"""What is odd, by name."""

HEADER = ("service", "container", "pods", "cpu P95 m", "cpu limit m", "kills", "coverage", "what is odd")
FULL_COVERAGE = 0.99
RHYTHMIC_M = (673, 687)
"""680 and 1 %."""

MAX_NAME = 24


def lines_of_odd(rows: Iterable[Json]) -> list[tuple[object, ...]]:
    """Return a line per container of the odd services, of the latest day."""
    by_name = {row["name"]: row for row in rows}
    lines: list[tuple[object, ...]] = []
    for name, what in ODD.items():
        for one in by_name[name]["containers"] if name in by_name else ():
            peak, shown = one["peak"] or {}, name if len(name) <= MAX_NAME else f"…{name[1 - MAX_NAME :]}"
            pods, coverage = by_name[name]["replicas"]["observed"], peak.get("coverage")
            figures = [peak.get(column) for column in ("p95_cpu_m", "limit_cpu_m", "oom_kills")]
            lines.append((shown, one["name"], pods, *figures, coverage and f"{coverage:.2f}", what))
    return lines


def check_odd(rows: Sequence[Json], services: Iterable[Service], last_day: int) -> None:
    """Check what came out of the odd services, and that each row is of a service's kind.

    :param last_day: the latest day's index.
    :raises StepFailedError: naming everything that is wrong.
    """
    by_name = {(row["namespace"], row["name"]): row for row in rows}
    every = {(one.namespace, one.name): one for one in services}
    wrong = [
        f"{shown_service(row['kind'], *key)} is no service"
        for key, row in by_name.items()
        if key not in every or workload_kind(row["kind"]) != every[key].kind
    ]
    for key, service in every.items():
        if service.name in ODD:
            row = by_name.get(key)
            found = _wrong(row, service, last_day) if row else ["not in the control table"]
            wrong += [f"{'/'.join(key)}: {what}" for what in found]
    if wrong:
        raise StepFailedError("; ".join(sorted(wrong)))


def _wrong(row: Json, service: Service, last_day: int) -> list[str]:
    found: list[str] = []
    wanted = sorted(one.name for one in service.containers)
    peaks = {one["name"]: one["peak"] or {} for one in row["containers"]}
    if sorted(peaks) != wanted:
        return [f"containers {sorted(peaks)} instead of {wanted}"]
    if row["replicas"]["observed"] != service.replicas:
        found.append(f"{row['replicas']['observed']} pods instead of {service.replicas}")
    for one in service.containers:
        found += _wrong_figures(one, peaks[one.name], service, last_day)
    return found


def _wrong_figures(one: Container, peak: Json, service: Service, last_day: int) -> list[str]:
    found = [
        f"{column} {peak.get(column)} of {one.name}"
        for column in ("request_cpu_m", "limit_cpu_m", "request_mem_mib", "limit_mem_mib")
        if peak.get(column) != (getattr(one, column) or None)
    ]
    if (peak.get("coverage") or 0) < FULL_COVERAGE:
        found.append(f"coverage {peak.get('coverage')} of {one.name}")
    low, high = RHYTHMIC_M
    if service.shape == "rhythmic" and not low <= (peak.get("p95_cpu_m") or 0) <= high:
        found.append(f"cpu P95 {peak.get('p95_cpu_m')}m instead of 680m")
    if last_day in service.oom and peak.get("oom_kills") != 1:
        found.append(f"{peak.get('oom_kills')} kills of {one.name} instead of 1")
    return found
