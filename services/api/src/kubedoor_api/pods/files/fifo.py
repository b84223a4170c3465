"""A heap through a FIFO, where no file has room: whether it may, its reader, then the JVM, standing still."""

from __future__ import annotations

import asyncio
import hashlib
import math
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from kubedoor_api.kube.commands import STDOUT, ExecError
from kubedoor_api.pods.action import FailedError, FifoAgainst, PodAction
from kubedoor_api.pods.containers import COMMAND_S, OF_COMMAND
from kubedoor_api.pods.files.pod_file import IDLE_S, MAX_BYTES, MAX_S, FileAccess, PodFile, Tools
from kubedoor_api.pods.files.room import Place, Verdict
from kubedoor_api.pods.isolation import is_isolated
from kubedoor_api.pods.jvm import VERSION, jdk_of
from kubedoor_api.pods.ladder import Answer, Ladder, inside_of
from kubedoor_api.web.endpoint import Context

Ask = Callable[[tuple[str, ...]], Awaitable[str]]
"""Asks a JVM something, and returns what it says."""
FIRST_JDK = 17
"""Those before open no file that is there already."""
RATE_BYTES_S = 10_000_000
"""At which a heap is reckoned to pass: measured at this rate, JVMs stood still for as long as it took."""
LEAST_FREE_BYTES = 64 << 10
"""A FIFO takes no room, and the folder that it has for itself very little."""
NOT_OURS: frozenset[Verdict] = frozenset({"read_only", "other_volume"})
"""Folders that nothing of ours may be in, however small."""
LOOK = r"""
for tool in mkfifo dd; do
  command -v "$tool" >/dev/null || { echo "$tool is not in the image" >&2; exit 127; }
done
command -v tee >/dev/null && echo tee
exit 0
"""
"""Tells whether there is what a FIFO takes, and whether there is a `tee`, by which a sha256 is made."""


@dataclass(frozen=True)
class Fifo:
    """What would become of a heap that goes through a FIFO.

    :ivar against: why it can't; empty: it can.
    :ivar folder: where the FIFO would be.
    :ivar still_s: so long the application would stand still, as reckoned of the heap in use.
    :ivar hashes: whether a sha256 is made in the pod too.
    """

    against: FifoAgainst
    still_s: int
    folder: str = ""
    hashes: bool = False


def still_s(used_bytes: int) -> int:
    """Return how long a JVM stands still whose heap passes at the usual rate."""
    return math.ceil(used_bytes / RATE_BYTES_S)


def folder_of(places: Sequence[Place]) -> str:
    """Return the first folder that a FIFO may be in, among those without room for a file; empty: none."""
    able = (
        one.path
        for one in places
        if one.verdict not in NOT_OURS and one.writable and one.free_bytes >= LEAST_FREE_BYTES
    )
    return next(able, "")


async def look(ask: Ask, tools: Tools, places: Sequence[Place], used_bytes: int, *, isolated: bool) -> Fifo:
    """Find out whether a heap may go through a FIFO.

    :param isolated: whether the pod is, or will be before.
    :raises AskingError: the cluster refuses.
    """
    still, folder = still_s(used_bytes), folder_of(places)
    if not isolated:
        return Fifo("not_isolated", still)
    if not folder:
        return Fifo("no_folder", still)
    if (jdk_of(await ask(VERSION)) or 0) < FIRST_JDK:
        return Fifo("too_old", still)
    try:
        told = await tools.inside.run("sh", "-c", LOOK)
    except ExecError:
        return Fifo("no_tools", still)
    return Fifo("", still, folder, hashes=b"tee" in told.out)


WRITTEN = "Heap dump file created"
BEGINS = b"JAVA PROFILE 1.0."
ENDS_BYTES, END_TAG, NO_MORE = 9, 0x2C, bytes(4)
"""The last record of a heap: a tag, a time, and the length 0."""
SAYS_WHY_S = 5.0
"""So long a JVM has to say why its heap ended before its end."""
SHA256 = re.compile(rb"^([0-9a-f]{64})  -$", re.MULTILINE)
MAX_WORDS_BYTES = 4096
MAX_WORDS_CHARS = 300
Frames = AsyncIterator[tuple[int, bytes]]


def require_written(answer: Answer) -> None:
    """Refuse what a JVM says that has not written its heap.

    :raises FailedError: `not_written`.
    """
    if WRITTEN not in answer.text:
        raise FailedError("not_written", " ".join(answer.text.split())[:MAX_WORDS_CHARS])


def is_whole(head: bytes, tail: bytes) -> bool:
    """Tell whether a heap begins and ends as heaps do.

    :param tail: at least its last nine bytes.
    """
    last = tail[-ENDS_BYTES:]
    return head.startswith(BEGINS) and last[:1] == bytes([END_TAG]) and last.endswith(NO_MORE)


