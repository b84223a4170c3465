"""What a restart may change of a pod template, and the patches that restart it or roll it back. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kubedoor_api.kube.manifests import RESTARTED_AT, RESTARTED_BY, VALUES, template_of
from kubedoor_api.operations.desired import Resources, TemplateBefore
from kubedoor_core.domain import quantity

Json = dict[str, Any]


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


def rollback_patch(before: TemplateBefore, now: TemplateBefore) -> Json:
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
