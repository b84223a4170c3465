"""What a Deployment and its pods say of a rollout: through, under way, or failed and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from kubedoor_api.kube.manifests import condition_of, replica_set_of, replicas_of, restarted_by, template_of
from kubedoor_api.kube.objects.pods import ContainerStateDetail, ContainerStatus, Pod
from kubedoor_api.kube.objects.workloads import Deployment

TroubleKind = Literal["crash_loop", "oom", "image", "no_progress"]

IMAGE = frozenset({"ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError"})
CRASH_LOOP = "CrashLoopBackOff"
OOM = "OOMKilled"
QUIET = frozenset({"ContainerCreating", "PodInitializing", ""})
TIMED_OUT = "ProgressDeadlineExceeded"
HASH = "pod-template-hash"
MAX_CHARS = 300


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a pod, or with a rollout.

    :ivar container: that it is about; empty for a rollout.
    """

    kind: TroubleKind
    text: str
    container: str = ""


@dataclass(frozen=True)
class PodSeen:
    """What of a pod matters here.

    :ivar replica_set: that it belongs to; empty if to none.
    :ivar template_hash: of the pod template that it was made from.
    :ivar restarted_by: the operation that its template names.
    :ivar waits_for: why it is not running yet, in words.
    """

    name: str
    replica_set: str
    template_hash: str
    restarted_by: str
    trouble: Trouble | None
    waits_for: str


@dataclass(frozen=True)
class Expected:
    """What a rollout is to come to.

    :ivar restarted_by: what the pod template names after the change; None: it does not matter (a scale).
    :ivar replicas: the count that was admitted; None: it does not matter.
    :ivar fewer: pods only go, so that none needs to become available.
    """

    restarted_by: str | None = None
    replicas: int | None = None
    fewer: bool = False


@dataclass(frozen=True)
class Verdict:
    """How it stands."""

    state: Literal["under_way", "through", "overtaken", "failed"]
    detail: str = ""
    kind: TroubleKind | None = None


def statuses_of(pod: Pod) -> Iterator[ContainerStatus]:
    """Yield how a pod's containers are, those that run before the others first."""
    status = pod.get("status") or {}
    yield from status.get("initContainerStatuses") or []
    yield from status.get("containerStatuses") or []


def _short(text: str) -> str:
    return " ".join(text.split())[:MAX_CHARS]


def trouble_of(pod: Pod, restarts: int = 2) -> Trouble | None:
    """Tell a crash loop, an out-of-memory kill or an image that can't be pulled.

    :param restarts: from how many on a crash loop counts as one: many a container dies once while what it
        needs is not there yet.
    """
    name = str((pod.get("metadata") or {}).get("name", ""))
    for container in statuses_of(pod):
        own = str(container.get("name", ""))
        who = f"container {own} of pod {name}"
        waiting = (container.get("state") or {}).get("waiting") or {}
        # How it ended, if it was restarted or is to be; one that is done is none of these.
        states = (container.get("state") or {}, container.get("lastState") or {})
        ends = (state.get("terminated") or {} for state in states)
        bad = [one for one in ends if one.get("exitCode") or one.get("reason") == OOM]
        ended: ContainerStateDetail = bad[0] if bad else {}
        if waiting.get("reason") in IMAGE:
            words = waiting.get("message") or waiting["reason"]
            return Trouble("image", _short(f"the image of {who} can't be pulled: {words}"), own)
        if ended.get("reason") == OOM:
            return Trouble("oom", f"{who} ran out of memory (OOMKilled)", own)
        count = int(container.get("restartCount") or 0)
        if count >= restarts and (waiting.get("reason") == CRASH_LOOP or ended.get("exitCode")):
            code = f", last with exit code {ended['exitCode']}" if ended.get("exitCode") is not None else ""
            return Trouble("crash_loop", f"{who} crashes again and again ({count} restarts{code})", own)
    return None


