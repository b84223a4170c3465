"""Patches of nodes: cordon, uncordon, taints; each of a node that is as it was seen."""

from __future__ import annotations

from collections.abc import Mapping
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
