"""Resizing running pods in place on a real API server; the kubelet's part is the test's: kwok has none."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from e2e.support.acting import operation, outcome, target
from e2e.support.installation import Client
from e2e.support.place import Place, manifest

Json = dict[str, Any]
BEFORE = {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"cpu": "1", "memory": "512Mi"}}
WANTED = {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"cpu": "500m", "memory": "512Mi"}}


def pods(place: Place) -> list[Json]:
    """The pods of the namespace."""
    found: list[Json] = json.loads(place.kubectl("get", "pods", "-o", "json"))["items"]
    return found


def resources(place: Place) -> dict[str, Json]:
    """What each pod's container asks for, by the pod's uid."""
    return {pod["metadata"]["uid"]: pod["spec"]["containers"][0]["resources"] for pod in pods(place)}


def can_resize(place: Place) -> bool:
    """Tell whether the cluster serves `pods/resize`: from 1.33 on, where nobody has switched it off."""
    served = json.loads(place.kubectl("get", "--raw", "/api/v1"))["resources"]
    return "pods/resize" in {one["name"] for one in served}


LOWERS_MEMORY_SINCE = 34
"""Kubernetes 1.33 lowers no memory limit of a container that is not restarted for it."""


def minor_version(place: Place) -> int:
    """Return the minor version of the cluster: 33 of 1.33.13."""
    found: str = json.loads(place.kubectl("get", "--raw", "/version"))["minor"]
    return int(found.rstrip("+"))


async def show_what_is_asked(place: Place) -> None:
    """Write into each pod's status what its spec asks for, as a kubelet does that has done it."""
    for pod in await asyncio.to_thread(pods, place):
        asked = {one["name"]: one["resources"] for one in pod["spec"]["containers"]}
        seen = pod["status"].get("observedGeneration")
        statuses = [
            {**one, "resources": asked[one["name"]]} for one in pod["status"].get("containerStatuses", [])
        ]
        status: Json = {"containerStatuses": statuses}
        if seen is not None:
            status["observedGeneration"] = pod["metadata"]["generation"]
        patch = ("patch", "pod", pod["metadata"]["name"], "--subresource=status", "--type=merge", "-p")
        await asyncio.to_thread(place.try_, *patch, json.dumps({"status": status}))


@contextlib.asynccontextmanager
async def kubelet(place: Place) -> AsyncIterator[None]:
    """Play the kubelet for as long as it lasts."""

    async def plays() -> None:
        while True:
            await show_what_is_asked(place)
            await asyncio.sleep(0.5)

    task = asyncio.create_task(plays())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def running(place: Place, before: Json) -> None:
    """Run `cart` with values of its team's, from before it was registered."""
    made = manifest("cart", replicas=2)
    made["spec"]["template"]["spec"]["containers"][0]["resources"] = before
    await place.register("cart", replicas=2)
    await place.edit("cart", mode="off")
    place.deploy(made)
    place.rolled_out("cart")
    await place.edit("cart", mode=None)


async def test_running_pods_get_what_is_governed_without_a_rollout(place: Place, api: Client) -> None:
    await running(place, BEFORE)
    before, generation = resources(place), place.live("cart")["metadata"]["generation"]
    assert list(before.values()) == [BEFORE, BEFORE]
    async with kubelet(place):
        shown = await operation(api, "resize", target(place, "cart"))
    if not can_resize(place):
        assert shown["targets"][0]["reason"] == "resize_unavailable", shown["targets"]
        assert resources(place) == before
        return
    assert outcome(shown) == {"": "succeeded", "cart": "succeeded"}, json.dumps(shown["targets"])
    assert resources(place) == dict.fromkeys(before, WANTED), "the same pods"
    assert place.live("cart")["metadata"]["generation"] == generation


async def test_a_memory_limit_comes_down_where_the_cluster_can_and_else_that_is_told(
    place: Place, api: Client
) -> None:
    high = {**BEFORE, "limits": {"cpu": "1", "memory": "1Gi"}}
    await running(place, high)
    before = resources(place)
    async with kubelet(place):
        shown = await operation(api, "resize", target(place, "cart"))
    (cart,) = shown["targets"]
    if can_resize(place) and minor_version(place) >= LOWERS_MEMORY_SINCE:
        assert cart["state"] == "succeeded", cart
        assert resources(place) == dict.fromkeys(before, WANTED)
        return
    assert cart["state"] == "failed"
    assert resources(place) == before
    if can_resize(place):
        assert cart["reason"] == "needs_restart", cart
        assert "memory limits cannot be decreased" in cart["detail"]


async def test_what_the_cluster_refuses_to_resize_needs_a_restart(place: Place, api: Client) -> None:
    same = {"cpu": "500m", "memory": "512Mi"}
    await running(place, {"requests": same, "limits": same})
    before = resources(place)
    async with kubelet(place):
        shown = await operation(api, "resize", target(place, "cart"))
    (cart,) = shown["targets"]
    assert cart["state"] == "failed"
    if can_resize(place):
        assert cart["reason"] == "needs_restart", cart
        assert "2 of 2 pods need a restart" in cart["detail"]
        assert "Pod QOS Class may not change" in cart["detail"]
    assert resources(place) == before
    restarted = await operation(api, "restart", target(place, "cart"))
    assert outcome(restarted)["cart"] == "succeeded"
    assert list(resources(place).values()) == [WANTED, WANTED]
