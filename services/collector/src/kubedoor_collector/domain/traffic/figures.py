"""What the answers about requests come to: a row per service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from kubedoor_collector.domain.figures import P95
from kubedoor_collector.domain.traffic.histogram import merged, quantile
from kubedoor_core.domain.arrays import number_of, percentiles
from kubedoor_core.domain.workload import ServiceKey
from kubedoor_core.metrics.counted import WHAT, Spoken
from kubedoor_core.metrics.samples import Floats, Labels, Samples
from kubedoor_core.metrics.traffic.dialects import INGRESS, Dialect, TrafficSource

Service = ServiceKey
ServiceOf = Callable[[str, str, str], Service | None]
"""Finds a service by namespace, workload and pod, of which the last two may be empty."""
QUANTILES: dict[str, float] = {"latency_p50_ms": 0.5, "latency_p95_ms": 0.95, "latency_p99_ms": 0.99}
ENOUGH = 0.5
"""A source that knows less than this share of the window's minutes gives way to the next."""


@dataclass(frozen=True)
class TrafficRow:
    """A service's requests in the window of one day; None is unknown.

    :ivar qps_p95: requests a second of all pods; ``qps_hot_pod`` the largest of the pods' own P95.
    :ivar coverage: share of the window's minutes that are known.
    """

    service: Service
    source: TrafficSource
    qps_p95: float | None
    qps_max: float | None
    qps_hot_pod: float | None
    requests: float | None
    errors: float | None
    error_pct: float | None
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    latency_p99_ms: float | None
    coverage: float


@dataclass(frozen=True, eq=False)
class TrafficAnswers:
    """What the store answered of one dialect.

    :ivar rates: at the steps; ``totals`` and ``latencies`` at the window's end.
    """

    spoken: Spoken[Dialect]
    rates: Samples
    totals: Samples
    latencies: Samples


def traffic_rows(answers: TrafficAnswers, steps: Floats, service_of: ServiceOf) -> list[TrafficRow]:
    """Return a row for each service that a dialect tells of."""
    place = _placed(answers.spoken, service_of)
    rates = _by_service(answers.rates, place)
    totals = _totals(answers.totals, place)
    latencies = _latencies(answers.latencies, place, answers.spoken.dialect.unit_ms)
    curves, _ = answers.rates.at(steps, 1.0)
    return [
        _row(service, answers.spoken, curves[rows], totals.get(service, {}), latencies.get(service))
        for service, rows in sorted(rates.items())
    ]


def best(found: Iterable[TrafficRow]) -> dict[Service, TrafficRow]:
    """Return each service's row of the first source that knows enough, else of the one that knows most.

    An Ingress controller sees only what comes from outside: it counts where nobody inside does.

    :param found: those of the source that is believed most first.
    """
    chosen: dict[Service, TrafficRow] = {}
    for row in sorted(found, key=lambda row: row.source == INGRESS):
        had = chosen.get(row.service)
        outside = had is not None and row.source == INGRESS != had.source
        if had is None or (had.coverage < ENOUGH and row.coverage > had.coverage and not outside):
            chosen[row.service] = row
    return chosen


def busiest(found: Iterable[TrafficRow]) -> list[TrafficRow]:
    """Return of each service's rows, of the windows of a day, that of most requests a second."""
    chosen: dict[Service, TrafficRow] = {}
    for row in found:
        had = chosen.get(row.service)
        if had is None or (row.qps_p95 or 0) > (had.qps_p95 or 0):
            chosen[row.service] = row
    return list(chosen.values())


def _placed(one: Spoken[Dialect], service_of: ServiceOf) -> Callable[[Labels], Service | None]:
    """Return what finds the service of a series of an answer."""

    def place(labels: Labels) -> Service | None:
        namespace, workload, pod, _ = one.labelling.place(labels)
        return service_of(namespace, workload, pod)

    return place


def _by_service(samples: Samples, place: Callable[[Labels], Service | None]) -> dict[Service, list[int]]:
    found: dict[Service, list[int]] = {}
    for index, labels in enumerate(samples.labels):
        service = place(labels)
        if service is not None:
            found.setdefault(service, []).append(index)
    return found


def _totals(samples: Samples, place: Callable[[Labels], Service | None]) -> dict[Service, dict[str, float]]:
    found: dict[Service, dict[str, float]] = {}
    for labels, value in zip(samples.labels, samples.values.tolist(), strict=True):
        service = place(labels)
        if service is not None:
            amounts, what = found.setdefault(service, {}), labels[WHAT]
            had = amounts.get(what, 0.0)
            amounts[what] = max(had, value) if what in QUANTILES else had + value
    return found


def _latencies(
    samples: Samples, place: Callable[[Labels], Service | None], unit_ms: float
) -> dict[Service, dict[float, float]]:
    pods: dict[Service, dict[tuple[str, ...], dict[float, float]]] = {}
    for labels, value in zip(samples.labels, samples.values.tolist(), strict=True):
        service = place(labels)
        if service is None or "le" not in labels:
            continue
        pod = tuple(value for name, value in sorted(labels.items()) if name != "le")
        pods.setdefault(service, {}).setdefault(pod, {})[unit_ms * float(labels["le"])] = value
    return {service: merged(list(histograms.values())) for service, histograms in pods.items()}


def _row(
    service: Service,
    spoken: Spoken[Dialect],
    curves: Floats,
    totals: Mapping[str, float],
    latencies: Mapping[float, float] | None,
) -> TrafficRow:
    known = np.isfinite(curves)
    together = np.where(known.any(axis=0), np.nansum(curves, axis=0), np.nan)
    requests = totals.get("requests")
    errors = totals.get("errors", 0.0) if requests is not None else None
    p50, p95, p99 = (
        quantile(q, latencies) if latencies else totals.get(name) for name, q in QUANTILES.items()
    )
    return TrafficRow(
        service,
        spoken.dialect.source,
        number_of(percentiles(together[None], P95)[0]),
        number_of(np.fmax.reduce(together, initial=np.nan)),
        number_of(np.fmax.reduce(percentiles(curves, P95), initial=np.nan)) if spoken.labelling.pod else None,
        requests,
        errors,
        100 * (errors or 0.0) / requests if requests else None,
        p50,
        p95,
        p99,
        float(np.isfinite(together).mean()) if together.size else 0.0,
    )
