"""What a cluster asks of a Deployment's pod count: budgets, spread over zones, its annotation. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from kubedoor_api.kube.manifests import condition_of, replicas_of, selects, template_of
from kubedoor_api.kube.objects.cluster import Node
from kubedoor_api.kube.objects.pods import PodAffinityTerm, PodSpec, SpreadConstraint
from kubedoor_api.kube.objects.workloads import BudgetSpec, Deployment, PodDisruptionBudget
from kubedoor_core.domain.advice.constraints import budget_least

ANNOTATION, OFF = "kubedoor.io/advice", "off"
HOSTNAME = "kubernetes.io/hostname"
UNREACHABLE_LEAST = 1
"""Added to a count at which a budget lets no pod go, whatever its count is."""


@dataclass(frozen=True)
class DeploymentFacts:
    """What advice has to know of a live Deployment.

    :ivar budget_least: pods at which its PodDisruptionBudget, ``budget``, lets one go; None without one.
    :ivar topologies: keys of the nodes' labels that its pods must be spread over.
    :ivar rolled_out_at: when its last roll-out went on or ended, if Kubernetes tells.
    """

    replicas: int
    budget_least: int | None = None
    budget: str = ""
    topologies: frozenset[str] = frozenset()
    opted_out: bool = False
    rolled_out_at: datetime | None = None


def facts_of(deployment: Deployment, budgets: Iterable[PodDisruptionBudget]) -> DeploymentFacts:
    """Return what a Deployment's manifest and the budgets of its namespace say."""
    template, replicas = template_of(deployment), replicas_of(deployment)
    metadata = deployment.get("metadata") or {}
    labels = (template.get("metadata") or {}).get("labels") or {}
    # What any budget of these pods needs most, and its name.
    found = [
        (_least(budget.get("spec") or {}, replicas), str((budget.get("metadata") or {}).get("name") or ""))
        for budget in budgets
        if selects((budget.get("spec") or {}).get("selector"), labels)
    ]
    least, name = max(found, default=(None, ""), key=lambda one: one[0] or 0)
    progress = condition_of(deployment, "Progressing").get("lastUpdateTime")
    return DeploymentFacts(
        replicas=replicas,
        budget_least=least,
        budget=name,
        topologies=frozenset(_topologies(template.get("spec") or {})),
        opted_out=(metadata.get("annotations") or {}).get(ANNOTATION) == OFF,
        rolled_out_at=datetime.fromisoformat(progress) if progress else None,
    )


def _least(spec: BudgetSpec, replicas: int) -> int:
    """Return the least pods at which a budget lets one go; one that lets none go keeps every pod there is."""
    least = budget_least(spec.get("minAvailable"), spec.get("maxUnavailable"), replicas)
    return max(replicas, UNREACHABLE_LEAST) if least is None else least


def _topologies(spec: PodSpec) -> Iterator[str]:
    """Yield what pods must be spread over or be apart by; single nodes bound a count from above alone."""
    for constraint in spec.get("topologySpreadConstraints") or []:
        if constraint.get("whenUnsatisfiable", "DoNotSchedule") == "DoNotSchedule":
            yield from _domain(constraint)
    apart = ((spec.get("affinity") or {}).get("podAntiAffinity") or {}).get(
        "requiredDuringSchedulingIgnoredDuringExecution"
    )
    for term in apart or []:
        yield from _domain(term)


def _domain(term: SpreadConstraint | PodAffinityTerm) -> Iterator[str]:
    key = str(term.get("topologyKey") or "")
    if key and key != HOSTNAME:
        yield key


def domains(nodes: Iterable[Node]) -> dict[str, int]:
    """Return how many values each label of the nodes that take pods has."""
    values: dict[str, set[str]] = {}
    for node in nodes:
        if (node.get("spec") or {}).get("unschedulable"):
            continue
        for key, value in ((node.get("metadata") or {}).get("labels") or {}).items():
            values.setdefault(key, set()).add(str(value))
    return {key: len(found) for key, found in values.items()}


def zones_of(facts: DeploymentFacts, counted: Mapping[str, int]) -> int | None:
    """Return how many zones a Deployment must be spread over; None for none."""
    return max((counted.get(key, 0) for key in facts.topologies), default=0) or None
