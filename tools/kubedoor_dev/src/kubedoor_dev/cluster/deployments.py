"""The deployment and ReplicaSet controllers: one step of a Deployment towards what it is to be."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster import deployment_status, pod_status
from kubedoor_dev.cluster.garbage import Owned, delete_quietly
from kubedoor_dev.cluster.replicasets import REVISION, has_template, replica_set, revision_of
from kubedoor_dev.cluster.resources import PODS, REPLICA_SETS
from kubedoor_dev.cluster.rollout import Count, plan
from kubedoor_dev.cluster.store import Key, Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from kubedoor_dev.cluster.adoption import Adoption
    from kubedoor_dev.cluster.pods import Pods
    from kubedoor_dev.cluster.recorder import Recorder

Json = dict[str, Any]


@dataclass(frozen=True)
class Set:
    """A ReplicaSet with its pods."""

    obj: Json
    pods: list[Json]
    available: int

    @property
    def key(self) -> Key:
        """Its key in the store."""
        return Key(REPLICA_SETS.id, self.obj["metadata"]["namespace"], self.obj["metadata"]["name"])

    @property
    def count(self) -> Count:
        """Its pods as a rollout counts them."""
        return Count(self.obj["spec"]["replicas"], self.available)


@dataclass
class Progress:
    """When each Deployment's rollout last got better, on the monotonic clock."""

    _best: dict[str, tuple[tuple[int, ...], float]] = field(default_factory=dict)

    def since(self, deployment: Json, revision: int, pods: deployment_status.Pods) -> float:
        """Note the counts, and return the seconds since something got better."""
        uid, at = deployment["metadata"]["uid"], time.monotonic()
        score = (revision, pods.updated, pods.available, -(pods.total - pods.updated))
        known = self._best.get(uid)
        if known is None or score > known[0] or score[0] != known[0][0]:
            self._best[uid] = score, at
            return 0.0
        return at - known[1]

    def forget(self, uid: str) -> None:
        """Forget a Deployment that is gone."""
        self._best.pop(uid, None)


