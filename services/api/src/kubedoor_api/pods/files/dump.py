"""A heap dump: room is looked for first, the file is written, measured, and waits in the pod."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.pods import repository
from kubedoor_api.pods.action import OPEN, FailedError, PodAction
from kubedoor_api.pods.files.offering import offer
from kubedoor_api.pods.files.placing import Note, place, reach
from kubedoor_api.pods.files.pod_file import MAX_BYTES, MAX_S, FileAccess, PodFile
from kubedoor_api.pods.files.room import needed_bytes
from kubedoor_api.pods.jvm import QUESTIONS, heap_used_bytes
from kubedoor_api.pods.models import ActionParameters

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Context

WRITTEN = "Heap dump file created"
MAX_WORDS_CHARS = 300


async def until_isolated(context: Context, action: PodAction) -> None:
    """Wait until the isolation that was asked for with it has ended.

    :raises FailedError: `not_isolated`.
    """
    while True:
        first = await repository.load(context, action.env, action.before["isolated_by"])
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
    action = await place(context, action, found, needed_bytes(used), "heap.hprof", note)
    file = PodFile(**action.result["file"])
    answer = await found.ladder.ask(("GC.heap_dump", file.path), timeout_s=MAX_S)
    if WRITTEN not in answer.text:
        raise FailedError("not_written", " ".join(answer.text.split())[:MAX_WORDS_CHARS])
    action = await note(replace(action, result={**action.result, "way": answer.way}), "written")
    size, sha256 = await FileAccess(context, action, file).measure()
    action = await note(replace(action, bytes=size, sha256=sha256), "measured")
    return await offer(context, action, note)
