"""One step of an operation: ask the cluster, watch the rollout, tell a failure, roll it back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.kube.rollout import Expected, Verdict, judge
from kubedoor_api.leader.leadership import Leadership
from kubedoor_api.operations import notifications
from kubedoor_api.operations.actions import ActionContext, Applied, apply, observe
from kubedoor_api.operations.desired import BEFORE, WANTED, Rollback, TemplateBefore
from kubedoor_api.operations.expert import Edits
from kubedoor_api.operations.plan import RefusedError, plan
from kubedoor_api.operations.repository import DeposedError
from kubedoor_core.errors import KubeDoorError, UnavailableError
from kubedoor_core.logs import get_logger

if TYPE_CHECKING:
    from kubedoor_api.operations.job import Job, Step
    from kubedoor_api.operations.models import Reason
    from kubedoor_api.operations.plan import Desired, Plan
    from kubedoor_api.operations.repository import OperationRepository
    from kubedoor_api.operations.rollout_poller import RolloutPoller
    from kubedoor_api.web.endpoint import Context

log = get_logger(__name__)

ACTIONS = {"scale": "scaleService", "restart": "restartService"}
ACTION_BACK = "rollbackService"
RETRY_S = 1.0
UNWATCHED = "cancelled: the rollout was not watched to the end"

Governs = Callable[[str], bool]
Locks = Callable[[str], asyncio.Lock]


def expected_of(job: Job, step: Step) -> Expected:
    """Return what a rollout is to come to that an instance before this one began."""
    wanted, after, before = WANTED.validate_json(step.wanted), step.replicas_after, step.replicas_before
    if job.kind == "scale":
        return Expected(replicas=after, fewer=after is not None and before is not None and after < before)
    if isinstance(wanted, Rollback) and isinstance(wanted.before, TemplateBefore):
        return Expected(restarted_by=wanted.before.restarted_by or "")
    return Expected(restarted_by=job.id)


class Steps:
    """The steps of one operation.

    :param governs: tells whether a namespace is governed.
    :param locks: gives the lock of a service, so that two operations don't ask for it at the same time.
    """

    def __init__(
        self,
        context: Context,
        journal: OperationRepository,
        poller: RolloutPoller,
        governs: Governs,
        locks: Locks,
    ) -> None:
        self._context = context
        self._journal = journal
        self._poller = poller
        self._governs = governs
        self._locks = locks
        self._edits = Edits(context)

    @property
    def _job(self) -> Job:
        return self._journal.job

    @property
    def _action(self) -> str:
        return ACTION_BACK if self._job.rollback_of else ACTIONS[self._job.kind]

    async def ask(self, index: int) -> Applied | None:
        """Ask the cluster for a step; return what came of it where there is a rollout to follow.

        :raises DeposedError: another instance has taken the operation over.
        """
        async with self._locks(self._journal.step(index).full_name):
            try:
                done = await self._done(index)
            except DeposedError:
                raise
            except (RefusedError, AskingError) as error:
                await self._failed(index, str(error), error.reason)
                return None
            except Exception as error:
                log.exception("operation.step_failed", operation=self._job.id, step=index)
                words = str(error) if isinstance(error, KubeDoorError) else type(error).__name__
                await self._failed(index, f"KubeDoor could not go on: {words}", "unforeseen")
                return None
        return await self._asked(index, done)

    async def _done(self, index: int) -> Applied:
        """Act, and again from the start while ClickHouse is away: nothing is done twice by that."""
        while True:
            try:
                return await self._act(index)
            except (DeposedError, AskingError):
                raise
            except UnavailableError as error:
                log.warning("operation.waiting", operation=self._job.id, step=index, reason=str(error))
                await asyncio.sleep(RETRY_S)

    async def _act(self, index: int) -> Applied:
        step = self._journal.step(index)
        action = ActionContext(self._context, self._job, step, self._edits, again=step.state == "asking")
        desired = WANTED.validate_json(step.wanted)
        made = await self._plan(action, desired, governed=self._governs(step.namespace))
        if not action.again:
            before, now, replicas = made.before.model_dump_json(), datetime.now(UTC), made.replicas_before
            self._journal.note(index, state="asking", before=before, replicas_before=replicas, started_at=now)
            await self._journal.save()
        if not self._context[Leadership].leading(self._job.env):
            raise DeposedError("another instance may be the leader by now")
        return await apply(replace(action, job=self._job, step=self._journal.step(index)), desired, made)

    async def _plan(self, action: ActionContext, desired: Desired, *, governed: bool) -> Plan:
        step, observed = action.step, await observe(action, desired, governed=governed)
        return plan(action.job.env, step.namespace, step.name, desired, observed)

    async def _asked(self, index: int, done: Applied) -> Applied | None:
        changes: dict[str, Any] = {"state": "rolling_out"}
        if done.expected is None:
            changes = {"state": "succeeded", "finished_at": datetime.now(UTC)}
        step = self._journal.note(index, detail=done.detail, replicas_after=done.replicas, **changes)
        await notifications.audit(self._context, self._job, step, self._action, "succeeded")
        await self._journal.save()
        return done if done.expected is not None else None

    async def _failed(self, index: int, detail: str, reason: Reason) -> None:
        """Note that the cluster did not do it; the control table's new count is rolled back where so set."""
        step = self._journal.step(index)
        if step.before and self._may_roll_back:
            await self.roll_back(index, detail, reason)
            return
        now = datetime.now(UTC)
        times = {"started_at": step.started_at or now, "finished_at": now}
        step = self._journal.note(index, state="failed", detail=detail, reason=reason, **times)
        await notifications.audit(self._context, self._job, step, self._action, "failed")
        await self._journal.save()

    @property
    def _may_roll_back(self) -> bool:
        return self._job.rollback_on_failure and not self._job.rollback_of

    async def follow(self, index: int, expected: Expected, said: str = "") -> None:
        """Watch a rollout to its end, note it, tell a failure, and roll it back where so set.

        :param said: what was told when the cluster was asked, and stays true.
        """
        verdict = await self._verdict(index, expected)
        if verdict is None:
            return
        now = datetime.now(UTC)
        if verdict.state != "failed":
            detail, reason = verdict.detail or said, "overtaken" if verdict.state == "overtaken" else ""
            self._journal.note(index, state="succeeded", detail=detail, reason=reason, finished_at=now)
            await self._journal.save()
            return
        step, kind = self._journal.step(index), verdict.kind or "no_progress"
        await notifications.rollout_failed(self._context, self._job, step, kind, verdict.detail)
        if self._may_roll_back:
            await self.roll_back(index, verdict.detail, kind)
            return
        self._journal.note(index, state="failed", detail=verdict.detail, reason=kind, finished_at=now)
        await self._journal.save()

    async def _verdict(self, index: int, expected: Expected) -> Verdict | None:
        """Look until a rollout is through or has failed; None where the operation is cancelled meanwhile."""
        step, job = self._journal.step(index), self._job
        deadline = (step.started_at or datetime.now(UTC)) + timedelta(seconds=job.rollout_timeout_s)
        soak = timedelta(seconds=self._context[ApiSettings].rollout_soak_s)
        through_since: datetime | None = None
        while not self._journal.cancelled.is_set():
            verdict, now = await self._look(step, expected), datetime.now(UTC)
            if verdict.state in {"failed", "overtaken"}:
                return verdict
            if verdict.state == "through":
                through_since = through_since or now
                if now >= through_since + soak:
                    return verdict
                continue
            through_since = None
            if now >= deadline:
                late = f"no end in {job.rollout_timeout_s} s: {verdict.detail}"
                return Verdict("failed", late, "no_progress")
            await self._say(index, verdict.detail)
        return None

    async def _look(self, step: Step, expected: Expected) -> Verdict:
        look = await self._poller.next(step.namespace, step.name)
        if look.deployment is not None:
            return judge(look.deployment, look.pods, expected)
        if look.trouble:
            return Verdict("under_way", look.trouble)
        return Verdict("failed", f"{step.full_name} is gone", "no_progress")

    async def _say(self, index: int, detail: str) -> None:
        """Let people see what a rollout waits for, where that has changed."""
        step = self._journal.step(index)
        if step.state == "rolling_out" and detail != step.detail:
            self._journal.note(index, detail=detail)
            await self._journal.save()

    async def roll_back(self, index: int, failure: str, reason: Reason) -> None:
        """Restore what stood before a step, and wait until that has rolled out.

        It may be begun again after a death.

        :param failure: why, in words; `reason` in one.
        """
        step = self._journal.note(index, state="rolling_back", detail=failure, reason=reason)
        await self._journal.save()
        back = Rollback(operation=self._job.id, before=BEFORE.validate_json(step.before))
        state, detail = "rolled_back", failure
        try:
            action = ActionContext(self._context, self._job, step, self._edits)
            done = await apply(action, back, await self._plan(action, back, governed=True))
            step = self._journal.note(index, replicas_after=done.replicas)
            verdict = await self._verdict(index, done.expected) if done.expected else Verdict("through")
            told = UNWATCHED if verdict is None else done.detail
            detail = "; ".join(filter(None, (failure, told)))
            if verdict is not None and verdict.state == "failed":
                state, detail = "failed", f"{failure}; rolled back, and that failed too: {verdict.detail}"
        except DeposedError:
            raise
        except KubeDoorError as error:
            state, detail = "failed", f"{failure}; it could not be rolled back: {error}"
        await self._ended(index, state, detail)

    async def _ended(self, index: int, state: str, detail: str) -> None:
        step = self._journal.note(index, state=state, detail=detail, finished_at=datetime.now(UTC))
        outcome = "succeeded" if state == "rolled_back" else "failed"
        await notifications.audit(self._context, self._job, step, ACTION_BACK, outcome)
        if state == "rolled_back":
            await notifications.rolled_back(self._context, self._job, step, detail)
        await self._journal.save()
