"""Draining nodes: what is said before, what goes and what stays, what refuses it, how it ends."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.api.test_api_nodes import PATH, changed
from integration.api.test_api_nodes_control import live
from kubedoor_api.access.roles import Grant, Right, Role
from kubedoor_api.kube.nodes import CORDON_ACTION, CORDONED_BY
from kubedoor_api.nodes.actions.action import ActedPod, NodeAction, Step, row_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.attributes import Context
from kubedoor_dev.cluster.cluster import Cluster, Options
from kubedoor_dev.cluster.nodes import NodeSize
from kubedoor_dev.cluster.resources import BUDGETS, NODES, PODS
from support.api import ENV, Answer, Api, token
from support.events import events_told
from support.node_actions import ACTIONS, ended, evictions, in_state, make_pod
from support.pods import make_budget, pods, run_service
from support.waiting import until

Json = dict[str, Any]


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    """A cluster of six like nodes."""
    made = Cluster(Options(tls=True, namespaces=("shop", "kubedoor"),
                           nodes={f"node-{number}": NodeSize() for number in range(6)}))  # fmt: skip
    async with made.serve():
        yield made


async def drain(api: Api, node: str, **more: Any) -> Answer:
    return await api.change("POST", f"{PATH}/{node}/drain", {"confirm": node, "reason": "kernel", **more})


async def preview(api: Api, node: str) -> Json:
    answer = await api.change("POST", f"{PATH}/{node}/drain/preview", {})
    assert answer.status == 200, answer.text
    found: Json = answer.json
    return found


async def blocked(api: Api, action: str) -> Json:
    """Wait until an eviction was refused."""

    async def look() -> Json | None:
        found: Json = (await api.get(f"{ACTIONS}/{action}")).json
        return found if any(pod["state"] == "blocked" for pod in found["pods"]) else None

    return await until(look)


def on(cluster: Cluster, node: str) -> set[str]:
    """Return the names of the pods on a node."""
    every = cluster.store.all_of(PODS.id, "shop")
    return {pod["metadata"]["name"] for pod in every if pod["spec"].get("nodeName") == node}


async def test_a_node_is_cordoned_and_emptied_but_for_its_daemons(
    draining: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    made = await run_service(cluster, replicas=12)
    node = made[0]["spec"]["nodeName"]
    here = on(cluster, node)
    await make_pod(cluster, "agent-x", node, "DaemonSet")
    whole = [{"namespace": "shop", "service": "cart", "ready": 12}] if len(here) == 12 else []
    seen = await preview(draining, node)
    assert (seen["goes"], seen["homeless"], seen["down"], seen["cordoned"]) == (len(here), 0, whole, False)
    going = [one for one in seen["pods"] if one["stays"] is None]
    assert {one["pod"] for one in going} == here
    assert all(one["target"] not in ("", node) for one in going)
    assert [one["pod"] for one in seen["pods"] if one["stays"] == "daemon"] == ["agent-x"]
    assert "unschedulable" not in live(cluster, node)["spec"], "a preview changes nothing"
    done = await ended(draining, await drain(draining, node))
    assert (done["state"], done["reason"], done["why"]) == ("done", "", "kernel"), done
    assert [step["name"] for step in done["steps"]] == ["cordoned", "listed"]
    assert {(one["pod"], one["state"]) for one in done["pods"]} == {(name, "gone") for name in here}
    assert on(cluster, node) == {"agent-x"}
    assert sorted(evictions(cluster)) == sorted(here), "each is asked once"
    annotations = live(cluster, node)["metadata"]["annotations"]
    assert (annotations[CORDONED_BY], annotations[CORDON_ACTION]) == ("alice", done["id"])
    listed = (await draining.as_(Role.VIEWER).get(f"{ACTIONS}?node={node}&kind=drain")).json
    assert [one["id"] for one in listed["items"]] == [done["id"]]
    rows = await clickhouse.fetch(
        "SELECT action, outcome FROM audit_log WHERE position(after, {id:String}) > 0 ORDER BY seq",
        id=done["id"],
    )
    assert [(row["action"], row["outcome"]) for row in rows] == [
        ("drainNode", "succeeded"), ("nodeDrained", "succeeded"),
    ]  # fmt: skip
    assert await events_told(clickhouse, "change.nodes")


async def test_a_budget_is_waited_for_and_named(draining: Api, cluster: Cluster) -> None:
    [pod] = await run_service(cluster, replicas=1)
    node = pod["spec"]["nodeName"]
    await make_budget(cluster, "all-of-them", 1, app="cart")
    seen = await preview(draining, node)
    assert seen["down"] == [{"namespace": "shop", "service": "cart", "ready": 1}]
    begun = await drain(draining, node)
    held = await blocked(draining, begun.json["id"])
    (one,) = held["pods"]
    assert (held["state"], one["reason"], one["detail"]) == ("running", "budget", "all-of-them")
    assert (await preview(draining, node))["pods"][0]["blocked_by"] == ["all-of-them"]
    again = await drain(draining, node)
    assert (again.status, again.json["code"], again.json["parameters"]["id"]) == (
        409, "node_busy", begun.json["id"],
    )  # fmt: skip
    await cluster.api.delete(Target(BUDGETS, "shop", "all-of-them"), {}, Context())
    done = await ended(draining, begun)
    assert (done["state"], done["pods"][0]["state"]) == ("done", "gone")
    assert on(cluster, node) == set()


async def test_who_cancels_gets_the_node_back_unless_others_had_cordoned_it(
    draining: Api, cluster: Cluster
) -> None:
    [pod] = await run_service(cluster, replicas=1)
    node = pod["spec"]["nodeName"]
    await make_budget(cluster, "cart", 1, app="cart")
    ids = []
    for cordoned_before in (False, True):
        if cordoned_before:
            await changed(cluster, node, {"unschedulable": True})
        begun = await drain(draining, node)
        ids.append(begun.json["id"])
        await blocked(draining, ids[-1])
        answer = await draining.change("POST", f"{ACTIONS}/{begun.json['id']}/cancel")
        assert (answer.status, answer.json["cancelled_by"]) == (200, "alice")
        done = await ended(draining, begun)
        assert (done["state"], done["reason"]) == ("cancelled", "")
        steps = [step["name"] for step in done["steps"]]
        assert steps == (
            ["found_cordoned", "listed"] if cordoned_before else ["cordoned", "listed", "uncordoned"]
        )
        assert live(cluster, node)["spec"].get("unschedulable", False) is cordoned_before
        assert CORDON_ACTION not in live(cluster, node)["metadata"].get("annotations", {})
    late = await draining.change("POST", f"{ACTIONS}/{ids[-1]}/cancel")
    assert (late.status, late.json["code"]) == (409, "node_action_ended")
    assert pod["metadata"]["name"] in on(cluster, node)


async def test_what_would_be_lost_has_to_be_agreed_to(draining: Api, cluster: Cluster) -> None:
    await make_pod(cluster, "by-hand", "node-1")
    await make_pod(cluster, "cache-1", "node-1", "ReplicaSet", volumes=[{"name": "tmp", "emptyDir": {}}])
    seen = {one["pod"]: one["asks"] for one in (await preview(draining, "node-1"))["pods"]}
    assert seen == {"by-hand": ["no_owner"], "cache-1": ["local_data"]}
    for agreed in ({}, {"local_data": True}, {"without_owner": True}):
        refused = await drain(draining, "node-1", **agreed)
        assert (refused.status, refused.json["code"]) == (409, "drain_not_agreed")
        assert refused.json["parameters"] == {"node": "node-1", "no_owner": 1, "local_data": 1}
    assert "unschedulable" not in live(cluster, "node-1")["spec"]
    done = await ended(draining, await drain(draining, "node-1", local_data=True, without_owner=True))
    assert (done["state"], on(cluster, "node-1")) == ("done", set())


async def test_our_own_pods_lose_nothing_that_is_worth_keeping_and_nothing_is_asked(
    draining: Api, cluster: Cluster
) -> None:
    labels = {"app.kubernetes.io/part-of": "kubedoor"}
    volumes = [{"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}}]
    where: Json = {"namespace": "kubedoor", "labels": labels, "volumes": volumes}
    own = await make_pod(cluster, "kubedoor-api-1", "node-1", "ReplicaSet", **where)
    [seen] = (await preview(draining, "node-1"))["pods"]
    assert (seen["pod"], seen["asks"], seen["scratch_only"]) == (own["metadata"]["name"], [], True)
    done = await ended(draining, await drain(draining, "node-1"))
    assert (done["state"], [one["state"] for one in done["pods"]]) == ("done", ["gone"]), done


async def test_what_came_between_and_was_not_agreed_to_stops_it_before_anything_goes(
    draining: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await make_pod(cluster, "by-hand", "node-1")
    action = _begun("node-1", state="pending", runner="", steps=(), pods=())
    await clickhouse.insert("node_action", [{**row_of(action), "version": 1}])
    done = await in_state(draining, action.id, "failed", "done")
    assert (done["state"], done["reason"]) == ("failed", "not_agreed")
    assert "by-hand" in done["detail"]
    assert "unschedulable" not in live(cluster, "node-1")["spec"]
    assert evictions(cluster) == []
    (event,) = await events_told(clickhouse, "node_action.failed")
    assert "by-hand" in event["message"]


def _begun(node: str, **more: Any) -> NodeAction:
    """Return a drain that an instance which is dead has begun."""
    now = datetime.now(UTC)
    action = NodeAction(
        id="a" * 32, env=ENV, kind="drain", node=node, parameters={"reason": "kernel", "timeout_s": 60},
        requested_at=now, requested_by="alice", state="running", runner="dead", started_at=now,
        steps=(Step("cordoned", now), Step("listed", now)),
    )  # fmt: skip
    return replace(action, **more)


async def _ours(cluster: Cluster, node: str) -> None:
    """Let a node be cordoned as the dead instance left it."""
    annotations = {CORDONED_BY: "alice", CORDON_ACTION: "a" * 32}
    await changed(cluster, node, {"unschedulable": True}, annotations=annotations)


async def test_what_a_dead_instance_began_goes_on_from_the_pods_that_are_still_there(
    draining: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    """One of its pods is gone and another of its name is there: that one is left alone."""
    await make_pod(cluster, "db-0", "node-1", "StatefulSet")
    still = await make_pod(cluster, "web-1", "node-1", "ReplicaSet")
    await _ours(cluster, "node-1")
    listed = (
        ActedPod("shop", "db-0", "the one before", "of-agent"),
        ActedPod("shop", "web-1", still["metadata"]["uid"], "of-another"),
    )
    action = _begun("node-1", pods=listed)
    await clickhouse.insert("node_action", [{**row_of(action), "version": 1}])
    done = await in_state(draining, action.id, "done", "failed")
    assert (done["state"], [one["state"] for one in done["pods"]]) == ("done", ["gone", "gone"])
    assert (evictions(cluster), on(cluster, "node-1")) == (["web-1"], {"db-0"})
    ends = await clickhouse.fetch("SELECT seq FROM audit_log WHERE action = 'nodeDrained'")
    assert len(ends) == 1


async def test_one_that_died_before_it_noted_its_cordon_knows_it_for_its_own(
    draining: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await _ours(cluster, "node-1")
    action = _begun("node-1", steps=())
    await clickhouse.insert("node_action", [{**row_of(action), "version": 1}])
    done = await in_state(draining, action.id, "done", "failed")
    assert [step["name"] for step in done["steps"]] == ["cordoned", "listed"]


async def test_a_drain_that_takes_too_long_says_what_is_left(
    draining: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    [pod] = await run_service(cluster, replicas=1)
    node, metadata = pod["spec"]["nodeName"], pod["metadata"]
    await make_budget(cluster, "cart", 1, app="cart")
    await _ours(cluster, node)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    one = ActedPod("shop", metadata["name"], metadata["uid"], "of-cart")
    action = _begun(node, pods=(one,), started_at=long_ago)
    await clickhouse.insert("node_action", [{**row_of(action), "version": 1}])
    done = await in_state(draining, action.id, "done", "failed")
    assert (done["state"], done["reason"]) == ("failed", "timeout")
    assert f"shop/{metadata['name']} (cart)" in done["detail"]
    assert live(cluster, node)["spec"]["unschedulable"] is True, "it stays cordoned, and is told"


async def test_a_pod_that_does_not_end_is_told_and_not_waited_for(
    draining: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    pod = await make_pod(cluster, "web-1", "node-1", "ReplicaSet")
    found = cluster.store.get(Target(PODS, "shop", "web-1").key)
    assert found is not None
    found["metadata"]["finalizers"] = ["example.com/never"]
    cluster.store.update(Target(PODS, "shop", "web-1").key, found, found["metadata"]["resourceVersion"])
    await cluster.api.delete(Target(PODS, "shop", "web-1"), {}, Context())
    await _ours(cluster, "node-1")
    asked = datetime.now(UTC) - timedelta(seconds=95)
    one = ActedPod("shop", "web-1", pod["metadata"]["uid"], state="going", asked_at=asked)
    action = _begun("node-1", pods=(one,))
    await clickhouse.insert("node_action", [{**row_of(action), "version": 1}])
    done = await in_state(draining, action.id, "done", "failed")
    assert (done["state"], done["reason"], done["pods"][0]["state"]) == ("failed", "still_there", "stuck")
    assert "shop/web-1" in done["detail"]


@pytest.mark.parametrize(("what", "reason"), [("vanishes", "node_gone"), ("uncordoned", "uncordoned")])
async def test_a_node_that_vanishes_or_is_uncordoned_by_others_ends_it(
    draining: Api, cluster: Cluster, what: str, reason: str
) -> None:
    [pod] = await run_service(cluster, replicas=1)
    node = pod["spec"]["nodeName"]
    await make_budget(cluster, "cart", 1, app="cart")
    begun = await drain(draining, node)
    await blocked(draining, begun.json["id"])
    if what == "vanishes":
        await cluster.api.delete(Target(NODES, "", node), {}, Context())
    else:
        await changed(cluster, node, {"unschedulable": False})
    done = await ended(draining, begun)
    assert (done["state"], done["reason"]) == ("failed", reason)
    assert pod["metadata"]["name"] in {one["metadata"]["name"] for one in pods(cluster)}


async def test_a_cluster_that_is_away_or_refuses(draining: Api, cluster: Cluster) -> None:
    [pod] = await run_service(cluster, replicas=1)
    node = pod["spec"]["nodeName"]
    cluster.fault(status=403, path="/eviction")
    refused = await ended(draining, await drain(draining, node))
    assert (refused["state"], refused["reason"]) == ("failed", "forbidden")
    cluster.faults.clear()
    cluster.fault(status=500, path="/eviction", count=7)  # more often than one request tries
    done = await ended(draining, await drain(draining, node))
    assert done["state"] == "done"


async def test_what_refuses_a_cordon_refuses_a_drain(draining: Api, governing: Api, cluster: Cluster) -> None:
    untyped = await drain(draining, "node-1", confirm="node")
    assert (untyped.status, untyped.json["code"]) == (409, "confirm_missing")
    missing = await drain(draining, "node-9")
    assert (missing.status, missing.json["code"]) == (404, "no_node")
    await changed(cluster, "node-5", {}, labels={"node-role.kubernetes.io/control-plane": ""})
    own = await drain(draining, "node-5")
    assert (own.status, own.json["code"]) == (409, "control_plane_node")
    await changed(cluster, "node-0", {"unschedulable": True})
    for path in ("drain", "drain/preview"):
        body = {"confirm": "node-1", "reason": "kernel"} if path == "drain" else {}
        for api, status, code in (
            (draining, 409, "too_many_cordoned"),
            (governing, 409, "node_control_off"),
            (draining.as_(Role.OPERATOR), 403, "right_missing"),
            (draining.as_(Role.VIEWER), 403, "forbidden"),
            (draining.as_(Role.ADMIN, namespace="shop"), 403, "forbidden"),
        ):
            refused = await api.change("POST", f"{PATH}/node-1/{path}", body)
            assert (refused.status, refused.json["code"]) == (status, code), (path, refused.text)
    bounded = draining.as_(Role.ADMIN, namespace="shop")
    for path in (ACTIONS, f"{ACTIONS}/{'a' * 32}", f"{ACTIONS}/{'a' * 32}/events"):
        assert (await bounded.get(path)).status == 403
    granted = Api(draining.client, token(Grant(role=Role.OPERATOR, may=frozenset({Right.NODES}))))
    done = await ended(granted, await drain(granted, "node-0"))
    assert (done["state"], done["steps"][0]["name"]) == ("done", "found_cordoned")
    unknown = await draining.get(f"{ACTIONS}/{'b' * 32}")
    assert (unknown.status, unknown.json["code"]) == (404, "no_node_action")
    followed = (await draining.get(f"{ACTIONS}/{done['id']}/events")).text.strip().split("\n\n")
    assert json.loads(followed[-1].partition("data: ")[2])["state"] == "done"


async def test_the_last_nodes_that_take_pods_are_not_emptied(draining: Api, cluster: Cluster) -> None:
    for number in range(6):
        await changed(cluster, f"node-{number}", {"unschedulable": True})
    refused = await drain(draining, "node-1")
    assert (refused.status, refused.json["code"]) == (409, "too_many_cordoned")
    assert "no other node takes pods" in refused.json["detail"]
