"""What the objects of a cluster say of what steers its workloads. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from kubedoor_api.kube.manifests import ObjectKey, key_of
from kubedoor_api.kube.objects.workloads import HorizontalPodAutoscaler, Metric
from kubedoor_core.domain.autoscaler import SCALED_KINDS, Autoscaler, version_after

SCALED_OBJECT = "ScaledObject"
"""KEDA's: it makes and keeps a HorizontalPodAutoscaler of its own."""


def autoscaler_of(found: HorizontalPodAutoscaler) -> Autoscaler | None:
    """Return what a HorizontalPodAutoscaler says; None where it scales no Deployment or StatefulSet."""
    spec = found.get("spec") or {}
    target = spec.get("scaleTargetRef") or {}
    if target.get("kind") not in SCALED_KINDS or not str(target.get("apiVersion", "")).startswith("apps/"):
        return None
    namespace, name = key_of(found)
    owners = (found.get("metadata") or {}).get("ownerReferences") or []
    scaled_object = next((str(one["name"]) for one in owners if one.get("kind") == SCALED_OBJECT), "")
    metrics = spec.get("metrics") or []
    return Autoscaler(
        namespace=namespace,
        kind=str(target["kind"]),
        name=str(target.get("name") or ""),
        autoscaler=scaled_object or name,
        source="keda" if scaled_object else "hpa",
        min_replicas=1 if spec.get("minReplicas") is None else int(spec["minReplicas"]),
        max_replicas=spec.get("maxReplicas"),
        cpu_target_pct=_utilisation(metrics, "cpu"),
        mem_target_pct=_utilisation(metrics, "memory"),
    )


def _utilisation(metrics: Iterable[Metric], resource: str) -> int | None:
    """Return the smallest utilisation of a resource that pods are added above."""
    sources = [
        source
        for metric in metrics
        for source in (metric.get("resource") or {}, metric.get("containerResource") or {})
    ]
    targets = [
        (source.get("target") or {}).get("averageUtilization")
        for source in sources
        if source.get("name") == resource
    ]
    return min((int(target) for target in targets if target is not None), default=None)


def by_workload(found: Iterable[Autoscaler | None]) -> dict[tuple[str, str, str], Autoscaler]:
    """Return autoscalers by what they scale; of several, which Kubernetes stops, the first by name."""
    ordered = sorted((one for one in found if one is not None), key=lambda one: one.autoscaler, reverse=True)
    return {one.key: one for one in ordered}


NONE = "[]"


class Bounds(NamedTuple):
    """What a namespace's LimitRanges and ResourceQuotas say, as JSON."""

    limit_ranges: str = NONE
    quotas: str = NONE


@dataclass(frozen=True, slots=True)
class BoundsRow:
    """A row of `limit_range`; version 0 where it has never been written."""

    namespace: str
    bounds: Bounds
    deleted: bool = False
    version: int = 0

    def columns(self, env: str, now: datetime, author: str) -> dict[str, object]:
        """Return the row as it is written, newer than the one that it follows."""
        return {
            "env": env,
            "namespace": self.namespace,
            **self.bounds._asdict(),
            "version": version_after(self.version, now),
            "updated_at": now,
            "updated_by": author,
            "deleted": self.deleted,
        }


Spec = Mapping[str, object]


def spec_of(found: Mapping[str, Any]) -> Spec:
    """Return an object's spec, of which no more is known here."""
    spec: Spec = found.get("spec") or {}
    return spec


def bounds_of(limit_ranges: Mapping[ObjectKey, Spec], quotas: Mapping[ObjectKey, Spec]) -> dict[str, Bounds]:
    """Return what holds in each namespace that has any.

    :param limit_ranges: their specs, as those of the quotas.
    """
    return {
        namespace: Bounds(
            _text([spec for key, spec in sorted(limit_ranges.items()) if key[0] == namespace]),
            _text(
                [
                    {"name": key[1], "hard": spec.get("hard") or {}}
                    for key, spec in sorted(quotas.items())
                    if key[0] == namespace
                ]
            ),
        )
        for namespace in {key[0] for key in (*limit_ranges, *quotas)}
    }


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def changed_bounds(standing: Mapping[str, BoundsRow], found: Mapping[str, Bounds]) -> list[BoundsRow]:
    """Return the rows that bring what is stored to what is found."""
    written = [
        BoundsRow(namespace, bounds, version=row.version if row else 0)
        for namespace, bounds in found.items()
        if (row := standing.get(namespace)) is None or row.deleted or row.bounds != bounds
    ]
    gone = [
        BoundsRow(namespace, Bounds(), deleted=True, version=row.version)
        for namespace, row in standing.items()
        if namespace not in found and not row.deleted
    ]
    return [*written, *gone]
