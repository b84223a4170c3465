"""Deleting and evicting a pod: what it would come to. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubedoor_api.pods.observed import is_ready
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from kubedoor_api.pods.models import ActionParameters, Warn
    from kubedoor_api.pods.observed import Observed


def ready_after(observed: Observed) -> int:
    """Return how many of the siblings take requests once the pod is gone, before a new one is there."""
    return observed.ready - is_ready(observed.pod)


def warnings(observed: Observed, parameters: ActionParameters) -> list[Warn]:
    """Return what should be known before the pod goes."""
    blocked = any(budget.allowed < 1 for budget in observed.budgets) and is_ready(observed.pod)
    found: dict[Warn, bool] = {
        "no_replacement": not observed.maker,
        "last_ready": observed.ready > 0 and not ready_after(observed),
        "budget_allows_none": blocked and parameters.way == "evict",
        "budget_ignored": blocked and parameters.way == "delete",
        "runs_on_unseen": parameters.force,
    }
    return [name for name, holds in found.items() if holds]


def check_force(observed: Observed, parameters: ActionParameters) -> None:
    """Refuse to take out a pod without asking a node that there is.

    :raises Problem: 409.
    """
    if parameters.force and not observed.node_gone:
        node = str((observed.pod.get("spec") or {}).get("nodeName") or "")
        name = observed.pod["metadata"]["name"]
        raise Problem(
            409,
            f"{name} is on the node {node or '(none yet)'}, which is there: forcing is for pods whose node is"
            " gone, as two of them could run otherwise; delete it without force",
            code=ProblemCode.NODE_IS_THERE,
            parameters={"pod": name, "node": node},
        )
