"""Resizing running pods in place, on the simulated cluster; what a real one refuses is in `tests/e2e`."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_api.admission import policy
from kubedoor_api.admission.policy import Control
from kubedoor_api.operations.models import Kind
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.faults import Fault
from kubedoor_dev.cluster.resources import DEPLOYMENTS, PODS
from support.api import Api
from support.operations import (
    OPERATIONS,
    deployment,
    details,
    done,
    ended,
    reasons,
    register,
    run,
    set_expert,
    states,
    targets,
)
from support.rows import containers
from support.waiting import until

Json = dict[str, Any]
RESIZE: Kind = "resize"


def pods(cluster: Cluster) -> dict[str, Json]:
    """The resources of the only container of each pod in `shop`, by the pod's name."""
    found = cluster.store.all_of(PODS.id)
    return {pod["metadata"]["name"]: pod["spec"]["containers"][0]["resources"] for pod in found}


async def running(cluster: Cluster, clickhouse: ClickHouse, resize: str = "") -> dict[str, Json]:
    """Run `cart` with two pods, then let the expert want other values; return what the pods have."""
    await register(clickhouse, "cart")
    made = deployment("cart")
    made["spec"]["template"]["metadata"]["annotations"] = {"kubedoor.dev/resize": resize} if resize else {}
    await cluster.create(Target(DEPLOYMENTS, "shop", "cart"), made)

    async def ready() -> bool:
        status = cluster.get(Target(DEPLOYMENTS, "shop", "cart")).get("status") or {}
        return bool(status.get("availableReplicas") == 2)

    await until(ready)
    standing = pods(cluster)
    await set_expert(clickhouse, "cart", **containers(app=(250, 500, 256, 512)))
    return standing


async def test_running_pods_get_what_is_governed_and_stay(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    before = await running(cluster, clickhouse)
    template = cluster.get(Target(DEPLOYMENTS, "shop", "cart"))["spec"]
    shown = await done(enforcing, RESIZE, targets("cart"))
    assert states(shown) == {"cart": "succeeded"}, shown
    wanted = {
        "requests": {"cpu": "250m", "memory": "256Mi"},
        "limits": {"cpu": "500m", "memory": "512Mi"},
    }
    assert pods(cluster) == dict.fromkeys(before, wanted), "the same pods"
    assert cluster.get(Target(DEPLOYMENTS, "shop", "cart"))["spec"] == template
    assert details(shown)["cart"] == "2 pods were resized without a restart"
    audit = (await enforcing.get("/api/v1/audit?name=cart")).json["items"]
    assert [row["action"] for row in audit] == ["resizeService"]
    again = await done(enforcing, RESIZE, targets("cart"))
    assert states(again) == {"cart": "succeeded"}


async def test_pods_that_the_node_has_no_room_for_need_a_restart(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await running(cluster, clickhouse, resize="infeasible")
    shown = await done(enforcing, RESIZE, targets("cart"))
    assert (states(shown), reasons(shown)) == ({"cart": "failed"}, {"cart": "needs_restart"})
    said = details(shown)["cart"]
    assert said.startswith("2 of 2 pods need a restart for it (cart-"), said
    assert "Infeasible: Node didn't have enough resource: cpu; restart the service" in said


async def test_pods_that_wait_too_long_need_a_restart_and_are_given_back(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    before = await running(cluster, clickhouse, resize="deferred")
    shown = await done(enforcing, RESIZE, targets("cart"), rollout_timeout_s=1, rollback_on_failure=True)
    assert "Deferred" in details(shown)["cart"]
    assert reasons(shown) == {"cart": "needs_restart"}
    assert {name: one["requests"] for name, one in pods(cluster).items()} == {
        name: one["requests"] for name, one in before.items()
    }


@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [(404, "resize_unavailable", "Kubernetes 1.33"), (403, "forbidden", "may not patch pods/resize")],
)
async def test_a_cluster_that_can_not_says_so(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse, status: int, reason: str, said: str
) -> None:
    before = await running(cluster, clickhouse)
    cluster.faults.add(Fault(method="PATCH", path="/resize", count=None, status=status))
    shown = await done(enforcing, RESIZE, targets("cart"))
    assert (states(shown), reasons(shown)) == ({"cart": "failed"}, {"cart": reason}), shown
    assert said in details(shown)["cart"]
    assert pods(cluster) == before


async def test_what_was_resized_is_given_back(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    before = await running(cluster, clickhouse, resize="infeasible")
    shown = await done(enforcing, RESIZE, targets("cart"))
    answer = await enforcing.change("POST", f"{OPERATIONS}/{shown['id']}/rollback")
    assert answer.status == 202, answer.text
    await ended(enforcing, answer.json["id"])
    assert {name: one["requests"] for name, one in pods(cluster).items()} == {
        name: one["requests"] for name, one in before.items()
    }


async def test_a_preview_shows_the_change_and_what_it_does_not_reach(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await running(cluster, clickhouse)
    body = {"kind": RESIZE, "targets": targets("cart")}
    (cart,) = (await enforcing.change("POST", f"{OPERATIONS}/preview", body)).json["targets"]
    assert {(one["resource"], one["kind"], one["after"]) for one in cart["changes"]} == {
        ("cpu", "request", "250m"), ("cpu", "limit", "500m"),
        ("memory", "request", "256Mi"), ("memory", "limit", "512Mi"),
    }  # fmt: skip
    assert [one["code"] for one in cart["warnings"]] == ["resize_until_rollout"]
    assert (cart["pod_after"]["cpu_m"], cart["replicas_after"]) == (250, cart["replicas_before"])


async def test_services_that_do_not_run_or_are_not_registered_are_refused(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "gone")
    await run(cluster)
    shown = await done(enforcing, RESIZE, targets("gone"))
    assert reasons(shown) == {"gone": "missing"}
    bad = await enforcing.change("POST", OPERATIONS, {"kind": RESIZE, "targets": targets("gone", replicas=3)})
    assert (bad.status, bad.json["errors"][0]["code"]) == (400, "count_not_for_restart")


async def test_many_services_are_resized_by_one_reading_of_the_control_table_and_by_another_once_it_changed(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other, each watched to its end; the last but one is told what was edited meanwhile."""
    names = ["s1", "s2", "s3", "s4"]
    await register(clickhouse, *names)
    await run(cluster, *names)

    async def ready() -> bool:
        return len([pod for pod in cluster.store.all_of(PODS.id) if pod["status"]["phase"] == "Running"]) == 8

    await until(ready)
    read = policy.control_of
    readings = list[Control]()

    async def counted(context: Context, env: str) -> Control:
        readings.append(await read(context, env))
        if len(readings) == 1:
            await set_expert(clickhouse, "s3", **containers(app=(250, 500, 256, 512)))
        return readings[-1]

    monkeypatch.setattr(policy, "control_of", counted)
    shown = await done(enforcing, RESIZE, targets(*names), wait_rollout=True)
    assert set(states(shown).values()) == {"succeeded"}, shown
    assert len(readings) == 2, "once, and once more after the edit"
    asked = {name: pods for name, pods in pods(cluster).items() if name.startswith("s3-")}
    assert {one["requests"]["cpu"] for one in asked.values()} == {"250m"}
