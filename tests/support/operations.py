"""Deployments that run in the simulated cluster, and operations on them followed to their end."""

from __future__ import annotations

from typing import Any

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import AUTOSCALERS, DEPLOYMENTS
from support.api import BASE, ENV, Api
from support.rows import containers, control_row, derived_row
from support.waiting import until

OPERATIONS = f"{BASE}/operations"
Json = dict[str, Any]


def deployment(name: str, replicas: int = 2, fail: str = "", **resources: str) -> Json:
    """A Deployment of one container.

    :param fail: how the pods fail from the start: `crashloop`, `oom` or `image`.
    :param resources: `cpu` and `memory` that it requests.
    """
    labels = {"app": name}
    requests = {"cpu": "100m", "memory": "128Mi", **resources}
    container = {"name": "app", "image": "registry.example/app:1", "resources": {"requests": requests}}
    annotations = {"kubedoor.dev/fail": fail} if fail else {}
    template = {
        "metadata": {"labels": labels, "annotations": annotations},
        "spec": {"containers": [container]},
    }
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    metadata = {"name": name, "namespace": "shop"}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


async def run(cluster: Cluster, *names: str, **options: Any) -> None:
    """Make Deployments run in the namespace `shop`."""
    for name in names:
        await cluster.create(Target(DEPLOYMENTS, "shop", name), deployment(name, **options))


async def autoscale(cluster: Cluster, name: str, least: int = 1, most: int = 5, **metadata: Any) -> None:
    """Give a Deployment an autoscaler."""
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    obj = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name, "namespace": "shop", **metadata},
        "spec": {"scaleTargetRef": target, "minReplicas": least, "maxReplicas": most},
    }
    await cluster.create(Target(AUTOSCALERS, "shop", name), obj)


def live(cluster: Cluster, name: str) -> Json:
    """A Deployment as it stands."""
    return cluster.get(Target(DEPLOYMENTS, "shop", name))


def count(cluster: Cluster, name: str) -> int:
    """The count that a Deployment asks for."""
    replicas: int = live(cluster, name)["spec"]["replicas"]
    return replicas


def requests(cluster: Cluster, name: str) -> Json:
    """What the pods of a Deployment request."""
    (container,) = live(cluster, name)["spec"]["template"]["spec"]["containers"]
    found: Json = container["resources"]["requests"]
    return found


async def register(clickhouse: ClickHouse, *names: str, replicas: int | None = 2, cpu_m: int = 100) -> None:
    """Register services as the collector derives them."""
    values = containers(app=(cpu_m, None, 128, None))
    rows = [derived_row(ENV, "shop", name, replicas_observed=replicas, **values) for name in names]
    await clickhouse.insert("derived", rows)


async def set_expert(clickhouse: ClickHouse, name: str, **columns: Any) -> None:
    """Write an expert's row."""
    await clickhouse.insert("control", [control_row(ENV, "shop", name, **columns)])


def targets(*names: str, **values: Any) -> list[Json]:
    """Targets in the namespace `shop`."""
    return [{"namespace": "shop", "name": name, **values} for name in names]


async def ask(api: Api, kind: str, wanted: list[Json], **options: Any) -> str:
    """Ask for an operation and return its id."""
    answer = await api.change("POST", OPERATIONS, {"kind": kind, "targets": wanted, **options})
    assert answer.status == 202, answer.text
    identity: str = answer.json["id"]
    return identity


async def ended(api: Api, identity: str, timeout_s: float = 180.0) -> Json:
    """Wait until an operation has ended and return it."""

    async def look() -> Json | None:
        shown: Json = (await api.get(f"{OPERATIONS}/{identity}")).json
        return shown if shown["state"] not in {"pending", "running"} else None

    return await until(look, timeout_s)


async def done(api: Api, kind: str, wanted: list[Json], **options: Any) -> Json:
    """Ask for an operation and wait for its end."""
    return await ended(api, await ask(api, kind, wanted, **options))


def states(operation: Json) -> dict[str, str]:
    """What became of each service, by name."""
    return {target["name"]: target["state"] for target in operation["targets"]}


def reasons(operation: Json) -> dict[str, str]:
    """What is told of each service in one word, by name."""
    return {target["name"]: target["reason"] for target in operation["targets"]}


def details(operation: Json) -> dict[str, str]:
    """What is told of each service, by name."""
    return {target["name"]: target["detail"] for target in operation["targets"]}
