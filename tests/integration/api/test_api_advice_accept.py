"""Advice that is accepted or dismissed: all or nothing, and never below what the cluster asks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kubedoor_api.access.roles import Role
from kubedoor_api.advice import accepting
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.attributes import Context
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import AUTOSCALERS, DEPLOYMENTS
from support.advice import ADVICE, AS_OF, budget, measured, runs
from support.api import BASE, ENV, SERVICES, Answer, Api
from support.operations import autoscale, count, ended
from support.rows import autoscaler_row, set_mode
from support.services import CART
from support.waiting import until

ACCEPT, DISMISS = f"{ADVICE}/accept", f"{ADVICE}/dismiss"
Json = dict[str, Any]


@pytest.fixture(autouse=True)
async def _services(clickhouse: ClickHouse, cluster: Cluster) -> None:
    await set_mode(clickhouse, ENV, "observe")
    await measured(clickhouse, "cart", "pay")
    for name in ("cart", "pay"):
        await runs(cluster, name)


async def advice(api: Api, name: str = "cart") -> Json:
    """Return the advice on a service."""
    answer = await api.get(f"{ADVICE}/shop/{name}")
    assert answer.status == 200, answer.text
    found: Json = answer.json
    return found


def item(found: Json, **changes: Any) -> Json:
    """An advice as it is accepted."""
    named = {name: found[name] for name in ("namespace", "name", "version")}
    return {**named, "advice_id": found["id"], "replicas": found["replicas_advised"], **changes}


async def accept(api: Api, *items: Json, **how: Any) -> Answer:
    """Accept advice."""
    return await api.change("POST", ACCEPT, {"items": list(items), **how})


async def shown(api: Api, name: str = "cart") -> Json:
    """Return what is told of a service's count."""
    counts: Json = (await api.get(f"{SERVICES}/shop/{name}")).json["replicas"]
    return counts


async def test_it_goes_into_the_control_table_and_a_manual_count_gives_way(
    governing: Api, clickhouse: ClickHouse, cluster: Cluster
) -> None:
    made = await governing.change("PATCH", CART, {"replicas_manual": 10}, version="0")
    assert made.status == 200
    found = await advice(governing)
    assert found["verdict"] == "fewer", "an edit of long ago"
    answer = await accept(governing, item(found))
    assert answer.status == 200, answer.text
    assert answer.json["operation"] is None
    assert [(one["name"], one["replicas"], one["replicas_before"]) for one in answer.json["items"]] == [
        ("cart", 7, 10)
    ]
    counts = await shown(governing)
    assert (counts["effective"], counts["source"], counts["manual"]) == (7, "ai", None)
    assert counts["advice_id"] == found["id"]
    assert (await governing.get(CART)).json["version"] == answer.json["version"]
    assert count(cluster, "cart") == 10, "nothing was scaled"
    [first, _] = (await governing.get(f"{CART}/history")).json["items"]
    assert (first["replicas_ai"], first["advice_id"]) == (7, found["id"])
    [decision] = await clickhouse.fetch("SELECT * FROM advice_decision")
    assert (decision["decision"], decision["replicas"], decision["actor"]) == ("accepted", 7, "alice")
    [entry] = (await governing.get("/api/v1/audit?action=acceptAdvice")).json["items"]
    assert (entry["outcome"], entry["actor"]) == ("succeeded", "alice")
    assert (await governing.get(ADVICE)).json["items"] == [], "decided on"


async def test_it_is_scaled_to_and_admission_keeps_to_it(
    enforcing: Api, clickhouse: ClickHouse, cluster: Cluster
) -> None:
    found = await advice(enforcing)
    answer = await accept(enforcing, item(found), how="now", wait_rollout=True, rollback_on_failure=True)
    assert answer.status == 200, answer.text
    operation = await ended(enforcing, answer.json["operation"]["id"])
    assert operation["state"] == "succeeded", operation
    assert count(cluster, "cart") == 7
    again = await enforcing.change(
        "POST", f"{BASE}/operations", {"kind": "scale", "targets": [{"namespace": "shop", "name": "cart"}]}
    )
    assert (await ended(enforcing, again.json["id"]))["state"] == "succeeded"
    assert count(cluster, "cart") == 7, "the control table's"


