"""Pods of a simulated cluster, for what is done to single ones."""

from __future__ import annotations

from typing import Any

from kubedoor_dev.cluster import pod_status
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import BUDGETS, DEPLOYMENTS, PODS, SERVICES
from support.waiting import until

Json = dict[str, Any]


async def run_service(cluster: Cluster, name: str = "cart", replicas: int = 2, *sidecars: str) -> list[Json]:
    """Make a Deployment in `shop`, and return its pods once they are ready."""
    labels = {"app": name}
    containers = [{"name": one, "image": "registry.example/app:1"} for one in ("app", *sidecars)]
    template = {"metadata": {"labels": labels}, "spec": {"containers": containers}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    metadata = {"name": name, "namespace": "shop"}
    obj = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}
    await cluster.create(Target(DEPLOYMENTS, "shop", name), obj)

    async def all_ready() -> list[Json] | None:
        found = pods(cluster, name)
        return found if len(found) == replicas and all(map(pod_status.is_ready, found)) else None

    found: list[Json] = await until(all_ready)
    return found


def pods(cluster: Cluster, name: str = "cart") -> list[Json]:
    """Return the pods that a Deployment of `shop` made, also those that it has let go of."""
    every = cluster.store.all_of(PODS.id, "shop")
    return [pod for pod in every if pod["metadata"]["name"].startswith(f"{name}-")]


async def make_service(cluster: Cluster, name: str, **selector: str) -> None:
    """Make a Service in `shop`."""
    metadata = {"name": name, "namespace": "shop"}
    spec = {"selector": selector, "ports": [{"port": 80}]}
    obj = {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}
    await cluster.create(Target(SERVICES, "shop"), obj)


async def make_budget(cluster: Cluster, name: str, min_available: int, **labels: str) -> None:
    """Make a PodDisruptionBudget in `shop`."""
    metadata = {"name": name, "namespace": "shop"}
    spec = {"minAvailable": min_available, "selector": {"matchLabels": labels}}
    kind = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget"}
    await cluster.create(Target(BUDGETS, "shop"), {**kind, "metadata": metadata, "spec": spec})
