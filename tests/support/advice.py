"""Services that are measured for two weeks, and the cluster around them, as advice looks at them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import BUDGETS, DEPLOYMENTS
from support.api import BASE, ENV
from support.operations import deployment
from support.rows import containers, derived_row

ADVICE = f"{BASE}/advice"
AS_OF = date(2099, 3, 20)
"""Later than any roll-out or edit that a test makes now."""
SLOTS, HOURS = 288, 24
Json = dict[str, Any]


def day_of(name: str, day: date, **values: Any) -> Json:
    """A day of ten pods that use 300 of 1000 millicores in the peak hours and all day long."""
    pods, cpu_m = values.get("pod_count", 10), values.get("p95_cpu_m", 300)
    return {
        "env": ENV, "namespace": "shop", "name": name, "container": "app", "date": day.isoformat(),
        "window_start": f"{day} 02:00:00.000", "window_end": f"{day} 03:30:00.000",
        "collected_at": f"{day} 04:00:00.000", "pod_count": 10, "p95_cpu_m": 300, "p95_cpu_hot_m": 300,
        "p95_mem_mib": 400, "max_mem_mib": 400, "request_cpu_m": 500, "limit_cpu_m": 1000,
        "request_mem_mib": 512, "limit_mem_mib": 1024, "oom_kills": 0, "throttled_pct": 0.0, "coverage": 1.0,
        "profile_cpu_m": [cpu_m] * SLOTS, "profile_pods": [pods] * HOURS, **values,
    }  # fmt: skip


def days_of(name: str, count: int = 14, until: date = AS_OF, **values: Any) -> list[Json]:
    """Such days, up to one."""
    return [day_of(name, until - timedelta(days=ago), **values) for ago in reversed(range(count))]


async def measured(clickhouse: ClickHouse, *names: str, count: int = 14, **values: Any) -> None:
    """Services that are registered since long, and measured."""
    of = containers(app=(500, 1000, 512, 1024))
    rows = [
        derived_row(ENV, "shop", name, replicas_observed=10, first_seen="2026-01-01", **of) for name in names
    ]
    await clickhouse.insert("derived", rows)
    await clickhouse.insert(
        "resource_daily", [row for name in names for row in days_of(name, count, **values)]
    )


async def runs(cluster: Cluster, name: str, replicas: int = 10, **changes: Any) -> None:
    """Make a Deployment run whose last roll-out was long ago."""
    made = deployment(name, replicas)
    made["metadata"] |= changes.pop("metadata", {})
    made["spec"]["template"]["spec"] |= changes
    await cluster.create(Target(DEPLOYMENTS, "shop", name), made)


async def budget(cluster: Cluster, name: str, **spec: Any) -> None:
    """Give the pods of a Deployment a PodDisruptionBudget."""
    obj = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": f"{name}-budget", "namespace": "shop"},
        "spec": {"selector": {"matchLabels": {"app": name}}, **spec},
    }
    await cluster.create(Target(BUDGETS, "shop", f"{name}-budget"), obj)
