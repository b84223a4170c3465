"""Hands on pods in a real cluster, with the chart's own rights: EndpointSlices, ReplicaSets and budgets."""

from __future__ import annotations

import json
import random
from typing import Any

from e2e.support.installation import Client
from e2e.support.place import Place, manifest
from e2e.support.pods import act, ended, endpoints, items, pods, reached, uid
from support.waiting import until

Json = dict[str, Any]
ISOLATED = "kubedoor.io/isolated"
REQUESTS = 1000


async def running(place: Place) -> list[Json]:
    """Run two pods behind a Service, and return them once it sends them requests."""
    await place.register("cart", replicas=2)
    place.deploy(manifest("cart"))
    place.rolled_out("cart")
    place.kubectl("expose", "deployment/cart", "--port=80", "--target-port=8080")

    async def served() -> list[Json] | None:
        give_addresses(place)
        found = pods(place)
        return found if len(found) == 2 and reached(place) == {uid(pod) for pod in found} else None

    found: list[Json] = await until(served)
    return found


def give_addresses(place: Place) -> None:
    """Give pods an address each, which kubelets would: without one no EndpointSlice takes them."""
    for number, pod in enumerate(items(place, "pods"), 1):
        if not pod.get("status", {}).get("podIP"):
            address = f"10.9.{random.randrange(256)}.{number}"
            status = {"status": {"podIP": address, "podIPs": [{"ip": address}]}}
            patch = ("--subresource=status", "--type=merge", "-p", json.dumps(status))
            place.try_("patch", f"pod/{pod['metadata']['name']}", *patch)


async def test_an_isolated_pod_is_never_reached_is_replaced_and_comes_back(place: Place, api: Client) -> None:
    first, _ = await running(place)
    done = await act(api, place, "isolate", first)
    assert done["state"] == "done", done
    choose = random.Random(1)
    for _ in range(10):
        there = endpoints(place)
        assert uid(first) not in {choose.choice(there) for _ in range(REQUESTS // 10)}
    names = [step["name"] for step in done["steps"]]
    assert names == ["let_go", "out_of_services", "endpoints_gone", "replacement_ready"]

    async def replaced() -> bool:
        give_addresses(place)
        return len(pods(place)) == 3 and len(reached(place)) == 2

    assert await until(replaced)
    stands = place.live(first["metadata"]["name"], "pod")
    assert stands["metadata"]["labels"][ISOLATED] == "true"
    assert "ownerReferences" not in stands["metadata"]
    await api.change("POST", f"/pod-actions/{done['id']}/undo")
    assert (await ended(api, done["id"]))["state"] == "undone"

    async def two_again() -> bool:
        give_addresses(place)
        left = pods(place)
        marked = [pod for pod in left if ISOLATED in pod["metadata"]["labels"]]
        return len(left) == 2 and not marked and reached(place) == {uid(pod) for pod in left}

    assert await until(two_again)


async def test_a_pod_is_let_go_of_when_another_one_is_ready(place: Place, api: Client) -> None:
    first, _ = await running(place)
    done = await act(api, place, "isolate", first, order="replacement_first")
    assert done["state"] == "done", done
    names = [step["name"] for step in done["steps"]]
    assert names == ["let_go", "replacement_ready", "out_of_services", "endpoints_gone"]
    assert uid(first) not in reached(place)


async def test_a_real_budget_refuses_an_eviction_and_allows_it(place: Place, api: Client) -> None:
    first, _ = await running(place)
    place.kubectl("create", "pdb", "both", "--selector=app=cart", "--min-available=2")

    async def known() -> bool:
        return int(place.live("both", "pdb").get("status", {}).get("currentHealthy", 0)) == 2

    assert await until(known)
    refused = await act(api, place, "delete", first)
    assert (refused["state"], refused["reason"]) == ("failed", "budget_allows_none")
    assert refused["blocked_by"] == ["both"]
    place.kubectl("patch", "pdb/both", "--type=merge", "-p", '{"spec":{"minAvailable":1}}')

    async def allows() -> bool:
        return int(place.live("both", "pdb").get("status", {}).get("disruptionsAllowed", 0)) == 1

    assert await until(allows)
    done = await act(api, place, "delete", first)
    assert done["state"] == "done", done
    assert uid(first) not in {uid(pod) for pod in items(place, "pods")}
