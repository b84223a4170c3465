"""What kube-state-metrics tells of a pod and of its owners, in the newer naming or the older one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kubedoor_dev.metrics.clock import Clock
from kubedoor_dev.metrics.model import Container, Labels, Scenario, Series, Service
from kubedoor_dev.metrics.pods import NO_OWNER, Pod

OFFSET_MS = 13_370
COUNTER_EVERY = 2
"""Restarts may rise: they are written at every other scrape, so that a rate over 4 minutes sees some."""
MIB = 1024 * 1024
_LEGACY_UNIT = {"cpu": "cpu_cores", "memory": "memory_bytes"}
_UNIT = {"cpu": "core", "memory": "byte"}


def pod_series(scenario: Scenario, service: Service, pod: Pod, clock: Clock) -> Iterator[Series]:
    """Yield the series of one pod."""
    low = -np.inf if pod.from_min is None else pod.from_min
    high = np.inf if pod.to_min is None else pod.to_min
    alive = (clock.from_start >= low) & (clock.from_start < high)
    times = clock.seconds[alive][:: service.static_every] * 1000 + OFFSET_MS
    if times.size == 0:
        return
    base = {"namespace": service.namespace, "pod": pod.name, "uid": pod.uid, **_common(scenario)}
    if scenario.flavor.owners:
        for owner in _owners(service, pod):
            yield _constant("kube_pod_owner", {**base, **owner}, times, 1.0)
    for phase, now in (("Running", not pod.failed), ("Failed", pod.failed)):
        yield _constant("kube_pod_status_phase", {**base, "phase": phase}, times, float(now))
    for container in service.containers:
        labels = {**base, "container": container.name}
        yield from _container_series(scenario, service, pod, container, labels, times)
        if not (pod.failed or container.native_sidecar):
            yield from _restarts(service, pod, container, labels, clock, alive)


def _owners(service: Service, pod: Pod) -> Iterator[Labels]:
    controls = NO_OWNER if pod.owner_kind == NO_OWNER else "true"
    yield {"owner_kind": pod.owner_kind, "owner_name": pod.owner, "owner_is_controller": controls}
    if service.second_owner and pod.ordinal == 0:
        kind, name = service.second_owner
        yield {"owner_kind": kind, "owner_name": name, "owner_is_controller": "false"}


def _container_series(
    scenario: Scenario,
    service: Service,
    pod: Pod,
    container: Container,
    labels: Labels,
    times: np.typing.NDArray[np.int64],
) -> Iterator[Series]:
    image = {
        "image": f"registry.example/{service.namespace}/{container.name}:1.4.2",
        "container_id": "" if pod.failed else f"containerd://{pod.uid}{container.name}",
    }
    policy = {"restart_policy": "Always"} if container.native_sidecar else {}
    prefix = "kube_pod_init_container" if container.native_sidecar else "kube_pod_container"
    yield _constant(f"{prefix}_info", {**labels, **image, **policy}, times, 1.0)
    if not pod.failed:
        yield _constant(f"{prefix}_status_running", labels, times, 1.0)
    node = {"node": f"node-{pod.node + 1}"}
    for kind, resource, value in _asked_for(container):
        name = f"{prefix}_resource_{kind}"
        yield _resource(scenario, name, resource, {**labels, **node}, times, value)


def _asked_for(container: Container) -> Iterator[tuple[str, str, float]]:
    values = (
        ("requests", "cpu", container.request_cpu_m, 1 / 1000),
        ("limits", "cpu", container.limit_cpu_m, 1 / 1000),
        ("requests", "memory", container.request_mem_mib, MIB),
        ("limits", "memory", container.limit_mem_mib, MIB),
    )
    for kind, resource, value, unit in values:
        if value is not None:
            yield kind, resource, value * unit


def _resource(
    scenario: Scenario,
    name: str,
    resource: str,
    labels: Labels,
    times: np.typing.NDArray[np.int64],
    value: float,
) -> Series:
    if scenario.flavor.legacy:
        return _constant(f"{name}_{_LEGACY_UNIT[resource]}", labels, times, value)
    return _constant(name, {**labels, "resource": resource, "unit": _UNIT[resource]}, times, value)


def _restarts(
    service: Service,
    pod: Pod,
    container: Container,
    labels: Labels,
    clock: Clock,
    alive: np.typing.NDArray[np.bool_],
) -> Iterator[Series]:
    killed = service.oom.get(clock.index) if pod.ordinal == 0 else None
    if container != service.containers[0]:
        killed = None
    after = alive & (clock.from_start >= (np.inf if killed is None else killed))
    times, every = clock.seconds * 1000 + OFFSET_MS, min(COUNTER_EVERY, service.static_every)
    counted = after[alive].astype(float)[::every]
    name = "kube_pod_container_status_restarts_total"
    yield Series({"__name__": name, **labels}, times[alive][::every], counted)
    if after.any():
        reason = {**labels, "reason": "OOMKilled"}
        name = "kube_pod_container_status_last_terminated_reason"
        yield _constant(name, reason, times[after][::every], 1.0)


def owner_series(scenario: Scenario, service: Service, pods: list[Pod], clock: Clock) -> Iterator[Series]:
    """Yield who owns the ReplicaSets, and how many replicas the Deployment asks for."""
    if service.kind != "Deployment":
        return
    times = clock.seconds[:: service.static_every] * 1000 + OFFSET_MS
    base = {"namespace": service.namespace, **_common(scenario)}
    owner = {"owner_kind": "Deployment", "owner_name": service.name, "owner_is_controller": "true"}
    if scenario.flavor.owners:
        for name in sorted({pod.owner for pod in pods} - {NO_OWNER}):
            labels = {**base, "replicaset": name, **owner}
            yield _constant("kube_replicaset_owner", labels, times, 1.0)
    labels = {**base, "deployment": service.name}
    begins = max((pod.from_min or 0 for pod in pods), default=0) if service.only_last_min else -np.inf
    asked = np.where(clock.from_start >= begins, float(service.pods_on(clock.index)), 0.0)
    name = "kube_deployment_spec_replicas"
    yield Series({"__name__": name, **labels}, times, asked[:: service.static_every])


def _common(scenario: Scenario) -> Labels:
    exporter = {"instance": "10.0.0.9:8080", "job": "kube-state-metrics"}
    return {**exporter, **dict(scenario.flavor.extra_labels)}


def _constant(name: str, labels: Labels, times: np.typing.NDArray[np.int64], value: float) -> Series:
    return Series({"__name__": name, **labels}, times, np.full(times.size, float(value)))
