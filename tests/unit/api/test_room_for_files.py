"""Where a JVM may write a file in a container, and why not elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from kubedoor_api.kube.objects.pods import Container, Pod
from kubedoor_api.pods.action import FailedError
from kubedoor_api.pods.files.placing import Foreseen, chosen, warnings
from kubedoor_api.pods.files.recording import EventCount, runs, top_events
from kubedoor_api.pods.files.room import Verdict, empty_dirs, looked_of, needed_bytes, places

Json = dict[str, Any]
MIB = 1 << 20
MOUNTS = """overlay / overlay rw,relatime,lowerdir=/a:/b 0 0
proc /proc proc rw 0 0
tmpfs /dev tmpfs rw,size=65536k 0 0
/dev/vda1 /cache ext4 rw 0 0
tmpfs /shm tmpfs rw 0 0
/dev/vdb /data ext4 rw 0 0
/dev/vda1 /with\\040blank ext4 rw 0 0
"""


def told(*folders: tuple[str, str, int, int, int]) -> bytes:
    """What a container tells of folders: path, whether writable; KiB in it, of the disk, and free."""
    words = [MOUNTS]
    for path, writable, used, disk, free in folders:
        shown = f"/dev/vda1 {disk} {disk - free} {free} 5% /some where"
        words += [path, writable, f"{used}\t{path}", shown]
    return "\0".join((*words, "")).encode()


def pod(limit: str = "", **volumes: Any) -> Pod:
    app: Container = {"name": "app"}
    app["volumeMounts"] = [{"name": name, "mountPath": f"/{name}/"} for name in volumes]
    if limit:
        app["resources"] = {"limits": {"ephemeral-storage": limit}}
    named: list[Any] = [{"name": name, **one} for name, one in volumes.items()]
    return {"spec": {"containers": [app], "volumes": named}}


def verdict(pod: Pod, *folder: Any, needs_mib: int = 100) -> Verdict:
    path, writable, used, disk, free = folder
    [one] = places(pod, "app", looked_of(told((path, writable, used, disk, free))), needs_mib * MIB)
    return one.verdict


PLENTY = (0, 10_000_000, 9_000_000)
WITH_10_MB, WITH_20_MB, WITH_30_MB = ((used, *PLENTY[1:]) for used in (10_000, 20_000, 30_000))
SMALL: Json = {"emptyDir": {"sizeLimit": "120Mi"}}


@pytest.mark.parametrize(
    ("found", "folder", "says"),
    [
        (pod(), ("/tmp", "yes", *PLENTY), "fits"),
        (pod(), ("/tmp", "no", *PLENTY), "read_only"),
        (pod(), ("/tmp", "yes", 0, 10_000_000, 50_000), "no_room"),
        (pod(), ("/tmp", "yes", 0, 10_000_000, 1_550_000), "node_disk"),
        (pod(), ("/shm/x", "yes", *PLENTY), "memory"),
        (pod(cache={"emptyDir": {}}), ("/cache", "yes", *PLENTY), "fits"),
        (pod(cache={"emptyDir": {"medium": "Memory"}}), ("/cache", "yes", *PLENTY), "memory"),
        (pod(cache=SMALL), ("/cache", "yes", *WITH_10_MB), "fits"),
        (pod(cache=SMALL), ("/cache", "yes", *WITH_30_MB), "size_limit"),
        (pod(data={"persistentVolumeClaim": {}}), ("/data/work", "yes", *PLENTY), "other_volume"),
        (pod("110Mi"), ("/tmp", "yes", *PLENTY), "fits"),
        (pod("90Mi"), ("/tmp", "yes", *PLENTY), "ephemeral_limit"),
        (pod("110Mi", cache={"emptyDir": {}}), ("/cache", "yes", *WITH_20_MB), "ephemeral_limit"),
    ],
)
def test_a_file_goes_where_it_harms_nobody(found: Pod, folder: Any, says: Verdict) -> None:
    assert verdict(found, *folder) == says


def test_empty_dirs_come_first_and_each_folder_once() -> None:
    found = pod(cache={"emptyDir": {}}, data={"hostPath": {"path": "/x"}})
    assert empty_dirs(found, "app") == ["/cache"]
    looked = looked_of(told(("/cache", "yes", *PLENTY), ("/tmp", "yes", *PLENTY), ("/cache", "yes", 0, 1, 1)))
    assert [one.path for one in looked.folders] == ["/cache", "/tmp"]
    assert looked.types["/with blank"] == "ext4"
    fitting = places(found, "app", looked, MIB)
    assert chosen(fitting, MIB).path == "/cache"
    with pytest.raises(FailedError, match="/cache: no_room, 8789 MiB free") as refused:
        chosen(places(found, "app", looked, 20 << 30), 20 << 30)
    assert refused.value.reason == "no_room"
    assert [one["path"] for one in refused.value.result["places"]] == ["/cache", "/tmp"]


def test_what_tells_nothing_is_no_place() -> None:
    assert looked_of(b"").folders == ()
    assert looked_of(MOUNTS.encode() + b"\0/tmp\0yes\0000\0df: no such file\0").folders == ()


def test_what_should_be_known_before() -> None:
    fits = places(pod(), "app", looked_of(told(("/tmp", "yes", *PLENTY))), MIB)
    assert warnings("heap_dump", Foreseen(MIB, fits), serves=False) == ["stands_still", "secrets"]
    assert warnings("heap_dump", Foreseen(MIB, []), serves=True) == [
        "stands_still",
        "serves",
        "secrets",
        "no_room",
    ]
    assert warnings("heap_dump", Foreseen(None, []), serves=False) == [
        "stands_still",
        "secrets",
        "heap_unknown",
    ]
    assert "too_large" in warnings("heap_dump", Foreseen(needed_bytes(5 << 30), fits), serves=False)
    assert warnings("jfr", Foreseen(MIB, fits), serves=False) == ["environment"]


SUMMARY = """
 Version: 2.1
 Chunks: 1
 Start: 2026-11-29 07:15:58 (UTC)
 Duration: 3 s

 Event Type                                   Count  Size (bytes)\x20
==================================================================
 jdk.BooleanFlag                                536         15846
 jdk.SystemProcess                              109         21617
 jdk.ThreadPark                                   0             0
"""
CHECKED = """Recording 1: name=kubedoor-a duration=1m maxsize=64.0MB (stopped)

Recording 2: name=kubedoor-ab duration=1m maxsize=64.0MB (running)
"""


def test_a_recording_tells_what_it_holds_and_whether_it_runs() -> None:
    assert top_events(SUMMARY) == [
        EventCount("jdk.SystemProcess", 109, 21617), EventCount("jdk.BooleanFlag", 536, 15846)
    ]  # fmt: skip
    assert top_events("jfr summary: could not read") == []
    assert [runs(CHECKED, f"kubedoor-{one}") for one in ("a", "ab", "b")] == [False, True, False]
    assert not runs("No available recordings.", "kubedoor-a")
