"""Patches of nodes that are as they were seen, and what keeps people from cordoning too much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from kubedoor_api.kube import workloads
from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.nodes import (
    CORDON_ACTION,
    CORDON_REASON,
    CORDON_UNTIL,
    CORDONED_AT,
    CORDONED_BY,
    LiveNode,
    read_node,
)
from kubedoor_api.web.endpoint import Context
from kubedoor_api.web.fields import utc
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

Part = dict[str, object]
"""A part of a patch."""
OURS = (CORDONED_BY, CORDONED_AT, CORDON_UNTIL, CORDON_REASON, CORDON_ACTION)


class Why(NamedTuple):
    """Who cordons a node, why and until when.

    :ivar action: the drain that it belongs to; empty: none.
    """

    by: str
    reason: str
    until: datetime | None = None
    action: str = ""


async def cordon(context: Context, env: str, node: LiveNode, why: Why) -> LiveNode:
    """Let a node take no more pods, and say in its annotations who did it.

    :raises AskingError: 409 where others changed it meanwhile; 404 where it is gone.
    """
    annotations = {
        CORDONED_BY: why.by,
        CORDONED_AT: utc(datetime.now(UTC)),
        CORDON_UNTIL: utc(why.until.astimezone(UTC)) if why.until else None,
        CORDON_REASON: why.reason,
        CORDON_ACTION: why.action or None,
    }
    return await change(context, env, node, {"unschedulable": True}, annotations)


async def uncordon(context: Context, env: str, node: LiveNode) -> LiveNode:
    """Let a node take pods again.

    :raises AskingError: as `cordon` does.
    """
    return await change(context, env, node, {"unschedulable": None}, dict.fromkeys(OURS))


async def change(
    context: Context, env: str, node: LiveNode, spec: Part, annotations: Mapping[str, object]
) -> LiveNode:
    """Change a node that is as it was seen.

    :raises AskingError: as `cordon` does.
    """
    metadata: Part = {"resourceVersion": node.version, "uid": node.uid}
    if annotations:
        metadata["annotations"] = annotations
    body: Part = {"metadata": metadata, "spec": spec}
    return read_node(await workloads.patch_node(context[Clusters], env, node.name, body))


def check_confirmed(node: LiveNode, confirm: str) -> None:
    """Want the node's name typed.

    :raises Problem: 409.
    """
    if confirm != node.name:
        raise Problem(
            409,
            f"Send the node's name, {node.name}, as `confirm`",
            code=ProblemCode.CONFIRM_MISSING,
            parameters={"namespace": "", "name": node.name},
        )


def check_control_plane(node: LiveNode, *, agreed: bool) -> None:
    """Want a second word before a node that runs the cluster itself is touched.

    :raises Problem: 409.
    """
    if node.control_plane and not agreed:
        raise Problem(
            409,
            f"{node.name} runs the cluster itself: send `control_plane: true` if that is meant",
            code=ProblemCode.CONTROL_PLANE_NODE,
            parameters={"node": node.name},
        )


def check_share(nodes: Sequence[LiveNode], node: LiveNode, most_pct: int) -> None:
    """Refuse to cordon a node where too much of its group would be, or nothing else would take pods.

    Whoever cordoned the others: what is cordoned takes no pods.

    :raises Problem: 409.
    """
    group = [one for one in nodes if one.group == node.group]
    if 100 * _cordoned(group, node) > most_pct * len(group):
        raise _too_many(group, node, f"at most {most_pct} % may be: uncordon others first, or raise"
                        " KUBEDOOR_MAX_CORDONED_PCT", most_pct)  # fmt: skip
    check_others(nodes, node, most_pct)


def check_others(nodes: Sequence[LiveNode], node: LiveNode, most_pct: int) -> None:
    """Refuse where no other node takes pods, also of one that is cordoned already.

    :raises Problem: 409.
    """
    if not any(one.name != node.name and one.takes_pods for one in nodes):
        group = [one for one in nodes if one.group == node.group]
        raise _too_many(group, node, "no other node takes pods: uncordon one first", most_pct)


def _cordoned(group: Sequence[LiveNode], node: LiveNode) -> int:
    """Count the cordoned nodes of a group, with the one that is to be."""
    return sum(1 for one in group if one.cordon is not None and one.name != node.name) + 1


def _too_many(group: Sequence[LiveNode], node: LiveNode, why: str, most_pct: int) -> Problem:
    cordoned = _cordoned(group, node)
    return Problem(
        409,
        f"{cordoned} of {len(group)} nodes of the group {node.group} would be cordoned; {why}",
        code=ProblemCode.TOO_MANY_CORDONED,
        parameters={
            "node": node.name,
            "group": node.group,
            "cordoned": cordoned,
            "nodes": len(group),
            "most_pct": most_pct,
        },
    )


def check_ours(node: LiveNode) -> None:
    """Refuse to touch a cordon that was not made from here.

    :raises Problem: 409.
    """
    if node.cordon is not None and not node.cordon.by:
        raise Problem(
            409,
            f"{node.name} was cordoned by other means than KubeDoor's: who did it undoes it"
            f" (kubectl uncordon {node.name})",
            code=ProblemCode.CORDONED_BY_OTHERS,
            parameters={"node": node.name},
        )
