"""What the webhook tells Prometheus of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from kubedoor_core.domain.admission.decision import Decision

BUCKETS_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5)


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "kubedoor_admission_requests",
            "Admission requests by rule of the decision table and what became of them",
            ["rule", "outcome"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "kubedoor_admission_seconds",
            "Time from the request's arrival to its answer",
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self.refused = Counter(
            "kubedoor_admission_refused",
            "Requests that got no decision, by reason",
            ["reason"],
            registry=self.registry,
        )
        self.log_dropped = Counter(
            "kubedoor_admission_log_dropped",
            "Rows of the admission log that were dropped because ClickHouse was away too long",
            registry=self.registry,
        )
        self.certificate_expiry = Gauge(
            "kubedoor_certificate_expiry_timestamp_seconds",
            "Unix time at which the serving certificate expires",
            registry=self.registry,
        )
        self._of: dict[tuple[int, str], Counter] = {}

    def count(self, rule: int, outcome: str) -> None:
        """Count a decision; the labelled counters are looked up once."""
        counter = self._of.get((rule, outcome))
        if counter is None:
            counter = self._of[rule, outcome] = self._requests.labels(str(rule), outcome)
        counter.inc()

    def decided(self, decision: Decision) -> None:
        """Count a decision by its rule and result."""
        self.count(decision.rule, decision.result.value)

    def watch(self, name: str, text: str, read: Callable[[], float | None]) -> None:
        """Export a gauge that is read when Prometheus asks."""
        self.registry.register(_Watched(GaugeMetricFamily, name, text, read))

    def watch_count(self, name: str, text: str, read: Callable[[], float | None]) -> None:
        """Export a counter that is read when Prometheus asks."""
        self.registry.register(_Watched(CounterMetricFamily, name, text, read))


@dataclass(frozen=True)
class _Watched(Collector):
    """A metric whose value somebody else keeps."""

    family: type[GaugeMetricFamily | CounterMetricFamily]
    name: str
    text: str
    read: Callable[[], float | None]

    def collect(self) -> Iterator[Metric]:
        """Yield the value as it is now, or nothing where there is none."""
        value = self.read()
        if value is not None:
            yield self.family(self.name, self.text, value=value)
