"""Nodes as they are now: what the exporters tell of each, whichever label names it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kubedoor_api.now.models import NowNode, NowNodeUse
from kubedoor_api.now.reading import MIB, Answers, Pod
from kubedoor_api.now.texts import WHAT
from kubedoor_core.metrics.nodes import node_names
from kubedoor_core.prometheus import Sample

READY = "Ready"


def nodes_of(answers: Answers, pods: Iterable[Pod]) -> list[NowNode]:
    """Return the nodes by name; none where the store does not tell what they may give."""
    allocatable: dict[str, dict[str, float]] = defaultdict(dict)
    conditions: dict[str, set[str]] = defaultdict(set)
    for sample in answers.get("nodes") or ():
        labels = sample.labels
        if resource := labels.get("resource"):
            unit = {"cpu": 1000.0, "memory": 1 / MIB}.get(resource, 1.0)
            allocatable[labels.get("node", "")][resource] = sample.value * unit
        else:
            conditions[labels.get("node", "")].add(labels.get("condition") or labels.get(WHAT, ""))
    used = _used(answers.get("node_use") or (), set(allocatable))
    requested, counted = _requested(pods)
    told = any(conditions.values())
    return [
        NowNode(
            node=name,
            ready=READY in conditions[name] if told else None,
            cordoned="cordoned" in conditions[name],
            pressure=sorted(conditions[name] - {READY, "cordoned", ""}),
            pods=counted.get(name, 0) if answers.get("requests") else None,
            pods_most=whole(may.get("pods")),
            cpu=_use(used, requested, "cpu", name, may, known=bool(answers.get("requests"))),
            mem=_use(used, requested, "memory", name, may, known=bool(answers.get("requests"))),
        )
        for name, may in sorted(allocatable.items())
    ]


def _use(
    used: dict[tuple[str, str], float],
    requested: dict[tuple[str, str], float],
    resource: str,
    node: str,
    may: dict[str, float],
    *,
    known: bool,
) -> NowNodeUse:
    return NowNodeUse(
        used=used.get((node, resource)),
        requested=requested.get((node, resource), 0.0) if known else None,
        allocatable=may.get(resource),
    )


def whole(value: float | None) -> int | None:
    """Return a count of the metrics, which are all floats."""
    return None if value is None else round(value)


def _requested(pods: Iterable[Pod]) -> tuple[dict[tuple[str, str], float], dict[str, int]]:
    """Return what pods that have not ended request of each node, and how many request anything there."""
    requested: dict[tuple[str, str], float] = defaultdict(float)
    counted: dict[str, int] = defaultdict(int)
    for pod in pods:
        if pod.node and pod.is_there:
            counted[pod.node] += 1
            for resource, value in pod.requests.items():
                requested[pod.node, resource] += value
    return requested, counted


def _used(answer: Iterable[Sample], nodes: set[str]) -> dict[tuple[str, str], float]:
    """Return use by node and resource: the kubelet's figure before node-exporter's."""
    every = list(answer)
    names = node_names(nodes, (sample.labels for sample in every if WHAT not in sample.labels))
    found: dict[tuple[str, str], float] = {}
    for source in ("exporter", "kubelet"):
        for sample in every:
            told_by, _, resource = sample.labels.get(WHAT, "").partition("_")
            node = names.of(sample.labels)
            if told_by == source and node:
                found[node, resource] = sample.value
    return found
