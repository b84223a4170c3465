"""What is told of one live service: its pods, its events, its rollout and its last change."""

from __future__ import annotations

from typing import Literal

from kubedoor_api.web.fields import Model, ServiceName, Time


class LiveContainer(Model):
    """One container of a pod."""

    name: str
    """Name"""
    state: Literal["waiting", "running", "terminated", "unknown"]
    """What it does now"""
    reason: str
    """Why it waits or ended, such as `CrashLoopBackOff` or `OOMKilled`; else empty"""
    message: str
    """What Kubernetes says of it; else empty"""
    ready: bool
    """Whether it is ready"""
    restarts: int
    """How often it was restarted"""
    last_exit_reason: str
    """Why it ended the last time, such as `OOMKilled`; empty if it never did"""
    last_exit_code: int | None
    """The exit code of that time"""
    last_exit_at: Time | None
    """When that was, UTC"""
    request_cpu_m: int | None
    """cpu request in millicores; null without one"""
    limit_cpu_m: int | None
    """cpu limit in millicores; null without one"""
    request_mem_mib: int | None
    """Memory request in MiB; null without one"""
    limit_mem_mib: int | None
    """Memory limit in MiB; null without one"""


class LivePod(Model):
    """One pod."""

    name: str
    """Name"""
    phase: str
    """`Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`"""
    status: str
    """In one word, as kubectl shows it: `Running`, `CrashLoopBackOff`, `Terminating`, ..."""
    reason: str
    """Why it is not well, in words; else empty"""
    ready: bool
    """Whether it is ready"""
    restarts: int
    """Of all of its containers"""
    created_at: Time
    """When it was made, UTC"""
    age_s: int
    """Seconds since then"""
    node: str
    """The node on which it runs; empty while it is not scheduled"""
    revision: str
    """The ReplicaSet that it belongs to"""
    current: bool | None
    """Whether it is of the newest pod template; null where the ReplicaSets can't be read"""
    containers: list[LiveContainer]
    """Its containers, those that are restartable init containers first"""


class LiveEvent(Model):
    """Something that Kubernetes tells."""

    type: str
    """`Normal` or `Warning`"""
    reason: str
    """In one word, such as `FailedScheduling`"""
    message: str
    """In words"""
    object: str
    """Of what: `Pod/cart-5c4-x7k2p`"""
    count: int
    """How often"""
    first_at: Time | None
    """When first, UTC"""
    last_at: Time | None
    """When last, UTC"""


class LiveCondition(Model):
    """A condition of the Deployment."""

    type: str
    """`Available`, `Progressing` or `ReplicaFailure`"""
    status: str
    """`True`, `False` or `Unknown`"""
    reason: str
    """In one word"""
    message: str
    """In words"""
    since: Time | None
    """Since when, UTC"""


class LiveRollout(Model):
    """How far the newest pod template is rolled out."""

    state: Literal["complete", "progressing", "stalled", "paused"]
    """`stalled`: no progress within the Deployment's deadline"""
    detail: str
    """In words"""
    wanted: int
    """Pods that the Deployment asks for"""
    current: int
    """Pods there are"""
    updated: int
    """Of the newest template"""
    ready: int
    """Ready ones"""
    available: int
    """Available ones"""
    unavailable: int
    """Missing or not available"""
    revision: str
    """Revision of the Deployment"""
    conditions: list[LiveCondition]
    """The Deployment's conditions"""


class LiveAutoscaler(Model):
    """An autoscaler that owns the number of pods."""

    name: str
    """Name of the HorizontalPodAutoscaler"""
    min_replicas: int
    """Fewest pods"""
    max_replicas: int
    """Most pods"""
    current_replicas: int | None
    """Pods that it sees"""
    desired_replicas: int | None
    """Pods that it wants"""


class LiveVerticalAutoscaler(Model):
    """A VerticalPodAutoscaler of the service: where it changes requests, it and KubeDoor are two masters."""

    name: str
    """Name of the VerticalPodAutoscaler"""
    mode: str
    """Its update mode, such as `Auto`, `Recreate`, `Initial`, or `Off`, in which it only recommends"""
    changes: bool
    """Whether it changes requests: set it to `Off`, or the service's mode to `off`"""


class LastChange(Model):
    """The last change of a service, in the control table, by an operation, or past KubeDoor."""

    at: Time
    """When, UTC"""
    by: str
    """Who; for one past KubeDoor the field manager that Kubernetes noted, such as `kubectl-edit`"""
    what: Literal["edit", "operation", "cluster"]
    """`edit` of the control table; `operation`: scaled or restarted; `cluster`: Kubernetes notes a change of
    the Deployment's spec by somebody else"""
    detail: str
    """In words"""
    operation_id: str
    """The operation; else empty"""


class Untold(Model):
    """A part that could not be read; the rest is there."""

    part: Literal["pods", "replicasets", "events", "autoscaler", "vertical", "changes"]
    """Which part"""
    reason: str
    """Why, such as `may not list pods in namespace shop of the cluster prod`"""


class LiveService(ServiceName):
    """A service as it is in the cluster now."""

    env: str
    """Name of the cluster"""
    created_at: Time
    """When the Deployment was made, UTC"""
    rollout: LiveRollout
    """How far the newest pod template is rolled out"""
    pods: list[LivePod]
    """Its pods: those that are not well first, then the newest"""
    events: list[LiveEvent]
    """Of the Deployment, its ReplicaSets and pods, the latest first; Kubernetes keeps them for an hour"""
    autoscaler: LiveAutoscaler | None
    """What scales it by itself; null if nothing does"""
    vertical: list[LiveVerticalAutoscaler]
    """VerticalPodAutoscalers that have it as their target"""
    last_changes: list[LastChange]
    """The last change of each sort, the latest first"""
    untold: list[Untold]
    """Parts that could not be read, and why"""
    asked_at: Time
    """When the cluster was asked, UTC"""
