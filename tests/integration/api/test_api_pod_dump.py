"""Heap dumps: room first, taken once, and no file left, however it ends."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from kubedoor_api.access.roles import Grant, Right, Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.pods.files import delivery, dump, pod_file, room
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_dev.cluster.cluster import Cluster
from kubedoor_dev.containers.local import Image, unshare
from support.api import Api, token
from support.pod_actions import ACTIONS, body_of, ended, in_state, preview_of
from support.pod_dumps import GROUPS, MADE, able, asked, container_folder, dumped, files_in, jvm_there, taken
from support.pods import make_service, run_service
from support.standing_in import JATTACH, JCMD, jvm_image, program
from support.waiting import until

Json = dict[str, Any]
pytestmark = pytest.mark.skipif(not unshare(), reason="this machine gives no namespaces")


@pytest.fixture(autouse=True)
def any_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """However full the disk of the machine is."""
    monkeypatch.setattr(room, "NODE_FREE_RATIO", 0)


@pytest.fixture
async def acting(clickhouse: ClickHouse, knowing: ApiSettings) -> AsyncIterator[Api]:
    """An API that may dump heaps."""
    async with able(knowing) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A container's folder."""
    with container_folder(tmp_path, MADE) as made:
        yield made


async def test_a_dump_is_written_taken_once_and_gone(
    acting: Api, cluster: Cluster, clickhouse: ClickHouse, folder: Path
) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        before = await jvm_there(acting, pod)
        assert (before["confirm"], before["needs_bytes"]) == ("name", int(3069 * 1024 * 1.2))
        assert {"stands_still", "serves", "secrets"} <= set(before["warnings"])
        assert {one["path"]: one["verdict"] for one in before["places"]} == {
            "/tmp": "memory", str(folder): "fits",
        }  # fmt: skip
        unsaid = await acting.change("POST", ACTIONS, asked(pod, isolate_first=False))
        assert (unsaid.status, unsaid.json["code"]) == (409, "confirm_missing")
        done = await dumped(acting, pod)
        assert (done["way"], done["bytes"], done["has_file"]) == ("jcmd", len(MADE), True)
        assert done["sha256"] == hashlib.sha256(MADE).hexdigest()
        steps = [step["name"] for step in done["steps"]]
        assert steps == ["jvm_found", "room_found", "written", "measured"]
        assert done["expires_at"] is not None
        assert len(files_in(folder)) == 1
        second = await acting.change("POST", ACTIONS, asked(pod, confirm=True, isolate_first=False))
        assert (second.status, second.json["code"], second.json["parameters"]["by"]) == (409, "busy", "alice")
        assert await taken(acting, done) == (200, MADE)
        gone = await in_state(acting, done["id"], "removed")
        assert [step["name"] for step in gone["steps"]][-2:] == ["sent", "file_removed"]
        assert (gone["reason"], gone["has_file"], gone["expires_at"]) == ("", False, None)
        again = await acting.get(f"{ACTIONS}/{done['id']}/file")
        assert (again.status, again.json["code"]) == (409, "no_file")
        await dumped(acting, pod)
        [listed] = (await acting.get(f"{ACTIONS}?kind=heap_dump&state=done")).json["items"]
        thrown = await acting.change("DELETE", f"{ACTIONS}/{listed['id']}/file")
        assert thrown.status == 202, thrown.text
        assert (await in_state(acting, listed["id"], "removed"))["reason"] == "discarded"
    rows = await clickhouse.fetch(
        "SELECT action, outcome FROM audit_log WHERE position(after, {id:String}) > 0 ORDER BY seq",
        id=done["id"],
    )
    assert [row["action"] for row in rows] == [
        "createPodAction", "podHeapDump", "podFileTaken", "podFileRemoved",
    ]  # fmt: skip


