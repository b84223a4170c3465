"""The controllers' loop: hears every change, and works on what it concerns, one thing at a time.

What it writes (ReplicaSets, pods, status) does not go through admission; the garbage collector's PATCH
of a finalizer does, as in a real cluster.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from kubedoor_dev.cluster import garbage, networking
from kubedoor_dev.cluster.adoption import Adoption
from kubedoor_dev.cluster.api import Api, Target
from kubedoor_dev.cluster.deployments import Deployments
from kubedoor_dev.cluster.errors import ApiError
from kubedoor_dev.cluster.pods import Pods
from kubedoor_dev.cluster.recorder import Recorder
from kubedoor_dev.cluster.resources import (
    BUDGETS,
    DEPLOYMENTS,
    NAMESPACES,
    NODES,
    PODS,
    REPLICA_SETS,
    SERVICES,
)
from kubedoor_dev.cluster.store import Event, Key, StaleError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

Json = dict[str, Any]

RETRY_S = 0.5
NETWORK = "Services and budgets of a namespace"
GONE = "deleted objects, by uid"


class Controller:
    """Runs while the cluster is served."""

    def __init__(self, api: Api, rollout_s: float) -> None:
        self._api = api
        self._store = api.store
        self._owned = garbage.Owned()
        recorder = Recorder(api.store)
        self._pods = Pods(api.store, recorder, self._later, rollout_s)
        self._adoption = Adoption(api.store, self._owned)
        self._deployments = Deployments(api.store, self._owned, self._pods, recorder, self._adoption)
        self._waiting: dict[Key, None] = {}
        self._wake = asyncio.Event()
        self._timers: set[asyncio.TimerHandle] = set()
        self._alarms: dict[Key, asyncio.TimerHandle] = {}

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work until the block ends; what there is already is worked on first."""
        deaf = self._store.listen(self._heard)
        self._catch_up()
        task = asyncio.create_task(self._work())
        task.add_done_callback(_report)
        try:
            yield
        finally:
            deaf()
            task.cancel()
            await asyncio.wait({task})
            for timer in (*self._timers, *self._alarms.values()):
                timer.cancel()
            if not task.cancelled():
                task.result()

    def _catch_up(self) -> None:
        """Hear of what was made before."""
        for resource in (NAMESPACES, DEPLOYMENTS, REPLICA_SETS, PODS, SERVICES, BUDGETS):
            for obj in self._store.all_of(resource.id):
                metadata = obj["metadata"]
                key = Key(resource.id, metadata.get("namespace", ""), metadata["name"])
                self._heard(Event("ADDED", key, obj, self._store.version))

    def _heard(self, event: Event) -> None:
        """Note what a change concerns; the work is done in the loop."""
        self._owned.heard(event)
        self._pods.heard(event)
        self._ask_what_selects(event)
        match event.key.resource:
            case DEPLOYMENTS.id | NAMESPACES.id:
                if event.type != "DELETED":
                    self._ask(event.key)
            case REPLICA_SETS.id:
                self._ask_owner(event.obj, event.key.namespace, DEPLOYMENTS.id)
            case PODS.id:
                self._ask_owner_of_pod(event)
            case NODES.id:
                self._ask_waiting_pods()
            case _:
                return
        if event.type == "DELETED":
            self._ask(Key(GONE, "", event.obj["metadata"]["uid"]))

    def _ask_what_selects(self, event: Event) -> None:
        """Ask those that find their pods by labels."""
        if self._adoption.heard(event):
            self._ask_all(event.key.namespace)
        if event.key.resource in (PODS.id, SERVICES.id, BUDGETS.id):
            self._ask(Key(NETWORK, event.key.namespace, ""))

    def _ask(self, key: Key) -> None:
        self._waiting[key] = None
        self._wake.set()

    def _ask_owner(self, obj: Json, namespace: str, resource: str) -> None:
        for owner in obj["metadata"].get("ownerReferences", []):
            self._ask(Key(resource, namespace, owner["name"]))

    def _ask_owner_of_pod(self, event: Event) -> None:
        for owner in event.obj["metadata"].get("ownerReferences", []):
            parent = self._store.peek(Key(REPLICA_SETS.id, event.key.namespace, owner["name"]))
            if parent:
                self._ask_owner(parent, event.key.namespace, DEPLOYMENTS.id)
        if event.type == "DELETED":
            self._ask_waiting_pods()

    def _ask_all(self, namespace: str) -> None:
        """A pod belongs to nothing: any Deployment's set may take it up, or have let go of it."""
        for deployment in self._store.all_of(DEPLOYMENTS.id, namespace):
            self._ask(Key(DEPLOYMENTS.id, namespace, deployment["metadata"]["name"]))

    def _ask_waiting_pods(self) -> None:
        """Room was made: try the pods that have no node again."""
        for key in self._pods.waiting():
            self._ask(key)

    async def _work(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                key = next(iter(self._waiting))
                del self._waiting[key]
                await self._work_on(key)
                await asyncio.sleep(0)

    async def _work_on(self, key: Key) -> None:
        try:
            if key.resource == GONE:
                self._forget(key.name)
            elif key.resource == PODS.id:
                self._pods.schedule(key)
            elif key.resource == NETWORK:
                networking.sync(self._store, key.namespace)
            elif key.resource == NAMESPACES.id:
                self._end_namespace(key)
            elif not await self._finalized(key):
                self._deployments.sync(key, lambda delay_s: self._ask_later(key, delay_s))
        except StaleError:
            self._ask(key)
        except ApiError:
            self._ask_later(key, RETRY_S)

    def _forget(self, uid: str) -> None:
        """Clean up after what was deleted."""
        garbage.delete_owned(self._store, self._owned, uid)
        self._deployments.forget(uid)

    def _end_namespace(self, key: Key) -> None:
        namespace = self._store.get(key)
        if namespace and namespace["metadata"].get("deletionTimestamp"):
            garbage.empty_namespace(self._store, key.name)

    async def _finalized(self, key: Key) -> bool:
        """Do what a deleted Deployment waits for, if it is one."""
        obj = self._store.get(key)
        if obj is None or not obj["metadata"].get("deletionTimestamp"):
            return False
        target = Target(DEPLOYMENTS, key.namespace, key.name)
        await garbage.finalize(self._api, self._owned, target, obj)
        return True

    def _ask_later(self, key: Key, delay_s: float) -> None:
        """Ask for a key after a time; of several times the earliest counts."""
        loop = asyncio.get_running_loop()
        known = self._alarms.get(key)
        if known and loop.time() < known.when() <= loop.time() + delay_s:
            return
        if known:
            known.cancel()
        self._alarms[key] = loop.call_later(delay_s, self._ask, key)

    def _later(self, delay_s: float, do: Callable[[], None]) -> None:
        def fire() -> None:
            self._timers.discard(timer)
            do()

        timer = asyncio.get_running_loop().call_later(delay_s, fire)
        self._timers.add(timer)


def _report(task: asyncio.Task[None]) -> None:
    """Say at once that the controllers stopped, not only when the cluster does."""
    if not task.cancelled() and (error := task.exception()):
        context = {"message": "the simulated controllers stopped", "exception": error}
        task.get_loop().call_exception_handler(context)
