"""The kinds of workloads that are services: measured, shown, and named by (env, namespace, kind, name)."""

from __future__ import annotations

from typing import Literal, get_args

WorkloadKind = Literal["Deployment", "StatefulSet", "DaemonSet"]
DEPLOYMENT: WorkloadKind = "Deployment"
"""The only kind that admission governs, and that can be scaled or restarted from here."""
WORKLOAD_KINDS: tuple[WorkloadKind, ...] = get_args(WorkloadKind)

ServiceKey = tuple[str, str, str]
"""What tells a service from the others of its env: namespace, kind and name."""


def workload_kind(kind: str) -> WorkloadKind | None:
    """Return a kind as one of those that are services; None for any other, such as a Job."""
    return next((one for one in WORKLOAD_KINDS if one == kind), None)


def shown_service(kind: str, *path: str) -> str:
    """Return a service's name for messages: the kind goes without saying where it is a Deployment."""
    name = "/".join(path)
    return name if kind == DEPLOYMENT else f"{kind} {name}"
