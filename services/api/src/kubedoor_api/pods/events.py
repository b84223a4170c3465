"""What people hear of actions on pods: an audit entry after each, and a message where one failed."""

from __future__ import annotations

import json

from kubedoor_api.audit.entry import AuditEntry
from kubedoor_api.leader.claims import entry_of
from kubedoor_api.pods.action import DIAGNOSES, PodAction
from kubedoor_api.pods.repository import POD_ACTIONS
from kubedoor_api.web.endpoint import AuditContext, Caller, Context

AUDIT_ACTIONS = {
    "delete": "podDelete", "isolate": "podIsolate", "heap_dump": "podHeapDump", "jfr": "podRecording",
    "terminal": "podTerminal",
    **dict.fromkeys(DIAGNOSES, "podDiagnose"),
}  # fmt: skip
OF_STATE = {"undone": "podIsolateUndone", "expired": "podIsolateExpired", "removed": "podFileRemoved"}
FAILED, EXPIRES = "pod_action.failed", "pod_action.expires"


def audit_of_end(action: PodAction) -> AuditContext:
    """Return the audit log's entry of how an action ended, to be written with that end, once.

    The request has an entry of its own, from before the cluster was asked.
    """
    steps = {step.name: step.after_ms for step in action.steps}
    after = {"action": action.id, "state": action.state, "reason": action.reason, "steps": steps}
    after |= action.result.get("terminal", {})
    entry = entry_of(
        action,
        OF_STATE.get(action.state, AUDIT_ACTIONS[action.kind]),
        "failed" if action.state == "failed" else "succeeded",
        actor=action.undone_by,
        namespace=action.namespace,
        name=action.pod,
        before=json.dumps({"uid": action.uid, **action.before}, ensure_ascii=False),
        after=json.dumps(after),
    )
    return AuditContext(make_entry=entry.json)


def audit_of_taking(action: PodAction, caller: Caller) -> AuditContext:
    """Return the audit log's entry of who takes a file, to be written before its first byte is sent."""
    file = {"action": action.id, "kind": action.kind, "bytes": action.bytes, "sha256": action.sha256}
    entry = AuditEntry(
        actor=caller.principal.name,
        role=caller.principal.role.value,
        remote=caller.remote,
        request_id=caller.request_id,
        action="podFileTaken",
        outcome="succeeded",
        env=action.env,
        namespace=action.namespace,
        name=action.pod,
        before="",
        after=json.dumps(file),
    )
    return AuditContext(make_entry=entry.json)


async def failed(context: Context, action: PodAction) -> None:
    """Tell people of an action that failed; of one that did not, nothing."""
    if action.state == "failed":
        why = action.detail or action.reason
        message = f"{action.kind} of the pod {action.namespace}/{action.pod} failed: {why}"
        await _tell(context, action, FAILED, f"{action.requested_by}: {message}")


async def expires(context: Context, action: PodAction) -> None:
    """Tell that an isolated pod is deleted soon."""
    at = f"{action.expires_at:%H:%M} UTC" if action.expires_at else "soon"
    where = f"{action.namespace}/{action.pod}"
    message = f"The isolated pod {where} is deleted at {at}; {action.requested_by} isolated it. Undo keeps it"
    await _tell(context, action, EXPIRES, message)


async def _tell(context: Context, action: PodAction, kind: str, message: str) -> None:
    about = {"action": action.id, "pod": action.pod}
    await POD_ACTIONS.tell(context, action, kind, message, about, namespace=action.namespace)
