"""What the chart allows the api in Kubernetes is exactly what it asks for."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

from kubedoor_api import kube
from kubedoor_api.kube import deployments, hook, workloads
from kubedoor_api.kube.clusters import Clusters, cluster_configs
from kubedoor_api.kube.hook_manifest import NAME
from kubedoor_api.kube.patience import AskingError
from kubedoor_api.settings import ApiSettings
from kubedoor_dev.cluster.cluster import Cluster, Options
from support.rendering import CONFIGURATIONS, of_kind

ENV = "test"
WORKLOADS = (
    "read", "patch", "scale", "move_bounds", "in_namespace", "pods", "autoscalers", "nodes", "pods_page",
)  # fmt: skip
CHANGES = {("deployments", "patch"), ("deployments/scale", "patch"), ("horizontalpodautoscalers", "patch")}
"""What may be changed besides our own configuration."""

Permission = tuple[str, str, str, str]
"""API group, resource, verb and the one name that is allowed, or none for any."""


def allowed() -> set[Permission]:
    """Return what the rendered ClusterRole allows."""
    return {
        (group, resource, verb, name)
        for rule in of_kind("minimal", "ClusterRole")[0]["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
        for name in rule.get("resourceNames", [""])
    }


async def ask_everything(clusters: Clusters, settings: ApiSettings) -> set[str]:
    """Call everything at the boundary to Kubernetes, and return what was called."""
    await hook.put(clusters, ENV, settings)
    await hook.put(clusters, ENV, settings)
    await hook.read(clusters, ENV)
    await hook.remove(clusters, ENV)
    await deployments.one(clusters, ENV, "shop", "cart")
    assert [each async for each in deployments.every(clusters, ENV)] == []
    await ask_for_operations(clusters)
    asked = {"hook.put", "hook.read", "hook.remove", "deployments.one", "deployments.every"}
    return asked | {f"workloads.{name}" for name in WORKLOADS}


async def ask_for_operations(clusters: Clusters) -> None:
    """Call what operations ask for."""
    for work in (
        workloads.read(clusters, ENV, "shop", "cart"),
        workloads.patch(clusters, ENV, "shop", "cart", {}),
        workloads.scale(clusters, ENV, "shop", "cart", 1),
        workloads.move_bounds(clusters, ENV, "shop", "cart", 1, 2),
    ):
        with pytest.raises(AskingError, match="there is no shop/cart"):
            await work
    assert await workloads.in_namespace(clusters, ENV, "shop") == []
    assert await workloads.pods(clusters, ENV, "shop", "app=cart") == []
    assert await workloads.autoscalers(clusters, ENV, "shop") == []
    assert await workloads.nodes(clusters, ENV)
    assert await workloads.pods_page(clusters, ENV, "") == ([], "")


def boundary() -> set[str]:
    """Return every function of `kubedoor_api.kube` that asks a cluster."""
    found = set()
    for entry in pkgutil.iter_modules(kube.__path__):
        module = importlib.import_module(f"kubedoor_api.kube.{entry.name}")
        for name, member in inspect.getmembers(module, inspect.isfunction):
            if member.__module__ == module.__name__ and "clusters" in inspect.signature(member).parameters:
                found.add(f"{entry.name}.{name}")
    return found


async def test_the_api_may_do_what_it_does_and_nothing_else(tmp_path: Path) -> None:
    cluster = Cluster(Options(tls=True, namespaces=("shop",)))
    async with cluster.serve():
        kubeconfig = cluster.write_kubeconfig(tmp_path / "kubeconfig")
        clusters = Clusters(cluster_configs(ENV, str(kubeconfig), ""))
        settings = ApiSettings.model_construct(webhook_url="https://127.0.0.1:1", own_namespace="kubedoor")
        cluster.calls.clear()
        called = await ask_everything(clusters, settings)
        await clusters.close()
        made = list(cluster.calls)
    assert called == boundary(), "a function that asks Kubernetes is not part of this test"
    asked = {(call.api_group, call.resource, call.verb) for call in made if call.resource}
    assert asked == {permission[:3] for permission in allowed()}
    for call in made:
        names = {
            permission[3]
            for permission in allowed()
            if permission[:3] == (call.api_group, call.resource, call.verb)
        }
        assert "" in names or call.name in names, call


def test_changes_are_allowed_to_our_own_configuration_and_to_what_operations_patch() -> None:
    for _, resource, verb, name in allowed():
        own = resource.startswith("mutating") and name == NAME
        assert verb in {"get", "list", "create"} or own or (resource, verb) in CHANGES


def test_collector_and_webhook_may_do_nothing() -> None:
    for configuration in CONFIGURATIONS:
        bindings = of_kind(configuration, "ClusterRoleBinding") + of_kind(configuration, "RoleBinding")
        accounts = {subject["name"] for binding in bindings for subject in binding["subjects"]}
        assert accounts <= {"kubedoor-api", "kd-api"}


def test_another_clusters_credentials_take_the_place_of_our_own() -> None:
    assert of_kind("the centre of several", "ClusterRole") == []
