"""A file on its way from a pod: to the object store, or once to whoever takes it, and gone then."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from kubedoor_api.kube.retry import AskingError
from kubedoor_api.pods import events
from kubedoor_api.pods.action import ActionReason, FailedError, PodAction
from kubedoor_api.pods.files.fifo import FifoStream
from kubedoor_api.pods.files.placing import Note
from kubedoor_api.pods.files.pod_file import FileAccess, PodFile
from kubedoor_api.pods.files.store import KEPT, FileStore, StoreError
from kubedoor_api.pods.repository import POD_ACTIONS, turn
from kubedoor_api.web.endpoint import Caller, Context, FileStream
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger
from kubedoor_core.problems import Problem

log = get_logger(__name__)

RENEW_S = 30.0
LASTS = timedelta(minutes=2)
"""So long after its last sign the api that sends a file counts as dead, and the file is removed."""


class Delivery:
    """One file that is sent.

    The row says that it is, and until when; who dies in between leaves a time that passes.
    """

    def __init__(self, context: Context, action: PodAction) -> None:
        self._context = context
        self._action = action
        self._reason: ActionReason = "cut"
        self._measured: dict[str, Any] = {}
        self._renewing: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()

    async def begin(self, caller: Caller) -> FileStream:
        """Take it for a caller.

        :raises Problem: 409, somebody else was faster, or it is gone.
        """
        self._action = await turn(
            self._context,
            self._action,
            events.audit_of_taking(self._action, caller),
            state="sending",
            expires_at=datetime.now(UTC) + LASTS,
        )
        self._renewing = asyncio.create_task(self._renew())
        file = PodFile.of(self._action.result)
        assert file is not None
        size = None if file.fifo else self._action.bytes
        return FileStream(self._chunks(file), size, file_name(self._action), self._close, self._is_whole)

    def _is_whole(self) -> bool:
        return not self._reason

    async def _renew(self) -> None:
        """Say again and again that it is still being sent, until another says that it is not."""
        try:
            while True:
                await asyncio.sleep(RENEW_S)
                with contextlib.suppress(KubeDoorError):
                    self._action = await turn(
                        self._context, self._action, expires_at=datetime.now(UTC) + LASTS
                    )
        except Problem as error:
            log.warning("pod_file.taken_away", pod_action=self._action.id, reason=str(error))
            self._ended.set()

    async def _chunks(self, file: PodFile) -> AsyncGenerator[bytes]:
        action, stream = self._action, FifoStream(self._context, self._action, file)
        access = FileAccess(self._context, action, file)
        read = stream.read() if file.fifo else access.read(action.bytes or 0, action.sha256)
        try:
            async with aclosing(read) as frames:
                async for frame in frames:
                    if self._ended.is_set():
                        return
                    yield frame
        except (FailedError, AskingError) as error:
            log.warning("pod_file.broken", pod_action=action.id, reason=str(error))
            self._reason = error.reason
            raise
        if file.fifo:
            self._measured = {"bytes": stream.bytes, "sha256": stream.sha256}
        self._reason = ""

    async def _close(self) -> None:
        """Have it removed."""
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.wait({self._renewing})
        try:
            standing = await POD_ACTIONS.load(self._context, self._action.env, self._action.id)
            if standing.state == "sending":
                ended = standing if self._reason else standing.with_step("sent", datetime.now(UTC))
                await turn(
                    self._context, ended, state="removing", reason=self._reason, steps=ended.steps,
                    **self._measured,
                )  # fmt: skip
        except (KubeDoorError, Problem) as error:
            log.warning("pod_file.removed_later", pod_action=self._action.id, reason=str(error))


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
