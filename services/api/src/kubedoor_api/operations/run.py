"""Runs one operation: the steps in their order, the pauses between them, and the end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kubedoor_api.operations import telling
from kubedoor_api.operations.job import FAILED, ended
from kubedoor_api.operations.journal import RETRY_S, DeposedError
from kubedoor_api.operations.service import way_back
from kubedoor_api.operations.steps import expected_of
from kubedoor_core.errors import UnavailableError
from kubedoor_core.logs import get_logger

if TYPE_CHECKING:
    from kubedoor_api.context import Context
    from kubedoor_api.operations.job import Job
    from kubedoor_api.operations.journal import Journal
    from kubedoor_api.operations.steps import Steps

log = get_logger(__name__)

AT_ONCE = 10
"""Steps that are under way at the same time where neither a pause nor an order is asked for."""
CHANGED = ("succeeded", "failed", "cancelled")
"""What may have been changed: a temporary scale gives it back, also where its rollout failed."""


class Run:
    """One operation under way in this instance."""

    def __init__(self, context: Context, journal: Journal, steps: Steps) -> None:
        self._context = context
        self._journal = journal
        self._steps = steps
        self._rollouts: list[asyncio.Task[None]] = []

    @property
    def _job(self) -> Job:
        return self._journal.job

    def _in_state(self, state: str) -> list[int]:
        return [index for index, step in enumerate(self._job.steps) if step.state == state]

    async def run(self) -> None:
        """Do what is left of it, and say how it ended.

        :raises DeposedError: another instance has taken it over.
        """
        try:
            async with asyncio.TaskGroup() as group:
                self._follow_again(group)
                await self._in_turn([*self._in_state("asking"), *self._in_state("pending")], group)
        except* DeposedError as group_of_errors:
            raise DeposedError(str(group_of_errors.exceptions[0])) from group_of_errors
        await self._finish()

    def _follow_again(self, group: asyncio.TaskGroup) -> None:
        """Take up the rollouts that an instance before this one began."""
        job = self._job
        for index in self._in_state("rolling_out"):
            expected = expected_of(job, job.steps[index])
            self._rollouts.append(group.create_task(self._steps.follow(index, expected)))
        for index in self._in_state("taking_back"):
            step = job.steps[index]
            self._rollouts.append(group.create_task(self._steps.take_back(index, step.detail, step.reason)))

    async def _in_turn(self, order: Sequence[int], group: asyncio.TaskGroup) -> None:
        """Begin the steps: one after the other where anything depends on it, else several at once."""
        job = self._job
        room = asyncio.Semaphore(1 if job.pause_s or job.wait_rollout or job.stop_on_error else AT_ONCE)
        if job.wait_rollout and self._rollouts:
            await asyncio.wait(self._rollouts)
        for index in order:
            await room.acquire()
            await self._pause(index)
            if self._stopped():
                return
            group.create_task(self._step(index, room, group))

    async def _pause(self, index: int) -> None:
        """Wait out the pause since the step before, also where that one ended before a death."""
        ends = [step.finished_at or step.started_at for step in self._job.steps]
        known = [end for end in ends if end is not None]
        if not self._job.pause_s or not known or self._job.steps[index].state != "pending":
            return
        left = max(known) + timedelta(seconds=self._job.pause_s) - datetime.now(UTC)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, left.total_seconds())):
                await self._journal.cancelled.wait()

    def _stopped(self) -> bool:
        failed = any(step.state in FAILED for step in self._job.steps)
        return self._journal.cancelled.is_set() or (self._job.stop_on_error and failed)

    async def _step(self, index: int, room: asyncio.Semaphore, group: asyncio.TaskGroup) -> None:
        try:
            done = await self._steps.ask(index)
            if done is None or done.expected is None:
                return
            rollout = group.create_task(self._steps.follow(index, done.expected, done.detail))
            if self._job.wait_rollout:
                await asyncio.wait({rollout})
        finally:
            room.release()

    async def _finish(self) -> None:
        job, also = ended(self._job, datetime.now(UTC)), []
        if job.until is not None:
            back = way_back(job, job.requested_by, operation_id=f"{job.id}-until", states=CHANGED)
            also = [replace(back, run_at=job.until)] if back.steps else []
        while True:
            try:
                await self._journal.finish(job, also)
                break
            except UnavailableError as error:
                log.warning("operation.waiting", operation=job.id, reason=str(error))
                await asyncio.sleep(RETRY_S)
        await telling.finished(self._context, self._job)
        log.info("operation.finished", operation=job.id, env=job.env, state=job.state)
