"""Which containers ran at a step: by kube-state-metrics, else their pod's phase, else their samples."""

from __future__ import annotations

from support.reference.raw import Raw, Samples

NEAR_S = 300.0
_RUNNING = ("kube_pod_container_status_running", "kube_pod_init_container_status_running")

Container = tuple[str, str, str]
"""Namespace, pod, container."""


class Running:
    """Answers whether a container ran."""

    def __init__(self, samples: Samples) -> None:
        self._status: dict[Container, list[Raw]] = {}
        for raw in samples.of(*_RUNNING):
            self._status.setdefault((*raw.pod, raw.labels["container"]), []).append(raw)
        self._phase: dict[tuple[str, str], list[Raw]] = {}
        for raw in samples.of("kube_pod_status_phase"):
            if raw.labels.get("phase") == "Running":
                self._phase.setdefault(raw.pod, []).append(raw)
        self._sampled: dict[Container, list[Raw]] = {}
        for raw in samples.containers("container_cpu_usage_seconds_total"):
            self._sampled.setdefault((*raw.pod, raw.labels["container"]), []).append(raw)

    def ran(self, container: Container, step: float) -> bool:
        """Return whether a container ran at a step."""
        for told in (self._status.get(container), self._phase.get(container[:2])):
            if told is not None:
                return any(raw.at(step) == 1 for raw in told)
        sampled = self._sampled.get(container, [])
        return any(raw.within(step - NEAR_S - 1e-6, step + NEAR_S).times.size for raw in sampled)

    def scraped(self, container: Container) -> int:
        """Return how often cAdvisor told of a container."""
        return sum(raw.times.size for raw in self._sampled.get(container, []))
