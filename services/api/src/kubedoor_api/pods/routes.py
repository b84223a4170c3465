"""The endpoints of actions on pods."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from kubedoor_api.access.roles import Role, authorize, authorize_right
from kubedoor_api.auth.namespace_scope import namespace_scope
from kubedoor_api.config.environment import POD_ACTION_GROUPS, ApiSettings, PodActionGroup
from kubedoor_api.kube.clusters import forbidden
from kubedoor_api.kube.retry import FORBIDDEN, AskingError
from kubedoor_api.pods import queries, repository, serializers
from kubedoor_api.pods.action import FILES, ActionKind, Json, PodAction
from kubedoor_api.pods.events import audit_of_taking
from kubedoor_api.pods.files.delivery import Delivery, file_name
from kubedoor_api.pods.files.store import FileStore
from kubedoor_api.pods.isolation import ACTION
from kubedoor_api.pods.models import (
    PARAMETERS,
    ActionParameters,
    ActionPath,
    AskedPodAction,
    NewPodAction,
    PodActionList,
    PodActionPreview,
    PodActionQuery,
    PodActionView,
)
from kubedoor_api.pods.observed import Observed
from kubedoor_api.pods.preview import (
    RIGHT_OF,
    Seen,
    authorize_action,
    expires_at,
    look,
    look_inside,
    preview_of,
)
from kubedoor_api.pods.repository import POD_ACTIONS
from kubedoor_api.pods.terminal.ending import WAITS
from kubedoor_api.web.endpoint import Call, Caller, Context, Download, FileStream, Redirect, Stream, endpoint
from kubedoor_api.web.fields import EnvPath, Model, Nothing, page_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem, unavailable

CONDITIONS = ("namespace", "pod", "service", "service_kind", "kind", "state")
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
        seen = await look(context, env, asked)
    except AskingError as error:
        raise unavailable(str(error), "cluster") from error
    if seen.isolation is not None:
        authorize_action(caller, context, env, "isolate", asked.namespace)
    return seen


@endpoint("POST", COLLECTION + "/preview", tag="pods", role=Role.OPERATOR, conflicts=True, by_target=True)
async def preview_pod_action(call: Call[EnvPath, Nothing, AskedPodAction]) -> PodActionPreview:
    """Say what an action on a pod would do.

    Nothing is changed. Takes the right that the action takes. Where a JVM is to be asked, a command in
    the container looks for it.
    """
    seen = await _look(call.caller, call.context, call.path.env, call.body)
    try:
        inner = await look_inside(call.context, call.path.env, call.body, seen)
    except AskingError as error:
        if error.status == FORBIDDEN:
            raise forbidden(call.path.env, call.body.namespace, "create", "pods/exec", error) from error
        raise unavailable(str(error), "cluster") from error
    return preview_of(call.context, call.body, seen, inner)


@endpoint("POST", COLLECTION, tag="pods", role=Role.OPERATOR, status=202, conflicts=True, by_target=True)
async def create_pod_action(call: Call[EnvPath, Nothing, NewPodAction]) -> PodActionView:
    """Do something to a pod.

    The answer comes at once; look at the action or follow its events. It is bound to the pod's uid. `delete`
    takes the right `delete`, and `podActions.delete` of the chart; `isolate` likewise. What a JVM is asked
    takes the right `diagnose` and `podActions.diagnose`; `heap_dump` takes the right `dump` instead,
    and that to isolate where `isolate_first` is true: then two actions begin. A `terminal` takes the right
    `exec` and `podActions.exec`, and waits a minute to be opened.
    """
    body = call.body
    seen = await _look(call.caller, call.context, call.path.env, body)
    _require_confirmed(seen, body)
    service = await _service_of(call.context, call.path.env, seen.observed)
    action = _action_of(call, seen, body.kind, body.parameters.model_dump(mode="json"), service)
    first = None
    if body.kind != "isolate" and seen.isolation is not None:
        first = _action_of(call, seen, "isolate", ActionParameters().model_dump(mode="json"), service)
        action = replace(action, before={**service, "isolated_by": first.id})
    asked = {name: getattr(action, name) for name in ("id", "kind", "namespace", "pod", "uid", "parameters")}
    before = {"labels": seen.isolation.labels} if seen.isolation else None
    call.audit.set(before, asked)
    return serializers.view_of(await repository.add(call.context, action, call.audit, first))


async def _service_of(context: Context, env: str, observed: Observed) -> Json:
    """Return which service the pod is of, as an action keeps it; nothing where that is not known.

    A pod that is isolated has lost what told it: the action that isolated it knows.
    """
    if found := observed.service:
        kind, name = found
        return {"service": {"kind": kind, "name": name}}
    by = (observed.pod["metadata"].get("annotations") or {}).get(ACTION, "")
    isolating = await queries.one(context[ClickHouse], env, by) if observed.isolated and by else None
    return {"service": isolating.before["service"]} if isolating and "service" in isolating.before else {}


def _require_confirmed(seen: Seen, body: NewPodAction) -> None:
    """Refuse what takes the pod's name, without it.

    :raises Problem: 409.
    """
    if not seen.confirmed or body.confirm == body.pod:
        return
    why = (
        "the application stands still while its heap is written, and the pod is not isolated"
        if seen.serves
        else f"{body.namespace} is a production namespace"
    )
    raise Problem(
        409,
        f"Send the pod's name, {body.pod}, as `confirm`: {why}",
        code=ProblemCode.CONFIRM_MISSING,
        parameters={"namespace": body.namespace, "name": body.pod},
    )


def _action_of(
    call: Call[EnvPath, Nothing, NewPodAction], seen: Seen, kind: ActionKind, parameters: Json, service: Json
) -> PodAction:
    """Return a new action on the pod that is asked about."""
    body, now, isolates = call.body, datetime.now(UTC), kind == "isolate"
    waits = kind == "terminal"
    return PodAction(
        id=uuid.uuid4().hex,
        env=call.path.env,
        kind=kind,
        namespace=body.namespace,
        pod=body.pod,
        uid=body.uid,
        container="" if isolates else seen.container,
        parameters={name: parameters[name] for name in sorted(PARAMETERS[kind])},
        requested_at=now,
        requested_by=call.caller.principal.name,
        before=service | (seen.isolation.json() if isolates and seen.isolation else {}),
        state="waiting" if waits else "pending",
        expires_at=now + WAITS if waits else expires_at(call.context, body, now, isolates=isolates),
    )


@endpoint("GET", COLLECTION, tag="pods", role=Role.VIEWER, by_target=True)
async def list_pod_actions(call: Call[EnvPath, PodActionQuery, Nothing]) -> PodActionList:
    """List what was done to pods of an env, in the namespaces that the caller may see."""
    query, env = call.query, call.path.env
    scope = await namespace_scope(call.caller, call.context, env)
    named = {name: getattr(query, name) or "" for name in CONDITIONS}
    part = partial(queries.list_actions, call.context[ClickHouse], env, scope, named, query.isolated)
    found, total = await page_of(part, query)
    return PodActionList(items=[serializers.view_of(one) for one in found], total=total)


async def _load(call: Call[ActionPath, Nothing, Nothing], role: Role) -> PodAction:
    """Return the action to whoever has a role in its namespace.

    :raises Problem: 404, 403.
    """
    action = await POD_ACTIONS.load(call.context, call.path.env, call.path.id)
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
    media_types=("text/plain", "application/octet-stream"),
)
async def get_pod_action_file(call: Call[ActionPath, Nothing, Nothing]) -> Download | FileStream | Redirect:
    """Download what a JVM said or wrote.

    Takes the right that the action took. A heap dump is sent out of its pod as it comes, to whoever asks
    first, and then removed there, also where the connection breaks: its size and `sha256` are told by the
    action. One that the object store keeps is downloaded from there, by a link that lasts 15 minutes (302).
    409 where there is no file, not yet, or not any more.
    """
    action = await _load_for_file(call)
    if action.kind in FILES:
        if not action.file_waits:
            raise repository.no_file(action)
        if "kept" in action.result:
            await repository.turn(call.context, action, audit_of_taking(action, call.caller))
            return Redirect(await call.context[FileStore].link(action.result["kept"]))
        return await Delivery(call.context, action).begin(call.caller)
    text = await queries.text_of(call.context[ClickHouse], action.env, action.id)
    if not text:
        raise repository.no_file(action)
    return Download(text, "text/plain", file_name(action))


@endpoint(
    "DELETE", ITEM + "/file", tag="pods", role=Role.OPERATOR, status=202, conflicts=True, by_target=True
)
async def remove_pod_action_file(call: Call[ActionPath, Nothing, Nothing]) -> PodActionView:
    """Remove a file from its pod that nobody is to take.

    Takes the right that the action took. 409 where there is no file, or it is being sent.
    """
    action = await _load_for_file(call)
    if not action.file_waits:
        raise repository.no_file(action)
    call.audit.set({"id": action.id, "file": True}, {"id": action.id, "file": False})
    changed = await repository.turn(
        call.context, action, call.audit, state="removing", reason="discarded", runner=""
    )
    return serializers.view_of(changed)


async def _load_for_file(call: Call[ActionPath, Nothing, Nothing]) -> PodAction:
    """Return the action to whoever may have its file.

    :raises Problem: 404, 403.
    """
    action = await _load(call, Role.OPERATOR)
    authorize_right(call.caller.principal.grants, RIGHT_OF[action.kind], action.env, action.namespace)
    return action


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
