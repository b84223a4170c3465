"""The samples that kubelets, kube-state-metrics and the pods themselves give at an instant."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator

import numpy as np

from kubedoor_dev.live.model import BOUNDS_S, Cluster, Node, Pod, Running, Workload
from kubedoor_dev.metrics.model import Labels, Series

MIB = 1024 * 1024
WAVE, WAVE_S = 0.25, 900.0
"""How much use swings around its mean, and in how many seconds."""
SYSTEM_CPU_M, SYSTEM_MEM_MIB = 350.0, 1800.0
"""What runs on a node besides pods."""
HOUR_S = 3600
PERIODS_S = 10.0
"""Scheduling periods of a container with a cpu limit, per second."""
Sample = tuple[Labels, float]


def samples(cluster: Cluster, at_s: float, began_s: float) -> Iterator[Sample]:
    """Yield what is told at an instant, seconds since the epoch.

    :param began_s: since when counters count.
    """
    for workload in cluster.workloads:
        yield from _workload(workload)
    for pod in cluster.pods:
        yield from _state(pod, at_s, began_s)
        if pod.phase == "Running":
            yield from _use(pod, at_s, began_s)
    used = _by_node(cluster.pods, at_s, began_s)
    for node in cluster.nodes:
        yield from _node(node, used.get(node.name, (0.0, 0.0)), at_s - began_s)
    for one in cluster.autoscalers:
        name = "kube_horizontalpodautoscaler"
        base = {"namespace": one.namespace, "horizontalpodautoscaler": one.name}
        target = {"scaletargetref_kind": "Deployment", "scaletargetref_name": one.deployment}
        yield {"__name__": f"{name}_info", **base, **target}, 1.0
        yield {"__name__": f"{name}_spec_max_replicas", **base}, float(one.most)
        yield {"__name__": f"{name}_status_current_replicas", **base}, float(one.current)
        limited = {"condition": "ScalingLimited", "status": "true"}
        yield {"__name__": f"{name}_status_condition", **base, **limited}, float(one.current >= one.most)
    for claim in cluster.claims:
        place = {"namespace": claim.namespace, "persistentvolumeclaim": claim.name}
        yield {"__name__": "kubelet_volume_stats_capacity_bytes", **place}, 1e11
        yield {"__name__": "kubelet_volume_stats_used_bytes", **place}, claim.used_pct * 1e9
        yield {"__name__": "kubelet_volume_stats_available_bytes", **place}, (100 - claim.used_pct) * 1e9


def series(cluster: Cluster, times_s: Iterable[float], extra: Labels | None = None) -> list[Series]:
    """Return what was told at each of some instants, as series.

    :param extra: labels of all of them.
    """
    times = sorted(times_s)
    found: dict[tuple[tuple[str, str], ...], tuple[Labels, list[float], list[int]]] = {}
    for at_s in times:
        for labels, value in samples(cluster, at_s, times[0] - HOUR_S):
            every = {**labels, **(extra or {})}
            _, values, at_ms = found.setdefault(tuple(every.items()), (every, [], []))
            values.append(value)
            at_ms.append(round(1000 * at_s))
    return [
        Series(labels, np.array(at_ms, dtype=np.int64), np.array(values))
        for labels, values, at_ms in found.values()
    ]


def _workload(one: Workload) -> Iterator[Sample]:
    base = {"namespace": one.namespace, one.kind.lower(): one.name}
    names = {
        "Deployment": ("kube_deployment_spec_replicas", "kube_deployment_status_replicas_available"),
        "StatefulSet": ("kube_statefulset_replicas", "kube_statefulset_status_replicas_ready"),
        "DaemonSet": (
            "kube_daemonset_status_desired_number_scheduled",
            "kube_daemonset_status_number_ready",
        ),
    }
    for name, value in zip(names.get(one.kind, ()), (one.asked, one.ready), strict=False):
        yield {"__name__": name, **base}, float(value)
    owner = {"owner_kind": "Deployment", "owner_name": one.name, "owner_is_controller": "true"}
    for name, count in one.sets:
        place = {"namespace": one.namespace, "replicaset": name}
        yield {"__name__": "kube_replicaset_owner", **place, **owner}, 1.0
        yield {"__name__": "kube_replicaset_spec_replicas", **place}, float(count)


def _state(pod: Pod, at_s: float, began_s: float) -> Iterator[Sample]:
    base = {"namespace": pod.namespace, "pod": pod.name}
    kind, controls = (pod.owner_kind, "true") if pod.owner_kind else ("<none>", "<none>")
    owner = {"owner_kind": kind, "owner_name": pod.owner or "<none>", "owner_is_controller": controls}
    yield {"__name__": "kube_pod_owner", **base, **owner}, 1.0
    for phase in ("Pending", "Running", "Failed"):
        yield {"__name__": "kube_pod_status_phase", **base, "phase": phase}, float(pod.phase == phase)
    for one in pod.containers:
        place = {**base, "container": one.of.name}
        yield {"__name__": "kube_pod_container_info", **place, "image": "registry.example/app:1"}, 1.0
        asked = (
            ("requests", "cpu", one.of.request_cpu_m, 0.001),
            ("requests", "memory", one.of.request_mem_mib, MIB),
            ("limits", "cpu", one.of.limit_cpu_m, 0.001),
            ("limits", "memory", one.of.limit_mem_mib, MIB),
        )
        for which, resource, value, unit in asked:
            if value is not None:
                name = f"kube_pod_container_resource_{which}"
                yield {"__name__": name, **place, "resource": resource, "node": pod.node}, value * unit
        if one.waiting:
            name = "kube_pod_container_status_waiting_reason"
            yield {"__name__": name, **place, "reason": one.waiting}, 1.0
        yield {"__name__": "kube_pod_container_status_restarts_total", **place}, _restarts(one, at_s, began_s)


def _restarts(one: Running, at_s: float, began_s: float) -> float:
    """Return the count of restarts; those of late come a minute apart once counting has begun for an hour."""
    since_min = math.floor((at_s - began_s - HOUR_S) / 60)
    return float(one.restarts + max(0, min(one.lately, since_min)))


def _cores(pod: Pod, one: Running, seconds: float) -> float:
    """Return core seconds that a container has used: its rate swings around its mean."""
    phase = zlib.crc32(pod.name.encode()) % 628 / 100
    turn = 2 * math.pi / WAVE_S
    swung = WAVE / turn * (math.cos(phase) - math.cos(turn * seconds + phase))
    return one.of.use_cpu_m / 1000 * (seconds + swung)


def _use(pod: Pod, at_s: float, began_s: float) -> Iterator[Sample]:
    base, seconds = {"namespace": pod.namespace, "pod": pod.name}, at_s - began_s
    for one in pod.containers:
        if one.waiting:
            continue
        place = {**base, "container": one.of.name, "id": f"/kubepods/{pod.name}/{one.of.name}"}
        yield {"__name__": "container_cpu_usage_seconds_total", **place}, _cores(pod, one, seconds)
        yield {"__name__": "container_memory_working_set_bytes", **place}, one.of.use_mem_mib * MIB
        if one.of.limit_cpu_m is not None:
            yield {"__name__": "container_cpu_cfs_periods_total", **place}, PERIODS_S * seconds
            held = PERIODS_S * seconds * one.throttled
            yield {"__name__": "container_cpu_cfs_throttled_periods_total", **place}, held
        if one.heap_live or one.gc:
            yield from _jvm(one, {**base, "container": one.of.name}, seconds)
    if pod.qps:
        yield from _requests(pod, base, seconds)


def _jvm(one: Running, place: Labels, seconds: float) -> Iterator[Sample]:
    """Yield what Micrometer tells of a JVM."""
    pool, most = {"area": "heap", "id": "G1 Old Gen"}, one.of.use_mem_mib * MIB
    yield {"__name__": "jvm_memory_used_bytes", **place, **pool}, most
    yield {"__name__": "jvm_memory_max_bytes", **place, **pool}, most
    yield {"__name__": "jvm_gc_live_data_size_bytes", **place}, one.heap_live * most
    cause = {"action": "end of minor GC", "cause": "G1 Evacuation Pause"}
    yield {"__name__": "jvm_gc_pause_seconds_sum", **place, **cause}, one.gc * seconds
    yield {"__name__": "jvm_gc_pause_seconds_count", **place, **cause}, math.floor(seconds)


def _requests(pod: Pod, base: Labels, seconds: float) -> Iterator[Sample]:
    for status, share in (("200", 1 - pod.failed), ("500", pod.failed)):
        labels = {**base, "uri": "/api", "status": status}
        count = pod.qps * share * seconds
        yield {"__name__": "http_server_requests_seconds_count", **labels}, count
        for bound, within in (*zip(BOUNDS_S, pod.within, strict=True), (math.inf, 1.0)):
            le = "+Inf" if math.isinf(bound) else f"{bound:g}"
            name = "http_server_requests_seconds_bucket"
            yield {"__name__": name, **labels, "le": le}, count * within


def _by_node(pods: Iterable[Pod], at_s: float, began_s: float) -> dict[str, tuple[float, float]]:
    """Return core seconds and MiB that pods have used of each node."""
    found: dict[str, tuple[float, float]] = {}
    for pod in pods:
        ran = [one for one in pod.containers if pod.phase == "Running" and not one.waiting]
        cores, mem = found.get(pod.node, (0.0, 0.0))
        found[pod.node] = (
            cores + sum(_cores(pod, one, at_s - began_s) for one in ran),
            mem + sum(one.of.use_mem_mib for one in ran),
        )
    return found


def _node(node: Node, used: tuple[float, float], seconds: float) -> Iterator[Sample]:
    of = {"node": node.name}
    for resource, value in (("cpu", node.cpu_m / 1000), ("memory", node.mem_mib * MIB), ("pods", 110.0)):
        yield {"__name__": "kube_node_status_allocatable", **of, "resource": resource}, value
    conditions = {"Ready": node.ready, "MemoryPressure": False, "DiskPressure": False, "PIDPressure": False}
    conditions |= dict.fromkeys(node.pressure, True)
    for condition, is_so in conditions.items():
        for status, value in (("true", is_so), ("false", not is_so)):
            labels = {**of, "condition": condition, "status": status}
            yield {"__name__": "kube_node_status_condition", **labels}, float(value)
    yield {"__name__": "kube_node_spec_unschedulable", **of}, float(node.cordoned)
    yield {"__name__": "kube_node_info", **of, "internal_ip": node.address}, 1.0
    if node.ready:
        root = {"id": "/", "instance": f"{node.address}:10250"}
        cores = used[0] + SYSTEM_CPU_M / 1000 * seconds
        yield {"__name__": "container_cpu_usage_seconds_total", **root}, cores
        yield {"__name__": "container_memory_working_set_bytes", **root}, (used[1] + SYSTEM_MEM_MIB) * MIB
