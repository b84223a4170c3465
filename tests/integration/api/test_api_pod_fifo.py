"""Heaps that go through a FIFO where no file has room: read while written, and no JVM is left waiting."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from integration.api.test_api_pod_dump import JAVA
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.pods.files import pod_file, room
from kubedoor_api.pods.files.fifo import FIRST_JDK
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.cluster.resources import NODES
from kubedoor_dev.containers.local import Image, unshare
from support.api import Api
from support.node_actions import make_pod
from support.pod_actions import ACTIONS, body_of, ended, in_state, preview_of
from support.pod_dumps import able, asked, container_folder, files_in, jvm_there, taken
from support.pods import make_service, run_service
from support.standing_in import jvm_image
from support.waiting import until

Json = dict[str, Any]
pytestmark = pytest.mark.skipif(not unshare(), reason="this machine gives no namespaces")
HEAP = b"JAVA PROFILE 1.0.2\0" + os.urandom(3_000_000) + b"\x2c" + bytes(8)
VERSION = re.compile(r'^JAVA_VERSION="(\d+)', re.MULTILINE)


def jdks() -> dict[int, str]:
    """Return the `java` of each JDK of this machine from 17 on, by its version."""
    found = {}
    for folder in {path.resolve() for path in Path("/usr/lib/jvm").glob("*") if (path / "bin/jcmd").exists()}:
        told = VERSION.search((folder / "release").read_text())
        if told is not None and int(told.group(1)) >= FIRST_JDK:
            found[int(told.group(1))] = str(folder / "bin/java")
    return found


JDKS = jdks()


@pytest.fixture(autouse=True)
def no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """However empty the disk of the machine is."""
    monkeypatch.setattr(room, "NODE_FREE_RATIO", 2)


@pytest.fixture
async def acting(clickhouse: ClickHouse, knowing: ApiSettings) -> AsyncIterator[Api]:
    """An API that may dump heaps."""
    async with able(knowing) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A container's folder."""
    with container_folder(tmp_path, HEAP) as made:
        yield made


async def waiting(api: Api, pod: Json) -> Json:
    """Isolate a pod, and return the action whose FIFO waits."""
    done = await ended(api, await api.change("POST", ACTIONS, asked(pod, through_fifo=True)))
    assert (done["state"], done["through_fifo"], done["has_file"]) == ("done", True, True), done
    return done


async def test_a_heap_goes_through_a_fifo_while_it_is_downloaded_and_is_equal_on_both_sides(
    acting: Api, cluster: Cluster, folder: Path
) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        serving = await jvm_there(acting, pod)
        assert serving["fifo"] == {"against": "not_isolated", "folder": "", "still_s": 1, "hashes": False}
        before = await preview_of(acting, asked(pod))
        assert before["fifo"] == {"against": "", "folder": "/tmp", "still_s": 1, "hashes": True}
        assert "no_room" in before["warnings"]
        done = await waiting(acting, pod)
        assert [step["name"] for step in done["steps"]] == [
            "isolated", "jvm_found", "folder_found", "fifo_made",
        ]  # fmt: skip
        assert (done["bytes"], done["sha256"]) == (None, "")
        assert not (folder / "asked").exists(), "the JVM is asked when somebody reads, and not before"
        assert await taken(acting, done) == (200, HEAP)
        gone = await in_state(acting, done["id"], "removed")
        assert (gone["reason"], gone["bytes"]) == ("", len(HEAP))
        assert gone["sha256"] == hashlib.sha256(HEAP).hexdigest()
        assert (folder / "asked").read_text() == "once\n"


async def test_without_tee_the_count_and_the_ends_are_checked_alone_and_that_is_told(
    acting: Api, cluster: Cluster, folder: Path
) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        (folder / "usual" / "tee").unlink()
        await jvm_there(acting, pod)
        assert (await preview_of(acting, asked(pod)))["fifo"]["hashes"] is False
        assert await taken(acting, await waiting(acting, pod)) == (200, HEAP)
        [gone] = (await acting.get(f"{ACTIONS}?kind=heap_dump")).json["items"]
        gone = await in_state(acting, gone["id"], "removed")
        assert (gone["bytes"], gone["sha256"]) == (len(HEAP), "")
        (folder / "heap.bin").write_bytes(HEAP[:-9])
        done = await waiting(acting, pod)
        with pytest.raises(aiohttp.ClientPayloadError):
            await taken(acting, done)
        assert (await in_state(acting, done["id"], "removed"))["reason"] == "changed"


