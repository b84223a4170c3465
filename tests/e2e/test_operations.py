"""What the api does to a real cluster with the chart's own rights: operations, schedules, live view."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from e2e.support.acting import ended, operation, outcome, target
from e2e.support.installation import NODES, Client, Installation
from e2e.support.place import Place, manifest
from kubedoor_core.domain.quantity import parse
from support.waiting import until

Json = dict[str, Any]


async def running(place: Place, *names: str, replicas: int = 2, fail: str = "") -> None:
    """Register services and run them; with `fail`, their pods fail from the start."""
    for name in names:
        await place.register(name, replicas=replicas)
        made = manifest(name)
        made["spec"]["template"]["metadata"]["annotations"] = {"kubedoor.dev/fail": fail} if fail else {}
        place.deploy(made)
        if not fail:
            place.rolled_out(name)


async def test_a_scale_is_what_is_governed_from_then_on(place: Place, api: Client) -> None:
    await running(place, "cart", "pay")
    shown = await operation(api, "scale", target(place, "cart", replicas=5), target(place, "pay", replicas=1))
    assert outcome(shown) == {"": "succeeded", "cart": "succeeded", "pay": "succeeded"}
    assert (place.replicas("cart"), place.replicas("pay")) == (5, 1)
    assert place.live("cart")["status"]["availableReplicas"] == 5
    place.kubectl("scale", "deployment/cart", "--replicas=9")
    assert place.replicas("cart") == 5


async def test_a_restart_rolls_out_what_is_governed_by_now(place: Place, api: Client) -> None:
    await running(place, "cart")
    pods = set(place.kubectl("get", "pods", "-o", "name").split())
    await place.register("cart", replicas=2, app=(111, 222, 333, 444))
    shown = await operation(api, "restart", target(place, "cart"))
    assert outcome(shown) == {"": "succeeded", "cart": "succeeded"}
    assert place.resources("cart") == {
        "requests": {"cpu": "111m", "memory": "333Mi"}, "limits": {"cpu": "222m", "memory": "444Mi"},
    }  # fmt: skip
    assert not pods & set(place.kubectl("get", "pods", "-o", "name").split())


@pytest.mark.parametrize("fail", ["crashloop", "oom", "image"])
async def test_a_rollout_that_fails_is_noticed(place: Place, api: Client, fail: str) -> None:
    await running(place, "cart", fail=fail)
    shown = await operation(api, "restart", target(place, "cart"))
    assert outcome(shown) == {"": "failed", "cart": "failed"}
    reasons = {"crashloop": "crash_loop", "oom": "oom", "image": "image"}
    assert shown["targets"][0]["reason"] == reasons[fail], shown["targets"]


async def test_a_scale_that_fails_is_brought_back(place: Place, api: Client) -> None:
    await running(place, "cart", fail="crashloop")
    shown = await operation(api, "scale", target(place, "cart", replicas=4))
    assert (outcome(shown)["cart"], place.replicas("cart")) == ("failed", 4)
    back = await api.change("POST", f"/operations/{shown['id']}/rollback")
    await ended(api, back["id"])
    assert place.replicas("cart") == 2
    place.kubectl("scale", "deployment/cart", "--replicas=7")
    assert place.replicas("cart") == 2, "and governed so"


async def test_a_service_that_is_not_there_fails_alone(place: Place, api: Client) -> None:
    await running(place, "cart")
    await place.register("gone")
    shown = await operation(api, "restart", target(place, "gone"), target(place, "cart"))
    assert outcome(shown) == {"": "failed", "cart": "succeeded", "gone": "failed"}


async def test_an_autoscaler_keeps_its_count_and_its_bounds_are_moved(place: Place, api: Client) -> None:
    await running(place, "cart")
    place.autoscale("cart", 2, 4)
    refused = await operation(api, "scale", target(place, "cart", replicas=5))
    assert outcome(refused) == {"": "failed", "cart": "failed"}
    bounds = {"min_replicas": 3, "max_replicas": 8}
    moved = await operation(api, "scale", target(place, "cart", autoscaler_bounds=bounds))
    assert outcome(moved) == {"": "succeeded", "cart": "succeeded"}
    spec = place.live("cart", "hpa")["spec"]
    assert (spec["minReplicas"], spec["maxReplicas"]) == (3, 8)


async def test_drift_is_told_of_what_runs_otherwise_and_of_strangers(place: Place, api: Client) -> None:
    await api.switch("off", place.name)
    await running(place, "cart", "pay")
    place.kubectl("scale", "deployment/pay", "--replicas=2")
    place.deploy(manifest("rogue"))
    await place.register("gone")
    found = await api.get(f"/drift?namespace={place.name}")
    states = {item["name"]: item["state"] for item in found["items"]}
    assert states == {"cart": "drifted", "pay": "drifted", "rogue": "unregistered", "gone": "missing"}


async def test_the_live_view_sees_all_that_it_needs(place: Place, api: Client) -> None:
    await running(place, "cart")
    place.kubectl("label", "deployment", "cart", "team=blue")
    found = await api.get(f"/services/{place.name}/cart/live")
    assert found["untold"] == [], "the chart's rights are enough"
    assert found["rollout"]["state"] == "complete"
    assert [(pod["status"], pod["ready"]) for pod in found["pods"]] == [("Running", True)] * 2
    assert all(pod["node"].startswith("node-") for pod in found["pods"])

    async def told() -> bool:
        events = (await api.get(f"/services/{place.name}/cart/live"))["events"]
        return {"Deployment", "ReplicaSet", "Pod"} <= {event["object"].split("/")[0] for event in events}

    await until(told)


def free_cpu_m(place: Place) -> int:
    """What the nodes have left by the cluster's own objects, millicores."""

    def every(kind: str) -> list[Json]:
        asked = place.installation.plane.kubectl("get", kind, "--all-namespaces", "-o", "json")
        items: list[Json] = json.loads(asked.stdout)["items"]
        return items

    def cpu_m(quantity: str) -> int:
        return parse(quantity) // 1_000_000

    pods = [pod["spec"] for pod in every("pods") if pod["status"]["phase"] in {"Pending", "Running"}]
    requested = [
        container.get("resources", {}).get("requests", {}).get("cpu", "0")
        for spec in pods
        if spec.get("nodeName")
        for container in spec["containers"]
    ]
    return sum(cpu_m(node["status"]["allocatable"]["cpu"]) for node in every("nodes")) - sum(
        cpu_m(quantity) for quantity in requested
    )


