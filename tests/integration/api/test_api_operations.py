"""Scaling and restarting on the simulated cluster, with the real webhook in `enforce`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from kubedoor_api.operations import queries
from kubedoor_api.operations.operation import row_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.parameters import timestamp
from kubedoor_dev.cluster.cluster import Cluster
from support.api import ENV, SERVICES, Api
from support.events import events_told
from support.operations import (
    OPERATIONS,
    ask,
    autoscale,
    count,
    details,
    done,
    ended,
    live,
    reasons,
    register,
    requests,
    run,
    set_expert,
    states,
    targets,
)
from support.rows import autoscaler_row, containers
from support.waiting import until

Json = dict[str, Any]


async def test_scaling_stays_at_the_new_count(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", "pay")
    await run(cluster, "cart", "pay")
    shown = await done(enforcing, "scale", targets("cart", replicas=5))
    assert (shown["state"], states(shown)) == ("succeeded", {"cart": "succeeded"}), shown
    assert (shown["targets"][0]["replicas_before"], shown["targets"][0]["replicas_after"]) == (2, 5)
    assert count(cluster, "cart") == 5
    service = (await enforcing.get(f"{SERVICES}/shop/cart")).json
    assert (service["replicas"]["manual"], service["updated_by"]) == (5, "alice")
    # Admission agrees: a restart, which gets the control table's count, leaves the five.
    again = await done(enforcing, "restart", targets("cart"))
    assert (again["state"], count(cluster, "cart")) == ("succeeded", 5)
    audit = (await enforcing.get("/api/v1/audit?name=cart")).json["items"]
    assert [row["action"] for row in audit] == ["restartService", "scaleService", "changeService"]
    assert {row["actor"] for row in audit} == {"alice"}
    assert audit[2]["after"]["replicas_manual"] == 5


async def test_scaling_to_the_control_tables_count_asks_only(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", replicas=3)
    await run(cluster, "cart")
    assert count(cluster, "cart") == 3  # admission's
    await set_expert(clickhouse, "cart", replicas_manual=4)
    shown = await done(enforcing, "scale", targets("cart"))
    assert (shown["state"], count(cluster, "cart")) == ("succeeded", 4)
    assert (await enforcing.get("/api/v1/audit?action=changeService")).json["items"] == []


async def test_a_restart_rewrites_resources_and_replaces_the_pods(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart")
    await run(cluster, "cart")
    await set_expert(clickhouse, "cart", **containers(app=(250, 500, None, None)))
    shown = await done(enforcing, "restart", targets("cart"))
    assert shown["state"] == "succeeded", shown
    assert requests(cluster, "cart")["cpu"] == "250m"
    annotations = live(cluster, "cart")["spec"]["template"]["metadata"]["annotations"]
    assert annotations["kubedoor.io/restarted-by"] == shown["id"]
    assert annotations["kubedoor.io/restarted-at"]
    (event,) = await events_told(clickhouse, "operation%")
    assert (event["kind"], event["message"]) == (
        "operation.finished",
        "Restart by alice succeeded: 1 succeeded",
    )


async def test_an_autoscaled_service_is_refused_unless_its_bounds_are_meant(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", "pay", "web")
    await run(cluster, "cart", "pay", "web")
    await autoscale(cluster, "cart")
    owner = {
        "apiVersion": "keda.sh/v1",
        "kind": "ScaledObject",
        "name": "web",
        "uid": "u",
        "controller": True,
    }
    await autoscale(cluster, "web", ownerReferences=[owner])
    await set_expert(clickhouse, "pay", replicas_policy="autoscaled")
    refused = await done(enforcing, "scale", targets("cart", "pay", replicas=9))
    assert refused["state"] == "failed"
    assert "HorizontalPodAutoscaler cart: its autoscaler owns the count" in details(refused)["cart"]
    assert "shop/pay is autoscaled, as people say or as was found" in details(refused)["pay"]
    assert (count(cluster, "cart"), count(cluster, "pay")) == (2, 2)
    bounds = {"min_replicas": 3, "max_replicas": 8}
    moved = await done(enforcing, "scale", targets("cart", "pay", "web", autoscaler_bounds=bounds))
    assert states(moved) == {"cart": "succeeded", "pay": "failed", "web": "failed"}
    assert "no HorizontalPodAutoscaler targets shop/pay" in details(moved)["pay"]
    assert "is managed by ScaledObject web" in details(moved)["web"]
    back = await enforcing.change("POST", f"{OPERATIONS}/{moved['id']}/rollback")
    assert back.status == 409  # what failed had changed nothing


async def test_one_that_was_found_to_have_an_autoscaler_is_refused_as_the_preview_says_unless_pinned(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", "pay")
    await run(cluster, "cart", "pay")
    gone = {"gone_at": timestamp(datetime.now(UTC))}
    found = [autoscaler_row(ENV, "shop", name, **gone) for name in ("cart", "pay")]
    await clickhouse.insert("autoscaler", found)
    await set_expert(clickhouse, "pay", replicas_policy="pinned")
    asked = {"kind": "scale", "targets": targets("cart", "pay", replicas=4)}
    forecast = (await enforcing.change("POST", f"{OPERATIONS}/preview", asked)).json["targets"]
    shown = await done(enforcing, "scale", targets("cart", "pay", replicas=4))
    assert states(shown) == {"cart": "failed", "pay": "succeeded"}
    assert reasons(shown)["cart"] == "autoscaled"
    assert {one["name"]: one["reason"] for one in forecast} == {"cart": "autoscaled", "pay": ""}
    assert (count(cluster, "cart"), count(cluster, "pay")) == (2, 4)


async def come(clickhouse: ClickHouse, identity: str) -> None:
    """Let the time of an operation have come."""
    found = await queries.one(clickhouse, ENV, identity)
    assert found is not None
    due = replace(found, run_at=datetime.now(UTC))
    await clickhouse.insert("operation", [{**row_of(due), "version": found.version + 1}])


async def test_a_temporary_scale_gives_the_count_back(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", "pay")
    await run(cluster, "cart", "pay")
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    shown = await done(enforcing, "scale", targets("cart", "pay", replicas=6), until=later)
    assert (count(cluster, "cart"), count(cluster, "pay")) == (6, 6)
    service = (await enforcing.get(f"{SERVICES}/shop/pay")).json
    changed = await enforcing.change(
        "PATCH", f"{SERVICES}/shop/pay", {"replicas_manual": 4}, version=service["version"]
    )
    assert changed.status == 200
    await come(clickhouse, f"{shown['id']}-until")
    back = await ended(enforcing, f"{shown['id']}-until")
    assert (back["rollback_of"], back["requested_by"]) == (shown["id"], "alice")
    assert (count(cluster, "cart"), states(back)) == (2, {"cart": "succeeded", "pay": "failed"})
    assert details(back)["pay"] == "left as it is: alice has made it 4 pods since"
    assert (await enforcing.get(f"{SERVICES}/shop/cart")).json["replicas"]["manual"] is None


async def test_the_end_of_a_temporary_scale_can_be_cancelled(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart")
    await run(cluster, "cart")
    shown = await done(enforcing, "scale", targets("cart", replicas=3), for_s=3600)
    back = (await enforcing.get(f"{OPERATIONS}/{shown['id']}-until")).json
    assert (back["state"], back["run_at"], back["targets"][0]["replicas"]) == ("pending", shown["until"], 2)
    answer = await enforcing.change("POST", f"{OPERATIONS}/{back['id']}/cancel")
    assert (answer.status, answer.json["state"], answer.json["targets"][0]["state"]) == (
        202,
        "cancelled",
        "cancelled",
    )
    assert count(cluster, "cart") == 3


async def test_what_admission_refuses_is_told_in_its_words(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", "pay")
    await run(cluster, "cart")
    removed = await enforcing.change("DELETE", f"{SERVICES}/shop/cart", version="0")
    assert removed.status == 204, removed.text
    shown = await done(enforcing, "restart", targets("cart"))
    assert details(shown)["cart"].startswith("admission refused it: "), shown


async def test_cancel_leaves_out_what_is_not_begun(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", "pay", "web")
    await run(cluster, "cart", "pay", "web")
    identity = await ask(enforcing, "restart", targets("cart", "pay", "web"), pause_s=600)

    async def first_done() -> bool:
        found = (await enforcing.get(f"{OPERATIONS}/{identity}")).json
        return bool(found["counts"]["succeeded"] == 1)

    await until(first_done)
    cancelled = await enforcing.change("POST", f"{OPERATIONS}/{identity}/cancel")
    assert (cancelled.status, cancelled.json["cancelled_by"]) == (202, "alice")
    shown = await ended(enforcing, identity)
    assert (shown["state"], states(shown)) == (
        "cancelled",
        {"cart": "succeeded", "pay": "cancelled", "web": "cancelled"},
    )
    assert details(shown)["web"] == "left out: cancelled by alice"
    assert (await enforcing.change("POST", f"{OPERATIONS}/{identity}/cancel")).status == 409
    page = (await enforcing.get(f"{OPERATIONS}?state=cancelled&name=web")).json
    assert [(item["id"], item["counts"]["cancelled"]) for item in page["items"]] == [(identity, 2)]
    for query, total in [
        ("namespace=other", 0),
        ("q=SHOP/WEB", 1),
        ("q=alice", 1),
        ("q=bob", 0),
        ("kind=scale", 0),
        ("kind=restart&namespace=shop", 1),
        ("actor=alice", 1),
        ("actor=ali", 0),
        ("schedule_id=none", 0),
        ("limit=1&offset=7", 1),
    ]:
        assert (await enforcing.get(f"{OPERATIONS}?{query}")).json["total"] == total, query


async def test_operations_are_listed_in_the_order_that_is_asked_for(api: Api, clickhouse: ClickHouse) -> None:
    async def add(index: int, kind: str, by: str) -> None:
        at = f"2026-01-0{index} 00:00:00.000"
        row = {"env": ENV, "id": f"op-{index}", "kind": kind, "state": "succeeded", "requested_by": by}
        await clickhouse.insert("operation", [{**row, "requested_at": at, "version": index}])

    for index, kind, by in [(1, "scale", "bob"), (2, "restart", "alice"), (3, "scale", "alice")]:
        await add(index, kind, by)
    for sort, order in [
        ("", [3, 2, 1]),
        ("sort=requested_at", [1, 2, 3]),
        ("sort=kind", [2, 3, 1]),
        ("sort=-requested_by", [1, 3, 2]),
        ("sort=requested_by&limit=2&offset=1", [2, 1]),
    ]:
        found = (await api.get(f"{OPERATIONS}?{sort}")).json["items"]
        assert [item["id"] for item in found] == [f"op-{index}" for index in order], sort
    assert (await api.get(f"{OPERATIONS}?sort=version")).status == 400


async def test_progress_is_told_as_it_comes(enforcing: Api, cluster: Cluster, clickhouse: ClickHouse) -> None:
    names = ("cart", "pay", "web")
    await register(clickhouse, *names)
    await run(cluster, *names)
    identity = await ask(enforcing, "restart", targets(*names), wait_rollout=True)
    answer = await enforcing.get(f"{OPERATIONS}/{identity}/events")
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["X-Accel-Buffering"] == "no"
    messages = [message for message in answer.text.split("\n\n") if message]
    assert messages[0].startswith("event: progress\nid: ")
    assert messages[-1].startswith("event: end\n")
    assert '"state":"succeeded"' in messages[-1]
    # One after the other: the first had rolled out before the last was begun.
    shown = (await enforcing.get(f"{OPERATIONS}/{identity}")).json
    ends = [target["finished_at"] for target in shown["targets"]]
    begins = [target["started_at"] for target in shown["targets"]]
    assert all(end <= begin for end, begin in zip(ends, begins[1:], strict=False))
