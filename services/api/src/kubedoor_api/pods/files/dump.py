"""A heap dump: room is looked for first, the file is written, measured, and waits in the pod.

Where there is no room, and it was asked for, a FIFO waits, through which the heap goes while it is read.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.pods.action import OPEN, FailedError, FifoAgainst, PodAction
from kubedoor_api.pods.files import fifo
from kubedoor_api.pods.files.delivery import offer
from kubedoor_api.pods.files.fifo import FIRST_JDK, require_written
from kubedoor_api.pods.files.placing import Note, Reached, file_in, look_for_room, place, prepare, reach
from kubedoor_api.pods.files.pod_file import MAX_BYTES, MAX_S, FileAccess, PodFile
from kubedoor_api.pods.files.room import needed_bytes
from kubedoor_api.pods.isolation import is_isolated
from kubedoor_api.pods.jvm import QUESTIONS, heap_used_bytes
from kubedoor_api.pods.models import ActionParameters
from kubedoor_api.pods.repository import POD_ACTIONS
from kubedoor_api.web.endpoint import Context

NAME = "heap.hprof"
AGAINST: dict[FifoAgainst, str] = {
    "not_isolated": "the pod is not isolated",
    "too_old": f"the JVM is of a JDK before {FIRST_JDK}",
    "no_tools": "mkfifo or dd is not in the image",
    "no_folder": "no folder can be written to",
}
"""Why a heap can't go through a FIFO either, in words."""


async def until_isolated(context: Context, action: PodAction) -> None:
    """Wait until the isolation that was asked for with it has ended.

    :raises FailedError: `not_isolated`.
    """
    while True:
        first = await POD_ACTIONS.load(context, action.env, action.before["isolated_by"])
        if first.state not in OPEN:
            break
        await asyncio.sleep(context[ApiSettings].rollout_poll_s)
    if first.state != "done":
        raise FailedError("not_isolated", f"the pod was not isolated before: {first.detail or first.reason}")


async def dump(context: Context, action: PodAction, note: Note) -> PodAction:
    """Write a heap dump into the pod, and return the action with its file.

    What was asked of the JVM once is not asked again: it stands still for as long as it writes.

    :raises FailedError: `no_room`, `too_large`, `not_written` and others.
    :raises AskingError: the cluster refuses.
    """
    if action.did("measured"):
        return await offer(context, action, note)
    if "file" in action.result:
        raise FailedError("interrupted", "the api ended while the file was being written: ask again")
    if action.before.get("isolated_by"):
        await until_isolated(context, action)
        action = await note(action, "isolated")
    parameters = ActionParameters.model_validate(action.parameters)
    found, told = await reach(context, action, parameters.pid, QUESTIONS["heap_info"])
    action = await note(action, "jvm_found")
    used = heap_used_bytes(told.text)
    if used is None:
        raise FailedError("heap_unknown", "the JVM does not say how much of its heap is in use")
    if used > MAX_BYTES:
        detail = f"{used >> 20} MiB of the heap are in use; {MAX_BYTES >> 20} MiB is the most"
        raise FailedError("too_large", detail)
    try:
        action = await place(context, action, found, needed_bytes(used), NAME, note)
    except FailedError as error:
        if error.reason != "no_room":
            raise
        action = await _through_fifo(context, action, found, used, note, error)
        return await offer(context, action, note)
    file = PodFile(**action.result["file"])
    answer = await found.ladder.ask(("GC.heap_dump", file.path), timeout_s=MAX_S)
    require_written(answer)
    action = await note(replace(action, result={**action.result, "way": answer.way}), "written")
    size, sha256 = await FileAccess(context, action, file).measure()
    action = await note(replace(action, bytes=size, sha256=sha256), "measured")
    return await offer(context, action, note)


async def _through_fifo(
    context: Context, action: PodAction, found: Reached, used_bytes: int, note: Note, no_room: FailedError
) -> PodAction:
    """Make a FIFO instead of a file, where that was asked for; the JVM is asked when somebody reads it.

    :raises FailedError: `no_room` as before, with what a FIFO would take; `not_written`.
    """
    if not ActionParameters.model_validate(action.parameters).through_fifo:
        detail = f"{no_room}; of an isolated pod and a JDK from {FIRST_JDK} on the heap can go through a FIFO"
        raise FailedError("no_room", f"{detail} (`through_fifo`)", no_room.result)
    needs, pod = needed_bytes(used_bytes), await found.inside.require_same()
    places = await look_for_room(found.inside, found.tools, found.jvm, needs)

    async def ask(words: tuple[str, ...]) -> str:
        return (await found.ladder.ask(words)).text

    told = await fifo.look(ask, found.tools, places, used_bytes, isolated=is_isolated(pod))
    if told.against:
        detail = f"{no_room}; nor can it go through a FIFO: {AGAINST[told.against]}"
        raise FailedError("no_room", detail, no_room.result)
    file = replace(file_in(found, action, told.folder, NAME), fifo=True, hashes=told.hashes)
    action = await prepare(context, action, found, file, note)
    return await note(action, "fifo_made")
