"""What becomes of a file that a JVM has written: it waits in its pod, or goes to the object store."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kubedoor_api.pods.action import FailedError, PodAction
from kubedoor_api.pods.files.fifo_stream import FifoStream
from kubedoor_api.pods.files.pod_file import FileAccess, PodFile
from kubedoor_api.pods.files.store import KEPT, FileStore, StoreError

if TYPE_CHECKING:
    from kubedoor_api.pods.files.placing import Note
    from kubedoor_api.web.endpoint import Context

WAITS = timedelta(minutes=15)
"""So long a file waits in its pod for whoever takes it."""
SUFFIX = {"heap_dump": "hprof", "jfr": "jfr"}


def file_name(action: PodAction) -> str:
    """Return the name that a file is downloaded as."""
    return f"{action.pod}-{action.kind}-{action.requested_at:%Y%m%dT%H%M%SZ}.{SUFFIX.get(action.kind, 'txt')}"


async def offer(context: Context, action: PodAction, note: Note) -> PodAction:
    """Return the action with the time until which its file, measured or a FIFO, can be had.

    Where it is kept is noted before it is sent there: whoever comes after a death knows what to remove.

    :raises FailedError: `not_kept`, or it could not be read.
    :raises AskingError: the cluster refuses.
    """
    store = context[FileStore]
    if not store.on:
        return replace(action, expires_at=datetime.now(UTC) + WAITS, warned=True)
    name = file_name(action)
    key = store.key_of(f"{action.env}/{action.namespace}/{action.id}/{name}")
    action = await note(replace(action, result={**action.result, "kept": key}), "keeping")
    file = PodFile(**action.result["file"])
    access, stream = FileAccess(context, action, file), FifoStream(context, action, file)
    read = stream.read() if file.fifo else access.read(action.bytes or 0, action.sha256)
    try:
        async with aclosing(read) as chunks:
            await store.put(key, name, chunks)
    except StoreError as error:
        raise FailedError("not_kept", str(error)) from error
    if file.fifo:
        action = replace(action, bytes=stream.bytes, sha256=stream.sha256)
    await access.remove()
    left = {key: value for key, value in action.result.items() if key != "file"}
    action = await note(replace(action, result=left), "kept")
    return replace(action, expires_at=datetime.now(UTC) + KEPT, warned=True)
