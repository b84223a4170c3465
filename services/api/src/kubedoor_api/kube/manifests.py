"""What is read of a workload's JSON. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from kubedoor_api.kube.objects.cluster import Event, Node
from kubedoor_api.kube.objects.meta import Condition, KubeObject, LabelSelector, ObjectMeta, OwnerReference
from kubedoor_api.kube.objects.pods import Container, Pod, PodTemplate
from kubedoor_api.kube.objects.workloads import Deployment, HorizontalPodAutoscaler
from kubedoor_core.domain import quantity
from kubedoor_core.domain.placement.selecting import matches, read_selector

RESTARTED_BY = "kubedoor.io/restarted-by"
RESTARTED_AT = "kubedoor.io/restarted-at"
"""Annotations of the pod template. The operation's id tells a restart that was done from one that was not."""

Part = Literal["requests", "limits"]
Resource = Literal["cpu", "memory"]
VALUES: tuple[tuple[str, Part, Resource], ...] = (
    ("request_cpu", "requests", "cpu"),
    ("limit_cpu", "limits", "cpu"),
    ("request_memory", "requests", "memory"),
    ("limit_memory", "limits", "memory"),
)
"""Our name of a value, and where it stands in a container's `resources`."""
COLUMNS = {
    "request_cpu": "request_cpu_m",
    "limit_cpu": "limit_cpu_m",
    "request_memory": "request_mem_mib",
    "limit_memory": "limit_mem_mib",
}
NANO_PER_M = 10**6
NANO_PER_MIB = 2**20 * 10**9


ObjectKey = tuple[str, str]
"""Namespace and name of an object."""


def key_of(found: KubeObject) -> ObjectKey:
    """Return an object's namespace and name."""
    metadata = found.get("metadata") or {}
    return str(metadata.get("namespace") or ""), str(metadata.get("name") or "")


def moment(text: object) -> datetime | None:
    """Read a time of Kubernetes'."""
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None


class Occurrences(NamedTuple):
    """How often something has happened, and when, by the clock of who tells it."""

    times: int
    first_at: datetime | None
    last_at: datetime | None


def occurrences_of(event: Event) -> Occurrences:
    """Return how often an event has happened.

    What repeats is counted in `count` (core/v1) or in `series` (events.k8s.io); both are served as core/v1.
    """
    series, made = event.get("series") or {}, moment((event.get("metadata") or {}).get("creationTimestamp"))
    first = moment(event.get("firstTimestamp")) or moment(event.get("eventTime")) or made
    last = moment(series.get("lastObservedTime")) or moment(event.get("lastTimestamp")) or first
    return Occurrences(int(series.get("count") or event.get("count") or 1), first, last)


def replicas_of(deployment: Deployment) -> int:
    """Return the count that a Deployment asks for; a missing one means 1."""
    count = (deployment.get("spec") or {}).get("replicas")
    return 1 if count is None else int(count)


def template_of(deployment: Deployment) -> PodTemplate:
    """Return the pod template."""
    return (deployment.get("spec") or {}).get("template") or {}


def condition_of(obj: Pod | Deployment | Node, kind: str) -> Condition:
    """Return a condition of an object's status, empty if it has none."""
    none: Condition = {}
    conditions = (obj.get("status") or {}).get("conditions") or []
    return next((one for one in conditions if one.get("type") == kind), none)


def restarted_by(metadata: ObjectMeta) -> str | None:
    """Return the operation that metadata of a pod or a template name."""
    return (metadata.get("annotations") or {}).get(RESTARTED_BY)


def replica_set_of(pod: Pod) -> str:
    """Return the name of the ReplicaSet that a pod belongs to; empty if to none."""
    owners = (pod.get("metadata") or {}).get("ownerReferences") or []
    return next((str(owner["name"]) for owner in owners if owner.get("kind") == "ReplicaSet"), "")


def value_of(container: Container, part: Part, what: Resource) -> str | None:
    """Return a request or a limit as a container's manifest writes it; None where it has none."""
    value = ((container.get("resources") or {}).get(part) or {}).get(what)
    return None if value is None else str(value)


def control_value(name: str, text: str) -> int:
    """Return a manifest's value as the control table keeps it: whole millicores or MiB, rounded up."""
    return math.ceil(quantity.parse(text) / (NANO_PER_M if name.endswith("cpu") else NANO_PER_MIB))


def autoscaler_of(autoscalers: Iterable[HorizontalPodAutoscaler], name: str) -> list[HorizontalPodAutoscaler]:
    """Return the autoscalers that target a Deployment."""

    def targets(autoscaler: HorizontalPodAutoscaler) -> bool:
        reference = (autoscaler.get("spec") or {}).get("scaleTargetRef") or {}
        return (reference.get("kind"), reference.get("name")) == ("Deployment", name)

    return [one for one in autoscalers if targets(one)]


def owner_of(obj: KubeObject) -> str:
    """Return what made an object and would undo a change, such as `ScaledObject web`; empty if nothing."""
    for owner in (obj.get("metadata") or {}).get("ownerReferences") or []:
        if owner.get("controller"):
            return f"{owner.get('kind')} {owner.get('name')}"
    return ""


def controller_of(pod: Pod) -> OwnerReference:
    """Return the reference to what made a pod; empty if nothing did."""
    none: OwnerReference = {}
    owners = pod["metadata"].get("ownerReferences") or []
    return next((one for one in owners if one.get("controller")), none)


def made_by(owner_uid: str, pods: Iterable[Pod]) -> list[Pod]:
    """Return the pods that one and the same thing has made; none of nothing."""
    return [pod for pod in pods if owner_uid and controller_of(pod).get("uid") == owner_uid]


def selects(selector: LabelSelector | None, labels: Mapping[str, str]) -> bool:
    """Tell whether a LabelSelector selects what bears labels; an empty one selects all, none nothing."""
    return matches(read_selector(selector), labels)


def selector_text(selector: LabelSelector) -> str:
    """Write a LabelSelector as a query takes it."""
    parts = [f"{key}={value}" for key, value in (selector.get("matchLabels") or {}).items()]
    for expression in selector.get("matchExpressions") or []:
        key, values = expression["key"], ",".join(expression.get("values") or [])
        operator = expression["operator"]
        forms = {"In": f"{key} in ({values})", "NotIn": f"{key} notin ({values})", "Exists": key}
        parts.append(forms.get(operator, f"!{key}"))
    return ",".join(parts)
