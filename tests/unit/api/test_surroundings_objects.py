"""What HorizontalPodAutoscalers, LimitRanges and ResourceQuotas say, and what is written of it."""

from __future__ import annotations

import json
from typing import Any

from kubedoor_api.surroundings.objects import (
    Bounds,
    BoundsRow,
    autoscaler_of,
    bounds_of,
    by_workload,
    changed_bounds,
)

Json = Any


def autoscaler(name: str = "cart", **spec: Any) -> Json:
    """A HorizontalPodAutoscaler of the Deployment `cart`."""
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart"}
    whole = {"scaleTargetRef": target, "maxReplicas": 9, **spec}
    return {"metadata": {"namespace": "shop", "name": name}, "spec": whole}


def metric(resource: str, pct: int | None, source: str = "resource") -> Json:
    """A metric by utilisation, or by an average value where there is no percentage."""
    target = {"type": "AverageValue", "averageValue": "1"} if pct is None else {"averageUtilization": pct}
    return {"type": source, source: {"name": resource, "target": target}}


def test_bounds_targets_and_defaults_are_read() -> None:
    metrics = [metric("cpu", 70), metric("cpu", 60, "containerResource"), metric("memory", None)]
    found = autoscaler_of(autoscaler(metrics=metrics))
    assert found is not None
    assert (found.key, found.autoscaler, found.source) == (("shop", "Deployment", "cart"), "cart", "hpa")
    assert (found.min_replicas, found.max_replicas) == (1, 9)
    assert (found.cpu_target_pct, found.mem_target_pct) == (60, None)
    assert getattr(autoscaler_of(autoscaler(minReplicas=0)), "min_replicas", None) == 0


def test_one_that_keda_made_bears_the_name_of_its_scaled_object() -> None:
    made = autoscaler("keda-hpa-night")
    made["metadata"]["ownerReferences"] = [{"kind": "ScaledObject", "name": "night"}]
    found = autoscaler_of(made)
    assert found is not None
    assert (found.source, found.autoscaler) == ("keda", "night")


def test_what_scales_something_else_is_none() -> None:
    for target in (
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "cart"},
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Deployment", "name": "cart"},
        {},
    ):
        assert autoscaler_of(autoscaler(scaleTargetRef=target)) is None


def test_of_several_the_first_by_name_counts_in_whatever_order_they_come() -> None:
    two = [autoscaler_of(autoscaler(name)) for name in ("b", "a")]
    for found in (two, two[::-1], [*two, None]):
        assert [one.autoscaler for one in by_workload(found).values()] == ["a"]


LIMITS = {"limits": [{"type": "Container", "min": {"cpu": "100m"}}]}


def test_a_namespaces_bounds_are_gathered_and_written_when_they_change() -> None:
    found = bounds_of(
        {("shop", "b"): LIMITS, ("shop", "a"): {"limits": []}}, {("pay", "q"): {"hard": {"limits.cpu": "8"}}}
    )
    assert json.loads(found["shop"].limit_ranges) == [{"limits": []}, LIMITS]
    assert json.loads(found["pay"].quotas) == [{"name": "q", "hard": {"limits.cpu": "8"}}]
    rows = {row.namespace: row for row in changed_bounds({}, found)}
    assert rows.keys() == {"shop", "pay"}
    assert changed_bounds(rows, found) == []
    (changed,) = changed_bounds({**rows, "pay": BoundsRow("pay", Bounds(), version=4)}, found)
    assert (changed.namespace, changed.version) == ("pay", 4)


def test_a_namespace_without_bounds_becomes_a_tombstone_once() -> None:
    standing = {"shop": BoundsRow("shop", Bounds("[1]"), version=3)}
    assert changed_bounds(standing, {}) == [BoundsRow("shop", Bounds(), deleted=True, version=3)]
    assert changed_bounds({"shop": BoundsRow("shop", Bounds(), deleted=True, version=3)}, {}) == []
