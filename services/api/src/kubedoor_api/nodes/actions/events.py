"""What people hear of actions on nodes: an audit entry after each, and a message where one failed."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kubedoor_api.audit.entry import AuditEntry
from kubedoor_api.web.endpoint import AuditContext
from kubedoor_core.clickhouse import ClickHouse
from kubedoor_core.clickhouse.events import event_row
from kubedoor_core.errors import KubeDoorError
from kubedoor_core.logs import get_logger

if TYPE_CHECKING:
    from kubedoor_api.nodes.actions.action import NodeAction
    from kubedoor_api.web.endpoint import Context

log = get_logger(__name__)

AUDIT_ACTIONS = {"drain": "nodeDrained", "moves": "podsMoved"}
FAILED = "node_action.failed"


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
    entry = AuditEntry(
        actor=action.cancelled_by or action.requested_by,
        role="",
        remote="",
        request_id=action.id,
        action=AUDIT_ACTIONS[action.kind],
        outcome="failed" if action.state == "failed" else "succeeded",
        env=action.env,
        name=action.node,
        before="",
        after=json.dumps(after),
    )
    return AuditContext(make_entry=entry.json)


async def failed(context: Context, action: NodeAction) -> None:
    """Tell people of an action that failed; of one that did not, nothing."""
    if action.state != "failed":
        return
    what = f"the drain of the node {action.node}" if action.kind == "drain" else "moving pods off hot nodes"
    message = f"{action.requested_by}: {what} failed: {action.detail or action.reason}"
    # One identity however often it is written: an API that died may have written it already.
    told = {"action": action.id, "node": action.node}
    event = event_row(f"{FAILED}:{action.id}", datetime.now(UTC), action.env, FAILED, message, told)
    try:
        await context[ClickHouse].insert("event", [event])
    except KubeDoorError as error:
        log.warning("node_action.event_lost", node_action=action.id, reason=str(error))
