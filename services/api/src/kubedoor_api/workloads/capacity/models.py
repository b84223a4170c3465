"""What is told of an env's nodes."""

from __future__ import annotations

from typing import Literal

from kubedoor_api.kube.retry import AskingReason
from kubedoor_api.web.fields import Model


class Capacity(Model):
    """What the nodes of an env have left now: allocatable minus what all their pods request."""

    nodes: int | None
    """Nodes that take ordinary pods: ready, not cordoned, without a taint that repels; null while unknown"""
    free_cpu_m: int | None
    """Allocatable and not requested, over those nodes, millicores; null while unknown"""
    free_mem_mib: int | None
    """Allocatable and not requested, over those nodes, MiB; null while unknown"""
    reason: Literal["", "no_cluster"] | AskingReason
    """Why it is unknown, in one word; empty if it is known"""
    detail: str
    """Why it is unknown, in words"""
