"""The leader finds autoscalers, LimitRanges and quotas in its cluster, and what is gone of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import surroundings as kube
from kubedoor_api.kube.cluster_configs import cluster_configs
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.surroundings import WatchExpiredError
from kubedoor_api.kube.webhook_configuration import OPT_OUT
from kubedoor_api.surroundings import queries, watch
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.domain.autoscaler import Autoscaler, seen_scaling
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.attributes import Context
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import AUTOSCALERS, LIMIT_RANGES, NAMESPACES, QUOTAS
from support.api import BASE, ENV, SERVICES, Api, serving
from support.operations import autoscale, register, run, set_expert
from support.waiting import until

Json = dict[str, Any]
NOW = datetime(2026, 3, 1, tzinfo=UTC)
KEY = ("shop", "Deployment", "cart")
CART = f"{SERVICES}/shop/cart"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once what failed."""
    monkeypatch.setattr(watch, "RETRY_S", 0.05)


async def stored(clickhouse: ClickHouse, *, gone: bool = False) -> Autoscaler:
    """Wait until the autoscaler of the service is stored, or stored to be gone."""

    async def look() -> Autoscaler | None:
        found = (await queries.autoscalers(clickhouse, ENV)).get(KEY)
        return found if found and (found.gone_at is not None) == gone else None

    return await until(look)


