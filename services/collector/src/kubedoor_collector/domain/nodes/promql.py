"""The texts of the queries about nodes: what each used, by one who tells it, and what is known of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kubedoor_core.metrics.counted import tagged, union
from kubedoor_core.metrics.resources import resources
from kubedoor_core.metrics.samples import LOOKBACK_S
from kubedoor_core.metrics.selecting import CPU, MEM, Scope

NodeSource = Literal["cadvisor", "kubelet", "node_exporter"]
NODES = "nodes"
"""What answers bear as `told_by` that are of no one's use."""
ROOT = 'id="/"'
QUARTER_S = 900
"""Seconds between two looks at what pods request: it changes with roll-outs only."""


@dataclass(frozen=True)
class Usage:
    """How one tells what a node uses.

    :ivar cpu: metric and matcher of a counter of seconds of cpu; of idle ones where ``idle`` says so.
    :ivar memory: what is in use, or what there is of it beside ``free``, what is not.
    """

    source: NodeSource
    cpu: tuple[str, str]
    memory: tuple[str, str]
    free: str = ""
    idle: bool = False


USAGES = (
    Usage("cadvisor", (CPU, ROOT), (MEM, ROOT)),
    Usage("kubelet", ("node_cpu_usage_seconds_total", ""), ("node_memory_working_set_bytes", "")),
    Usage(
        "node_exporter", ("node_cpu_seconds_total", 'mode="idle"'), ("node_memory_MemTotal_bytes", ""),
        free="node_memory_MemAvailable_bytes", idle=True,
    ),
)  # fmt: skip
"""Who tells it, who is believed most first. kube-prometheus drops cAdvisor's series of whole nodes."""


def _series(scope: Scope, metric: str, *matchers: str) -> str:
    return f"{metric}{{{','.join([*(one for one in matchers if one), *scope.of_env])}}}"


def counters(scope: Scope, usage: Usage) -> str:
    """Return the query of each node's counter, at every step; beside idle ones how many cpus these are."""
    counter = _series(scope, *usage.cpu)
    added = [tagged(f"sum without (cpu) ({counter})", usage.source, "seconds")]
    if usage.idle:
        added.append(tagged(f"count without (cpu) ({counter})", usage.source, "cpus"))
    return union(added)


def scraped(scope: Scope, usage: Usage) -> str:
    """Return the query of when the counters were scraped last, at every step."""
    return f"max without (cpu) (timestamp({_series(scope, *usage.cpu)}))"


def memory(scope: Scope, usage: Usage) -> str:
    """Return the query of the memory in use, at every step."""
    last = f"[{LOOKBACK_S:.0f}s]"
    used = f"last_over_time({_series(scope, *usage.memory)}{last})"
    return f"{used} - last_over_time({_series(scope, usage.free)}{last})" if usage.free else used


def memory_max(scope: Scope, usage: Usage, window_s: int) -> str:
    """Return the query of the most memory that was in use in a window."""
    used, last = _series(scope, *usage.memory), f"[{window_s}s]"
    if not usage.free:
        return f"max_over_time({used}{last})"
    return f"last_over_time({used}{last}) - min_over_time({_series(scope, usage.free)}{last})"


def known(scope: Scope, window_s: int) -> str:
    """Return the query of what is told of nodes in a window: what they may give, names and addresses."""
    last = f"[{window_s}s]"
    allocatable = _series(scope, "kube_node_status_allocatable", 'resource=~"cpu|memory|pods"')
    older = (
        f"label_replace(last_over_time({_series(scope, f'kube_node_status_allocatable_{name}')}{last})"
        f', "resource", "{resource}", "", "")'
        for resource, name in (("cpu", "cpu_cores"), ("memory", "memory_bytes"), ("pods", "pods"))
    )
    ready = _series(scope, "kube_node_status_condition", 'condition="Ready"', 'status="true"')
    waiting = (
        _series(scope, "node_pressure_cpu_waiting_seconds_total"),
        _series(scope, "container_pressure_cpu_waiting_seconds_total", ROOT),
    )
    return union(
        [
            tagged(union([f"last_over_time({allocatable}{last})", *older]), NODES, "allocatable"),
            tagged(f"avg_over_time({ready}{last})", NODES, "ready"),
            tagged(f"last_over_time({_series(scope, 'kube_node_info')}{last})", NODES, "info"),
            tagged(f"last_over_time({_series(scope, 'node_uname_info')}{last})", NODES, "uname"),
            *(tagged(f"rate({one}{last})", NODES, "waiting") for one in waiting),
        ]
    )


def held(scope: Scope) -> str:
    """Return the query of what running pods request of each node, and how many they are."""
    names = scope.exporter
    pod = f"{names.namespace}, {names.pod}"
    container = f"{pod}, {names.container}"

    def series(metric: str, *matchers: str) -> str:
        return _series(scope, metric, *matchers)

    phase = series("kube_pod_status_phase", 'phase="Running"')
    asked = f"max by ({container}, node, resource) ({_of_node(resources('requests', series, container))})"
    there = f"max by ({pod}, node) ({_of_node(series('kube_pod_info'))})"
    return union(
        [
            tagged(f"sum by (node, resource) (({asked}) and on ({pod}) ({phase} == 1))", NODES, "requested"),
            tagged(f"count by (node) (({there}) and on ({pod}) ({phase} == 1))", NODES, "pods"),
        ]
    )


def _of_node(query: str) -> str:
    """Return a query whose series bear the node that they tell of, not that of the exporter."""
    return f'label_replace({query}, "node", "$1", "exported_node", "(.+)")'