def _waits_for(pod: Pod) -> str:
    scheduled = condition_of(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        return _short(f"no node for pod {pod['metadata']['name']}: {scheduled.get('message', '')}")
    for container in statuses_of(pod):
        waiting = (container.get("state") or {}).get("waiting") or {}
        if waiting.get("reason", "") not in QUIET:
            words = f"{waiting['reason']} {waiting.get('message') or ''}"
            return _short(f"container {container.get('name', '')}: {words}")
    return ""


def see(pod: Pod, restarts: int) -> PodSeen:
    """Keep what matters of a pod."""
    metadata = pod.get("metadata") or {}
    ready = condition_of(pod, "Ready").get("status") == "True"
    return PodSeen(
        name=str(metadata.get("name", "")),
        replica_set=replica_set_of(pod),
        template_hash=str((metadata.get("labels") or {}).get(HASH, "")),
        restarted_by=restarted_by(metadata) or "",
        # What is ready has got over whatever its containers died of once.
        trouble=None if ready else trouble_of(pod, restarts),
        waits_for=_waits_for(pod),
    )


def concerned(pods: Iterable[PodSeen], name: str, expected: Expected) -> list[PodSeen]:
    """Return the pods that a rollout has made: of this Deployment, and of the restart if it is one."""
    return [
        pod
        for pod in pods
        if pod.replica_set == f"{name}-{pod.template_hash}"
        and (expected.restarted_by is None or pod.restarted_by == expected.restarted_by)
    ]


def progress(deployment: Deployment, *, fewer: bool = False) -> str:
    """Say what a rollout still waits for, as `kubectl rollout status` does; empty if it is through."""
    metadata, status = deployment["metadata"], deployment.get("status") or {}
    if int(status.get("observedGeneration") or 0) < int(metadata.get("generation") or 0):
        return "the cluster has not begun it"
    wanted, updated = replicas_of(deployment), int(status.get("updatedReplicas") or 0)
    total, available = int(status.get("replicas") or 0), int(status.get("availableReplicas") or 0)
    if updated < wanted and not fewer:
        return f"{updated} of {wanted} new pods are made"
    if total > (wanted if fewer else updated):
        return f"{total - (wanted if fewer else updated)} old pods are still to go"
    if available < updated and not fewer:
        return f"{available} of {updated} pods are available"
    return ""


def overtaken(deployment: Deployment, expected: Expected) -> str:
    """Say who was there in between; empty if nobody."""
    if expected.restarted_by is not None:
        metadata = template_of(deployment).get("metadata") or {}
        if (restarted_by(metadata) or "") != expected.restarted_by:
            return "something else has changed the pod template since; what becomes of that is not watched"
    replicas = replicas_of(deployment)
    if expected.replicas is not None and replicas != expected.replicas:
        return f"something else has made it {replicas} pods since; what becomes of that is not watched"
    return ""


def judge(deployment: Deployment, pods: Iterable[PodSeen], expected: Expected) -> Verdict:
    """Tell how a rollout stands.

    A Deployment that was late before it was scaled stays so, hence that condition counts for restarts alone.
    """
    if since := overtaken(deployment, expected):
        return Verdict("overtaken", since)
    left = progress(deployment, fewer=expected.fewer)
    if not left:
        return Verdict("through")
    if expected.fewer:
        return Verdict("under_way", left)
    own = concerned(pods, str(deployment["metadata"]["name"]), expected)
    troubles = [pod.trouble for pod in own if pod.trouble]
    if troubles:
        return Verdict("failed", troubles[0].text, troubles[0].kind)
    waits = next((pod.waits_for for pod in own if pod.waits_for), "")
    failure = condition_of(deployment, "ReplicaFailure")
    if failure.get("status") == "True":
        waits = _short(f"pods can't be made: {failure.get('message', '')}")
    detail = "; ".join(filter(None, (left, waits)))
    late = condition_of(deployment, "Progressing")
    if expected.restarted_by is not None and late.get("reason") == TIMED_OUT:
        return Verdict("failed", f"no progress in time: {detail}", "no_progress")
    return Verdict("under_way", detail)
