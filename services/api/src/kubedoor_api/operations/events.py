"""An operation's progress as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING

from kubedoor_api.operations.job import Job
from kubedoor_api.operations.models import OperationProgress, TargetProgress
from kubedoor_api.operations.serializers import Waiting, look, summary_of, target_of
from kubedoor_api.operations.service import load
from kubedoor_api.web.concurrency import Polls
from kubedoor_core.errors import UnavailableError

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Context

LOOK_S = 0.5
BEAT_S = 15.0
BEAT = ": still here\n\n"


def difference(before: Job | None, now: Job, waiting: Waiting) -> OperationProgress:
    """Say what has changed."""
    old = before.steps if before else (None,) * len(now.steps)
    targets = [
        TargetProgress(index=index, **target_of(step).model_dump())
        for index, (was, step) in enumerate(zip(old, now.steps, strict=True))
        if was != step
    ]
    return OperationProgress(operation=summary_of(now, waiting), targets=targets)


def message(name: str, job: Job, data: str) -> str:
    """Put an event into the wire's words; JSON has no line breaks."""
    return f"event: {name}\nid: {job.version}\ndata: {data}\n\n"


async def progress(context: Context, job: Job) -> AsyncIterator[str]:
    """Tell an operation as it stands, then each change, also of what keeps it waiting, until it has ended.

    `progress` events hold an `OperationProgress`; the last event is `end`, with the same.
    """
    told: Job | None = None
    kept: Waiting | None = None
    quiet_s = 0.0
    while True:
        waiting = look(context, job.env, job.state, job.run_at)
        if told is None or job.version != told.version or waiting != kept:
            yield message("progress", job, difference(told, job, waiting).model_dump_json())
            told, kept, quiet_s = job, waiting, 0.0
        if job.state not in {"pending", "running"}:
            yield message("end", job, difference(job, job, waiting).model_dump_json())
            return
        quiet_s += LOOK_S
        if quiet_s >= BEAT_S:
            yield BEAT
            quiet_s = 0.0
        try:
            key = (job.env, job.id)
            job = await context[Polls].next(key, LOOK_S, partial(load, context, job.env, job.id))
        except UnavailableError:
            yield BEAT  # the stream is older than the trouble, and may outlive it
