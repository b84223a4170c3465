"""Evicting and deleting single pods: what is said before, what is done, and what is refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from kubedoor_api.access.roles import Grant, Right, Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.pods.action import PodAction, row_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.attributes import Context
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import NODES
from support.api import ENV, Api, serving, token
from support.events import events_told
from support.pod_actions import ACTIONS, body_of, ended, preview_of
from support.pods import make_budget, pods, run_service
from support.waiting import until

Json = dict[str, Any]


@pytest.fixture
async def acting(clickhouse: ClickHouse, knowing: ApiSettings) -> AsyncIterator[Api]:
    """An API that may delete pods."""
    update = {"pod_actions": "delete", "rollout_poll_s": 0.1}
    async with serving(knowing.model_copy(update=update)) as running:
        yield running


def asked(pod: Json, confirm: str = "", **parameters: Any) -> Json:
    return {**body_of("delete", pod, parameters), **({"confirm": confirm} if confirm else {})}


async def preview(api: Api, pod: Json, **parameters: Any) -> Json:
    return await preview_of(api, asked(pod, **parameters))


def names(cluster: Cluster) -> set[str]:
    return {pod["metadata"]["name"] for pod in pods(cluster)}


async def test_a_pod_is_evicted_and_another_one_is_made(
    acting: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    first, _ = await run_service(cluster)
    await make_budget(cluster, "cart", 1, app="cart")

    async def allows() -> bool:
        found: list[Json] = (await preview(acting, first))["budgets"]
        return found == [{"name": "cart", "allowed": 1}]

    assert await until(allows)
    before = await preview(acting, first)
    assert (before["ready_before"], before["ready_after"], before["warnings"]) == (2, 1, [])
    assert before["replaced_by"] == f"ReplicaSet {first['metadata']['name'].rpartition('-')[0]}"
    assert (before["uid"], before["confirm"]) == (first["metadata"]["uid"], "")
    done = await ended(acting, await acting.change("POST", ACTIONS, asked(first)))
    assert (done["state"], done["reason"]) == ("done", "")
    assert [step["name"] for step in done["steps"]] == ["asked", "gone"]
    assert first["metadata"]["name"] not in names(cluster)

    async def replaced() -> bool:
        return len(names(cluster)) == 2

    assert await until(replaced)
    evictions = [call for call in cluster.calls if call.resource == "pods/eviction"]
    assert len(evictions) == 1
    listed = (await acting.as_(Role.VIEWER, namespace="shop").get(f"{ACTIONS}?kind=delete")).json
    assert [item["id"] for item in listed["items"]] == [done["id"]]
    rows = await clickhouse.fetch(
        "SELECT action, outcome, after FROM audit_log WHERE position(after, {id:String}) > 0 ORDER BY seq",
        id=done["id"],
    )
    assert [(row["action"], row["outcome"]) for row in rows] == [
        ("createPodAction", "succeeded"), ("podDelete", "succeeded"),
    ]  # fmt: skip
    assert json.loads(rows[0]["after"])["uid"] == first["metadata"]["uid"]
    assert await events_told(clickhouse, "change.pods")


async def test_a_budget_that_allows_none_is_named_and_deleting_passes_it(
    acting: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    await make_budget(cluster, "all-of-them", 1, app="cart")

    async def holds() -> bool:
        return "budget_allows_none" in (await preview(acting, pod))["warnings"]

    assert await until(holds)
    assert (await preview(acting, pod))["warnings"] == ["last_ready", "budget_allows_none"]
    failed = await ended(acting, await acting.change("POST", ACTIONS, asked(pod)))
    assert (failed["state"], failed["reason"]) == ("failed", "budget_allows_none")
    assert failed["blocked_by"] == ["all-of-them"]
    assert "PodDisruptionBudget all-of-them" in failed["detail"]
    assert pod["metadata"]["name"] in names(cluster)
    evictions = [call for call in cluster.calls if call.resource == "pods/eviction"]
    assert len(evictions) == 1, "what a budget refuses is not asked again and again"
    (event,) = await events_told(clickhouse, "pod_action.failed")
    assert "all-of-them" in event["message"]
    assert "budget_ignored" in (await preview(acting, pod, way="delete"))["warnings"]
    done = await ended(acting, await acting.change("POST", ACTIONS, asked(pod, way="delete")))
    assert done["state"] == "done"
    assert pod["metadata"]["name"] not in names(cluster)


async def test_an_overloaded_api_server_is_no_budget(acting: Api, cluster: Cluster) -> None:
    first, _ = await run_service(cluster)
    cluster.fault(status=429, retry_after_s=0, path="/eviction", count=2)
    done = await ended(acting, await acting.change("POST", ACTIONS, asked(first)))
    assert done["state"] == "done"
    assert len([call for call in cluster.calls if call.resource == "pods/eviction"]) == 3


async def test_another_pod_of_the_same_name_is_left_alone(acting: Api, cluster: Cluster) -> None:
    first, _ = await run_service(cluster)
    other = {**first, "metadata": {**first["metadata"], "uid": "another"}}
    for path in (ACTIONS, f"{ACTIONS}/preview"):
        refused = await acting.change("POST", path, asked(other))
        assert (refused.status, refused.json["code"]) == (409, "pod_replaced")
        assert refused.json["parameters"]["uid"] == first["metadata"]["uid"]
    gone = {**first, "metadata": {**first["metadata"], "name": "cart-gone"}}
    missing = await acting.change("POST", ACTIONS, asked(gone))
    assert (missing.status, missing.json["code"]) == (404, "no_pod")
    assert len(names(cluster)) == 2


async def test_force_is_for_pods_whose_node_is_gone(acting: Api, cluster: Cluster) -> None:
    first, _ = await run_service(cluster)
    refused = await acting.change("POST", ACTIONS, asked(first, force=True))
    assert (refused.status, refused.json["code"]) == (409, "node_is_there")
    node = first["spec"]["nodeName"]
    await cluster.api.delete(Target(NODES, "", node), {}, Context())
    assert "runs_on_unseen" in (await preview(acting, first, force=True))["warnings"]
    done = await ended(acting, await acting.change("POST", ACTIONS, asked(first, force=True)))
    assert done["state"] == "done"
    deletions = [call for call in cluster.calls if (call.resource, call.verb) == ("pods", "delete")]
    assert len(deletions) == 1


async def test_in_a_production_namespace_the_name_is_typed(
    clickhouse: ClickHouse, knowing: ApiSettings, cluster: Cluster
) -> None:
    update = {"pod_actions": "delete", "rollout_poll_s": 0.1, "production_namespaces": "shop"}
    first, _ = await run_service(cluster)
    async with serving(knowing.model_copy(update=update)) as api:
        assert (await preview(api, first))["confirm"] == "name"
        for confirm in ("", "cart"):
            refused = await api.change("POST", ACTIONS, asked(first, confirm))
            assert (refused.status, refused.json["code"]) == (409, "confirm_missing")
        typed = await api.change("POST", ACTIONS, asked(first, first["metadata"]["name"]))
        assert (await ended(api, typed))["state"] == "done"


async def test_who_lacks_the_right_deletes_nothing(acting: Api, governing: Api, cluster: Cluster) -> None:
    first, _ = await run_service(cluster)
    logs = Grant(role=Role.ADMIN, may=frozenset({Right.LOGS}))
    for path in (ACTIONS, f"{ACTIONS}/preview"):
        refused = await Api(acting.client, token(logs)).change("POST", path, asked(first))
        assert (refused.status, refused.json["code"]) == (403, "right_missing")
        viewer = await acting.as_(Role.VIEWER).change("POST", path, asked(first))
        assert (viewer.status, viewer.json["code"]) == (403, "forbidden")
        off = await governing.change("POST", path, asked(first))
        assert (off.status, off.json["code"]) == (409, "pod_actions_off")
    assert not [
        call for call in cluster.calls if call.verb in {"delete", "create"} and call.resource[:4] == "pods"
    ]


@pytest.mark.parametrize("was_asked", [False, True])
async def test_what_a_dead_instance_began_is_taken_up(
    acting: Api, cluster: Cluster, clickhouse: ClickHouse, was_asked: bool
) -> None:
    """One died before it asked, and one after: the pod may be gone by then."""
    first, _ = await run_service(cluster)
    metadata, now = first["metadata"], datetime.now(UTC)
    action = PodAction(
        id="a" * 32, env=ENV, kind="delete", namespace="shop", pod=metadata["name"], uid=metadata["uid"],
        parameters={}, requested_at=now, requested_by="alice", state="running", runner="dead",
        started_at=now,
    )  # fmt: skip
    if was_asked:
        action = replace(action.with_step("asked", now), uid="gone by now")
    await clickhouse.insert("pod_action", [{**row_of(action), "version": 1}])

    async def done() -> Json | None:
        found: Json = (await acting.get(f"{ACTIONS}/{action.id}")).json
        return found if found["state"] == "done" else None

    found = await until(done)
    assert [step["name"] for step in found["steps"]] == ["asked", "gone"]
    assert (metadata["name"] in names(cluster)) == was_asked
    ends = await clickhouse.fetch("SELECT seq FROM audit_log WHERE action = 'podDelete'")
    assert len(ends) == 1


async def test_an_action_is_followed_to_its_end(acting: Api, cluster: Cluster) -> None:
    first, _ = await run_service(cluster)
    begun = await acting.change("POST", ACTIONS, asked(first))
    followed = await acting.get(f"{ACTIONS}/{begun.json['id']}/events")
    last = followed.text.strip().split("\n\n")[-1]
    assert last.startswith("event: end\n")
    assert '"state":"done"' in last
    unknown = await acting.get(f"{ACTIONS}/{'b' * 32}")
    assert (unknown.status, unknown.json["code"]) == (404, "no_pod_action")
