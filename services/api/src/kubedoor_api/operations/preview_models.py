"""What is told before an operation: each service before and after, and whether the cluster has room."""

from __future__ import annotations

from kubedoor_api.admission.models import AdmissionChange
from kubedoor_api.operations.models import AutoscalerBounds, Kind, Reason
from kubedoor_api.web.fields import Model, Replicas


class PodRequests(Model):
    """What one pod asks of a node: its containers added up, as the scheduler does it."""

    cpu_m: int
    """CPU, millicores"""
    mem_mib: int
    """Memory, MiB"""


class TargetPreview(Model):
    """What an operation would make of one service."""

    namespace: str
    """Kubernetes namespace"""
    name: str
    """Name of the Deployment"""
    refused: str | None
    """Why it would be refused; null if it would not"""
    reason: Reason
    """The same in one word; empty if it would not"""
    warnings: list[str]
    """What deserves a thought before"""
    replicas_before: Replicas | None
    """Pods that it asks for now; null if it does not run"""
    replicas_after: Replicas | None
    """Pods that it would ask for"""
    bounds_before: AutoscalerBounds | None
    """Its autoscaler's bounds now; null without one"""
    bounds_after: AutoscalerBounds | None
    """Its autoscaler's bounds then"""
    pod_before: PodRequests | None
    """What one pod asks for now"""
    pod_after: PodRequests | None
    """What one pod would ask for"""
    changes: list[AdmissionChange]
    """Every value that would change, as admission would apply it"""
    unplaced: int
    """Of its new pods, those for which no node has room"""


class Room(Model):
    """Cpu and memory that an operation asks of a cluster, against what its nodes have free."""

    nodes: int
    """Nodes that take ordinary pods"""
    free_cpu_m: int
    """Allocatable and not requested, over those nodes, millicores"""
    free_mem_mib: int
    """Allocatable and not requested, over those nodes, MiB"""
    added_cpu_m: int
    """Asked for afterwards beyond what is asked for now, millicores; negative if less"""
    added_mem_mib: int
    """Asked for afterwards beyond what is asked for now, MiB; negative if less"""
    surge_cpu_m: int
    """Asked for beyond that while pods are replaced, at most, millicores"""
    surge_mem_mib: int
    """Asked for beyond that while pods are replaced, at most, MiB"""
    fits: bool
    """Whether the nodes have room for all of it"""


class OperationPreview(Model):
    """What an operation would do; nothing is changed."""

    kind: Kind
    """`scale` or `restart`"""
    targets: list[TargetPreview]
    """Each service, in the given order"""
    room: Room | None
    """What it asks of the cluster; null if its nodes could not be looked at"""
    warnings: list[str]
    """What deserves a thought before, about the whole"""
