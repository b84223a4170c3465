"""What advice goes by: rows of days as histories in few arrays, and what a cluster asks of a count. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from kubedoor_api.advice.queries import Key, Read
from kubedoor_api.kube.manifests import condition_of, replicas_of, selects, template_of
from kubedoor_api.kube.objects.cluster import Node
from kubedoor_api.kube.objects.pods import PodAffinityTerm, PodSpec, SpreadConstraint
from kubedoor_api.kube.objects.workloads import BudgetSpec, Deployment, PodDisruptionBudget
from kubedoor_core.domain.advice import ContainerHistory, ServiceHistory, TrafficHistory
from kubedoor_core.domain.advice.constraints import budget_least
from kubedoor_core.domain.arrays import Floats

CONTAINER, TRAFFIC, JVM = 8, 3, 3
"""Figures of a day."""
PODS, COVERAGE, CPU, HOT_CPU, DAY_CPU, MEM, THROTTLED, OOM_KILLS = range(CONTAINER)


class Window(NamedTuple):
    """The days that are looked at."""

    since: date
    until: date

    @classmethod
    def of(cls, until: date, days: int) -> Window:
        """Return so many days up to one, which is included."""
        return cls(until - timedelta(days=days - 1), until)

    @property
    def dates(self) -> tuple[date, ...]:
        """Each day, the oldest first."""
        return tuple(self.since + timedelta(days=one) for one in range((self.until - self.since).days + 1))


def histories(read: Read, window: Window) -> Iterator[tuple[Key, ServiceHistory]]:
    """Yield each Deployment's history; a container that its last day no longer has is left out."""
    dates = window.dates
    figures = _table(read.containers, CONTAINER, len(dates))
    jvms = _by(read.jvm, JVM, len(dates), "namespace", "name", "container")
    traffic = _by(read.traffic, TRAFFIC, len(dates), "namespace", "name")
    no_jvm = np.full((JVM, len(dates)), np.nan)
    numbered = list(enumerate(read.containers))
    for key, found in groupby(numbered, key=lambda one: (one[1]["namespace"], one[1]["name"])):
        rows = list(found)
        last = max(row["last"] for _, row in rows)
        seen = [(figures[index], row) for index, row in rows if row["last"] == last]
        containers = tuple(
            ContainerHistory(
                row["container"],
                table[CPU],
                table[HOT_CPU],
                table[DAY_CPU],
                table[MEM],
                table[THROTTLED],
                table[OOM_KILLS],
                *jvms.get((*key, row["container"]), no_jvm),
                *row["asked"],
            )
            for table, row in seen
        )
        asked = traffic.get(key)
        yield (
            key,
            ServiceHistory(
                dates,
                np.fmax.reduce([table[PODS] for table, _ in seen]),
                np.minimum.reduce([table[COVERAGE] for table, _ in seen]),
                containers,
                None if asked is None else TrafficHistory(*asked),
            ),
        )


def _table(rows: Sequence[Mapping[str, Any]], figures: int, count: int) -> Floats:
    """Return rows, figures and days; NaN where a day is not there."""
    table = np.full((len(rows), figures, count), np.nan)
    days = np.array([day for row in rows for day in row["days"]], dtype=np.float64)
    if days.size:
        of_row = np.repeat(np.arange(len(rows)), [len(row["days"]) for row in rows])
        table[of_row, :, days[:, 0].astype(np.int64)] = days[:, 1:]
    return table


def _by(
    rows: Sequence[Mapping[str, Any]], figures: int, count: int, *names: str
) -> dict[tuple[str, ...], Floats]:
    table = _table(rows, figures, count)
    return {tuple(row[name] for name in names): table[index] for index, row in enumerate(rows)}


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