async def test_one_that_is_there_comes_changes_and_goes(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", "pay")
    await autoscale(cluster, "cart", least=2, most=9)
    found = await stored(clickhouse)
    assert (found.autoscaler, found.source, found.min_replicas, found.max_replicas) == ("cart", "hpa", 2, 9)
    shown = (await governing.get(CART)).json
    assert (shown["autoscaled"], shown["replicas_policy"], shown["autoscaler"]["name"]) == (
        True, "as_found", "cart",
    )  # fmt: skip
    listed = {one["name"]: one for one in (await governing.get(SERVICES)).json["items"]}
    assert {name: one["autoscaled"] for name, one in listed.items()} == {"cart": True, "pay": False}
    assert listed["cart"]["autoscaler"] == shown["autoscaler"]

    changed = cluster.get(Target(AUTOSCALERS, "shop", "cart"))
    changed["spec"]["maxReplicas"] = 20
    await cluster.api.update(Target(AUTOSCALERS, "shop", "cart"), changed, Context())

    async def wider() -> bool:
        return (await stored(clickhouse)).max_replicas == 20

    await until(wider)
    await cluster.api.delete(Target(AUTOSCALERS, "shop", "cart"), {}, Context())
    gone = await stored(clickhouse, gone=True)
    assert gone.since == found.since
    shown = (await governing.get(CART)).json
    assert shown["autoscaled"], "for a day"
    assert shown["autoscaler"]["gone_at"] is not None


async def test_the_expert_overrules_what_is_found(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart")
    await autoscale(cluster, "cart")
    await stored(clickhouse)
    for policy, autoscaled in (("pinned", False), ("autoscaled", True), ("as_found", True)):
        version = (await governing.get(CART)).json["version"]
        changed = await governing.change("PATCH", CART, {"replicas_policy": policy}, version=version)
        assert (changed.json["replicas_policy"], changed.json["autoscaled"]) == (policy, autoscaled)
        view = await clickhouse.fetch("SELECT replicas_policy, autoscaled FROM effective WHERE name = 'cart'")
        assert [tuple(row.values()) for row in view] == [(policy, autoscaled)]


async def test_a_row_from_before_says_as_found(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await set_expert(clickhouse, "cart", replicas_policy="fixed")
    assert (await governing.get(CART)).json["replicas_policy"] == "as_found"
    await autoscale(cluster, "cart")
    await stored(clickhouse)
    assert (await governing.get(CART)).json["autoscaled"]


async def test_bounds_of_a_namespace_are_kept(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    limits = {"limits": [{"type": "Container", "min": {"cpu": "100m"}, "maxLimitRequestRatio": {"cpu": "4"}}]}
    await cluster.create(Target(LIMIT_RANGES, "shop", "limits"), made("LimitRange", "limits", limits))
    await cluster.create(
        Target(QUOTAS, "shop", "team"), made("ResourceQuota", "team", {"hard": {"pods": "9"}})
    )

    async def both() -> Json | None:
        row = (await queries.bounds(clickhouse, ENV)).get("shop")
        return row.bounds._asdict() if row and row.bounds.quotas != "[]" else None

    bounds = await until(both)
    assert json.loads(bounds["limit_ranges"])[0]["limits"][0]["min"] == {"cpu": "100m"}
    assert json.loads(bounds["quotas"]) == [{"name": "team", "hard": {"pods": "9"}}]
    await cluster.api.delete(Target(LIMIT_RANGES, "shop", "limits"), {}, Context())
    await cluster.api.delete(Target(QUOTAS, "shop", "team"), {}, Context())

    async def none() -> bool:
        return (await queries.bounds(clickhouse, ENV))["shop"].deleted

    await until(none)


def made(kind: str, name: str, spec: Json) -> Json:
    """An object of a core kind in the namespace `shop`."""
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "shop"}, "spec": spec}


async def test_a_right_that_is_missing_takes_nothing_away_and_is_used_once_it_is_there(
    knowing: ApiSettings, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    known = replace(seen_scaling("shop", "Deployment", "cart", NOW), source="hpa", gone_at=None)
    await queries.insert(clickhouse, "autoscaler", [known.columns(ENV, NOW, "api")])
    cluster.fault(path="/horizontalpodautoscalers", status=403, count=None)
    async with serving(knowing):

        async def refused() -> bool:
            asked = [call for call in cluster.calls if call.resource == "horizontalpodautoscalers"]
            return len(asked) >= 3

        await until(refused)
        assert (await queries.autoscalers(clickhouse, ENV))[KEY].gone_at is None
        cluster.faults.clear()
        await stored(clickhouse, gone=True)


async def test_a_watch_that_came_too_late_says_so(
    knowing: ApiSettings, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    clusters = Clusters(cluster_configs(knowing.env, knowing.kubeconfig, ""))
    monkeypatch.setattr(cluster.api.store, "since", lambda _: None)
    with pytest.raises(WatchExpiredError):
        await anext(kube.followed(clusters, ENV, "limitranges", "1"))
    await clusters.close()


async def test_a_row_that_somebody_else_wrote_is_put_right(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOK_PAUSE_S", 0.1)
    await autoscale(cluster, "cart")
    found = await stored(clickhouse)
    await clickhouse.execute("TRUNCATE TABLE autoscaler")
    assert (await stored(clickhouse)).autoscaler == found.autoscaler


async def test_the_check_list_names_what_else_steers_and_what_could_not_be_asked(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", "pay")
    await run(cluster, "cart", "pay", replicas=4)
    await autoscale(cluster, "cart")
    await stored(clickhouse)
    cluster.fault(path="/limitranges", status=403, count=None)
    found = (await governing.get(f"{BASE}/mode/readiness")).json
    (told,) = found["autoscaled"]
    assert {name: told[name] for name in ("name", "autoscaler", "left_alone", "live", "governed")} == {
        "name": "cart", "autoscaler": "cart", "left_alone": True, "live": 4, "governed": 2,
    }  # fmt: skip
    assert (found["vertical"], found["bounded"], found["quotas_exceeded"]) == ([], [], [])
    assert [one["resource"] for one in found["untold"]] == ["limitranges"]
    assert "may not list limitranges" in found["untold"][0]["detail"]
    bounded = governing.as_(Role.VIEWER, namespace="other")
    assert (await bounded.get(f"{BASE}/mode/readiness")).json["autoscaled"] == []


async def test_people_hear_of_what_is_found_gone_and_not_to_be_listed(
    governing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    async def told(kind: str) -> list[Json]:
        statement = "SELECT name, severity, message FROM event WHERE kind = {k:String}"

        async def look() -> list[Json]:
            return await clickhouse.fetch(statement, k=kind)

        return await until(look)

    await autoscale(cluster, "cart")
    assert [event["name"] for event in await told("autoscaler.found")] == ["cart"]
    await cluster.api.delete(Target(AUTOSCALERS, "shop", "cart"), {}, Context())
    assert "governed again in a day" in (await told("autoscaler.gone"))[0]["message"]


async def test_people_hear_once_of_a_right_that_is_missing(
    knowing: ApiSettings, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    cluster.fault(path="/resourcequotas", status=403, count=None)
    async with serving(knowing):

        async def refused() -> bool:
            return len([call for call in cluster.calls if call.resource == "resourcequotas"]) >= 4

        await until(refused)
        statement = "SELECT severity, message FROM event WHERE kind = 'autoscaler.unknown'"

        async def told() -> list[Json]:
            return await clickhouse.fetch(statement)

        (event,) = await until(told)
    assert event["severity"] == "warning"
    assert "may not list resourcequotas" in event["message"]


async def test_the_check_list_names_the_namespaces_whose_label_keeps_the_webhook_from_being_asked(
    governing: Api, cluster: Cluster
) -> None:
    for name in ("shop", "kube-system"):
        target = Target(NAMESPACES, "", name)
        labelled = cluster.get(target)
        labelled["metadata"]["labels"] = {**labelled["metadata"].get("labels", {}), **dict([OPT_OUT])}
        await cluster.api.update(target, labelled, Context())
    found = (await governing.get(f"{BASE}/mode/readiness")).json
    assert found["opted_out"] == ["shop"], "kube-system is never governed anyway"
    assert found["untold"] == []
    others = governing.as_(Role.VIEWER, namespace="other")
    assert (await others.get(f"{BASE}/mode/readiness")).json["opted_out"] == []
    cluster.fault(path="/namespaces", status=403, count=None)
    refused = (await governing.get(f"{BASE}/mode/readiness")).json
    assert "namespaces" in [one["resource"] for one in refused["untold"]]
