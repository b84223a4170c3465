"""What of a pod's rules a node alone decides: taints, and which nodes the pod and its volumes choose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from kubedoor_core.domain.placement.model import Rules, Taint
from kubedoor_core.domain.placement.selecting import Labels, NodeTerm, matches

REPELLING = frozenset({"NoSchedule", "NoExecute"})
CORDON = Taint("node.kubernetes.io/unschedulable", "", "NoSchedule")
PRESSURE_TAINTS = frozenset(
    f"node.kubernetes.io/{one}"
    for one in ("memory-pressure", "disk-pressure", "pid-pressure", "network-unavailable")
)
OF_CONDITIONS = frozenset(
    {"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable", CORDON.key, *PRESSURE_TAINTS}
)
"""Taints that say what a node's conditions and its spec say too."""
StaticBlock = Literal["taint", "affinity", "volume_zone"]


def static_block(rules: Rules, name: str, labels: Labels, taints: Iterable[Taint]) -> StaticBlock | None:
    """Return what about a node keeps a pod off for good; None: nothing does."""
    if any(not rules.tolerates(one) for one in taints if repels(one)):
        return "taint"
    if not chosen(rules, name, labels):
        return "affinity"
    return None if reaches_volumes(rules, name, labels) else "volume_zone"


def repels(taint: Taint) -> bool:
    """Tell whether a taint keeps pods off by itself, rather than to tell that a node is not well."""
    return taint.effect in REPELLING and taint.key not in OF_CONDITIONS


def chosen(rules: Rules, name: str, labels: Labels) -> bool:
    """Tell whether a node is among those that a pod's selector and its required node affinity choose."""
    return matches(rules.node_selector, labels) and (
        rules.node_terms is None or any_chooses(rules.node_terms, name, labels)
    )


def reaches_volumes(rules: Rules, name: str, labels: Labels) -> bool:
    """Tell whether all of a pod's volumes can be mounted on a node."""
    return all(any_chooses(terms, name, labels) for terms in rules.volume_terms)


def any_chooses(terms: Iterable[NodeTerm], name: str, labels: Labels) -> bool:
    """Tell whether one of some node selector terms chooses a node."""
    return any(term.chooses(name, labels) for term in terms)
