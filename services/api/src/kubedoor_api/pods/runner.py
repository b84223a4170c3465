"""Does one action on a pod, step by step; each step can be done again by whoever comes after a death."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import pods as kube
from kubedoor_api.kube import surroundings, workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.commands import ExecError
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.retry import CONFLICT, INVALID, MISSING, AskingError, Patch
from kubedoor_api.pods import events, ladder
from kubedoor_api.pods.action import DIAGNOSES, ActionKind, ActionState, FailedError, PodAction, StepName
from kubedoor_api.pods.containers import OF_COMMAND
from kubedoor_api.pods.files.dump import dump
from kubedoor_api.pods.files.placing import Note
from kubedoor_api.pods.files.pod_file import FileAccess, PodFile
from kubedoor_api.pods.files.recording import record
from kubedoor_api.pods.files.store import FileStore, StoreError
from kubedoor_api.pods.isolation import (
    ACTION,
    BY,
    LABELS,
    UNTIL,
    Isolation,
    held,
    isolation_of,
    removal,
    restoral,
)
from kubedoor_api.pods.models import ActionParameters
from kubedoor_api.pods.observed import budgets_of, replacement
from kubedoor_api.pods.repository import POD_ACTIONS
from kubedoor_api.pods.terminal.ending import FAILURES, end_shell
from kubedoor_api.web.endpoint import Context
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

DEFAULT_GRACE_S = 30
ENDS: dict[ActionState, ActionState] = {
    "undoing": "undone", "expiring": "expired", "removing": "removed", "closing": "done",
}  # fmt: skip
"""How those end that are no first run."""
PATCHES = 20
PATCH_AGAIN_S = 0.2
OUT_AFTER_S = 120.0
REMOVED_AGAIN = timedelta(minutes=1)
"""So long after a first attempt a file is tried to be removed once more."""
GONE_AFTER_S = 60.0
"""So long after its grace period a pod that is being deleted must be gone."""


class ActionRunner:
    """One action under way in this instance."""

    def __init__(self, context: Context, action: PodAction) -> None:
        self._context = context
        self._clusters = context[Clusters]
        self._action = action

    async def run(self) -> None:
        """Do what is left of it, and say how it ended.

        :raises DeposedError: another instance has taken it over.
        """
        ways: dict[ActionKind, Callable[[], Awaitable[None]]] = {
            "delete": self._delete,
            "isolate": self._isolate,
            "heap_dump": lambda: self._write_file(dump),
            "jfr": lambda: self._write_file(record),
            **dict.fromkeys(DIAGNOSES, self._diagnose),
        }
        turns = {
            "undoing": self._undo,
            "expiring": self._delete,
            "removing": self._remove_file,
            "closing": self._end_terminal,
        }
        state = ENDS.get(self._action.state, "done")
        try:
            await (turns.get(self._action.state) or ways[self._action.kind])()
        except (FailedError, AskingError) as error:
            # What could not be deleted is not tried for ever: people are told, and it stays listed.
            again = self._action.state in {"expiring", "removing"}
            expires_at = None if again else await self._cleared()
            ended = self._action.ended("failed", datetime.now(UTC), error.reason, str(error))
            result = {**ended.result, **(error.result if isinstance(error, FailedError) else {})}
            self._action = replace(ended, expires_at=expires_at, result=result)
        else:
            self._action = self._action.ended(state, datetime.now(UTC), self._action.reason)
        audit = events.audit_of_end(self._action)
        self._action = await POD_ACTIONS.save(self._context, self._action, audit)
        await events.failed(self._context, self._action)
        log.info(
            "pod_action.finished", pod_action=self._action.id, env=self._action.env, state=self._action.state
        )

    async def _step(self, name: StepName) -> None:
        """Note a step, and return when it stands in ClickHouse."""
        self._action = self._action.with_step(name, datetime.now(UTC))
        self._action = await POD_ACTIONS.save(self._context, self._action)

    async def _find(self) -> Pod | None:
        action = self._action
        return await kube.find(self._clusters, action.env, action.namespace, action.pod, action.uid)

    async def _relabel(self, patch_of: Callable[[Pod], list[Patch]]) -> None:
        """Patch the pod as it is now; where it has changed meanwhile, as it is then.

        :raises FailedError: it is gone, or changes faster than it can be patched.
        """
        action = self._action
        for _ in range(PATCHES):
            pod = await self._find()
            if pod is None:
                raise FailedError("gone_already", "the pod is gone")
            patch = patch_of(pod)
            if not patch:
                return
            try:
                await kube.relabel(self._clusters, action.env, action.namespace, action.pod, patch)
            except AskingError as error:
                if error.status not in {CONFLICT, INVALID}:
                    raise
                await asyncio.sleep(PATCH_AGAIN_S)
            else:
                return
        raise FailedError("keeps_changing", f"the pod changed {PATCHES} times while it was being patched")

    async def _diagnose(self) -> None:
        found = await ladder.diagnose(self._context, self._action, self._step)
        self._action = replace(
            self._action, result=found.result, reason=found.reason, bytes=found.bytes, sha256=found.sha256
        )

    async def _note(self, action: PodAction, name: StepName) -> PodAction:
        self._action = action
        await self._step(name)
        return self._action

    async def _write_file(self, write: Callable[[Context, PodAction, Note], Awaitable[PodAction]]) -> None:
        try:
            self._action = await write(self._context, self._action, self._note)
        except ExecError as error:
            raise FailedError(OF_COMMAND[error.reason], str(error)) from error

    async def _end_terminal(self) -> None:
        if await end_shell(self._context, self._action):
            await self._step("shell_ended")
        if self._action.reason in FAILURES:
            raise FailedError(self._action.reason, self._action.detail)

    async def _remove_file(self) -> None:
        file, kept = PodFile.of(self._action.result), self._action.result.get("kept")
        if file is None and kept is None:
            return
        if file is not None:
            await FileAccess(self._context, self._action, file).remove()
        if kept is not None:
            try:
                await self._context[FileStore].remove(kept)
            except StoreError as error:
                raise FailedError(
                    "not_removed", f"{kept} may still be in the object store: {error}"
                ) from error
        left = {name: value for name, value in self._action.result.items() if name not in {"file", "kept"}}
        self._action = replace(self._action, result=left, expires_at=None)
        await self._step("file_removed")

    async def _cleared(self) -> datetime | None:
        """Remove what an action wrote that failed; return when to try again, or `expires_at`."""
        try:
            await self._remove_file()
        except (FailedError, AskingError) as error:
            log.warning("pod_action.file_left", pod_action=self._action.id, reason=str(error))
            return datetime.now(UTC) + REMOVED_AGAIN
        return self._action.expires_at

    async def _isolate(self) -> None:
        action, found = self._action, isolation_of(self._action.before)
        parameters = ActionParameters.model_validate(action.parameters)
        marks = {
            ACTION: action.id,
            LABELS: json.dumps(found.labels),
            BY: action.requested_by,
            UNTIL: action.expires_at.isoformat(timespec="seconds") if action.expires_at else "",
        }
        first = bool(found.owner_uid) and parameters.order == "replacement_first"
        if found.owner_keys and not action.did("let_go"):
            keys = found.owner_keys if first else tuple(found.labels)
            await self._relabel(lambda pod: removal(pod, keys, marks))
            await self._step("let_go")
        if first:
            await self._until_replaced(found)
        await self._relabel(lambda pod: removal(pod, found.labels, marks))
        await self._step("out_of_services")
        await self._until_out(found)
        if found.owner_uid and not first:
            await self._until_replaced(found)

    async def _until_replaced(self, found: Isolation) -> None:
        """Wait until a pod that is none of those before takes requests."""
        action = self._action

        async def replaced() -> bool:
            pods = await workloads.pods(self._clusters, action.env, action.namespace, "")
            return replacement(found.owner_uid, (*found.siblings, action.uid), pods) is not None

        timeout_s = self._context[ApiSettings].rollout_timeout_s
        if not await self._wait(replaced, timeout_s):
            detail = (
                f"no new pod took requests within {timeout_s} s; what was taken off stays off until undone"
            )
            raise FailedError("no_replacement", detail)
        await self._step("replacement_ready")

    async def _until_out(self, found: Isolation) -> None:
        """Wait until no EndpointSlice holds the pod."""
        action, names = self._action, [one.name for one in found.services]

        async def out() -> bool:
            slices = await kube.endpoint_slices(self._clusters, action.env, action.namespace, names)
            return not held(slices, action.uid)

        if names and not await self._wait(out, OUT_AFTER_S):
            detail = f"an EndpointSlice of {', '.join(names)} still holds it after {OUT_AFTER_S:.0f} s"
            raise FailedError("endpoints_left", detail)
        await self._step("endpoints_gone")

    async def _wait(self, holds: Callable[[], Awaitable[bool]], timeout_s: float) -> bool:
        ends_at = time.monotonic() + timeout_s
        while not await holds():
            if time.monotonic() >= ends_at:
                return False
            await asyncio.sleep(self._context[ApiSettings].rollout_poll_s)
        return True

    async def _undo(self) -> None:
        labels = isolation_of(self._action.before).labels
        await self._relabel(lambda pod: restoral(pod, labels))
        await self._step("labels_back")

    async def _delete(self) -> None:
        pod = await self._find()
        if pod is None and not self._action.did("asked"):
            self._action = replace(self._action, reason="gone_already")
            return
        if pod is not None and not (self._action.did("asked") and pod["metadata"].get("deletionTimestamp")):
            await self._ask_to_go(pod)
        await self._step("asked")
        await self._until_gone(pod or {})
        await self._step("gone")

    async def _ask_to_go(self, pod: Pod) -> None:
        action, parameters = self._action, ActionParameters.model_validate(self._action.parameters)
        grace_s = 0 if parameters.force else parameters.grace_period_s
        evicts = action.kind == "delete" and parameters.way == "evict" and not parameters.force
        ask = kube.evict if evicts else kube.delete
        try:
            await ask(self._clusters, action.env, action.namespace, action.pod, action.uid, grace_s)
        except kube.BudgetRefusesError as error:
            raise FailedError("budget_allows_none", await self._blocking(pod)) from error
        except AskingError as error:
            # Gone meanwhile, or another pod has its name: either way this one is no more.
            if error.status not in {MISSING, CONFLICT} or await self._find() is not None:
                raise

    async def _blocking(self, pod: Pod) -> str:
        """Name the budgets that allow none, and keep their names."""
        found = await surroundings.disruption_budgets(
            self._clusters, self._action.env, self._action.namespace
        )
        names = [budget.name for budget in budgets_of(found, pod) if budget.allowed < 1]
        self._action = replace(self._action, result={"blocked_by": names})
        named = f"the PodDisruptionBudget {', '.join(names)}" if names else "a PodDisruptionBudget"
        return f"{named} allows none to go now: try again later, or delete it without asking the budget"

    async def _until_gone(self, pod: Pod) -> None:
        parameters = ActionParameters.model_validate(self._action.parameters)
        own_s = (pod.get("spec") or {}).get("terminationGracePeriodSeconds")
        grace_s = parameters.grace_period_s or (DEFAULT_GRACE_S if own_s is None else own_s)
        ends_at = time.monotonic() + grace_s + GONE_AFTER_S
        while await self._find() is not None:
            if time.monotonic() >= ends_at:
                node = (pod.get("spec") or {}).get("nodeName") or "no node"
                raise FailedError(
                    "still_there",
                    f"it is being deleted, and still there after its grace period of {grace_s} s: look at its"
                    f" node ({node}) and at its finalizers",
                )
            await asyncio.sleep(self._context[ApiSettings].rollout_poll_s)
