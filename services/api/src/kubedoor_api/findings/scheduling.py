"""Why a pod fits on no node, worked out node by node as the scheduler does it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from kubedoor_api.findings.facts import CORDON_TAINT, Facts, NodeState, PodState, Taint
from kubedoor_api.kube.manifests import selects
from kubedoor_api.kube.objects.meta import Requirement
from kubedoor_api.kube.objects.pods import NodeSelectorTerm, PodSpec, Toleration
from kubedoor_api.workloads.room import FINISHED, REPELLING, Amount

Block = Literal[
    "not_ready",
    "pressure",
    "cordoned",
    "taint",
    "affinity",
    "anti_affinity",
    "volume_zone",
    "pods",
    "cpu",
    "memory",
]
"""What stands between a pod and a node."""
PRESSURE_TAINTS = frozenset(
    f"node.kubernetes.io/{one}"
    for one in ("memory-pressure", "disk-pressure", "pid-pressure", "network-unavailable")
)
OF_CONDITIONS = {
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
    CORDON_TAINT,
    *PRESSURE_TAINTS,
}
"""Taints that say what a node's conditions and its spec say too."""
HOST = "kubernetes.io/hostname"
UNWELL: frozenset[Block] = frozenset({"not_ready", "pressure"})
CHOOSING: tuple[frozenset[Block], ...] = (frozenset({"affinity", "volume_zone"}), frozenset({"taint"}))
"""What chooses the nodes that a pod is meant for: what it says itself, then what they are kept for."""


class Placement(NamedTuple):
    """Why a pod has no node.

    :ivar reason: what, taken away alone, would let it in at the most of the nodes that it is meant for; where
        nothing alone would, what stands against it at the most of them; None: it would fit, as far as is
        worked out here.
    :ivar blocked: at how many nodes each stands against it.
    :ivar alone: at how many of those that it is meant for it is the only thing that does.
    :ivar unwell: the nodes that would take it were they ready and without pressure.
    :ivar nearest: of the nodes that only lack room, the one that lacks least, and what is free there.
    """

    reason: Block | None
    blocked: Mapping[Block, int]
    alone: Mapping[Block, int]
    unwell: frozenset[str]
    nearest: tuple[str, Amount] | None


class Room:
    """What the nodes of a look have left, and which pods are on them."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.free = {name: node.allocatable for name, node in facts.nodes.items()}
        self.pods = {name: node.pods for name, node in facts.nodes.items()}
        for pod in facts.pods.values():
            if pod.node in self.free and pod.phase not in FINISHED:
                self.free[pod.node] -= pod.asked
                self.pods[pod.node] -= 1

    def place(self, pod: PodState) -> Placement:
        """Return why a pod has no node."""
        taken = self._taken_domains(pod)
        blocks = {name: self._blocks(pod, node, taken) for name, node in self.facts.nodes.items()}
        blocked = Counter(block for found in blocks.values() for block in found)
        meant = _meant(blocks)
        against = Counter(block for found in meant.values() for block in found)
        alone = Counter(next(iter(found)) for found in meant.values() if len(found) == 1)
        fits = not all(blocks.values()) or not blocks
        order = sorted(against, key=lambda block: (-alone[block], -against[block], block))
        short = {name for name, found in blocks.items() if found and found <= {"cpu", "memory", "pods"}}
        nearest = max(
            short,
            key=lambda name: (len(blocks[name]) == 1, self.free[name].mem_mib, self.free[name].cpu_m, name),
            default=None,
        )
        return Placement(
            reason=None if fits else order[0],
            blocked=blocked,
            alone=alone,
            unwell=frozenset(name for name, found in blocks.items() if found and found <= UNWELL),
            nearest=(nearest, self.free[nearest]) if nearest else None,
        )

    def _blocks(self, pod: PodState, node: NodeState, taken: Iterable[tuple[str, str]]) -> set[Block]:
        spec, free = pod.spec or {}, self.free[node.name]
        stands: dict[Block, bool] = {
            "not_ready": not node.ready,
            "pressure": any(
                one.key in PRESSURE_TAINTS and one.effect in REPELLING and not _tolerates(spec, one)
                for one in node.taints
            ),
            "cordoned": node.cordoned and not _tolerates(spec, Taint(CORDON_TAINT, "", "NoSchedule")),
            "taint": any(not _tolerates(spec, one) for one in node.taints if _repels(one)),
            "affinity": not _wants(spec, node),
            "anti_affinity": any(node.labels.get(key) == value for key, value in taken),
            "volume_zone": not all(_reaches(terms, node) for terms in self._volumes(pod)),
            "pods": self.pods[node.name] < 1,
            "cpu": pod.asked.cpu_m > free.cpu_m,
            "memory": pod.asked.mem_mib > free.mem_mib,
        }
        return {block for block, holds in stands.items() if holds}

    def _volumes(self, pod: PodState) -> list[tuple[NodeSelectorTerm, ...]]:
        """Return the node selector terms of each volume that a pod has claimed."""
        volumes = (pod.spec or {}).get("volumes") or []
        claims = (str((one.get("persistentVolumeClaim") or {}).get("claimName") or "") for one in volumes)
        bound = (self.facts.claims.get((pod.namespace, claim)) for claim in claims if claim)
        found = (self.facts.volumes.get(name) for name in bound if name)
        return [volume.terms for volume in found if volume and volume.terms]

    def _taken_domains(self, pod: PodState) -> set[tuple[str, str]]:
        """Return label and value of the parts of the cluster that a pod's own anti-affinity forbids."""
        affinity = ((pod.spec or {}).get("affinity") or {}).get("podAntiAffinity") or {}
        taken = set[tuple[str, str]]()
        for term in affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or []:
            key, namespaces = str(term.get("topologyKey") or HOST), term.get("namespaces") or [pod.namespace]
            for other in self.facts.pods.values():
                node = self.facts.nodes.get(other.node)
                if node is None or other.phase in FINISHED or other.namespace not in namespaces:
                    continue
                if key in node.labels and selects(term.get("labelSelector"), other.labels):
                    taken.add((key, node.labels[key]))
        return taken


