"""What is usual for a service at an hour, as the same hour of the seven days before tells. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from kubedoor_api.now.reading import Answers, Service, Traffic, Whose, read_traffic
from kubedoor_core.domain.generated_names import service_of
from kubedoor_core.metrics.counted import Spoken
from kubedoor_core.metrics.thresholds import (
    DAYS,
    DAYS_LEAST,
    DEVIATION_LEAST,
    DEVIATIONS,
    REQUESTS_COUNTED,
    SAME_HOUR_S,
)
from kubedoor_core.metrics.traffic.dialects import Dialect

HOLDS = timedelta(minutes=32)
"""So far before and after it an hour's usual is that of the time itself."""


@dataclass(frozen=True)
class UsualHour:
    """Up to which measures are usual; a service is missing where too few days have it."""

    errors_pct: Mapping[Service, float] = field(default_factory=dict)
    p95_ms: Mapping[Service, float] = field(default_factory=dict)


@dataclass
class Usual:
    """What is usual at the hour around a time; None: it is not known yet."""

    hour: UsualHour | None = None
    around: datetime | None = None

    def at(self, time: datetime) -> UsualHour | None:
        """Return what is usual at a time; None where that is not known."""
        return self.hour if self.around is not None and abs(time - self.around) <= HOLDS else None


def ends_of(around: datetime) -> list[datetime]:
    """Return when the same hour of each day before has ended: half an hour lies before the same time."""
    return [around - timedelta(days=day) + timedelta(seconds=SAME_HOUR_S / 2) for day in range(1, DAYS + 1)]


@dataclass(frozen=True)
class Former(Whose):
    """Whose pods were whose on days before: most are gone, so that their names tell."""

    def find(self, namespace: str, workload: str, pod: str) -> Service | None:
        """Return the service of a workload, or of a pod or ReplicaSet by its name."""
        found = super().find(namespace, workload, pod)
        named = service_of("ReplicaSet", pod) or service_of("Pod", pod) if pod and not found else None
        return (namespace, *named) if named else found


def day_of(
    answers: Answers, spoken: Iterable[Spoken[Dialect]], services: Iterable[Service]
) -> dict[Service, Traffic]:
    """Return what each service was asked in an hour of a day."""
    by_name = {(space, name): (space, kind, name) for space, kind, name in services}
    return read_traffic(answers, spoken, SAME_HOUR_S, Former({}, {}, by_name))


def usual_of(days: Sequence[Mapping[Service, Traffic]]) -> UsualHour:
    """Return up to which errors and latencies are usual: the median, and three deviations more."""
    errors_pct, p95_ms = defaultdict[Service, list[float]](list), defaultdict[Service, list[float]](list)
    for day in days:
        for service, traffic in day.items():
            if traffic.qps * SAME_HOUR_S >= REQUESTS_COUNTED:
                errors_pct[service].append(100 * traffic.errors / traffic.qps)
                if traffic.p95_ms is not None:
                    p95_ms[service].append(traffic.p95_ms)
    return UsualHour(_bounds(errors_pct), _bounds(p95_ms))


def _bounds(measures: Mapping[Service, Sequence[float]]) -> dict[Service, float]:
    return {service: bound(values) for service, values in measures.items() if len(values) >= DAYS_LEAST}


def bound(values: Sequence[float]) -> float:
    """Return the median and three median absolute deviations more, each at least a tenth of the median."""
    middle = median(values)
    deviation = median(abs(value - middle) for value in values)
    return middle + DEVIATIONS * max(deviation, DEVIATION_LEAST * middle)
