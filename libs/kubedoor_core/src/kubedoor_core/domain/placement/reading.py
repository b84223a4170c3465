"""Reads what a pod's spec says about nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kubedoor_core.domain.placement.model import HOST, HostPort, PodTerm, Rules, Spread, Toleration
from kubedoor_core.domain.placement.selecting import (
    Labels,
    NodeTerm,
    Requirement,
    Selector,
    read_node_terms,
    read_selector,
)

Json = Mapping[str, Any]
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"


def read_rules(
    spec: Json, namespace: str, labels: Labels, volume_terms: tuple[tuple[NodeTerm, ...], ...] = ()
) -> Rules:
    """Read a pod's rules.

    :param spec: of the pod or of its template; ``labels`` likewise.
    :param volume_terms: where each volume that it has claimed can be mounted.
    """
    affinity = spec.get("affinity") or {}
    node = (affinity.get("nodeAffinity") or {}).get(REQUIRED)
    chosen = spec.get("nodeSelector") or {}
    return Rules(
        node_selector=tuple(Requirement(key, "In", (str(value),)) for key, value in sorted(chosen.items())),
        node_terms=None if node is None else read_node_terms(node.get("nodeSelectorTerms")),
        volume_terms=volume_terms,
        tolerations=tuple(_toleration(one) for one in spec.get("tolerations") or ()),
        affinity=_terms(affinity.get("podAffinity"), namespace, labels, unknown=frozenset({namespace})),
        anti_affinity=_terms(affinity.get("podAntiAffinity"), namespace, labels, unknown=None),
        spread=tuple(_spreads(spec.get("topologySpreadConstraints") or (), namespace, labels)),
        ports=tuple(_ports(spec)),
    )


def _toleration(one: Json) -> Toleration:
    return Toleration(
        str(one.get("key") or ""),
        str(one.get("operator") or "Equal"),
        str(one.get("value") or ""),
        str(one.get("effect") or ""),
    )


def _terms(
    affinity: Json | None, namespace: str, labels: Labels, unknown: frozenset[str] | None
) -> tuple[PodTerm, ...]:
    """Read the required terms.

    :param unknown: which namespaces a selector of namespaces is taken for: their labels are not known.
    """
    return tuple(
        PodTerm(
            _with_keys(read_selector(one.get("labelSelector")), one, labels),
            _namespaces(one, namespace, unknown),
            str(one.get("topologyKey") or HOST),
        )
        for one in (affinity or {}).get(REQUIRED) or ()
    )


def _namespaces(term: Json, namespace: str, unknown: frozenset[str] | None) -> frozenset[str] | None:
    named, selector = frozenset(map(str, term.get("namespaces") or ())), term.get("namespaceSelector")
    if selector is None:
        return named or frozenset({namespace})
    if not selector or unknown is None:
        return None
    return named | unknown


def _with_keys(selector: Selector | None, holder: Json, labels: Labels) -> Selector | None:
    """Add the pod's own values of the labels that a term names by their keys."""
    if selector is None:
        return None
    same, other = holder.get("matchLabelKeys") or (), holder.get("mismatchLabelKeys") or ()
    own = [Requirement(str(key), "In", (labels[key],)) for key in same if key in labels]
    apart = [Requirement(str(key), "NotIn", (labels[key],)) for key in other if key in labels]
    return (*selector, *own, *apart)


def _spreads(constraints: Iterable[Json], namespace: str, labels: Labels) -> Iterable[Spread]:
    for one in constraints:
        if one.get("whenUnsatisfiable", "DoNotSchedule") != "DoNotSchedule":
            continue
        selector = _with_keys(read_selector(one.get("labelSelector")), one, labels)
        term = PodTerm(selector, frozenset({namespace}), str(one.get("topologyKey") or HOST))
        yield Spread(term, int(one.get("maxSkew") or 1), int(one.get("minDomains") or 1))


def _ports(spec: Json) -> Iterable[HostPort]:
    every = bool(spec.get("hostNetwork"))
    for container in spec.get("containers") or ():
        for one in container.get("ports") or ():
            port = one.get("hostPort") or (one.get("containerPort") if every else 0)
            if port:
                yield HostPort(int(port), str(one.get("protocol") or "TCP"), str(one.get("hostIP") or ""))
