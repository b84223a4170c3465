"""Cordoning, uncordoning and tainting nodes, with all that refuses it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from integration.api.test_api_nodes import PATH, changed
from kubedoor_api.access.roles import Grant, Right, Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.nodes import CORDONED_BY
from kubedoor_dev.cluster.cluster import Cluster, Options
from kubedoor_dev.cluster.nodes import NodeSize
from kubedoor_dev.cluster.resources import NODES
from kubedoor_dev.cluster.store import Key
from support.api import BASE, Answer, Api, serving, token

Json = dict[str, Any]


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    """A cluster of six like nodes."""
    made = Cluster(Options(tls=True, nodes={f"node-{number}": NodeSize() for number in range(6)}))
    async with made.serve():
        yield made


@pytest.fixture
async def controlling(knowing: ApiSettings) -> AsyncIterator[Api]:
    """An API that may change nodes."""
    async with serving(knowing.model_copy(update={"node_control": True})) as api:
        yield api


async def cordon(api: Api, node: str, **more: Any) -> Answer:
    body = {"confirm": node, "reason": "kernel", **more}
    return await api.change("POST", f"{PATH}/{node}/cordon", body)


async def uncordon(api: Api, node: str) -> Answer:
    return await api.change("POST", f"{PATH}/{node}/uncordon", {})


def live(cluster: Cluster, node: str) -> Json:
    found = cluster.store.get(Key(NODES.id, "", node))
    assert found is not None
    return found


async def test_a_cordon_tells_by_whom_and_why_and_is_undone(controlling: Api, cluster: Cluster) -> None:
    done = await cordon(controlling, "node-1", until="2099-01-01T00:00:00+01:00")
    assert done.status == 200, done.text
    assert live(cluster, "node-1")["spec"]["unschedulable"] is True
    told = next(one for one in (await controlling.get(PATH)).json["items"] if one["node"] == "node-1")
    assert told["cordon"]["reason"] == "kernel"
    assert told["cordon"]["until"] == "2098-12-31T23:00:00.000Z"
    assert told["cordon"]["by"]
    again = await cordon(controlling, "node-1", reason="another")
    assert (again.status, again.json["cordon"]["reason"]) == (200, "kernel"), "it stays as it is"
    back = await uncordon(controlling, "node-1")
    assert (back.status, back.json["cordoned"]) == (200, False)
    after = live(cluster, "node-1")
    assert "unschedulable" not in after["spec"]
    assert CORDONED_BY not in after["metadata"].get("annotations", {})
    rows = (await controlling.get("/api/v1/audit?limit=10")).json["items"]
    assert [(row["action"], row["outcome"]) for row in rows if row["action"].endswith("cordonNode")] == [
        ("uncordonNode", "succeeded"), ("uncordonNode", "asked"), ("cordonNode", "succeeded"),
        ("cordonNode", "succeeded"), ("cordonNode", "asked"),
    ], "what the cluster is asked is written down before"  # fmt: skip
    assert rows[0]["before"]["cordon"]["reason"] == "kernel"


async def test_what_others_cordoned_is_left_alone(controlling: Api, cluster: Cluster) -> None:
    await changed(cluster, "node-2", {"unschedulable": True})
    for answer in (await uncordon(controlling, "node-2"), await cordon(controlling, "node-2")):
        assert (answer.status, answer.json["code"]) == (409, "cordoned_by_others")
    assert live(cluster, "node-2")["spec"]["unschedulable"] is True
    free = await uncordon(controlling, "node-3")
    assert (free.status, free.json["cordoned"]) == (200, False)


async def test_never_more_than_its_share_of_a_group_whoever_cordoned_the_others(
    controlling: Api, cluster: Cluster
) -> None:
    await changed(cluster, "node-0", {"unschedulable": True})
    refused = await cordon(controlling, "node-1")
    assert (refused.status, refused.json["code"]) == (409, "too_many_cordoned")
    assert refused.json["parameters"]["cordoned"] == 2
    assert "unschedulable" not in live(cluster, "node-1")["spec"]
    await changed(cluster, "node-0", {"unschedulable": False})
    assert (await cordon(controlling, "node-1")).status == 200


async def test_two_at_once_do_not_pass_the_share_together(controlling: Api, cluster: Cluster) -> None:
    answers = await asyncio.gather(*(cordon(controlling, f"node-{number}") for number in range(6)))
    cordoned = [number for number in range(6) if live(cluster, f"node-{number}")["spec"].get("unschedulable")]
    assert len(cordoned) <= 1
    assert sum(answer.status == 200 for answer in answers) == len(cordoned)


async def test_the_name_is_typed_and_a_control_plane_takes_a_second_word(
    controlling: Api, cluster: Cluster
) -> None:
    untyped = await cordon(controlling, "node-1", confirm="node")
    assert (untyped.status, untyped.json["code"]) == (409, "confirm_missing")
    labels = {"node-role.kubernetes.io/control-plane": ""}
    await changed(cluster, "node-1", {}, labels=labels)
    first = await cordon(controlling, "node-1")
    assert (first.status, first.json["code"]) == (409, "control_plane_node")
    assert (await cordon(controlling, "node-1", control_plane=True)).status == 200


async def test_taints_are_added_and_taken_away(controlling: Api, cluster: Cluster) -> None:
    of_condition = {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}
    await changed(cluster, "node-1", {"taints": [of_condition]})
    path = f"{PATH}/node-1/taints"
    add = {"confirm": "node-1", "add": [{"key": "team", "value": "data", "effect": "NoSchedule"}]}
    added = await controlling.change("POST", path, add)
    team = {"key": "team", "value": "data", "effect": "NoSchedule"}
    assert added.json["taints"] == [{**team, "of_cluster": False}]
    assert live(cluster, "node-1")["spec"]["taints"] == [of_condition, team]
    gone = {"confirm": "node-1", "remove": [{"key": "team", "effect": "NoSchedule"}]}
    assert (await controlling.change("POST", path, gone)).json["taints"] == []
    assert live(cluster, "node-1")["spec"]["taints"] == [of_condition]
    own = {"confirm": "node-1", "remove": [of_condition]}
    refused = await controlling.change("POST", path, own)
    assert (refused.status, refused.json["code"]) == (409, "taint_of_cluster")
    evicting = {"confirm": "node-1", "add": [{"key": "team", "effect": "NoExecute"}]}
    assert (await controlling.change("POST", path, evicting)).status == 400


async def test_a_node_that_changed_meanwhile_or_may_not_be_patched(
    controlling: Api, cluster: Cluster
) -> None:
    for status, code in ((409, "node_changed"), (403, "cluster_forbids")):
        cluster.fault(status=status, method="PATCH", path="/nodes/node-1", count=1)
        refused = await cordon(controlling, "node-1")
        assert (refused.status, refused.json["code"]) == (409, code)
    cluster.fault(status=500, method="PATCH", path="/nodes/node-1", count=1)
    assert (await cordon(controlling, "node-1")).status == 503
    missing = await cordon(controlling, "node-9")
    assert (missing.status, missing.json["code"]) == (404, "no_node")


async def test_it_is_off_unless_it_is_switched_on_and_takes_a_right(governing: Api, controlling: Api) -> None:
    off = await cordon(governing, "node-1")
    assert (off.status, off.json["code"]) == (409, "node_control_off")
    assert (await governing.get(PATH)).json["may_control"] is False
    assert (await controlling.get(PATH)).json["may_control"] is True
    without = await cordon(controlling.as_(Role.OPERATOR), "node-1")
    assert (without.status, without.json["code"]) == (403, "right_missing")
    bounded = await cordon(controlling.as_(Role.ADMIN, namespace="shop"), "node-1")
    assert bounded.status == 403
    granted = Grant(role=Role.OPERATOR, may=frozenset({Right.NODES}))
    assert (await cordon(Api(controlling.client, token(granted)), "node-1")).status == 200
    assert BASE in PATH