async def test_a_version_of_before_refuses_all(governing: Api) -> None:
    cart, pay = await advice(governing), await advice(governing, "pay")
    edited = await governing.change("PATCH", CART, {"note": "x"}, version="0")
    assert edited.status == 200
    answer = await accept(governing, item(pay), item(cart))
    assert (answer.status, answer.fields) == (412, {"items.1"})
    assert answer.json["errors"][0]["code"] == "changed_since"
    assert (await shown(governing, "pay"))["ai"] is None, "all or none"
    outdated = await accept(governing, item(pay), item(cart, version=edited.json["version"]))
    assert (outdated.status, outdated.json["code"], outdated.fields) == (409, "advice_outdated", {"items.1"})
    again = await advice(governing)
    assert again["id"] != cart["id"]
    assert (await accept(governing, item(pay), item(again))).status == 200


async def test_what_somebody_scaled_or_nobody_advised_is_refused(
    governing: Api, clickhouse: ClickHouse, cluster: Cluster
) -> None:
    cart, pay = await advice(governing), await advice(governing, "pay")
    for wrong in (item(cart, advice_id=pay["id"]), item(cart, advice_id="0" * 32)):
        answer = await accept(governing, wrong)
        assert (answer.status, answer.json["errors"][0]["code"]) == (409, "no_advice")
    place = Target(DEPLOYMENTS, "shop", "pay")
    scaled = cluster.get(place)
    scaled["spec"]["replicas"] = 9
    await cluster.api.update(place, scaled, Context())
    moved = await accept(governing, item(cart), item(pay))
    assert (moved.status, moved.json["code"], moved.fields) == (409, "advice_outdated", {"items.1"})
    twice = await accept(governing, item(cart), item(cart))
    assert (twice.status, twice.json["errors"][0]["code"]) == (400, "twice")
    assert (await accept(governing.as_(Role.VIEWER), item(cart))).status == 403
    other = governing.as_(Role.OPERATOR, namespace="other")
    assert (await accept(other, item(cart))).status == 403


async def test_no_count_below_a_budget_is_accepted(governing: Api, cluster: Cluster) -> None:
    found = await advice(governing)
    below = await accept(governing, item(found, replicas=1))
    assert (below.status, below.fields) == (409, {"items.0.replicas"})
    assert below.json["errors"][0]["code"] == "below_least"
    await budget(cluster, "cart", minAvailable="80%")
    bounded = await accept(governing, item(found, replicas=4))
    [error] = bounded.json["errors"]
    assert (bounded.status, error["code"]) == (409, "below_budget")
    assert error["parameters"] == {
        "namespace": "shop", "kind": "Deployment", "name": "cart", "least": 5, "budget": "cart-budget",
    }  # fmt: skip
    assert "cart-budget" in bounded.json["detail"]
    assert (await accept(governing, item(found, replicas=5))).status == 200


async def test_without_the_clusters_word_nothing_is_accepted(
    api: Api, governing: Api, cluster: Cluster
) -> None:
    found = await advice(governing)
    cluster.fault(path="/poddisruptionbudgets", status=403, count=None)
    answer = await accept(governing, item(found))
    assert (answer.status, answer.json["code"]) == (409, "cluster_forbids")
    assert {"env", "verb", "resource"} <= answer.json["parameters"].keys(), "the console's words need them"
    assert (await accept(api, item(found))).json["code"] == "no_cluster"
    assert (await shown(governing))["ai"] is None


async def test_an_autoscalers_least_is_moved_and_not_the_count(
    enforcing: Api, clickhouse: ClickHouse, cluster: Cluster
) -> None:
    await autoscale(cluster, "cart", least=10, most=20)
    await clickhouse.insert(
        "autoscaler", [autoscaler_row(ENV, "shop", "cart", min_replicas=10, max_replicas=20)]
    )
    found = await advice(enforcing)
    assert found["of_least"]
    refused = await accept(enforcing, item(found))
    assert (refused.status, refused.json["errors"][0]["code"]) == (400, "only_now")
    answer = await accept(enforcing, item(found), how="now")
    assert (answer.status, answer.json["version"]) == (200, None), answer.text
    assert (await ended(enforcing, answer.json["operation"]["id"]))["state"] == "succeeded"
    moved = cluster.get(Target(AUTOSCALERS, "shop", "cart"))["spec"]
    assert (moved["minReplicas"], moved["maxReplicas"]) == (7, 20)
    assert (await shown(enforcing))["ai"] is None


