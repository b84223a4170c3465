"""The texts of the queries for single pods, as pure functions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from kubedoor_core.domain import generated_names
from kubedoor_core.domain.workload import DEPLOYMENT, WorkloadKind

GENERATED = f"[{generated_names.GENERATED}]"
MEGA = 1_048_576
CONTAINERS = 'container!="",container!="POD"'
MAX_POINTS = 300
LEAST_STEP_S = 15


def step_s(seconds: float) -> int:
    """Return a step that gives at most 300 points."""
    return max(LEAST_STEP_S, -(-int(seconds) // MAX_POINTS))


def text(value: str) -> str:
    """Quote a string as PromQL does: by the rules of JSON, for what can stand in a label."""
    return json.dumps(value, ensure_ascii=False)


ENDINGS: Mapping[WorkloadKind, str] = {
    "Deployment": f"-{GENERATED}{{1,10}}-{GENERATED}{{5}}",
    "StatefulSet": "-[0-9]+",
    "DaemonSet": f"-{GENERATED}{{5}}",
}
"""What a workload's name is followed by in those of its pods: a ReplicaSet's hash, an ordinal."""


def selector(namespace: str, name: str, env_label: str, kind: WorkloadKind = DEPLOYMENT) -> str:
    """Select the containers of a workload's pods, by their names."""
    # What means something in an RE2 expression is escaped, and nothing else: RE2 refuses other escapes.
    literally = re.sub(r"([.^$*+?()\[\]{}|\\])", r"\\\1", name)
    pods = literally + ENDINGS[kind]
    matchers = [f"namespace={text(namespace)}", f"pod=~{text(pods)}", CONTAINERS]
    label, separator, value = env_label.partition("=")
    if separator:
        matchers.append(f"{label}={text(value)}")
    return "{" + ",".join(matchers) + "}"


def cpu_query(selected: str, step: int) -> str:
    """Return the query for millicores: over two scrapes at least."""
    window = max(4 * step, 120)
    return f"1000 * sum by (pod, container) (rate(container_cpu_usage_seconds_total{selected}[{window}s]))"


def mem_query(selected: str) -> str:
    """Return the query for MiB."""
    return f"max by (pod, container) (container_memory_working_set_bytes{selected}) / {MEGA}"
