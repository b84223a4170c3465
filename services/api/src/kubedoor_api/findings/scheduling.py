"""Why a pod can't be made or run: no node has room, as the scheduler reckons, or something is missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from kubedoor_api.findings.facts import DeploymentState, Facts, NodeState, PodState
from kubedoor_api.kube.manifests import NANO_PER_M, NANO_PER_MIB
from kubedoor_api.workloads.room import FINISHED, Amount
from kubedoor_core.domain.placement.model import Rules
from kubedoor_core.domain.placement.reading import read_rules
from kubedoor_core.domain.placement.selecting import NodeTerm, matches
from kubedoor_core.domain.placement.static import (
    CORDON,
    PRESSURE_TAINTS,
    REPELLING,
    chosen,
    reaches_volumes,
    repels,
)
from kubedoor_core.domain.quantity import NANO

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
        rules = read_rules(pod.spec or {}, pod.namespace, pod.labels, self._volumes(pod))
        taken = self._taken_domains(rules)
        blocks = {name: self._blocks(pod, rules, node, taken) for name, node in self.facts.nodes.items()}
        blocked = Counter(block for found in blocks.values() for block in found)
        # The nodes that it is meant for; where something chooses none, it does not count.
        meant = blocks
        for choosing in CHOOSING:
            meant = {name: found for name, found in meant.items() if not found & choosing} or meant
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

    def _blocks(
        self, pod: PodState, rules: Rules, node: NodeState, taken: Iterable[tuple[str, str]]
    ) -> set[Block]:
        free = self.free[node.name]
        stands: dict[Block, bool] = {
            "not_ready": not node.ready,
            "pressure": any(
                one.key in PRESSURE_TAINTS and one.effect in REPELLING and not rules.tolerates(one)
                for one in node.taints
            ),
            "cordoned": node.cordoned and not rules.tolerates(CORDON),
            "taint": any(not rules.tolerates(one) for one in node.taints if repels(one)),
            "affinity": not chosen(rules, node.name, node.labels),
            "anti_affinity": any(node.labels.get(key) == value for key, value in taken),
            "volume_zone": not reaches_volumes(rules, node.name, node.labels),
            "pods": self.pods[node.name] < 1,
            "cpu": pod.asked.cpu_m > free.cpu_m,
            "memory": pod.asked.mem_mib > free.mem_mib,
        }
        return {block for block, holds in stands.items() if holds}

    def _volumes(self, pod: PodState) -> tuple[tuple[NodeTerm, ...], ...]:
        """Return the node selector terms of each volume that a pod has claimed."""
        volumes = (pod.spec or {}).get("volumes") or []
        claims = (str((one.get("persistentVolumeClaim") or {}).get("claimName") or "") for one in volumes)
        bound = (self.facts.claims.get((pod.namespace, claim)) for claim in claims if claim)
        found = (self.facts.volumes.get(name) for name in bound if name)
        return tuple(volume.terms for volume in found if volume and volume.terms)

    def _taken_domains(self, rules: Rules) -> set[tuple[str, str]]:
        """Return label and value of the parts of the cluster that a pod's own anti-affinity forbids."""
        taken = set[tuple[str, str]]()
        for term in rules.anti_affinity:
            key = term.topology_key
            for other in self.facts.pods.values():
                node = self.facts.nodes.get(other.node)
                named = term.namespaces is None or other.namespace in term.namespaces
                if node is None or other.phase in FINISHED or not named:
                    continue
                if key in node.labels and matches(term.selector, other.labels):
                    taken.add((key, node.labels[key]))
        return taken


NOT_CREATED = frozenset({"CreateContainerConfigError", "CreateContainerError"})
"""Why a container waits whose image is there."""
MissingKind = Literal["Secret", "ConfigMap"]
_KINDS: dict[str, MissingKind] = {"secret": "Secret", "configmap": "ConfigMap"}
_OBJECT = re.compile(r'\b(secret|configmap)s? "([^"]{1,253})" not found', re.IGNORECASE)
_KEY = re.compile(r"couldn't find key (\S{1,253}) in (secret|configmap) (?:\S+/)?(\S{1,253})", re.IGNORECASE)
ASKED = {
    "cpu": "request_cpu_m",
    "requests.cpu": "request_cpu_m",
    "limits.cpu": "limit_cpu_m",
    "memory": "request_mem_mib",
    "requests.memory": "request_mem_mib",
    "limits.memory": "limit_mem_mib",
}
"""What a quota counts, and the value of containers that it adds up."""
COUNTED = ("pods", "count/pods")


class Missing(NamedTuple):
    """What is missing: a Secret or a ConfigMap, or a key of one.

    :ivar key: empty where the object itself is missing.
    """

    kind: MissingKind
    name: str
    key: str = ""


def missing_of(said: str) -> Missing | None:
    """Return what a kubelet's message says is missing; None where it says something else."""
    if (found := _KEY.search(said)) is not None:
        return Missing(_KINDS[found[2].lower()], found[3], found[1])
    if (found := _OBJECT.search(said)) is not None:
        return Missing(_KINDS[found[1].lower()], found[2])
    return None


def exceeded(facts: Facts, deployment: DeploymentState) -> tuple[str, dict[str, str | int]] | None:
    """Return the name of the quota that has no room for one more pod, and by what; None if all have."""
    sets = facts.sets_of.get((deployment.namespace, deployment.name))
    if not sets:
        return None
    values = sets[0].template.values
    for quota in facts.quotas:
        if quota.namespace != deployment.namespace:
            continue
        for name, hard in quota.hard.items():
            column = ASKED.get(name)
            if column is None and name not in COUNTED:
                continue
            unit = NANO if column is None else NANO_PER_M if column.endswith("_m") else NANO_PER_MIB
            asked = sum(value for (_, what), value in values.items() if what == column) if column else 1
            used = quota.used.get(name, 0)
            if used + asked * unit > hard:
                counts = {"asked": asked, "used": used // unit, "hard": hard // unit}
                return quota.name, {"quota": quota.name, "resource": name, **counts}
    return None
