"""The queries of single pods. Grafana fills in the variables, some escaped: hence the backticks."""

from __future__ import annotations

from kubedoor_api.statistics.pod_metrics import GENERATED, MEGA

PODS = 'namespace="$namespace",pod=~`${service:regex}-' + GENERATED + "{1,10}-" + GENERATED + "{5}`$matchers"
"""A Deployment's pods: its name, a ReplicaSet's hash, five characters."""
CONTAINERS = PODS + ',container!="",container!="POD"'
EACH = "pod, container"

CPU = f"sum by ({EACH}) (rate(container_cpu_usage_seconds_total{{{CONTAINERS}}}[$__rate_interval]))"
MEM = f"max by ({EACH}) (container_memory_working_set_bytes{{{CONTAINERS}}}) / {MEGA}"
RESTARTS = (
    f"sum by ({EACH}) (increase(kube_pod_container_status_restarts_total{{{CONTAINERS}}}[$__rate_interval]))"
)
_PERIODS = f"periods_total{{{CONTAINERS}}}[$__rate_interval]"
THROTTLED = (
    f"100 * sum by ({EACH}) (rate(container_cpu_cfs_throttled_{_PERIODS}))"
    f" / sum by ({EACH}) (rate(container_cpu_cfs_{_PERIODS}))"
)
RUNNING = f"count(group by (pod) (kube_pod_container_info{{{CONTAINERS}}}))"
WANTED = 'max(kube_deployment_spec_replicas{namespace="$namespace",deployment="$service"$matchers})'


def asked(kind: str, unit: str, divisor: int = 1) -> str:
    """Return a container's request or limit; `unit` is there in every version that has one metric for all."""
    series = f'kube_pod_container_resource_{kind}{{{CONTAINERS},unit="{unit}"}}'
    return f"max by (container) ({series}) / {divisor}"
