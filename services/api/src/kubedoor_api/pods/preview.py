"""What an action on a pod would do, and whether it may be done: the same for preview and request."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from kubedoor_api.access.roles import Right, Role, authorize, authorize_right
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.pods import deletion, isolating
from kubedoor_api.pods.action import ActionKind
from kubedoor_api.pods.groups import require_group
from kubedoor_api.pods.isolation import removal
from kubedoor_api.pods.models import (
    BudgetView,
    PodActionPreview,
    PolicyEffectView,
    SelectedByView,
)
from kubedoor_api.pods.observed import Observed, observe, require_same
from kubedoor_api.settings import store
from kubedoor_core.domain.env_policy import PRODUCTION_NAMESPACES

if TYPE_CHECKING:
    from datetime import datetime

    from kubedoor_api.pods.isolation import Isolation
    from kubedoor_api.pods.models import ActionParameters, AskedPodAction
    from kubedoor_api.web.endpoint import Caller, Context

RIGHT_OF: dict[ActionKind, Right] = {"delete": Right.DELETE, "isolate": Right.ISOLATE}


class Seen(NamedTuple):
    """A pod, looked at for an action.

    :ivar isolation: what isolating it takes off; None for another kind.
    :ivar confirmed: whether the pod's name must be typed.
    """

    observed: Observed
    isolation: Isolation | None
    confirmed: bool


def authorize_action(caller: Caller, context: Context, env: str, kind: ActionKind, namespace: str) -> None:
    """Refuse whoever may not do this, and what is not switched on.

    :raises Problem: 403, 409.
    """
    grants = caller.principal.grants
    authorize(grants, Role.OPERATOR, env, namespace)
    authorize_right(grants, RIGHT_OF[kind], env, namespace)
    require_group(context, env, namespace, kind)


async def look(context: Context, env: str, asked: AskedPodAction) -> Seen:
    """Look at the pod, and refuse what can't be done to it.

    :raises Problem: 404, 409.
    """
    observed = await observe(context, env, asked.namespace, asked.pod)
    if asked.uid is not None:
        require_same(observed, asked.uid, env)
    deletion.check_force(observed, asked.parameters)
    isolation = None
    if asked.kind == "isolate":
        isolating.check(observed)
        isolation = await isolating.plan(context, env, asked.namespace, observed)
    policy = await store.policy(context, env)
    return Seen(observed, isolation, policy[PRODUCTION_NAMESPACES].matches(asked.namespace))


def lasts_h(context: Context, parameters: ActionParameters) -> int | None:
    """Return the hours after which an isolated pod is deleted; None where nothing here may delete it."""
    settings = context[ApiSettings]
    if "delete" not in settings.pod_action_groups:
        return None
    return parameters.until_h or settings.pod_isolate_h


def preview_of(context: Context, asked: AskedPodAction, seen: Seen) -> PodActionPreview:
    """Say what the action would do."""
    observed, isolation = seen.observed, seen.isolation
    of_kind = (
        isolating.warnings(observed, isolation, asked.parameters, lasts_h(context, asked.parameters))
        if isolation
        else deletion.warnings(observed, asked.parameters)
    )
    first = isolation is not None and asked.parameters.order == "replacement_first" and bool(observed.maker)
    return PodActionPreview(
        kind=asked.kind,
        namespace=asked.namespace,
        pod=asked.pod,
        uid=observed.uid,
        ready_before=observed.ready,
        ready_after=observed.ready if first else deletion.ready_after(observed),
        replaced_by=observed.maker,
        budgets=[BudgetView(name=one.name, allowed=one.allowed) for one in observed.budgets],
        services=[SelectedByView.model_validate(one) for one in isolation.services] if isolation else [],
        network_policies=[PolicyEffectView.model_validate(one) for one in isolation.policies]
        if isolation
        else [],
        patch=removal(observed.pod, isolation.labels, {}) if isolation else [],
        expires_after_h=lasts_h(context, asked.parameters) if isolation else None,
        confirm="name" if seen.confirmed else "",
        warnings=of_kind,
    )


def expires_at(context: Context, asked: AskedPodAction, now: datetime) -> datetime | None:
    """Return when the isolated pod is deleted; None: it is not, or the action is another."""
    hours = lasts_h(context, asked.parameters) if asked.kind == "isolate" else None
    return None if hours is None else now + timedelta(hours=hours)
