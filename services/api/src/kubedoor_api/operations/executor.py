"""Runs the operations of an env for as long as this instance leads it; takes up those of a dead one."""

from __future__ import annotations

import asyncio
import weakref
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kubedoor_api.operations import queries
from kubedoor_api.operations.job import Job, job_of, row_of
from kubedoor_api.operations.journal import DeposedError, Journal
from kubedoor_api.operations.looks import Looks
from kubedoor_api.operations.run import Run
from kubedoor_api.operations.steps import Steps
from kubedoor_api.preferences import service as preferences
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger

if TYPE_CHECKING:
    from kubedoor_api.context import Context
    from kubedoor_core.clickhouse import Row

log = get_logger(__name__)

POLL_S = 1.0
"""Seconds between two looks for operations that another instance was asked for."""


async def run_operations(context: Context, env: str) -> None:
    """Run what is due in an env, until cancelled: leadership is lost, or the API ends."""
    await Executor(context, env).run()


class Executor:
    """The operations of one env that are under way in this instance."""

    def __init__(self, context: Context, env: str) -> None:
        settings = context.settings
        self._context = context
        self._env = env
        self._looks = Looks(context.clusters, env, settings.rollout_poll_s, settings.rollout_restarts)
        self._journals: dict[str, Journal] = {}
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
                await self._context.wake.wait(POLL_S)
        finally:
            tasks = list(self._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._looks.close()

    async def _round(self) -> None:
        for row in await queries.open_operations(self._context.clickhouse, self._env):
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
            governs = await preferences.governs(self._context, self._env)
            steps = Steps(self._context, journal, self._looks, governs, self._lock)
            await Run(self._context, journal, steps).run()
        except DeposedError as error:
            log.warning("operation.deposed", operation=operation_id, reason=str(error))
        except KubeDoorError as error:
            log.warning("operation.waiting", operation=operation_id, reason=str(error))
        except Exception:
            log.exception("operation.failed", operation=operation_id)

    async def _claim(self, operation_id: str) -> Journal | None:
        """Take an operation on in this instance's name; None where it has ended meanwhile."""
        context, runner = self._context, self._context.leadership.identity
        claimed: list[Job] = []

        async def prepare() -> list[Row]:
            claimed.clear()
            row = await queries.one(context.clickhouse, self._env, operation_id)
            if row is None or row["state"] not in {"pending", "running"}:
                return []
            job = job_of(row)
            started_at = job.started_at or datetime.now(UTC)
            claimed.append(replace(job, state="running", runner=runner, started_at=started_at))
            return [row_of(claimed[0])]

        version = await context.writer.commit("operation", "api", prepare)
        if not claimed:
            return None
        job = replace(claimed[0], version=version)
        log.info("operation.begun", operation=job.id, env=job.env, kind=job.kind, services=len(job.steps))
        journal = Journal(context, job, runner)
        journal.see_cancelled(job.cancelled_by)
        return journal

    def _lock(self, service: str) -> asyncio.Lock:
        found = self._locks.get(service)
        if found is None:
            found = self._locks[service] = asyncio.Lock()
        return found