async def test_it_is_isolated_first_by_an_action_that_can_be_undone(
    acting: Api, cluster: Cluster, folder: Path
) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    await make_service(cluster, "cart", app="cart")
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        await jvm_there(acting, pod)
        before = await preview_of(acting, asked(pod))
        assert (before["confirm"], before["services"]) == ("", [{"name": "cart", "key": "app"}])
        assert (before["ready_before"], before["ready_after"], before["expires_after_h"]) == (1, 0, 24)
        done = await ended(acting, await acting.change("POST", ACTIONS, asked(pod)))
        assert done["state"] == "done", done
        assert done["steps"][0]["name"] == "isolated"
        first = (await acting.get(f"{ACTIONS}/{done['isolated_by']}")).json
        assert (first["kind"], first["state"], first["can_undo"]) == ("isolate", "done", True)
        assert await taken(acting, done) == (200, MADE)
        await in_state(acting, done["id"], "removed")
        assert (await preview_of(acting, asked(pod)))["services"] == [], "it is isolated already"


async def test_who_may_not_does_not(acting: Api, cluster: Cluster, folder: Path) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        await jvm_there(acting, pod)
        operator = acting.as_(Role.OPERATOR)
        refused = await operator.change("POST", ACTIONS, asked(pod, confirm=True, isolate_first=False))
        assert (refused.status, refused.json["code"]) == (403, "right_missing")
        dumps = Grant(role=Role.OPERATOR, may=frozenset({Right.DUMP}))
        only = Api(acting.client, token(dumps))
        isolating = await only.change("POST", ACTIONS, asked(pod))
        assert (isolating.status, isolating.json["code"]) == (403, "right_missing")
        done = await dumped(only, pod)
        for method in ("GET", "DELETE"):
            path = f"{ACTIONS}/{done['id']}/file"
            for other in (operator, acting.as_(Role.VIEWER), acting.as_(Role.ADMIN, namespace="pay")):
                assert (await other.send(method, path)).status == 403
        assert (await taken(only, done))[0] == 200
        await in_state(acting, done["id"], "removed")


async def test_a_stream_that_is_cut_leaves_nothing_and_one_that_breaks_is_resumed(
    acting: Api, cluster: Cluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pod_file, "AGAIN_S", 0.05)
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        await jvm_there(acting, pod)
        done = await dumped(acting, pod)
        headers = {"Authorization": f"Bearer {acting.bearer}"}
        async with acting.client.get(f"{ACTIONS}/{done['id']}/file", headers=headers) as answer:
            got = [await answer.content.readexactly(100_000)]
            cluster.cut()
            got += [part async for part in answer.content.iter_any()]
        assert hashlib.sha256(b"".join(got)).hexdigest() == done["sha256"]
        assert (await in_state(acting, done["id"], "removed"))["reason"] == ""

        (folder / "heap.bin").write_bytes(MADE * 20)
        done = await dumped(acting, pod)
        async with acting.client.get(f"{ACTIONS}/{done['id']}/file", headers=headers) as answer:
            await answer.content.readexactly(100_000)
        assert (await in_state(acting, done["id"], "removed"))["reason"] == "cut"


async def test_a_file_that_changed_is_broken_off_and_never_whole(
    acting: Api, cluster: Cluster, folder: Path
) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        await jvm_there(acting, pod)
        done = await dumped(acting, pod)
        [file] = files_in(folder)
        file.write_bytes(MADE[:-1] + bytes([MADE[-1] ^ 1]))
        with pytest.raises(aiohttp.ClientPayloadError):
            await taken(acting, done)
        assert (await in_state(acting, done["id"], "removed"))["reason"] == "changed"


async def test_a_command_that_goes_wrong_fails_the_action_once_and_leaves_nothing(
    acting: Api,
    clickhouse: ClickHouse,
    cluster: Cluster,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pod_file, "MEASURE", 'cat "$1"')
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        await jvm_there(acting, pod)
        begun = await acting.change("POST", ACTIONS, asked(pod, confirm=True, isolate_first=False))
        failed = await ended(acting, begun)
        assert (failed["state"], failed["reason"]) == ("failed", "too_large")
        assert files_in(folder) == []
    assert (folder / "asked").read_text() == "once\n"
    assert await clickhouse.fetch("SELECT 1 FROM event WHERE kind = 'pod_action.expires'") == []


