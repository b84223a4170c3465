"""Does the actions on an env's nodes while this instance leads it, and tells how they ended."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from kubedoor_api.kube.clusters import Clusters
from kubedoor_api.kube.retry import AskingError
from kubedoor_api.leader.claims import entry_of
from kubedoor_api.nodes.actions import queries
from kubedoor_api.nodes.actions.action import ActionKind, FailedError, NodeAction
from kubedoor_api.nodes.actions.drain import Drain
from kubedoor_api.nodes.actions.moves import Moves
from kubedoor_api.nodes.actions.repository import NODE_ACTIONS
from kubedoor_api.nodes.actions.work import ActionCancelledError
from kubedoor_api.web.endpoint import AuditContext, Context
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.logs import get_logger

log = get_logger(__name__)

WAYS: Mapping[ActionKind, type[Drain | Moves]] = {"drain": Drain, "moves": Moves}


async def run_node_actions(context: Context, env: str) -> None:
    """Do what is asked for in an env, until cancelled: leadership is lost, or the API ends."""
    if env not in context[Clusters].names:
        await asyncio.Event().wait()
    look = partial(queries.open_actions, context[ClickHouse], env)
    await NODE_ACTIONS.run(context, env, look, partial(_do, context))


async def _do(context: Context, action: NodeAction) -> None:
    """Do what is left of an action, and say how it ended.

    :raises DeposedError: another instance has taken it over.
    """
    log.info("node_action.begun", node_action=action.id, env=action.env, kind=action.kind)
    work = WAYS[action.kind](context, action)
    try:
        await work.run()
    except ActionCancelledError:
        ended = work.action.ended("cancelled", datetime.now(UTC))
    except (FailedError, AskingError) as error:
        ended = work.action.ended("failed", datetime.now(UTC), error.reason, str(error))
    else:
        ended = work.action.ended("done", datetime.now(UTC))
    ended = await NODE_ACTIONS.save(context, ended, audit_of_end(ended))
    await failed(context, ended)
    log.info("node_action.finished", node_action=ended.id, env=ended.env, state=ended.state)


AUDIT_ACTIONS = {"drain": "nodeDrained", "moves": "podsMoved"}


def audit_of_end(action: NodeAction) -> AuditContext:
    """Return the audit log's entry of how an action ended, to be written with that end, once.

    The request has an entry of its own, from before the cluster was asked.
    """
    pods = dict(Counter(pod.state for pod in action.pods))
    steps = [step.name for step in action.steps]
    after = {
        "action": action.id,
        "state": action.state,
        "reason": action.reason,
        "steps": steps,
        "pods": pods,
    }
    outcome = "failed" if action.state == "failed" else "succeeded"
    entry = entry_of(
        action,
        AUDIT_ACTIONS[action.kind],
        outcome,
        actor=action.cancelled_by,
        name=action.node,
        after=json.dumps(after),
    )
    return AuditContext(make_entry=entry.json)


async def failed(context: Context, action: NodeAction) -> None:
    """Tell people of an action that failed; of one that did not, nothing."""
    if action.state != "failed":
        return
    what = f"the drain of the node {action.node}" if action.kind == "drain" else "moving pods off hot nodes"
    message = f"{action.requested_by}: {what} failed: {action.detail or action.reason}"
    about = {"action": action.id, "node": action.node}
    await NODE_ACTIONS.tell(context, action, "node_action.failed", message, about)
