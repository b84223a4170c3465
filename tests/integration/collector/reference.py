"""What a day of a scenario must come to: the plain computation over its raw samples, and its kills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np

from kubedoor_core.domain.workload import WORKLOAD_KINDS
from kubedoor_dev.metrics.model import Scenario, Series
from kubedoor_dev.metrics.simulate import simulate_day
from support.reference.compare import COLUMNS, COVERAGE_OFF
from support.reference.rows import Row, Span, reference_rows

Key = tuple[str, str, str]
Expected = dict[str, float | None]
RESTARTS = "kube_pod_container_status_restarts_total"
REASON = "kube_pod_container_status_last_terminated_reason"
PERIODS, THROTTLED = "container_cpu_cfs_periods_total", "container_cpu_cfs_throttled_periods_total"


def expected_rows(scenario: Scenario, day: date) -> dict[Key, Expected]:
    """Return what a day's rows must hold, by namespace, name and container."""
    window = scenario.peak.on(day)[0].window(day, scenario.zone)
    span = window.start.timestamp(), window.end.timestamp()
    series = list(simulate_day(scenario, day))
    events = _Events(series, span)
    rows = reference_rows(series, span)
    return {
        (namespace, name, container): _row(row, events.of((namespace, name, container)))
        for (namespace, kind, name, container), row in rows.items()
        if kind in WORKLOAD_KINDS
    }


def _row(row: Row, events: Expected) -> Expected:
    found: Expected = {column: getattr(row, column) for column in COLUMNS}
    for kind, used, limit in (("cpu", "p95_cpu_m", "limit_cpu_m"), ("mem", "p95_mem_mib", "limit_mem_mib")):
        part, of = found[used], found[limit]
        found[f"{kind}_pct"] = 100 * part / of if part is not None and of else None
    return {**found, **events}


class _Events:
    """Kills and throttling of a window; of a pod by its name, which in the company tells its workload."""

    def __init__(self, series: Iterable[Series], span: Span) -> None:
        self._values: dict[str, dict[Key, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for one in series:
            name, inside = one.labels["__name__"], _inside(one, span)
            if name in (RESTARTS, REASON, PERIODS, THROTTLED) and inside.size:
                place = (one.labels["namespace"], one.labels["pod"], one.labels["container"])
                self._values[name][place].append(inside)

    def of(self, key: Key) -> Expected:
        """Return a container's."""
        restarts, killed = self._of(RESTARTS, key), self._of(REASON, key)
        kills = sum(
            float(v.max() - v.min()) for place, values in restarts.items() for v in values if place in killed
        )
        periods = self._risen(PERIODS, key)
        return {
            "oom_kills": kills if restarts else None,
            "throttled_pct": 100 * self._risen(THROTTLED, key) / periods if periods else None,
        }

    def _of(self, name: str, key: Key) -> dict[Key, list[Any]]:
        namespace, deployment, container = key
        return {
            place: values
            for place, values in self._values[name].items()
            if place[0] == namespace and place[2] == container and _is_of(place[1], deployment)
        }

    def _risen(self, name: str, key: Key) -> float:
        return sum(float(v[-1] - v[0]) for values in self._of(name, key).values() for v in values)


def _inside(one: Series, span: Span) -> Any:
    return one.values[(one.times_ms > span[0] * 1000) & (one.times_ms <= span[1] * 1000)]


def _is_of(pod: str, name: str) -> bool:
    """Return whether a pod's name is one of a workload's; the company's names tell that."""
    return pod.startswith(f"{name}-"[:58]) and len(pod) - len(name) <= 17


def differences(found: dict[Key, dict[str, Any]], expected: dict[Key, Expected]) -> list[str]:
    """Return every value that is off by more than 1 % and what rounding up can add."""
    lines = [
        f"{key}: {'not expected' if key in found else 'missing'}" for key in found.keys() ^ expected.keys()
    ]
    for key in sorted(found.keys() & expected.keys()):
        for column, wanted in expected[key].items():
            value = found[key][column]
            if (value is None) != (wanted is None) or (
                value is not None and wanted is not None and not _close(column, value, wanted)
            ):
                lines.append(f"{key} {column}: {value} instead of {wanted}")
    return lines


def _close(column: str, value: float, wanted: float) -> bool:
    if column == "coverage":
        return abs(value - wanted) <= COVERAGE_OFF
    unit = 0.05 if column.endswith("_pct") else 1.0
    return bool(np.abs(value - wanted) <= 0.01 * abs(wanted) + unit + 1e-6)
