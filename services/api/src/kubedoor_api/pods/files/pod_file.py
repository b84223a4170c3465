"""A file of ours in a pod: the folder that it has for itself, how it is read, and how it goes."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import asdict, dataclass
from typing import Any, Self

from kubedoor_api.kube import commands as kube
from kubedoor_api.kube.commands import STDOUT, ContainerRef, ExecError, Running
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.pods.action import FailedError, PodAction, WayName
from kubedoor_api.pods.containers import Inside
from kubedoor_api.pods.files.room import LOOK, Looked, looked_of
from kubedoor_api.pods.jvm import Jvm
from kubedoor_api.pods.ladder import Ladder, WayError
from kubedoor_api.web.endpoint import Context

Json = dict[str, Any]
MAX_BYTES = 4 << 30
MAX_S = 1800.0
"""For writing a file, and for reading it."""
IDLE_S = 60.0
AGAIN_S = 0.5
RESUMPTIONS = 5
"""One after the other of which none brought a byte."""

PREPARE = r"""
mkdir -m 700 "$1" || exit 1
chown "$(stat -c %u:%g "/proc/$2")" "$1" 2>/dev/null
exit 0
"""
"""Makes a folder that the process of an id may write to, and nobody else."""
MAKE_FIFO = r"""
mkfifo -m 600 "$1" || exit 1
chown "$(stat -c %u:%g "/proc/$2")" "$1" 2>/dev/null
exit 0
"""
READ_FIFO = r"""
export KUBEDOOR_FILE="$3"
fifo=$1/$2 copy=$1/copy
if [ "$4" ]; then
  mkfifo -m 600 "$copy" || exit 1
  sha256sum <"$copy" >&2 &
fi
{
  exec 3<>"$fifo" 4<"$fifo" || exit 1
  echo ready >&2
  dd if="$fifo" bs=1 count=1 2>/dev/null
  exec 3>&-
  exec cat <&4
} | if [ "$4" ]; then tee "$copy"; else cat; fi
wait
"""
"""Reads a FIFO in a folder to the end of who writes to it, under a mark, and its sha256 on the way.

It is open for both at first, so that nobody waits who opens it to write, and there is no end before the first
byte has come.
"""
END_FIFO = r"""
for one in /proc/[0-9]*; do
  [ "${one#/proc/}" = $$ ] && continue
  case "$(cat "$one/cmdline" "$one/environ" 2>/dev/null)" in
  *"$3"*) kill "${one#/proc/}" 2>/dev/null ;;
  esac