class FifoStream:
    """The heap of a JVM, written while it is read; once, and never again from where it broke.

    :ivar bytes: how many came, once it is whole.
    :ivar sha256: of them, once it is whole; empty where the image had no means to make it too.
    """

    def __init__(self, context: Context, action: PodAction, file: PodFile) -> None:
        self._context = context
        self._action = action
        self._file = file
        self._access = FileAccess(context, action, file)
        self._said = b""
        self.bytes: int | None = None
        self.sha256 = ""

    async def read(self) -> AsyncGenerator[bytes]:
        """Let the JVM write its heap, and return it as it comes; the last frame only once all was checked.

        Whoever leaves early closes the reader's end: the JVM's next write fails, and it goes on.

        :raises FailedError: `not_isolated`, `not_written`, `too_large`, `timeout`, `changed`, `cut`.
        :raises AskingError: the cluster refuses.
        """
        ladder = await self._ladder()
        try:
            async with self._access.fifo() as running, aclosing(running.frames(IDLE_S)) as frames:
                await self._until_ready(frames)
                words = ("GC.heap_dump", "-overwrite", self._file.path)
                asking = asyncio.create_task(ladder.ask(words, timeout_s=MAX_S))
                try:
                    async with aclosing(self._passed(frames, asking)) as chunks:
                        async for chunk in chunks:
                            yield chunk
                finally:
                    asking.cancel()
                    await asyncio.wait({asking})
        except ExecError as error:
            raise FailedError(OF_COMMAND[error.reason], str(error)) from error

    async def _ladder(self) -> Ladder:
        """Return the ways to the JVM, which must be the one that was looked at, in a pod that is isolated.

        :raises FailedError: it is not.
        """
        inside = await inside_of(self._context, self._action)
        if not is_isolated(await inside.require_same()):
            raise FailedError("not_isolated", "the pod is not isolated any more: its heap was not written")
        jvm = await inside.jvm(self._action.result["jvm"]["pid"])
        return Ladder(self._context, inside, jvm, self._action.id)

    async def _until_ready(self, frames: Frames) -> None:
        """Wait until the FIFO has a reader: a JVM that opens one without would wait for it.

        :raises FailedError: `not_written`.
        """
        async for channel, data in frames:
            if channel != STDOUT:
                self._said = (self._said + data)[:MAX_WORDS_BYTES]
            if b"ready\n" in self._said:
                return
        raise FailedError("not_written", self._said.decode(errors="replace") or "the FIFO can't be read")

    async def _passed(self, frames: Frames, asking: asyncio.Task[Answer]) -> AsyncGenerator[bytes]:
        ends_at, hashed, passed = time.monotonic() + MAX_S, hashlib.sha256(), 0
        head, tail, held = b"", b"", b""
        while (found := await _next(frames, asking)) is not None:
            channel, data = found
            if channel != STDOUT:
                self._said = (self._said + data)[:MAX_WORDS_BYTES]
                continue
            passed += len(data)
            if passed > MAX_BYTES:
                raise FailedError("too_large", f"it has more than {MAX_BYTES >> 20} MiB, the most")
            if time.monotonic() > ends_at:
                raise FailedError("timeout", f"reading it took more than {MAX_S / 60:.0f} min")
            hashed.update(data)
            head = head if len(head) >= len(BEGINS) else head + data[: len(BEGINS)]
            tail = (tail + data)[-ENDS_BYTES:]
            if held:
                yield held
            held = data
        whole = is_whole(head, tail)
        await asyncio.wait({asking}, timeout=COMMAND_S if whole else SAYS_WHY_S)
        if asking.done():
            require_written(asking.result())
        elif whole:
            raise FailedError("timeout", f"the JVM said nothing for {COMMAND_S:.0f} s after it had written")
        self._check(hashed.hexdigest(), whole=whole)
        self.bytes = passed
        yield held

    def _check(self, sha256: str, *, whole: bool) -> None:
        """Compare what came with what the pod says of it.

        :raises FailedError: `changed`.
        """
        made = SHA256.search(self._said)
        if not whole or (made is not None and made.group(1).decode() != sha256):
            raise FailedError("changed", "what came is not what the JVM wrote")
        if made is None and self._file.hashes:
            raise FailedError("changed", "the pod has not told the sha256 of what the JVM wrote")
        self.sha256 = sha256 if made else ""


async def _next(frames: Frames, asking: asyncio.Task[Answer]) -> tuple[int, bytes] | None:
    """Return what comes next; None at the end.

    :raises FailedError: the JVM says that it has not written.
    """
    coming = asyncio.create_task(_frame(frames))
    try:
        if not asking.done():
            await asyncio.wait({coming, asking}, return_when=asyncio.FIRST_COMPLETED)
        if asking.done():
            require_written(asking.result())
        return await coming
    finally:
        if not coming.done():
            coming.cancel()
            await asyncio.wait({coming})


async def _frame(frames: Frames) -> tuple[int, bytes] | None:
    return await anext(frames, None)
