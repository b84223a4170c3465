"""The tables of KubeDoor 0.2 with every fault that they have, and what runs in its clusters."""

from __future__ import annotations

from typing import Any

RESOURCES = """
CREATE TABLE k8s_resources
(
    date DateTime('Asia/Shanghai'), env String, namespace String, deployment String, pod_count UInt8,
    p95_pod_load Float32, p95_pod_cpu_pct Float32, p95_pod_wss_mb Float32, p95_pod_wss_pct Float32,
    limit_pod_cpu_m Float32, limit_pod_mem_mb Float32, request_pod_cpu_m Float32,
    request_pod_mem_mb Float32,
    p95_pod_qps Float32, p95_pod_g1gc_qps Float32, pod_jvm_max_mb Float32
)
ENGINE = MergeTree ORDER BY (date, env, namespace, deployment)
"""
CONTROL = """
CREATE TABLE k8s_res_control
(
    env String, namespace String, deployment String, pod_count_init Int32, pod_count Int32,
    pod_count_manual Int32,
    p95_pod_cpu_pct Float32, p95_pod_mem_pct Float32, request_cpu_m Int32, request_mem_mb Int32,
    limit_cpu_m Int32, limit_mem_mb Int32, update DateTime('Asia/Shanghai'), pod_mem_saved_mb Float32,
    pod_qps Float32, pod_g1gc_qps Float32, pod_count_ai Int32, pod_qps_ai Float32, pod_load_ai Float32,
    pod_g1gc_qps_ai Float32,
    update_ai DateTime('Asia/Shanghai')
)
ENGINE = MergeTree ORDER BY (env, namespace, deployment)
"""
DAY = {
    "env": "prod", "namespace": "shop", "pod_count": 3, "p95_pod_load": 0.25, "p95_pod_cpu_pct": 25.0,
    "p95_pod_wss_mb": 300.2, "p95_pod_wss_pct": 58.6, "limit_pod_cpu_m": 1000, "limit_pod_mem_mb": 512,
    "request_pod_cpu_m": 500, "request_pod_mem_mb": 256, "p95_pod_qps": -1, "p95_pod_g1gc_qps": -1,
    "pod_jvm_max_mb": -1,
}  # fmt: skip
SERVICE = {
    "env": "prod", "namespace": "shop", "pod_count_init": 3, "pod_count": 3, "pod_count_manual": 4,
    "p95_pod_cpu_pct": 25, "p95_pod_mem_pct": 60, "request_cpu_m": 250, "request_mem_mb": 301,
    "limit_cpu_m": 1000, "limit_mem_mb": 512, "update": "2026-10-05 02:00:00", "pod_count_ai": -1,
    "update_ai": "2026-10-05 02:00:00",
}  # fmt: skip


def day(deployment: str, end: str = "2026-10-01 11:30:00", **values: Any) -> dict[str, Any]:
    return {**DAY, "deployment": deployment, "date": end, **values}


def service(deployment: str, **values: Any) -> dict[str, Any]:
    return {**SERVICE, "deployment": deployment, **values}


DAYS = [
    day("cart"),
    day("cart", "2026-10-02 11:30:00"), day("cart", "2026-10-02 11:30:00"),  # twice
    # nothing of the 3rd: deleted, and the new day never came
    day("cart", "2026-10-04 11:30:00", pod_count=255, p95_pod_wss_mb=-1, limit_pod_mem_mb=-1000),
    day("cart", "2026-10-05 11:30:00", p95_pod_load=-1, p95_pod_wss_mb=-1000),  # nothing measured
    day("cart", "2026-10-06 11:30:00"), day("cart", "2026-10-06 11:30:00", p95_pod_load=0.9),  # contradict
    day("cart", "2026-10-07 19:00:00"),  # other hours
    day("cart", "2026-10-08 19:30:00"),
    day("huge"),  # more pods than the old count could hold
    day("sidecar"),  # two containers: use is their mean
    day("redis"),  # a StatefulSet's pods looked like a Deployment's
    day("cart", env="nowhere"),
    day("cart", env="test", p95_pod_load=0.05),
]  # fmt: skip
SERVICES = [
    service("cart"), service("cart"),  # twice
    service("later", pod_count_manual=2), service("later", pod_count_manual=7, update="2026-10-06 02:00:00"),
    service("torn", pod_count_manual=2), service("torn", pod_count_manual=7),  # which?
    service("zero", pod_count_manual=0),
    service("huge", pod_count_manual=255),
    service("unset", pod_count_manual=-1, limit_cpu_m=-1, limit_mem_mb=-1000),
    service("sidecar"),
    service("above", request_cpu_m=2000),
    service("redis"),
    service("mixed", pod_count_manual=9), service("mixed", env="test", pod_count_manual=9, limit_cpu_m=800),
    service("gone", env="nowhere"),
]  # fmt: skip


def deployment(name: str, *, replicas: int = 3, containers: tuple[str, ...] = ("app",)) -> dict[str, Any]:
    limits = {"resources": {"limits": {"cpu": "1", "memory": "512Mi"}}}
    pod = {"containers": [{"name": container, **limits} for container in containers]}
    spec = {"replicas": replicas, "template": {"spec": pod}}
    return {"kind": "Deployment", "metadata": {"namespace": "shop", "name": name}, "spec": spec}


RUNNING = {
    "prod": [
        *(deployment(name) for name in ("cart", "later", "torn", "zero", "unset", "above")),
        deployment("huge", replicas=300), deployment("sidecar", containers=("app", "proxy")),
        deployment("mixed", replicas=9),
    ],
    "test": [deployment("cart"), deployment("mixed", replicas=1)],
}  # fmt: skip
