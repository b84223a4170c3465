"""Nodes: what the collection, the store and the cluster tell of them, and who of them does not answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kubedoor_api.access.roles import Role
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import NODES
from kubedoor_dev.cluster.store import Key
from support.api import BASE, ENV, Api
from support.pods import run_service
from support.rows import store_setting

PATH = f"{BASE}/nodes"
DAY = datetime.now(UTC).date() - timedelta(days=1)


async def stored(clickhouse: ClickHouse, **nodes: dict[str, Any]) -> None:
    """Store a day of some nodes, as the collector does."""
    usual = {
        "source": "node_exporter", "cpu_alloc_m": 10_000, "mem_alloc_mib": 20_000, "pods_alloc": 110,
        "p95_cpu_m": 2000, "p95_mem_mib": 5000, "requested_cpu_m": 5000, "requested_mem_mib": 10_000,
        "pods": 7, "ready_pct": 100, "coverage": 1,
    }  # fmt: skip
    of_all = {"env": ENV, "date": str(DAY), "collected_at": timestamp(datetime.now(UTC))}
    rows = [{**of_all, **usual, "node": name.replace("_", "-"), **row} for name, row in nodes.items()]
    await clickhouse.insert("node_daily", rows)


async def changed(cluster: Cluster, name: str, spec: dict[str, Any], **metadata: Any) -> None:
    """Change a node of the simulated cluster."""
    found = cluster.store.get(Key(NODES.id, "", name))
    assert found is not None
    found["spec"].update(spec)
    for key, values in metadata.items():
        found["metadata"].setdefault(key, {}).update(values)
    cluster.store.update(Key(NODES.id, "", name), found, found["metadata"]["resourceVersion"])


async def test_without_a_cluster_and_a_store_the_last_peak_is_told(api: Api, clickhouse: ClickHouse) -> None:
    await stored(clickhouse, a={"p95_cpu_m": 8000}, b={"p95_cpu_m": 2000}, c={"p95_cpu_m": None})
    found = (await api.get(PATH)).json
    assert (found["as_of"], found["cluster_reason"], found["now_at"]) == (str(DAY), "no_cluster", None)
    assert found["now_code"] == "no_prometheus"
    assert "No Prometheus is configured" in found["now_reason"]
    assert [one["node"] for one in found["items"]] == ["a", "b", "c"]
    node = found["items"][0]
    assert node["cpu"] == {"p95": 8000, "used": None, "requested": 5000, "allocatable": 10_000}
    assert (node["ready"], node["cordoned"], node["pods"], node["money_month"]) == (None, None, 7, None)
    cpu = found["cpu"]
    assert cpu["used"] == {"mean_pct": 50, "deviation": 30, "hottest_over_mean": 30, "hottest": "a"}
    assert (cpu["requested"]["deviation"], cpu["requested_pct"], cpu["used_pct"]) == (0, 50, 50)


async def test_nothing_is_known_where_nothing_was_collected(api: Api) -> None:
    found = (await api.get(PATH)).json
    assert (found["as_of"], found["items"], found["cpu"]["used"]) == (None, [], None)
    missing = await api.get(f"{PATH}/a")
    assert (missing.status, missing.json["code"]) == (404, "no_node")


async def test_the_cluster_tells_who_keeps_pods_off(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await stored(clickhouse, node_1={}, node_9={})
    await store_setting(clickhouse, ENV, "price_core_month", 10)
    since = "2026-11-20T08:00:00Z"
    await changed(
        cluster, "node-1",
        {"unschedulable": True, "taints": [
            {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"},
            {"key": "gpu", "value": "yes", "effect": "NoSchedule"},
            {"key": "node.cloudprovider.kubernetes.io/shutdown", "effect": "NoSchedule"},
        ]},
        annotations={"kubedoor.io/cordoned-by": "alice", "kubedoor.io/cordoned-at": since,
                     "kubedoor.io/cordon-reason": "kernel"},
        labels={"topology.kubernetes.io/zone": "a", "node.kubernetes.io/instance-type": "c6i.4xlarge",
                "node-role.kubernetes.io/control-plane": ""},
    )  # fmt: skip
    await changed(cluster, "node-2", {"unschedulable": True})
    found = (await governing.get(PATH)).json
    assert found["cluster_reason"] == ""
    nodes = {one["node"]: one for one in found["items"]}
    assert set(nodes) == {"node-1", "node-2", "node-3"}, "one that is gone is of the past"
    one = nodes["node-1"]
    assert one["cordon"] == {
        "by": "alice", "at": "2026-11-20T08:00:00.000Z", "until": None, "reason": "kernel",
        "action": "",
    }  # fmt: skip
    assert [(taint["key"], taint["value"], taint["of_cluster"]) for taint in one["taints"]] == [
        ("gpu", "yes", False),
        ("node.cloudprovider.kubernetes.io/shutdown", "", True),
    ]
    assert one["zone"] == "a"
    assert one["group"] == "c6i.4xlarge/a/gpu=yes,node.cloudprovider.kubernetes.io/shutdown"
    assert (one["control_plane"], one["ready"], one["cpu"]["allocatable"]) == (True, True, 57_600)
    assert one["money_month"] == pytest.approx(576)
    assert nodes["node-2"]["cordon"] == {"by": "", "at": None, "until": None, "reason": "", "action": ""}
    assert (nodes["node-3"]["cordoned"], nodes["node-3"]["cordon"]) == (False, None)
    assert nodes["node-3"]["cpu"]["p95"] is None


async def test_a_node_has_its_days_and_its_pods(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await stored(clickhouse, node_1={})
    await run_service(cluster, replicas=4)
    every = [(await governing.get(f"{PATH}/node-{n}")).json for n in (1, 2, 3)]
    assert [(day["date"], day["p95_cpu_m"]) for day in every[0]["days"]] == [(str(DAY), 2000)]
    assert every[1]["days"] == []
    pods = [pod for one in every for pod in one["pods"]]
    assert len(pods) == 4
    assert {pod["owner"].partition(" ")[0] for pod in pods} == {"ReplicaSet"}


async def test_a_cluster_that_does_not_answer_costs_nothing_else(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await stored(clickhouse, node_1={})
    cluster.fault(status=403, path="/nodes")
    found = (await governing.get(PATH)).json
    assert found["cluster_reason"] == "forbidden"
    assert "nodes" in found["cluster_detail"]
    assert [one["node"] for one in found["items"]] == ["node-1"]
    cluster.faults.clear()
    cluster.fault(status=403, path="/pods")
    one = (await governing.get(f"{PATH}/node-1")).json
    assert (one["pods"], one["cluster_reason"]) == (None, "forbidden")


async def test_nodes_are_for_those_who_see_the_whole_env(api: Api) -> None:
    bounded = api.as_(Role.ADMIN, namespace="shop")
    assert (await bounded.get(PATH)).status == 403
    assert (await bounded.get(f"{PATH}/a")).status == 403
    assert (await api.as_(Role.VIEWER).get(PATH)).status == 200
