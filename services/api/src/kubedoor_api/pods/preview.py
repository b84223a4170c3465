"""What an action on a pod would do, and whether it may be done: the same for preview and request."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from kubedoor_api.access.roles import Right, Role, authorize, authorize_right
from kubedoor_api.config.environment import ApiSettings, PodActionGroup
from kubedoor_api.kube.commands import ContainerRef
from kubedoor_api.pods import isolating, ladder
from kubedoor_api.pods.action import ASKS_JVM, DIAGNOSES, FILES, IN_CONTAINER, ActionKind, FailedError
from kubedoor_api.pods.containers import Inside, containers_of, main_container
from kubedoor_api.pods.files import placing
from kubedoor_api.pods.files.placing import Foreseen
from kubedoor_api.pods.isolation import Isolation, removal
from kubedoor_api.pods.jvm import Jvm
from kubedoor_api.pods.models import (
    ActionParameters,
    AskedPodAction,
    BudgetView,
    FifoView,
    JvmView,
    PlaceView,
    PodActionPreview,
    PolicyEffectView,
    SelectedByView,
    Warn,
)
from kubedoor_api.pods.observed import Observed, is_ready, observe, ready_after, require_group, require_same
from kubedoor_api.settings import store
from kubedoor_api.web.endpoint import Caller, Context
from kubedoor_core.domain.env_policy import PRODUCTION_NAMESPACES
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

RIGHT_OF: dict[ActionKind, Right] = {
    "delete": Right.DELETE,
    "isolate": Right.ISOLATE,
    **dict.fromkeys(DIAGNOSES, Right.DIAGNOSE),
    **dict.fromkeys(FILES, Right.DUMP),
    "terminal": Right.EXEC,
}
GROUP_OF: dict[ActionKind, PodActionGroup] = {
    "delete": "delete",
    "isolate": "isolate",
    **dict.fromkeys(ASKS_JVM, "diagnose"),
    "terminal": "exec",
}


class Seen(NamedTuple):
    """A pod, looked at for an action.

    :ivar isolation: what isolating it takes off; None for another kind.
    :ivar container: what a JVM is asked in, or a terminal is opened in; empty for another kind.
    :ivar confirmed: whether the pod's name must be typed.
    :ivar serves: it would stand still though it is not isolated, and is not to be.
    """

    observed: Observed
    isolation: Isolation | None
    container: str
    confirmed: bool
    serves: bool


class Inner(NamedTuple):
    """What was seen in the container; nothing for an action that asks no JVM.

    :ivar room: that a file would have; None for another kind, or where there is no one JVM.
    """

    jvms: list[Jvm]
    room: Foreseen | None


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
    check_force(observed, asked.parameters)
    isolation, dumps = None, asked.kind == "heap_dump"
    before = dumps and asked.parameters.isolate_first and not observed.isolated
    if asked.kind == "isolate" or before:
        isolating.check(observed)
        isolation = await isolating.plan(context, env, asked.namespace, observed)
    container = _container(env, observed, asked) if asked.kind in IN_CONTAINER else ""
    policy = await store.policy(context, env)
    typed = asked.kind not in DIAGNOSES | {"jfr"} and policy[PRODUCTION_NAMESPACES].matches(asked.namespace)
    serves = dumps and isolation is None and not observed.isolated
    return Seen(observed, isolation, container, typed or serves, serves)


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


async def look_inside(context: Context, env: str, asked: AskedPodAction, seen: Seen) -> Inner:
    """Look for the JVMs that an action could ask, and for the room of a file.

    :raises AskingError: the cluster refuses.
    """
    if asked.kind not in ASKS_JVM:
        return Inner([], None)
    inside = Inside(context, ContainerRef(env, asked.namespace, asked.pod, seen.container), seen.observed.uid)
    try:
        jvms = await inside.jvms()
    except FailedError:
        return Inner([], None)
    meant = [one for one in jvms if asked.parameters.pid in {None, one.pid}]
    if asked.kind not in FILES or len(meant) != 1:
        return Inner(jvms, None)
    isolated = seen.isolation is not None or seen.observed.isolated
    return Inner(jvms, await placing.foreseen(context, inside, meant[0], asked.kind, isolated=isolated))


def lasts_h(context: Context, parameters: ActionParameters) -> int | None:
    """Return the hours after which an isolated pod is deleted; None where nothing here may delete it."""
    settings = context[ApiSettings]
    if "delete" not in settings.pod_action_groups:
        return None
    return parameters.until_h or settings.pod_isolate_h


def _warnings(context: Context, asked: AskedPodAction, seen: Seen, inner: Inner) -> list[Warn]:
    observed, isolation = seen.observed, seen.isolation
    found: list[Warn] = []
    if asked.kind in ASKS_JVM:
        found += ladder.warnings(context, inner.jvms, asked.parameters)
    if inner.room is not None:
        found += placing.warnings(asked.kind, inner.room, serves=seen.serves)
    if isolation is not None:
        hours = lasts_h(context, asked.parameters)
        found += isolating.warnings(observed, isolation, asked.parameters, hours)
    if asked.kind == "delete":
        found += warnings(observed, asked.parameters)
    return found


def preview_of(context: Context, asked: AskedPodAction, seen: Seen, inner: Inner) -> PodActionPreview:
    """Say what the action would do."""
    observed, isolation = seen.observed, seen.isolation
    first = (
        isolation is not None and asked.parameters.order == "replacement_first" and bool(isolation.owner_uid)
    )
    stays = isolation is None and asked.kind in IN_CONTAINER
    room = inner.room or placing.Foreseen(None, [])
    return PodActionPreview(
        kind=asked.kind,
        namespace=asked.namespace,
        pod=asked.pod,
        uid=observed.uid,
        ready_before=observed.ready,
        ready_after=observed.ready if first or stays else ready_after(observed),
        replaced_by=observed.maker if isolation is None or isolation.owner_uid else "",
        budgets=[BudgetView(name=one.name, allowed=one.allowed) for one in observed.budgets],
        services=[SelectedByView.model_validate(one) for one in isolation.services] if isolation else [],
        network_policies=[PolicyEffectView.model_validate(one) for one in isolation.policies]
        if isolation
        else [],
        patch=removal(observed.pod, isolation.labels, {}) if isolation else [],
        expires_after_h=lasts_h(context, asked.parameters) if isolation else None,
        container=seen.container,
        containers=containers_of(observed.pod) if asked.kind == "terminal" else [],
        jvms=[JvmView(pid=one.pid, main=one.main) for one in inner.jvms],
        needs_bytes=room.needs_bytes,
        places=[PlaceView.model_validate(one) for one in room.places],
        fifo=FifoView.model_validate(room.fifo) if room.fifo else None,
        confirm="name" if seen.confirmed else "",
        warnings=_warnings(context, asked, seen, inner),
    )


def expires_at(context: Context, asked: AskedPodAction, now: datetime, *, isolates: bool) -> datetime | None:
    """Return when the isolated pod is deleted; None: it is not, or the action is another."""
    hours = lasts_h(context, asked.parameters) if isolates else None
    return None if hours is None else now + timedelta(hours=hours)


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
