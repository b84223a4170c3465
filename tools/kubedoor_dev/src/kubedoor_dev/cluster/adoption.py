"""Which pods belong to a ReplicaSet: it lets go of those that its selector misses, and adopts what fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster.replicasets import owner_reference
from kubedoor_dev.cluster.resources import PODS, REPLICA_SETS
from kubedoor_dev.cluster.selectors import from_object, matches
from kubedoor_dev.cluster.store import Event, Key, Store

if TYPE_CHECKING:
    from kubedoor_dev.cluster.garbage import Owned

Json = dict[str, Any]


class Adoption:
    """Lets go and takes up, as the controller of ReplicaSets does by its selector."""

    def __init__(self, store: Store, owned: Owned) -> None:
        self._store = store
        self._owned = owned
        self._orphans: set[Key] = set()

    def heard(self, event: Event) -> bool:
        """Follow the pods that belong to nothing, and tell whether this is one that a set might take up."""
        if event.key.resource != PODS.id:
            return False
        orphan = event.type != "DELETED" and not event.obj["metadata"].get("ownerReferences")
        (self._orphans.add if orphan else self._orphans.discard)(event.key)
        return orphan

    def pods_of(self, replica_set: Json) -> list[Json]:
        """Return the pods of a ReplicaSet, once it has let go of some and taken up others."""
        selector = from_object(replica_set["spec"]["selector"])
        found = []
        for key in self._owned.of(replica_set["metadata"]["uid"], PODS):
            pod = self._store.get(key)
            if pod is None:
                continue
            if matches(selector, pod["metadata"].get("labels")):
                found.append(pod)
            else:
                del pod["metadata"]["ownerReferences"]
                self._write(key, pod)
        return found + [self._taken_up(key, replica_set) for key in self._fitting(selector, replica_set)]

    def _fitting(self, selector: Any, replica_set: Json) -> list[Key]:  # noqa: ANN401 what from_object returns
        namespace = replica_set["metadata"]["namespace"]
        keys = sorted(key for key in self._orphans if key.namespace == namespace)
        pods = ((key, self._store.peek(key)) for key in keys)
        return [key for key, pod in pods if pod and matches(selector, pod["metadata"].get("labels"))]

    def _taken_up(self, key: Key, replica_set: Json) -> Json:
        pod = self._store.get(key)
        assert pod is not None
        pod["metadata"]["ownerReferences"] = [owner_reference(REPLICA_SETS, replica_set)]
        return self._write(key, pod)

    def _write(self, key: Key, pod: Json) -> Json:
        return self._store.update(key, pod, pod["metadata"]["resourceVersion"])