async def test_where_it_can_not_go_through_a_fifo_either_the_reason_is_told(
    acting: Api, cluster: Cluster, folder: Path
) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        await jvm_there(acting, pod)

        async def refused(**parameters: Any) -> str:
            begun = await acting.change("POST", ACTIONS, asked(pod, confirm=True, **parameters))
            failed = await ended(acting, begun)
            assert (failed["state"], failed["reason"]) == ("failed", "no_room")
            return str(failed["detail"])

        assert "`through_fifo`" in await refused(isolate_first=False)
        assert "not isolated" in await refused(isolate_first=False, through_fifo=True)
        (folder / "version").write_text("JDK 11.0.2\n")
        assert (await preview_of(acting, asked(pod)))["fifo"]["against"] == "too_old"
        assert "JDK before 17" in await refused(through_fifo=True)
        (folder / "version").write_text("JDK 25\n")
        (folder / "usual" / "mkfifo").unlink()
        assert (await preview_of(acting, asked(pod)))["fifo"]["against"] == "no_tools"
        assert "mkfifo" in await refused(through_fifo=True)
    assert not (folder / "asked").exists()


async def test_one_that_nobody_takes_and_one_whose_pod_came_back_leave_nothing(
    acting: Api, cluster: Cluster, folder: Path
) -> None:
    node = next(cluster.store.all_of(NODES.id))["metadata"]["name"]
    pod = await make_pod(cluster, "by-hand", node, labels={"app": "cart"})
    await make_service(cluster, "cart", app="cart")
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        await jvm_there(acting, pod)
        done = await waiting(acting, pod)
        thrown = await acting.change("DELETE", f"{ACTIONS}/{done['id']}/file")
        assert thrown.status == 202, thrown.text
        assert (await in_state(acting, done["id"], "removed"))["reason"] == "discarded"
        again = await waiting(acting, pod)
        undone = await acting.change("POST", f"{ACTIONS}/{done['isolated_by']}/undo")
        assert undone.status == 202, undone.text
        await in_state(acting, done["isolated_by"], "undone")
        with pytest.raises(aiohttp.ClientPayloadError):
            await taken(acting, again)
        assert (await in_state(acting, again["id"], "removed"))["reason"] == "not_isolated"
    assert not (folder / "asked").exists()


@pytest.mark.skipif(not JDKS, reason="no JDK is installed here (openjdk-17-jdk-headless)")
@pytest.mark.parametrize("version", sorted(JDKS))
async def test_a_real_jvm_goes_on_when_its_reader_dies_or_never_comes_and_gives_its_heap_whole(
    acting: Api, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (real / "Cart.java").write_text(JAVA)
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, Image((JDKS[version], "-Xmx128m", "Cart.java")), real):
        await jvm_there(acting, pod)

        async def filled() -> bool:
            found = await preview_of(acting, asked(pod, isolate_first=False))
            return (found["needs_bytes"] or 0) > 36 << 20

        async def answers() -> Json:
            return await ended(acting, await acting.change("POST", ACTIONS, body_of("heap_info", pod, {})))

        assert await until(filled)
        # Whoever takes it leaves in the middle.
        done = await waiting(acting, pod)
        headers = {"Authorization": f"Bearer {acting.bearer}"}
        async with acting.client.get(f"{ACTIONS}/{done['id']}/file", headers=headers) as answer:
            await answer.content.readexactly(100_000)
        assert (await in_state(acting, done["id"], "removed"))["reason"] == "cut"
        assert (await answers())["state"] == "done", "it goes on"
        # The connection to the cluster breaks: what is written once can't be read again from there.
        done = await waiting(acting, pod)
        async with acting.client.get(f"{ACTIONS}/{done['id']}/file", headers=headers) as answer:
            await answer.content.readexactly(100_000)
            cluster.cut()
            with pytest.raises(aiohttp.ClientPayloadError):
                await answer.read()
        assert (await in_state(acting, done["id"], "removed"))["reason"] == "cut"
        assert (await answers())["state"] == "done", "it goes on"
        # No reader comes at all: the JVM waits for one until the FIFO is removed.
        with monkeypatch.context() as patched:
            patched.setattr(pod_file, "READ_FIFO", "echo ready >&2; exec sleep 2")
            done = await waiting(acting, pod)
            with pytest.raises(aiohttp.ClientPayloadError):
                await taken(acting, done)
        await in_state(acting, done["id"], "removed")
        assert (await answers())["state"] == "done", "it goes on"
        done = await waiting(acting, pod)
        status, got = await taken(acting, done)
        gone = await in_state(acting, done["id"], "removed")
    assert (status, got[:17], gone["reason"]) == (200, b"JAVA PROFILE 1.0.", "")
    assert len(got) > 30 << 20
    assert (gone["bytes"], gone["sha256"]) == (len(got), hashlib.sha256(got).hexdigest())
    assert files_in(real) == []
