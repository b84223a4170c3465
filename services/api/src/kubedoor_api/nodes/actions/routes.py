"""The endpoints of drains, and of what takes a while on nodes."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from functools import partial

from kubedoor_api.access.roles import Right, Role
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube.nodes import LiveNode
from kubedoor_api.leader.claims import cancel
from kubedoor_api.nodes.actions import draining, queries
from kubedoor_api.nodes.actions.action import OPEN, ActedPod, ActionKind, Json, NodeAction
from kubedoor_api.nodes.actions.draining import preview_of
from kubedoor_api.nodes.actions.models import (
    DrainParameters,
    DrainPreview,
    DrainPreviewRequest,
    DrainRequest,
    MovesParameters,
    MovesRequest,
    NodeActionList,
    NodeActionPath,
    NodeActionQuery,
    NodeActionView,
)
from kubedoor_api.nodes.actions.moves import acted
from kubedoor_api.nodes.actions.repository import ENDED, NODE_ACTIONS, add
from kubedoor_api.nodes.cluster import ClusterSeen, see_for_people
from kubedoor_api.nodes.control import NODE, no_node, require_control
from kubedoor_api.nodes.cordoning import check_confirmed, check_control_plane, check_others, check_share
from kubedoor_api.nodes.models import NodePath
from kubedoor_api.web.concurrency import Computing, Polls
from kubedoor_api.web.endpoint import Call, Context, Stream, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing, page_of
from kubedoor_api.web.stream import follow_versions
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

COLLECTION = "/envs/{env}/node-actions"
ITEM = COLLECTION + "/{id}"


@endpoint(
    "POST", NODE + "/drain/preview", tag="nodes", role=Role.OPERATOR, right=Right.NODES,
    audited=False, conflicts=True,
)  # fmt: skip
async def preview_drain(call: Call[NodePath, Nothing, DrainPreviewRequest]) -> DrainPreview:
    """Say what draining a node would do: where each pod could go, which find no room, what would be down.

    Nothing is changed. Where pods could go is one way to place all of them; the scheduler may choose another.
    409 where the node could not be cordoned.
    """
    seen, node = await _look(call.context, call.path)
    own = call.context[ApiSettings].own_namespace
    return await call.context[Computing].run(preview_of, seen, node, own)


@endpoint(
    "POST", NODE + "/drain", tag="nodes", role=Role.OPERATOR, right=Right.NODES, status=202, conflicts=True
)
async def drain_node(call: Call[NodePath, Nothing, DrainRequest]) -> NodeActionView:
    """Cordon a node, and evict its pods.

    The answer comes at once; look at the action or follow its events. Takes the right `nodes`,
    `nodes.control` of the chart, and the node's name typed; what refuses a cordon refuses a
    drain. PodDisruptionBudgets are waited for, pods of DaemonSets and static ones stay,
    and the node stays cordoned at the end.
    """
    context, path, body = call.context, call.path, call.body
    seen, node = await _look(context, path)
    check_confirmed(node, body.confirm)
    check_control_plane(node, agreed=body.control_plane)
    _check_agreed(seen, node, body, context[ApiSettings].own_namespace)
    parameters = body.model_dump(mode="json", include=set(DrainParameters.model_fields))
    action = _new(path.env, call.caller.principal.name, "drain", node.name, parameters)
    call.audit.set(None, {"id": action.id, "node": node.name, **parameters})
    return NodeActionView.model_validate(await add(context, action, call.audit))


async def _look(context: Context, path: NodePath) -> tuple[ClusterSeen, LiveNode]:
    """Look at the cluster and the node that is meant.

    :raises Problem: 409 where it is off, or could not be cordoned; 404; 503.
    """
    require_control(context, path.env)
    seen = await see_for_people(context, path.env)
    node = seen.node(path.name)
    if node is None:
        raise no_node(path)
    check = check_share if node.cordon is None else check_others
    check(seen.nodes, node, context[ApiSettings].max_cordoned_pct)
    return seen, node


def _check_agreed(seen: ClusterSeen, node: LiveNode, body: DrainRequest, own_namespace: str) -> None:
    """Refuse where something would be lost that nobody has agreed to.

    :raises Problem: 409.
    """
    here = [pod for pod in seen.pods if (pod.get("spec") or {}).get("nodeName") == node.name]
    wanted = [draining.asks(pod, own_namespace) for pod in draining.leaving(here)]
    counts = {name: sum(name in one for one in wanted) for name in ("no_owner", "local_data")}
    if any({*one} - body.agreed for one in wanted):
        raise Problem(
            409,
            f"On {node.name} {counts['no_owner']} pods have no owner that makes them again"
            f" (`without_owner`), and {counts['local_data']} lose what is in their emptyDir (`local_data`):"
            " say that this is meant",
            code=ProblemCode.DRAIN_NOT_AGREED,
            parameters={"node": node.name, **counts},
        )


@endpoint(
    "POST", "/envs/{env}/nodes/plan", tag="nodes", role=Role.OPERATOR, right=Right.NODES, status=202,
    conflicts=True,
)  # fmt: skip
async def carry_out_node_plan(call: Call[EnvPath, Nothing, MovesRequest]) -> NodeActionView:
    """Carry out moves of the plan: one eviction after the other, each looked at again before it is made.

    The answer comes at once; look at the action or follow its events. After each the next one waits until
    another pod of the same owner is ready, and `pause_s` more. Where that one is on a hot node again it ends
    there: the scheduler sees requests alone. A move that is not right any more is skipped, with its reason.
    """
    context, env, body = call.context, call.path.env, call.body
    require_control(context, env)
    if body.confirm != env:
        raise Problem(
            409,
            f"Send the env's name, {env}, as `confirm`",
            code=ProblemCode.CONFIRM_MISSING,
            parameters={"namespace": "", "name": env},
        )
    seen = await see_for_people(context, env)
    parameters = body.model_dump(mode="json", include=set(MovesParameters.model_fields))
    action = _new(
        env, call.caller.principal.name, "moves", "", parameters, *(acted(one, seen) for one in body.moves)
    )
    moves = [f"{one.namespace}/{one.name}: {one.source} to {one.target}" for one in action.pods]
    call.audit.set(None, {"id": action.id, **parameters, "moves": moves})
    return NodeActionView.model_validate(await add(context, action, call.audit))


def _new(env: str, by: str, kind: ActionKind, node: str, parameters: Json, *pods: ActedPod) -> NodeAction:
    return NodeAction(
        id=uuid.uuid4().hex,
        env=env,
        kind=kind,
        node=node,
        parameters=parameters,
        requested_at=datetime.now(UTC),
        requested_by=by,
        pods=pods,
    )


@endpoint("GET", COLLECTION, tag="nodes", role=Role.VIEWER)
async def list_node_actions(call: Call[EnvPath, NodeActionQuery, Nothing]) -> NodeActionList:
    """List drains and moves of an env; for those who see the whole env."""
    query, clickhouse = call.query, call.context[ClickHouse]
    named = {"node": query.node, "kind": query.kind or "", "state": query.state or ""}
    found, total = await page_of(partial(queries.list_actions, clickhouse, call.path.env, named), query)
    return NodeActionList(items=[NodeActionView.model_validate(one) for one in found], total=total)


@endpoint("GET", ITEM, tag="nodes", role=Role.VIEWER)
async def get_node_action(call: Call[NodeActionPath, Nothing, Nothing]) -> NodeActionView:
    """Show a drain or moves, and how far each pod is; for those who see the whole env."""
    action = await NODE_ACTIONS.load(call.context, call.path.env, call.path.id)
    return NodeActionView.model_validate(action)


@endpoint(
    "GET",
    ITEM + "/events",
    tag="nodes",
    role=Role.VIEWER,
    media_types=("text/event-stream",),
    event_model=NodeActionView,
)
async def watch_node_action(call: Call[NodeActionPath, Nothing, Nothing]) -> Stream:
    """Follow a drain or moves.

    Server-sent events: `progress`, and `end` as the last; the data of each is a `NodeActionView`.
    """
    context, action = call.context, await NODE_ACTIONS.load(call.context, call.path.env, call.path.id)
    look = partial(NODE_ACTIONS.load, context, action.env, action.id)
    key, view = ("node_action", action.env, action.id), NodeActionView.model_validate
    return Stream(follow_versions(context[Polls], key, action, look, view, lambda one: one.state in OPEN))


@endpoint("POST", ITEM + "/cancel", tag="nodes", role=Role.OPERATOR, right=Right.NODES, conflicts=True)
async def cancel_node_action(call: Call[NodeActionPath, Nothing, Nothing]) -> NodeActionView:
    """Ask for the end of a drain or of moves.

    No further pod is evicted. The node takes pods again if the drain had cordoned it; one that was cordoned
    before stays so. 409 where it has ended.
    """
    context, path, by = call.context, call.path, call.caller.principal.name
    standing = await NODE_ACTIONS.load(context, path.env, path.id)
    call.audit.set(
        {"id": path.id, "node": standing.node, "cancelled_by": standing.cancelled_by},
        {"id": path.id, "node": standing.node, "cancelled_by": by},
    )
    now = datetime.now(UTC)
    cancelled = await cancel(
        NODE_ACTIONS, context, standing, by, call.audit, lambda one: one.ended("cancelled", now), ENDED
    )
    return NodeActionView.model_validate(cancelled)