async def test_what_is_dismissed_is_not_told_until_the_day(
    governing: Api, clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound = accepting.MAX_DISMISSED_DAYS
    # What the advice is of was measured in the 2090s.
    monkeypatch.setattr(accepting, "MAX_DISMISSED_DAYS", 30_000)
    found = await advice(governing)
    named = {"namespace": "shop", "name": "cart", "advice_id": found["id"]}
    until = (AS_OF + timedelta(days=30)).isoformat()
    answer = await governing.change("POST", DISMISS, {"items": [named], "until": until, "reason": "sale"})
    assert answer.status == 200, answer.text
    again = await advice(governing)
    assert (again["verdict"], again["not_because"]) == ("none", ["dismissed"])
    [decision] = await clickhouse.fetch("SELECT * FROM advice_decision")
    assert (decision["decision"], decision["until"], decision["reason"]) == ("dismissed", until, "sale")
    monkeypatch.setattr(accepting, "MAX_DISMISSED_DAYS", bound)
    too_long = await governing.change("POST", DISMISS, {"items": [named], "until": until})
    assert (too_long.status, too_long.json["errors"][0]["code"]) == (400, "out_of_range")
    until = (date.today() + timedelta(days=bound - 2)).isoformat()  # noqa: DTZ011 not to the day
    gone = (date.today() - timedelta(days=2)).isoformat()  # noqa: DTZ011 not to the day
    past = await governing.change("POST", DISMISS, {"items": [named], "until": gone})
    assert (past.status, past.json["errors"][0]["code"]) == (400, "in_the_past")
    unknown = {**named, "advice_id": "0" * 32}
    assert (await governing.change("POST", DISMISS, {"items": [unknown], "until": until})).status == 409
    viewer = governing.as_(Role.VIEWER)
    assert (await viewer.change("POST", DISMISS, {"items": [named], "until": until})).status == 403


@pytest.mark.parametrize("refusing", ["control", "advice_decision"])
async def test_what_was_accepted_is_decided_on_though_the_api_fails_before_its_rows_are_there(
    refusing: str, governing: Api, clickhouse: ClickHouse
) -> None:
    """The decision is part of the commit: who completes that writes it."""
    found = await advice(governing)
    await clickhouse.execute(
        f"ALTER TABLE {refusing} MODIFY SETTING min_free_disk_bytes_to_perform_insert = 1e18"
    )
    assert (await accept(governing, item(found))).status == 503
    assert (await shown(governing))["ai"] is None, "it does not govern without its decision"
    await clickhouse.execute(f"ALTER TABLE {refusing} RESET SETTING min_free_disk_bytes_to_perform_insert")

    async def completed() -> bool:
        return bool((await shown(governing))["ai"] == 7)

    assert await until(completed)
    told = (await governing.get(f"{ADVICE}/outcomes")).json["items"]
    assert [(one["advice_id"], one["actor"], one["replicas"]) for one in told] == [(found["id"], "alice", 7)]
    assert (await governing.get(f"{ADVICE}/statistics")).json["accepted"] == 1
    assert (await governing.get(ADVICE)).json["items"] == []


async def test_advice_expires_once_its_service_is_edited_and_can_not_be_accepted_then(
    governing: Api, clickhouse: ClickHouse
) -> None:
    first = await advice(governing)
    made = await governing.change("PATCH", CART, {"note": "x"}, version="0")
    second = await advice(governing)
    assert second["id"] != first["id"]
    rows = await clickhouse.fetch("SELECT advice_id, decision, reason, actor FROM advice_decision")
    assert rows == [{"advice_id": first["id"], "decision": "expired", "reason": "changed", "actor": "api"}]
    old = item(first, version=made.json["version"])
    assert (await accept(governing, old)).json["code"] == "advice_outdated"
    await advice(governing)
    assert (await accept(governing, item(second))).status == 200
    await advice(governing)
    told = (await governing.get(f"{ADVICE}/statistics")).json
    assert (told["accepted"], told["expired"]) == (1, 1), "what was accepted does not expire"
    assert await clickhouse.fetch("SELECT * FROM advice_decision WHERE decision = 'expired'") != []


async def test_what_is_accepted_leaves_the_list_with_the_advice_of_the_day_before(
    governing: Api, clickhouse: ClickHouse
) -> None:
    found = await advice(governing)
    [row] = await clickhouse.fetch("SELECT * FROM advice WHERE id = {id:String}", id=found["id"])
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011 not to the day
    of_before = {"at": f"{yesterday} 00:00:00.000", "as_of": f"{AS_OF - timedelta(days=1)}"}
    before = {"id": "b" * 32, **of_before}
    await clickhouse.insert("advice", [{**row, **before}])
    assert (await accept(governing, item(found))).status == 200
    assert (await governing.get(ADVICE)).json["items"] == []
