"""What is read of a workload's JSON. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from kubedoor_core.domain import quantity

Json = dict[str, Any]

RESTARTED_BY = "kubedoor.io/restarted-by"
RESTARTED_AT = "kubedoor.io/restarted-at"
"""Annotations of the pod template. The operation's id tells a restart that was done from one that was not."""

VALUES = (
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


def replicas_of(deployment: Json) -> int:
    """Return the count that a Deployment asks for; a missing one means 1."""
    count = (deployment.get("spec") or {}).get("replicas")
    return 1 if count is None else int(count)


def template_of(deployment: Json) -> Json:
    """Return the pod template."""
    template: Json = (deployment.get("spec") or {}).get("template") or {}
    return template


def condition_of(obj: Json, kind: str) -> Json:
    """Return a condition of an object's status, empty if it has none."""
    conditions: Iterable[Json] = (obj.get("status") or {}).get("conditions") or []
    return next((one for one in conditions if one.get("type") == kind), {})


def restarted_by(metadata: Json) -> str | None:
    """Return the operation that metadata of a pod or a template name."""
    return (metadata.get("annotations") or {}).get(RESTARTED_BY)


def control_value(name: str, text: str) -> int:
    """Return a manifest's value as the control table keeps it: whole millicores or MiB, rounded up."""
    return math.ceil(quantity.parse(text) / (NANO_PER_M if name.endswith("cpu") else NANO_PER_MIB))


def autoscaler_of(autoscalers: Iterable[Json], name: str) -> list[Json]:
    """Return the autoscalers that target a Deployment."""

    def targets(autoscaler: Json) -> bool:
        reference = (autoscaler.get("spec") or {}).get("scaleTargetRef") or {}
        return (reference.get("kind"), reference.get("name")) == ("Deployment", name)

    return [one for one in autoscalers if targets(one)]


def owner_of(obj: Json) -> str:
    """Return what made an object and would undo a change, such as `ScaledObject web`; empty if nothing."""
    for owner in (obj.get("metadata") or {}).get("ownerReferences") or []:
        if owner.get("controller"):
            return f"{owner.get('kind')} {owner.get('name')}"
    return ""


def selector_text(selector: Json) -> str:
    """Write a LabelSelector as a query takes it."""
    parts = [f"{key}={value}" for key, value in (selector.get("matchLabels") or {}).items()]
    for expression in selector.get("matchExpressions") or []:
        key, values = expression["key"], ",".join(expression.get("values") or [])
        operator = expression["operator"]
        forms = {"In": f"{key} in ({values})", "NotIn": f"{key} notin ({values})", "Exists": key}
        parts.append(forms.get(operator, f"!{key}"))
    return ",".join(parts)
