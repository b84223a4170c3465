"""What people hear of actions on nodes: an audit entry after each, and a message where one failed."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from kubedoor_api.leader.claims import entry_of
from kubedoor_api.nodes.actions.repository import NODE_ACTIONS
from kubedoor_api.web.endpoint import AuditContext

if TYPE_CHECKING:
    from kubedoor_api.nodes.actions.action import NodeAction
    from kubedoor_api.web.endpoint import Context

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
