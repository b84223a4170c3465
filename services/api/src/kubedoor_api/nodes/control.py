"""Cordoning, uncordoning and tainting nodes by hand."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from typing import Annotated, Literal, TypeVar

from pydantic import AwareDatetime, Field

from kubedoor_api.access.roles import Right, Role
from kubedoor_api.audit.entry import AuditEntry
from kubedoor_api.audit.logger import AuditLogger
from kubedoor_api.config.environment import ApiSettings
from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters, no_cluster
from kubedoor_api.kube.nodes import LiveNode, read_node, taint_of
from kubedoor_api.kube.retry import CONFLICT, MISSING, AskingError
from kubedoor_api.nodes import cordoning
from kubedoor_api.nodes.cordoning import check_confirmed, check_control_plane, check_ours, check_share
from kubedoor_api.nodes.models import NodeCordon, NodePath, NodeTaint, is_clusters_own
from kubedoor_api.web.endpoint import Call, Context, endpoint
from kubedoor_api.web.fields import Model, Note, Nothing
from kubedoor_core.domain.placement.model import Taint
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem, unavailable

NODE = "/envs/{env}/nodes/{name}"
LABEL_KEY = r"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"
LABEL_VALUE = r"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
Body = TypeVar("Body", bound=Model)


class Confirmed(Model):
    """A change of a node, with its name typed."""

    confirm: Annotated[str, Field(max_length=253)]
    """The node's name, typed"""
    control_plane: bool = False
    """That a node is meant which runs the cluster itself"""


class CordonRequest(Confirmed):
    """Why a node is to take no more pods."""

    reason: Annotated[Note, Field(min_length=1, max_length=300)]
    """Why, for others; it stands in an annotation of the node"""
    until: AwareDatetime | None = None
    """Until when it is meant, with its zone. It is told, and ends by nobody's hand but yours"""


class UncordonRequest(Model):
    """Let a node take pods again."""


class AskedTaint(Model):
    """A taint to add. `NoExecute` is none of these: it throws pods out past every PodDisruptionBudget."""

    key: Annotated[str, Field(pattern=LABEL_KEY, max_length=317)]
    """Key"""
    value: Annotated[str, Field(pattern=LABEL_VALUE, max_length=63)] = ""
    """Value; empty for none"""
    effect: Literal["NoSchedule", "PreferNoSchedule"]
    """`NoSchedule` keeps new pods off, `PreferNoSchedule` where others have room"""


class GoneTaint(Model):
    """A taint to take away."""

    key: Annotated[str, Field(pattern=LABEL_KEY, max_length=317)]
    """Key"""
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]
    """Effect"""


class TaintsRequest(Confirmed):
    """Which taints to add and to take away."""

    add: Annotated[tuple[AskedTaint, ...], Field(max_length=20)] = ()
    """To add; one of the same key and effect gets the value"""
    remove: Annotated[tuple[GoneTaint, ...], Field(max_length=20)] = ()
    """To take away; one that is not there is none"""


class NodeState(Model):
    """How a node is after a change."""

    node: str
    """Name of the node"""
    cordoned: bool
    """Whether it takes no more pods"""
    cordon: NodeCordon | None
    """By whom; null where it is not cordoned"""
    taints: list[NodeTaint]
    """What keeps pods off"""


@endpoint("POST", NODE + "/cordon", tag="nodes", role=Role.OPERATOR, right=Right.NODES, conflicts=True)
async def cordon_node(call: Call[NodePath, Nothing, CordonRequest]) -> NodeState:
    """Let a node take no more pods; those on it stay.

    Takes the right `nodes`, `nodes.control` of the chart, and the node's name typed. Refused where more of
    its group than `KUBEDOOR_MAX_CORDONED_PCT` would be cordoned, whoever cordoned the others, or no other
    node would take pods. One that is cordoned already stays as it is.
    """
    context, path, body = call.context, call.path, call.body
    nodes, node = await look(context, path)
    check_confirmed(node, body.confirm)
    check_control_plane(node, agreed=body.control_plane)
    check_ours(node)
    if node.cordon is not None:
        return _state(node)
    most_pct = context[ApiSettings].max_cordoned_pct
    check_share(nodes, node, most_pct)
    await _note(call, "cordonNode", node, body.model_dump(mode="json", exclude={"confirm"}))
    why = cordoning.Why(call.caller.principal.name, body.reason, body.until)
    after = await _done(path, cordoning.cordon(context, path.env, node, why))
    call.audit.set(_state(node), _state(after))
    # Once more: two who cordon at once both saw a group of which less was cordoned.
    nodes, node = await look(context, path)
    try:
        check_share(nodes, node, most_pct)
    except Problem:
        await _done(path, cordoning.uncordon(context, path.env, node))
        raise
    return _state(after)


@endpoint("POST", NODE + "/uncordon", tag="nodes", role=Role.OPERATOR, right=Right.NODES, conflicts=True)
async def uncordon_node(call: Call[NodePath, Nothing, UncordonRequest]) -> NodeState:
    """Let a node take pods again that was cordoned from here; what others cordoned stays cordoned."""
    _, node = await look(call.context, call.path)
    check_ours(node)
    if node.cordon is None:
        return _state(node)
    await _note(call, "uncordonNode", node, {})
    after = await _done(call.path, cordoning.uncordon(call.context, call.path.env, node))
    call.audit.set(_state(node), _state(after))
    return _state(after)


