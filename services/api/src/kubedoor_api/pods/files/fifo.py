"""Where no file has room: whether a JVM's heap may go through a FIFO, which is read while it is written."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kubedoor_api.kube.commands import ExecError
from kubedoor_api.pods.jvm import VERSION, jdk_of

if TYPE_CHECKING:
    from kubedoor_api.pods.files.pod_file import Tools
    from kubedoor_api.pods.files.room import Place, Verdict

FifoAgainst = Literal["", "not_isolated", "too_old", "no_tools", "no_folder"]
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