def _meant(blocks: Mapping[str, set[Block]]) -> Mapping[str, set[Block]]:
    """Return the nodes that a pod is meant for; where something chooses none, it does not count."""
    meant = blocks
    for choosing in CHOOSING:
        meant = {name: found for name, found in meant.items() if not found & choosing} or meant
    return meant


def _repels(taint: Taint) -> bool:
    """Tell whether a taint keeps pods off by itself, rather than to tell that a node is not well."""
    return taint.effect in REPELLING and taint.key not in OF_CONDITIONS


def _tolerates(spec: PodSpec, taint: Taint) -> bool:
    return any(_fits(one, taint) for one in spec.get("tolerations") or [])


def _fits(toleration: Toleration, taint: Taint) -> bool:
    if toleration.get("effect") and toleration["effect"] != taint.effect:
        return False
    exists = toleration.get("operator") == "Exists"
    if not toleration.get("key"):
        return exists
    return toleration["key"] == taint.key and (exists or (toleration.get("value") or "") == taint.value)


def _wants(spec: PodSpec, node: NodeState) -> bool:
    """Tell whether a node is among those that a pod's selector and its required node affinity choose."""
    chosen = spec.get("nodeSelector") or {}
    if any(node.labels.get(key) != value for key, value in chosen.items()):
        return False
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    return required is None or _reaches(tuple(required.get("nodeSelectorTerms") or ()), node)


def _reaches(terms: tuple[NodeSelectorTerm, ...], node: NodeState) -> bool:
    """Tell whether one of some node selector terms chooses a node; an empty term chooses none."""
    return any(
        all(_holds(one, node.labels) for one in term.get("matchExpressions") or [])
        and all(_holds(one, {"metadata.name": node.name}) for one in term.get("matchFields") or [])
        for term in terms
        if term.get("matchExpressions") or term.get("matchFields")
    )


def _holds(expression: Requirement, labels: Mapping[str, str]) -> bool:
    operator, value = expression.get("operator"), labels.get(str(expression.get("key")))
    if operator not in ("Gt", "Lt"):
        return selects({"matchExpressions": [expression]}, labels)
    bound = str((expression.get("values") or [""])[0])
    if value is None or not value.lstrip("-").isdigit() or not bound.lstrip("-").isdigit():
        return False
    return int(value) > int(bound) if operator == "Gt" else int(value) < int(bound)
