"""Where a JVM writes a file: reached first, then room is looked for, then a folder is made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import NamedTuple

from kubedoor_api.kube.commands import ExecError
from kubedoor_api.pods.action import ActionKind, FailedError, PodAction, StepName
from kubedoor_api.pods.containers import Inside
from kubedoor_api.pods.files import fifo
from kubedoor_api.pods.files.fifo import Fifo
from kubedoor_api.pods.files.pod_file import MAX_BYTES, FileAccess, PodFile, Tools, tools_for
from kubedoor_api.pods.files.room import Place, empty_dirs, needed_bytes, places
from kubedoor_api.pods.jvm import QUESTIONS, Jvm, heap_used_bytes
from kubedoor_api.pods.ladder import Answer, Ladder, WayError, inside_of
from kubedoor_api.pods.models import Warn
from kubedoor_api.web.endpoint import Context

Note = Callable[[PodAction, "StepName"], Awaitable[PodAction]]
"""Notes a step, with what the action holds by then, and returns when that stands in ClickHouse."""
RECORDING_MIB = 64
"""Most that a recording holds."""
RECORDING_NEEDS_BYTES = 2 * needed_bytes(RECORDING_MIB << 20)
"""Twice, as JVMs keep it in their own folder until it ends, which may be on the same disk."""


class Foreseen(NamedTuple):
    """What a file would need, and where it could be; None: it can't be told before.

    :ivar fifo: where no heap has room: what becomes of one that goes through a FIFO; None for the rest.
    """

    needs_bytes: int | None
    places: list[Place]
    fifo: Fifo | None = None


class Reached(NamedTuple):
    """A JVM, and what reaches it and its files."""

    inside: Inside
    jvm: Jvm
    ladder: Ladder
    tools: Tools


async def reach(
    context: Context, action: PodAction, pid: int | None, words: tuple[str, ...]
) -> tuple[Reached, Answer]:
    """Find the JVM, and ask it something by the first way that works.

    :raises FailedError: there is no one JVM, no way leads to it, or no tools to its files.
    :raises AskingError: the cluster refuses.
    """
    inside = await inside_of(context, action)
    jvm = await inside.jvm(pid)
    ladder = Ladder(context, inside, jvm, action.id)
    answer = await ladder.ask(words)
    return Reached(inside, jvm, ladder, await tools_for(inside, ladder, jvm, answer.way)), answer


async def look_for_room(inside: Inside, tools: Tools, jvm: Jvm, needs_bytes: int) -> list[Place]:
    """Return the folders that there are, and which of them a file fits into.

    :raises FailedError: the pod is gone.
    :raises AskingError: the cluster refuses.
    """
    pod, container = await inside.require_same(), inside.where.container
    looked = await tools.look(jvm.pid, empty_dirs(pod, container))
    return places(pod, container, looked, needs_bytes)


def chosen(found: list[Place], needs_bytes: int) -> Place:
    """Return the first place that fits.

    :raises FailedError: `no_room`, with what was looked at.
    """
    fitting = next((one for one in found if one.verdict == "fits"), None)
    if fitting is None:
        told = "; ".join(f"{one.path}: {one.verdict}, {one.free_bytes >> 20} MiB free" for one in found)
        detail = f"{needs_bytes >> 20} MiB are needed, and fit nowhere: {told or 'no folder was found'}"
        raise FailedError("no_room", detail, {"places": [one.json() for one in found]})
    return fitting


async def place(
    context: Context, action: PodAction, found: Reached, needs_bytes: int, name: str, note: Note
) -> PodAction:
    """Make a folder for a file where it has room, and return the action that knows where it is.

    :raises FailedError: `no_room`, `not_written`.
    :raises AskingError: the cluster refuses.
    """
    fits = chosen(await look_for_room(found.inside, found.tools, found.jvm, needs_bytes), needs_bytes)
    return await prepare(context, action, found, file_in(found, action, fits.path, name), note)


def file_in(found: Reached, action: PodAction, folder: str, name: str) -> PodFile:
    """Return the file of an action, in a folder of its own within another one."""
    where = found.tools.inside.where.container
    return PodFile(where, found.tools.root, f"{folder.rstrip('/')}/kubedoor-{action.id}", name)


async def prepare(
    context: Context, action: PodAction, found: Reached, file: PodFile, note: Note
) -> PodAction:
    """Make what a file takes, and return the action that knows where it is.

    It is noted before it is made: whoever comes after a death knows what to remove.

    :raises FailedError: `not_written`.
    :raises AskingError: the cluster refuses.
    """
    jvm = {"pid": found.jvm.pid, "main": found.jvm.main}
    action = replace(action, result={"jvm": jvm, "ways": found.ladder.tried, "file": file.json()})
    action = await note(action, "folder_found" if file.fifo else "room_found")
    await FileAccess(context, action, file).prepare(found.jvm.pid)
    return action


async def foreseen(
    context: Context, inside: Inside, jvm: Jvm, kind: ActionKind, *, isolated: bool
) -> Foreseen:
    """Look what a file would need, by the image's own tools: a preview puts no toolbox beside a pod.

    :param isolated: whether the pod is, or will be before.
    :raises AskingError: the cluster refuses.
    """
    ladder, tools = Ladder(context, inside, jvm, ""), Tools(inside, "")
    try:
        if kind != "heap_dump":
            needs = RECORDING_NEEDS_BYTES
            return Foreseen(needs, await look_for_room(inside, tools, jvm, needs))
        used = heap_used_bytes(await ladder.by_jcmd(QUESTIONS["heap_info"]))
        if used is None:
            return Foreseen(None, [])
        found = await look_for_room(inside, tools, jvm, needed_bytes(used))
        if used > MAX_BYTES or any(one.verdict == "fits" for one in found):
            return Foreseen(needed_bytes(used), found)
        through = await fifo.look(ladder.by_jcmd, tools, found, used, isolated=isolated)
        return Foreseen(needed_bytes(used), found, through)
    except (WayError, ExecError, FailedError):
        return Foreseen(None, [])


def warnings(kind: ActionKind, found: Foreseen, *, serves: bool) -> list[Warn]:
    """Return what should be known before a JVM writes a file.

    :param serves: the pod would stand still though it is not isolated, and is not to be.
    """
    fits = any(one.verdict == "fits" for one in found.places)
    needs = found.needs_bytes
    told: dict[Warn, bool] = {
        "stands_still": kind == "heap_dump",
        "serves": serves,
        "secrets": kind == "heap_dump",
        "environment": kind == "jfr",
        "no_room": needs is not None and not fits,
        "too_large": needs is not None and needs > needed_bytes(MAX_BYTES),
        "heap_unknown": needs is None and kind == "heap_dump",
    }
    return [name for name, holds in told.items() if holds]
