"""What JVMs are asked, and how their answers read. Pure.

No word of a user's is part of a command, and no shell sees more than the constants here.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kubedoor_api.pods.action import ActionKind

FIND = r"""
for one in /proc/[0-9]*; do
  read -r pid comm state parent rest < "$one/stat" || continue
  [ "$comm" = '(java)' ] && [ "$state" != Z ] || continue
  printf '%s\0%s\0%s\0' "${one#/proc/}" "$parent" "$(readlink "$one/exe")"
  cat "$one/cmdline"
  printf '\0\n\0'
done 2>/dev/null
exit 0
"""
"""Tells of each JVM its process id, its parent's, executable and command line; one that has ended is none."""
END_OF_JVM = b"\0\n\0"
FIELDS = 4
SIGNAL = 'kill -3 "$1"'
"""Lets the JVM of the first argument write its threads to the container's log."""

QUESTIONS: dict[ActionKind, tuple[str, ...]] = {
    "threads": ("Thread.print", "-l"),
    "histogram": ("GC.class_histogram",),
    "heap_info": ("GC.heap_info",),
    "native_memory": ("VM.native_memory", "summary"),
    "flags": ("VM.flags",),
}
"""What `jcmd` sends for each kind of diagnosis."""
VERSION = ("VM.version",)
"""Asks a JVM which one it is."""
JDK = re.compile(r"^JDK (\d+)", re.MULTILINE)
NOT_ENABLED = "Native memory tracking is not enabled"
DUMP_BEGINS = "Full thread dump"
HEAP_BEGINS = "Heap"
WITH_VALUE = frozenset({"-cp", "-classpath", "--class-path", "-p", "--module-path", "--add-modules"})
OWN_TOOLS = ("jdk.jcmd/", "sun.tools.")
"""Tools of the JDK, which are JVMs as well, and not meant."""
DEADLOCK = re.compile(
    r"^Found one Java-level deadlock:\n=+\n(.*?)^Java stack information", re.MULTILINE | re.DOTALL
)
WAITING = re.compile(r'^"(.+)":$', re.MULTILINE)
USED = re.compile(r"\bused (\d+)([KMG])\b|(\d+)([KMG]) used\b")
UNITS = {"K": 10, "M": 20, "G": 30}


class Jvm(NamedTuple):
    """A JVM in a container.

    :ivar executable: its `java`; empty where that is not told.
    :ivar main: its main class, module or archive, for people to tell one from another.
    """

    pid: int
    executable: str
    main: str

    def tool(self, tool: str) -> tuple[str, ...]:
        """Return where a tool of its JDK may be: beside its own `java` first."""
        folder, slash, name = self.executable.rpartition("/")
        beside = (f"{folder}/{tool}",) if slash and name == "java" else ()
        return (*beside, tool)


def jvms_of(told: bytes) -> list[Jvm]:
    """Read what `FIND` tells.

    A child that bears its parent's command line is no JVM: the parent is about to run a program in it.
    """
    found = []
    parts = [one.decode(errors="replace").split("\0", 3) for one in told.split(END_OF_JVM)]
    processes = [one for one in parts if len(one) == FIELDS and one[0].isdecimal()]
    line_of = {pid: line for pid, _, _, line in processes}
    for pid, parent, executable, line in processes:
        main = main_of(line.strip("\0").split("\0"))
        if line_of.get(parent) != line and not main.startswith(OWN_TOOLS):
            found.append(Jvm(int(pid), executable, main))
    return sorted(found)


def main_of(words: list[str]) -> str:
    """Return what a command line of `java` runs; none of its other words, which may hold secrets."""
    waiting = iter(words[1:])
    for word in waiting:
        if word in {"-jar", "-m", "--module"}:
            return next(waiting, "")
        if word in WITH_VALUE:
            next(waiting, "")
        elif not word.startswith(("-", "@")):
            return word
    return ""


def answer_of(written: str, pid: int) -> str:
    """Return what a JVM answered by `jcmd`, without the line that says which one it is."""
    return written.removeprefix(f"{pid}:\n")


def deadlocks_of(threads: str) -> list[list[str]]:
    """Return the threads of each deadlock that a list of threads tells of."""
    return [WAITING.findall(found) for found in DEADLOCK.findall(threads)]


class DumpReader:
    """Takes the last list of threads out of a log, to the end of what it says of the heap.

    :ivar whole: its end has come.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._heap = False
        self.whole = False

    def add(self, line: str) -> None:
        """Take a line of the log."""
        if line.startswith(DUMP_BEGINS):
            self.lines, self._heap, self.whole = [], False, False
        elif not self.lines or self.whole:
            return
        self.whole = self._heap and not line.strip()
        self._heap = self._heap or line == HEAP_BEGINS
        if not self.whole:
            self.lines.append(line)


def jdk_of(version: str) -> int | None:
    """Return of which JDK a JVM is, such as 17, as `VM.version` says; None where it does not."""
    found = JDK.search(version)
    return int(found.group(1)) if found else None


def heap_used_bytes(heap_info: str) -> int | None:
    """Return how much of the heap is in use, in bytes, as `GC.heap_info` says; None where it does not.

    The metaspace is named after it, and is no part of it. Serial and Parallel tell of each generation.
    """
    heap, _, _ = heap_info.partition("Metaspace")
    found = [int(one or two) << UNITS[of_one or of_two] for one, of_one, two, of_two in USED.findall(heap)]
    return sum(found) if found else None
