"""One day's samples of every workload, as cAdvisor, kube-state-metrics and itself would have been scraped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kubedoor_dev.metrics import cadvisor, counters, ksm
from kubedoor_dev.metrics.clock import Clock, clock_of
from kubedoor_dev.metrics.model import Scenario, Series, Service
from kubedoor_dev.metrics.pods import pods_on


def simulate_day(scenario: Scenario, day: date) -> Iterator[Series]:
    """Yield every series of a date."""
    clock = clock_of(scenario, day)
    for service in scenario.services:
        yield from simulate_service(scenario, service, clock)


def simulate_service(scenario: Scenario, service: Service, clock: Clock) -> Iterator[Series]:
    """Yield one service's series of a day."""
    pods = pods_on(service, clock.index, clock.day, clock.length_min)
    if not pods:
        return
    for pod in pods:
        yield from cadvisor.pod_series(scenario, service, pod, clock)
        yield from ksm.pod_series(scenario, service, pod, clock)
        if scenario.counters:
            yield from counters.pod_series(scenario, service, pod, clock)
    yield from ksm.owner_series(scenario, service, pods, clock)
