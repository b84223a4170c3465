"""What an action on a pod would do, and whether it may be done: the same for preview and request."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from kubedoor_api.access.roles import Right, Role, authorize, authorize_right
from kubedoor_api.config.environment import ApiSettings, PodActionGroup
from kubedoor_api.kube.commands import ContainerRef
from kubedoor_api.pods import deletion, diagnosing, isolating
from kubedoor_api.pods.action import DIAGNOSES, ActionKind, FailedError
from kubedoor_api.pods.containers import Inside, main_container
from kubedoor_api.pods.groups import require_group
from kubedoor_api.pods.isolation import removal
from kubedoor_api.pods.models import (
    BudgetView,
    JvmView,
    PodActionPreview,
    PolicyEffectView,
    SelectedByView,
)
from kubedoor_api.pods.observed import Observed, observe, require_same
from kubedoor_api.settings import store
from kubedoor_core.domain.env_policy import PRODUCTION_NAMESPACES
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from datetime import datetime

    from kubedoor_api.pods.isolation import Isolation
    from kubedoor_api.pods.jvm import Jvm
    from kubedoor_api.pods.models import ActionParameters, AskedPodAction
    from kubedoor_api.web.endpoint import Caller, Context

RIGHT_OF: dict[ActionKind, Right] = {
    "delete": Right.DELETE,
    "isolate": Right.ISOLATE,
    **dict.fromkeys(DIAGNOSES, Right.DIAGNOSE),
}
GROUP_OF: dict[ActionKind, PodActionGroup] = {
    "delete": "delete",
    "isolate": "isolate",
    **dict.fromkeys(DIAGNOSES, "diagnose"),
}


class Seen(NamedTuple):
    """A pod, looked at for an action.

    :ivar isolation: what isolating it takes off; None for another kind.
    :ivar container: what a JVM is asked in; empty for another kind.
    :ivar confirmed: whether the pod's name must be typed.
    """

    observed: Observed
    isolation: Isolation | None
    container: str
    confirmed: bool


def authorize_action(caller: Caller, context: Context, env: str, kind: ActionKind, namespace: str) -> None:
    """Refuse whoever may not do this, and what is not switched on.

    :raises Problem: 403, 409.
    """
    grants = caller.principal.grants
    authorize(grants, Role.OPERATOR, env, namespace)
    authorize_right(grants, RIGHT_OF[kind], env, namespace)
    require_group(context, env, namespace, GROUP_OF[kind])


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
    container = _container(env, observed, asked) if asked.kind in DIAGNOSES else ""
    policy = await store.policy(context, env)
    typed = asked.kind not in DIAGNOSES and policy[PRODUCTION_NAMESPACES].matches(asked.namespace)
    return Seen(observed, isolation, container, typed)


def _container(env: str, observed: Observed, asked: AskedPodAction) -> str:
    try:
        return main_container(observed.pod, asked.container)
    except FailedError as error:
        raise Problem(
            409,
            f"{asked.pod}: {error}",
            code=ProblemCode.NO_CONTAINER,
            parameters={"env": env, "pod": asked.pod, "container": asked.container},
        ) from error


async def jvms_in(context: Context, env: str, asked: AskedPodAction, seen: Seen) -> list[Jvm]:
    """Return the JVMs that an action could ask; none for one that asks no JVM, and where none can be seen.

    :raises AskingError: the cluster refuses.
    """
    if not seen.container:
        return []
    where = ContainerRef(env, asked.namespace, asked.pod, seen.container)
    try:
        return await Inside(context, where, seen.observed.uid).jvms()
    except FailedError:
        return []


def lasts_h(context: Context, parameters: ActionParameters) -> int | None:
    """Return the hours after which an isolated pod is deleted; None where nothing here may delete it."""
    settings = context[ApiSettings]
    if "delete" not in settings.pod_action_groups:
        return None
    return parameters.until_h or settings.pod_isolate_h


def preview_of(context: Context, asked: AskedPodAction, seen: Seen, jvms: list[Jvm]) -> PodActionPreview:
    """Say what the action would do.

    :param jvms: that it could ask.
    """
    observed, isolation = seen.observed, seen.isolation
    if seen.container:
        of_kind = diagnosing.warnings(context, jvms, asked.parameters)
    elif isolation:
        hours = lasts_h(context, asked.parameters)
        of_kind = isolating.warnings(observed, isolation, asked.parameters, hours)
    else:
        of_kind = deletion.warnings(observed, asked.parameters)
    first = isolation is not None and asked.parameters.order == "replacement_first" and bool(observed.maker)
    return PodActionPreview(
        kind=asked.kind,
        namespace=asked.namespace,
        pod=asked.pod,
        uid=observed.uid,
        ready_before=observed.ready,
        ready_after=observed.ready if first or seen.container else deletion.ready_after(observed),
        replaced_by=observed.maker,
        budgets=[BudgetView(name=one.name, allowed=one.allowed) for one in observed.budgets],
        services=[SelectedByView.model_validate(one) for one in isolation.services] if isolation else [],
        network_policies=[PolicyEffectView.model_validate(one) for one in isolation.policies]
        if isolation
        else [],
        patch=removal(observed.pod, isolation.labels, {}) if isolation else [],
        expires_after_h=lasts_h(context, asked.parameters) if isolation else None,
        container=seen.container,
        jvms=[JvmView(pid=one.pid, main=one.main) for one in jvms],
        confirm="name" if seen.confirmed else "",
        warnings=of_kind,
    )


def expires_at(context: Context, asked: AskedPodAction, now: datetime) -> datetime | None:
    """Return when the isolated pod is deleted; None: it is not, or the action is another."""
    hours = lasts_h(context, asked.parameters) if asked.kind == "isolate" else None
    return None if hours is None else now + timedelta(hours=hours)
