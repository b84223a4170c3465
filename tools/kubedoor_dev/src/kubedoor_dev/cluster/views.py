"""What a subresource shows of an object, and what a write to it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster import pod_status
from kubedoor_dev.cluster.copies import copied
from kubedoor_dev.cluster.selectors import to_text

if TYPE_CHECKING:
    from kubedoor_dev.cluster.resources import Resource

Json = dict[str, Any]

KEPT_META = ("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds")
SCALE_META = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")


def view(obj: Json, subresource: str) -> Json:
    """Return what a path shows: the object, or its Scale."""
    return scale_of(obj) if subresource == "scale" else obj


def scale_of(obj: Json) -> Json:
    """Make a Deployment's Scale. Zero replicas are left out of its spec, and it has no labels."""
    replicas = obj["spec"].get("replicas", 1)
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {key: obj["metadata"][key] for key in SCALE_META if key in obj["metadata"]},
        "spec": {"replicas": replicas} if replicas else {},
        "status": {
            "replicas": obj.get("status", {}).get("replicas", 0),
            "selector": to_text(obj["spec"].get("selector")),
        },
    }


def folded(resource: Resource, subresource: str, current: Json, new: Json) -> Json:
    """Return the object that is stored when `new` is written to a path."""
    match subresource:
        case "scale":
            folded = _with_replicas(current, new["spec"].get("replicas", 0))
        case "resize":
            folded = pod_status.resized(current, new)
        case "ephemeralcontainers":
            folded = pod_status.with_ephemeral(current, new)
        case "status":
            folded = _with_status(current, new)
        case _:
            folded = _whole(resource, current, new)
    if resource.has_generation:
        _count_generation(resource, current, folded)
    return folded


def _with_replicas(current: Json, replicas: int) -> Json:
    return {**current, "spec": {**current["spec"], "replicas": replicas}}


def _with_status(current: Json, new: Json) -> Json:
    """A status write may change annotations too, but neither spec nor labels."""
    metadata = dict(current["metadata"])
    metadata.pop("annotations", None)
    if annotations := new["metadata"].get("annotations"):
        metadata["annotations"] = annotations
    return {**current, "metadata": metadata, "status": new.get("status", {})}


def _whole(resource: Resource, current: Json, new: Json) -> Json:
    """What the system sets stays; status stays where it has a path of its own."""
    folded = copied(new)
    metadata, before = folded["metadata"], current["metadata"]
    for key in KEPT_META:
        if key in before:
            metadata.setdefault(key, before[key])
        elif key.startswith("deletion"):
            metadata.pop(key, None)
    if "generateName" in before:
        metadata.setdefault("generateName", before["generateName"])
    if "status" in resource.subresources:
        folded["status"] = copied(current.get("status", {}))
    return folded


def _count_generation(resource: Resource, current: Json, folded: Json) -> None:
    """Count what changes the desired state; of a Deployment annotations too, as its ReplicaSets get them."""
    content = "spec" if "status" in resource.subresources else "webhooks"
    generation = current["metadata"].get("generation", 1)
    changed = current.get(content) != folded.get(content)
    if resource.kind == "Deployment":
        before, after = (one["metadata"].get("annotations") or {} for one in (current, folded))
        changed = changed or before != after
    folded["metadata"] = {**folded["metadata"], "generation": generation + changed}
