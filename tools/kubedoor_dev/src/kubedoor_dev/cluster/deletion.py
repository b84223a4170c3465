"""What a deletion leaves: nothing, or an object that waits for its finalizers."""

from __future__ import annotations

from typing import Any

from kubedoor_dev.cluster.resources import NAMESPACES, Resource
from kubedoor_dev.cluster.store import now

Json = dict[str, Any]

FOREGROUND, ORPHAN = "foregroundDeletion", "orphan"
FINALIZER_OF_POLICY = {"Foreground": FOREGROUND, "Orphan": ORPHAN}
SYSTEM_FIELDS = (
    "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink",
    "generation",
)  # fmt: skip


def deletion_of(obj: Json, options: Json) -> Json | None:
    """Return the object with its deletion marked, or none if it can go at once."""
    metadata = dict(obj["metadata"])
    finalizers = list(metadata.get("finalizers", []))
    finalizer = FINALIZER_OF_POLICY.get(options.get("propagationPolicy", ""))
    if finalizer and finalizer not in finalizers:
        finalizers.append(finalizer)
    is_namespace = obj["kind"] == NAMESPACES.kind
    if not finalizers and not is_namespace:
        return None
    metadata.setdefault("deletionTimestamp", now())
    if not is_namespace:
        metadata.setdefault("deletionGracePeriodSeconds", 0)
    if finalizers:
        metadata["finalizers"] = finalizers
    marked = {**obj, "metadata": metadata}
    return {**marked, "status": {"phase": "Terminating"}} if is_namespace else marked


def success(resource: Resource, obj: Json) -> Json:
    """Return the answer to a deletion that is done."""
    details = resource.named.details(obj["metadata"]["name"], uid=obj["metadata"]["uid"])
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "details": details,
    }
