"""Actions on nodes in ClickHouse: found, added, and kept while they run."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from kubedoor_api.commits.writer import Columns
from kubedoor_api.leader.claims import Claims, Refusal
from kubedoor_api.nodes.actions import queries
from kubedoor_api.nodes.actions.action import OPEN, NodeAction, row_of
from kubedoor_api.web.endpoint import AuditContext, Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem


class NodeActionAdded(asyncio.Event):
    """Set when this process has written an action; what others wrote is found by polling."""


NODE_ACTIONS = Claims(
    "node_action",
    OPEN,
    queries.one,
    row_of,
    NodeActionAdded,
    Refusal(404, ProblemCode.NO_NODE_ACTION, "There is no action {id} on nodes of {env}"),
    lambda action, standing: replace(action, cancelled_by=standing.cancelled_by),
)
ENDED = Refusal(409, ProblemCode.NODE_ACTION_ENDED, "The action {id} has ended: it is {state}")


async def add(context: Context, action: NodeAction, audit: AuditContext) -> NodeAction:
    """Commit a new action, and wake whoever does it.

    :raises Problem: 409 where the same is under way.
    """

    async def prepare() -> list[Columns]:
        standing = await queries.open_actions(context[ClickHouse], action.env)
        same = next((one for one in standing if (one.kind, one.node) == (action.kind, action.node)), None)
        if same is not None:
            raise Problem(
                409,
                f"{same.by} has asked for the same already ({same.id}): cancel it or wait until it has ended",
                code=ProblemCode.NODE_BUSY,
                parameters={"by": same.by, "id": same.id},
            )
        return [row_of(action)]

    version = await NODE_ACTIONS.write(context, action.requested_by, prepare, audit)
    return replace(action, version=version)