@endpoint("POST", NODE + "/taints", tag="nodes", role=Role.OPERATOR, right=Right.NODES, conflicts=True)
async def taint_node(call: Call[NodePath, Nothing, TaintsRequest]) -> NodeState:
    """Add taints to a node and take others away; taints of its conditions are the cluster's own.

    Takes the right `nodes`, `nodes.control` of the chart, and the node's name typed.
    """
    context, path, body = call.context, call.path, call.body
    _, node = await look(context, path)
    check_confirmed(node, body.confirm)
    check_control_plane(node, agreed=body.control_plane)
    changed = {(one.key, str(one.effect)) for one in body.add}
    changed |= {(one.key, str(one.effect)) for one in body.remove}
    own = next((key for key, _ in sorted(changed) if is_clusters_own(key)), "")
    if own:
        raise Problem(
            409,
            f"The taint {own} is the cluster's own: it comes and goes with the node's conditions",
            code=ProblemCode.TAINT_OF_CLUSTER,
            parameters={"node": node.name, "taint": own},
        )
    kept = [one for one in node.every_taint if (one.key, one.effect) not in changed]
    taints = [
        *(taint_of(one) for one in kept),
        *(taint_of(Taint(one.key, one.value, one.effect)) for one in body.add),
    ]
    await _note(call, "taintNode", node, body.model_dump(mode="json", include={"add", "remove"}))
    after = await _done(path, cordoning.change(context, path.env, node, {"taints": taints or None}, {}))
    call.audit.set(_state(node), _state(after))
    return _state(after)


async def look(context: Context, path: NodePath) -> tuple[list[LiveNode], LiveNode]:
    """Return all nodes, and the one that is meant.

    :raises Problem: 409 where it is switched off or there is no cluster; 404; 503.
    """
    require_control(context, path.env)
    try:
        nodes = [read_node(one) for one in await workloads.nodes(context[Clusters], path.env)]
    except AskingError as error:
        raise unavailable(str(error), "cluster") from error
    node = next((one for one in nodes if one.name == path.name), None)
    if node is None:
        raise no_node(path)
    return nodes, node


def require_control(context: Context, env: str) -> None:
    """Refuse where nodes can't be changed from here.

    :raises Problem: 409 where it is switched off or there is no cluster.
    """
    if env not in context[Clusters].names:
        raise no_cluster(env)
    if not context[ApiSettings].node_control:
        raise Problem(
            409,
            "Changing nodes is off: set nodes.control of the chart to true, or KUBEDOOR_NODE_CONTROL, and"
            " give the api's account the rights",
            code=ProblemCode.NODE_CONTROL_OFF,
        )


def no_node(path: NodePath) -> Problem:
    """Return the refusal of what is about a node that is not there."""
    return Problem(
        404,
        f"{path.env} has no node {path.name}",
        code=ProblemCode.NO_NODE,
        parameters={"env": path.env, "node": path.name},
    )


async def _done(path: NodePath, work: Awaitable[LiveNode]) -> LiveNode:
    """Return the node as it is after a change.

    :raises Problem: 409 where others changed it meanwhile, or the api may not; 404; 503.
    """
    try:
        return await work
    except AskingError as error:
        if error.status == MISSING:
            raise no_node(path) from error
        if error.status == CONFLICT:
            raise Problem(
                409,
                f"The node {path.name} was changed meanwhile: look at it again, then repeat",
                code=ProblemCode.NODE_CHANGED,
                parameters={"node": path.name},
            ) from error
        if error.reason in ("forbidden", "admission"):
            raise Problem(
                409,
                f"KubeDoor may not patch nodes of the cluster {path.env}: {error}",
                code=ProblemCode.CLUSTER_FORBIDS,
                parameters={"env": path.env, "namespace": "", "verb": "patch", "resource": "nodes"},
            ) from error
        raise unavailable(str(error), "cluster") from error


async def _note(call: Call[NodePath, Nothing, Body], action: str, before: LiveNode, asked: object) -> None:
    """Write down what the cluster is about to be asked; where that can't be, it is not asked.

    :param action: the endpoint.
    """
    caller, logger = call.caller, call.context[AuditLogger]
    entry = AuditEntry(
        actor=caller.principal.name,
        role=caller.principal.role.value,
        remote=caller.remote,
        request_id=caller.request_id,
        action=action,
        outcome="asked",
        env=call.path.env,
        name=call.path.name,
        before=_state(before).model_dump_json(),
        after=json.dumps(asked, ensure_ascii=False),
    )
    logger.add(entry)
    await logger.flush()


def _state(node: LiveNode) -> NodeState:
    return NodeState(
        node=node.name,
        cordoned=node.cordon is not None,
        cordon=NodeCordon.model_validate(node.cordon) if node.cordon else None,
        taints=[NodeTaint.of(one) for one in node.taints],
    )
