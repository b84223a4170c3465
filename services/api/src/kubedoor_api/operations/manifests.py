"""What operations read of a Deployment's JSON, and the patches that they lay over it. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from kubedoor_api.operations.desired import Resources, TemplateBefore
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


def template_before(deployment: Json) -> TemplateBefore:
    """Keep what a restart may change of a pod template."""
    template = template_of(deployment)
    metadata, spec = template.get("metadata") or {}, template.get("spec") or {}
    annotations = metadata.get("annotations") or {}
    found = [
        _resources(container, init=name == "initContainers")
        for name in ("containers", "initContainers")
        for container in spec.get(name) or []
    ]
    return TemplateBefore(
        restarted_by=annotations.get(RESTARTED_BY),
        restarted_at=annotations.get(RESTARTED_AT),
        containers=tuple(found),
    )


def _resources(container: Json, *, init: bool) -> Resources:
    resources = container.get("resources") or {}
    values = {name: (resources.get(kind) or {}).get(what) for name, kind, what in VALUES}
    texts = {name: None if value is None else str(value) for name, value in values.items()}
    return Resources(name=str(container.get("name", "")), init=init, **texts)


def restart_patch(operation: str, at: datetime) -> Json:
    """Return the patch that replaces the pods.

    It says the same however often it is sent, and one that changes nothing restarts nothing.
    """
    annotations = {RESTARTED_BY: operation, RESTARTED_AT: at.isoformat(timespec="seconds")}
    return {"spec": {"template": {"metadata": {"annotations": annotations}}}}


def differences(before: TemplateBefore, now: TemplateBefore) -> list[tuple[Resources, Resources]]:
    """Return the containers whose values are others now, by value and not by spelling: before and now."""
    standing = {(one.name, one.init): one for one in now.containers}
    pairs = ((one, standing.get((one.name, one.init))) for one in before.containers)
    return [(old, new) for old, new in pairs if new is not None and changed(old, new)]


def changed(old: Resources, new: Resources) -> list[str]:
    """Return the names of the values that differ."""
    return [name for name, *_ in VALUES if not _equal(getattr(old, name), getattr(new, name))]


def _equal(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    return quantity.parse(one) == quantity.parse(other)


def back_patch(before: TemplateBefore, now: TemplateBefore) -> Json:
    """Return the patch that makes a pod template what it was: Kubernetes then takes up the old ReplicaSet."""
    metadata = {"annotations": {RESTARTED_BY: before.restarted_by, RESTARTED_AT: before.restarted_at}}
    template: Json = {"metadata": metadata}
    for old, new in differences(before, now):
        resources: Json = {}
        for name, kind, what in VALUES:
            if name in changed(old, new):
                resources.setdefault(kind, {})[what] = getattr(old, name)
        holder = template.setdefault("spec", {}).setdefault(
            "initContainers" if old.init else "containers", []
        )
        holder.append({"name": old.name, "resources": resources})
    return {"spec": {"template": template}}


def control_value(name: str, text: str) -> int:
    """Return a manifest's value as the control table keeps it: whole millicores or MiB, rounded up."""
    return math.ceil(quantity.parse(text) / (NANO_PER_M if name.endswith("cpu") else NANO_PER_MIB))


def autoscaler_of(autoscalers: Iterable[Json], deployment: str) -> list[Json]:
    """Return the autoscalers that target a Deployment."""

    def targets(autoscaler: Json) -> bool:
        reference = (autoscaler.get("spec") or {}).get("scaleTargetRef") or {}
        return (reference.get("kind"), reference.get("name")) == ("Deployment", deployment)

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