done
[ ! -p "$1/$2" ] || : <>"$1/$2"
exit 0
"""
"""Ends whoever reads a FIFO, or asks the JVM to write to it, and lets a JVM go on that waits for a reader."""
MEASURE = 'stat -c %s "$1" && sha256sum <"$1"'
REMOVE = '[ -d "$1/" ] || exit 3; rm -rf "$1$2"; [ ! -e "$1$2" ]'
ROOT_GONE = 3


@dataclass(frozen=True)
class Tools:
    """A container whose tools reach the files of a JVM.

    :ivar root: what leads from there to the root of the JVM's files; empty: it is the same.
    """

    inside: Inside
    root: str

    async def look(self, pid: int, empty_dirs: list[str]) -> Looked:
        """Return which folders there are, and how much room is in them.

        :raises ExecError: there is no shell, or it lacks a tool.
        """
        told = await self.inside.run("sh", "-c", LOOK, "sh", str(pid), self.root, *empty_dirs)
        return looked_of(told.out)


async def tools_for(inside: Inside, ladder: Ladder, jvm: Jvm, way: WayName) -> Tools:
    """Return the image's own tools where the JVM was reached by its own, or where they do, else a toolbox's.

    :raises FailedError: `no_tools`.
    """
    root = f"/proc/{jvm.pid}/root"
    missing = "it was reached by the toolbox"
    if way == "jcmd":
        try:
            await Tools(inside, "").look(jvm.pid, [])
        except ExecError as error:
            missing = str(error)
        else:
            return Tools(inside, "")
    try:
        beside = Tools(await ladder.toolbox(), root)
        await beside.look(jvm.pid, [])
    except (WayError, ExecError) as error:
        raise FailedError("no_tools", f"{missing}; toolbox: {error}") from error
    return beside


@dataclass(frozen=True)
class PodFile:
    """Where a file is, as an action keeps it.

    :ivar container: whose tools reach it.
    :ivar root: what leads from there to the JVM's root; empty: it is the same.
    :ivar folder: that it has for itself, as the JVM sees it.
    :ivar fifo: it is one, and its heap is not written yet.
    :ivar hashes: of a FIFO: whether a sha256 is made in the pod too.
    """

    container: str
    root: str
    folder: str
    name: str
    fifo: bool = False
    hashes: bool = False

    @classmethod
    def of(cls, result: Json) -> Self | None:
        """Read it from the result of an action; None where there is none, or no more."""
        found = result.get("file")
        return cls(**found) if found else None

    def json(self) -> Json:
        """Return what `of` reads."""
        return asdict(self)

    @property
    def path(self) -> str:
        """As the JVM sees it."""
        return f"{self.folder}/{self.name}"


class FileAccess:
    """The file of an action in its pod, and no pod that has its name since."""

    def __init__(self, context: Context, action: PodAction, file: PodFile) -> None:
        self._file = file
        where = ContainerRef(action.env, action.namespace, action.pod, file.container)
        self._inside = Inside(context, where, action.uid)

    @property
    def _path(self) -> str:
        return f"{self._file.root}{self._file.path}"

    async def prepare(self, pid: int) -> None:
        """Make its folder.

        :raises FailedError: `not_written`.
        """
        made = await self._inside.run(
            "sh", "-c", PREPARE, "sh", f"{self._file.root}{self._file.folder}", str(pid)
        )
        if made.code:
            raise FailedError("not_written", made.words)
        if self._file.fifo:
            made = await self._inside.run("sh", "-c", MAKE_FIFO, "sh", self._path, str(pid))
            if made.code:
                raise FailedError("not_written", made.words)

    def fifo(self) -> AbstractAsyncContextManager[Running]:
        """Read its FIFO while the block lasts.

        :raises AskingError: the cluster refuses.
        """
        file = self._file
        argv = ("sh", "-c", READ_FIFO, "sh", *self._fifo_words, "hash" if file.hashes else "")
        return kube.execute(self._inside.clusters, self._inside.where, argv)

    @property
    def _fifo_words(self) -> tuple[str, str, str]:
        """Its folder, its name there, and what marks whoever has to do with it."""
        file = self._file
        return f"{file.root}{file.folder}", file.name, file.folder

    async def measure(self) -> tuple[int, str]:
        """Return its size in bytes and its sha256.

        :raises FailedError: it is not there, or `too_large`.
        """
        told = await self._inside.run("sh", "-c", MEASURE, "sh", self._path, timeout_s=MAX_S)
        words = told.out.decode(errors="replace").split()
        if told.code or len(words) < 2:
            raise FailedError("not_written", told.words or "there is no file where it should be")
        size = int(words[0])
        if size > MAX_BYTES:
            raise FailedError("too_large", f"it has {size >> 20} MiB; {MAX_BYTES >> 20} MiB is the most")
        return size, words[1]

    async def remove(self) -> None:
        """Take it away, with its folder; one that is gone, or whose pod is gone, is no failure.

        :raises FailedError: `not_removed`.
        :raises AskingError: the cluster refuses.
        """
        file = self._file
        try:
            await self._inside.require_same()
        except FailedError:
            return
        try:
            if file.fifo:
                await self._inside.run("sh", "-c", END_FIFO, "sh", *self._fifo_words)
            done = await self._inside.run("sh", "-c", REMOVE, "sh", file.root, file.folder)
        except ExecError as error:
            raise self._left_behind(str(error)) from error
        if done.code == ROOT_GONE and file.root:
            raise self._left_behind("the JVM whose files the toolbox saw has ended")
        if done.code:
            raise self._left_behind(done.words)

    def _left_behind(self, why: str) -> FailedError:
        return FailedError("not_removed", f"{self._file.folder} may still be in the pod: {why}")

    async def read(self, size: int, sha256: str) -> AsyncGenerator[bytes]:
        """Return it as it comes; the last frame only once all is as it was measured.

        A connection that breaks is made again from where it broke.

        :raises FailedError: `cut`, `timeout`, `changed`; the pod is gone.
        :raises AskingError: the cluster refuses.
        """
        ends_at, hashed, held = time.monotonic() + MAX_S, hashlib.sha256(), b""
        passed, attempts = 0, 0
        while passed < size:
            before = passed
            async with aclosing(self._frames(passed)) as frames:
                async for frame in frames:
                    if time.monotonic() > ends_at:
                        raise FailedError("timeout", f"reading it took more than {MAX_S / 60:.0f} min")
                    passed += len(frame)
                    hashed.update(frame)
                    if held:
                        yield held
                    held = frame
            if passed < size:
                await asyncio.sleep(AGAIN_S)
            attempts = 0 if passed > before else attempts + 1
            if attempts > RESUMPTIONS:
                raise FailedError("cut", f"the connection broke after {passed} of {size} bytes")
        if (passed, hashed.hexdigest()) != (size, sha256):
            raise FailedError("changed", "what came is not what was measured in the pod")
        yield held

    async def _frames(self, after: int) -> AsyncGenerator[bytes]:
        """Return frames from a place on, until it ends or the connection breaks."""
        await self._inside.require_same()
        argv = ("tail", "-c", f"+{after + 1}", self._path) if after else ("cat", self._path)
        try:
            async with kube.execute(self._inside.clusters, self._inside.where, argv) as running:
                async for channel, data in running.frames(idle_s=IDLE_S):
                    if channel == STDOUT:
                        yield data
        except ExecError as error:
            if error.reason == "not_started":
                raise FailedError("no_tools", str(error)) from error
        except AskingError as error:
            if error.reason != "unreachable":
                raise
