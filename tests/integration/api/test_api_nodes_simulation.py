"""How many nodes could go, of a simulated cluster whose pods are scheduled and governed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from integration.api.test_api_nodes import PATH, changed
from kubedoor_api.access.roles import Role
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster, Options
from kubedoor_dev.cluster.nodes import NodeSize
from kubedoor_dev.cluster.resources import CLAIMS, DEPLOYMENTS, PODS, VOLUMES
from support.api import ENV, Api
from support.rows import containers, derived_row, store_setting
from support.waiting import until

SIMULATION = f"{PATH}/simulation"
NODES = 6


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    """A cluster of nodes that have 9 cores and 36 GiB for pods."""
    sizes = {f"node-{number}": NodeSize("10", "40Gi", 100) for number in range(NODES)}
    made = Cluster(Options(tls=True, namespaces=("shop", "kubedoor"), nodes=sizes))
    async with made.serve():
        yield made


async def run(cluster: Cluster, name: str, replicas: int, cpu: str, **spec: Any) -> None:
    """Make a Deployment, and wait until its pods are on nodes."""
    resources = {"requests": {"cpu": cpu, "memory": "1Gi"}}
    labels = {"app": name}
    template = {
        "metadata": {"labels": labels},
        "spec": {"containers": [{"name": "app", "image": "app:1", "resources": resources}], **spec},
    }
    body = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    obj = {"apiVersion": "apps/v1", "kind": "Deployment",
           "metadata": {"name": name, "namespace": "shop"}, "spec": body}  # fmt: skip
    await cluster.create(Target(DEPLOYMENTS, "shop", name), obj)

    async def placed() -> bool:
        pods = [one for one in cluster.store.all_of(PODS.id, "shop")
                if one["metadata"]["name"].startswith(f"{name}-")]  # fmt: skip
        return len(pods) == replicas and all(one["spec"].get("nodeName") for one in pods)

    await until(placed)


async def simulated(api: Api, **asked: Any) -> dict[str, Any]:
    answer = await api.change("POST", SIMULATION, asked)
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


async def governed(clickhouse: ClickHouse, name: str, cpu_m: int) -> None:
    """Let the control table give a service's container another request."""
    values = containers(app=(cpu_m, None, 1024, None))
    await clickhouse.insert("derived", [derived_row(ENV, "shop", name, replicas_observed=12, **values)])


async def test_what_could_go_as_pods_ask_and_as_the_control_table_would_have_it(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await run(cluster, "cart", 12, "3")
    await governed(clickhouse, "cart", 500)
    now = await simulated(governing, requests="now", headroom_pct=0, spare_nodes=0)
    (group,) = now["groups"]
    assert (group["name"], group["nodes"], group["pods"]) == ("9 cpu 36 GiB", NODES, 12)
    assert (group["lower_bound"], group["packed"], group["binding"]) == (4, 4, "cpu")
    assert (group["gives_back_least"], group["gives_back_most"], group["money_month"]) == (2, 2, None)
    await store_setting(clickhouse, ENV, "price_core_month", 10)
    ours = await simulated(governing, requests="governed")
    (group,) = ours["groups"]
    assert (group["packed"], group["gives_back_least"], ours["ungoverned"]) == (2, 4, 0)
    assert group["money_month"] == [360, 360]
    assert len(group["keeps"]) == 1
    assert (ours["pods"], ours["pending"], ours["headroom_pct"], ours["spare_nodes"]) == (12, 0, 10, 1)


async def test_what_holds_nodes_and_which_are_left_out(governing: Api, cluster: Cluster) -> None:
    term = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "lonely"}}}
    apart = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
    await changed(cluster, "node-4", {"unschedulable": True})
    await run(cluster, "lonely", 3, "100m", affinity=apart)
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "by-hand", "namespace": "shop"},
           "spec": {"nodeName": "node-5", "containers": [{"name": "app", "image": "app:1"}]}}  # fmt: skip
    await cluster.create(Target(PODS, "shop", "by-hand"), pod)
    await changed(
        cluster, "node-5", {}, labels={"node-role.kubernetes.io/control-plane": ""},
    )  # fmt: skip
    found = await simulated(governing, requests="now", spare_nodes=0)
    assert found["left_out"] == [
        {"node": "node-4", "why": "cordoned"}, {"node": "node-5", "why": "control_plane"},
    ]  # fmt: skip
    (group,) = found["groups"]
    assert (group["nodes"], group["packed"], group["lower_bound"], group["binding"]) == (4, 3, 3, "apart")
    assert {one["why"] for one in group["held_by"]} == {"anti_affinity"}
    assert group["held_by_count"] == 2, "one needs a node anyway"
    one = await simulated(governing, requests="now", groups=[group["name"]])
    assert len(one["groups"]) == 1
    refused = await governing.change("POST", SIMULATION, {"groups": ["c6i.4xlarge"]})
    assert (refused.status, refused.json["errors"][0]["field"]) == (400, "groups.0")


async def test_a_volume_of_a_single_node_holds_it(governing: Api, cluster: Cluster) -> None:
    """Three small pods would fit on one node; where the api may not list volumes, that is told."""
    on_host = {"key": "kubernetes.io/hostname", "operator": "In"}
    for number in (1, 2, 3):
        name, node = f"disk-{number}", f"node-{number}"
        required = {"nodeSelectorTerms": [{"matchExpressions": [{**on_host, "values": [node]}]}]}
        volume = {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name},
                  "spec": {"nodeAffinity": {"required": required}}}  # fmt: skip
        claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim",
                 "metadata": {"name": name, "namespace": "shop"}, "spec": {"volumeName": name}}  # fmt: skip
        await cluster.create(Target(VOLUMES, "", name), volume)
        await cluster.create(Target(CLAIMS, "shop", name), claim)
        claimed = {"name": "data", "persistentVolumeClaim": {"claimName": name}}
        await run(cluster, f"db-{number}", 1, "100m", volumes=[claimed])
    found = await simulated(governing, requests="now", headroom_pct=0, spare_nodes=0)
    assert (found["claiming"], found["volumes_known"], found["groups"][0]["packed"]) == (3, True, 3)
    cluster.fault(status=403, path="/persistentvolumes")
    unknown = await simulated(governing, requests="now", headroom_pct=0, spare_nodes=0)
    assert (unknown["volumes_known"], unknown["groups"][0]["packed"]) == (False, 1)


async def test_without_a_cluster_or_one_that_does_not_tell(
    api: Api, governing: Api, cluster: Cluster
) -> None:
    none = await api.change("POST", SIMULATION, {})
    assert (none.status, none.json["code"]) == (409, "no_cluster")
    cluster.fault(status=403, path="/pods")
    away = await governing.change("POST", SIMULATION, {})
    assert away.status == 503, away.text
    assert "pods" in away.json["detail"]


async def test_it_is_for_those_who_see_the_whole_env(api: Api) -> None:
    bounded = api.as_(Role.ADMIN, namespace="shop")
    assert (await bounded.change("POST", SIMULATION, {})).status == 403
