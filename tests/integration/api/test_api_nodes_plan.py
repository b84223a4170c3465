"""Which pods could move: by what was measured, within what they request, with what stays and why."""

from __future__ import annotations

from typing import Any

import pytest

from integration.api.test_api_nodes import DAY, PATH, changed, stored
from kubedoor_api.access.roles import Role
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.cluster import Cluster
from support.api import Api
from support.pods import make_budget, pods, run_service
from support.services import daily

PLAN = f"{PATH}/plan"


async def used(clickhouse: ClickHouse, **cpu_m: float) -> None:
    """Store what the nodes of 57.6 cores used."""
    sizes = {"cpu_alloc_m": 57_600, "mem_alloc_mib": 235_929, "p95_mem_mib": 20_000}
    await stored(clickhouse, **{name: {**sizes, "p95_cpu_m": value} for name, value in cpu_m.items()})


async def planned(api: Api) -> dict[str, Any]:
    answer = await api.get(PLAN)
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


@pytest.fixture
async def cart(cluster: Cluster, clickhouse: ClickHouse) -> list[str]:
    """A service of six pods, each of which used four cores at the peak; the node of each."""
    found = await run_service(cluster, replicas=6)
    await daily(clickhouse, "cart", "app", str(DAY), p95_cpu_m=4000, p95_mem_mib=500, pod_count=6)
    return [pod["spec"]["nodeName"] for pod in found]


async def test_pods_go_from_the_hot_node_to_one_that_is_used_less(
    governing: Api, clickhouse: ClickHouse, cart: list[str]
) -> None:
    hot = cart[0]
    others = sorted({"node-1", "node-2", "node-3"} - {hot})
    names = {name.replace("-", "_"): 10_000.0 for name in others}
    await used(clickhouse, **names, **{hot.replace("-", "_"): 40_000.0})
    found = await planned(governing)
    assert (found["as_of"], found["hot"]) == (str(DAY), [hot])
    assert 1 <= len(found["moves"]) <= cart.count(hot)
    for move in found["moves"]:
        assert (move["source"], move["service"], move["cpu_m"]) == (hot, "cart", 4000)
        assert move["target"] in others
    assert found["after"] < found["before"]


async def test_what_stays_and_why(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse, cart: list[str]
) -> None:
    hot = cart[0]
    await used(clickhouse, **{f"node_{n}": 40_000.0 if f"node-{n}" == hot else 1000.0 for n in (1, 2, 3)})
    await make_budget(cluster, "cart", len(pods(cluster)), app="cart")
    found = await planned(governing)
    assert (found["moves"], found["after"]) == ([], found["before"])
    assert found["staying"] == [{"reason": "budget", "pods": cart.count(hot)}]


async def test_nodes_that_take_no_pods_are_no_target(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse, cart: list[str]
) -> None:
    hot = cart[0]
    await used(clickhouse, **{f"node_{n}": 40_000.0 if f"node-{n}" == hot else 1000.0 for n in (1, 2, 3)})
    for number in (1, 2, 3):
        if f"node-{number}" != hot:
            await changed(cluster, f"node-{number}", {"unschedulable": True})
    assert (await planned(governing))["moves"] == []


async def test_without_a_cluster_or_figures(api: Api, governing: Api) -> None:
    none = await api.get(PLAN)
    assert (none.status, none.json["code"]) == (409, "no_cluster")
    found = await planned(governing)
    assert (found["as_of"], found["hot"], found["moves"]) == (None, [], [])
    assert (await api.as_(Role.ADMIN, namespace="shop").get(PLAN)).status == 403
