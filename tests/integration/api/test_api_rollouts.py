"""A rollout that fails is noticed, told, and rolled back where so set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster import pod_status
from kubedoor_dev.cluster.api import Target
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import DEPLOYMENTS
from support.api import SERVICES, Api
from support.events import events_told
from support.operations import (
    OPERATIONS,
    count,
    deployment,
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
from support.rows import containers
from support.waiting import until

Json = dict[str, Any]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Json], str | None]], None]:
    """Let pods fail as a function says."""

    def use(how: Callable[[Json], str | None]) -> None:
        monkeypatch.setattr(pod_status, "failure_of", how)

    return use


def too_small(pod: Json) -> str | None:
    """Kill what has less memory than it needs."""
    (container,) = pod["spec"]["containers"]
    return "oom" if container["resources"]["requests"]["memory"] == "64Mi" else None


async def steady(cluster: Cluster, name: str, replicas: int) -> None:
    """Wait until a service runs."""

    async def runs() -> bool:
        return bool(live(cluster, name).get("status", {}).get("availableReplicas") == replicas)

    await until(runs)


async def test_a_restart_that_is_killed_for_want_of_memory_is_rolled_back(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse, failing: Callable[[Any], None]
) -> None:
    await register(clickhouse, "cart")
    await run(cluster, "cart")
    await steady(cluster, "cart", 2)
    failing(too_small)
    await set_expert(clickhouse, "cart", **containers(app=(None, None, 64, None)))
    shown = await done(enforcing, "restart", targets("cart"), rollback_on_failure=True)
    assert (shown["state"], states(shown)) == ("failed", {"cart": "rolled_back"})
    assert reasons(shown) == {"cart": "oom"}
    assert "ran out of memory (OOMKilled)" in details(shown)["cart"]
    assert requests(cluster, "cart") == {"cpu": "100m", "memory": "128Mi"}
    metadata = live(cluster, "cart")["spec"]["template"]["metadata"]
    assert "kubedoor.io/restarted-by" not in metadata.get("annotations", {})
    await steady(cluster, "cart", 2)
    # The former value is the expert's now, so that the next restart is not undone by admission.
    service = (await enforcing.get(f"{SERVICES}/shop/cart")).json
    assert service["containers"][0]["expert"]["request_mem_mib"] == 128
    assert (await done(enforcing, "restart", targets("cart")))["state"] == "succeeded"
    events = await events_told(clickhouse, "rollout%", 2) + await events_told(clickhouse, "operation%", 2)
    told = {event["kind"]: event for event in events}
    assert set(told) == {"rollout.failed", "rollout.rolled_back", "operation.failed", "operation.finished"}
    assert (told["rollout.failed"]["severity"], told["rollout.failed"]["name"]) == ("error", "cart")
    assert '"reason": "oom"' in told["rollout.failed"]["data"]
    assert told["operation.failed"]["message"].startswith(
        "Restart by alice failed: 1 rolled back; shop/cart:"
    )
    audit = (await enforcing.get("/api/v1/audit?name=cart&action=rollbackService")).json["items"]
    assert [row["outcome"] for row in audit] == ["succeeded"]


async def test_the_way_back_of_a_failed_scale_is_offered_and_gone(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse, failing: Callable[[Any], None]
) -> None:
    await register(clickhouse, "cart", "pay")
    await run(cluster, "cart", "pay")
    await steady(cluster, "pay", 2)
    await steady(cluster, "cart", 2)
    failing(lambda pod: "crashloop" if pod["metadata"]["labels"]["app"] == "pay" else None)
    shown = await done(enforcing, "scale", targets("cart", "pay", replicas=4))
    assert (shown["state"], states(shown)) == ("failed", {"cart": "succeeded", "pay": "failed"})
    assert "crashes again and again" in details(shown)["pay"]
    assert [target["can_roll_back"] for target in shown["targets"]] == [True, True]
    assert count(cluster, "pay") == 4
    answer = await enforcing.change("POST", f"{OPERATIONS}/{shown['id']}/rollback")
    assert (answer.status, answer.json["rollback_of"]) == (202, shown["id"])
    again = await enforcing.change("POST", f"{OPERATIONS}/{shown['id']}/rollback")
    assert again.json["id"] == answer.json["id"]
    back = await ended(enforcing, answer.json["id"])
    assert (back["state"], states(back)) == ("succeeded", {"pay": "succeeded"})
    assert (count(cluster, "pay"), count(cluster, "cart")) == (2, 4)
    assert (await enforcing.get(f"{SERVICES}/shop/pay")).json["replicas"]["manual"] is None


async def test_an_image_that_can_not_be_had_stops_the_rest(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse, failing: Callable[[Any], None]
) -> None:
    await register(clickhouse, "cart", "pay")
    await run(cluster, "cart", "pay")
    await steady(cluster, "cart", 2)
    failing(lambda _: "image")
    options = {"wait_rollout": True, "stop_on_error": True}
    shown = await done(enforcing, "restart", targets("cart", "pay"), **options)
    assert states(shown) == {"cart": "failed", "pay": "cancelled"}
    assert "can't be pulled" in details(shown)["cart"]
    assert details(shown)["pay"] == "left out: an earlier service failed"
    assert reasons(shown) == {"cart": "image", "pay": "stopped"}


async def test_a_rollout_without_progress_has_failed(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse
) -> None:
    await register(clickhouse, "cart", "pay")
    await run(cluster, "cart")
    late = deployment("pay")
    late["spec"]["progressDeadlineSeconds"] = 1
    await cluster.create(Target(DEPLOYMENTS, "shop", "pay"), late)
    await steady(cluster, "cart", 2)
    await steady(cluster, "pay", 2)
    values = containers(app=(900_000, None, None, None))
    await set_expert(clickhouse, "cart", **values)
    await set_expert(clickhouse, "pay", **values)
    stuck = await done(enforcing, "restart", targets("cart"), rollout_timeout_s=8)
    assert states(stuck) == {"cart": "failed"}
    assert details(stuck)["cart"].startswith("the rollout did not finish in 8 s: ")
    assert "no node for pod" in details(stuck)["cart"]
    told = await done(enforcing, "restart", targets("pay"), rollout_timeout_s=120)
    assert states(told) == {"pay": "failed"}
    assert details(told)["pay"].startswith("no progress in time: ")


async def test_a_way_back_that_somebody_was_faster_than_is_left_alone(
    enforcing: Api, cluster: Cluster, clickhouse: ClickHouse, failing: Callable[[Any], None]
) -> None:
    await register(clickhouse, "cart")
    await run(cluster, "cart")
    await steady(cluster, "cart", 2)
    failing(lambda _: "crashloop")
    shown = await done(enforcing, "restart", targets("cart"))
    failing(lambda _: None)
    later = await done(enforcing, "restart", targets("cart"))
    assert (shown["state"], later["state"]) == ("failed", "succeeded")
    answer = await enforcing.change("POST", f"{OPERATIONS}/{shown['id']}/rollback")
    back = await ended(enforcing, answer.json["id"])
    assert reasons(back) == {"cart": "left_as_it_is"}
    assert details(back)["cart"] == "left as it is: something else has changed the pod template since"
    annotations = live(cluster, "cart")["spec"]["template"]["metadata"]["annotations"]
    assert annotations["kubedoor.io/restarted-by"] == later["id"]
