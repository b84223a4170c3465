"""Owners and labels of services: listed by the leader, kept, and told by the keys that the settings name."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_api.kube import surroundings
from kubedoor_api.workloads import labels
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import UnavailableError
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.attributes import Context
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import DEPLOYMENTS, NAMESPACES
from support.api import BASE, Api
from support.operations import deployment
from support.waiting import until

Json = dict[str, Any]
PART_OF = "app.kubernetes.io/part-of"


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """List again soon."""
    monkeypatch.setattr(labels, "LIST_PAUSE_S", 0.1)
    monkeypatch.setattr(labels, "RETRY_S", 0.1)


async def create(cluster: Cluster, name: str, **own: str) -> None:
    """Create a Deployment with labels, two underscores for what a keyword can't hold."""
    made = deployment(name)
    made["metadata"]["labels"] = {**made["metadata"].get("labels", {}), **own}
    await cluster.create(Target(DEPLOYMENTS, "shop", name), made)


async def told(api: Api, **owners: str) -> Json:
    """Wait until the api tells these owners and no others, and return all that it tells."""

    async def look() -> Json | None:
        answer: Json = (await api.get(f"{BASE}/labels")).json
        return answer if {one["name"]: one["owner"] for one in answer["items"]} == owners else None

    return await until(look)


async def test_the_owner_is_the_services_label_else_its_namespaces(governing: Api, cluster: Cluster) -> None:
    await create(cluster, "cart", team="checkout", owner="nobody")
    await create(cluster, "pay", owner="billing")
    await create(cluster, "bare")
    answer = await told(governing, cart="checkout", pay="billing")
    assert (answer["owner_labels"], answer["columns"]) == (["team", "owner"], [])
    space = cluster.get(Target(NAMESPACES, "", "shop"))
    space["metadata"]["labels"] = {**(space["metadata"].get("labels") or {}), "team": "shop-people"}
    await cluster.api.update(Target(NAMESPACES, "", "shop"), space, Context())
    await told(governing, cart="checkout", pay="billing", bare="shop-people")


async def test_what_is_gone_or_changed_is_told_no_more(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await create(cluster, "cart", team="checkout")
    await create(cluster, "pay", team="billing")
    await told(governing, cart="checkout", pay="billing")
    pay = cluster.get(Target(DEPLOYMENTS, "shop", "pay"))
    pay["metadata"]["labels"]["team"] = "money"
    await cluster.api.update(Target(DEPLOYMENTS, "shop", "pay"), pay, Context())
    await cluster.api.delete(Target(DEPLOYMENTS, "shop", "cart"), {}, Context())
    await told(governing, pay="money")
    again = "SELECT count() AS n, max(version) AS newest FROM workload_label"
    before = await clickhouse.fetch(again)
    await create(cluster, "late", team="x")
    await told(governing, pay="money", late="x")
    after = await clickhouse.fetch(again)
    assert after[0]["n"] == before[0]["n"] + 1, "only what has changed is written"


async def test_the_settings_say_which_labels_are_told(governing: Api, cluster: Cluster) -> None:
    await create(cluster, "cart", **{PART_OF: "store", "tier": "web"})
    for key, value in (("owner_labels", PART_OF), ("label_columns", f"tier, {PART_OF}")):
        path = f"{BASE}/settings/{key}"
        assert (await governing.change("PUT", path, {"value": value}, version="0")).status == 200
    answer = await told(governing, cart="store")
    assert answer["columns"] == ["tier", PART_OF]
    assert answer["items"][0]["labels"] == {"tier": "web", PART_OF: "store"}
    refused = await governing.change(
        "PUT", f"{BASE}/settings/owner_labels", {"value": "team,not a key"}, version="0"
    )
    assert refused.status in {400, 412}
    assert "not a key" in refused.text or refused.status == 412


async def test_a_cluster_that_cannot_be_asked_takes_nothing_away(
    governing: Api, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    await create(cluster, "cart", team="checkout")
    await told(governing, cart="checkout")
    asked: list[str] = []

    async def refused(*_: object) -> Json:
        asked.append("again")
        raise UnavailableError("the cluster is away")

    monkeypatch.setattr(surroundings, "labels", refused)

    async def twice() -> bool:
        return len(asked) > 1

    await until(twice)
    await told(governing, cart="checkout")
