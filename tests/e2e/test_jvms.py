"""Real JVMs in pods of a real cluster, asked and isolated by the api with the chart's own rights.

The API server asks the kubelet of a node as everywhere; that one is ours, and runs programs of this machine.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from e2e.support.installation import Client
from e2e.support.jvms import SEALED, SHOP, images, shop
from e2e.support.local_node import LocalNode, local_node, placed_on
from e2e.support.local_pods import APP_PORT
from e2e.support.place import Place
from e2e.support.pods import act, ended, items, pods, reached, uid
from kubedoor_dev.control_plane import ControlPlane
from support.waiting import until

Json = dict[str, Any]
NODE = "jvms"
TAKES_WEBSOCKETS = (1, 36)
"""API servers ask kubelets to `exec` over WebSockets from this version on (ExtendWebSocketsToKubelet)."""
REQUESTS = 1000
AT_ONCE = 20
DEADLOCK = {"checkout", "refund"}


@pytest.fixture(scope="module")
def machine(plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalNode]:
    """A node that runs JVMs."""
    version = json.loads(plane.kubectl("version", "-o", "json").stdout)["serverVersion"]
    if (int(version["major"]), int(version["minor"])) < TAKES_WEBSOCKETS:
        pytest.skip(
            f"{version['gitVersion']} asks kubelets to `exec` by SPDY alone, which this node does not speak"
        )
    with local_node(plane, NODE, 2, tmp_path_factory.mktemp(NODE), images()) as node:
        yield node
    plane.kubectl("delete", "node", NODE, "--wait=false")


async def deployed(place: Place, api: Client, name: str, image: str, replicas: int) -> list[Json]:
    """Run a service on JVMs, which nobody governs."""
    await api.switch("off", place.name)
    place.deploy(shop(name, image, replicas, **placed_on(NODE)))
    place.rolled_out(name)
    return pods(place)


async def asked(api: Client, place: Place, kind: str, pod: Json, **parameters: Any) -> tuple[Json, str]:
    """Ask a pod's JVM, and return the action as it ended and what the JVM said."""
    done = await act(api, place, kind, pod, **parameters)
    assert done["state"] == "done", done
    return done, await api.text(f"/pod-actions/{done['id']}/file")


async def test_a_real_jvm_tells_threads_with_a_deadlock_classes_and_heap(
    machine: LocalNode, place: Place, api: Client
) -> None:
    [pod] = await deployed(place, api, "shop", SHOP, 1)
    threads, text = await asked(api, place, "threads", pod)
    assert (threads["way"], threads["ways"]) == ("jcmd", [])
    assert [set(one) for one in threads["deadlocks"]] == [DEADLOCK]
    assert "Found 1 deadlock." in text
    _, classes = await asked(api, place, "histogram", pod)
    assert "java.lang.String" in classes
    _, heap = await asked(api, place, "heap_info", pod)
    assert "used" in heap
    memory, _ = await asked(api, place, "native_memory", pod)
    assert memory["reason"] == "not_enabled"
    metadata = pod["metadata"]
    log = await api.text(f"/namespaces/{place.name}/pods/{metadata['name']}/log?tail=10")
    assert "serving at" in log
    assert "Full thread dump" not in log


async def test_where_tools_reach_no_jvm_its_threads_come_by_a_signal_and_its_log(
    machine: LocalNode, place: Place, api: Client
) -> None:
    [pod] = await deployed(place, api, "sealed", SEALED, 1)
    threads, text = await asked(api, place, "threads", pod)
    assert threads["way"] == "signal"
    assert [(one["way"], one["reason"]) for one in threads["ways"]] == [
        ("jcmd", "not_attached"), ("toolbox", "off"),
    ]  # fmt: skip
    assert [set(one) for one in threads["deadlocks"]] == [DEADLOCK]
    assert text.startswith("Full thread dump")
    failed = await act(api, place, "histogram", pod)
    assert (failed["state"], failed["reason"]) == ("failed", "not_attachable")


class Door:
    """A Service's way to its pods, as kube-proxies have it: by its EndpointSlices."""

    def __init__(self, machine: LocalNode, place: Place, session: aiohttp.ClientSession) -> None:
        self._ports = machine.plane.services.ports
        self._place = place
        self._session = session
        self._choose = random.Random(1)

    async def answers(self, count: int) -> set[str]:
        """Send so many requests, and return which pods answered."""
        found = set[str]()
        for _ in range(count // AT_ONCE):
            addresses = [one for slices in items(self._place, "endpointslices") for one in ready(slices)]
            chosen = [self._choose.choice(addresses) for _ in range(AT_ONCE)]
            found |= set(await asyncio.gather(*map(self._ask, chosen)))
        return found

    async def _ask(self, address: str) -> str:
        [port] = self._ports[f"{address}:{APP_PORT}"]
        async with self._session.get(f"http://127.0.0.1:{port}/") as response:
            return await response.text()


def ready(slices: Json) -> list[str]:
    """Return the addresses of an EndpointSlice that requests are sent to."""
    return [one["addresses"][0] for one in slices.get("endpoints") or [] if one["conditions"].get("ready")]


async def test_an_isolated_jvm_gets_none_of_a_thousand_requests_is_replaced_asked_and_comes_back(
    machine: LocalNode, place: Place, api: Client
) -> None:
    first, second = await deployed(place, api, "shop", SHOP, 2)
    names = {one["metadata"]["name"] for one in (first, second)}
    place.kubectl("expose", "deployment/shop", "--port=80", f"--target-port={APP_PORT}")
    async with aiohttp.ClientSession() as session:
        door = Door(machine, place, session)

        async def both() -> bool:
            return len(reached(place)) == 2

        await until(both)
        assert await door.answers(REQUESTS // 10) == names
        done = await act(api, place, "isolate", first)
        assert done["state"] == "done", done
        answered = await door.answers(REQUESTS)
        assert first["metadata"]["name"] not in answered

        async def replaced() -> bool:
            return len(pods(place)) == 3 and len(reached(place)) == 2

        await until(replaced)
        assert len(await door.answers(REQUESTS // 10)) == 2
        threads, _ = await asked(api, place, "threads", first)
        assert [set(one) for one in threads["deadlocks"]] == [DEADLOCK]
        await api.change("POST", f"/pod-actions/{done['id']}/undo")
        assert (await ended(api, done["id"]))["state"] == "undone"

        async def two_again() -> bool:
            left = pods(place)
            return len(left) == 2 and reached(place) == {uid(pod) for pod in left}

        await until(two_again)
        assert await door.answers(REQUESTS // 10) == {one["metadata"]["name"] for one in pods(place)}
