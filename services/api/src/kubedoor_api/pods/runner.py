"""Does one action on a pod, step by step; each step can be done again by whoever comes after a death."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import pods as kube
from kubedoor_api.kube import surroundings
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.retry import CONFLICT, MISSING, AskingError
from kubedoor_api.pods import events, repository
from kubedoor_api.pods.models import DeleteParameters
from kubedoor_api.pods.observed import budgets_of
from kubedoor_core.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kubedoor_api.pods.action import ActionKind, ActionReason, PodAction, StepName
    from kubedoor_api.web.endpoint import Context

log = get_logger(__name__)

DEFAULT_GRACE_S = 30
GONE_AFTER_S = 60.0
"""So long after its grace period a pod that is being deleted must be gone."""


class FailedError(Exception):
    """The action has failed; the message is for people, the reason for programs."""

    def __init__(self, reason: ActionReason, detail: str) -> None:
        super().__init__(detail)
        self.reason: ActionReason = reason


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
        ways: dict[ActionKind, Callable[[], Awaitable[None]]] = {"delete": self._delete}
        try:
            await ways[self._action.kind]()
        except FailedError as error:
            self._action = self._action.ended("failed", datetime.now(UTC), error.reason, str(error))
        except AskingError as error:
            self._action = self._action.ended("failed", datetime.now(UTC), error.reason, str(error))
        else:
            self._action = self._action.ended("done", datetime.now(UTC), self._action.reason)
        self._action = await repository.save(self._context, self._action)
        await events.finished(self._context, self._action)
        log.info(
            "pod_action.finished", action=self._action.id, env=self._action.env, state=self._action.state
        )

    async def _step(self, name: StepName) -> None:
        """Note a step, and return when it stands in ClickHouse."""
        self._action = self._action.with_step(name, datetime.now(UTC))
        self._action = await repository.save(self._context, self._action)

    async def _find(self) -> kube.Json | None:
        action = self._action
        return await kube.find(self._clusters, action.env, action.namespace, action.pod, action.uid)

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

    async def _ask_to_go(self, pod: kube.Json) -> None:
        action, parameters = self._action, DeleteParameters.model_validate(self._action.parameters)
        grace_s = 0 if parameters.force else parameters.grace_period_s
        ask = kube.evict if parameters.way == "evict" and not parameters.force else kube.delete
        try:
            await ask(self._clusters, action.env, action.namespace, action.pod, action.uid, grace_s)
        except kube.BudgetRefusesError as error:
            raise FailedError("budget_allows_none", await self._blocking(pod)) from error
        except AskingError as error:
            # Gone meanwhile, or another pod has its name: either way this one is no more.
            if error.status not in {MISSING, CONFLICT} or await self._find() is not None:
                raise

    async def _blocking(self, pod: kube.Json) -> str:
        """Name the budgets that allow none, and keep their names."""
        found = await surroundings.disruption_budgets(
            self._clusters, self._action.env, self._action.namespace
        )
        names = [budget.name for budget in budgets_of(found, pod) if budget.allowed < 1]
        self._action = replace(self._action, result={"blocked_by": names})
        named = f"the PodDisruptionBudget {', '.join(names)}" if names else "a PodDisruptionBudget"
        return f"{named} allows none to go now: try again later, or delete it without asking the budget"

    async def _until_gone(self, pod: kube.Json) -> None:
        parameters = DeleteParameters.model_validate(self._action.parameters)
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