class Deployments:
    """Works on one Deployment at a time; the changes it makes call it again."""

    def __init__(
        self, store: Store, owned: Owned, pods: Pods, recorder: Recorder, adoption: Adoption
    ) -> None:
        self._store = store
        self._owned = owned
        self._pods = pods
        self._recorder = recorder
        self._progress = Progress()
        self._adoption = adoption

    def forget(self, uid: str) -> None:
        """Forget a Deployment that is gone."""
        self._progress.forget(uid)

    def sync(self, key: Key, again: Callable[[float], None]) -> None:
        """Take the next step of a Deployment.

        :param again: asks for another call after so many seconds.
        """
        deployment = self._store.get(key)
        if deployment is None or deployment["metadata"].get("deletionTimestamp"):
            return
        sets = [self._set(one, deployment, again) for one in self._owned.of(_uid(deployment), REPLICA_SETS)]
        new, olds = self._split(deployment, sets)
        wanted = plan(deployment["spec"], new.count, [old.count for old in olds])
        for one, replicas in zip([new, *olds], [wanted.new, *wanted.olds], strict=True):
            self._scale(deployment, one, replicas)
        self._prune(deployment, olds)
        self._tell_status(key, deployment, new, [new, *olds], again)

    def _set(self, key: Key, deployment: Json, again: Callable[[float], None]) -> Set:
        obj = self._store.get(key)
        assert obj is not None
        pods = self._adoption.pods_of(obj)
        least_s = deployment["spec"].get("minReadySeconds", 0)
        available = sum(self._is_available(pod, least_s, again) for pod in pods)
        return Set(obj, pods, available)

    def _is_available(self, pod: Json, least_s: int, again: Callable[[float], None]) -> bool:
        """A pod is available once it was ready for `minReadySeconds`."""
        since = pod_status.ready_since(pod)
        if since is None or not least_s:
            return since is not None
        left_s = least_s - (datetime.now(UTC) - datetime.fromisoformat(since)).total_seconds()
        if left_s > 0:
            again(left_s)
        return left_s <= 0

    def _split(self, deployment: Json, sets: list[Set]) -> tuple[Set, list[Set]]:
        """Return the ReplicaSet of the template, made if missing, and the others, oldest first."""
        sets = sorted(sets, key=lambda one: revision_of(one.obj))
        template = deployment["spec"]["template"]
        new = next((one for one in sets if has_template(one.obj, template)), None)
        latest = max((revision_of(one.obj) for one in sets), default=0)
        if new is None:
            obj = replica_set(deployment, latest + 1)
            place = obj["metadata"]
            key = Key(REPLICA_SETS.id, place["namespace"], place["name"])
            new = Set(self._store.create(key, obj), [], 0)
        elif revision_of(new.obj) < latest:
            new.obj["metadata"]["annotations"][REVISION] = str(latest + 1)
            new = Set(self._write(new.key, new.obj), new.pods, new.available)
        return new, [one for one in sets if one.key != new.key]

    def _write(self, key: Key, obj: Json) -> Json:
        return self._store.update(key, obj, obj["metadata"]["resourceVersion"])

    def _scale(self, deployment: Json, one: Set, replicas: int) -> None:
        """Give a ReplicaSet its count, make or delete pods, and write its status."""
        before, name = one.obj["spec"]["replicas"], one.key.name
        if replicas != before:
            direction = "up" if replicas > before else "down"
            one.obj["spec"]["replicas"] = replicas
            one.obj["metadata"]["generation"] += 1
            text = f"Scaled {direction} replica set {name} from {before} to {replicas}"
            self._recorder.tell(deployment, "ScalingReplicaSet", text)
        for _ in range(replicas - len(one.pods)):
            self._pods.make(one.obj)
        for pod in sorted(one.pods, key=_goes_last)[: max(0, len(one.pods) - replicas)]:
            self._delete_pod(one.obj, pod)
        ready = sum(map(pod_status.is_ready, one.pods))
        counts = {"readyReplicas": ready, "availableReplicas": one.available}
        one.obj["status"] = {
            "replicas": len(one.pods),
            **{key: value for key, value in counts.items() if value},
            "observedGeneration": one.obj["metadata"]["generation"],
        }
        self._write(one.key, one.obj)

    def _delete_pod(self, owner: Json, pod: Json) -> None:
        metadata = pod["metadata"]
        delete_quietly(self._store, Key(PODS.id, metadata["namespace"], metadata["name"]))
        self._recorder.tell(owner, "SuccessfulDelete", f"Deleted pod: {metadata['name']}")

    def _prune(self, deployment: Json, olds: list[Set]) -> None:
        """Keep only so many old ReplicaSets as the history is to have."""
        empty = [one for one in olds if not one.obj["spec"]["replicas"] and not one.pods]
        for one in empty[: max(0, len(olds) - deployment["spec"]["revisionHistoryLimit"])]:
            delete_quietly(self._store, one.key)

    def _tell_status(
        self, key: Key, deployment: Json, new: Set, sets: list[Set], again: Callable[[float], None]
    ) -> None:
        everything = [pod for one in sets for pod in one.pods]
        counted = deployment_status.Pods(
            total=len(everything),
            updated=len(new.pods),
            ready=sum(map(pod_status.is_ready, everything)),
            available=sum(one.available for one in sets),
        )
        deadline_s = deployment["spec"]["progressDeadlineSeconds"]
        waited_s = self._progress.since(deployment, revision_of(new.obj), counted)
        late = waited_s >= deadline_s
        progress = deployment_status.progressing(deployment, new.key.name, counted, late=late)
        if progress["reason"] in ("ReplicaSetUpdated", "NewReplicaSetCreated"):
            again(deadline_s - waited_s)
        deployment["status"] = deployment_status.status(deployment, counted, progress)
        annotations = deployment["metadata"].setdefault("annotations", {})
        annotations[REVISION] = str(revision_of(new.obj))
        self._write(key, deployment)


def _uid(obj: Json) -> str:
    uid: str = obj["metadata"]["uid"]
    return uid


def _goes_last(pod: Json) -> tuple[bool, bool, str]:
    """Pods without a node go first, then those that are not ready, then by name."""
    placed = bool(pod["spec"].get("nodeName"))
    return placed, pod_status.is_ready(pod), pod["metadata"]["name"]