async def test_who_never_comes_finds_it_gone(
    acting: Api, cluster: Cluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "WAITS", timedelta(0))
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        await jvm_there(acting, pod)
        begun = await acting.change("POST", ACTIONS, asked(pod, confirm=True, isolate_first=False))
        gone = await in_state(acting, begun.json["id"], "removed", "failed")
    assert (gone["state"], gone["reason"]) == ("removed", "not_taken")


async def test_where_there_is_no_room_or_no_tools_it_is_told_and_nothing_is_asked(
    acting: Api, cluster: Cluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        await jvm_there(acting, pod)
        body = asked(pod, confirm=True, isolate_first=False)
        monkeypatch.setattr(room, "RESERVE_RATIO", 1e9)
        failed = await ended(acting, await acting.change("POST", ACTIONS, body))
        assert (failed["state"], failed["reason"]) == ("failed", "no_room")
        assert {one["verdict"] for one in failed["places"]} == {"memory", "no_room"}
        monkeypatch.setattr(room, "RESERVE_RATIO", 1.2)
        monkeypatch.setattr(dump, "MAX_BYTES", 1000)
        failed = await ended(acting, await acting.change("POST", ACTIONS, body))
        assert (failed["state"], failed["reason"]) == ("failed", "too_large")
        (folder / "usual" / "sha256sum").unlink()
        failed = await ended(acting, await acting.change("POST", ACTIONS, body))
        assert (failed["state"], failed["reason"]) == ("failed", "no_tools")
        assert "sha256sum is not in the image" in failed["detail"]
    assert not (folder / "asked").exists()


async def test_by_a_toolbox_where_the_image_has_no_tools(
    clickhouse: ClickHouse, knowing: ApiSettings, cluster: Cluster, folder: Path, tmp_path: Path
) -> None:
    image = jvm_image(folder)
    asks = f'HOME={folder} "$0.asks" "$1" $3 | sed 1d'
    program(folder / "jattach", "jattach", JATTACH.replace('echo "$3"', asks))
    program(folder / "jattach", "jattach.asks", JCMD)
    toolbox = "registry.example/jattach:2.2"
    cluster.containers.images[toolbox] = f"{folder}/jattach:/usr/bin:/bin"
    [pod] = await run_service(cluster, "cart", 1)
    async with (
        able(knowing, pod_actions=f"{GROUPS},toolbox", toolbox_image=toolbox) as acting,
        cluster.container(pod, image, folder),
    ):
        before = await jvm_there(acting, pod)
        assert (before["needs_bytes"], before["places"]) == (None, []), "a preview puts no toolbox there"
        assert "heap_unknown" in before["warnings"]
        done = await dumped(acting, pod)
        assert done["way"] == "toolbox"
        assert await taken(acting, done) == (200, MADE)
        await in_state(acting, done["id"], "removed")


async def test_an_api_that_ends_in_the_middle_leaves_the_next_to_clean(
    clickhouse: ClickHouse,
    knowing: ApiSettings,
    cluster: Cluster,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "LASTS", delivery.LASTS * 0.01)
    [pod] = await run_service(cluster, "cart", 1)
    (folder / "hold").touch()
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        async with able(knowing) as first:
            await jvm_there(first, pod)
            begun = await first.change("POST", ACTIONS, asked(pod, confirm=True, isolate_first=False))

            async def begins() -> bool:
                return (folder / "asked").exists()

            assert await until(begins)
        async with able(knowing) as second:
            failed = await in_state(second, begun.json["id"], "failed")
            assert failed["reason"] == "interrupted"
            assert files_in(folder) == []
            (folder / "hold").unlink()
            done = await dumped(second, pod)
            # The api that sends it says no more that it does.
            monkeypatch.setattr(delivery.Delivery, "_close", dies)
            headers = {"Authorization": f"Bearer {second.bearer}"}
            async with second.client.get(f"{ACTIONS}/{done['id']}/file", headers=headers) as answer:
                await answer.content.readexactly(10)
            gone = await in_state(second, done["id"], "removed")
        assert gone["reason"] == "cut"
    assert (folder / "asked").read_text() == "once\n" * 2, (
        "it was asked for by people twice, and by nobody else"
    )


async def dies(sent: delivery.Delivery) -> None:
    """End as an api does that is killed: nothing is written any more."""
    assert sent._renewing is not None
    sent._renewing.cancel()


async def test_a_recording_goes_on_though_the_api_ends_and_is_one_in_a_pod(
    clickhouse: ClickHouse, knowing: ApiSettings, cluster: Cluster, folder: Path
) -> None:
    [pod] = await run_service(cluster, "cart", 1)
    body = body_of("jfr", pod, {"duration_s": 5})
    async with cluster.container(pod, jvm_image(folder, "jcmd"), folder):
        async with able(knowing) as first:
            await jvm_there(first, pod)
            before = await preview_of(first, body)
            assert (before["confirm"], before["warnings"]) == ("", ["environment"])
            operator = await first.as_(Role.OPERATOR).change("POST", ACTIONS, body)
            assert (operator.status, operator.json["code"]) == (403, "right_missing")
            begun = await first.change("POST", ACTIONS, body)
            second = await first.change("POST", ACTIONS, body)
            assert (second.status, second.json["code"]) == (409, "busy")

            async def records() -> bool:
                found = (await first.get(f"{ACTIONS}/{begun.json['id']}")).json
                return any(step["name"] == "recording" for step in found["steps"])

            assert await until(records)
        async with able(knowing) as again:
            (folder / "recording").unlink()
            done = await ended(again, begun)
            assert done["state"] == "done", (done["reason"], done["detail"])
            assert done["sha256"] == hashlib.sha256(MADE).hexdigest()
            names = [step["name"] for step in done["steps"]]
            assert names == ["jvm_found", "room_found", "recording", "written", "measured"]
            assert done["top_events"] == [], "there is no jfr in the image"
            assert await taken(again, done) == (200, MADE)
            await in_state(again, done["id"], "removed")
            (folder / "no-jfr").touch()
            failed = await ended(again, await again.change("POST", ACTIONS, body))
            assert (failed["reason"], failed["detail"]) == (
                "not_written", "Could not start recording, it is full",
            )  # fmt: skip


JAVA = """
import java.util.*;
public class Cart {
  public static void main(String[] a) throws Exception {
    List<byte[]> l = new ArrayList<>();
    for (int i = 0; i < 30; i++) l.add(new byte[1 << 20]);
    Thread.sleep(600000);
  }
}
"""


@pytest.mark.skipif(shutil.which("jcmd") is None, reason="no JDK is installed here (openjdk-17-jdk-headless)")
async def test_a_real_jvm_dumps_its_heap(acting: Api, cluster: Cluster, tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (real / "Cart.java").write_text(JAVA)
    [pod] = await run_service(cluster, "cart", 1)
    image = Image((shutil.which("java") or "java", "-Xmx128m", "Cart.java"))
    async with cluster.container(pod, image, real):
        await jvm_there(acting, pod)

        async def filled() -> bool:
            found = await preview_of(acting, asked(pod, isolate_first=False))
            return (found["needs_bytes"] or 0) > 36 << 20

        assert await until(filled)
        done = await dumped(acting, pod)
        status, got = await taken(acting, done)
        await in_state(acting, done["id"], "removed")
        histogram = await ended(acting, await acting.change("POST", ACTIONS, body_of("histogram", pod, {})))
        assert histogram["state"] == "done", "it goes on afterwards"
        asked_to_record = body_of("jfr", pod, {"duration_s": 5, "settings": "profile"})
        recorded = await ended(acting, await acting.change("POST", ACTIONS, asked_to_record))
        assert recorded["state"] == "done", recorded
        _, recording = await taken(acting, recorded)
        await in_state(acting, recorded["id"], "removed")
    assert recording[:4] == b"FLR\0"
    assert any(one["name"].startswith("jdk.") for one in recorded["top_events"])
    assert (status, got[:18]) == (200, b"JAVA PROFILE 1.0.2")
    assert len(got) > 30 << 20
    assert hashlib.sha256(got).hexdigest() == done["sha256"]
    assert files_in(real) == []
