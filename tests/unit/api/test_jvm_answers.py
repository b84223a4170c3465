"""What JVMs answer, as it was recorded of OpenJDK 17 and 25, is read as it is meant."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from kubedoor_api.kube.commands import ExecError, exit_code
from kubedoor_api.kube.objects.pods import Pod, PodSpec, PodStatus
from kubedoor_api.pods.action import FailedError
from kubedoor_api.pods.containers import main_container
from kubedoor_api.pods.jvm import (
    FIND,
    QUESTIONS,
    DumpReader,
    Jvm,
    answer_of,
    deadlocks_of,
    heap_used_bytes,
    jvms_of,
    main_of,
)
from support.standing_in import HEAP, THREADS

G1 = """ garbage-first heap   total 98304K, used 10211K [0x00000000fa000000, 0x0000000100000000)
  region size 1024K, 7 young (7168K), 1 survivors (1024K)
 Metaspace       used 9353K, committed 9536K, reserved 1114112K
"""
G1_OF_25 = (
    "garbage-first heap   total reserved 98304K, committed 98304K, used 14911K [0xfa000000, 0x100000000)\n"
)
SERIAL = """ def new generation   total 29504K, used 17327K [0x00000000fa000000, 0x00000000fc000000)
  eden space 26240K,  66% used [0x00000000fa000000, 0x00000000fb0ebf98, 0x00000000fb9a0000)
 tenured generation   total 65536K, used 1000K [0x00000000fc000000, 0x0000000100000000)
   the space 65536K,   0% used [0x00000000fc000000, 0x00000000fc000000)
 Metaspace       used 9372K, committed 9600K, reserved 1114112K
"""
Z = " ZHeap           used 12M, capacity 96M, max capacity 96M\n Metaspace       used 9369K\n"
SHENANDOAH = (
    "Shenandoah Heap\n 98304K max, 98304K soft max, 98304K committed, 16512K used\n 384 x 256K regions\n"
)


@pytest.mark.parametrize(
    ("told", "kib"),
    [(G1, 10211), (G1_OF_25, 14911), (SERIAL, 18327), (Z, 12 << 10), (SHENANDOAH, 16512)],
)
def test_the_heap_in_use_is_read_of_every_collector(told: str, kib: int) -> None:
    assert heap_used_bytes(told) == kib << 10


def test_what_says_nothing_of_the_heap_is_unknown_and_no_zero() -> None:
    assert heap_used_bytes("java.lang.IllegalArgumentException: Unknown diagnostic command") is None


def test_jvms_are_told_apart_by_what_they_run_and_by_no_other_word() -> None:
    told = b"\0\n\0".join(
        (
            b"12\0001\0/opt/jdk/bin/java\0java\0-Dpassword=secret\0-cp\0a:b\0shop.Cart\0--token=x\0",
            b"7\0001\0\0java\0-Xmx1g\0-jar\0/app/pay.jar\0",
            b"9\0007\0/opt/jdk/bin/java\0java\0--module-path\0m\0-m\0shop/shop.Main\0",
            b"30\0001\0/opt/jdk/bin/jcmd\0jcmd\0-m\0jdk.jcmd/sun.tools.jcmd.JCmd\0",
            b"",
        )
    )
    assert jvms_of(told) == [
        Jvm(7, "", "/app/pay.jar"),
        Jvm(9, "/opt/jdk/bin/java", "shop/shop.Main"),
        Jvm(12, "/opt/jdk/bin/java", "shop.Cart"),
    ]
    assert main_of([]) == main_of(["java", "-version"]) == ""
    assert Jvm(1, "/opt/jdk/bin/java", "").tool("jcmd") == ("/opt/jdk/bin/jcmd", "jcmd")
    assert Jvm(1, "/usr/bin/dash", "").tool("jcmd") == Jvm(1, "", "").tool("jcmd") == ("jcmd",)


def test_a_jvm_that_starts_a_program_is_one_and_what_it_starts_is_another() -> None:
    line = b"java\0-jar\0/app/pay.jar\0"
    told = [b"1\0000\0\0" + line, b"8\0001\0\0" + line, b"9\0001\0\0java\0-jar\0/app/worker.jar\0"]
    assert jvms_of(b"\0\n\0".join((*told, b""))) == [
        Jvm(1, "", "/app/pay.jar"),
        Jvm(9, "", "/app/worker.jar"),
    ]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc here: FIND is for Linux's")
def test_one_that_has_ended_is_none(tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.symlink_to(shutil.which("sleep") or "")
    running = subprocess.Popen([java, "600"])
    ended = subprocess.Popen([java, "0"])
    try:
        while "Z" not in Path(f"/proc/{ended.pid}/stat").read_text().split()[2]:
            time.sleep(0.01)
        told = subprocess.run(["sh", "-c", FIND], capture_output=True, check=True).stdout
        found = {one.pid: one for one in jvms_of(told)}
        assert found[running.pid].main == "600"
        assert ended.pid not in found
    finally:
        running.kill()
        running.wait()
        ended.wait()


def test_deadlocks_are_told_by_their_threads() -> None:
    assert deadlocks_of(THREADS) == [["left", "right"]]
    twice = THREADS + THREADS.replace("left", "one").replace("right", "two")
    assert deadlocks_of(twice) == [["left", "right"], ["one", "two"]]
    assert deadlocks_of(THREADS.partition("Found one")[0]) == []
    assert answer_of(f"12:\n{THREADS}", 12) == THREADS


def test_the_last_list_of_threads_of_a_log_is_taken_from_among_its_lines() -> None:
    reader = DumpReader()
    old = "Full thread dump of long ago\n\nHeap\n old\n\n"
    for line in f"started\n{old}request\n{THREADS}{HEAP}request\n".splitlines():
        reader.add(line)
    assert reader.whole
    text = "\n".join(reader.lines)
    assert "long ago" not in text
    assert "request" not in text
    assert text.startswith("Full thread dump OpenJDK 64-Bit Server VM (17.0.15")
    assert text.endswith("reserved 1048576K")


def test_nothing_that_is_asked_changes_a_jvm() -> None:
    words = {words[0] for words in QUESTIONS.values()}
    assert words == {"Thread.print", "GC.class_histogram", "GC.heap_info", "VM.native_memory", "VM.flags"}


@pytest.mark.parametrize("status", [b"", b"[]", b'{"details": {"causes": [{"reason": "ExitCode"}]}}'])
def test_an_exit_status_that_is_none_is_no_success(status: bytes) -> None:
    with pytest.raises(ExecError, match="invalid exit status"):
        exit_code(status)


def test_the_container_that_is_meant() -> None:
    spec: PodSpec = {"containers": [{"name": "proxy"}, {"name": "app"}]}
    plain: Pod = {"metadata": {}, "spec": spec}
    noted: Pod = {
        "metadata": {"annotations": {"kubectl.kubernetes.io/default-container": "app"}},
        "spec": spec,
    }
    assert (main_container(plain, ""), main_container(noted, "")) == ("proxy", "app")
    assert main_container(noted, "proxy") == "proxy"
    with pytest.raises(FailedError, match="no container db; there are proxy, app"):
        main_container(plain, "db")
    status: PodStatus = {
        "containerStatuses": [{"name": "app", "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]
    }
    with pytest.raises(FailedError, match="app does not run"):
        main_container({**noted, "status": status}, "app")
