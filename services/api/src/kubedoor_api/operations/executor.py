"""Runs the operations of an env for as long as this instance leads it; takes up those of a dead one."""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kubedoor_api.commits.writer import Writer
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.operations import notifications, queries
from kubedoor_api.operations.job import FAILED, Job, ended, job_of, row_of
from kubedoor_api.operations.repository import RETRY_S, DeposedError, OperationRepository
from kubedoor_api.operations.rollout_poller import RolloutPoller
from kubedoor_api.operations.service import rollback_job
from kubedoor_api.operations.steps import Steps, expected_of
from kubedoor_api.operations.wake import Wake
from kubedoor_api.settings import store
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.errors import KubeDoorError, UnavailableError
from kubedoor_core.logs import get_logger

if TYPE_CHECKING:
    from kubedoor_api.web.endpoint import Context
    from kubedoor_core.clickhouse import Row


log = get_logger(__name__)

AT_ONCE = 10
"""Steps that are under way at the same time where neither a pause nor an order is asked for."""
CHANGED = ("succeeded", "failed", "cancelled")
"""What may have been changed: a temporary scale gives it back, also where its rollout failed."""


class Run:
    """One operation under way in this instance."""

    def __init__(self, context: Context, journal: OperationRepository, steps: Steps) -> None:
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
        for index in self._in_state("rolling_back"):
            step = job.steps[index]
            self._rollouts.append(group.create_task(self._steps.roll_back(index, step.detail, step.reason)))

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
            back = rollback_job(job, job.requested_by, operation_id=f"{job.id}-until", states=CHANGED)
            also = [replace(back, run_at=job.until)] if back.steps else []
        while True:
            try:
                await self._journal.finish(job, also)
                break
            except UnavailableError as error:
                log.warning("operation.waiting", operation=job.id, reason=str(error))
                await asyncio.sleep(RETRY_S)
        await notifications.finished(self._context, self._job)
        log.info("operation.finished", operation=job.id, env=job.env, state=job.state)


POLL_S = 1.0
"""Seconds between two looks for operations that another instance was asked for."""


async def run_operations(context: Context, env: str) -> None:
    """Run what is due in an env, until cancelled: leadership is lost, or the API ends."""
    await Executor(context, env).run()


class Executor:
    """The operations of one env that are under way in this instance."""

    def __init__(self, context: Context, env: str) -> None:
        settings = context[ApiSettings]
        self._context = context
        self._env = env
        self._poller = RolloutPoller(
            context[Clusters], env, settings.rollout_poll_s, settings.rollout_restarts
        )
        self._journals: dict[str, OperationRepository] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def run(self) -> None:
        """Look for operations, begin them, and hear of their cancellation."""
        try:
            while True:
                try:
                    await self._round()
                except KubeDoorError as error:
                    log.warning("operation.waiting", env=self._env, reason=str(error))
                await self._context[Wake].wait(POLL_S)
        finally:
            tasks = list(self._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._poller.close()

    async def _round(self) -> None:
        for row in await queries.open_operations(self._context[ClickHouse], self._env):
            journal = self._journals.get(row["id"])
            if journal is not None:
                journal.see_cancelled(row["cancelled_by"])
            elif row["id"] not in self._tasks:
                self._begin(row)

    def _begin(self, row: Row) -> None:
        task = asyncio.create_task(self._run(row["id"]))
        self._tasks[row["id"]] = task
        task.add_done_callback(lambda _: self._forget(row["id"]))

    def _forget(self, operation_id: str) -> None:
        self._tasks.pop(operation_id, None)
        self._journals.pop(operation_id, None)

    async def _run(self, operation_id: str) -> None:
        try:
            journal = await self._claim(operation_id)
            if journal is None:
                return
            self._journals[operation_id] = journal
            governs = await store.governs(self._context, self._env)
            steps = Steps(self._context, journal, self._poller, governs, self._lock)
            await Run(self._context, journal, steps).run()
        except DeposedError as error:
            log.warning("operation.deposed", operation=operation_id, reason=str(error))
        except KubeDoorError as error:
            log.warning("operation.waiting", operation=operation_id, reason=str(error))
        except Exception:
            log.exception("operation.failed", operation=operation_id)

    async def _claim(self, operation_id: str) -> OperationRepository | None:
        """Take an operation on in this instance's name; None where it has ended meanwhile."""
        context, runner = self._context, self._context[Leadership].identity
        claimed: list[Job] = []

        async def prepare() -> list[Row]:
            claimed.clear()
            row = await queries.one(context[ClickHouse], self._env, operation_id)
            if row is None or row["state"] not in {"pending", "running"}:
                return []
            job = job_of(row)
            started_at = job.started_at or datetime.now(UTC)
            claimed.append(replace(job, state="running", runner=runner, started_at=started_at))
            return [row_of(claimed[0])]

        version = await context[Writer].commit("operation", "api", prepare)
        if not claimed:
            return None
        job = replace(claimed[0], version=version)
        log.info("operation.begun", operation=job.id, env=job.env, kind=job.kind, services=len(job.steps))
        journal = OperationRepository(context, job, runner)
        journal.see_cancelled(job.cancelled_by)
        return journal

    def _lock(self, service: str) -> asyncio.Lock:
        found = self._locks.get(service)
        if found is None:
            found = self._locks[service] = asyncio.Lock()
        return found
