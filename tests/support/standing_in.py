"""Programs in the place of a JVM and its tools, for tests that need no Java: what they say was recorded."""

from __future__ import annotations

import shutil
from pathlib import Path

from kubedoor_dev.containers.local import Image

THREADS = """2026-11-29 02:59:08
Full thread dump OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1deb12u1 mixed mode, sharing):

"left" #13 prio=5 os_prio=0 cpu=0.72ms elapsed=3.61s nid=0x5958 waiting for monitor entry
   java.lang.Thread.State: BLOCKED (on object monitor)
\tat Dead.lock(Dead.java:3)

JNI global refs: 7, weak refs: 0


Found one Java-level deadlock:
=============================
"left":
  waiting to lock monitor 0x00007fc9e00015a0 (object 0x00000000ff77fed0, a java.lang.Object),
  which is held by "right"

"right":
  waiting to lock monitor 0x00007fc9ec0015a0 (object 0x00000000ff77fec0, a java.lang.Object),
  which is held by "left"

Java stack information for the threads listed above:
===================================================
"left":
\tat Dead.lock(Dead.java:3)
"right":
\tat Dead.lock(Dead.java:3)

Found 1 deadlock.

"""
HEAP = """Heap
 garbage-first heap   total 17408K, used 3069K [0x00000000fc000000, 0x0000000100000000)
  region size 1024K, 0 young (0K), 0 survivors (0K)
 Metaspace       used 9369K, committed 9600K, reserved 1114112K
  class space    used 1131K, committed 1216K, reserved 1048576K

"""
FILE_TOOLS = (
    "tail", "df", "du", "stat", "sha256sum", "mkdir", "rm", "chown", "mkfifo", "dd", "tee",
)  # fmt: skip
"""With which files are looked after in a container."""
CLASS = """
trap 'cat "$HOME/threads" "$HOME/heap"; echo request served' QUIT
printf java >/proc/self/comm
while :; do sleep 0.05; done
"""
JCMD = """#!/bin/sh
pid=$1; shift
kill -0 "$pid" || exit 1
echo "$pid:"
case $1 in
  GC.heap_dump)
    [ "$2" = -overwrite ] && shift
    echo "Dumping heap to $2 ..."
    echo once >>"$HOME/asked"
    [ -e "$HOME/hold" ] && sleep 60
    if cat "$HOME/heap.bin" >"$2"; then echo "Heap dump file created [1 bytes in 0.1 secs]"; fi ;;
  JFR.start)
    if [ -e "$HOME/no-jfr" ]; then echo "Could not start recording, it is full"; exit 0; fi
    echo "name=${2#name=} (running)" >"$HOME/recording"
    cat "$HOME/heap.bin" >"${6#filename=}"
    echo "Started recording 1. The result will be written to:" ;;
  JFR.check) cat "$HOME/recording" 2>/dev/null || echo "No available recordings." ;;
  Thread.print) cat "$HOME/threads" ;;
  GC.heap_info) sed -n '2,$p' "$HOME/heap" ;;
  VM.version) echo "OpenJDK 64-Bit Server VM version 17.0.15+6"; cat "$HOME/version" ;;
  VM.native_memory) echo "Native memory tracking is not enabled" ;;
  *) echo "$*" ;;
esac
"""
JATTACH = """#!/bin/sh
kill -0 "$1" || exit 1
[ "$2" = jcmd ] || exit 2
echo "Connected to remote JVM"
echo "$3"
"""


DF = """#!/bin/sh
echo "Filesystem 1024-blocks Used Available Capacity Mounted on"
echo "disk 1000000000 1 {free} 1% /"
"""


def roomy(folder: Path) -> Path:
    """Return a folder whose `df` tells of a large disk, however full that of the machine is."""
    program(folder / "roomy", "df", DF.format(free=999_999_999))
    return folder / "roomy"


def full(folder: Path) -> Path:
    """Return a folder whose `df` tells of a disk that has room for a FIFO, and for nothing else."""
    program(folder / "full", "df", DF.format(free=1000))
    return folder / "full"


def program(folder: Path, name: str, text: str) -> None:
    """Write a program that runs."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def jvm_image(folder: Path, *tools: str, jvms: int = 1) -> Image:
    """Return a container with a stand-in of a JVM, or several, and some of the tools `jcmd`."""
    for name in ("shop.Cart", *(f"Other{number}" for number in range(1, jvms))):
        (folder / name).write_text(CLASS)
    # The script that a shell runs is told as its class; it is called java once it can bear a signal.
    for name in tools:
        program(folder / "tools", name, {"jcmd": JCMD}[name])
    (folder / "threads").write_text(THREADS)
    (folder / "heap").write_text(HEAP)
    (folder / "version").write_text("JDK 17.0.15\n")
    others = "".join(f"/bin/sh Other{number} --token=secret & " for number in range(1, jvms))
    argv = ("/bin/sh", "-c", f"{others}exec /bin/sh shop.Cart --token=secret")
    return Image(argv, path=f"{folder / 'tools'}:{_usual(folder / 'usual')}")


def _usual(folder: Path) -> Path:
    """Fill a folder with what every image has, and none of this machine's Java."""
    folder.mkdir(exist_ok=True)
    for name in ("sh", "cat", "readlink", "sed", "sleep", *FILE_TOOLS):
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    return folder
