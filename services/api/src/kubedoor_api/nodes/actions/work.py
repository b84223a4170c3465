"""What drains and moves have in common: kept, cancelled, bounded in time; pods are evicted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kubedoor_api.kube import pods as kube
from kubedoor_api.kube import surroundings
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.objects.pods import Pod
from kubedoor_api.kube.retry import CONFLICT, FORBIDDEN, MISSING, AskingError
from kubedoor_api.nodes.actions.action import ActedPod, FailedError, NodeAction, StepName
from kubedoor_api.nodes.actions.repository import NODE_ACTIONS
from kubedoor_api.pods.observed import budgets_of
from kubedoor_api.web.endpoint import Context


class ActionCancelledError(Exception):
    """Somebody has cancelled the action."""


class Work:
    """One action under way in this instance.

    :ivar action: as it stands; what was saved of it may be older.
    """

    def __init__(self, context: Context, action: NodeAction) -> None:
        self.context = context
        self.action = action
        self._saved = action

    @property
    def env(self) -> str:
        """The env that it is in."""
        return self.action.env

    async def step(self, name: StepName) -> None:
        """Note a step, and return when it stands in ClickHouse."""
        self.action = self.action.with_step(name, datetime.now(UTC))
        await self.keep()

    def put(self, *pods: ActedPod) -> None:
        """Change pods; others can read it once it is kept."""
        for pod in pods:
            self.action = self.action.with_pod(pod)

    async def keep(self) -> None:
        """Save what has changed, and hear whether somebody has cancelled it meanwhile.

        :raises DeposedError: another instance has taken it over.
        """
        keep = NODE_ACTIONS.heard if self.action == self._saved else NODE_ACTIONS.save
        self.action = self._saved = await keep(self.context, self.action)

    def check_cancelled(self) -> None:
        """Stop where it was cancelled.

        :raises ActionCancelledError: it was.
        """
        if self.action.cancelled_by:
            raise ActionCancelledError

    def over(self, timeout_s: float) -> bool:
        """Tell whether it has taken longer than it may, also before a death."""
        began = self.action.started_at or datetime.now(UTC)
        return datetime.now(UTC) >= began + timedelta(seconds=timeout_s)


async def evict(context: Context, env: str, one: ActedPod, pod: Pod, grace_s: int | None) -> ActedPod:
    """Evict a pod by its uid; where that is refused it is `blocked`, with the reason.

    :param pod: as it was seen.
    :param grace_s: seconds that it has to end; None: as it says.
    :raises FailedError: the api may not evict.
    """
    clusters, asked = context[Clusters], replace(one, asked_at=datetime.now(UTC))
    try:
        await kube.evict(clusters, env, one.namespace, one.name, one.uid, grace_s)
    except kube.BudgetRefusesError:
        return replace(asked, state="blocked", reason="budget", detail=await _budgets(context, env, pod))
    except AskingError as error:
        if error.status == FORBIDDEN:
            raise FailedError(error.reason, str(error)) from error
        if error.status in {MISSING, CONFLICT}:  # gone, or another pod has its name: the next look tells
            return replace(asked, state="going", reason="", detail="")
        return replace(asked, state="blocked", reason=error.reason, detail=str(error))
    return replace(asked, state="going", reason="", detail="", grace_s=grace_s or one.grace_s)


async def _budgets(context: Context, env: str, pod: Pod) -> str:
    """Name the budgets that allow none to go."""
    namespace = str(pod["metadata"].get("namespace") or "")
    try:
        found = await surroundings.disruption_budgets(context[Clusters], env, namespace)
    except AskingError:
        return ""
    return ", ".join(one.name for one in budgets_of(found, pod) if one.allowed < 1)
