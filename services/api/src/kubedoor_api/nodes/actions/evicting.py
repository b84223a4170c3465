"""Asks a pod to go, with its PodDisruptionBudgets, and says what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kubedoor_api.kube import pods as kube
from kubedoor_api.kube import surroundings
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.retry import CONFLICT, FORBIDDEN, MISSING, AskingError
from kubedoor_api.nodes.actions.action import ActedPod, FailedError
from kubedoor_api.pods.observed import budgets_of

if TYPE_CHECKING:
    from kubedoor_api.kube.objects.pods import Pod
    from kubedoor_api.web.endpoint import Context


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
