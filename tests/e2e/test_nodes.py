"""Nodes of a real cluster, with the chart's own rights: cordoned, drained past budgets, by two instances."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from e2e.support.installation import Client, Installation, node, node_name
from e2e.support.place import Place, manifest
from e2e.support.pods import items, uid
from support.waiting import until

Json = dict[str, Any]
POOL = "drained-by-tests"
OLD, NEW = (node_name(number) for number in ("old", "new"))


@pytest.fixture
def nodes(place: Place) -> Iterator[None]:
    """Two nodes, which the pods of this test keep to and no others come to."""
    for number in ("old", "new"):
        made = node(number)
        made["metadata"]["labels"]["pool"] = POOL
        made["spec"] = {"taints": [{"key": POOL, "effect": "NoSchedule"}]}
        place.installation.create(made)
    yield
    for name in (OLD, NEW):
        place.kubectl("delete", "node", name)


async def running(place: Place, replicas: int = 2) -> list[Json]:
    """Run pods on the old node, under a budget that lets none go; the new one has room for them."""
    place.kubectl("cordon", NEW)
    await place.register("cart", replicas=replicas)
    made = manifest("cart")
    made["spec"]["template"]["spec"]["nodeSelector"] = {"pool": POOL}
    made["spec"]["template"]["spec"]["tolerations"] = [{"key": POOL, "operator": "Exists"}]
    place.deploy(made)
    place.rolled_out("cart")
    place.kubectl("uncordon", NEW)
    place.kubectl("create", "pdb", "all-of-them", "--selector=app=cart", f"--min-available={replicas}")

    async def known() -> bool:
        return int(place.live("all-of-them", "pdb").get("status", {}).get("currentHealthy", 0)) == replicas

    assert await until(known)
    found = items(place, "pods")
    assert {pod["spec"]["nodeName"] for pod in found} == {OLD}
    return found


async def drain(api: Client) -> str:
    asked = {"confirm": OLD, "reason": "a new kernel"}
    found: str = (await api.change("POST", f"/nodes/{OLD}/drain", asked))["id"]
    return found


async def seen(api: Client, action: str, *states: str) -> Json:
    """Wait until a drain is in one of some states, or has a pod that is in one."""

    async def look() -> Json | None:
        found: Json = await api.get(f"/node-actions/{action}")
        every = {found["state"], *(pod["state"] for pod in found["pods"])}
        return found if every & set(states) else None

    return await until(look, 120.0)


def unschedulable(place: Place, name: str) -> bool:
    return bool(place.live(name, "node")["spec"].get("unschedulable"))


def allow(place: Place) -> None:
    """Let the budget allow one to go at a time."""
    place.kubectl("patch", "pdb/all-of-them", "--type=merge", "-p", json.dumps({"spec": {"minAvailable": 1}}))


@pytest.mark.usefixtures("nodes")
async def test_a_budget_is_waited_for_and_a_cancel_gives_back_what_it_took(place: Place, api: Client) -> None:
    before = await running(place)
    foreseen = await api.change("POST", f"/nodes/{OLD}/drain/preview", {})
    assert (foreseen["goes"], foreseen["homeless"]) == (2, 0)
    assert {one["target"] for one in foreseen["pods"] if one["stays"] is None} == {NEW}
    assert foreseen["down"] == [{"namespace": place.name, "service": "cart", "ready": 2}]
    action = await drain(api)
    held = await seen(api, action, "blocked")
    assert {one["detail"] for one in held["pods"] if one["state"] == "blocked"} == {"all-of-them"}
    assert unschedulable(place, OLD)
    await api.change("POST", f"/node-actions/{action}/cancel")
    await seen(api, action, "cancelled")
    assert not unschedulable(place, OLD)
    assert {uid(pod) for pod in items(place, "pods")} == {uid(pod) for pod in before}
    place.kubectl("cordon", OLD)
    action = await drain(api)
    await seen(api, action, "blocked")
    await api.change("POST", f"/node-actions/{action}/cancel")
    ended = await seen(api, action, "cancelled")
    assert [step["name"] for step in ended["steps"]] == ["found_cordoned", "listed"]
    assert unschedulable(place, OLD), "others cordoned it"
    refused = await api.send("POST", f"/nodes/{OLD}/uncordon", {})
    assert (refused.status, refused.json["code"]) == (409, "cordoned_by_others")
    action = await drain(api)
    await seen(api, action, "blocked")
    allow(place)
    done = await seen(api, action, "done", "failed")
    assert (done["state"], {one["state"] for one in done["pods"]}) == ("done", {"gone"}), done
    place.rolled_out("cart")
    assert {pod["spec"]["nodeName"] for pod in items(place, "pods")} == {NEW}


@pytest.mark.usefixtures("nodes")
async def test_the_leader_dies_in_a_drain_and_another_instance_ends_it(
    place: Place, installation: Installation
) -> None:
    before = await running(place)
    installation.kubelet.end("api")
    installation.helm_upgrade("--set", "api.replicas=2")
    try:
        both = installation.kubelet.run("api")

        async def leading() -> int | None:
            for number in range(2):
                async with installation.api(number) as one:
                    if (await one.get("/leader"))["leading"]:
                        return number
            return None

        async def found() -> tuple[int] | None:
            number = await leading()
            return None if number is None else (number,)

        (leader,) = await until(found)
        async with installation.api(1 - leader) as other:
            action = await drain(other)
            await seen(other, action, "blocked")
            both[leader].kill()
            allow(place)
            done = await seen(other, action, "done", "failed")
            assert done["state"] == "done", done
            assert [step["name"] for step in done["steps"]] == ["cordoned", "listed"]
            assert {one["uid"] for one in done["pods"]} == {uid(pod) for pod in before}
            uncordoned = await other.change("POST", f"/nodes/{OLD}/uncordon", {})
            assert uncordoned["cordoned"] is False
        place.rolled_out("cart")
        assert {pod["spec"]["nodeName"] for pod in items(place, "pods")} == {NEW}
    finally:
        installation.kubelet.end("api")
        installation.helm_upgrade("--set", "api.replicas=1")
        installation.kubelet.run("api")
