"""Commands in containers: real processes behind the simulated cluster, over both protocols."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import pytest

from kubedoor_api.kube import commands as kube
from kubedoor_api.kube.cluster_configs import ClusterConfig
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.retry import AskingError
from kubedoor_dev.cluster.cluster import Cluster, Options
from kubedoor_dev.containers.local import Image, unshare
from support.pods import run_service
from support.waiting import until

Json = dict[str, Any]
ENV = "test"
SLEEPING = Image(("/bin/sleep", "600"))


class Place(NamedTuple):
    cluster: Cluster
    clusters: Clusters
    where: kube.ContainerRef
    folder: Path

    async def run(self, *argv: str, timeout_s: float = 60.0, max_bytes: int = 1 << 20) -> kube.Output:
        return await kube.run(self.clusters, self.where, argv, timeout_s, max_bytes)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """A pod whose container is a real process."""
    cluster = Cluster(Options(tls=True, namespaces=("shop",)))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(cluster.serve())
        config = ClusterConfig(kubeconfig=str(cluster.write_kubeconfig(tmp_path / "kubeconfig")))
        clusters = Clusters({ENV: config})
        stack.push_async_callback(clusters.close)
        [pod] = await run_service(cluster, "cart", 1)
        folder = tmp_path / "container"
        folder.mkdir()
        await stack.enter_async_context(cluster.container(pod, SLEEPING, folder))
        where = kube.ContainerRef(ENV, "shop", pod["metadata"]["name"], "app")
        yield Place(cluster, clusters, where, folder)


async def test_a_command_is_run_with_its_words_as_they_are(place: Place) -> None:
    words = ("$(id)", "a b", "--x=1&y=2", "ü")
    assert await place.run("printf", "%s|", *words) == ("|".join((*words, "")).encode(), b"", 0)
    both = await place.run("sh", "-c", "echo out; echo err >&2; exit 3")
    assert both == (b"out\n", b"err\n", 3)
    asked = [call.verb for call in place.cluster.calls if call.resource == "pods/exec"]
    assert asked == ["get", "create"] * 2


async def test_what_is_not_there_is_told_from_what_fails(place: Place) -> None:
    with pytest.raises(kube.ExecError, match="no-such-program") as refused:
        await place.run("no-such-program")
    assert refused.value.reason == "not_started"
    with pytest.raises(kube.ExecError, match="not found") as refused:
        await place.run("sh", "-c", "no-such-program")
    assert refused.value.reason == "not_started"
    elsewhere = place.where.__class__(ENV, "shop", "gone-1", "app")
    with pytest.raises(AskingError) as missing:
        await kube.run(place.clusters, elsewhere, ("true",), 10.0, 10)
    assert missing.value.status == 404


@pytest.mark.parametrize("status", [400, 403, 404, 500])
async def test_a_refusal_is_told_in_the_words_of_the_api_server(place: Place, status: int) -> None:
    fault = {"path": "/exec$", "status": status, "message": f"words of the API server, {status}"}
    for terminal in (False, True):
        place.cluster.fault(**fault)
        with pytest.raises(AskingError, match=f"words of the API server, {status}") as refused:
            async with kube.execute(place.clusters, place.where, ("sh",), terminal=terminal):
                pass
        assert refused.value.status == status
    assert (await place.run("echo", "goes on")).out == b"goes on\n"


async def test_a_container_that_the_pod_lacks_is_named_in_the_words_of_the_api_server(place: Place) -> None:
    other = place.where.__class__(ENV, "shop", place.where.pod, "sidecar")
    with pytest.raises(AskingError, match="container sidecar is not valid for pod") as refused:
        await kube.run(place.clusters, other, ("true",), 10.0, 10)
    assert refused.value.status == 400


async def test_endless_output_and_silence_are_ended_and_leave_nothing_running(place: Place) -> None:
    with pytest.raises(kube.ExecError) as refused:
        await place.run("sh", "-c", "echo $$ >endless; exec yes", max_bytes=100_000)
    assert refused.value.reason == "too_much"
    with pytest.raises(kube.ExecError) as refused:
        await place.run("sleep", "5", timeout_s=0.2)
    assert refused.value.reason == "timeout"
    async with kube.execute(place.clusters, place.where, ("sleep", "5")) as running:
        with pytest.raises(kube.ExecError) as refused:
            assert [frame async for frame in running.frames(idle_s=0.2)] == []
        assert refused.value.reason == "timeout"

    async def ended() -> bool:
        return (await place.run("sh", "-c", 'kill -0 "$(cat endless)"')).code != 0

    assert await until(ended)


async def test_a_large_file_comes_whole_and_is_never_held(place: Place) -> None:
    made = await place.run("sh", "-c", "head -c 50000000 /dev/urandom | tee big | sha256sum")
    came, largest = hashlib.sha256(), 0
    async with kube.execute(place.clusters, place.where, ("cat", "big")) as running:
        async for channel, data in running.frames():
            assert channel == kube.STDOUT
            largest = max(largest, len(data))
            came.update(data)
    assert running.code == 0
    assert came.hexdigest() == made.out.split()[0].decode()
    assert largest <= 32 << 10


async def test_a_terminal_takes_keys_and_a_size(place: Place) -> None:
    apart = place.clusters.apart(ENV)
    place.clusters.replace({})  # what lasts is not closed with what is configured no more
    shown = b""
    async with kube.execute(apart, place.where, ("sh",), terminal=True) as running:
        await running.resize(97, 31)
        await running.write(b"PS1='rea''dy>'; stty size; cat\n")
        frames = running.frames()
        while b"31 97" not in shown:
            shown += (await anext(frames))[1]
        await running.write(b"echoed\n")
        while shown.count(b"echoed") < 2:  # by the terminal, and by the program, which so is known to run
            shown += (await anext(frames))[1]
        await running.write(b"\x03")  # Ctrl-C reaches the program that runs, and takes what is typed ahead
        while b"ready>" not in shown:
            shown += (await anext(frames))[1]
        await running.write(b"exit 3\n")
        assert {channel async for channel, _ in frames} <= {kube.STDOUT}
        assert running.code == 3
    await apart.close()


async def test_a_connection_that_breaks_is_no_end(place: Place) -> None:
    async with kube.execute(place.clusters, place.where, ("sh", "-c", "echo begun; sleep 60")) as running:
        frames = running.frames()
        assert await anext(frames) == (kube.STDOUT, b"begun\n")
        place.cluster.cut()
        with pytest.raises(kube.ExecError) as refused:
            await anext(frames)
    assert refused.value.reason == "cut"


@pytest.mark.parametrize("protocol", kube.PROTOCOLS)
async def test_each_protocol_tells_the_exit_status(place: Place, protocol: str) -> None:
    url = f"{place.cluster.url}/api/v1/namespaces/shop/pods/{place.where.pod}/exec"
    query = [("command", "sh"), ("command", "-c"), ("command", "read x; echo $x; exit 7"), ("stdin", "true")]
    headers = {"Authorization": f"Bearer {place.cluster.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.ws_connect(url, params=query, protocols=(protocol,), ssl=False) as socket,
    ):
        assert socket.protocol == protocol
        await socket.send_bytes(b"\x00hello\n")
        frames = [message.data async for message in socket]
    assert frames[0] == b"\x01hello\n"
    status = json.loads(frames[-1][1:])
    assert (frames[-1][0], status["details"]["causes"]) == (3, [{"reason": "ExitCode", "message": "7"}])
    assert kube.exit_code(frames[-1][1:]) == 7


@pytest.mark.skipif(not unshare(), reason="this machine gives no namespaces")
async def test_a_container_has_processes_and_a_tmp_of_its_own(place: Place) -> None:
    script = "for one in /proc/[0-9]*; do cat $one/comm; done; echo x >/tmp/own"

    async def seen() -> bytes:
        out = (await place.run("sh", "-c", script)).out
        return out if b"sleep" in out else b""  # its shell becomes that in a moment

    assert b"python" not in await until(seen)
    assert not await asyncio.to_thread(Path("/tmp/own").exists)
