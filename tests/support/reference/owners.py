"""Whose a pod is: by its own controller, and names only where the store tells no owners at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from support.reference.raw import Raw, Samples

Workload = tuple[str, str, str]
"""Namespace, kind, name."""

_GENERATED = "bcdfghjklmnpqrstvwxz2456789"
_NAMED = re.compile(rf"(?P<deployment>.+)-[{_GENERATED}]{{6,10}}-[{_GENERATED}]{{5}}")


@dataclass
class Attribution:
    """The workload of each pod, and the pods that are nobody's with the reason."""

    workloads: dict[tuple[str, str], Workload] = field(default_factory=dict)
    left_out: dict[tuple[str, str], str] = field(default_factory=dict)


def attribute(samples: Samples) -> Attribution:
    """Attribute every pod that kube-state-metrics or cAdvisor tells of."""
    owners = _controllers(samples.of("kube_pod_owner"), "pod")
    sets = _controllers(samples.of("kube_replicaset_owner"), "replicaset")
    found = Attribution()
    told = samples.of("kube_pod_container_info") + samples.containers("container_cpu_usage_seconds_total")
    for pod in {raw.pod for raw in told}:
        if samples.of("kube_pod_owner"):
            _by_owner(pod, owners, sets, found)
        else:
            _by_name(pod, found)
    return found


def _by_owner(
    pod: tuple[str, str],
    owners: dict[tuple[str, str], tuple[str, str]],
    sets: dict[tuple[str, str], tuple[str, str]],
    found: Attribution,
) -> None:
    namespace = pod[0]
    if pod not in owners:
        found.left_out[pod] = "no controller"
        return
    kind, name = owners[pod]
    if kind == "ReplicaSet":
        kind, name = sets.get((namespace, name), (kind, name))
    found.workloads[pod] = namespace, kind, name


def _by_name(pod: tuple[str, str], found: Attribution) -> None:
    match = _NAMED.fullmatch(pod[1])
    if match is None:
        found.left_out[pod] = "not named as a Deployment's pod"
    else:
        found.workloads[pod] = pod[0], "Deployment", match["deployment"]


def _controllers(series: list[Raw], label: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Return kind and name of the controller of each object; one without a controller is not in it."""
    found = {}
    for raw in series:
        controls = raw.labels.get("owner_is_controller", "true") == "true"
        kind, name = raw.labels.get("owner_kind", ""), raw.labels.get("owner_name", "")
        if controls and kind not in ("", "<none>") and name not in ("", "<none>"):
            found[raw.labels["namespace"], raw.labels.get(label, "")] = kind, name
    return found