async def test_room_on_the_nodes_is_what_the_cluster_says(place: Place, api: Client) -> None:
    await place.register("cart", replicas=4, app=(1500, None, 1024, None))
    place.deploy(manifest("cart"))
    place.rolled_out("cart")

    async def told() -> Json | None:
        """Others' pods may come and go between the two looks."""
        found: Json = await api.get("/capacity")
        return found if found["free_cpu_m"] == free_cpu_m(place) else None

    found = await until(told)
    assert (found["nodes"], found["reason"]) == (NODES, "")
    assert found["free_cpu_m"] <= NODES * 128_000 - 6000


async def test_the_check_list_finds_the_webhook_by_its_service(api: Client) -> None:
    found = await api.get("/mode/readiness")
    assert (found["webhook_answers"], found["certificate"]["state"]) == (True, "valid"), found


async def test_a_schedule_scales_at_its_time(place: Place, api: Client) -> None:
    await running(place, "cart")
    due = (datetime.now(UTC) + timedelta(seconds=3)).isoformat(timespec="milliseconds")
    asked = {
        "name": "evening", "kind": "scale", "timezone": "UTC", "cron": None, "once_at": due,
        "targets": [target(place, "cart", replicas=4)],
    }  # fmt: skip
    made = await api.change("POST", "/schedules", asked)

    async def run() -> Json | None:
        items = (await api.get(f"/schedules/{made['id']}/runs"))["items"]
        return items[0] if items and items[0]["finished_at"] else None

    found = await until(run, 180)
    assert (found["outcome"], found["operation_state"]) == ("started", "succeeded")
    assert place.replicas("cart") == 4


async def test_another_instance_takes_over_from_one_that_is_killed(
    place: Place, installation: Installation
) -> None:
    """Of two with the chart's Role one holds the Lease; it dies, and the other does what is asked for."""
    await running(place, "cart")
    installation.kubelet.end("api")
    installation.helm_upgrade("--set", "api.replicas=2")
    try:
        first, second = installation.kubelet.run("api")

        async def leads(number: int) -> bool:
            async with installation.api(number) as one:
                return bool((await one.get("/leader"))["leading"])

        async def found() -> list[bool] | None:
            both = [await leads(0), await leads(1)]
            return both if any(both) else None

        survivor = (await until(found)).index(False)
        (first, second)[1 - survivor].kill()
        async with installation.api(survivor) as other:
            shown = await operation(other, "scale", target(place, "cart", replicas=3))
            assert outcome(shown) == {"": "succeeded", "cart": "succeeded"}
            assert (await other.get("/leader"))["leading"] is True
        assert place.replicas("cart") == 3
    finally:
        installation.kubelet.end("api")
        installation.helm_upgrade("--set", "api.replicas=1")
        installation.kubelet.run("api")
