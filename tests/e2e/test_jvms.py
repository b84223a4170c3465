"""Real JVMs in pods of a real cluster, asked and isolated by the api with the chart's own rights.

The API server asks the kubelet of a node as everywhere; that one is ours, and runs programs of this machine.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from e2e.support.installation import BASE, Client
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


async def deployed(
    place: Place, api: Client, name: str, image: str, replicas: int, limits: Json | None = None
) -> list[Json]:
    """Run a service on JVMs, which nobody governs."""
    await api.switch("off", place.name)
    place.deploy(shop(name, image, replicas, limits=limits, **placed_on(NODE)))
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


async def downloaded(api: Client, action: Json) -> bytes:
    """Take the file of an action, which is of one's own alone."""
    async with api.session.get(f"{BASE}/pod-actions/{action['id']}/file") as answer:
        assert answer.status == 200, await answer.text()
        found = await answer.read()
    assert (len(found), hashlib.sha256(found).hexdigest()) == (action["bytes"], action["sha256"])

    async def removed() -> bool:
        return bool((await api.get(f"/pod-actions/{action['id']}"))["state"] == "removed")

    assert await until(removed)
    return found


async def test_a_heap_dump_and_a_recording_come_whole_through_the_api_server_and_are_gone(
    machine: LocalNode, place: Place, api: Client, tmp_path: Path
) -> None:
    [pod] = await deployed(place, api, "shop", SHOP, 1)
    isolated = await act(api, place, "isolate", pod)
    assert isolated["state"] == "done", isolated
    dumped = await act(api, place, "heap_dump", pod)
    assert (dumped["state"], dumped["way"], dumped["isolated_by"]) == ("done", "jcmd", ""), dumped
    assert (await downloaded(api, dumped)).startswith(b"JAVA PROFILE 1.0.")
    recorded = await act(api, place, "jfr", pod, duration_s=5)
    assert recorded["state"] == "done", recorded
    assert recorded["top_events"]
    file = tmp_path / "recording.jfr"
    file.write_bytes(await downloaded(api, recorded))
    summary = await asyncio.create_subprocess_exec(
        "jfr", "summary", str(file), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    told, _ = await summary.communicate()
    assert (summary.returncode, b"jdk.JVMInformation" in told) == (0, True), told
    assert [*machine.folder.rglob("kubedoor-*")] == []


async def test_a_heap_without_room_comes_whole_through_a_fifo_and_its_jvm_goes_on(
    machine: LocalNode, place: Place, api: Client
) -> None:
    [pod] = await deployed(place, api, "shop", SHOP, 1, limits={"ephemeral-storage": "1Mi"})
    refused = await act(api, place, "heap_dump", pod)
    assert (refused["state"], refused["reason"]) == ("failed", "no_room"), refused
    waiting = await act(api, place, "heap_dump", pod, through_fifo=True)
    assert (waiting["state"], waiting["through_fifo"], waiting["bytes"]) == ("done", True, None), waiting
    async with api.session.get(f"{BASE}/pod-actions/{waiting['id']}/file") as answer:
        assert answer.status == 200, await answer.text()
        heap = await answer.read()

    async def removed() -> Json | None:
        found: Json = await api.get(f"/pod-actions/{waiting['id']}")
        return found if found["state"] == "removed" else None

    gone = await until(removed)
    assert heap.startswith(b"JAVA PROFILE 1.0.")
    assert (gone["reason"], gone["bytes"], gone["sha256"]) == (
        "", len(heap), hashlib.sha256(heap).hexdigest(),
    )  # fmt: skip
    threads, _ = await asked(api, place, "threads", pod)
    assert threads["way"] == "jcmd", "it goes on"
    assert [*machine.folder.rglob("kubedoor-*")] == []


@pytest.mark.usefixtures("machine")
async def test_a_terminal_runs_a_shell_through_the_api_server_and_leaves_none(
    place: Place, api: Client
) -> None:
    [pod] = await deployed(place, api, "shop", SHOP, 1)
    metadata = pod["metadata"]
    body = {"kind": "terminal", "namespace": place.name, "pod": metadata["name"], "uid": metadata["uid"]}

    async def opened(typed: bytes, wanted: bytes) -> str:
        begun = await api.change("POST", "/pod-actions", body)
        seen = b""
        async with api.session.ws_connect(f"{BASE}/pod-actions/{begun['id']}/terminal") as socket:
            await socket.receive_str()
            await socket.send_str('{"columns": 97, "rows": 31}')
            await socket.send_bytes(typed)
            while wanted not in seen:
                message = await socket.receive(timeout=60)
                assert message.type in {aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT}, seen
                seen += message.data if isinstance(message.data, bytes) else message.data.encode()
        return str(begun["id"])

    ended_itself = await ended(api, await opened(b"stty size; exit 5\n", b'"ended"'))
    assert (ended_itself["state"], ended_itself["reason"]) == ("done", "")
    assert ended_itself["terminal"]["exit_code"] == 5
    left = await ended(api, await opened(b"stty size; sleep 600\n", b"31 97"))
    assert (left["state"], left["reason"]) == ("done", "left")
    assert [step["name"] for step in left["steps"]] == ["opened", "shell_ended"]
