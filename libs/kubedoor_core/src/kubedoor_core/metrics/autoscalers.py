"""Which services autoscalers steer by the utilisation of requests, as kube-state-metrics tells it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from kubedoor_core.domain.autoscaler import SCALED_KINDS
from kubedoor_core.domain.autoscaler import Autoscaler as OwnerOfCount
from kubedoor_core.domain.derivation.targets import NO_TARGETS, UtilisationTargets
from kubedoor_core.domain.workload import WORKLOAD_KINDS, ServiceKey
from kubedoor_core.metrics.samples import Labels

NAMES = ("kube_horizontalpodautoscaler", "kube_hpa")
"""What its metrics begin with, in today's kube-state-metrics and in that before 2.0."""


class Told(NamedTuple):
    """One sample of an autoscaler."""

    labels: Labels
    value: float


@dataclass(frozen=True)
class Autoscaler:
    """A HorizontalPodAutoscaler.

    :ivar service: what it scales; None where the store does not tell: kube-state-metrics before 2.0.
    """

    namespace: str
    name: str
    service: ServiceKey | None = None
    targets: UtilisationTargets = NO_TARGETS
    min_replicas: int | None = None
    max_replicas: int | None = None
    current_replicas: int | None = None


def read_autoscalers(samples: Iterable[Told]) -> list[Autoscaler]:
    """Put the samples of autoscalers together. Of targets only those of average utilisation count."""
    found: dict[tuple[str, str], Autoscaler] = {}
    for labels, value in samples:
        name = labels.get("horizontalpodautoscaler") or labels.get("hpa", "")
        key = (labels.get("namespace", ""), name)
        if all(key):
            found[key] = _with(found.get(key, Autoscaler(*key)), labels, value)
    return [found[key] for key in sorted(found)]


def _with(known: Autoscaler, labels: Labels, value: float) -> Autoscaler:
    metric = labels.get("__name__", "")
    if metric.endswith("_info"):
        kind, name = labels.get("scaletargetref_kind", ""), labels.get("scaletargetref_name", "")
        return replace(known, service=(known.namespace, kind, name)) if kind and name else known
    if metric.endswith("_spec_min_replicas"):
        return replace(known, min_replicas=int(value))
    if metric.endswith("_spec_max_replicas"):
        return replace(known, max_replicas=int(value))
    if metric.endswith("_status_current_replicas"):
        return replace(known, current_replicas=int(value))
    if labels.get("metric_target_type") != "utilization" or value <= 0:
        return known
    field = {"cpu": "cpu_pct", "memory": "mem_pct"}.get(labels.get("metric_name", ""))
    return replace(known, targets=known.targets._replace(**{field: int(value)})) if field else known


def targets_of(
    autoscalers: Iterable[Autoscaler], services: Collection[ServiceKey]
) -> dict[ServiceKey, UtilisationTargets]:
    """Return what each service is steered to.

    An autoscaler of which nobody tells what it scales is that of the service of its own name, which
    `kubectl autoscale` gives it.

    :param services: those that there are.
    """
    known, found = set(services), dict[ServiceKey, UtilisationTargets]()
    for one in autoscalers:
        service = scaled_by(one, known)
        if service in known and any(one.targets):
            found[service] = one.targets
    return found


def owners_of_counts(
    autoscalers: Iterable[Autoscaler], services: Collection[ServiceKey]
) -> dict[ServiceKey, OwnerOfCount]:
    """Return what owns the count of each workload, as it is stored; of several the first by name.

    :param services: those that there are.
    """
    known, found = set(services), dict[ServiceKey, OwnerOfCount]()
    for one in autoscalers:
        service = scaled_by(one, known)
        if service is not None and service[1] in SCALED_KINDS:
            namespace, kind, name = service
            owner = OwnerOfCount(
                namespace=namespace,
                kind=kind,
                name=name,
                autoscaler=one.name,
                source="metrics",
                min_replicas=one.min_replicas,
                max_replicas=one.max_replicas,
                cpu_target_pct=one.targets.cpu_pct,
                mem_target_pct=one.targets.mem_pct,
            )
            found.setdefault(service, owner)
    return found


def scaled_by(one: Autoscaler, known: Collection[ServiceKey]) -> ServiceKey | None:
    """Return what an autoscaler scales; one of which nobody tells that, the service of its own name."""
    named = ((one.namespace, kind, one.name) for kind in WORKLOAD_KINDS)
    return one.service or next((key for key in named if key in known), None)
