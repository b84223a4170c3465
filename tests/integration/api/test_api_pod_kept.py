"""Heap dumps in an object store: kept for a week, taken by a link, and in no pod any more."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import boto3
import pytest
from moto.server import ThreadedMotoServer

from kubedoor_api.access.roles import Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.pods.files import delivery, room
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.containers.local import unshare
from kubedoor_dev.processes import free_port
from support.api import Api
from support.pod_actions import ACTIONS, ended, in_state
from support.pod_dumps import MADE, able, asked, dumped, files_in, jvm_there
from support.pods import run_service
from support.standing_in import jvm_image

Json = dict[str, Any]
pytestmark = pytest.mark.skipif(not unshare(), reason="this machine gives no namespaces")
KEY = {"aws_access_key_id": "kubedoor", "aws_secret_access_key": "for this test alone"}
LARGE = MADE * 7


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """An object store with a bucket; its address."""
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client(address).create_bucket(Bucket="dumps")
    yield address
    server.stop()


def client(address: str) -> Any:
    return boto3.client("s3", endpoint_url=address, region_name="us-east-1", **KEY)


def kept(address: str) -> list[str]:
    """The keys that the store holds, and of uploads that were not finished."""
    found = client(address).list_objects_v2(Bucket="dumps").get("Contents", [])
    parts = client(address).list_multipart_uploads(Bucket="dumps").get("Uploads", [])
    return [one["Key"] for one in (*found, *parts)]


@pytest.fixture
def keeping(store: str) -> Json:
    """Settings of an API that has the store."""
    access, secret = KEY.values()
    return {
        "files_url": "s3://dumps/of/kubedoor/",
        "files_endpoint": store,
        "files_access_key_id": access,
        "files_secret_access_key": secret,
    }


@pytest.fixture
async def acting(clickhouse: ClickHouse, knowing: ApiSettings, keeping: Json) -> AsyncIterator[Api]:
    """An API that keeps what JVMs write."""
    settings = ApiSettings.model_validate({**knowing.model_dump(), **keeping})
    async with able(settings) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A container's folder, on a disk with room."""
    monkeypatch.setattr(room, "NODE_FREE_RATIO", 0)
    made = tmp_path / "container"
    made.mkdir()
    (made / "heap.bin").write_bytes(LARGE)
    return made


async def test_a_dump_is_kept_and_taken_by_a_link_as_often_as_it_is_asked_for(
    acting: Api, cluster: Cluster, clickhouse: ClickHouse, folder: Path, store: str
) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        await jvm_there(acting, pod)
        done = await dumped(acting, pod)
        assert (done["kept"], done["has_file"]) == (True, True)
        assert [step["name"] for step in done["steps"]][-3:] == ["measured", "keeping", "kept"]
        left = datetime.fromisoformat(done["expires_at"]) - datetime.now(UTC)
        assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
        assert files_in(folder) == [], "it is in the pod no more"
        another = await dumped(acting, pod)
        path = f"{ACTIONS}/{done['id']}/file"
        for _ in range(2):
            found = await acting.get(path, allow_redirects=False)
            assert found.status == 302, found.text
            async with aiohttp.ClientSession() as session, session.get(found.headers["Location"]) as got:
                assert hashlib.sha256(await got.read()).hexdigest() == done["sha256"]
                assert got.headers["Content-Disposition"].startswith('attachment; filename="cart-')
        assert (await acting.as_(Role.OPERATOR).get(path)).status == 403
        for one in (done, another):
            assert (await acting.change("DELETE", f"{ACTIONS}/{one['id']}/file")).status == 202
            assert (await in_state(acting, one["id"], "removed"))["reason"] == "discarded"
    assert await asyncio.to_thread(kept, store) == []
    rows = await clickhouse.fetch(
        "SELECT action FROM audit_log WHERE position(after, {id:String}) > 0 ORDER BY seq", id=done["id"]
    )
    assert [row["action"] for row in rows] == [
        "createPodAction", "podHeapDump", "podFileTaken", "podFileTaken",
        "removePodActionFile", "podFileRemoved",
    ]  # fmt: skip


async def test_a_heap_that_fits_nowhere_goes_through_a_fifo_into_the_store(
    acting: Api, cluster: Cluster, folder: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "NODE_FREE_RATIO", 2)
    heap = b"JAVA PROFILE 1.0.2\0" + LARGE + b"\x2c" + bytes(8)
    (folder / "heap.bin").write_bytes(heap)
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        await jvm_there(acting, pod)
        done = await ended(acting, await acting.change("POST", ACTIONS, asked(pod, through_fifo=True)))
        assert (done["state"], done["kept"], done["through_fifo"]) == ("done", True, False), done
        assert [step["name"] for step in done["steps"]][-3:] == ["fifo_made", "keeping", "kept"]
        assert (done["bytes"], done["sha256"]) == (len(heap), hashlib.sha256(heap).hexdigest())
        found = await acting.get(f"{ACTIONS}/{done['id']}/file", allow_redirects=False)
        async with aiohttp.ClientSession() as session, session.get(found.headers["Location"]) as got:
            assert await got.read() == heap
        assert (await acting.change("DELETE", f"{ACTIONS}/{done['id']}/file")).status == 202
        await in_state(acting, done["id"], "removed")
        (folder / "heap.bin").write_bytes(heap[:-1])
        failed = await ended(acting, await acting.change("POST", ACTIONS, asked(pod, through_fifo=True)))
        assert (failed["state"], failed["kept"], failed["has_file"]) == ("failed", False, False), failed
    assert await asyncio.to_thread(kept, store) == [], "what is not whole is not kept"
    assert files_in(folder) == []


async def test_after_its_time_it_is_removed_from_the_store(
    acting: Api, cluster: Cluster, folder: Path, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "KEPT", timedelta(0))
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        await jvm_there(acting, pod)
        begun = await acting.change("POST", ACTIONS, asked(pod, confirm=True, isolate_first=False))
        gone = await in_state(acting, begun.json["id"], "removed", "failed")
    assert (gone["state"], gone["reason"]) == ("removed", "time_over")
    assert await asyncio.to_thread(kept, store) == []


async def test_a_store_that_refuses_is_told_and_nothing_is_left(
    clickhouse: ClickHouse, knowing: ApiSettings, cluster: Cluster, folder: Path, keeping: Json, store: str
) -> None:
    refusing = {**keeping, "files_url": "s3://no-such-bucket"}
    settings = ApiSettings.model_validate({**knowing.model_dump(), **refusing})
    [pod] = await run_service(cluster, "cart", 1)
    async with able(settings) as acting, cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        await jvm_there(acting, pod)
        begun = await acting.change("POST", ACTIONS, asked(pod, confirm=True, isolate_first=False))
        failed = await ended(acting, begun)
        assert (failed["state"], failed["reason"]) == ("failed", "not_kept")
        assert "not found" in failed["detail"]
        assert files_in(folder) == []
    assert await asyncio.to_thread(kept, store) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [({"files_url": "s3://dumps"}, "must be set"), ({"files_url": "https://dumps"}, "files_url")],
)
def test_settings_that_do_not_fit_are_refused(settings: ApiSettings, given: Json, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        ApiSettings.model_validate({**settings.model_dump(), **given})
