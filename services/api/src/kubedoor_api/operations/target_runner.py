"""One target of an operation: ask the cluster, watch the rollout, say that it failed, roll it back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from kubedoor_api.admission.policy import CurrentControl
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.kube.rollout import Expected
from kubedoor_api.leader.jobs import DeposedError, patiently
from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.operations import events
from kubedoor_api.operations.actions import ActionContext, Applied
from kubedoor_api.operations.edits import Edits
from kubedoor_api.operations.models import TargetState
from kubedoor_api.operations.notes import OperationNote, RefusedError, cluster_note, note, sentence
from kubedoor_api.operations.operation import Operation, Rollback, Target, TemplateBefore
from kubedoor_api.operations.plan import plan
from kubedoor_api.operations.repository import OperationRepository
from kubedoor_api.operations.resize import ResizeExpected, Resizer
from kubedoor_api.operations.rollout_watch import Outcome, RolloutPoller
from kubedoor_api.web.endpoint import Context
from kubedoor_core.errors import KubeDoorError, UnavailableError
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

ENDPOINTS = {"scale": "scaleService", "restart": "restartService", "resize": "resizeService"}
ROLLBACK = "rollbackService"
Governs = Callable[[str], bool]
Locks = Callable[[str], asyncio.Lock]


def expected_of(operation: Operation, target: Target) -> Expected:
    """Return what a rollout is to come to that an instance before this one began."""
    desired, after, before = target.desired, target.replicas_after, target.replicas_before
    if operation.kind == "scale":
        return Expected(replicas=after, fewer=after is not None and before is not None and after < before)
    if isinstance(desired, Rollback) and isinstance(desired.before, TemplateBefore):
        return Expected(restarted_by=desired.before.restarted_by or "")
    return Expected(restarted_by=operation.id)


def _why(error: Exception) -> OperationNote:
    if isinstance(error, RefusedError):
        return error.note
    if isinstance(error, AskingError):
        return cluster_note(error)
    return note("unforeseen", text=str(error) if isinstance(error, KubeDoorError) else type(error).__name__)


class TargetRunner:
    """Runs the targets of one operation.

    :param governs: tells whether a namespace is governed.
    :param locks: gives the lock of a service, so that two operations don't ask for it at the same time.
    """

    def __init__(
        self,
        context: Context,
        repository: OperationRepository,
        poller: RolloutPoller,
        governs: Governs,
        locks: Locks,
    ) -> None:
        self._context = context
        self._repository = repository
        self._poller = poller
        self._governs = governs
        self._locks = locks
        self._edits = Edits(context)
        self._control = CurrentControl(context, self._operation.env)

    @property
    def _operation(self) -> Operation:
        return self._repository.operation

    @property
    def _may_roll_back(self) -> bool:
        return self._operation.rollback_on_failure and not self._operation.rollback_of

    async def ask(self, index: int) -> Applied | None:
        """Ask the cluster for a target; return what came of it where there is a rollout to follow.

        :raises DeposedError: another instance has taken the operation over.
        """
        async with self._locks(self._repository.target(index).full_name):
            try:
                # From the start again while ClickHouse is away: nothing is done twice by that.
                applied = await patiently(
                    lambda: self._apply(index),
                    UnavailableError,
                    "operation.waiting",
                    operation=self._operation.id,
                    target=index,
                )
            except DeposedError:
                raise
            except Exception as error:
                if not isinstance(error, RefusedError | AskingError):
                    log.exception("operation.target_failed", operation=self._operation.id, target=index)
                await self._failed(index, _why(error))
                return None
        followed = applied.expected is not None
        target = self._repository.change(
            index,
            state="rolling_out" if followed else "succeeded",
            finished_at=None if followed else datetime.now(UTC),
            notes=applied.notes,
            replicas_after=applied.replicas,
        )
        await self._audit(target, "succeeded")
        await self._repository.save()
        return applied if followed else None

    async def _apply(self, index: int) -> Applied:
        target = self._repository.target(index)
        again = target.state != "pending"
        action = ActionContext(
            self._context, self._operation, target, self._edits, self._control, again=again
        )
        observed = await action.observe(target.desired, governed=self._governs(target.namespace))
        planned = plan(self._operation.env, target.namespace, target.name, target.desired, observed)
        if not again:
            self._repository.change(
                index,
                state="asking",
                before=planned.before,
                replicas_before=planned.live.replicas,
                started_at=datetime.now(UTC),
            )
            await self._repository.save()
        if not self._context[Leadership].leading(self._operation.env):
            raise DeposedError("another instance may be the leader by now")
        action = replace(action, operation=self._operation, target=self._repository.target(index))
        return await action.apply(target.desired, planned)

    async def _failed(self, index: int, why: OperationNote) -> None:
        """Note that the cluster did not do it; the control table's new count is rolled back where so set."""
        target = self._repository.target(index)
        if target.before and self._may_roll_back:
            await self.roll_back(index, why)
            return
        now = datetime.now(UTC)
        begun = target.started_at or now
        self._repository.change(index, started_at=begun)
        await self._audit(self._end(index, "failed", (why,), why), "failed")
        await self._repository.save()

    def _end(
        self,
        index: int,
        state: TargetState,
        notes: tuple[OperationNote, ...],
        why: OperationNote | None = None,
    ) -> Target:
        reason, now = why.reason if why else "", datetime.now(UTC)
        return self._repository.change(index, state=state, notes=notes, reason=reason, finished_at=now)

    async def follow(
        self, index: int, expected: Expected | ResizeExpected, notes: tuple[OperationNote, ...] = ()
    ) -> None:
        """Watch a rollout to its end, say whether it failed, and roll it back where so set.

        :param notes: what was noted when the cluster was asked, and stays true.
        """
        outcome = await self._watch(index, expected)
        if outcome is None:
            return
        if not outcome.failed:
            self._end(index, "succeeded", (outcome.why,) if outcome.why else notes, outcome.why)
        elif outcome.why:
            target = self._repository.target(index)
            await events.rollout_failed(self._context, self._operation, target, outcome.why)
            if self._may_roll_back:
                await self.roll_back(index, outcome.why)
                return
            self._end(index, "failed", (outcome.why,), outcome.why)
        await self._repository.save()

    async def _watch(self, index: int, expected: Expected | ResizeExpected) -> Outcome | None:
        async def waits(why: OperationNote) -> None:
            """Let people see what a rollout waits for, where that has changed."""
            target = self._repository.target(index)
            if target.state == "rolling_out" and target.notes != (why,):
                self._repository.change(index, notes=(why,))
                await self._repository.save()

        target, timeout_s = self._repository.target(index), self._operation.rollout_timeout_s
        if isinstance(expected, ResizeExpected):
            resizer = Resizer(self._context[Clusters], self._operation.env, target, expected)
            poll_s = self._context[ApiSettings].rollout_poll_s
            return await resizer.watch(timeout_s, poll_s, self._repository.cancelled, waits)
        return await self._poller.watch(target, expected, timeout_s, self._repository.cancelled, waits)

    async def roll_back(self, index: int, failure: OperationNote) -> None:
        """Restore what stood before a target, and wait until that has rolled out.

        It may be begun again after a death.

        :param failure: why.
        """
        reason = failure.reason
        target = self._repository.change(index, state="rolling_back", notes=(failure,), reason=reason)
        await self._repository.save()
        state: TargetState = "rolled_back"
        notes: tuple[OperationNote, ...] = (failure,)
        try:
            if target.before is None:
                raise TypeError("a rollback of what is not known")
            back = Rollback(operation=self._operation.id, before=target.before)
            action = ActionContext(self._context, self._operation, target, self._edits, self._control)
            observed = await action.observe(back, governed=True)
            planned = plan(self._operation.env, target.namespace, target.name, back, observed)
            applied = await action.apply(back, planned)
            self._repository.change(index, replicas_after=applied.replicas)
            outcome = await self._watch(index, applied.expected) if applied.expected else None
            if applied.expected and outcome is None:
                notes = (failure, note("unwatched"))
            elif outcome and outcome.failed and outcome.why:
                state, notes = "failed", (failure, note("rollback_failed"), outcome.why)
            else:
                notes = (failure, *applied.notes)
        except DeposedError:
            raise
        except KubeDoorError as error:
            state, notes = "failed", (failure, note("not_rolled_back"), _why(error))
        target = self._end(index, state, notes, failure)
        succeeded = state == "rolled_back"
        await events.audit(
            self._context, self._operation, target, ROLLBACK, "succeeded" if succeeded else "failed"
        )
        if succeeded:
            await events.rolled_back(self._context, self._operation, target, sentence(notes))
        await self._repository.save()

    async def _audit(self, target: Target, outcome: str) -> None:
        operation = self._operation
        action = ROLLBACK if operation.rollback_of else ENDPOINTS[operation.kind]
        await events.audit(self._context, operation, target, action, outcome)
