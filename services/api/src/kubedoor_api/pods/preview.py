"""What an action on a pod would do, and whether it may be done: the same for preview and request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubedoor_api.access.roles import Right, Role, authorize, authorize_right
from kubedoor_api.pods import deletion
from kubedoor_api.pods.groups import require_group
from kubedoor_api.pods.models import BudgetView, PodActionPreview
from kubedoor_api.pods.observed import observe, require_same
from kubedoor_api.settings import store
from kubedoor_core.domain.env_policy import PRODUCTION_NAMESPACES

if TYPE_CHECKING:
    from kubedoor_api.pods.action import ActionKind
    from kubedoor_api.pods.models import AskedPodAction
    from kubedoor_api.web.endpoint import Caller, Context

RIGHT_OF: dict[ActionKind, Right] = {"delete": Right.DELETE}


def authorize_action(caller: Caller, context: Context, env: str, asked: AskedPodAction) -> None:
    """Refuse whoever may not do this, and what is not switched on.

    :raises Problem: 403, 409.
    """
    grants = caller.principal.grants
    authorize(grants, Role.OPERATOR, env, asked.namespace)
    authorize_right(grants, RIGHT_OF[asked.kind], env, asked.namespace)
    require_group(context, env, asked.namespace, asked.kind)


async def preview(context: Context, env: str, asked: AskedPodAction) -> PodActionPreview:
    """Look at the pod, and say what the action would do.

    :raises Problem: 404, 409.
    """
    observed = await observe(context, env, asked.namespace, asked.pod)
    if asked.uid is not None:
        require_same(observed, asked.uid, env)
    deletion.check_force(observed, asked.parameters)
    policy = await store.policy(context, env)
    production = policy[PRODUCTION_NAMESPACES].matches(asked.namespace)
    return PodActionPreview(
        kind=asked.kind,
        namespace=asked.namespace,
        pod=asked.pod,
        uid=observed.uid,
        ready_before=observed.ready,
        ready_after=deletion.ready_after(observed),
        replaced_by=observed.maker,
        budgets=[BudgetView(name=one.name, allowed=one.allowed) for one in observed.budgets],
        confirm="name" if production else "",
        warnings=deletion.warnings(observed, asked.parameters),
    )
