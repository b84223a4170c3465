"""Resizes the running pods of a Deployment in place, pod by pod, and says for which that needs a restart.

Each step says the same again, so that another instance may take it up at any time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.manifests import VALUES, Part, Resource, condition_of, replica_set_of
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.retry import INVALID, MISSING, AskingError, Patch
from kubedoor_api.kube.rollout import HASH
from kubedoor_api.operations.manifests import equal, resources_of
from kubedoor_api.operations.notes import OperationNote, RefusedError, cluster_note, note
from kubedoor_api.operations.operation import Resources, Target
from kubedoor_api.operations.rollout_watch import Outcome

PENDING, IN_PROGRESS = "PodResizePending", "PodResizeInProgress"
"""Conditions that a kubelet sets: why it has not begun, and that it is at it."""
INFEASIBLE = "Infeasible"
RESTARTS = "RestartContainer"


@dataclass(frozen=True)
class Standing:
    """How a pod stands between what it is asked to have and what it has.

    :ivar why: what it waits for, or why it can't be.
    """

    state: Literal["done", "waiting", "refused"]
    why: str = ""


def running_pods(pods: Iterable[Pod], deployment: str) -> list[Pod]:
    """Return the pods of a Deployment that run and stay."""
    return [
        pod
        for pod in pods
        if (pod.get("status") or {}).get("phase") == "Running"
        and not pod["metadata"].get("deletionTimestamp")
        and replica_set_of(pod) == f"{deployment}-{(pod['metadata'].get('labels') or {}).get(HASH, '')}"
    ]


def resources_of_pod(pod: Pod) -> tuple[Resources, ...]:
    """Return requests and limits of each container of a pod."""
    return tuple(resources_of(pod.get("spec") or {}))


def _missing(pod: Pod, wanted: Iterable[Resources]) -> Iterator[tuple[str, Part, Resource, str]]:
    """Yield container, `requests` or `limits`, resource and value of what a pod does not ask for yet.

    A value that is not wanted at all stays: a resize can't take one away.
    """
    standing = {one.name: one for one in resources_of_pod(pod) if not one.init}
    for one in wanted:
        if one.init or one.name not in standing:
            continue
        for name, kind, what in VALUES:
            value = getattr(one, name)
            if value is not None and not equal(value, getattr(standing[one.name], name)):
                yield one.name, kind, what, value


def resize_patch(pod: Pod, wanted: Iterable[Resources]) -> Patch | None:
    """Return the strategic merge patch that asks for what is wanted; None where the pod asks for it."""
    changed: dict[str, dict[str, dict[str, str]]] = {}
    for container, kind, what, value in _missing(pod, wanted):
        changed.setdefault(container, {}).setdefault(kind, {})[what] = value
    if not changed:
        return None
    return {"spec": {"containers": [{"name": name, "resources": one} for name, one in changed.items()]}}


def restarts(pod: Pod, wanted: Iterable[Resources]) -> bool:
    """Tell whether a container is restarted for what is wanted: its `resizePolicy` asks for that."""
    policies = {
        (one.get("name"), policy.get("resourceName"))
        for one in pod["spec"]["containers"]
        for policy in one.get("resizePolicy") or []
        if policy.get("restartPolicy") == RESTARTS
    }
    return any((container, what) in policies for container, _, what, _ in _missing(pod, wanted))


def standing_of(pod: Pod) -> Standing:
    """Tell whether the kubelet has given a pod what it asks for."""
    node = f"node {pod['spec'].get('nodeName', '')}"
    pending, progress = condition_of(pod, PENDING), condition_of(pod, IN_PROGRESS)
    if pending.get("status") == "True":
        why = f"{node}: {pending.get('reason', '')}: {pending.get('message', '')}"
        return Standing("refused" if pending.get("reason") == INFEASIBLE else "waiting", why)
    if progress.get("status") == "True":
        return Standing("waiting", f"{node} is at it {progress.get('message') or ''}".rstrip())
    if not _seen(pod):
        return Standing("waiting", f"the kubelet of {node} has not said that it has done it")
    return Standing("done")


def _seen(pod: Pod) -> bool:
    """Tell whether the kubelet has seen what is asked: newer ones say so, older ones show what there is."""
    status = pod.get("status") or {}
    if status.get("observedGeneration") is not None:
        return bool(status["observedGeneration"] >= int(pod["metadata"].get("generation") or 0))
    has = {one.get("name"): one.get("resources") or {} for one in status.get("containerStatuses") or []}
    return all(
        equal(getattr(one, name), (has.get(one.name, {}).get(kind) or {}).get(what))
        for one in resources_of_pod(pod)
        if not one.init
        for name, kind, what in VALUES
    )


NAMED = 3
"""So many of the pods that need a restart are named."""
PASSING = frozenset({"unreachable", "cluster_failed", "too_many_requests", "conflict"})
"""Failures after which the next step may go well."""


@dataclass(frozen=True)
class ResizeExpected:
    """What a resize is to come to.

    :ivar selector: which pods, as a query takes it.
    :ivar containers: requests and limits that they get.
    """

    selector: str
    containers: tuple[Resources, ...]


@dataclass
class Resizer:
    """Resizes the pods of one target.

    :ivar refused: why a pod needs a restart, by its uid.
    :ivar missing: pods that were not found when they were asked.
    :ivar restarted: pods of which a container is restarted, as its `resizePolicy` says.
    """

    clusters: Clusters
    env: str
    target: Target
    expected: ResizeExpected
    refused: dict[str, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    restarted: set[str] = field(default_factory=set)

    async def step(self) -> dict[str, Standing]:
        """Ask for what is not asked for yet, and return how each pod stands, by its name.

        :raises AskingError: the cluster doesn't answer, or doesn't allow it.
        :raises RefusedError: the cluster has no resize in place.
        """
        target, selector = self.target, self.expected.selector
        found = await workloads.pods(self.clusters, self.env, target.namespace, selector)
        return {
            str(pod["metadata"]["name"]): await self._one(pod) for pod in running_pods(found, target.name)
        }

    async def _one(self, pod: Pod) -> Standing:
        uid, wanted = str(pod["metadata"]["uid"]), self.expected.containers
        body = resize_patch(pod, wanted)
        if uid in self.refused or body is None:
            return Standing("refused", self.refused[uid]) if uid in self.refused else standing_of(pod)
        if restarts(pod, wanted):
            self.restarted.add(uid)
        try:
            name, namespace = str(pod["metadata"]["name"]), self.target.namespace
            pod = await workloads.resize(self.clusters, self.env, namespace, name, body)
        except AskingError as error:
            if error.status == INVALID:
                return self._refuse(uid, str(error))
            # A pod that has gone meanwhile is told from a cluster that can't: there it is found again.
            if error.status == MISSING and uid not in self.missing:
                self.missing.add(uid)
                return Standing("waiting", "it was not found")
            if error.status == MISSING:
                raise RefusedError(note("resize_unavailable", env=self.env)) from error
            raise
        if resize_patch(pod, wanted) is not None:
            return self._refuse(uid, "the cluster left its requests and limits as they are")
        return standing_of(pod)

    def _refuse(self, uid: str, why: str) -> Standing:
        self.refused[uid] = why
        return Standing("refused", why)

    async def watch(
        self,
        timeout_s: int,
        poll_s: float,
        cancelled: asyncio.Event,
        waits: Callable[[OperationNote], Awaitable[None]],
    ) -> Outcome | None:
        """Go on until each pod has it or can't have it; None where it is cancelled meanwhile.

        :param waits: hears what it waits for.
        """
        deadline = (self.target.started_at or datetime.now(UTC)) + timedelta(seconds=timeout_s)
        pods: dict[str, Standing] = {}
        while not cancelled.is_set():
            trouble = ""
            try:
                pods = await self.step()
            except RefusedError as error:
                return Outcome(True, error.note)
            except AskingError as error:
                if error.reason not in PASSING:
                    return Outcome(True, cluster_note(error))
                trouble = str(error)
            if not trouble and all(one.state != "waiting" for one in pods.values()):
                return self._ended(pods)
            left = trouble or waiting_text(pods)
            if datetime.now(UTC) >= deadline:
                return Outcome(True, needs_restart(pods, f"not done in {timeout_s} s: {left}"))
            await waits(note("resizing", text=left))
            await asyncio.sleep(poll_s)
        return None

    def _ended(self, pods: dict[str, Standing]) -> Outcome:
        if not pods:
            return Outcome(why=note("no_pods_to_resize"))
        refused = [one.why for one in pods.values() if one.state == "refused"]
        if refused:
            return Outcome(True, needs_restart(pods, refused[0]))
        if self.restarted:
            return Outcome(why=note("resized_with_restarts", count=len(pods), restarted=len(self.restarted)))
        return Outcome(why=note("resized", count=len(pods)))


def waiting_text(pods: dict[str, Standing]) -> str:
    """Say what the first pod waits for that has to."""
    waiting = {name: one.why for name, one in pods.items() if one.state == "waiting"}
    name, why = next(iter(waiting.items()))
    return f"{len(pods) - len(waiting)} of {len(pods)} pods are resized; {name}: {why}"


def needs_restart(pods: dict[str, Standing], why: str) -> OperationNote:
    """Note the pods that could not be resized in place."""
    names = [name for name, one in pods.items() if one.state != "done"]
    named = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return note("needs_restart", count=len(names), total=len(pods), pods=named, text=why)
