"""Deleting what belonged to what was deleted: by owner references, finalizers and namespaces."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster.attributes import Context, User
from kubedoor_dev.cluster.deletion import FOREGROUND, ORPHAN
from kubedoor_dev.cluster.patches import MERGE_PATCH, Patch
from kubedoor_dev.cluster.resources import ALL, NAMESPACES, Resource
from kubedoor_dev.cluster.store import Event, Key, StaleError, Store

if TYPE_CHECKING:
    from kubedoor_dev.cluster.api import Api, Target

Json = dict[str, Any]

COLLECTOR = User(
    "system:serviceaccount:kube-system:generic-garbage-collector",
    ("system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"),
)


@dataclass
class Owned:
    """Which objects belong to which owner, by its uid."""

    _keys: defaultdict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))

    def heard(self, event: Event) -> None:
        """Follow a change."""
        for obj in (event.before, event.obj if event.type == "DELETED" else None):
            for uid in _owners(obj):
                self._keys[uid].discard(event.key)
        if event.type != "DELETED":
            for uid in _owners(event.obj):
                self._keys[uid].add(event.key)

    def of(self, uid: str, resource: Resource | None = None) -> list[Key]:
        """Return the keys of what belongs to an object, in their order."""
        keys = self._keys.get(uid, set())
        return sorted(key for key in keys if resource is None or key.resource == resource.id)


def _owners(obj: Json | None) -> list[str]:
    return [one["uid"] for one in (obj or {}).get("metadata", {}).get("ownerReferences", [])]


def delete_quietly(store: Store, key: Key) -> None:
    """Delete an object that may be gone already."""
    with contextlib.suppress(StaleError):
        store.delete(key)


def delete_owned(store: Store, owned: Owned, uid: str) -> None:
    """Delete what belongs to an object; what belongs to that in turn follows by its own event."""
    for key in owned.of(uid):
        delete_quietly(store, key)


def empty_namespace(store: Store, name: str) -> None:
    """Delete everything in a namespace, then the namespace."""
    for resource in ALL:
        if resource.namespaced:
            for obj in list(store.all_of(resource.id, name)):
                delete_quietly(store, Key(resource.id, name, obj["metadata"]["name"]))
    delete_quietly(store, Key(NAMESPACES.id, "", name))


async def finalize(api: Api, owned: Owned, target: Target, obj: Json) -> None:
    """Do what an object's deletion waits for, and drop its finalizer with a PATCH, as the real one does.

    :raises ApiError: when the PATCH is refused, by admission for instance.
    """
    finalizers = obj["metadata"].get("finalizers", [])
    left = [one for one in finalizers if one not in (FOREGROUND, ORPHAN)]
    if left == finalizers:
        return
    if ORPHAN in finalizers:
        _release(api.store, owned, obj)
    else:
        delete_owned(api.store, owned, obj["metadata"]["uid"])
    version = obj["metadata"]["resourceVersion"]
    patch = {"metadata": {"resourceVersion": version, "finalizers": left or None}}
    await api.patch(target, Patch(MERGE_PATCH, patch), Context(user=COLLECTOR))


def _release(store: Store, owned: Owned, owner: Json) -> None:
    """Take the owner's reference out of what belongs to it."""
    uid = owner["metadata"]["uid"]
    for key in owned.of(uid):
        obj = store.get(key)
        if obj is None:
            continue
        references = obj["metadata"].pop("ownerReferences")
        if others := [one for one in references if one["uid"] != uid]:
            obj["metadata"]["ownerReferences"] = others
        store.update(key, obj, obj["metadata"]["resourceVersion"])
