"""Runs the operations of an env for as long as this instance leads it; takes up those of a dead one."""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.leader.jobs import DeposedError
from kubedoor_api.operations import events, queries
from kubedoor_api.operations.notes import note
from kubedoor_api.operations.operation import FAILED, Operation
from kubedoor_api.operations.repository import OPERATIONS, OperationRepository
from kubedoor_api.operations.rollout_watch import RolloutPoller
from kubedoor_api.operations.target_runner import TargetRunner, expected_of
from kubedoor_api.settings import store
from kubedoor_api.web.endpoint import Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

AT_ONCE = 10
"""Targets that are under way at the same time where neither a pause nor an order is asked for."""
CHANGED = ("succeeded", "failed", "cancelled")
"""What may have been changed: a temporary scale gives it back, also where its rollout failed."""


class Run:
    """One operation under way in this instance."""

    def __init__(self, context: Context, repository: OperationRepository, runner: TargetRunner) -> None:
        self._context = context
        self._repository = repository
        self._runner = runner
        self._rollouts: list[asyncio.Task[None]] = []

    @property
    def _operation(self) -> Operation:
        return self._repository.operation

    def _in_state(self, state: str) -> list[int]:
        return [index for index, target in enumerate(self._operation.targets) if target.state == state]

    async def run(self) -> None:
        """Do what is left of it, and say how it ended.

        :raises DeposedError: another instance has taken it over.
        """
        try:
            async with asyncio.TaskGroup() as group:
                self._follow_again(group)
                begun = [*self._in_state("asking"), *self._resizing()]
                await self._in_turn([*begun, *self._in_state("pending")], group)
        except* DeposedError as group_of_errors:
            raise DeposedError(str(group_of_errors.exceptions[0])) from group_of_errors
        now = datetime.now(UTC)
        ended, also = self._operation.ended(now), []
        if ended.until is not None:
            back = ended.rollback(f"{ended.id}-until", ended.requested_by, now, CHANGED)
            also = [replace(back, run_at=ended.until)] if back.targets else []
        await self._repository.finish(ended, also)
        await events.finished(self._context, self._operation)
        log.info("operation.finished", operation=ended.id, env=ended.env, state=ended.state)

    def _resizing(self) -> list[int]:
        """Return the targets whose pods are being resized: that is begun again, not followed."""
        return self._in_state("rolling_out") if self._operation.kind == "resize" else []

    def _follow_again(self, group: asyncio.TaskGroup) -> None:
        """Take up the rollouts that an instance before this one began."""
        operation = self._operation
        for index in [] if self._resizing() else self._in_state("rolling_out"):
            expected = expected_of(operation, operation.targets[index])
            self._rollouts.append(group.create_task(self._runner.follow(index, expected)))
        for index in self._in_state("rolling_back"):
            failure = next(iter(operation.targets[index].notes), note("said", text=""))
            self._rollouts.append(group.create_task(self._runner.roll_back(index, failure)))

    async def _in_turn(self, order: Sequence[int], group: asyncio.TaskGroup) -> None:
        """Begin the targets: one after the other where anything depends on it, else several at once."""
        one = self._operation
        slots = asyncio.Semaphore(1 if one.pause_s or one.wait_rollout or one.stop_on_error else AT_ONCE)
        if one.wait_rollout and self._rollouts:
            await asyncio.wait(self._rollouts)
        for index in order:
            await slots.acquire()
            await self._pause(index)
            failed = any(target.state in FAILED for target in self._operation.targets)
            if self._repository.cancelled.is_set() or (one.stop_on_error and failed):
                return
            group.create_task(self._target(index, slots, group))

    async def _pause(self, index: int) -> None:
        """Wait out the pause since the target before, also where that one ended before a death."""
        operation = self._operation
        ends = [end for one in operation.targets if (end := one.finished_at or one.started_at)]
        if not operation.pause_s or not ends or operation.targets[index].state != "pending":
            return
        left = max(ends) + timedelta(seconds=operation.pause_s) - datetime.now(UTC)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, left.total_seconds())):
                await self._repository.cancelled.wait()

    async def _target(self, index: int, slots: asyncio.Semaphore, group: asyncio.TaskGroup) -> None:
        try:
            applied = await self._runner.ask(index)
            if applied is None or applied.expected is None:
                return
            rollout = group.create_task(self._runner.follow(index, applied.expected, applied.notes))
            if self._operation.wait_rollout:
                await asyncio.wait({rollout})
        finally:
            slots.release()


async def run_operations(context: Context, env: str) -> None:
    """Run what is due in an env, until cancelled: leadership is lost, or the API ends."""
    poller = RolloutPoller(context[Clusters], env, context[ApiSettings])
    running: dict[str, OperationRepository] = {}
    locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def look() -> list[queries.Claim]:
        """Return what is open, and hear of the cancellation of what is under way."""
        found = await queries.open_operations(context[ClickHouse], env)
        for one in found:
            if one.id in running:
                running[one.id].see_cancelled(one.cancelled_by)
        return found

    async def run(operation: Operation) -> None:
        kind, number = operation.kind, len(operation.targets)
        log.info("operation.begun", operation=operation.id, env=env, kind=kind, services=number)
        running[operation.id] = repository = OperationRepository(context, operation)
        repository.see_cancelled(operation.cancelled_by)
        try:
            governs = await store.governs(context, env)
            runner = TargetRunner(
                context, repository, poller, governs, lambda name: locks.setdefault(name, asyncio.Lock())
            )
            await Run(context, repository, runner).run()
        finally:
            del running[operation.id]

    try:
        await OPERATIONS.run(context, env, look, run)
    finally:
        await poller.close()
