"""Actions on nodes in ClickHouse: found, added, cancelled, and kept while they run."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from kubedoor_api.commits.writer import Columns, Writer
from kubedoor_api.leader.claims import Claims
from kubedoor_api.nodes.actions import queries
from kubedoor_api.nodes.actions.action import OPEN, NodeAction, row_of
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.problem_codes import ProblemCode
from kubedoor_core.problems import Problem

if TYPE_CHECKING:
    from datetime import datetime

    from kubedoor_api.web.endpoint import AuditContext, Context


CLAIMS = Claims("node_action", OPEN, queries.one, row_of)


class NodeActionAdded(asyncio.Event):
    """Set when this process has written an action; what others wrote is found by polling."""


async def load(context: Context, env: str, action_id: str) -> NodeAction:
    """Return an action.

    :raises Problem: 404.
    """
    found = await queries.one(context[ClickHouse], env, action_id)
    if found is None:
        raise Problem(
            404,
            f"There is no action {action_id} on nodes of {env}",
            code=ProblemCode.NO_NODE_ACTION,
            parameters={"env": env, "id": action_id},
        )
    return found


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

    version = await context[Writer].commit("node_action", action.requested_by, prepare, audit)
    context[NodeActionAdded].set()
    return replace(action, version=version)


async def cancel(
    context: Context, env: str, action_id: str, by: str, now: datetime, audit: AuditContext
) -> NodeAction:
    """Ask whoever does an action to end it; what nobody has begun ends here and now.

    :raises Problem: 404, or 409 where it has ended.
    """

    async def prepare() -> list[Columns]:
        standing = await load(context, env, action_id)
        if standing.state not in OPEN:
            raise Problem(
                409,
                f"The action {action_id} has ended: it is {standing.state}",
                code=ProblemCode.NODE_ACTION_ENDED,
                parameters={"id": action_id, "state": standing.state},
            )
        if standing.cancelled_by:
            return []
        cancelled = replace(standing, cancelled_by=by)
        return [row_of(cancelled.ended("cancelled", now) if standing.state == "pending" else cancelled)]

    await context[Writer].commit("node_action", by, prepare, audit)
    context[NodeActionAdded].set()
    return await load(context, env, action_id)


async def save(context: Context, action: NodeAction, audit: AuditContext | None = None) -> NodeAction:
    """Return an action once it stands in ClickHouse as it is now, however long that takes.

    Who has cancelled it meanwhile is in what is returned.

    :param audit: what of it belongs into the audit log, written with it.
    :raises DeposedError: another instance has taken it over.
    """
    saved = [action]

    async def prepare() -> list[Columns]:
        saved[0] = replace(action, cancelled_by=(await CLAIMS.own(context, action)).cancelled_by)
        return [row_of(saved[0])]

    version = await CLAIMS.commit(context, action, prepare, audit)
    return replace(saved[0], version=version)


async def heard(context: Context, action: NodeAction) -> NodeAction:
    """Return an action with who has cancelled it meanwhile, however long it takes to hear that.

    :raises DeposedError: another instance has taken it over.
    """
    standing = await CLAIMS.patiently(action, lambda: CLAIMS.own(context, action))
    return replace(action, cancelled_by=standing.cancelled_by)
