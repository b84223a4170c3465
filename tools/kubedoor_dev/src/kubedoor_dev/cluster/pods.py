"""The scheduler and the kubelet: pods get a node, start, become ready, or fail as told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster import pod_status
from kubedoor_dev.cluster.nodes import Scheduler
from kubedoor_dev.cluster.replicasets import pod as pod_of
from kubedoor_dev.cluster.resources import NODES, PODS
from kubedoor_dev.cluster.store import Event, Key, Store

if TYPE_CHECKING:
    from kubedoor_dev.cluster.recorder import Recorder

Json = dict[str, Any]
Later = Callable[[float, Callable[[], None]], object]

MOST_RESTARTS = 5


class Pods:
    """Makes pods and moves them on after `start_s` seconds."""

    def __init__(self, store: Store, recorder: Recorder, later: Later, start_s: float) -> None:
        self._store = store
        self._recorder = recorder
        self._later = later
        self._start_s = start_s
        self._scheduler = Scheduler()
        self._waiting: set[Key] = set()

    def heard(self, event: Event) -> None:
        """Follow the pods, for what they take of their nodes."""
        if event.key.resource != PODS.id:
            return
        gone = event.type == "DELETED"
        (self._scheduler.gone if gone else self._scheduler.changed)(event.obj)
        if gone or event.obj["spec"].get("nodeName"):
            self._waiting.discard(event.key)
        else:
            self._waiting.add(event.key)

    def waiting(self) -> list[Key]:
        """Return the pods that have no node yet."""
        return sorted(self._waiting)

    def make(self, owner: Json) -> None:
        """Make a pod of a ReplicaSet and find it a node."""
        pod = pod_of(owner)
        metadata = pod["metadata"]
        key = Key(PODS.id, metadata["namespace"], metadata["name"])
        pod = self._store.create(key, {**pod, "status": {"phase": "Pending"}})
        self._recorder.tell(owner, "SuccessfulCreate", f"Created pod: {key.name}")
        self.schedule(key)

    def schedule(self, key: Key) -> None:
        """Find a waiting pod a node, if one has room."""
        pod = self._store.get(key)
        if pod is None or pod["spec"].get("nodeName"):
            return
        nodes = list(self._store.all_of(NODES.id))
        place = self._scheduler.place(pod, nodes)
        if place is None:
            self._put(key, pod, pod_status.unscheduled(pod, len(nodes)))
            message = f"0/{len(nodes)} nodes are available: insufficient cpu or memory."
            self._recorder.tell(pod, "FailedScheduling", message, kind="Warning")
            return
        pod["spec"]["nodeName"] = place
        self._put(key, pod, pod_status.starting(pod))
        self._recorder.tell(pod, "Scheduled", f"Successfully assigned {key.name} to {place}")
        self._later(self._start_s, lambda: self._start(key))

    def _start(self, key: Key) -> None:
        pod = self._store.get(key)
        if pod is None:
            return
        failure = pod_status.failure_of(pod)
        if failure:
            self._fail(key, failure, 1)
            return
        self._put(key, pod, pod_status.running(pod))
        self._recorder.tell(pod, "Started", "Started container")

    def _fail(self, key: Key, failure: str, restarts: int) -> None:
        """Let a pod fail, and crash again a few times, later each time."""
        pod = self._store.get(key)
        if pod is None:
            return
        self._put(key, pod, pod_status.failing(pod, failure, restarts))
        if failure == "image":
            self._recorder.tell(pod, "Failed", "Error: ImagePullBackOff", kind="Warning")
            return
        message = "Back-off restarting failed container"
        self._recorder.tell(pod, "BackOff", message, kind="Warning")
        if restarts < MOST_RESTARTS:
            pause_s = self._start_s * 2**restarts
            self._later(pause_s, lambda: self._fail(key, failure, restarts + 1))

    def _put(self, key: Key, pod: Json, status: Json) -> None:
        version = pod["metadata"]["resourceVersion"]
        self._store.update(key, {**pod, "status": status}, version)
