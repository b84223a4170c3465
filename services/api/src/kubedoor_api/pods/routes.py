"""The endpoints of actions on pods."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from functools import partial

from kubedoor_api.access.roles import Role, authorize, authorize_right
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.config.environment import POD_ACTION_GROUPS, ApiSettings, PodActionGroup
from kubedoor_api.kube.problems import forbidden
from kubedoor_api.kube.retry import FORBIDDEN, AskingError
from kubedoor_api.pods import queries, repository, serializers
from kubedoor_api.pods.action import PodAction
from kubedoor_api.pods.models import (
    PARAMETERS,
    ActionPath,
    AskedPodAction,
    NewPodAction,
    PodActionList,
    PodActionPreview,
    PodActionQuery,
    PodActionView,
)
from kubedoor_api.pods.preview import RIGHT_OF, Seen, authorize_action, expires_at, jvms_in, look, preview_of
from kubedoor_api.web.endpoint import Call, Caller, Context, Download, Stream, endpoint
from kubedoor_api.web.fields import EnvPath, Model, Nothing
from kubedoor_api.web.paging import page_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem, unavailable

COLLECTION = "/envs/{env}/pod-actions"
ITEM = COLLECTION + "/{id}"


class ActionGroup(Model):
    """A group of actions on pods, which has rights of its own in the cluster."""

    name: PodActionGroup
    """Name of the group"""
    on: bool
    """Whether it is switched on"""
    chart_value: str
    """The value of the chart that switches it on"""


class ActionGroups(Model):
    """What can be done to pods here."""

    groups: list[ActionGroup]
    """Each group, also those that are off"""
    namespaces: list[str]
    """Where; empty: in all namespaces"""


@endpoint("GET", COLLECTION + "/groups", tag="pods", role=Role.VIEWER, by_target=True)
async def list_action_groups(call: Call[EnvPath, Nothing, Nothing]) -> ActionGroups:
    """Say which groups of actions on pods are switched on, and what would switch on the others.

    Who may use them is said by the rights in `GET /me`.
    """
    settings = call.context[ApiSettings]
    groups = [
        ActionGroup(name=name, on=name in settings.pod_action_groups, chart_value=f"podActions.{name}")
        for name in POD_ACTION_GROUPS
    ]
    return ActionGroups(
        groups=groups, namespaces=[one for one in settings.pod_actions_namespaces.split(",") if one]
    )


async def _look(caller: Caller, context: Context, env: str, asked: AskedPodAction) -> Seen:
    """Look at the pod for somebody who may do this to it.

    :raises Problem: 403, 404, 409, 503.
    """
    authorize_action(caller, context, env, asked.kind, asked.namespace)
    try:
        return await look(context, env, asked)
    except AskingError as error:
        raise unavailable(str(error), "cluster") from error


@endpoint("POST", COLLECTION + "/preview", tag="pods", role=Role.OPERATOR, conflicts=True, by_target=True)
async def preview_pod_action(call: Call[EnvPath, Nothing, AskedPodAction]) -> PodActionPreview:
    """Say what an action on a pod would do.

    Nothing is changed. Takes the right that the action takes. Where a JVM is to be asked, a command in
    the container looks for it.
    """
    seen = await _look(call.caller, call.context, call.path.env, call.body)
    try:
        jvms = await jvms_in(call.context, call.path.env, call.body, seen)
    except AskingError as error:
        if error.status == FORBIDDEN:
            raise forbidden(call.path.env, call.body.namespace, "create", "pods/exec", error) from error
        raise unavailable(str(error), "cluster") from error
    return preview_of(call.context, call.body, seen, jvms)


@endpoint("POST", COLLECTION, tag="pods", role=Role.OPERATOR, status=202, conflicts=True, by_target=True)
async def create_pod_action(call: Call[EnvPath, Nothing, NewPodAction]) -> PodActionView:
    """Do something to a pod.

    The answer comes at once; look at the action or follow its events. It is bound to the pod's uid. `delete`
    takes the right `delete`, and `podActions.delete` of the chart; `isolate` likewise. What a JVM is asked
    takes the right `diagnose` and `podActions.diagnose`.
    """
    body = call.body
    seen = await _look(call.caller, call.context, call.path.env, body)
    if seen.confirmed and body.confirm != body.pod:
        raise Problem(
            409,
            f"{body.namespace} is a production namespace: send the pod's name, {body.pod}, as `confirm`",
            code=ProblemCode.CONFIRM_MISSING,
            parameters={"namespace": body.namespace, "name": body.pod},
        )
    now = datetime.now(UTC)
    action = PodAction(
        id=uuid.uuid4().hex,
        env=call.path.env,
        kind=body.kind,
        namespace=body.namespace,
        pod=body.pod,
        uid=body.uid,
        container=seen.container,
        parameters=body.parameters.model_dump(mode="json", include=set(PARAMETERS[body.kind])),
        requested_at=now,
        requested_by=call.caller.principal.name,
        before=seen.isolation.json() if seen.isolation else {},
        expires_at=expires_at(call.context, body, now),
    )
    asked = {name: getattr(action, name) for name in ("id", "kind", "namespace", "pod", "uid", "parameters")}
    before = {"labels": seen.isolation.labels} if seen.isolation else None
    call.audit.set(before, asked)
    return serializers.view_of(await repository.add(call.context, action, call.audit))


@endpoint("GET", COLLECTION, tag="pods", role=Role.VIEWER, by_target=True)
async def list_pod_actions(call: Call[EnvPath, PodActionQuery, Nothing]) -> PodActionList:
    """List what was done to pods of an env, in the namespaces that the caller may see."""
    query, env = call.query, call.path.env
    scope = await namespace_scope(call.caller, call.context, env)
    named = {name: getattr(query, name) or "" for name in ("namespace", "pod", "kind", "state")}
    part = partial(queries.list_actions, call.context[ClickHouse], env, scope, named, query.isolated)
    found, total = await page_of(part, query)
    return PodActionList(items=[serializers.view_of(one) for one in found], total=total)


async def _load(call: Call[ActionPath, Nothing, Nothing], role: Role) -> PodAction:
    """Return the action to whoever has a role in its namespace.

    :raises Problem: 404, 403.
    """
    action = await repository.load(call.context, call.path.env, call.path.id)
    authorize(call.caller.principal.grants, role, action.env, action.namespace)
    return action


@endpoint("GET", ITEM, tag="pods", role=Role.VIEWER, by_target=True)
async def get_pod_action(call: Call[ActionPath, Nothing, Nothing]) -> PodActionView:
    """Show one action on a pod, and how it stands."""
    return serializers.view_of(await _load(call, Role.VIEWER))


@endpoint(
    "GET",
    ITEM + "/events",
    tag="pods",
    role=Role.VIEWER,
    by_target=True,
    media_types=("text/event-stream",),
    event_model=PodActionView,
)
async def watch_pod_action(call: Call[ActionPath, Nothing, Nothing]) -> Stream:
    """Follow an action on a pod.

    Server-sent events: `progress`, and `end` as the last; the data of each is a `PodActionView`.
    """
    return Stream(serializers.progress(call.context, await _load(call, Role.VIEWER)))


@endpoint(
    "GET",
    ITEM + "/file",
    tag="pods",
    role=Role.VIEWER,
    by_target=True,
    conflicts=True,
    media_types=("text/plain",),
)
async def get_pod_action_file(call: Call[ActionPath, Nothing, Nothing]) -> Download:
    """Download what a JVM said.

    Takes the right that the action took. 409 where there is no file, or not yet.
    """
    action = await _load(call, Role.OPERATOR)
    authorize_right(call.caller.principal.grants, RIGHT_OF[action.kind], action.env, action.namespace)
    text = await queries.text_of(call.context[ClickHouse], action.env, action.id)
    if not text:
        raise Problem(
            409,
            f"The action {action.id} has no file: it is a pod's {action.kind} and {action.state}",
            code=ProblemCode.NO_FILE,
            parameters={"id": action.id, "kind": action.kind, "state": action.state},
        )
    at = f"{action.requested_at:%Y%m%dT%H%M%SZ}"
    return Download(text, "text/plain", f"{action.pod}-{action.kind}-{at}.txt")


@endpoint("POST", ITEM + "/undo", tag="pods", role=Role.OPERATOR, status=202, conflicts=True, by_target=True)
async def undo_pod_action(call: Call[ActionPath, Nothing, Nothing]) -> PodActionView:
    """Put an isolated pod back: the labels that were taken off, as they were.

    Its ReplicaSet takes it up again, and removes one pod: the one that is not ready, else the newest. 409
    where there is nothing to undo.
    """
    action = await _load(call, Role.OPERATOR)
    authorize_action(call.caller, call.context, action.env, action.kind, action.namespace)
    if not action.isolates:
        raise repository.nothing_to_undo(action)
    by = call.caller.principal.name
    call.audit.set(
        {"id": action.id, "pod": action.pod, "isolated": True}, {"id": action.id, "isolated": False}
    )
    undoing = await repository.turn(
        call.context, action, call.audit, state="undoing", undone_by=by, finished_at=None, expires_at=None
    )
    return serializers.view_of(undoing)
