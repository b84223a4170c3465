"""Carrying out a plan of moves: each is looked at again, the next one waits until another pod is ready."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.api.test_api_nodes import DAY, changed
from integration.api.test_api_nodes_plan import PLAN, planned, used
from kubedoor_api.access.roles import Role
from kubedoor_api.nodes.actions.action import ActedPod, NodeAction, row_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import NODES
from kubedoor_dev.cluster.store import Key
from support.api import ENV, Answer, Api
from support.events import events_told
from support.node_actions import ACTIONS, ended, evictions, in_state, make_pod
from support.pods import make_budget, run_service
from support.services import daily

Json = dict[str, Any]


@pytest.fixture
async def hot(cluster: Cluster, clickhouse: ClickHouse) -> str:
    """A service of six pods, each of which used four cores at the peak, and the node that they make hot."""
    found = await run_service(cluster, replicas=6)
    await daily(clickhouse, "cart", "app", str(DAY), p95_cpu_m=4000, p95_mem_mib=500, pod_count=6)
    node: str = found[0]["spec"]["nodeName"]
    await used(clickhouse, **{f"node_{n}": 40_000.0 if f"node-{n}" == node else 1000.0 for n in (1, 2, 3)})
    return node


async def carry_out(api: Api, moves: list[Json], **more: Any) -> Answer:
    names = ("namespace", "pod", "uid", "source", "target")
    asked = [{name: move[name] for name in names} for move in moves]
    body = {"confirm": ENV, "reason": "even", "pause_s": 0, "moves": asked, **more}
    return await api.change("POST", PLAN, body)


async def keep_off(cluster: Cluster, node: str) -> None:
    """Let the scheduler put nothing on a node."""
    await changed(cluster, node, {"unschedulable": True})


async def test_pods_move_one_by_one_to_where_the_scheduler_puts_them(
    draining: Api, cluster: Cluster, hot: str, clickhouse: ClickHouse
) -> None:
    moves = (await planned(draining))["moves"][:3]
    await keep_off(cluster, hot)
    begun = await carry_out(draining, moves)
    done = await ended(draining, begun)
    assert (done["kind"], done["state"], done["reason"]) == ("moves", "done", ""), done
    assert [one["state"] for one in done["pods"]] == ["moved"] * len(moves)
    assert all(one["landed"] not in ("", hot) for one in done["pods"])
    assert evictions(cluster) == [move["pod"] for move in moves], "one after the other, each once"
    rows = await clickhouse.fetch(
        "SELECT action FROM audit_log WHERE position(after, {id:String}) > 0 ORDER BY seq", id=done["id"]
    )
    assert [row["action"] for row in rows] == ["carryOutNodePlan", "podsMoved"]


async def test_it_stops_where_the_pod_comes_back_to_the_hot_node_and_says_why(
    draining: Api, cluster: Cluster, hot: str, clickhouse: ClickHouse
) -> None:
    moves = (await planned(draining))["moves"][:2]
    targets = {move["target"] for move in moves}
    begun = await carry_out(draining, moves)  # the scheduler of the simulated cluster goes by requests alone
    done = await ended(draining, begun)
    assert {one["landed"] for one in done["pods"]} & targets == set()
    assert (done["state"], done["reason"]) == ("failed", "came_back"), done
    assert [one["state"] for one in done["pods"]] == ["came_back", "waiting"]
    assert "requests alone" in done["detail"]
    assert len(evictions(cluster)) == 1
    assert await events_told(clickhouse, "node_action.failed")


async def test_a_move_that_is_not_right_any_more_is_skipped_with_its_reason(
    draining: Api, cluster: Cluster, hot: str
) -> None:
    moves = (await planned(draining))["moves"][:1]
    gone = {**moves[0], "uid": "another"}
    skipped = await ended(draining, await carry_out(draining, [gone]))
    assert (skipped["state"], skipped["pods"][0]["reason"]) == ("done", "gone_already")
    await keep_off(cluster, moves[0]["target"])
    skipped = await ended(draining, await carry_out(draining, moves))
    assert (skipped["pods"][0]["state"], skipped["pods"][0]["reason"]) == ("skipped", "target_gone")
    await changed(cluster, moves[0]["target"], {"unschedulable": False})
    target = cluster.store.get(Key(NODES.id, "", moves[0]["target"]))
    assert target is not None
    target["status"]["allocatable"]["pods"] = "0"
    cluster.store.update(Key(NODES.id, "", moves[0]["target"]), target, target["metadata"]["resourceVersion"])
    skipped = await ended(draining, await carry_out(draining, moves))
    assert (skipped["pods"][0]["reason"], skipped["pods"][0]["detail"]) == ("no_room", "pods")
    await make_budget(cluster, "cart", 6, app="cart")
    skipped = await ended(draining, await carry_out(draining, moves))
    assert (skipped["pods"][0]["state"], skipped["pods"][0]["reason"]) == ("skipped", "budget")
    assert evictions(cluster) == []


async def test_where_no_other_pod_gets_ready_no_further_one_goes(
    draining: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    """One that died between the eviction and the end of the wait: it is not evicted again."""
    gone = ActedPod(
        "shop", "web-1", "gone", "of-agent", "agent", "node-1", "node-2", state="going",
        siblings=("gone",), asked_at=datetime.now(UTC) - timedelta(hours=1),
    )  # fmt: skip
    await make_pod(cluster, "web-2", "node-1", "ReplicaSet")
    waiting = replace(gone, name="web-3", uid="there", state="waiting", asked_at=None)
    parameters = {"reason": "even", "pause_s": 0, "timeout_s": 10}
    now = datetime.now(UTC)
    action = NodeAction(
        id="a" * 32, env=ENV, kind="moves", node="", parameters=parameters, requested_at=now,
        requested_by="alice", state="running", runner="dead", started_at=now, pods=(gone, waiting),
    )  # fmt: skip
    await clickhouse.insert("node_action", [{**row_of(action), "version": 1}])
    done = await in_state(draining, action.id, "done", "failed")
    assert (done["state"], done["reason"]) == ("failed", "no_replacement")
    assert [one["state"] for one in done["pods"]] == ["stuck", "waiting"]
    assert evictions(cluster) == []


async def test_who_may_and_what_is_refused(draining: Api, governing: Api, cluster: Cluster, hot: str) -> None:
    moves = (await planned(draining))["moves"][:1]
    for api, status, code in (
        (governing, 409, "node_control_off"),
        (draining.as_(Role.OPERATOR), 403, "right_missing"),
        (draining.as_(Role.ADMIN, namespace="shop"), 403, "forbidden"),
    ):
        refused = await carry_out(api, moves)
        assert (refused.status, refused.json["code"]) == (status, code)
    untyped = await carry_out(draining, moves, confirm="")
    assert (untyped.status, untyped.json["code"]) == (409, "confirm_missing")
    for wrong in (moves * 2, [], [{**moves[0], "namespace": ".."}]):
        assert (await carry_out(draining, wrong)).status == 400
    await keep_off(cluster, hot)
    done = await ended(draining, await carry_out(draining, moves))
    assert done["state"] == "done"


async def test_cancelling_ends_the_pause(draining: Api, cluster: Cluster, hot: str) -> None:
    moves = (await planned(draining))["moves"][:2]
    await keep_off(cluster, hot)
    begun = await carry_out(draining, moves, pause_s=3600)
    busy = await carry_out(draining, moves)
    assert (busy.status, busy.json["code"]) == (409, "node_busy")
    assert (await draining.change("POST", f"{ACTIONS}/{begun.json['id']}/cancel")).status == 200
    done = await ended(draining, begun)
    assert done["state"] == "cancelled"
    assert done["pods"][1]["state"] == "waiting"
