"""What the chart allows the api in Kubernetes is exactly what it asks for."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
import yaml
from kubernetes_asyncio import client

from kubedoor_api import kube
from kubedoor_api.config.environment import POD_ACTION_GROUPS, ApiSettings, PodActionGroup
from kubedoor_api.kube import commands, leases, pods, rights, surroundings, webhook_configuration, workloads
from kubedoor_api.kube.cluster_configs import cluster_configs
from kubedoor_api.kube.clusters import ClusterRefusedError, Clusters
from kubedoor_api.kube.pods import LogOptions
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.kube.surroundings import ListedName, LookedAtName, VolumeName, WatchedName
from kubedoor_api.kube.webhook_configuration import NAME
from kubedoor_api.leader.leadership import lease_namespace
from kubedoor_core.domain.admission.decide import Rules
from kubedoor_core.domain.env_policy import AdmissionPolicy
from kubedoor_core.regex import Expression
from kubedoor_dev.chart import CHART
from kubedoor_dev.cluster.cluster import Cluster, Options
from support.rendering import CONFIGURATIONS, MINIMAL, Object, merged, objects, of_kind, templates
from support.waiting import until

ENV = "test"
LEASE = ApiSettings.model_fields["lease_name"].default
REVIEW = ("authorization.k8s.io", "selfsubjectaccessreviews", "create")
"""Everybody may ask for their own rights (system:basic-user)."""
WORKLOADS = (
    "read", "patch", "scale", "resize", "move_bounds", "in_namespace", "pods", "autoscalers", "nodes",
    "pods_in_pages", "pods_named", "count_nodes", "pods_on_node", "one", "every", "replica_sets", "events",
)  # fmt: skip
CHANGES = {("deployments", "patch"), ("deployments/scale", "patch"), ("horizontalpodautoscalers", "patch"),
           ("pods/resize", "patch"),
           ("leases", "update")}  # fmt: skip
"""What may be changed besides our own configuration."""

POLICY = AdmissionPolicy(None, {}, Expression("shop"), Expression(""), "kubedoor", Rules())

Permission = tuple[str, str, str, str]
"""API group, resource, verb and the one name that is allowed, or none for any."""


def rendered(**values: object) -> list[Object]:
    """Return the roles of a release with some further values."""
    made = objects(templates(merged(MINIMAL, dict(values))))
    return [each for each in made if each["kind"] in {"ClusterRole", "Role"}]


@cache
def allowed(*groups: PodActionGroup) -> set[Permission]:
    """Return what ClusterRole and Role allow, with some groups of actions on pods."""
    roles = rendered(podActions=dict.fromkeys(groups, True))
    return {
        (group, resource, verb, name)
        for role in roles
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
        for name in rule.get("resourceNames", [""])
    }


async def ask_everything(cluster: Cluster, clusters: Clusters, settings: ApiSettings) -> set[str]:
    """Call everything at the boundary to Kubernetes, and return what was called."""
    await webhook_configuration.put(clusters, ENV, settings, POLICY)
    await webhook_configuration.put(clusters, ENV, settings, POLICY)
    await webhook_configuration.bring_up_to_date(clusters, ENV, settings, POLICY)
    await webhook_configuration.read(clusters, ENV)
    await webhook_configuration.remove(clusters, ENV)
    await workloads.one(clusters, ENV, "shop", "cart")
    assert [each async for each in workloads.every(clusters, ENV)] == []
    await ask_for_operations(clusters)
    await ask_for_a_live_service(clusters)
    await ask_who_leads(clusters, settings)
    await ask_for_surroundings(cluster, clusters)
    asked = {
        "webhook_configuration.put",
        "webhook_configuration._put",
        "webhook_configuration.bring_up_to_date",
        "webhook_configuration.read",
        "webhook_configuration.remove",
    }
    assert await rights.missing(clusters, ENV, lease_namespace(settings), LEASE, 10) == []
    asked.add("rights.missing")
    asked |= {"leases.read", "leases.create", "leases.replace"}
    asked |= {"surroundings.listed", "surroundings.followed", "surroundings.vertical_autoscalers"}
    asked |= {"surroundings.namespaces_with", "surroundings.disruption_budgets", "surroundings.labels"}
    return asked | {f"workloads.{name}" for name in WORKLOADS}


async def ask_for_a_live_service(clusters: Clusters) -> None:
    """Call what a live service is shown from."""
    assert await workloads.replica_sets(clusters, ENV, "shop", "app=cart") == []
    assert await workloads.events(clusters, ENV, "shop") == ([], True)


async def ask_for_logs(clusters: Clusters) -> None:
    """Open a log, and read on in it."""
    with pytest.raises(ClusterRefusedError, match="not found"):
        await pods.read_log(clusters, ENV, "shop", "cart-1", LogOptions())


async def ask_for_deletion(clusters: Clusters) -> None:
    """Look at a pod, evict it and delete it."""
    assert await pods.find(clusters, ENV, "shop", "cart-1", "1") is None
    for go in (pods.evict, pods.delete):
        with pytest.raises(AskingError, match="there is no shop/cart-1"):
            await go(clusters, ENV, "shop", "cart-1", "1", None)


async def ask_for_isolation(clusters: Clusters) -> None:
    """Look at what selects a pod, and patch it."""
    assert await pods.find(clusters, ENV, "shop", "cart-1", "1") is None
    assert await pods.services(clusters, ENV, "shop") == []
    assert await pods.network_policies(clusters, ENV, "shop") == []
    assert await pods.endpoint_slices(clusters, ENV, "shop", ["cart"]) == []
    with pytest.raises(AskingError, match="there is no shop/cart-1"):
        await pods.relabel(clusters, ENV, "shop", "cart-1", [])


async def ask_for_diagnosis(clusters: Clusters) -> None:
    """Look at a pod, run a command in it, and read its log."""
    where = commands.ContainerRef(ENV, "shop", "cart-1", "app")
    assert await pods.find(clusters, ENV, "shop", "cart-1", "1") is None
    with pytest.raises(AskingError, match="there is no shop/cart-1"):
        await commands.run(clusters, where, ("true",), 10.0, 10)
    await ask_for_logs(clusters)


async def ask_for_a_toolbox(clusters: Clusters) -> None:
    """Put a container beside another one."""
    where = commands.ContainerRef(ENV, "shop", "cart-1", "app")
    with pytest.raises(AskingError, match="there is no shop/cart-1"):
        await commands.add_toolbox(clusters, where, "tools", "registry.example/jattach:2.2", {})


async def ask_for_a_terminal(clusters: Clusters) -> None:
    """Look at a pod, and open a terminal in it."""
    where = commands.ContainerRef(ENV, "shop", "cart-1", "app")
    assert await pods.find(clusters, ENV, "shop", "cart-1", "1") is None
    with pytest.raises(AskingError, match="there is no shop/cart-1"):
        async with commands.execute(clusters, where, ("sh",), terminal=True):
            pass


ASK_GROUP: Mapping[PodActionGroup, Callable[[Clusters], Awaitable[None]]] = {
    "logs": ask_for_logs,
    "delete": ask_for_deletion,
    "isolate": ask_for_isolation,
    "diagnose": ask_for_diagnosis,
    "toolbox": ask_for_a_toolbox,
    "exec": ask_for_a_terminal,
}
"""What calls everything of a group of actions on pods; the names of what is called stand in `OF_GROUP`."""
OF_GROUP: Mapping[PodActionGroup, set[str]] = {
    "logs": {"pods.read_log"},
    "delete": {f"pods.{name}" for name in ("read", "find", "delete", "evict")},
    "isolate": {f"pods.{name}" for name in ("services", "network_policies", "endpoint_slices", "relabel")},
    "diagnose": {f"commands.{name}" for name in ("run", "execute", "_connect")},
    "toolbox": {"commands.add_toolbox"},
    "exec": {"commands.execute"},
}


OF_NODE_CONTROL = {"workloads.patch_node", "pods.evict"}
"""What nodes.control of the chart lets the api call besides."""


async def list_and_watch(cluster: Cluster, clusters: Clusters, resource: ListedName) -> list[object]:
    """List a resource, and watch it until the cluster has heard of that."""
    items, version = await surroundings.listed(clusters, ENV, resource, dict)
    assert version
    watch = surroundings.followed(clusters, ENV, resource, version)
    change = asyncio.ensure_future(anext(watch))

    async def heard() -> bool:
        return bool(cluster.calls.of(resource=resource, verb="watch"))

    await until(heard)
    change.cancel()
    return [*items]


async def ask_for_surroundings(cluster: Cluster, clusters: Clusters) -> None:
    """List and watch what else steers workloads; the watch of a version that is long gone ends at once."""
    for resource in get_args(WatchedName):
        assert await list_and_watch(cluster, clusters, resource) == []
    assert await surroundings.vertical_autoscalers(clusters, ENV) == []
    assert await surroundings.disruption_budgets(clusters, ENV) == []
    assert ("", "shop") in await surroundings.labels(clusters, ENV, "namespaces")
    await surroundings.labels(clusters, ENV, "deployments")
    assert await surroundings.disruption_budgets(clusters, ENV, "shop") == []
    assert await surroundings.namespaces_with(clusters, ENV, *webhook_configuration.OPT_OUT) == []


async def ask_who_leads(clusters: Clusters, settings: ApiSettings) -> None:
    """Make, read and renew the Lease, in the namespace and under the name that the settings give it."""
    place, name = lease_namespace(settings), ApiSettings.model_fields["lease_name"].default
    made = client.V1Lease(metadata=client.V1ObjectMeta(name=name), spec=client.V1LeaseSpec())
    assert await leases.read(clusters, ENV, place, name) is None
    await leases.create(clusters, ENV, place, made)
    standing = await leases.read(clusters, ENV, place, name)
    assert standing is not None
    standing.spec.holder_identity = "me"
    await leases.replace(clusters, ENV, place, standing)


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
    with pytest.raises(AskingError, match="there is no shop/cart-1"):
        await workloads.resize(clusters, ENV, "shop", "cart-1", {})
    assert await workloads.in_namespace(clusters, ENV, "shop") == []
    assert await workloads.pods(clusters, ENV, "shop", "app=cart") == []
    assert await workloads.autoscalers(clusters, ENV, "shop") == []
    assert await workloads.count_nodes(clusters, ENV, 10) == len(await workloads.nodes(clusters, ENV)) > 0
    assert [page async for page in workloads.pods_in_pages(clusters, ENV)] == [[]]
    assert await workloads.pods_on_node(clusters, ENV, "node-1") == []
    assert await workloads.pods_named(clusters, ENV, "shop", "cart-1") == []


def boundary() -> set[str]:
    """Return every function of `kubedoor_api.kube` that asks a cluster."""
    found = set()
    for entry in pkgutil.iter_modules(kube.__path__):
        module = importlib.import_module(f"kubedoor_api.kube.{entry.name}")
        for name, member in inspect.getmembers(module, inspect.isfunction):
            if member.__module__ == module.__name__ and "clusters" in inspect.signature(member).parameters:
                found.add(f"{entry.name}.{name}")
    return found


def test_what_the_api_asks_whether_it_may_is_what_the_chart_allows() -> None:
    assert {right[:4] for right in rights.needed(LEASE)} == allowed()


async def test_the_api_may_do_what_it_does_and_nothing_else(tmp_path: Path) -> None:
    cluster = Cluster(Options(tls=True, namespaces=("shop", "kubedoor")))
    async with cluster.serve():
        kubeconfig = cluster.write_kubeconfig(tmp_path / "kubeconfig")
        clusters = Clusters(cluster_configs(ENV, str(kubeconfig), ""))
        settings = ApiSettings.model_construct(
            env=ENV, webhook_url="https://127.0.0.1:1", own_namespace="kubedoor"
        )
        cluster.calls.clear()
        called = await ask_everything(cluster, clusters, settings)
        await clusters.close()
        made = list(cluster.calls)
    called |= set().union(*OF_GROUP.values()) | OF_NODE_CONTROL
    assert called == boundary(), "a function that asks Kubernetes is not part of this test"
    made = [call for call in made if (call.api_group, call.resource, call.verb) != REVIEW]
    asked = {(call.api_group, call.resource, call.verb) for call in made if call.resource}
    assert asked == {permission[:3] for permission in allowed()}
    for call in made:
        names = {
            permission[3]
            for permission in allowed()
            if permission[:3] == (call.api_group, call.resource, call.verb)
        }
        assert "" in names or call.name in names, call
        assert (
            call.resource != "leases"
            or call.namespace == of_kind("minimal", "Role")[0]["metadata"]["namespace"]
        )


@pytest.mark.parametrize("group", ASK_GROUP)
async def test_a_group_of_actions_on_pods_adds_what_it_asks_for_and_nothing_else(
    group: PodActionGroup, tmp_path: Path
) -> None:
    cluster = Cluster(Options(tls=True, namespaces=("shop", "kubedoor")))
    async with cluster.serve():
        kubeconfig = cluster.write_kubeconfig(tmp_path / "kubeconfig")
        clusters = Clusters(cluster_configs(ENV, str(kubeconfig), ""))
        await ASK_GROUP[group](clusters)
        await clusters.close()
        asked = {(call.api_group, call.resource, call.verb) for call in cluster.calls if call.resource}
    added = {permission[:3] for permission in allowed(group) - allowed()}
    assert asked - {permission[:3] for permission in allowed()} == added
    assert added


async def test_looking_for_findings_adds_what_it_watches_and_nothing_else(tmp_path: Path) -> None:
    cluster = Cluster(Options(tls=True, namespaces=("shop",)))
    async with cluster.serve():
        clusters = Clusters(cluster_configs(ENV, str(cluster.write_kubeconfig(tmp_path / "kubeconfig")), ""))
        for resource in get_args(LookedAtName):
            await list_and_watch(cluster, clusters, resource)
        await clusters.close()
        asked = {(call.api_group, call.resource, call.verb) for call in cluster.calls if call.resource}
    always = {permission[:3] for permission in allowed()}
    rules = [rule for role in rendered(findings={"watch": True}) for rule in role["rules"]]
    with_it = {
        (group, resource, verb)
        for rule in rules
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    assert asked - always == with_it - always
    assert yaml.safe_load((CHART / "values.yaml").read_text())["findings"] == {"watch": False}


async def test_keeping_events_lists_and_watches_them_and_nothing_else(tmp_path: Path) -> None:
    cluster = Cluster(Options(tls=True, namespaces=("shop",)))
    async with cluster.serve():
        clusters = Clusters(cluster_configs(ENV, str(cluster.write_kubeconfig(tmp_path / "kubeconfig")), ""))
        await list_and_watch(cluster, clusters, "events")
        await clusters.close()
        asked = {(call.api_group, call.resource, call.verb) for call in cluster.calls if call.resource}
    always = [role["metadata"]["name"] for role in rendered()]
    [role] = [one for one in rendered(events={"keep": True}) if one["metadata"]["name"] not in always]
    assert role["rules"] == [{"apiGroups": [""], "resources": ["events"], "verbs": ["list", "watch"]}]
    assert asked == {("", "events", "list"), ("", "events", "watch")}
    assert yaml.safe_load((CHART / "values.yaml").read_text())["events"] == {"keep": False}


def test_each_group_that_there_is_has_a_value_that_is_off_by_default() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text())["podActions"]
    assert (values.pop("namespaces"), values.pop("toolboxImage")) == ([], "")
    assert values == dict.fromkeys(POD_ACTION_GROUPS, False)
    assert set(ASK_GROUP) == set(OF_GROUP) == set(POD_ACTION_GROUPS)


def test_actions_bound_to_namespaces_have_a_role_in_each_and_none_in_the_cluster() -> None:
    values = {"logs": True, "namespaces": ["shop", "pay"]}
    plain, bounded = rendered(), rendered(podActions=values)
    further = [each for each in bounded if each not in plain]
    assert [(each["kind"], each["metadata"]["namespace"]) for each in further] == [
        ("Role", "shop"), ("Role", "pay"),
    ]  # fmt: skip
    made = objects(templates(merged(MINIMAL, {"podActions": values})))
    bindings = [each for each in made if each["kind"] == "RoleBinding"]
    assert {each["metadata"]["namespace"] for each in bindings} >= {"shop", "pay"}
    deployments = {each["metadata"]["name"]: each for each in made if each["kind"] == "Deployment"}
    [container] = deployments["kubedoor-api"]["spec"]["template"]["spec"]["containers"]
    variables = {one["name"]: one.get("value") for one in container["env"]}
    assert variables["KUBEDOOR_POD_ACTIONS"] == "logs"
    assert variables["KUBEDOOR_POD_ACTIONS_NAMESPACES"] == "shop,pay"


def test_nothing_may_ever_reach_secrets_or_kubelets_or_everything() -> None:
    for group, resource, verb, _ in allowed(*POD_ACTION_GROUPS):
        assert resource not in {"secrets", "nodes/proxy", "*"}
        assert "*" not in (group, verb)


def test_changes_are_allowed_to_our_own_configuration_and_to_what_operations_patch() -> None:
    for _, resource, verb, name in allowed():
        own = resource.startswith("mutating") and name == NAME
        assert verb in {"get", "list", "watch", "create"} or own or (resource, verb) in CHANGES


def test_a_lease_of_another_name_is_allowed_under_it() -> None:
    values = {"api": {"settings": {"LEASE_NAME": "mine", "LEASE_NAMESPACE": "leaders"}}}
    made = objects(templates(merged(MINIMAL, values)))
    (role,) = [each for each in made if each["kind"] == "Role"]
    assert role["metadata"]["namespace"] == "leaders"
    assert [rule.get("resourceNames") for rule in role["rules"]] == [None, ["mine"]]


MONITORING = ("kubedoor-vmagent", "kubedoor-kube-state-metrics")
"""What `monitoring.stack` brings along, each with an account of its own."""


def test_collector_and_webhook_may_do_nothing() -> None:
    for configuration in CONFIGURATIONS:
        bindings = of_kind(configuration, "ClusterRoleBinding") + of_kind(configuration, "RoleBinding")
        accounts = {subject["name"] for binding in bindings for subject in binding["subjects"]}
        assert accounts <= {"kubedoor-api", "kd-api", "given", *MONITORING}


def test_another_clusters_credentials_take_the_place_of_our_own() -> None:
    assert of_kind("the centre of several", "ClusterRole") == []


async def test_control_of_nodes_adds_what_it_asks_for_and_nothing_else(tmp_path: Path) -> None:
    cluster = Cluster(Options(tls=True))
    async with cluster.serve():
        clusters = Clusters(cluster_configs(ENV, str(cluster.write_kubeconfig(tmp_path / "kubeconfig")), ""))
        cluster.calls.clear()
        await workloads.patch_node(clusters, ENV, "node-1", {"spec": {"unschedulable": True}})
        with pytest.raises(AskingError, match="there is no shop/cart-1"):
            await pods.evict(clusters, ENV, "shop", "cart-1", "1", None)
        for resource in get_args(VolumeName):
            assert (await surroundings.listed(clusters, ENV, resource, dict)).items == []
        await clusters.close()
        asked = {(call.api_group, call.resource, call.verb) for call in cluster.calls if call.resource}
    without, with_it = (
        {
            (group, resource, verb)
            for role in rendered(nodes={"control": on})
            for rule in role["rules"]
            for group in rule["apiGroups"]
            for resource in rule["resources"]
            for verb in rule["verbs"]
        }
        for on in (False, True)
    )
    assert with_it - without == asked
